"""wss: what TLS says, what fails, and the mix-ups of ports that speak it and ports that don't."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from tests.probe.servers import Servers, answering, saying
from wslint.probe.diagnosis import Asked, Diagnosis, diagnose
from wslint.probe.model import Probe
from wslint.probe.report import render
from wslint.probe.run import Wishes, probe
from wslint.probe.target import target

PEM = Path(__file__).parent / "localhost.pem"


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))


def ask(url: str, *, insecure: bool = False, timeout: float = 2.0) -> tuple[Probe, Diagnosis]:
    aim = target(url)
    outcome = probe(aim, Wishes(timeout, insecure=insecure))
    return outcome, diagnose(outcome, Asked(aim))


@pytest.mark.usefixtures("trusted")
def test_a_certificate_that_is_trusted(servers: Servers, tls: ssl.SSLContext) -> None:
    outcome, diagnosis = ask(f"wss://localhost:{servers.start(answering(), tls=tls)}/")
    assert diagnosis.symptom.id == "works"
    assert outcome.tls is not None
    assert (outcome.tls.version, outcome.tls.subject, outcome.tls.verified) == ("TLSv1.3", "localhost", True)
    assert "certificate of localhost, by localhost, until " in render(outcome, diagnosis)


def test_a_certificate_of_nobody_known(servers: Servers, tls: ssl.SSLContext) -> None:
    port = servers.start(answering(), tls=tls)
    outcome, diagnosis = ask(f"wss://localhost:{port}/")
    assert (diagnosis.symptom.id, diagnosis.symptom.outcome) == ("tls", "no-answer")
    assert "the certificate is refused: self-signed certificate" in outcome.failure_detail
    assert outcome.response is None


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_host(servers: Servers, tls: ssl.SSLContext) -> None:
    outcome, diagnosis = ask(f"wss://127.0.0.1:{servers.start(answering(), tls=tls)}/")
    assert diagnosis.symptom.id == "tls"
    assert "127.0.0.1" in outcome.failure_detail


def test_insecure_takes_it(servers: Servers, tls: ssl.SSLContext) -> None:
    outcome, diagnosis = ask(f"wss://localhost:{servers.start(answering(), tls=tls)}/", insecure=True)
    assert diagnosis.symptom.id == "works"
    assert "the certificate was not checked (--insecure)" in render(outcome, diagnosis)


def test_wss_to_a_port_without_tls(servers: Servers) -> None:
    port = servers.start(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), speaks_first=True)
    outcome, diagnosis = ask(f"wss://localhost:{port}/")
    assert (diagnosis.symptom.id, outcome.steps[-1].name) == ("tls", "tls")
    assert "A port that speaks no TLS wants ws://" in render(outcome, diagnosis)


def test_ws_to_a_port_with_tls(servers: Servers, tls: ssl.SSLContext) -> None:
    _, diagnosis = ask(f"ws://localhost:{servers.start(answering(), tls=tls)}/")
    assert diagnosis.symptom.id in ("tls-port", "closed-unanswered")
    assert "wss://" in diagnosis.symptom.advice


def test_a_tls_handshake_that_never_ends(servers: Servers) -> None:
    def handle(connection: socket.socket, head: bytes) -> None:
        while connection.recv(4096):
            pass

    port = servers.start(handle, speaks_first=True)
    outcome, diagnosis = ask(f"wss://localhost:{port}/", timeout=0.3)
    assert diagnosis.symptom.id == "tls"
    assert outcome.failure_detail == "no answer within 0.3 s"
    assert outcome.steps[-1].outcome == "timeout"


def test_a_connection_that_ends_in_the_tls_handshake(servers: Servers) -> None:
    port = servers.start(saying(b""), speaks_first=True)
    assert ask(f"wss://localhost:{port}/")[1].symptom.id == "tls"


def test_frames_over_tls_that_end_without_its_goodbye(servers: Servers, tls: ssl.SSLContext) -> None:
    from tests.probe.servers import switching

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(switching(head))

    outcome, diagnosis = ask(f"wss://localhost:{servers.start(handle, tls=tls)}/", insecure=True)
    assert diagnosis.symptom.id == "dropped-at-once"
    assert outcome.session is not None
