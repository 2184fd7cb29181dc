"""A Python Worker's modules for the real workerd, without the Pyodide bundle that it would download.

npm's Pyodide (of the version that workerd asks for) and the real SDK from PyPI start inside an ordinary Worker,
see `python/host.mjs`. Sockets, storage, alarms and hibernation are the runtime's own; the step between is not
the runtime's, so what workerd does in that step is proved only where its own bundle is at hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tests.runtime.tools import python_sdk, tools

HOST = Path(__file__).parent / "python"
SITE_PACKAGES = "/lib/python3.14/site-packages"


def flags(written: list[str]) -> list[str]:
    """The compatibility flags: workerd's own Python is not asked for, and Pyodide must not take it for Node."""
    kept = [flag for flag in written if "python" not in flag]
    return [*kept, "no_nodejs_compat", "no_nodejs_compat_v2"]


def write_native(main: Path, target: Path) -> list[tuple[str, Path]]:
    """The modules as wrangler uploads them, for workerd's own Pyodide: the SDK is data in python_modules."""
    sdk = python_sdk()
    own = sorted(main.parent.rglob("*.py"), key=lambda path: path != main)
    modules = [(path.relative_to(main.parent).as_posix(), path, ".py") for path in own]
    vendored = (path for path in sdk.rglob("*") if path.suffix in (".py", ".pth", ".js"))
    modules += [(f"python_modules/{path.relative_to(sdk).as_posix()}", path, ".data") for path in vendored]
    written = []
    for number, (name, path, suffix) in enumerate(modules):
        copy = target / f"{number}{suffix}"
        copy.symlink_to(path)
        written.append((name, copy))
    return written


def write(main: Path, target: Path, classes: Iterable[str]) -> list[tuple[str, Path]]:
    """The modules by name, the entrypoint first, for npm's Pyodide."""
    pyodide = tools().modules / "pyodide"
    sdk = python_sdk()
    sources = {path.relative_to(sdk): path for path in sdk.rglob("*.py")}
    sources |= {path.relative_to(main.parent): path for path in main.parent.rglob("*.py")}
    sources[Path("_host_calls.py")] = HOST / "_host_calls.py"
    project = {
        "lock": json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["info"],
        "main": main.stem,
        "files": {
            f"{SITE_PACKAGES}/{name.as_posix()}": path.read_text(encoding="utf-8")
            for name, path in sources.items()
        },
    }
    (target / "project.json").write_text(json.dumps(project), encoding="utf-8")
    exports = "".join(f"export const {name} = entrypoint({json.dumps(name)});\n" for name in classes)
    (target / "worker.js").write_text(
        f'import {{ entrypoint }} from "./host.mjs";\nexport default entrypoint("Default");\n{exports}',
        encoding="utf-8",
    )
    for path in (
        *(HOST / name for name in ("host.mjs", "shim.mjs")),
        *(
            pyodide / name
            for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
        ),
    ):
        (target / path.name).symlink_to(path)
    found = sorted(target.iterdir(), key=lambda path: path.name != "worker.js")
    return [(path.name, path) for path in found]
