"""The table: it names only what exists, and every row can be reached."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wslint.probe import diagnosis, session
from wslint.probe.symptoms import EXIT_CODES, catalogue, rules_by_cause, symptoms
from wslint.rules import load_rules

ROWS = symptoms().values()


def test_only_causes_of_the_catalogue_are_named() -> None:
    named = {cause for row in ROWS for cause in row.causes}
    assert named <= set(catalogue())
    assert {cause for loaded in load_rules().values() for cause in loaded.rule.causes} == set(
        rules_by_cause()
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_whole(row: object) -> None:
    symptom = symptoms()[row.id]  # type: ignore[attr-defined]
    assert symptom.outcome in EXIT_CODES
    assert re.fullmatch(r"any|error|failed|\d[\dx]{2}|", symptom.status)
    assert len(set(symptom.causes)) == len(symptom.causes)
    assert symptom.meaning.endswith(".")
    assert not symptom.title.endswith(".")
    assert "\n" not in symptom.title + symptom.meaning + symptom.advice
    assert bool(symptom.status) or (symptom.body is None and symptom.header is None)


def test_rows_without_a_status_are_named_by_the_code() -> None:
    code = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (diagnosis, session))
    quoted = set(re.findall(r'"([a-z0-9-]+)"', code))
    unreachable = [row.id for row in ROWS if not row.status and row.id not in quoted]
    assert unreachable == []


def test_every_refused_answer_has_a_row() -> None:
    for status in (*range(100, 600), 999):
        assert any(row.fits(status, [], "text") for row in ROWS), status


def test_the_words_of_the_runtime_find_their_row() -> None:
    """Each text as workerd 2026-11-17 or the framework says it."""
    texts = {
        "Responses may only be constructed with status codes in the range 200 to 599, inclusive.": "H01",
        "RangeError: Responses with a WebSocket must have status code 101.": "H06",
        "Response with null body status (101, 204, 205, or 304) cannot have a body.": "H07",
        "Incorrect type for Promise: the Promise did not resolve to 'Response'.": "H09",
        'Worker tried to return a WebSocket in a response to a request which did not contain the header "Upgrade: websocket".': "F01",
        "Can't modify immutable headers.": "H13",
        "Invalid URL: /ws": "F05",
        "TypeError: Fetch API cannot load: ws://example.com/": "F06",
        "Invalid URL: [object Object]": "F07",
        "Cannot read properties of undefined (reading 'acceptWebSocket')": "S19",
        "Cannot read properties of undefined (reading 'getByName')": "C01",
        "Cannot read properties of undefined (reading 'matchdo_new')": "W01",
        "Cannot read properties of undefined (reading 'MatchDO')": "C19",
        "Cannot read properties of undefined (reading 'set')": "C01",
        "broken.ignored; no such actor class; c = MatchDO": "C03",
        'Could not serialize object of type "WebSocket". This type does not support serialization.': "F08",
        "Cannot clone a response to a WebSocket handshake.": "H12",
        "Cannot cache WebSocket upgrade response.": "H15",
        "Cannot perform I/O on behalf of a different request.": "F13",
        "You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages.": "A02",
        "Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`": "A05",
        "Can't return WebSocket in a Response after calling accept().": "H11",
        "ctx.acceptWebSocket is not a function": "A06",
        "Websockets obtained from the 'new WebSocket()' constructor cannot call accept": "F16",
        "your Worker's code had hung and would never generate a response.": "A08",
        "parameter 1 is not of type 'DurableObjectId'.": "S13",
        "Request with a GET or HEAD method cannot have a body.": "F11",
        "Failed to execute 'connect' on 'Fetcher': parameter 1 is not of type": "F09",
        "must have an alarm() handler in order to call setAlarm()": "L17",
        "This Durable Object is not backed by SQLite storage": "C09",
        "The receiving Durable Object does not support RPC": "C13",
        "server.on is not a function": "L18",
        'No such module "node:events"': "C18",
        'Worker "other-worker" not found. Make sure it is running locally.': "C10",
        "Failed to construct 'DurableObjectBase': constructor parameter 1": "S18",
        "Handler does not export a fetch() function.": "C12",
        "Disallowed operation called within global scope.": "C16",
        "Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 2 is not of type 'Array'.": "S15",
        "() => server.close() could not be cloned.": "S05",
        "A WebSocket 'attachment' cannot be larger than 16384 bytes.": "S05",
        "InvalidAccessError: Invalid WebSocket close code: 1005.": "L10",
        "If you specify a WebSocket close reason, you must also specify a code.": "L12",
        "Can't call WebSocket send() after close().": "L13",
        "Unexpected token 'h', \"hello\" is not valid JSON": "L14",
        "ws.send is not a function": "L08",
        "already borrowed: BorrowMutError": "RS06",
        "stub.hello is not a function": "C01",
    }
    for text, cause in texts.items():
        row = next(
            row for row in ROWS if row.status == "error" and row.fits(500, [], f"error: {text}\n  at x")
        )
        assert cause == row.causes[0], (text, row.id)
