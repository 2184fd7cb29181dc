"""Witnesses: what the real tools must answer to a rule's failing project, and to its mended twin.

`witnesses/*.toml` has them as data, by rule: `[[WS401]]` with the keys of `Witness`, its tables those of
`Run` and `Expected`. The projects are the two examples of the rule's docstring, unless `project` names a
section of the rule's page in tests/rules. A rule's first witness runs both, a further one only what it
tells of; without `fails` it shows that something which the rule is silent about works.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Literal

from tests.pages import read_page, write
from tests.runtime.conversation import PATIENCE, Observed, attend, get, talk
from tests.runtime.examples import example
from tests.runtime.workerd import DidNotStart, Server, serve
from tests.runtime.wrangler import DevServer, ask, dev
from wslint.rules import load_rules

HERE = Path(__file__).parent
Way = Literal["workerd", "pyodide", "deploy", "dev", "api", "package", "rust", "lint", "browser"]
"""How it is shown: by workerd (a conversation, or that it does not start), by workerd with npm's Pyodide,
`wrangler deploy --dry-run`, `wrangler dev`; or why it isn't: only Cloudflare's API decides, it takes
packages that are not installed here or a build for wasm, it is about wslint itself, only a browser decides."""
RUN_HERE: tuple[Way, ...] = ("workerd", "pyodide", "deploy", "dev")

PATIENT = 8.0
_INTERPRETERS = BoundedSemaphore(2)
"""A Python Worker takes seconds of a core to start: more of them at once only make each other late."""

Seen = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """The conversation. `messages`: texts, `{text = "…", times = 9000}` for long ones, `{hex = "…"}` for bytes, numbers
    for seconds that pass."""

    path: str = "/ws/ABCDE"
    messages: tuple[Any, ...] = ("hello",)
    environment: str | None = None
    method: str | None = None
    """A plain request instead of a handshake."""
    before: tuple[str, ...] = ()
    """Requests made first: `handshake` (a conversation of its own) or a method."""
    headers: Mapping[str, str] = field(default_factory=dict)
    subprotocols: tuple[str, ...] = ()
    audience: str | None = None
    """The path where a second client listens; it stays while a plain request is made."""
    patience: float = PATIENCE
    experimental: bool = True
    command: tuple[str, ...] = ("deploy", "--dry-run")
    """What wrangler is asked, where it isn't served."""
    configs: tuple[str, ...] = ()
    """The configurations for `wrangler dev`, when there are several."""


@dataclass(frozen=True)
class Expected:
    """What must be seen; a key that is None is not looked at. Texts are parts of what is said."""

    project: str | None = None
    path: str | None = None
    """Where this side's client goes, when it isn't `run.path`."""
    status: int | None = None
    body: str | None = None
    received: tuple[Any, ...] | None = None
    overheard: tuple[Any, ...] | None = None
    close: int | None = None
    reason: str | None = None
    audience_close: int | None = None
    failure: str | None = None
    """Why the client gave up the handshake, or how the connection broke."""
    log: str | None = None
    refused: str | None = None
    """workerd or `wrangler dev` does not start, saying this."""
    exit: int | None = None
    says: str | None = None
    lacks: str | None = None
    """What neither the log nor the output may contain."""


@dataclass(frozen=True)
class Witness:
    rule: str
    number: int
    way: Way = "workerd"
    run: Run = field(default_factory=Run)
    fails: Expected | None = None
    works: Expected | None = None
    why: str = ""
    """For the ways that nothing is run: the reason, in a sentence."""

    @property
    def name(self) -> str:
        return self.rule if self.number == 1 else f"{self.rule}-{self.number}"


@cache
def witnesses() -> tuple[Witness, ...]:
    """All of them, in order of their rules. Raises ValueError for a key that means nothing."""
    found: list[Witness] = []
    for path in sorted((HERE / "witnesses").glob("*.toml")):
        for rule, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if rule not in load_rules():
                raise ValueError(f"{path.name}: there is no rule {rule}")
            for entry in entries:
                number = 1 + sum(witness.rule == rule for witness in found)
                found.append(read(rule, number, entry))
    return tuple(sorted(found, key=lambda witness: (witness.rule, witness.number)))


def read(rule: str, number: int, entry: Mapping[str, Any]) -> Witness:
    """One entry. Raises ValueError for a key that means nothing, and where nothing is shown and nothing said."""
    tables: dict[str, Any] = {}
    for key, kind in (("run", Run), ("fails", Expected), ("works", Expected)):
        if key in entry:
            tables[key] = _record(kind, entry[key], f"{rule}.{key}")
    witness: Witness = _record(Witness, {"rule": rule, "number": number, **entry, **tables}, rule)
    if witness.way not in RUN_HERE and not witness.why:
        raise ValueError(f"{rule}: not shown, and `why` does not say for what reason")
    if witness.way in RUN_HERE and not (witness.fails or witness.works):
        raise ValueError(f"{rule}: nothing is expected")
    if witness.fails and replace(witness.fails, project=None, path=None) == Expected():
        raise ValueError(f"{rule}: nothing is expected of the failing project")
    return _with_defaults(witness) if witness.fails or witness.works else witness


def _record(kind: Any, entry: Mapping[str, Any], where: str) -> Any:
    unknown = set(entry) - {item.name for item in fields(kind)}
    if unknown:
        raise ValueError(f"{where}: unknown keys {sorted(unknown)}")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})


def _with_defaults(witness: Witness) -> Witness:
    """What a working project does unless told otherwise: it deploys; it echoes and closes with 1000."""
    fails = witness.fails
    if fails and not witness.works and witness.number > 1:
        return witness
    said = fails and (fails.says or fails.log or fails.refused)
    given = (
        {item.name: getattr(witness.works, item.name) for item in fields(Expected)} if witness.works else {}
    )
    usual: dict[str, Any] = {"lacks": said}
    if witness.way in ("deploy", "api"):
        usual |= {"exit": 0}
    elif given.get("refused") is None:
        status = given.get("status")
        if status is None and witness.run.method is None:
            usual |= {"status": 101, "received": tuple(m for m in witness.run.messages if isinstance(m, str))}
            usual |= {"close": 1000}
        elif status is None:
            usual |= {"status": 200}
    works = Expected(**{**usual, **{key: value for key, value in given.items() if value is not None}})
    return Witness(witness.rule, witness.number, witness.way, witness.run, fails, works, witness.why)


def observe(witness: Witness) -> dict[str, Seen]:
    """Run the failing project and its twin; what was seen of each, under `fails` and `works`."""
    seen = {}
    for side, heading in (("fails", "Example"), ("works", "Use instead")):
        expected: Expected | None = getattr(witness, side)
        if expected is None:
            continue
        files = (
            _section(witness.rule, expected.project) if expected.project else example(witness.rule, heading)
        )  # type: ignore[arg-type]
        with tempfile.TemporaryDirectory(prefix="wslint-witness-") as folder:
            write(files, Path(folder))
            seen[side] = _observe(witness, Path(folder), expected)
    return seen


def _section(rule: str, title: str) -> dict[str, str]:
    page = next((HERE.parent / "rules").glob(f"{rule}-*.md"))
    for project in read_page(page.read_text(encoding="utf-8")):
        if project.title == title:
            return project.files
    raise ValueError(f"{page.name} has no section {title!r}")


def _observe(witness: Witness, folder: Path, expected: Expected) -> Seen:
    run = replace(witness.run, path=expected.path) if expected.path else witness.run
    if witness.way in ("deploy", "api"):
        ran = ask(folder, run.command, run.environment)
        return _without_nothing(
            {"exit": ran.code, "says": _statement(ran.output, expected.says), "output": ran.output}
        )
    try:
        if witness.way == "dev":
            with dev(folder, run.environment, run.configs) as server:
                return _converse(server, run, expected)
        with (
            _INTERPRETERS if witness.way == "pyodide" else nullcontext(),
            serve(folder, run.environment, experimental=run.experimental, verbose=True) as server,
        ):
            return _converse(server, run, expected)
    except DidNotStart as reason:
        text = str(reason)
        return {"refused": _statement(text, expected.refused) or text.strip(), "output": text}


def _converse(server: Server | DevServer, run: Run, expected: Expected) -> Seen:
    for earlier in run.before:
        if earlier == "handshake":
            talk(server.ws + run.path, patience=run.patience)
        else:
            get(server.http + run.path, method=earlier)
    if run.method and run.audience:
        with attend(server.ws + run.audience):
            seen = get(server.http + run.path, method=run.method, headers=dict(run.headers))
    elif run.method:
        seen = get(server.http + run.path, method=run.method, headers=dict(run.headers))
    else:
        seen = talk(
            server.ws + run.path,
            [_message(item) for item in run.messages],
            headers=dict(run.headers),
            subprotocols=run.subprotocols,
            audience=server.ws + run.audience if run.audience else None,
            # What must come may take its time on a busy machine; what must not is waited for a moment only.
            patience=run.patience if expected.received in (None, ()) else PATIENT,
            close_patience=run.patience if expected.close == 1006 else PATIENT,
        )
    return _as_data(seen, run) | _without_nothing(
        {"log": _statement(server.log, expected.log), "output": server.log}
    )


def _message(item: Any) -> str | bytes | float:
    if not isinstance(item, dict):
        return item  # type: ignore[no-any-return]
    return bytes.fromhex(item["hex"]) if "hex" in item else str(item["text"]) * int(item["times"])


def _as_data(seen: Observed, run: Run) -> Seen:
    upgraded = seen.status == 101
    return _without_nothing(
        {
            "status": seen.status,
            "body": seen.body[:200],
            "received": [_plain(item) for item in seen.received] if upgraded else None,
            "overheard": [_plain(item) for item in seen.overheard] if upgraded and run.audience else None,
            "close": seen.close_code,
            "reason": seen.close_reason,
            "audience_close": seen.audience_close,
            "failure": seen.failure,
        }
    )


def _plain(message: str | bytes) -> Any:
    return message if isinstance(message, str) else {"hex": message.hex()}


def _without_nothing(seen: Seen) -> Seen:
    return {key: value for key, value in seen.items() if value not in (None, "")}


def _statement(text: str, wanted: str | None) -> str | None:
    """The line of a log or an output that has the wanted words, without what comes before the error's name."""
    if not wanted:
        return None
    line = next((line for line in text.splitlines() if wanted in line), None)
    if line is None:
        return None
    line = re.sub(r"^.*(?:; stack = | failed: (?:remote\.)?(?:jsg\.)?)", "", line)
    line = re.sub(r"^(?:\S+: (?:info|warning|error): |.*\[ERROR\] )", "", line)
    line = re.sub(
        r"service \S*worker\d+: |service core:user:\w+: | Today's date .*", "", line.strip(" -✘▲│\t")
    )
    return re.sub(r"\s+", " ", line)[:300]


def differences(witness: Witness, seen: Mapping[str, Seen]) -> list[str]:
    """Everything that was seen otherwise than expected, a line each."""
    found = []
    for side in ("fails", "works"):
        expected: Expected | None = getattr(witness, side)
        if expected is None:
            continue
        for item in fields(Expected):
            wanted = getattr(expected, item.name)
            if item.name in ("project", "path") or wanted is None:
                continue
            got = seen[side].get(item.name)
            if not _matches(item.name, wanted, got, seen[side]):
                known = {key: value for key, value in seen[side].items() if key != "output"}
                found.append(f"{witness.name} {side}: expected {item.name} {wanted!r}, seen {known}")
    return found


def _matches(key: str, wanted: Any, got: Any, seen: Seen) -> bool:
    if key == "lacks":
        return wanted not in seen.get("output", "") and wanted not in seen.get("refused", "")
    if key in ("log", "says", "refused"):
        return wanted in (seen.get("output", "") if key != "refused" or got is not None else "")
    if key in ("body", "reason", "failure"):
        return wanted in (got or "")
    if isinstance(wanted, tuple):
        return list(wanted) == (got or [])
    return bool(wanted == got)
