"""`python -m tests.runtime.rust`: run every case and write docs/rust-evidence.md."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.runtime.rust.cases import CASES
from tests.runtime.rust.evidence import PAGE, render
from tests.runtime.rust.projects import Projects
from tests.runtime.rust.toolchain import wasm
from tests.runtime.workerd import serve

with tempfile.TemporaryDirectory() as base:
    projects = Projects(Path(base))
    seen = {}
    for name, case in CASES.items():
        with serve(projects.get(case.project), verbose=True) as server:
            seen[name] = case.act(server)
        print(f"{name}: {seen[name]}", file=sys.stderr)
PAGE.write_text(render(wasm().versions, seen), encoding="utf-8")
