"""A file that does not parse: what of it was not read is said, whatever its language and wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write
from wslint.report.model import Result

CONFIG = 'name = "match"\nmain = "{main}"\ncompatibility_date = "2026-07-01"\ncompatibility_flags = {flags}\n'
JAVASCRIPT = 'export default { fetch: () => new Response("ok") };\n'
PYTHON = (
    "from workers import Response, WorkerEntrypoint\n{more}\n"
    "class Default(WorkerEntrypoint):\n"
    "    async def fetch(self, request):\n"
    '        return Response("ok"){end}\n'
)


def checked(folder: Path, main: str, files: dict[str, str]) -> Result:
    flags = '["python_workers"]' if main.endswith(".py") else "[]"
    write({"wrangler.toml": CONFIG.format(main=main, flags=flags), **files}, folder)
    return check_folder(folder)


def said(result: Result) -> list[tuple[str, int]]:
    return [(one.path, one.line) for one in result.unknown if "does not parse" in one.why]


@pytest.mark.parametrize(
    ("main", "files", "place"),
    [
        ("index.js", {"index.js": "const a = ;\n" + JAVASCRIPT}, ("index.js", 1)),
        (
            "index.js",
            {"index.js": 'export default { fetch() { return new Response("x" } };\n'},
            ("index.js", 1),
        ),
        ("index.js", {"index.js": "export default { fetch( { return 1 } }\n"}, ("index.js", 1)),
        ("index.ts", {"index.ts": "let a: number = = 1;\n" + JAVASCRIPT}, ("index.ts", 1)),
        ("index.js", {"index.js": 'import "./a.js";\n' + JAVASCRIPT, "a.js": "\nlet = 1 2;\n"}, ("a.js", 2)),
        ("entry.py", {"entry.py": PYTHON.format(more="", end="(")}, ("entry.py", 5)),
        (
            "entry.py",
            {"entry.py": PYTHON.format(more="import other", end=""), "other.py": "def f(:\n    return 1\n"},
            ("other.py", 1),
        ),
    ],
)
def test_what_does_not_parse_is_said(
    main: str, files: dict[str, str], place: tuple[str, int], tmp_path: Path
) -> None:
    result = checked(tmp_path, main, files)
    assert place in said(result)
    assert all(worker.checked.source == "part" for worker in result.workers)


@pytest.mark.parametrize(
    ("main", "text"),
    [
        ("index.js", JAVASCRIPT),
        ("index.ts", 'export type * from "./types";\n' + JAVASCRIPT),
        ("index.ts", "interface Study { abstract: string | null; doi: string }\n" + JAVASCRIPT),
        ("index.tsx", "export const Title = () => <h1>Orgs & Projects</h1>;\n" + JAVASCRIPT),
        (
            "index.ts",
            "export const rows = (db) => db.sql<{\n  slug: string;\n}>`SELECT slug`;\n" + JAVASCRIPT,
        ),
        ("index.ts", 'export { Rows, type, Table } from "./rows";\n' + JAVASCRIPT),
        ("entry.py", PYTHON.format(more="", end="")),
    ],
)
def test_what_only_the_grammar_lacks_is_passed_over(main: str, text: str, tmp_path: Path) -> None:
    assert said(checked(tmp_path, main, {main: text})) == []
