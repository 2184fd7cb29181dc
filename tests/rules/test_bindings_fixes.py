"""Fixes of the WS2 rules: the texts before and after, and that one run leaves nothing to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import TODAY, write
from wslint.check import Options, run
from wslint.files import Files
from wslint.finding import Finding
from wslint.fix import apply
from wslint.settings import Settings

HEAD = 'name = "match"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
INLINE = 'durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }] # us\n'
MIGRATION = '\n[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["MatchDO"]\n'
BINDING = '\n[[durable_objects.bindings]]\nname = "MATCH" # the matches\nclass_name = "MatchDO"\n'
DEFAULT = 'export default { fetch: () => new Response("ok") };\n'
CLASS = "export class MatchDO {}\n"


def _findings(folder: Path, code: str) -> tuple[Finding, ...]:
    options = Options(Settings(select=(code, "WS001")), today=TODAY)
    return run([folder], options, Files(folder)).findings


def _fixed(folder: Path, code: str, files: dict[str, str], *, unsafe: bool) -> dict[str, str]:
    """The files after one application of the fixes of one rule, which must leave nothing of it."""
    write(files, folder)
    findings = _findings(folder, code)
    assert {finding.code for finding in findings} == {code}
    texts, _ = apply(findings, unsafe)
    for path, data in texts.items():
        path.write_bytes(data)
    assert not texts or not _findings(folder, code)
    return {name: (folder / name).read_bytes().decode() for name in files}


def test_export_is_put_before_the_class(tmp_path: Path) -> None:
    files = {
        "wrangler.toml": HEAD + BINDING + MIGRATION,
        "index.js": f"// keep\nclass MatchDO {{}}\n{DEFAULT}",
    }
    assert _fixed(tmp_path, "WS201", files, unsafe=False)["index.js"] == f"// keep\n{CLASS}{DEFAULT}"


@pytest.mark.parametrize(
    ("declaration", "line"),
    [
        ("export class MatchDO {}\n", 'export { MatchDO } from "./rooms/match";'),
        ("export default class MatchDO {}\n", 'export { default as MatchDO } from "./rooms/match";'),
    ],
)
def test_class_of_another_file_is_re_exported(tmp_path: Path, declaration: str, line: str) -> None:
    entry = f'import * as rooms from "./rooms/match";\nconsole.log(rooms);\n{DEFAULT.rstrip()}'
    files = {
        "wrangler.toml": HEAD.replace("index.js", "src/index.ts") + BINDING + MIGRATION,
        "src/index.ts": entry,
        "src/rooms/match.ts": declaration,
    }
    assert _fixed(tmp_path, "WS201", files, unsafe=True)["src/index.ts"] == f"{entry}\n{line}\n"


def test_class_that_is_not_exported_from_its_file_gets_no_fix(tmp_path: Path) -> None:
    files = {
        "wrangler.toml": HEAD + BINDING + MIGRATION,
        "index.js": 'import "./match.js";\n' + DEFAULT,
        "match.js": "class MatchDO {}\n",
    }
    assert _fixed(tmp_path, "WS201", files, unsafe=True) == files


def test_bindings_are_repeated_in_a_toml_environment(tmp_path: Path) -> None:
    config = HEAD + BINDING + MIGRATION + "\n[env.staging] # the rehearsal\nworkers_dev = true\n"
    files = {"wrangler.toml": config, "index.js": CLASS + DEFAULT}
    after = _fixed(tmp_path, "WS202", files, unsafe=True)["wrangler.toml"]
    assert after.startswith(config.rstrip())
    assert '[[env.staging.durable_objects.bindings]]\nname = "MATCH"\nclass_name = "MatchDO"' in after


def test_only_missing_bindings_are_appended(tmp_path: Path) -> None:
    bindings = ", ".join(f'{{ name = "{name}", class_name = "MatchDO" }}' for name in "ABC")
    config = HEAD + f"durable_objects.bindings = [{bindings}]\n" + MIGRATION
    config += '\n[env.staging]\ndurable_objects.bindings = [{ name = "B", class_name = "MatchDO" }] # one\n'
    files = {"wrangler.toml": config, "index.js": CLASS + DEFAULT}
    after = _fixed(tmp_path, "WS202", files, unsafe=True)["wrangler.toml"]
    added = ", ".join(f'{{ name = "{name}", class_name = "MatchDO" }}' for name in "AC")
    assert after == config.replace(" }] # one", f" }}, {added}] # one")


@pytest.mark.parametrize(
    "environment",
    [
        "{}",
        '{ "durable_objects": { "bindings": [] } }',
        '{ "durable_objects": { "bindings": [{ "name": "B", "class_name": "MatchDO" }] } }',
        '{\n      "durable_objects": {\n        "bindings": [\n'
        '          { "name": "B", "class_name": "MatchDO" }, // this one\n        ],\n      },\n    }',
    ],
)
def test_bindings_are_repeated_in_a_jsonc_environment(tmp_path: Path, environment: str) -> None:
    bindings = ", ".join(f'{{ "name": "{name}", "class_name": "MatchDO" }}' for name in "ABC")
    config = f"""{{
  // the match server
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": {{ "bindings": [{bindings}] }},
  "migrations": [{{ "tag": "v1", "new_sqlite_classes": ["MatchDO"] }}],
  "env": {{
    "staging": {environment}, // the rehearsal
  }},
}}
"""
    files = {"wrangler.jsonc": config, "index.js": CLASS + DEFAULT}
    after = _fixed(tmp_path, "WS202", files, unsafe=True)["wrangler.jsonc"]
    assert after.count("// the rehearsal") == after.count("// the match server") == 1
    assert after.count("// this one") == environment.count("// this one")
    assert after.count('"name": "B"') == 2


@pytest.mark.parametrize(
    ("binding", "expected"),
    [
        (BINDING + 'script_name = "match" # us\n', BINDING + "# us\n"),
        (BINDING + 'script_name = "match" # wslint: ignore[WS999] x\n', BINDING),
        (INLINE.replace(" }", ', script_name = "match" }'), INLINE),
    ],
)
def test_own_script_name_is_left_out(tmp_path: Path, binding: str, expected: str) -> None:
    files = {"wrangler.toml": HEAD + binding + MIGRATION, "index.js": CLASS + DEFAULT}
    assert _fixed(tmp_path, "WS206", files, unsafe=False)["wrangler.toml"] == HEAD + expected + MIGRATION


def test_declared_name_is_read_instead(tmp_path: Path) -> None:
    source = CLASS + (
        "export default {\n  fetch(request, env) {\n    const id = env.MACTH.idFromName('a');\n"
        "    return env['MACTH'].get(id).fetch(request);\n  },\n};\n"
    )
    files = {"wrangler.toml": HEAD + BINDING + MIGRATION, "index.js": source}
    assert _fixed(tmp_path, "WS207", files, unsafe=True)["index.js"] == source.replace("MACTH", "MATCH")


def test_destructured_name_is_not_renamed(tmp_path: Path) -> None:
    source = CLASS + (
        "export default {\n  fetch(request, env) {\n    const { MACTH } = env;\n"
        "    return MACTH.getByName('a').fetch(request);\n  },\n};\n"
    )
    files = {"wrangler.toml": HEAD + BINDING + MIGRATION, "index.js": source}
    assert _fixed(tmp_path, "WS207", files, unsafe=True) == files


def test_existing_entrypoint_is_named(tmp_path: Path) -> None:
    files = {"wrangler.toml": HEAD.replace("index.js", "src/index.js"), "src/index.ts": DEFAULT}
    after = _fixed(tmp_path, "WS209", files, unsafe=True)["wrangler.toml"]
    assert after == HEAD.replace("index.js", "src/index.ts")


def test_file_of_the_folder_is_named(tmp_path: Path) -> None:
    files = {"wrangler.toml": HEAD.replace("index.js", "src/"), "src/index.ts": DEFAULT}
    after = _fixed(tmp_path, "WS210", files, unsafe=True)["wrangler.toml"]
    assert after == HEAD.replace("index.js", "src/index.ts")
