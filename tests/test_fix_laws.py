"""What a fix must not do: break its file, leave its finding, bring an error, spoil other fixes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages import TODAY, check_folder, write
from wslint import fix
from wslint.check import Options, run
from wslint.files import Files
from wslint.finding import Edit, Finding, Fix, Severity
from wslint.report.model import Result
from wslint.source.damage import UNREADABLE, damage
from wslint.text import SourceFile, Span

Rule = Callable[[SourceFile], list[tuple[int, int, str]]]


def checker(folder: Path, rules: dict[str, Rule]) -> fix.Check:
    """A check of made-up rules: each gives the edits that its findings offer, one finding an edit."""

    def check(files: Files) -> Result:
        found: list[Finding] = []
        for path in sorted(folder.rglob("*.*")):
            file = files.read(path)
            assert file is not None
            for code, rule in rules.items():
                for start, end, text in rule(file):
                    span = Span(file, start, end)
                    mend = Fix(code, "safe", (Edit(span, text),))
                    found.append(Finding(code, code.lower(), Severity.ERROR, "high", code, span, fix=mend))
        return Result(findings=tuple(found))

    return check


def wants(key: str, at_end: bool) -> Rule:
    """Adds `key` where the file has none, at its start or its end: two of these clash without touching."""

    def rule(file: SourceFile) -> list[tuple[int, int, str]]:
        if re.search(rf"^{key} =".encode(), file.data, re.M):
            return []
        place = len(file.data) if at_end else 0
        return [(place, place, f"{key} = 1\n")]

    return rule


def replaces(old: str, new: str) -> Rule:
    return lambda file: [(match.start(), match.end(), new) for match in re.finditer(old.encode(), file.data)]


def test_fixes_that_add_the_same_key_do_not_undo_the_others(tmp_path: Path) -> None:
    """One of the two is made, which mends both findings; other fixes and other files are as if nothing had been."""
    write({"a/w.toml": "old = 1\n", "b/w.toml": "old = 2\n"}, tmp_path)
    rules = {"ONE": wants("k", False), "TWO": wants("k", True), "OLD": replaces("old", "new")}
    fixed = fix.fix(checker(tmp_path, rules), tmp_path, unsafe=False)
    assert {path.parent.name: after for path, (_, after) in fixed.changes.items()} == {
        "a": b"k = 1\nnew = 1\n",
        "b": b"k = 1\nnew = 2\n",
    }
    assert fixed.result.findings == () and fixed.refused == []


def test_a_fix_that_breaks_its_file_is_refused_alone(tmp_path: Path) -> None:
    write({"w.toml": "a = 1\nbad = 1\n", "v.toml": "a = 2\n"}, tmp_path)
    fixed = fix.fix(
        checker(tmp_path, {"A": replaces("a =", "b ="), "BAD": replaces("bad", "b]d")}), tmp_path, False
    )
    assert (tmp_path / "w.toml").read_text() == "a = 1\nbad = 1\n"  # nothing is written yet
    assert sorted(after for _, after in fixed.changes.values()) == [b"b = 1\nbad = 1\n", b"b = 2\n"]
    ((refused, why),) = fixed.refused
    assert (refused.code, why) == ("BAD", "`w.toml` would not parse any more")
    (left,) = fixed.result.findings
    assert left.fix is None and left.help == "not fixed (“BAD”): `w.toml` would not parse any more"


def test_a_fix_that_brings_an_error_is_refused_unless_that_is_mended_too(tmp_path: Path) -> None:
    write({"w.toml": "a = 1\n"}, tmp_path)
    mended = {"A": replaces("a =", "b ="), "B": replaces("b =", "c =")}
    assert list(fix.fix(checker(tmp_path, mended), tmp_path, False).changes.values()) == [
        (b"a = 1\n", b"c = 1\n")
    ]

    def harmful(file: SourceFile) -> list[tuple[int, int, str]]:
        return [(match.start(), match.end(), "b = ]") for match in re.finditer(b"b = 1", file.data)]

    fixed = fix.fix(checker(tmp_path, {"A": replaces("a =", "b ="), "B": harmful}), tmp_path, False)
    assert fixed.changes == {}
    assert [(finding.code, why) for finding, why in fixed.refused] == [("A", "it would bring B b (w.toml)")]


def test_fixes_that_turn_each_other_round_end(tmp_path: Path) -> None:
    write({"w.toml": "a = 1\n"}, tmp_path)
    rules = {"A": replaces("a =", "b ="), "B": replaces("b =", "a =")}
    fixed = fix.fix(checker(tmp_path, rules), tmp_path, False)
    assert (fixed.changes, fixed.applied) == ({}, 0)
    assert [finding.code for finding, _ in fixed.refused] == ["A"]


def test_three_fixes_in_a_ring_do_not_keep_others_from_being_made(tmp_path: Path) -> None:
    write({"w.toml": "a = 1\ngood = 1\n", "v.toml": "good = 2\n"}, tmp_path)
    rules = {"A": replaces("a =", "b ="), "B": replaces("b =", "c ="), "C": replaces("c =", "a =")}
    fixed = fix.fix(checker(tmp_path, {**rules, "GOOD": replaces("good", "fine")}), tmp_path, False)
    after = {path.name: after.decode() for path, (_, after) in fixed.changes.items()}
    assert after == {"w.toml": "a = 1\nfine = 1\n", "v.toml": "fine = 2\n"}
    assert fixed.applied == 2 and [finding.code for finding, _ in fixed.refused] == ["A"]


@given(st.lists(st.sampled_from(["good = 1", "bad = 1", "also = 1", "worse = 2"]), unique=True, max_size=4))
def test_every_good_fix_is_made_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("w")
    text = "".join(f"{row}\n" for row in rows)
    write({"w.toml": text, "v.toml": "good = 2\n"}, folder)
    rules = {
        "GOOD": replaces("^good", "fine"),
        "ALSO": replaces("also", "fine2"),
        "BAD": replaces("bad", "b]d"),
        "WORSE": replaces("worse = 2", "worse = "),
    }
    rules["GOOD"] = replaces("good", "fine")
    fixed = fix.fix(checker(folder, rules), folder, False)
    after = {path.name: after.decode() for path, (_, after) in fixed.changes.items()}
    wanted = text.replace("good", "fine").replace("also", "fine2")
    assert after.get("w.toml", text) == wanted and after["v.toml"] == "fine = 2\n"
    assert {finding.code for finding, _ in fixed.refused} == {row.split()[0].upper() for row in rows} & {
        "BAD",
        "WORSE",
    }


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("a.ts", "class A {}", "class A {"),
        ("a.js", "f(1)", "f(1"),
        ("a.rs", "fn f() {}", "fn f() {"),
        ("a.py", "def f(): pass", "def f()"),
        ("a.toml", "a = 1", "a = "),
        ("a.jsonc", "{} // x", "{"),
    ],
)
def test_damage(name: str, good: str, bad: str) -> None:
    counts = [damage(SourceFile(Path("/", name), name, text.encode())) for text in (good, bad)]
    assert counts[0] == 0 < counts[1]
    assert damage(SourceFile(Path("/a.md"), "a.md", bad.encode())) == 0
    if name.endswith(("toml", "jsonc")):
        assert counts[1] == UNREADABLE


CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
[[durable_objects.bindings]]
name = "@NAME"
class_name = "MatchDO"
[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
"""
UNCLOSED = """\
import { DurableObject } from "cloudflare:workers";
export class MatchDO extends DurableObject {
  async fetch(request) {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
export default {
  async fetch(request, env) { return env.MATCH.getByName("lobby").fetch(request); },
};
"""
READS = """\
export { MatchDO } from "./match.js";
export default { async fetch(request, env) { return env.MATCH.getByName("lobby").fetch(request); } };
"""
MATCH = 'import { DurableObject } from "cloudflare:workers";\nexport class MatchDO extends DurableObject {}\n'


def _fix(folder: Path) -> fix.Fixed:
    return fix.fix(
        lambda files: run([folder], Options(today=TODAY, pedantic=True), files), folder, unsafe=True
    )


def test_a_class_without_its_closing_brace_gets_no_ten_handlers(tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG.replace("@NAME", "MATCH"), "index.js": UNCLOSED}, tmp_path)
    fixed = _fix(tmp_path)
    for _, after in fixed.changes.values():
        assert after.count(b"webSocketClose") <= 1
    fix.write(fixed.changes)
    assert _fix(tmp_path).changes == {}


@pytest.mark.parametrize("name", ["MA)TCH", "MATC-H", "MATCH\\n", "MAT CH", "MATCH; x"])
def test_a_name_that_is_none_is_not_copied_into_code(name: str, tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG.replace("@NAME", name), "index.js": READS, "match.js": MATCH}, tmp_path)
    fixed = _fix(tmp_path)
    assert tmp_path / "index.js" not in fixed.changes
    assert any(finding.code in ("WS207", "WS204") for finding in fixed.before.findings)


def test_a_near_name_is_copied(tmp_path: Path) -> None:
    write(
        {"wrangler.toml": CONFIG.replace("@NAME", "MATCHX"), "index.js": READS, "match.js": MATCH}, tmp_path
    )
    fixed = _fix(tmp_path)
    assert b"env.MATCHX." in fixed.changes[tmp_path / "index.js"][1]


def test_a_file_with_a_quote_in_its_name_is_not_named_in_code(tmp_path: Path) -> None:
    entry = READS.replace("./match.js", './ma\\"tch.js').replace("export { MatchDO } from", "import {} from")
    write(
        {"wrangler.toml": CONFIG.replace("@NAME", "MATCH"), "index.js": entry, 'ma"tch.js': MATCH}, tmp_path
    )
    assert all(b'"./ma"' not in after for _, after in _fix(tmp_path).changes.values())


def test_rules_whose_fixes_undo_each_other_end(tmp_path: Path) -> None:
    """WS314 drops `migrations`, as an environment has `exports`; then WS301 wants one for the top level's class."""
    both = CONFIG.replace("@NAME", "MATCH") + "[env.staging]\n"
    both += 'durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]\n'
    both += '[env.staging.exports.MatchDO]\ntype = "durable-object"\nstorage = "sqlite"\n'
    write({"wrangler.toml": both, "index.js": READS, "match.js": MATCH}, tmp_path)
    fixed = _fix(tmp_path)
    assert "WS314" in {finding.code for finding in fixed.before.findings}
    config = {path.name: text for path, (_, text) in fixed.changes.items()}.get(
        "wrangler.toml", both.encode()
    )
    assert config.count(b"[[migrations]]") == 1 and fixed.applied < 5
    assert "WS314" in {finding.code for finding, _ in fixed.refused}


@pytest.mark.parametrize("count", [1, 2, 5, 90])
def test_one_migration_creates_all_classes(count: int, tmp_path: Path) -> None:
    """A tag for each would be a history that never was, and sixty passes would not be enough."""
    names = [f"Room{chr(65 + number % 26)}{'x' * (5 * (number // 26))}" for number in range(count)]
    config = 'name = "m"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
    for name in names:
        config += f'[[durable_objects.bindings]]\nname = "{name.upper()}"\nclass_name = "{name}"\n'
    code = 'import { DurableObject } from "cloudflare:workers";\n'
    code += "".join(f"export class {name} extends DurableObject {{}}\n" for name in names)
    write(
        {"wrangler.toml": config, "index.js": code + 'export default { fetch: () => new Response("a") };\n'},
        tmp_path,
    )
    fixed = _fix(tmp_path)
    after = fixed.changes[tmp_path / "wrangler.toml"][1].decode()
    assert after.count("[[migrations]]") == 1 and all(
        f'"{name}"' in after.split("[[migrations]]")[1] for name in names
    )
    assert "WS301" not in {finding.code for finding in fixed.result.findings}


def test_a_fix_without_an_edit_is_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wslint.wrangler import edit

    monkeypatch.setattr(edit, "add", lambda *_: ())
    text = CONFIG.replace("@NAME", "MATCH").replace('compatibility_date = "2026-07-01"\n', "")
    write({"wrangler.toml": text, "index.js": READS, "match.js": MATCH}, tmp_path)
    (finding,) = (one for one in check_folder(tmp_path).findings if one.code == "WS101")
    assert finding.fix is None


def test_a_fix_that_is_no_text_is_none() -> None:
    span = Span(SourceFile(Path("/a"), "a", b""), 0, 0)
    assert Fix("x", "safe", (Edit(span, "a"), Edit(span, "\udc80"))).edits == ()


def test_a_fix_that_did_harm_is_tried_again_after_others(tmp_path: Path) -> None:
    """Moving the swallowed key brings an error as long as the rest is broken: one run is as good as two."""
    text = (
        'name = "match"\ncompatibility_date = "2026-07-01"\nmigrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]\n'
        'main = "build/worker/shim.mjs"\n[build]\n'
        'durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]\n\n'
        'command = "cargo install -q worker-build@0.7 && worker-build --release"\n'
    )
    write({"wrangler.toml": text, "Cargo.toml": '[package]\nname = "m"\n'}, tmp_path)
    fix.write(_fix(tmp_path).changes)
    assert _fix(tmp_path).changes == {}
