"""Suppression comments: which findings they cover, which of them are unused, which can't work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import TODAY, check_folder, write
from tests.wrangler.texts import source
from wslint import fix
from wslint.check import Options, run
from wslint.files import Files
from wslint.finding import Finding, Label, Severity
from wslint.report.model import Result
from wslint.settings import Settings, rule_names
from wslint.suppress import Suppression, apply, read_suppressions
from wslint.text import Comment, Span

CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2027-07-01"
"""
JS = 'export default { fetch: () => new Response("ok") };\n'


def read(text: str, comment: str, name: str = "wrangler.toml") -> list[Suppression]:
    file = source(text, name)
    start = file.data.index(comment.encode())
    return read_suppressions([Comment(Span(file, start, start + len(comment.encode())), comment)])


def codes(result: Result) -> list[str]:
    return [finding.code for finding in result.findings]


def check(tmp_path: Path, config: str, name: str = "wrangler.toml", js: str = JS) -> Result:
    write({name: config, "index.js": js}, tmp_path)
    return check_folder(tmp_path)


def test_without_a_comment_there_is_a_finding(tmp_path: Path) -> None:
    assert codes(check(tmp_path, CONFIG)) == ["WS103"]


@pytest.mark.parametrize(
    "config",
    [
        CONFIG.replace('-01"', '-01" # wslint: ignore[WS103] next month'),
        CONFIG.replace('-01"', '-01" # wslint:ignore[future-compatibility-date]'),
        CONFIG.replace('-01"', '-01" # wslint: ignore[ws103, WS103] twice'),
        CONFIG.replace('-01"', '-01" # soon; wslint: ignore[WS103]'),
        CONFIG.replace("compat", "# wslint: ignore[WS103]\ncompat"),
        CONFIG.replace("compat", "  # wslint: ignore[WS103] why\n\n# more words\n\ncompat"),
        "# wslint: ignore-file[WS103] a copy from the future\n" + CONFIG,
        CONFIG + "\n# wslint: ignore-file[WS103]",
        "\ufeff# wslint: ignore-file[WS103]\n" + CONFIG,
        CONFIG.replace('-01"', '-01" # wslint: ignore[WS103]').replace("\n", "\r\n"),
    ],
)
def test_suppressed_in_toml(tmp_path: Path, config: str) -> None:
    result = check(tmp_path, config)
    assert (codes(result), result.suppressed) == ([], 1)


@pytest.mark.parametrize(
    "comment",
    ["// wslint: ignore[WS103]", "/* wslint: ignore[WS103] why */", "/*\n   * wslint: ignore[WS103]\n   */"],
)
@pytest.mark.parametrize("above", [True, False])
def test_suppressed_in_jsonc(tmp_path: Path, comment: str, above: bool) -> None:
    line = '"compatibility_date": "2027-07-01",'
    lines = f"{comment}\n  {line}" if above else f"{line} {comment}"
    config = f'{{\n  "name": "match",\n  {lines}\n  "main": "index.js"\n}}\n'
    if not above and "\n" in comment:
        config = config.replace(comment, comment.replace("\n", ""))
    result = check(tmp_path, config, "wrangler.jsonc")
    assert (codes(result), result.suppressed) == ([], 1)


def test_a_comment_further_up_or_below_covers_nothing(tmp_path: Path) -> None:
    for number, config in enumerate(
        [
            "# wslint: ignore[WS103]\n" + CONFIG,
            CONFIG + "# wslint: ignore[WS103]\n",
            CONFIG.replace("main", "# wslint: ignore[WS103]\nmain"),
        ]
    ):
        assert codes(check(tmp_path / str(number), config)) in (["WS090", "WS103"], ["WS103", "WS090"])


def _finding(file_text: str, marked: str, *labels: str, name: str = "index.js") -> tuple[Finding, Span]:
    file = source(file_text, name)

    def span(words: str) -> Span:
        start = file.data.index(words.encode())
        return Span(file, start, start + len(words.encode()))

    shown = tuple(Label(span(words), "here") for words in labels)
    return Finding("WS103", "name", Severity.ERROR, "high", "message", span(marked), shown), span(marked)


def _covered(text: str, marked: str, comment: str, *labels: str, name: str = "index.js") -> bool:
    finding, span = _finding(text, marked, *labels, name=name)
    start = span.file.data.index(comment.encode())
    place = Span(span.file, start, start + len(comment.encode()))
    (suppression,) = read_suppressions([Comment(place, comment)])
    kept, count = apply([finding], [suppression])
    assert suppression.used is (count == 1) is (not kept)
    return suppression.used


def test_a_comment_inside_a_span_of_several_lines_covers_it() -> None:
    text = "call(\n  1, // wslint: ignore[WS103]\n  2,\n);\n"
    assert _covered(text, text.removesuffix("\n"), "// wslint: ignore[WS103]")


def test_a_comment_at_a_label_covers_the_finding() -> None:
    text = "one();\n\ntwo(); // wslint: ignore[WS103]\n"
    assert _covered(text, "one()", "// wslint: ignore[WS103]", "two()")
    assert not _covered(text, "one()", "// wslint: ignore[WS103]")


@pytest.mark.parametrize(
    ("name", "text", "marked", "comment"),
    [
        ("a.rs", "/// wslint: ignore[WS103]\n#[durable_object]\n#[x]\npub struct A;\n", "A;", "/// wslint: ignore[WS103]\n"),
        ("a.rs", "// wslint: ignore[WS103]\n#[durable_object]\npub struct A;\n", "#[durable_object]", "// wslint: ignore[WS103]"),
        ("a.py", "# wslint: ignore[WS103]\n@cache\ndef f(): ...\n", "def f", "# wslint: ignore[WS103]"),
        ("a.ts", "// wslint: ignore[WS103]\n@cache\nclass A {}\n", "class A", "// wslint: ignore[WS103]"),
        ("a.ts", "class A {\n // wslint: ignore[WS103]\n #secret = 1;\n}", "#secret", "// wslint: ignore[WS103]"),
        ("a.ts", "class A {\n // wslint: ignore[WS103]\n *all() {}\n}", "*all", "// wslint: ignore[WS103]"),
        ("a.ts", "// wslint: ignore[WS103]\n/*\n * words\n *\n */\ncall();", "call", "// wslint: ignore[WS103]"),
        ("a.py", "# wslint: ignore[WS103]\n\n# words\ncall()", "call", "# wslint: ignore[WS103]"),
        ("a.js", "/* é wslint: ignore[WS103] */ call();", "call", "/* é wslint: ignore[WS103] */"),
    ],
)  # fmt: skip
def test_the_line_below_a_comment(name: str, text: str, marked: str, comment: str) -> None:
    assert _covered(text, marked, comment, name=name)


def test_ignore_file_is_about_the_primary_place() -> None:
    comment = "// wslint: ignore-file[WS103]"
    assert _covered(f"{comment}\none();\ntwo();\n", "two()", comment)
    finding, _ = _finding("one();\n", "one()", name="other.js")
    (suppression,) = read(f"{comment}\n", comment, "index.js")
    assert not suppression.covers(finding)


@pytest.mark.parametrize(
    ("comment", "marked", "problem"),
    [
        ("# wslint: ignore", "wslint: ignore", "name the rules in brackets: `wslint: ignore[WS301] reason`"),
        ("# wslint: ignore WS103 why", "wslint: ignore WS103 why", "name the rules in brackets: `wslint: ignore[WS301] reason`"),
        ("# wslint: ignore[WS103", "wslint: ignore[WS103", "name the rules in brackets: `wslint: ignore[WS301] reason`"),
        ("// wslint: ignore-file", "wslint: ignore-file", "name the rules in brackets: `wslint: ignore-file[WS301] reason`"),
        ("/* wslint: disable[WS103] */", "wslint: disable[WS103]", "`disable` is neither `ignore` nor `ignore-file`"),
        ("# wslint: disable-next-line", "wslint: disable-next-line", "`disable-next-line` is neither `ignore` nor `ignore-file`"),
        ("# wslint: ingore WS103", "wslint: ingore WS103", "`ingore` is neither `ignore` nor `ignore-file`"),
        ("# é wslint: ignore[WS999]", "WS999", "no rule is called `WS999`"),
        ("# wslint: ignore[é]", "é", "no rule is called `é`"),
        ("# wslint: ignore[]", "[]", "a rule's code is missing here"),
        ("# wslint: ignore[WS1]", "WS1", "no rule is called `WS1`"),
    ],
)  # fmt: skip
def test_comments_that_can_not_work(comment: str, marked: str, problem: str) -> None:
    (suppression,) = read(f"a = 1 {comment}\n", comment)
    assert (suppression.span.text, suppression.problem) == (marked, problem)
    assert suppression.code is None and not suppression.covers(_finding("a\n", "a")[0])


@pytest.mark.parametrize(
    "comment", ["# wslint: see the docs", "# checked by wslint", "# wslint:", "# see wslint: rules"]
)
def test_prose_is_no_suppression(comment: str) -> None:
    assert read(f"{comment}\n", comment) == []


def test_several_codes_each_with_its_place_and_reason() -> None:
    comment = "/* wslint: ignore[ WS103 ,class-not-exported, nothing ] a reason */"
    first, second, third = read(f'{{ {comment} "a": 1}}', comment, "wrangler.jsonc")
    assert [one.span.text for one in (first, second, third)] == ["WS103", "class-not-exported", "nothing"]
    assert [one.code for one in (first, second, third)] == ["WS103", "WS201", None]
    assert [one.siblings for one in (first, second, third)] == [3, 3, 3]
    assert first.reason == "a reason" and third.problem == "no rule is called `nothing`"


def test_an_unused_code_among_used_ones_is_reported_and_mended(tmp_path: Path) -> None:
    config = CONFIG.replace('-01"', '-01" # wslint: ignore[WS103, WS301, WS302] why')
    result = check(tmp_path, config)
    assert codes(result) == ["WS090", "WS090"]
    fixed = fix.fix(lambda files: run([tmp_path], Options(today=TODAY), files), tmp_path, unsafe=False)
    assert fixed.changes[tmp_path / "wrangler.toml"][1].decode() == config.replace(", WS301, WS302", "")


def test_unused_is_reported_only_when_the_rule_ran(tmp_path: Path) -> None:
    write(
        {"wrangler.toml": CONFIG.replace("main", "# wslint: ignore[WS301]\nmain"), "index.js": JS}, tmp_path
    )

    def codes_with(**settings: tuple[str, ...]) -> list[str]:
        options = Options(Settings(**settings), today=TODAY)  # type: ignore[arg-type]
        return codes(run([tmp_path], options, Files(tmp_path)))

    assert codes_with() == ["WS090", "WS103"]
    assert codes_with(ignore=("WS301",)) == ["WS103"]
    assert codes_with(select=rule_names(["WS1", "WS090"], "")) == ["WS103"]
    assert codes_with(select=("WS301", "WS090")) == ["WS090"]
    assert codes(run([tmp_path], Options(environment="", today=TODAY), Files(tmp_path))) == ["WS103"]


def test_a_suppression_of_the_unused_ones(tmp_path: Path) -> None:
    config = CONFIG.replace("2027", "2026").replace("main", "# wslint: ignore[WS301, WS090] kept\nmain")
    result = check(tmp_path, config)
    assert (codes(result), result.suppressed) == ([], 1)


def test_words_and_other_directives_survive_the_fix_of_an_unused_comment(tmp_path: Path) -> None:
    js = (
        "export default { // eslint-disable-line x // wslint: ignore[WS401] why\n"
        "  /* words wslint: ignore[WS401] */\n"
        '  fetch: () => new Response("ok"), /* wslint: ignore[WS401] */\n'
        "  // wslint: ignore[WS401]\n"
        "};\n"
    )
    write({"wrangler.toml": CONFIG.replace("2027", "2026"), "index.js": js}, tmp_path)
    fixed = fix.fix(lambda files: run([tmp_path], Options(today=TODAY), files), tmp_path, unsafe=False)
    assert fixed.changes[tmp_path / "index.js"][1].decode() == (
        'export default { // eslint-disable-line x\n  /* words */\n  fetch: () => new Response("ok"),\n};\n'
    )
    assert not fixed.result.findings
