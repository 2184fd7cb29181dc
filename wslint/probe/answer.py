"""The answer to the handshake: heads with `http.client`, interim answers, as much of a body as is worth it."""

from __future__ import annotations

import http.client
from typing import Any, cast

from wslint.probe import limits
from wslint.probe.model import Headers, Probe, Response
from wslint.probe.wire import ProbeFailed, Reader
from wslint.regex import regex

STATUS_LINE = regex(rb"HTTP/1\.[01] (\d{3})\b[^\r\n]*\r?\n")

READ_BUDGET = limits.HEAD + 8 * limits.BODY
"""Bytes that are read for one answer: a chunked body in tiny chunks is several times its content."""


def read_answer(reader: Reader, probe: Probe) -> None:
    """Read up to the final answer into `probe.response`. Raises ProbeFailed when there is none.

    After a 101 the reader's buffer holds what the server sent after its head.
    """
    while True:
        reader.taken.clear()
        parsed = _head(reader, probe)
        version = "1.0" if parsed.version == 10 else "1.1"
        response = Response(version, parsed.status, parsed.reason, _headers(parsed))
        if 100 <= response.status < 200 and response.status != 101:
            if len(probe.interim) < limits.INTERIM:
                probe.interim.append(response)
            continue
        probe.response = response
        if response.status != 101:
            reader.budget = READ_BUDGET
            _read_body(parsed, response)
        return


def _head(reader: Reader, probe: Probe) -> http.client.HTTPResponse:
    parsed = http.client.HTTPResponse(cast("Any", reader))
    try:
        parsed.begin()
    except TimeoutError:
        probe.received = _received(reader)
        if probe.received:
            raise ProbeFailed("timeout", f"the answer's head never ended{_said(probe)}", late=True) from None
        raise
    except OSError as error:  # http.client's RemoteDisconnected is one
        probe.received = _received(reader)
        if probe.received:
            raise ProbeFailed(
                "not http", f"the connection ended in the answer's head{_said(probe)}"
            ) from None
        why = "" if isinstance(error, http.client.RemoteDisconnected) else f" ({error.strerror or error})"
        raise ProbeFailed("closed", f"the server closed the connection without an answer{why}") from None
    except (http.client.LineTooLong, ProbeFailed):
        probe.received = _received(reader)
        raise ProbeFailed(
            "too much", f"the answer's head is over {limits.HEAD // 1024} KiB{_said(probe)}"
        ) from None
    except (http.client.HTTPException, ValueError) as error:
        probe.received = _received(reader)
        if str(error).startswith("got more"):  # what http.client says of the number of headers
            raise ProbeFailed("too much", f"the answer has over 100 headers{_said(probe)}") from None
        raise ProbeFailed("not http", f"the first line is no HTTP/1.1 status line{_said(probe)}") from None
    if reader.ended and not reader.taken.endswith((b"\n\r\n", b"\n\n")):
        probe.received = _received(reader)
        raise ProbeFailed("not http", f"the connection ended in the answer's head{_said(probe)}")
    return parsed


def _received(reader: Reader) -> bytes:
    return bytes(reader.taken + reader.buffer)[: limits.MESSAGE_SHOWN]


def _said(probe: Probe) -> str:
    """The status, when at least that much came."""
    status = STATUS_LINE.match(probe.received)
    return f", its status is {status.group(1).decode()}" if status else ""


def _headers(parsed: http.client.HTTPResponse) -> Headers:
    return [(name, value) for name, value in parsed.headers.items()]


def _read_body(parsed: http.client.HTTPResponse, response: Response) -> None:
    """As much of the body as is kept; whatever ends it early is said in `cut`."""
    body = bytearray()
    try:
        while len(body) <= limits.BODY and (data := parsed.read1(limits.BODY + 1 - len(body))):
            body += data
        if len(body) > limits.BODY:
            response.cut = f"it goes on after {limits.BODY // 1024} KiB, which is all that is kept"
        elif parsed.length:
            response.cut = f"the connection ended {parsed.length} bytes before its end"
    except TimeoutError:
        response.cut = "it was not complete when the time was over"
    except http.client.IncompleteRead:
        response.cut = "the connection ended before its end"
    except (http.client.HTTPException, ValueError, ProbeFailed):
        response.cut = "its chunks are malformed"
    except OSError as error:
        response.cut = f"the connection ended before its end ({error.strerror or error})"
    response.body = bytes(body[: limits.BODY])
