"""What the fixes of the compatibility rules write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import TODAY, write
from wslint.check import Options, run
from wslint.files import Files
from wslint.fix import fix
from wslint.settings import Settings

JS = 'export default { fetch: () => new Response("ok") };\n'
NODE = 'import { once } from "node:events";\nexport default { fetch: () => new Response(String(once)) };\n'
CONTEXT = 'export class A {}\nexport default { fetch: (r, e, ctx) => ctx.exports.A.get("a").fetch(r) };\n'
FAMILY = tuple(f"WS1{number:02}" for number in range(1, 15))


def _fixed(folder: Path, files: dict[str, str], *, unsafe: bool = False) -> str:
    """The configuration after fixing; checks that fixing again changes nothing."""
    write(files, folder)
    options = Options(Settings(select=FAMILY), today=TODAY, pedantic=True)
    done = fix(lambda texts: run([folder], options, texts), folder, unsafe)
    path = folder / next(iter(files))
    after = done.changes[path][1] if path in done.changes else path.read_bytes()
    path.write_bytes(after)
    again = fix(lambda texts: run([folder], options, texts), folder, unsafe)
    assert not again.changes
    assert Files(folder).read(path) is not None
    return after.decode("utf-8")


def _toml(flags: str, date: str = "2026-07-01") -> str:
    head = f'name = "m"\nmain = "index.js"\ncompatibility_date = "{date}" # when\n'
    return f"{head}compatibility_flags = {flags}\n"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"2026-7-1"', '"2026-07-01"'),
        ("'2026/07/01'", "'2026-07-01'"),
        ('"2026.7.1"', '"2026-07-01"'),
        ('"2026-07-01T00:00:00Z"', '"2026-07-01"'),
        ('" 2026-07-01 "', '"2026-07-01"'),
        ('"2026\u201307\u201301"', '"2026-07-01"'),
        ('"20260701"', '"2026-07-01"'),
        ('"31.12.2025"', '"2025-12-31"'),
        ('"12/31/2025"', '"2025-12-31"'),
        ('"02/02/2026"', '"2026-02-02"'),
        ("2026-07-01", '"2026-07-01"'),
        ("2026-07-01T10:00:00Z", '"2026-07-01"'),
        ("20260701", '"2026-07-01"'),
        ('"07/01/2026"', '"07/01/2026"'),
        ('"2026-13-01"', '"2026-13-01"'),
        ('"latest"', '"latest"'),
        ('"July 1, 2026"', '"July 1, 2026"'),
    ],
)
def test_malformed_dates(tmp_path: Path, written: str, expected: str) -> None:
    text = f'name = "m"\nmain = "index.js"\ncompatibility_date = {written} # when\n'
    fixed = _fixed(tmp_path, {"wrangler.toml": text, "index.js": JS})
    assert fixed == text.replace(written, expected)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["nodejs-compat"] # why', '["nodejs_compat"] # why'),
        ('["nodejs_compat", "nodejs-compat"]', '["nodejs_compat"]'),
        ('["nodejs_als", "nodejs_als", "nodejs_als"]', '["nodejs_als"]'),
        (
            '[\n  "nodejs_compat", # one\n  "url_standard", # two\n]',
            '[\n  "nodejs_compat", # one\n  # two\n]',
        ),
        ('[\n  "nodejs_compat", # one\n  "url_standard"\n]', '[\n  "nodejs_compat" # one\n]'),
        ('[\n  "url_standard",\n  # one\n  "nodejs_compat",\n]', '[\n  # one\n  "nodejs_compat",\n]'),
        ('[\n  "url_standard"\n]', "[]"),
        ('["nodejs_compat", "url_standard", ] # why', '["nodejs_compat", ] # why'),
        ('["url_standard", "nodejs_compat", "nodejs_zlib"]', '["nodejs_compat"]'),
        ('["nodejs_compat", "nodejs_compat_v2"]', '["nodejs_compat"]'),
        ('["experimental:nodejs_compat_v2"]', '["nodejs_compat_v2"]'),
        ('["nodejs_compat", "experimental:nodejs_compat_v2"]', '["nodejs_compat"]'),
        ('["python_workers_durable_objects"]', "[]"),
        ('["replica_routing"]', '["replica_routing"]'),
        ('["rpc", "no_rpc"]', '["rpc", "no_rpc"]'),
    ],
)
def test_flags(tmp_path: Path, before: str, after: str) -> None:
    fixed = _fixed(tmp_path, {"wrangler.toml": _toml(before), "index.js": JS})
    assert fixed == _toml(after)


def test_a_flag_that_other_tools_look_for_is_not_dropped_safely(tmp_path: Path) -> None:
    text = _toml('["nodejs_compat"]', "2026-09-01")
    assert _fixed(tmp_path, {"wrangler.toml": text, "index.js": JS}) == text
    assert _fixed(tmp_path, {"wrangler.toml": text, "index.js": JS}, unsafe=True) == _toml("[]", "2026-09-01")


def test_both_node_flags_at_an_old_date_are_left_to_people(tmp_path: Path) -> None:
    text = _toml('["nodejs_compat", "nodejs_compat_v2"]', "2024-01-01")
    assert _fixed(tmp_path, {"wrangler.toml": text, "index.js": JS}, unsafe=True) == text


def test_flags_json(tmp_path: Path) -> None:
    text = (
        '{\n  "name": "m",\n  "main": "index.js",\n  "compatibility_date": "2026-07-01",\n'
        '  "compatibility_flags": [\n    "nodejs-compat", // one\n    "url_standard" // two\n  ]\n}\n'
    )
    fixed = _fixed(tmp_path, {"wrangler.jsonc": text, "index.js": JS})
    assert fixed == text.replace('nodejs-compat", // one', 'nodejs_compat" // one').replace(
        '"url_standard" // two\n', "// two\n"
    )


def test_missing_date_goes_above_the_tables(tmp_path: Path) -> None:
    text = 'name = "m"\nmain = "index.js" # code\n\n[vars]\nA = "b"\n\n[env.staging]\n'
    fixed = _fixed(tmp_path, {"wrangler.toml": text, "index.js": JS}, unsafe=True)
    assert fixed == text.replace("# code\n", '# code\ncompatibility_date = "2026-11-17"\n')


def test_missing_date_json(tmp_path: Path) -> None:
    text = '{\n  // the game\n  "name": "m",\n  "main": "index.js",\n}\n'
    fixed = _fixed(tmp_path, {"wrangler.jsonc": text, "index.js": JS}, unsafe=True)
    assert fixed == text.replace('"index.js",\n', '"index.js",\n  "compatibility_date": "2026-11-17",\n')


def test_null_and_future_dates(tmp_path: Path) -> None:
    text = '{ "name": "m", "main": "index.js", "compatibility_date": %s }\n'
    for written in ("null", '"2027-01-01"'):
        fixed = _fixed(tmp_path, {"wrangler.json": text % written, "index.js": JS}, unsafe=True)
        assert fixed == text % '"2026-11-17"'


def test_a_flag_is_added_where_the_environment_reads_it(tmp_path: Path) -> None:
    text = (
        'name = "m"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n\n'
        '[env.staging]\ncompatibility_flags = ["nodejs_als"] # one\n'
    )
    fixed = _fixed(tmp_path, {"wrangler.toml": text, "index.js": NODE})
    assert fixed == text.replace(
        '"2026-07-01"\n', '"2026-07-01"\ncompatibility_flags = ["nodejs_compat"]\n'
    ).replace('["nodejs_als"] # one', '["nodejs_als", "nodejs_compat"] # one')


def test_python_flag(tmp_path: Path) -> None:
    python = "from workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint):\n    pass\n"
    text = '{\n  "name": "m",\n  "main": "entry.py",\n  "compatibility_date": "2026-07-01" // when\n}\n'
    fixed = _fixed(tmp_path, {"wrangler.jsonc": text, "entry.py": python})
    assert fixed == text.replace(
        '"2026-07-01" // when\n', '"2026-07-01", // when\n  "compatibility_flags": ["python_workers"]\n'
    )


def test_context_exports_and_half_opt_out(tmp_path: Path) -> None:
    text = _toml("[]", "2025-07-01")
    fixed = _fixed(tmp_path / "a", {"wrangler.toml": text, "index.js": CONTEXT})
    assert fixed == _toml('["enable_ctx_exports"]', "2025-07-01")
    text = _toml('["no_nodejs_compat"]', "2026-09-01")
    fixed = _fixed(tmp_path / "b", {"wrangler.toml": text, "index.js": JS})
    assert fixed == _toml('["no_nodejs_compat", "no_nodejs_compat_v2"]', "2026-09-01")
