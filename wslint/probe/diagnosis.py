"""What an outcome means: one row of the symptom table, its causes ranked, the findings that fit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from wslint.finding import Finding
from wslint.probe.model import Probe, Response, Session
from wslint.probe.symptoms import Symptom, rules_by_cause, symptoms
from wslint.probe.target import Target
from wslint.record import frozen

COMMON_NAMES = {
    "Response",
    "Request",
    "WebSocket",
    "Upgrade",
    "Error",
    "TypeError",
    "fetch",
    "undefined",
    "env",
    "new",
}
"""Names that findings and answers both hold without meaning the same place."""

LOG_LINE = 300
"""Characters of a log's line that a note quotes."""

LANGUAGE_CAUSES = {"RS": ".rs", "PY": ".py"}
CONFIGURATIONS = (".toml", ".json", ".jsonc")

FAILURES = {
    "dns": "dns",
    "refused": "connection-refused",
    "unreachable": "unreachable",
    "connect timeout": "unreachable",
    "tls": "tls",
    "timeout": "unanswered",
    "closed": "closed-unanswered",
    "not http": "not-http",
    "too much": "endless-head",
}


@frozen
class Diagnosis:
    """`causes` are ids, the likeliest first: those that a finding of the project shows come before the others.

    `findings` are those of the project that fit, the likeliest first; None without a project. `others` counts
    the rest. `notes` are lines about this answer alone.
    """

    symptom: Symptom
    causes: tuple[str, ...]
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] | None = None
    others: int = 0


@frozen
class Asked:
    """What was asked for, as far as it says what the outcome means."""

    target: Target
    send: str | None = None
    expect: str | None = None


def diagnose(
    probe: Probe, asked: Asked, findings: Iterable[Finding] | None = None, log: str = ""
) -> Diagnosis:
    """Look the outcome up, and rank its causes.

    `log` is what the server logged meanwhile: where it names the error, it decides.
    """
    symptom = symptoms()[_symptom_id(probe, asked)]
    notes = list(_notes(probe, asked))
    causes = symptom.causes
    logged = _logged(log) if symptom.outcome != "working" else None
    if logged is not None:
        named, line = logged
        notes.insert(0, f"the log says: {line}")
        if symptom.outcome == "refused":
            symptom, causes = named, named.causes
        elif not named.is_general:
            causes = tuple(dict.fromkeys((*named.causes, *causes)))
    if findings is None:
        return Diagnosis(symptom, causes, tuple(notes))
    everything = list(findings)
    fitting = _ranked(causes, everything, f"{_body(probe)}\n{log}")
    shown = {cause for finding in fitting for cause in _causes(finding)}
    causes = tuple(sorted(causes, key=lambda cause: cause not in shown))
    return Diagnosis(symptom, causes, tuple(notes), tuple(fitting), len(everything) - len(fitting))


def _logged(log: str) -> tuple[Symptom, str] | None:
    """The first row whose error text a log holds, with that line."""
    rows = [row for row in symptoms().values() if row.body is not None and row.is_error_text]
    for row in rows:
        for line in log.splitlines():
            if row.body is not None and row.body.search(line):
                return row, line.strip()[:LOG_LINE]
    return None


def _symptom_id(probe: Probe, asked: Asked) -> str:
    if probe.failure:
        return _failure_id(probe)
    response = probe.response
    assert response is not None
    if response.status != 101:
        return _refused(response).id
    if probe.session is None:
        return probe.handshake_symptom
    return _session_id(probe.session, asked)


def _failure_id(probe: Probe) -> str:
    start = probe.received[:3]
    if probe.failure == "not http" and start[:1] in (b"\x15", b"\x16") and start[1:2] == b"\x03":
        return "tls-port"
    if probe.failure == "timeout" and probe.received:
        return "endless-head"
    return FAILURES[probe.failure]


def _refused(response: Response) -> Symptom:
    headers = [f"{name}: {value}" for name, value in response.headers]
    body = response.body.decode("utf-8", "replace")
    return next(row for row in symptoms().values() if row.fits(response.status, headers, body))


def _session_id(session: Session, asked: Asked) -> str:
    if session.flooded:
        return "too-much-sent"
    if session.broken:
        return "bad-frames"
    if session.dropped_after == "open":
        return "dropped-at-once"
    if session.dropped_after == "message":
        return "dropped-after-message"
    telling = _telling_message(session)
    if telling:
        return telling
    waited = asked.send is not None or asked.expect is not None
    silent = waited and not (session.found if asked.expect is not None else _has_answer(session))
    if session.close == "by server":
        is_polite = waited and not silent and session.close_code in (1000, 1005)
        return "works" if is_polite else "closed-by-server"
    if silent and asked.send is None:
        return "no-greeting"
    if silent and _has_answer(session):
        return "not-expected"
    if silent:
        return _silence(session)
    if not session.pong:
        return "no-pong"
    if session.close == "answered":
        return "works"
    return "close-dropped" if session.close == "dropped" else "close-unanswered"


def _telling_message(session: Session) -> str:
    """The row of a message that shows a mistake by itself; empty when there is none."""
    texts = {message.text for message in session.messages if message.kind == "text"}
    if any(re.fullmatch(r"\[object \w+\]", text) for text in texts):
        return "object-text"
    if "undefined" in texts:
        return "undefined-text"
    if any(message.kind == "binary" and message.size == 0 for message in session.messages):
        return "empty-binary"
    return ""


def _silence(session: Session) -> str:
    """What a message without an answer means: the ping and the close tell who holds the socket."""
    if session.close == "answered":
        return "silent-plain" if session.close_code == 1005 else "silent-handled"
    return "silent-unread" if session.pong else "silent-dead"


def _has_answer(session: Session) -> bool:
    return any(message.answers for message in session.messages) or session.received > len(session.messages)


def _notes(probe: Probe, asked: Asked) -> Iterable[str]:
    placeholder = asked.target.placeholder
    if placeholder is not None:
        yield f"the address holds the placeholder {placeholder} itself, where a value belongs"
    response = probe.response
    if response is not None and 300 <= response.status < 400:
        yield _redirect_note(probe, response)
    if response is not None and response.status in (400, 401, 403) and asked.target.origin is None:
        yield "no Origin was sent, and a page sends its own: --origin https://…"
    session = probe.session
    if session is None:
        return
    if session.close == "answered":
        yield "the close was answered " + (
            "without a code (1005)" if session.close_code == 1005 else f"with code {session.close_code}"
        )
    if session.close == "unanswered":
        yield f"no answer to the close within {probe.timeout:g} s: `socket.onclose` does not fire until then"
    if session.received and asked.send is None and asked.expect is None:
        return
    if asked.send is None and session.close != "by server" and not session.dropped_after:
        yield "no message was sent: --send TEXT tells whether messages are handled"


def _redirect_note(probe: Probe, response: Response) -> str:
    location = redirect_target(probe, response)
    if location is None:
        return "there is no Location header, so the redirect leads nowhere"
    if location == _as_http(probe.url):
        return "the redirect leads to the same address again: a circle"
    try:
        here, there = urlsplit(_as_http(probe.url)), urlsplit(location)
    except ValueError:
        return f"the redirect's Location is no address: {location}"
    if here.scheme == "http" and there.scheme == "https" and here.hostname == there.hostname:
        return "the redirect goes to https: open the socket with wss:"
    return f"the redirect goes to {location}"


def redirect_target(probe: Probe, response: Response) -> str | None:
    """Where the answer's Location header leads, as a full address; None without one."""
    location = response.header("location")
    if location is None:
        return None
    try:
        return urljoin(_as_http(probe.url), location)
    except ValueError:
        return location


def _as_http(url: str) -> str:
    return "http" + url.removeprefix("ws")


def _body(probe: Probe) -> str:
    response = probe.response
    return response.body.decode("utf-8", "replace") if response is not None else ""


def _ranked(causes: tuple[str, ...], findings: list[Finding], evidence: str) -> list[Finding]:
    """Those that a cause explains: named by the answer or the log first, then by severity, then by cause."""
    order = {cause: index for index, cause in enumerate(causes)}
    words = set(_words(evidence))

    def key(finding: Finding) -> tuple[bool, int, int, object]:
        named = _names(finding) & words
        rank = min(order[cause] for cause in _causes(finding) if cause in order)
        return (not named, -finding.severity, rank, finding.sort_key)

    return sorted((one for one in findings if any(cause in order for cause in _causes(one))), key=key)


def _causes(finding: Finding) -> tuple[str, ...]:
    """What the finding's rule is about: of several causes, not those of another language than its file's."""
    suffix = finding.span.file.path.suffix
    foreign = tuple(prefix for prefix, own in LANGUAGE_CAUSES.items() if suffix not in (own, *CONFIGURATIONS))
    causes = [cause for cause, codes in rules_by_cause().items() if finding.code in codes]
    return tuple(cause for cause in causes if not cause.startswith(foreign)) or tuple(causes)


def _names(finding: Finding) -> set[str]:
    """The names that a finding's message puts between backticks."""
    return {word for quoted in finding.message.split("`")[1::2] for word in _words(quoted)} - COMMON_NAMES


def _words(text: str) -> list[str]:
    return re.findall(r"[\w$]{3,}", text)
