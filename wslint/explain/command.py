"""What `wslint explain` does: a rule's page, or what words may mean and what to do next."""

from __future__ import annotations

import shlex
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from wslint.errors import CheckError
from wslint.explain import places
from wslint.explain.match import LONGEST, Reading, readings
from wslint.finding import Finding
from wslint.output import write
from wslint.probe.symptoms import catalogue, rules_by_cause
from wslint.report.visible import one_line
from wslint.rules import find_rule, load_rules
from wslint.rules.mend import shown

WIDTH = 100
MOST_RULES, MOST_BESIDE, MOST_PARTS = 8, 3, 4
CONFIGURATIONS = ("wrangler.toml", "wrangler.json", "wrangler.jsonc")
TOPS = (".git", "package.json", "pyproject.toml", "Cargo.toml")
"""What stands at the top of a project whose Workers have folders of their own."""

TAKES = """\
`wslint explain WHAT` takes:
  WS301, class-never-created      a rule, by its code or name
  500, 426, 200                   the status that a handshake was answered with
  1006, 1011                      the code of a close event
  10061, 10074                    an error of Cloudflare's API, as `wrangler deploy` prints it
  1101, 1102                      the number on a page of Cloudflare's
  H01, C06, L09                   an entry of the failure catalogue
  words, in quotes or not         what Chrome, Firefox, Safari, Node's ws, wrangler, `wrangler tail`, a Rust panic
                                  or a Python traceback says
  -                               the same from stdin: wrangler tail | head -20 | wslint explain -

In the folder of a project, what `wslint check` finds there comes first.
"""


def run_explain(given: Sequence[str]) -> None:
    """Explain, and print. Raises CheckError for what nothing is known of."""
    text = " ".join(given).strip()
    if text == "-":
        text = sys.stdin.read(LONGEST).strip() if sys.stdin is not None else ""
    if not text and not given:
        write(TAKES)
        return
    loaded = find_rule(text)
    if loaded is not None:
        write(shown(loaded))
        return
    found = readings(text)
    if not found:
        raise CheckError(_unknown(text))
    write("\n".join(_lines(text, found, _findings())) + "\n")


def _unknown(text: str) -> str:
    from wslint.settings import suggestion

    known = [*load_rules(), *(other.rule.name for other in load_rules().values())]
    if not text:
        return "there are no words to explain; `wslint explain` lists what it takes"
    if len(text.split()) == 1:
        near = suggestion(text, known)
        more = near or "; `wslint explain` lists what it takes"
        return f"no rule is called `{one_line(text[:80])}`{more}"
    return "nothing is known that fits these words; `wslint explain` lists what it takes"


def _findings() -> list[Finding]:
    """What `check` finds in the project here; nothing where there is none, or it can't be checked."""
    if not any(Path(name).exists() for name in (*CONFIGURATIONS, *TOPS)):
        return []
    from wslint import boundary
    from wslint.check import Options, run
    from wslint.files import Files
    from wslint.settings import find_settings

    try:
        files = Files(boundary=boundary.wanted(False))
        return list(run([Path()], Options(find_settings(Path(), files.boundary)), files).findings)
    except CheckError:
        return []


# The answer


def _lines(text: str, found: Sequence[Reading], findings: Sequence[Finding]) -> Iterator[str]:
    spot = places.place(text)
    if spot is not None:
        yield from _wrapped(f"The words name {one_line(spot[0])}:{spot[1]}.", "", "")
        yield ""
    for number, reading in enumerate(found):
        if number:
            yield ""
        yield from _reading(reading, findings, spot, f"{number + 1}. " if len(found) > 1 else "")
    yield ""
    yield "Next:"
    wanted = dict.fromkeys(step for reading in found for step in reading.next)
    code = _first(found, findings, spot)
    yield from (f"  {command}" for command in _commands(wanted, places.address(text)))
    if code is not None:
        yield f"  wslint explain {code}"


def _reading(
    reading: Reading, findings: Sequence[Finding], spot: tuple[str, int] | None, sign: str
) -> Iterator[str]:
    indent = " " * len(sign)
    yield from _wrapped(_sentence(reading.title), sign, indent)
    if reading.meaning:
        yield from _wrapped(reading.meaning, indent, indent)
    for title, advice in reading.parts[:MOST_PARTS]:
        said = ": ".join(part for part in (title, advice) if part)
        yield from _wrapped(said, f"{indent}- ", f"{indent}  ")
    rules = rules_of(reading)
    here = _here(reading, findings, spot)
    if here:
        yield f"{indent}In this project:"
        for finding in here[:MOST_RULES]:
            first = finding.span.first
            said = f"{finding.span.file.name}:{first.line}:{first.column} {finding.code} {one_line(finding.message)}"
            yield from _wrapped(said, f"{indent}  ", f"{indent}    ")
    rest = [code for code in rules if code not in {finding.code for finding in here}]
    shown = rest[: MOST_BESIDE if here else MOST_RULES]
    if shown:
        yield f"{indent}{'Else it may be' if here else 'What it may be'}, the likeliest first:"
        for code in shown:
            yield from _wrapped(f"{code} {_told(code, reading)}", f"{indent}  ", f"{indent}        ")
    if len(rest) > len(shown):
        yield f"{indent}  and {len(rest) - len(shown)} more: docs/symptoms.md"
    if reading.ask:
        yield from _wrapped(f"To tell them apart: {reading.ask}", indent, indent)


def _here(reading: Reading, findings: Sequence[Finding], spot: tuple[str, int] | None) -> list[Finding]:
    """What stands in the project that the words may come from: first what is at the line that they name."""
    rules = rules_of(reading)
    return sorted((one for one in findings if one.code in rules), key=lambda one: not _is_at(one, spot))


def _first(found: Sequence[Reading], findings: Sequence[Finding], spot: tuple[str, int] | None) -> str | None:
    """The rule to read about: of the project's own findings the first, else the likeliest."""
    here = [finding.code for reading in found for finding in _here(reading, findings, spot)]
    return next(iter(here), None) or next((code for reading in found for code in rules_of(reading)), None)


def rules_of(reading: Reading) -> list[str]:
    """The rules that find the causes: of each cause the first, then the others."""
    by_cause = rules_by_cause()
    lists = [by_cause.get(cause, ()) for cause in reading.causes]
    longest = max(map(len, lists), default=0)
    return list(
        dict.fromkeys([*reading.rules, *(one[at] for at in range(longest) for one in lists if at < len(one))])
    )


def _told(code: str, reading: Reading) -> str:
    """What a rule is about, in the catalogue's words where it has the cause."""
    loaded = load_rules()[code]
    is_general = bool(loaded.rule.gives_way_to)
    cause = next((one for one in reading.causes if one in loaded.rule.causes and not is_general), None)
    return f"{loaded.rule.name}: {catalogue()[cause] if cause else loaded.summary}"


def _is_at(finding: Finding, spot: tuple[str, int] | None) -> bool:
    if spot is None:
        return False
    name, line = spot
    return finding.span.first.line == line and name.replace("\\", "/").endswith(finding.span.file.path.name)


def _commands(wanted: Iterable[str], address: str | None) -> Iterator[str]:
    for step in wanted:
        if step == "check":
            yield "wslint check --show-way"
        elif step == "trace":
            yield f"wslint trace --url {shlex.quote(address)}" if address else "wslint trace --all"
        elif step == "life":
            yield (
                f"wslint trace --life --url {shlex.quote(address)}"
                if address
                else "wslint trace --life --all"
            )
        elif step == "probe":
            yield f"wslint probe {shlex.quote(_as_socket(address))}"
        elif step == "tail":
            yield "wrangler tail"


def _as_socket(address: str | None) -> str:
    """The address as a client opens it; of a path alone under `wrangler dev`."""
    if address is None:
        return "ws://localhost:8787/PATH"
    if address.startswith("/"):
        return f"ws://localhost:8787{address}"
    scheme, sign, rest = address.partition("://")
    return {"http": "ws", "https": "wss"}.get(scheme.lower(), scheme) + sign + rest


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _wrapped(text: str, first: str, more: str) -> list[str]:
    return textwrap.wrap(
        one_line(text), WIDTH, initial_indent=first, subsequent_indent=more, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip
