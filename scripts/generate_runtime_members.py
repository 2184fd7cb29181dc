"""Write wslint/data/runtime_members.tsv: what the runtime's objects have, as the pinned workerd lists it.

Usage: python scripts/generate_runtime_members.py [--check]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.runtime.conversation import get
from tests.runtime.tools import tools
from tests.runtime.workerd import serve

TABLE = Path(__file__).parent.parent / "wslint" / "data" / "runtime_members.tsv"
PROJECT = Path(__file__).parent.parent / "tests" / "runtime" / "members"


def wanted() -> str:
    """The table as the installed workerd makes it."""
    with serve(PROJECT) as server:
        found: dict[str, list[str]] = json.loads(get(server.http).body)
    version = tools().versions["workerd"]
    lines = [
        f"# Generated from the objects of workerd {version} with every experimental feature on. Do not edit."
    ]
    lines += [f"{kind}\t{' '.join(names)}" for kind, names in sorted(found.items())]
    return "\n".join(lines) + "\n"


def main() -> int:
    text = wanted()
    if "--check" in sys.argv:
        same = TABLE.read_text(encoding="utf-8") == text
        print("up to date" if same else "stale: run python scripts/generate_runtime_members.py")
        return 0 if same else 1
    TABLE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
