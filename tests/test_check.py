"""A run as a whole: environments, merging, selection, what is shown and what is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.pages import write
from wslint.check import Options, run
from wslint.errors import CheckError
from wslint.files import Files
from wslint.report.model import Result
from wslint.settings import Settings

TODAY = date(2026, 11, 23)
WORKER = 'export class MatchDO {}\nexport default { fetch: () => new Response("ok") };\n'
CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-7-1"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[env.staging]
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]

[env.production]
compatibility_date = "2027-01-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
"""


def checked(folder: Path, files: dict[str, str], options: Options | None = None) -> Result:
    write(files, folder)
    return run([folder], options or Options(today=TODAY), Files(folder))


def test_a_defect_that_several_environments_inherit_is_one_finding(tmp_path: Path) -> None:
    result = checked(tmp_path, {"wrangler.toml": CONFIG, "index.js": WORKER})
    found = {(finding.code, finding.environments) for finding in result.findings}
    assert found == {("WS102", (None, "staging")), ("WS103", ("production",))}
    assert [worker.environment for worker in result.workers] == [None, "staging", "production"]


def test_one_place_that_two_environments_call_by_different_words_is_one_finding(tmp_path: Path) -> None:
    config = (
        'name = "match"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
        'durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]\n'
        'migrations = [{ tag = "v1", new_sqlite_classes = ["Matchdo"] }]\n[env.staging]\n'
    )
    result = checked(tmp_path, {"wrangler.toml": config, "index.js": WORKER})
    renamed = [finding for finding in result.findings if finding.code == "WS303"]
    assert [finding.environments for finding in renamed] == [(None, "staging")]


@pytest.mark.parametrize(
    ("environment", "codes"), [("staging", ["WS102"]), ("production", ["WS103"]), ("", ["WS102"])]
)
def test_one_environment_alone(environment: str, codes: list[str], tmp_path: Path) -> None:
    options = Options(today=TODAY, environment=environment)
    result = checked(tmp_path, {"wrangler.toml": CONFIG, "index.js": WORKER}, options)
    assert [finding.code for finding in result.findings] == codes


def test_an_environment_that_nobody_has(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="no configuration has an environment called dev; there are"):
        checked(tmp_path, {"wrangler.toml": CONFIG}, Options(environment="dev"))


def test_today_decides_what_lies_in_the_future(tmp_path: Path) -> None:
    files = {"wrangler.toml": CONFIG, "index.js": WORKER}
    codes = {finding.code for finding in checked(tmp_path, files, Options(today=date(2027, 1, 1))).findings}
    assert "WS103" not in codes


def test_select_and_ignore(tmp_path: Path) -> None:
    files = {"wrangler.toml": CONFIG, "index.js": WORKER}
    only = Options(Settings(select=("WS103",)), today=TODAY)
    assert [finding.code for finding in checked(tmp_path, files, only).findings] == ["WS103"]
    without = Options(Settings(ignore=("WS103",)), today=TODAY)
    assert [finding.code for finding in checked(tmp_path, files, without).findings] == ["WS102"]


def test_per_path_ignores_are_relative_to_the_settings(tmp_path: Path) -> None:
    files = {"apps/a/wrangler.toml": CONFIG, "apps/a/index.js": WORKER}
    settings = Settings(tmp_path / "wslint.toml", per_path_ignores={"apps/*": ("WS102",)})
    result = checked(tmp_path, files, Options(settings, today=TODAY))
    assert [finding.code for finding in result.findings] == ["WS103"]


def test_infos_and_medium_confidence_are_counted_but_hidden(tmp_path: Path) -> None:
    config = CONFIG.replace('"2026-7-1"', '"2026-07-01"').replace('"2027-01-01"', '"2026-07-01"')
    config = config.replace('main = "index.js"\n', 'main = "index.js"\nunheard_of = 1\n', 1)
    files = {"wrangler.toml": config, "index.js": WORKER}
    plain = checked(tmp_path, files)
    assert plain.findings == () and plain.hidden == 1
    pedantic = checked(tmp_path, files, Options(today=TODAY, pedantic=True))
    assert [finding.code for finding in pedantic.findings] == ["WS004"] and pedantic.hidden == 0


def test_what_could_not_be_read_is_listed(tmp_path: Path) -> None:
    config = 'name = "match"\nmain = "dist/index.js"\ncompatibility_date = "2026-07-01"\n'
    result = checked(
        tmp_path, {"wrangler.toml": config, "wrangler.example.toml": "", "cloudflare.config.ts": ""}
    )
    assert result.findings == ()
    assert any("builds write to" in item.why for item in result.unknown)
    assert {path for path, _ in result.skipped} == {"wrangler.example.toml", "cloudflare.config.ts"}


def test_what_hides_most_is_listed_first(tmp_path: Path) -> None:
    files = {
        "a/wrangler.toml": CONFIG,
        "a/index.js": 'import "./made.js";\n' + WORKER,
        "b/wrangler.toml": CONFIG.replace("index.js", "worker.js"),
        "b/worker.js": 'export * from "./made.js";\n' + WORKER,
        "c/wrangler.toml": CONFIG.replace("index.js", "dist/worker.js"),
    }
    result = checked(tmp_path, files, Options(today=TODAY))
    assert [(unknown.path, unknown.what) for unknown in result.unknown][:3] == [
        ("c/wrangler.toml", "what the source exports and does"),
        ("b/worker.js", "which further names are exported"),
        ("a/index.js", "what `./made.js` exports"),
    ]
    read = {worker.config[0]: worker.checked.source for worker in result.workers}
    assert read == {"a": "part", "b": "part", "c": "unread"}
