"""Settings files: which one holds, what they may say, and what is said of what they may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import TODAY, write
from wslint.check import Options, run
from wslint.errors import CheckError
from wslint.files import Files
from wslint.rules import load_rules
from wslint.settings import Settings, find_settings, nearest, rule_names, suggestion

WORKER = {
    "wrangler.toml": 'name = "match"\nmain = "index.js"\ncompatibility_date = "2027-07-01"\n',
    "index.js": 'export default { fetch: () => new Response("ok") };\n',
}


def read(folder: Path, text: str, name: str = "wslint.toml") -> Settings:
    write({name: text}, folder)
    return find_settings(folder)


def refused(folder: Path, text: str, name: str = "wslint.toml") -> str:
    with pytest.raises(CheckError) as caught:
        read(folder, text, name)
    message = str(caught.value)
    assert message.startswith(f"{folder / name}")
    return message.removeprefix(f"{folder / name}").removeprefix(": ")


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    text = """
select = ["WS1", "class-never-created"]
ignore = ["ws101", "WS102"]
fail-on = "error"
pedantic = true
exclude = ["fixtures/"]
[per-path-ignores]
"examples/*" = ["WS207", "WS207"]
"""
    settings = read(tmp_path, text)
    assert settings == Settings(
        tmp_path / "wslint.toml",
        (*(code for code in load_rules() if code.startswith("WS1")), "WS301"),
        ("WS101", "WS102"),
        "error",
        True,
        ("fixtures/",),
        {"examples/*": ("WS207",)},
    )
    nested = "[tool.other]\nx = 1\n[tool.wslint]" + text.replace("[per", "[tool.wslint.per")
    assert read(tmp_path / "b", nested, "pyproject.toml").select == settings.select
    assert settings.folder == tmp_path


def test_the_nearest_file_holds_alone(tmp_path: Path) -> None:
    write(
        {
            "wslint.toml": 'fail-on = "never"',
            "a/pyproject.toml": "[tool.wslint]\npedantic = true",
            "a/b/pyproject.toml": '[project]\ndependencies = ["wslint"]',
            "a/b/c/wslint.toml": "",
            "a/b/c/pyproject.toml": "[tool.wslint]\npedantic = true",
            ".git": "",  # the settings of a repository: nothing above it is read
        },
        tmp_path,
    )
    assert find_settings(tmp_path / "a/b").path == tmp_path / "a/pyproject.toml"
    assert find_settings(tmp_path / "a/b/c/d").path == tmp_path / "a/b/c/wslint.toml"
    assert find_settings(tmp_path / "x").fail_on == "never"


def test_folders_and_other_things_with_the_name_of_a_settings_file_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a/wslint.toml").mkdir(parents=True)
    (tmp_path / "a/pyproject.toml").symlink_to("pyproject.toml")
    assert find_settings(tmp_path / "a").path is None


def test_no_file_says_nothing() -> None:
    assert find_settings(Path("/")) == Settings()


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffpedantic = true\n").pedantic


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('ignroe = ["WS1"]', "wslint has no setting `ignroe`; did you mean `ignore`?"),
        ("fail_on = 'error'", "wslint has no setting `fail_on`; did you mean `fail-on`?"),
        ("[tool.wslint]", "wslint has no setting `tool`"),
        ("fail-on = 'fatal'", "`fail-on` is one of error, warning, info, never"),
        ("fail-on = ['error']", "`fail-on` is one of error, warning, info, never"),
        ("pedantic = 'yes'", "`pedantic` is true or false"),
        ("exclude = 'a'", "`exclude` is a list of texts"),
        ("select = [1]", "`select` is a list of texts"),
        (f"exclude = {['a'] * 5001}", "more than 5,000 patterns"),
        ("[per-path-ignores]\n" + "".join(f"a{n} = []\n" for n in range(5001)), "more than 5,000 patterns"),
        ("select = ['WS1', 'nothing-like-it']", "`select`: no rule is called `nothing-like-it`"),
        ("ignore = ['']", "`ignore`: no rule is called ``"),
        ("ignore = ['duplicate-kye']", "`ignore`: no rule is called `duplicate-kye`; did you mean `duplicate-key`?"),
        ("per-path-ignores = ['a']", "`per-path-ignores` is a table of patterns"),
        ("per-path-ignores.'a/' = 'WS1'", '`per-path-ignores."a/"` is a list of texts'),
        ("per-path-ignores.'a/' = ['WSX']", '`per-path-ignores."a/"`: no rule is called `WSX`'),
    ],
)  # fmt: skip
def test_mistakes_are_named(tmp_path: Path, text: str, message: str) -> None:
    assert refused(tmp_path, text) == message


@pytest.mark.parametrize("text", ["a =", "a = [" * 5000, "a = " + "9" * 5000])
def test_no_toml(tmp_path: Path, text: str) -> None:
    assert " is no TOML: " in refused(tmp_path, text)


def test_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "wslint.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(CheckError, match=r"wslint\.toml is no UTF-8"):
        find_settings(tmp_path)


def test_a_file_below_the_current_folder_is_named_as_a_person_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"a/wslint.toml": "x = 1"}, tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CheckError, match=r"^a/wslint\.toml: wslint has no setting `x`$"):
        find_settings(tmp_path / "a")


def test_rule_names() -> None:
    everything = tuple(load_rules())
    assert rule_names(["ALL"], "") == rule_names(["ws"], "") == everything
    assert rule_names([" WS301 ", "class-never-created"], "") == ("WS301",)
    assert set(rule_names(["WS3"], "")) == {code for code in everything if code.startswith("WS3")}
    with pytest.raises(CheckError, match="--select: no rule is called `W`"):
        rule_names(["W"], "--select")


@pytest.mark.parametrize(
    ("text", "known", "found"),
    [
        ("MatchDo", ["LobbyDO", "MatchDO"], "MatchDO"),
        ("compatibility-date", ["compatibility_date"], "compatibility_date"),
        ("durable_object", ["durable_objects", "name"], "durable_objects"),
        ("x", ["name", "main"], None),
        ("", ["name"], None),
    ],
)
def test_nearest(text: str, known: list[str], found: str | None) -> None:
    assert nearest(text, known) == found
    assert suggestion(text, known) == (f"; did you mean `{found}`?" if found else "")


def found_in(folder: Path, start: Path, base: Path) -> list[str]:
    result = run([start], Options(find_settings(folder), today=TODAY), Files(base))
    return [finding.span.file.name for finding in result.findings]


def test_patterns_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    for name in ("apps/a", "apps/fixtures/b", "apps/old/c"):
        write(WORKER, tmp_path / name)
    text = 'exclude = ["/apps/fixtures"]\nper-path-ignores."apps/old/**" = ["WS103"]\n'
    write({"wslint.toml": text, ".git/HEAD": ""}, tmp_path)
    inside = tmp_path / "apps"
    assert found_in(tmp_path, tmp_path, tmp_path) == ["apps/a/wrangler.toml"]
    assert found_in(inside, inside, inside) == ["a/wrangler.toml"]


def test_patterns_hold_behind_a_link(tmp_path: Path) -> None:
    write(WORKER, tmp_path / "real/a")
    write({"wslint.toml": 'per-path-ignores."a/" = ["WS103"]'}, tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    assert found_in(tmp_path / "link", tmp_path / "link/a", tmp_path) == []
