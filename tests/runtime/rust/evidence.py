"""`docs/rust-evidence.md`: what the cases saw, with the versions."""

from __future__ import annotations

from pathlib import Path

from tests.runtime.rust.cases import CASES

PAGE = Path(__file__).parents[3] / "docs/rust-evidence.md"
HEAD = """\
# What Rust Workers did on the real runtime

Written by `python -m tests.runtime.rust`, which builds the projects below `tests/runtime/rust/` for wasm and
serves them on workerd; `pytest -m rust_wasm` runs each case again and compares.

{versions}

| cause | what was run | what was seen | wslint |
| --- | --- | --- | --- |
"""
TAIL = """
Without `cdylib` (RS10) nothing is served: worker-build stops with `crate-type must be cdylib to compile to
wasm32-unknown-unknown`. The scaffold of `wslint new --lang rust` plays the scenario that the other languages play,
with the same transcript (`tests/scaffold/test_rust.py`).

## Not proved here

- **RS09** (another worker-build than the lock file's `worker` wants): only one version of each is built here.
- **RS01** as published: `worker` 0.0.17 needs wasm-bindgen 0.2.84, which refuses to be compiled by this Rust. It ran
  with that requirement lifted and three calls of a changed API mended (`tests/runtime/rust/projects.py`).
- **RS08** with `worker-build --panic-unwind`: it wants a nightly toolchain by name.
- What only Cloudflare's network does: several isolates for one Worker.
"""


def row(name: str, seen: str) -> str:
    case = CASES[name]
    codes = "–" if case.codes is None else ", ".join(case.codes) or "silent"
    return f"| {case.cause} | {case.title} | {seen} | {codes} |\n"


def render(versions: dict[str, str], seen: dict[str, str]) -> str:
    listed = ", ".join(f"{tool} {version}" for tool, version in versions.items())
    rows = "".join(row(name, text) for name, text in seen.items())
    return HEAD.format(versions=f"Versions: {listed}.") + rows + TAIL
