"""Builds what the cases are served from, each project once in a session."""

from __future__ import annotations

import json
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
    started: int = 0

    def get(self, name: str) -> Path:
        """The folder of a case's project, built."""
        if name not in self.built:
            self.started += 1  # building one may build another
            self.built[name] = self._build(name, self.base / str(self.started))
        return self.built[name]

    def _build(self, name: str, folder: Path) -> Path:
        kind, _, detail = name.partition(":")
        if kind in ("glue", "behind"):
            target = folder / "founding/pkg" if kind == "behind" else folder / "pkg"
            shutil.copytree(self.get("web"), target)
            glue.arrange(folder, detail, behind=kind == "behind")
        elif kind == "web":
            self.get("witness")
            self._bindgen("witness", folder)
        elif kind == "old":
            self._old(folder)
        elif kind == "dependency":
            shutil.copytree(HERE / "dependency", folder)
            source = folder / "src/lib.rs"
            source.write_text(f"{detail}\n{source.read_text()}")
            build(folder)
        else:
            shutil.copytree(HERE / "witness", folder)
            build(folder, *(["--no-panic-recovery"] if kind == "legacy" else []))
        return folder

    def _old(self, folder: Path) -> None:
        """A Worker with worker 0.0.17, whose sources are changed only where today's Rust refuses them."""
        shutil.copytree(HERE / "old", folder)
        (folder / "original/src").mkdir(parents=True)
        (folder / "original/src/lib.rs").touch()
        manifest = folder / "original/Cargo.toml"
        manifest.write_text(
            '[package]\nname = "original"\nversion = "0.0.0"\n[dependencies]\nworker = "=0.0.17"\n[workspace]\n'
        )
        _run(["cargo", "fetch", "--manifest-path", os.fspath(manifest)], folder)
        listed = json.loads(
            _run(["cargo", "metadata", "--format-version=1", "--manifest-path", os.fspath(manifest)], folder)
        )
        for package in listed["packages"]:
            if package["name"] in ("worker", "worker-sys", "worker-macros"):
                target = folder / "patched" / package["name"]
                shutil.copytree(Path(package["manifest_path"]).parent, target)
                _replace(target / "Cargo.toml", 'version = "=0.2.84"', 'version = "0.2"', 1)
        patched = folder / "patched"
        syn = '[dependencies.syn]\nversion = "1.0.96"\n'
        _replace(patched / "worker-macros/Cargo.toml", syn, syn + 'features = ["full"]\n', 1)
        _replace(patched / "worker/src/headers.rs", "\n            .unwrap()\n", "\n", 3)
        shutil.rmtree(folder / "original")
        _run(["cargo", "build", "--lib", "--release", "--target", TARGET], folder)
        self._bindgen("old", folder / "pkg")

    def _bindgen(self, crate: str, folder: Path) -> None:
        found = wasm()
        module = Path(found.environment["CARGO_TARGET_DIR"]) / f"{TARGET}/release/{crate}.wasm"
        options = ["--target", "web", "--no-typescript", "--out-name", "glue", "--out-dir", os.fspath(folder)]
        subprocess.run([found.wasm_bindgen, module, *options], check=True, capture_output=True)


def _run(command: list[str], folder: Path) -> str:
    environment = wasm().environment
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _replace(path: Path, old: str, new: str, times: int) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == times, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")
