"""A probe for programs; the shape is fixed by `docs/schema/wslint-probe.schema.json`."""

from __future__ import annotations

import json
from typing import Any

from wslint import __version__
from wslint.probe.diagnosis import Diagnosis, redirect_target
from wslint.probe.model import Headers, Message, Probe, Response, Session
from wslint.probe.symptoms import EXIT_CODES, catalogue, rules_by_cause
from wslint.report.json import finding_object

SCHEMA_VERSION = 1


def render(probe: Probe, diagnosis: Diagnosis) -> str:
    """One object with everything. It is ASCII, so that no terminal or pipe can spoil it."""
    first_line = probe.request.partition(b"\r\n")[0].decode("ascii", "replace")
    symptom = diagnosis.symptom
    document = {
        "version": SCHEMA_VERSION,
        "tool": {"name": "wslint", "version": __version__},
        "url": probe.url,
        "request": {"line": first_line, "headers": _headers(probe.request_headers)},
        "addresses": probe.addresses,
        "address": probe.address or None,
        "tls": _tls(probe),
        "interim": [_response(response, probe) for response in probe.interim],
        "response": _response(probe.response, probe) if probe.response is not None else None,
        "received": probe.received.decode("utf-8", "replace") if probe.received else None,
        "steps": [
            {"name": step.name, "milliseconds": round(step.milliseconds, 3), "outcome": step.outcome}
            for step in probe.steps
        ],
        "session": _session(probe.session) if probe.session is not None else None,
        "verdict": {
            "outcome": symptom.outcome,
            "exit_code": EXIT_CODES[symptom.outcome],
            "symptom": symptom.id,
            "title": symptom.title,
            "reason": probe.failure_detail or probe.handshake_error or None,
            "meaning": symptom.meaning,
            "advice": symptom.advice or None,
            "notes": list(diagnosis.notes),
        },
        "causes": [
            {"id": cause, "text": catalogue()[cause], "rules": list(rules_by_cause().get(cause, ()))}
            for cause in diagnosis.causes
        ],
        "findings": None
        if diagnosis.findings is None
        else [finding_object(finding) for finding in diagnosis.findings],
        "other_findings": diagnosis.others,
    }
    return json.dumps(document, indent=2) + "\n"


def _headers(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _tls(probe: Probe) -> dict[str, Any] | None:
    tls = probe.tls
    if tls is None:
        return None
    return {
        "version": tls.version,
        "cipher": tls.cipher,
        "verified": tls.verified,
        "subject": tls.subject or None,
        "issuer": tls.issuer or None,
        "expires": tls.expires or None,
    }


def _response(response: Response, probe: Probe) -> dict[str, Any]:
    is_redirect = 300 <= response.status < 400
    return {
        "http": response.version,
        "status": response.status,
        "reason": response.reason,
        "headers": _headers(response.headers),
        "body": response.body.decode("utf-8", "replace"),
        "body_bytes": len(response.body),
        "body_incomplete": response.cut or None,
        "redirect": redirect_target(probe, response) if is_redirect else None,
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "subprotocol": session.subprotocol,
        "extensions": session.extensions,
        "pong": session.pong,
        "sent": session.sent,
        "messages": [_message(message) for message in session.messages],
        "messages_received": session.received,
        "expected_found": session.found,
        "close": session.close,
        "close_code": session.close_code,
        "close_reason": session.close_reason or None,
        "dropped_after": session.dropped_after or None,
        "protocol_error": session.broken or None,
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "kind": message.kind,
        "text": message.text if message.kind == "text" else None,
        "hex": message.data.hex() if message.kind == "binary" else None,
        "bytes": message.size,
        "answers": message.answers,
    }
