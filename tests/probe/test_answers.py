"""Refused handshakes: everything is shown, and the right row of the table is taken."""

from __future__ import annotations

import pytest

from tests.probe.conftest import Ask
from tests.probe.servers import Handler, Servers, answering, http, saying
from wslint.probe.report import render
from wslint.probe.symptoms import EXIT_CODES

PAGE = b"<!DOCTYPE html>\n<html><head><title>Match</title></head></html>"


@pytest.mark.parametrize(
    ("handler", "symptom", "first"),
    [
        (
            http(
                "500 Internal Server Error",
                body=b"RangeError: Responses may only be constructed with status codes in the range 200 to 599",
            ),
            "status-out-of-range",
            "H01",
        ),
        (
            http(
                "500 x",
                body=b"TypeError: Cannot read properties of undefined (reading 'matchdo_new')",
            ),
            "wasm-not-ready",
            "W01",
        ),
        (
            http("500 x", body=b"Cannot read properties of undefined (reading 'idFromName')"),
            "binding-missing",
            "C01",
        ),
        (http("500 x", body=b"Cannot read properties of null (reading 'bind')"), "wrapper-forwarded", "F07"),
        (http("500 x", body=b"TypeError: Invalid URL: [object Request]"), "wrapper-forwarded", "F07"),
        (http("500 x", body=b"TypeError: Invalid URL: /ws"), "relative-address", "F05"),
        (http("500 Internal Server Error", body=b"Internal Server Error"), "hidden-500", "C01"),
        (http("500 x"), "hidden-500", "C01"),
        (http("500 x", body=b"no room left"), "thrown", "C01"),
        (http("500 x", body=b"<html>Error 1101: Worker threw exception</html>"), "cloudflare-1101", "C01"),
        (http("500 x", body=b"error code: 1101"), "cloudflare-1101", "C01"),
        (http("429 x", body=b"error code: 1027"), "cloudflare-limit", "R07"),
        (
            http("503 x", body=b'Worker "other" not found. Make sure it is running locally.'),
            "worker-not-found",
            "C10",
        ),
        (http("200 OK", "Content-Type: text/html", body=PAGE), "html-200", "R02"),
        (
            http("200 OK", body=PAGE + b"<script src=/cdn-cgi/challenge-platform/x.js>x is not a function"),
            "html-200",
            "R02",
        ),
        (http("200 OK", body=b'{"ok":{}}'), "json-200", "H08"),
        (http("200 OK"), "empty-200", "H02"),
        (
            http("200 OK", "sec-websocket-extensions: permessage-deflate", body=b"x"),
            "socketless-200",
            "H03",
        ),
        (http("200 OK", body=b"welcome"), "plain-200", "H08"),
        (http("426 Upgrade Required", body=b"Expected Upgrade: websocket"), "upgrade-required", "F01"),
        (http("400 Bad Request", body=b"expected websocket, got null"), "expected-websocket", "F01"),
        (http("400 Bad Request", body=b"bad code"), "bad-request", "R05"),
        (http("404 Not Found", body=b'{"error":"no such page"}'), "not-found", "R05"),
        (http("405 Method Not Allowed"), "method-not-allowed", "R05"),
        (http("401 Unauthorized"), "unauthorised", "P08"),
        (http("403 Forbidden"), "forbidden", "R07"),
        (http("403 Forbidden", body=b"<title>Just a moment...</title>"), "cloudflare-page", "R07"),
        (http("502 Bad Gateway", body=b"the match is away"), "bad-gateway", "H14"),
        (http("522 x"), "origin-unreachable", "R07"),
        (http("418 I'm a teapot"), "refused", "R05"),
        (http("302 Found", "Location: https://team.cloudflareaccess.com/login"), "redirect-to-login", "R07"),
        (http("307 Temporary Redirect", "Location: /ws/"), "redirect-to-slash", "R01"),
        (http("301 Moved", "Location: /elsewhere"), "redirect", "R03"),
        (http("400 x", body=b"The plain HTTP request was sent to HTTPS port"), "tls-expected", None),
        (saying(b"HTTP/1.1 599 Odd\r\n\r\n"), "thrown", "C01"),
        (saying(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"), "refused", "R05"),
    ],
)
def test_what_an_answer_means(handler: Handler, symptom: str, first: str | None, ask: Ask) -> None:
    outcome, diagnosis = ask(handler)
    assert diagnosis.symptom.id == symptom
    assert (diagnosis.causes[0] if diagnosis.causes else None) == first
    assert EXIT_CODES[diagnosis.symptom.outcome] == 1
    assert f"refused: {diagnosis.symptom.title}" in render(outcome, diagnosis)


def test_the_body_that_browsers_hide_is_shown(ask: Ask) -> None:
    text = render(*ask(http("500 Internal Server Error", "X-Who: the worker", body=b"first\nsecond")))
    assert "< HTTP/1.1 500 Internal Server Error\n" in text
    assert "< X-Who: the worker\n" in text
    assert "| first\n| second\n" in text


def test_one_handshake_is_sent_and_no_redirect_followed(ask: Ask, servers: Servers) -> None:
    _, diagnosis = ask(http("301 Moved", "Location: /ws/ABCDE"), path="/ws/ABCDE")
    assert len(servers.requests) == 1
    assert servers.requests[0].startswith(b"GET /ws/ABCDE HTTP/1.1\r\nHost: 127.0.0.1:")
    assert "the redirect leads to the same address again: a circle" in diagnosis.notes


def test_a_redirect_without_a_place(ask: Ask) -> None:
    _, diagnosis = ask(http("302 Found"))
    assert "there is no Location header, so the redirect leads nowhere" in diagnosis.notes


def test_a_redirect_to_no_address(ask: Ask) -> None:
    _, diagnosis = ask(http("302 Found", "Location: //["))
    assert "the redirect's Location is no address: //[" in diagnosis.notes


def test_chunks_and_interim_answers(ask: Ask) -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    head = b"HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n"
    outcome, _ = ask(saying(early + head + b"5\r\nfirst\r\n7;x=y\r\n second\r\n0\r\nTrailer: x\r\n\r\n"))
    assert [response.status for response in outcome.interim] == [103]
    assert outcome.response is not None
    assert (outcome.response.body, outcome.response.cut) == (b"first second", "")


def test_http_1_0_and_an_end_without_a_length(ask: Ask) -> None:
    outcome, diagnosis = ask(saying(b"HTTP/1.0 404 Not Found\r\n\r\nno such page"))
    assert outcome.response is not None
    assert (outcome.response.version, outcome.response.body) == ("1.0", b"no such page")
    assert diagnosis.symptom.id == "not-found"


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        (b"Content-Length: 100\r\n\r\nshort", "the connection ended 95 bytes before its end"),
        (b"Transfer-Encoding: chunked\r\n\r\n9\r\nshort", "the connection ended before its end"),
        (b"Transfer-Encoding: chunked\r\n\r\nzz\r\nshort", "the connection ended before its end"),
    ],
)
def test_a_body_that_breaks_off(body: bytes, cut: str, ask: Ask) -> None:
    outcome, diagnosis = ask(saying(b"HTTP/1.1 404 x\r\n" + body))
    assert outcome.response is not None
    assert outcome.response.cut == cut
    assert diagnosis.symptom.id == "not-found"
    assert cut in render(outcome, diagnosis)


def test_the_log_names_what_the_answer_hides(ask: Ask) -> None:
    log = "[wrangler] GET /ws 500\nerror: TypeError: Can't modify immutable headers.\n  at worker.js:3\n"
    _, diagnosis = ask(http("500 Internal Server Error", body=b"Internal Server Error"), log=log)
    assert (diagnosis.symptom.id, diagnosis.causes[0]) == ("immutable-headers", "H13")
    assert "the log says: error: TypeError: Can't modify immutable headers." in diagnosis.notes


def test_a_log_ranks_the_causes_of_an_open_socket_that_fails(ask: Ask) -> None:
    close = answering(close=None)
    _, diagnosis = ask(
        close,
        timeout=0.3,
        until="close-unanswered",
        log="Uncaught InvalidAccessError: Invalid WebSocket close code: 1005.",
    )
    assert (diagnosis.symptom.id, diagnosis.causes[0]) == ("close-unanswered", "L10")
    _, diagnosis = ask(close, timeout=0.3, until="close-unanswered", log="Uncaught Error: the room is full")
    assert (diagnosis.symptom.id, diagnosis.causes[0]) == ("close-unanswered", "L09")


def test_an_unrelated_log_changes_nothing(ask: Ask) -> None:
    _, diagnosis = ask(http("500 x"), log="GET /ws 500\n")
    assert diagnosis.symptom.id == "hidden-500"


def test_the_placeholder_of_the_founding_case(ask: Ask) -> None:
    _, diagnosis = ask(http("500 x"), path="/ws/:code")
    assert "the address holds the placeholder :code itself, where a value belongs" in diagnosis.notes


WRANGLER = """\
[wrangler:error] SyntaxError: Unexpected end of JSON input
    at handlePrettyErrorRequest (miniflare/dist/src/index.js:88683:55)
[wrangler:error] TypeError: Web Socket request did not return status 101 Switching Protocols response with Web Socket
"""


def test_the_log_of_wrangler_dev(ask: Ask) -> None:
    """Its two errors of its own mean that the Worker threw; an object's exception stands before them."""
    empty = http("500 Internal Server Error")
    assert ask(empty, log=WRANGLER)[1].symptom.id == "wrangler-hides"
    named = "✘ [ERROR] Uncaught Error: the room is full\n" + WRANGLER
    _, diagnosis = ask(empty, log=named)
    assert diagnosis.symptom.id == "uncaught"
    assert "the log says: ✘ [ERROR] Uncaught Error: the room is full" in diagnosis.notes
