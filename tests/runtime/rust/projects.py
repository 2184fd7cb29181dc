"""Builds what the cases are served from, each project once in a session."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.runtime.rust import glue
from tests.runtime.rust.toolchain import TARGET, build, wasm

HERE = Path(__file__).parent


@dataclass
class Projects:
    """Built projects by name, below one folder."""

    base: Path
    built: dict[str, Path] = field(default_factory=dict)

    def get(self, name: str) -> Path:
        """The folder of a case's project, built."""
        if name not in self.built:
            self.built[name] = self._build(name, self.base / str(len(self.built)))
        return self.built[name]

    def _build(self, name: str, folder: Path) -> Path:
        kind, _, detail = name.partition(":")
        if kind in ("glue", "behind"):
            target = folder / "founding/pkg" if kind == "behind" else folder / "pkg"
            shutil.copytree(self.get("web"), target)
            glue.arrange(folder, detail, behind=kind == "behind")
        elif kind == "web":
            self._bindgen(folder)
        elif kind == "dependency":
            shutil.copytree(HERE / "dependency", folder)
            source = folder / "src/lib.rs"
            source.write_text(f"{detail}\n{source.read_text()}")
            build(folder)
        else:
            shutil.copytree(HERE / "witness", folder)
            build(folder, *(["--no-panic-recovery"] if kind == "legacy" else []))
        return folder

    def _bindgen(self, folder: Path) -> None:
        self.get("witness")
        found = wasm()
        module = Path(found.environment["CARGO_TARGET_DIR"]) / f"{TARGET}/release/witness.wasm"
        options = ["--target", "web", "--no-typescript", "--out-name", "glue", "--out-dir", os.fspath(folder)]
        subprocess.run([found.wasm_bindgen, module, *options], check=True, capture_output=True)
