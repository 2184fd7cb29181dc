"""A probe for people: the conversation, the times, what it means. Nothing of the other side steers the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from wslint.probe.diagnosis import Diagnosis
from wslint.probe.model import Message, Probe, Response, Session
from wslint.probe.symptoms import catalogue, rules_by_cause
from wslint.report.closing import counted
from wslint.report.paint import SEVERITY_ROLE, Paint, Role, painter
from wslint.report.visible import TAB_WIDTH, one_line, visible

WIDEST = 100
BODY_LINES = 30
PAGE_LINES = 8
"""Lines of a body that are shown; of an HTML page the beginning says which it is."""

BODY_CHARACTERS = 2000
VALUE_CHARACTERS = 300
CAUSES = 6
FINDINGS = 5

OUTCOME_ROLE: dict[str, Role] = {
    "working": "good",
    "refused": "error",
    "broken": "error",
    "undecided": "warning",
    "no-answer": "error",
}


def render(probe: Probe, diagnosis: Diagnosis, *, color: bool = False, width: int = 100) -> str:
    """The whole report."""
    paint = painter(color)
    width = min(width, WIDEST)
    lines = [
        *_conversation(probe, paint),
        "",
        *_times(probe, paint),
        "",
        *_verdict(diagnosis, probe, paint, width),
        *_causes(diagnosis, paint),
        *_findings(diagnosis, paint, width),
    ]
    return "\n".join(lines) + "\n"


def _conversation(probe: Probe, paint: Paint) -> Iterator[str]:
    yield paint("strong", visible(probe.url))
    if probe.address:
        method, _, _ = probe.request.partition(b"\r\n")
        yield f"> {visible(method.decode('ascii', 'replace'))}"
        for name, value in probe.request_headers:
            yield f"> {visible(name)}: {visible(value)}"
    for response in probe.interim:
        yield from _response(response, paint)
    if probe.response is not None:
        yield from _response(probe.response, paint)
    elif probe.received:
        yield from _body_lines(probe.received, paint)
    if probe.session is not None:
        yield from _frames(probe, probe.session)


def _response(response: Response, paint: Paint) -> Iterator[str]:
    status = f"HTTP/{response.version} {response.status} {visible(response.reason)}".rstrip()
    yield f"< {paint('good' if response.status == 101 else 'strong', status)}"
    for name, value in response.headers:
        yield f"< {visible(name)}: {_cut(visible(value))}"
    if response.body:
        is_page = response.status < 500 and response.body.lstrip()[:1] == b"<"
        yield from _body_lines(response.body, paint, PAGE_LINES if is_page else BODY_LINES)
    if response.cut:
        yield paint("quiet", f"| (the body: {visible(response.cut)})")


def _cut(text: str) -> str:
    """A text of at most so many characters."""
    more = len(text) - VALUE_CHARACTERS
    return text if more <= 0 else f"{text[:VALUE_CHARACTERS]}… ({more} more)"


def _body_lines(body: bytes, paint: Paint, most: int = BODY_LINES) -> Iterator[str]:
    if b"\0" in body:
        yield f"| ({len(body)} bytes that are no text)"
        return
    text = body.decode("utf-8", "replace")
    lines = text[:BODY_CHARACTERS].splitlines()
    for line in lines[:most]:
        yield f"| {visible(line.expandtabs(TAB_WIDTH))}".rstrip()
    if len(text) > BODY_CHARACTERS or len(lines) > most:
        yield paint("quiet", f"| ({len(body)} bytes in all: --output-format json shows them)")


def _frames(probe: Probe, session: Session) -> Iterator[str]:
    yield "> PING"
    if session.pong:
        yield "< PONG"
    for message in session.messages:
        if not message.answers:
            yield _message(message)
    if session.sent:
        yield f"> TEXT {_cut(visible(probe.message or ''))}".rstrip()
    for message in session.messages:
        if message.answers:
            yield _message(message)
    if session.received > len(session.messages):
        yield f"< ({counted(session.received - len(session.messages), 'more message')})"
    if session.broken:
        yield f"< (no frame that a browser takes: {visible(session.broken)})"
    close = "CLOSE" if session.close_code in (None, 1005) else f"CLOSE {session.close_code}"
    if session.close_reason:
        close += f" {_cut(visible(session.close_reason))}"
    if session.close == "by server":
        yield f"< {close}"
        return
    if session.close != "not sent":
        yield "> CLOSE"
    if session.close == "answered":
        yield f"< {close}"
    elif session.close == "unanswered":
        yield f"  (nothing within {probe.timeout:g} s)"
    if session.dropped_after:
        yield "< (the connection ended without a CLOSE)"


def _message(message: Message) -> str:
    if message.kind == "binary":
        start = message.data[:16].hex(" ")
        return f"< BINARY {counted(message.size, 'byte')}{f': {start}' if start else ''}"
    return f"< TEXT {_cut(visible(message.text))}"


def _times(probe: Probe, paint: Paint) -> Iterator[str]:
    for step in probe.steps:
        note = {"ok": "", "failed": "failed", "timeout": "nothing came"}[step.outcome]
        detail = ", ".join(part for part in (note, visible(step.detail)) if part)
        yield f"{step.milliseconds:>9.1f} ms  {step.name:<10}  {paint('quiet', detail)}".rstrip()
    if probe.tls is not None:
        yield f"{'':>12}  {'':<10}  {paint('quiet', _certificate(probe))}"


def _certificate(probe: Probe) -> str:
    tls = probe.tls
    assert tls is not None
    if not tls.verified:
        return "the certificate was not checked (--insecure)"
    return visible(
        f"certificate of {tls.subject or 'no name'}, by {tls.issuer or 'no name'}, until {tls.expires}"
    )


def _verdict(diagnosis: Diagnosis, probe: Probe, paint: Paint, width: int) -> Iterator[str]:
    symptom = diagnosis.symptom
    outcome = symptom.outcome.replace("-", " ")
    yield f"{paint(OUTCOME_ROLE[symptom.outcome], outcome)}: {paint('strong', symptom.title)}"
    reason = probe.failure_detail or probe.handshake_error
    if reason:
        yield from _wrapped(visible(reason[:1].upper() + reason[1:]) + ".", width, "  ")
    yield from _wrapped(symptom.meaning, width, "  ")
    if symptom.advice:
        yield from _wrapped(f"= help: {symptom.advice}", width, "  ")
    for note in diagnosis.notes:
        yield from _wrapped(f"= note: {one_line(note)}", width, "  ")


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _causes(diagnosis: Diagnosis, paint: Paint) -> Iterator[str]:
    if not diagnosis.causes:
        return
    yield ""
    yield "Causes that fit, the likeliest first:"
    shown = diagnosis.causes[:CAUSES]
    widest = max(len(catalogue()[cause]) for cause in shown)
    for cause in shown:
        text = f"{catalogue()[cause]:<{widest}}"
        codes = rules_by_cause().get(cause, ())
        also = f" (also {', '.join(codes[1:3])})" if codes[1:] else ""
        look = f"wslint explain {codes[0]}{also}" if codes else "no rule finds it"
        yield f"  {paint('strong', f'{cause:<4}')}  {text}  {paint('quiet', look)}"
    more = len(diagnosis.causes) - len(shown)
    if more:
        ranks = "" if diagnosis.findings is not None else ", --project PATH ranks them"
        yield paint("quiet", f"  and {more} more: --output-format json names them{ranks}")


def _findings(diagnosis: Diagnosis, paint: Paint, width: int) -> Iterator[str]:
    is_fine = diagnosis.symptom.outcome == "working" and not diagnosis.findings
    if diagnosis.findings is None or (is_fine and not diagnosis.others):
        return
    yield ""
    if is_fine:
        yield "In the project:"
    elif not diagnosis.findings:
        yield "In the project: no finding explains this."
    else:
        yield "In the project, the likeliest first:"
    for finding in diagnosis.findings[:FINDINGS]:
        place = finding.span.first
        where = f"{visible(finding.span.file.name)}:{place.line}:{place.column}"
        label = f"{finding.severity.label}[{finding.code}]"
        yield f"  {paint('path', where)}: {paint(SEVERITY_ROLE[finding.severity], label)}"
        yield from _wrapped(one_line(finding.message), width, "    ")
    more = len(diagnosis.findings) - FINDINGS
    if more > 0:
        yield f"  and {more} more that fit"
    if diagnosis.others:
        yield f"  {counted(diagnosis.others, 'other finding')}: see wslint check --pedantic"
