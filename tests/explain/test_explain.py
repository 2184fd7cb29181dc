"""`wslint explain`: from words, numbers and names to causes and the next command."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.test_command_line import wslint
from tests.pages import write
from tests.trace.projects import CONFIG
from tests.trace.test_life import BEFORE, CLASS, ROUTES
from wslint.explain import places
from wslint.explain.command import TAKES, rules_of
from wslint.explain.match import LONGEST, of_row, readings
from wslint.explain.table import question, table
from wslint.probe.symptoms import catalogue, symptoms
from wslint.rules import LoadedRule, load_rules
from wslint.rules.mend import files, shown
from wslint.rules.pages import page

FAILED = "WebSocket connection to 'wss://match.example.com/ws/ABCDE' failed: "


def first(words: str) -> list[str]:
    """The rules of the first reading."""
    found = readings(words)
    assert found, words
    return rules_of(found[0])


# The table


@pytest.mark.parametrize("name", table())
def test_a_row_leads_to_what_there_is(name: str) -> None:
    row = table()[name]
    assert row.means and row.who and row.said
    assert set(row.symptoms) <= set(symptoms())
    assert set(row.causes) <= set(catalogue())
    assert set(row.rules) <= set(load_rules())
    assert set(row.next) <= {"check", "trace", "probe", "tail"}
    assert row.ask or "status" in (row.pattern.groupindex if row.pattern else {})


@pytest.mark.parametrize("name", table())
def test_the_words_of_a_row_lead_to_it(name: str) -> None:
    row = table()[name]
    found = row.search(row.said)
    assert found is not None
    meant = f"answered {found['status']}" if found.groupdict().get("status") else row.means
    told = readings(row.said)
    covered = {cause for reading in told for cause in reading.causes}  # a surer reading says the same
    own = set(of_row(row, None).causes)
    assert any(meant in one.title for one in told) or (own and own <= covered), told


# Words


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (f"{FAILED}Error during WebSocket handshake: Unexpected response code: 404", "WS715"),
        (f"{FAILED}Unexpected response code: 426", "WS417"),
        (f"{FAILED}Error during WebSocket handshake: Unexpected response code: 200", "WS712"),
        ("Error: Unexpected server response: 426\n    at ClientRequest.<anonymous> (node_modules/ws/lib/websocket.js:9:1)", "WS417"),
        ("websockets.exceptions.InvalidStatus: server rejected WebSocket connection: HTTP 426", "WS417"),
        ("firefox can't establish a connection to the server at WSS://A.EXAMPLE/ws", "WS207"),
        (f"{FAILED}There was a bad response from the server.", "WS207"),
        (FAILED, "WS207"),
        ("CloseEvent {isTrusted: true, wasClean: false, code: 1009, reason: ''}", ""),
        ("Uncaught RangeError: Responses may only be constructed with status codes in the range 200 to 599", "WS401"),
        ("TypeError: Can't modify immutable headers.", "WS411"),
        ("TypeError: Cannot read properties of undefined (reading 'idFromName')", "WS207"),
        ("TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'.", "WS408"),
        ("InvalidAccessError: Invalid WebSocket close code: 1005.", "WS508"),
        ("✘ [ERROR] Your Worker depends on the following Durable Objects, which are not exported in your entrypoint file: A.", "WS201"),
        ("▲ [WARNING] you have configured [durable_objects] exported by this Worker (A), but no [migrations] for them.", "WS301"),
        ("A request to the Cloudflare API failed. Cannot create binding for class 'A' [code: 10061]", "WS301"),
        ("In order to use Durable Objects with a free plan, you must create a namespace using new_sqlite_classes [code: 10097]", "WS312"),
        ("thread panicked at src/lib.rs:42:10:\nalready borrowed: BorrowMutError", "WS806"),
        ('File "entry.py", line 4\nAttributeError: \'X\' object has no attribute \'get_web_sockets\'', "WS903"),
        ("This borrowed proxy was automatically destroyed at the end of a function call", "WS902"),
        ("No such compatibility flag: nodejs_compat_v9", "WS105"),
        ("the counter starts again after hibernation", "WS603"),
    ],
)  # fmt: skip
def test_words_lead_to_the_rule_that_finds_their_cause(words: str, rule: str) -> None:
    found = first(words)
    assert (rule in found[:6]) if rule else found == [], found


def test_the_errors_own_words_come_before_who_says_them() -> None:
    words = "GET wss://a.example/ws - Exception Thrown\n  (error) TypeError: Can't modify immutable headers."
    assert first(words)[0] == "WS411"
    assert len(readings(words)) == 2


def test_letter_case_and_marks_make_no_difference() -> None:
    plain = "Error during WebSocket handshake: Unexpected response code: 426"
    assert readings(plain.upper()) == readings(f"  “{plain}”!! ") == readings(plain)


# Numbers and ids


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 405, 426, 429, 500, 502, 503, 522])
def test_a_status_has_causes_and_a_question(status: int) -> None:
    (reading,) = readings(str(status))
    assert f"answered {status} " in reading.title
    assert reading.ask == question(status) != ""
    assert reading.parts and "trace" in reading.next
    assert readings(f"HTTP {status}") == readings(f"status code: {status}") == [reading]


@pytest.mark.parametrize("row", [row.close or row.code for row in table().values() if row.close or row.code])
def test_a_code_leads_to_its_row(row: str) -> None:
    assert [one.title for one in readings(row)] == [one.title for one in readings(f"[code: {row}]")]
    assert len(readings(row)) == 1


def test_an_error_of_the_api_leads_to_the_rules_that_name_it() -> None:
    for code in ("10061", "10074", "10021", "10144", "11000"):
        for rule in first(code)[:2]:
            loaded = load_rules()[rule]
            assert code in loaded.docstring, (code, rule)


@pytest.mark.parametrize("cause", ["H01", "h01", " RS06 ", "C06", "FW02"])
def test_an_entry_of_the_catalogue(cause: str) -> None:
    (reading,) = readings(cause)
    wanted = cause.strip().upper()
    assert reading.title == f"{wanted}: {catalogue()[wanted]}"
    assert all(wanted in load_rules()[code].rule.causes for code in rules_of(reading))


def test_101_is_no_failure() -> None:
    (reading,) = readings("101")
    assert reading.causes == () and "life" in reading.next


# Nonsense


@pytest.mark.parametrize(
    "words",
    ["hello world", "why is the sky blue", "lorem ipsum dolor sit amet", "websocket failed", "the the the", "???", "🙂",
     "7", "42", "999", "99999", "H99", "ZZ01", "x" * 5000, "WS999", "--", "error"],
)  # fmt: skip
def test_nonsense_means_nothing(words: str) -> None:
    assert readings(words) == []


@pytest.mark.parametrize(
    "words", [["hello", "world"], ["foo"], [""], ["99999"], ["--", "-x"], ["\x1b[31mred"]]
)
def test_nonsense_ends_with_2_and_one_clear_line(words: list[str], tmp_path: Path) -> None:
    done = wslint("explain", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "`wslint explain` lists what it takes" in done.stderr
    assert "\x1b" not in done.stderr


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_too_much(text: str) -> None:
    for reading in readings(text):
        assert reading.title
    places.address(text)
    places.place(text)


@pytest.mark.parametrize(
    "part", ["a", "'websocket connection to ", "code ", "closed ", "GET /", "wss://", "panicked at ", "("]
)
def test_long_texts_take_no_time(part: str) -> None:
    start = time.perf_counter()
    text = part * (2 * LONGEST // len(part))
    readings(text)
    places.address(text[:LONGEST])
    places.place(text[:LONGEST])
    assert time.perf_counter() - start < 5


# What the words name


@pytest.mark.parametrize(
    ("words", "address"),
    [
        (FAILED, "wss://match.example.com/ws/ABCDE"),
        ("Firefox can’t establish a connection to the server at ws://localhost:8787/ws/AB.", "ws://localhost:8787/ws/AB"),
        ("see https://developers.cloudflare.com/x then wss://a.example/ws?code=A&x=1", "wss://a.example/ws?code=A&x=1"),
        ("GET https://match.example.com/ws - Exception Thrown", "https://match.example.com/ws"),
        ("[wrangler:info] GET /ws/ABCDE 500 Internal Server Error (12ms)", "/ws/ABCDE"),
        ("failed at wss://…/ws", None),
        ("nothing", None),
    ],
)  # fmt: skip
def test_the_address_in_the_words(words: str, address: str | None) -> None:
    assert places.address(words) == address


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("panicked at src/lib.rs:42:10:\n", ("src/lib.rs", 42)),
        ("panicked at /home/me/.cargo/registry/worker-0.8/src/x.rs:1:1:\n at src/room.rs:7:3", ("src/room.rs", 7)),
        ('File "/session/a.py", line 3, in f\n  File "/session/entry.py", line 42, in g\nKeyError', ("/session/entry.py", 42)),
        ('File "/session/entry.py", line 42\n  File "/lib/python3.12/json/decoder.py", line 9', ("/session/entry.py", 42)),
        ("TypeError: x\n    at MatchDO.fetch (src/index.ts:12:5)\n    at Object.fetch (src/other.ts:3:1)", ("src/index.ts", 12)),
        ("    at node:internal/x.js:3:1\n at node_modules/ws/lib/a.js:2", None),
    ],
)  # fmt: skip
def test_the_line_in_the_words(words: str, place: tuple[str, int] | None) -> None:
    assert places.place(words) == place


# As a person runs it


def test_alone_it_lists_what_it_takes_and_all_of_that_works(tmp_path: Path) -> None:
    done = wslint("explain", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, TAKES, "")
    lines = TAKES.split("  words, in quotes")[0].splitlines()[1:]
    listed = [word.strip() for line in lines for word in line[2:34].split(",")]
    shown = [word for word in listed if re.fullmatch(r"[\w-]{2,}", word)]
    assert len(shown) >= 13
    for word in shown:
        assert word in {code.rule.name for code in load_rules().values()} | set(load_rules()) or readings(
            word
        ), word


def test_a_rule_is_its_page_with_the_lines_that_change(tmp_path: Path) -> None:
    loaded = load_rules()["WS301"]
    for name in ("WS301", "ws301", "class-never-created"):
        told = wslint("explain", name, cwd=tmp_path).stdout
        before, heading, after = page(loaded).partition("## Use instead\n")
        assert told.startswith(before + heading + "```diff\n--- wrangler.toml\n+++ wrangler.toml\n")
        assert told.endswith(after.partition("\n\n## Not a finding when")[2]) and len(told) < len(
            page(loaded)
        )


@pytest.mark.parametrize("loaded", load_rules().values(), ids=lambda loaded: loaded.rule.code)
def test_the_diff_makes_the_mended_project_of_the_example(loaded: LoadedRule, tmp_path: Path) -> None:
    diff = re.search(r"^## Use instead\n.*?```diff\n(.*?)^```$", shown(loaded), re.M | re.S)
    assert diff is not None
    for name, text in files(
        loaded.section("Example")
    ).items():  # `HEAD:` is part of a name here, and no history
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["git", "apply", "-p0", "--unidiff-zero", "-"], input=diff[1], capture_output=True, text=True,
        encoding="utf-8", cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + diff[1]
    wanted = files(loaded.section("Use instead"))
    made = {
        each.relative_to(tmp_path).as_posix(): each.read_text()
        for each in tmp_path.rglob("*")
        if each.is_file()
    }
    assert made == wanted


def test_what_is_suggested_is_whole_commands(tmp_path: Path) -> None:
    for words in ("500", "1009", "10061", "H01", f"{FAILED}Unexpected response code: 426"):
        commands = wslint("explain", words, cwd=tmp_path).stdout.split("\nNext:\n")[1].splitlines()
        assert commands and all(re.match(r"  (wslint|wrangler) [a-z]+\b", one) for one in commands)
        assert not any(word in " ".join(commands) for word in ("CODE", "…", " above"))


def test_a_project_whose_workers_have_folders_of_their_own(tmp_path: Path) -> None:
    write({f"apps/lobby/{name}": text for name, text in BROKEN.items()}, tmp_path)
    alone = wslint("explain", "500", cwd=tmp_path).stdout
    assert "In this project:" not in alone  # it may be the home of a person: nothing is looked for there
    write({"package.json": "{}"}, tmp_path)
    told = wslint("explain", "500", cwd=tmp_path).stdout
    assert re.search(r"In this project:\n  apps/lobby/index\.js:9:12 WS403 ", told)


def test_the_persons_own_address_stands_in_the_commands(tmp_path: Path) -> None:
    words = f"{FAILED}Error during WebSocket handshake: Unexpected response code: 500"
    lines = wslint("explain", words, cwd=tmp_path).stdout.splitlines()
    assert "  wslint check --show-way" in lines
    assert "  wslint trace --url wss://match.example.com/ws/ABCDE" in lines
    assert "  wslint probe wss://match.example.com/ws/ABCDE" in lines
    assert max(map(len, lines)) <= 100
    apart = wslint("explain", *words.split(), cwd=tmp_path).stdout  # without quotes
    assert apart.splitlines() == lines


def test_an_address_can_not_break_out_of_the_command(tmp_path: Path) -> None:
    done = wslint("explain", "unexpected response code: 500 at wss://a.example/ws;reboot&x=1", cwd=tmp_path)
    assert "wslint trace --url 'wss://a.example/ws;reboot&x=1'" in done.stdout


def test_words_from_stdin(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wslint", "explain", "-"],
        input="panicked at src/lib.rs:42:10:\x1b[31m\nalready borrowed: BorrowMutError\n",
        capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "WS806" in done.stdout and "\x1b" not in done.stdout
    assert done.stdout.startswith("The words name src/lib.rs:42.\n")


BROKEN = {
    "wrangler.toml": CONFIG,
    "index.js": BEFORE + CLASS.replace("status: 101, webSocket: client", "status: 101") + ROUTES,
}


def test_in_a_project_what_stands_there_comes_first(tmp_path: Path) -> None:
    write(BROKEN, tmp_path)
    words = f"{FAILED}Error during WebSocket handshake: Unexpected response code: 500"
    shown = wslint("explain", words, cwd=tmp_path).stdout
    here, rest = shown.split("Else it may be")
    assert re.search(r"In this project:\n  index\.js:9:12 WS403 ", here)
    assert "WS403" not in rest.split("Next:")[0]


def test_the_finding_at_the_line_that_the_words_name_is_the_first(tmp_path: Path) -> None:
    twice = CLASS.replace(
        '    ws.close(code, "bye");', '    if (this.a) ws.close(code, "a");\n    ws.close(code, "bye");'
    )
    write({"wrangler.toml": CONFIG, "index.js": BEFORE + twice + ROUTES}, tmp_path)
    for line in (20, 21):
        words = f"InvalidAccessError: Invalid WebSocket close code: 1005.\n    at Match.webSocketClose (index.js:{line}:5)"
        shown = wslint("explain", words, cwd=tmp_path).stdout.split("In this project:\n")[1]
        assert shown.lstrip().startswith(f"index.js:{line}:"), shown


def test_a_project_that_can_not_be_checked_takes_nothing_away(tmp_path: Path) -> None:
    write({"wrangler.toml": 'name = "a\n'}, tmp_path)
    done = wslint("explain", "500", cwd=tmp_path)
    assert done.returncode == 0 and "WS207" in done.stdout
