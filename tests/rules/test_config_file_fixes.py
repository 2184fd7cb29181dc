"""The fixes of the configuration rules: what they write, and that comments and meaning survive."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import tomli

from wslint.check import Options, run
from wslint.files import Files
from wslint.fix import fix

INDEX = 'export default { fetch: () => new Response("ok") };\n'
JSON = '{ "name": "match", "main": "index.js", "compatibility_date": "2026-07-01"'
HEAD = 'name = "match"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'


def fixed(tmp_path: Path, code: str, text: str, name: str = "wrangler.toml", unsafe: bool = False) -> str:
    """The configuration after all fixes; `code` must be gone and a second round must change nothing."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "index.js").write_text(INDEX, encoding="utf-8")
    options = Options(today=date(2026, 11, 23), pedantic=True)

    def check(files: Files):  # type: ignore[no-untyped-def]
        return run([tmp_path], options, files)

    assert any(finding.code == code for finding in check(Files(tmp_path)).findings)
    outcome = fix(check, tmp_path, unsafe)
    assert all(finding.code != code for finding in outcome.result.findings)
    after = outcome.changes[tmp_path / name][1].decode()
    (tmp_path / name).write_text(after, encoding="utf-8")
    assert not fix(check, tmp_path, unsafe).changes
    return after


def test_misspelt_table_is_renamed_in_all_its_headers(tmp_path: Path) -> None:
    before = HEAD + (
        '[[durable_object.bindings]] # the match\nname = "A"\nclass_name = "A"\nscript_name = "r"\n'
        '[[durable_object.bindings]]\nname = "B"\nclass_name = "B"\nscript_name = "r"\n'
    )
    after = fixed(tmp_path, "WS003", before)
    assert after == before.replace("durable_object.", "durable_objects.")


def test_misspelt_key_of_an_environment(tmp_path: Path) -> None:
    before = HEAD + "[env.staging]\ncompatibility_flag = [] # none yet\n"
    assert "\ncompatibility_flags = [] # none yet\n" in fixed(tmp_path, "WS003", before)


def test_misspelt_json_key_keeps_its_quotes(tmp_path: Path) -> None:
    before = JSON + ',\n  "worker_dev": false, // off\n}\n'
    assert '"workers_dev": false, // off' in fixed(tmp_path, "WS003", before, "wrangler.jsonc")


def test_misspelt_dotted_keys_get_no_fix_that_renames_half_of_them(tmp_path: Path) -> None:
    (tmp_path / "wrangler.toml").write_text(
        HEAD + "observabilty.enabled = true\nobservabilty.head_sampling_rate = 1\n"
    )
    (tmp_path / "index.js").write_text(INDEX)
    options = Options(today=date(2026, 11, 23))
    outcome = fix(lambda files: run([tmp_path], options, files), tmp_path, False)
    for _, after in outcome.changes.values():
        assert "observabilty" not in after.decode()
        assert tomli.loads(after.decode())["observability"] == {"enabled": True, "head_sampling_rate": 1}


def test_flat_durable_objects_become_a_list(tmp_path: Path) -> None:
    before = HEAD + '[durable_objects]\nname = "A" # the match\nclass_name = "A"\nscript_name = "r"\n'
    after = fixed(tmp_path, "WS003", before)
    assert after == before.replace("[durable_objects]", "[[durable_objects.bindings]]")


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ('compatibility_flags = "nodejs_als"\n', 'compatibility_flags = ["nodejs_als"]\n'),
        (
            '[[durable_objects]]\nname = "A"\nclass_name = "A"\nscript_name = "r"\n',
            '[[durable_objects.bindings]]\nname = "A"\nclass_name = "A"\nscript_name = "r"\n',
        ),
        (
            '[durable_objects.bindings]\nname = "A"\nclass_name = "A"\nscript_name = "r"\n',
            '[[durable_objects.bindings]]\nname = "A"\nclass_name = "A"\nscript_name = "r"\n',
        ),
        (
            '[kv_namespaces] # one\nbinding = "A"\nid = "1"\n',
            '[[kv_namespaces]] # one\nbinding = "A"\nid = "1"\n',
        ),
    ],
)
def test_refused_values(tmp_path: Path, written: str, mended: str) -> None:
    assert fixed(tmp_path, "WS006", HEAD + written) == HEAD + mended


def test_swallowed_key_moves_above_the_headers(tmp_path: Path) -> None:
    before = HEAD + (
        '\n[vars] # for the page\nGREETING = "hello"\n'
        'durable_objects.bindings = [{ name = "A", class_name = "A", script_name = "r" }]\n'
    )
    after = fixed(tmp_path, "WS005", before, unsafe=True)
    data = tomli.loads(after)
    assert data["vars"] == {"GREETING": "hello"}
    assert data["durable_objects"]["bindings"][0]["name"] == "A"
    assert "[vars] # for the page" in after


def test_flags_below_migrations_move_up(tmp_path: Path) -> None:
    before = HEAD + '\n[[kv_namespaces]]\nbinding = "A"\nid = "1"\ncompatibility_flags = ["nodejs_als"]\n'
    data = tomli.loads(fixed(tmp_path, "WS005", before, unsafe=True))
    assert data["compatibility_flags"] == ["nodejs_als"]
    assert data["kv_namespaces"] == [{"binding": "A", "id": "1"}]


def test_legacy_env_is_removed(tmp_path: Path) -> None:
    before = HEAD + "legacy_env = true\n\n[vars]\nA = 1\n"
    assert tomli.loads(fixed(tmp_path, "WS009", before)) == tomli.loads(
        before.replace("legacy_env = true\n", "")
    )


def test_names_and_domains(tmp_path: Path) -> None:
    before = (
        HEAD.replace("match", "Match Server")
        + 'routes = [{ pattern = "a.example.com/*", custom_domain = true }]\n'
    )
    after = fixed(tmp_path, "WS011", before, unsafe=True)
    assert 'name = "match-server"' in after
    assert 'pattern = "a.example.com"' in after


def test_run_worker_first_gets_its_slash(tmp_path: Path) -> None:
    before = HEAD + 'assets = { directory = "dist", run_worker_first = ["ws/*"] }\n'
    assert 'run_worker_first = ["/ws/*"]' in fixed(tmp_path, "WS702", before)


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("vars = { A = 1 } # wslint: ignore[WS011] no\n", "vars = { A = 1 }\n"),
        ("  # wslint: ignore[WS011] no\nvars = { A = 1 }\n", "vars = { A = 1 }\n"),
        (
            'region = "weur" # wslint: ignore[WS011, WS004] yes\n',
            'region = "weur" # wslint: ignore[WS004] yes\n',
        ),
        (
            'region = "weur" # wslint: ignore[WS004, WS011] yes\n',
            'region = "weur" # wslint: ignore[WS004] yes\n',
        ),
        ("vars = { A = 1 } # wslint: ignore[WS011,WS010 , WS012]\n", "vars = { A = 1 }\n"),
    ],
)
def test_unused_suppressions(tmp_path: Path, written: str, mended: str) -> None:
    assert fixed(tmp_path, "WS090", HEAD + written) == HEAD + mended


def test_unused_suppression_in_a_block_comment(tmp_path: Path) -> None:
    after = fixed(tmp_path, "WS090", JSON + " /* wslint: ignore[WS011] */ }\n", "wrangler.jsonc")
    assert after == JSON + "  }\n"
