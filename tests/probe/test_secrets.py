"""A probe's report can be pasted into an issue: no query value and no credential stands in it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from tests.probe.servers import Servers, http
from wslint import cli, ends, start
from wslint.probe.secrets import Secrets, hide_everywhere

TOKEN, COOKIE, BEARER, SUBPROTOCOL = (
    "s3cretQuery+x",
    "s3cretCookie",
    "s3cretBearer.jwt",
    "s3cretSubprotocolTokenThatIsLong",
)
ECHO = (
    "Location: https://login.example/?next=1&code=s3cretMinted",
    "Set-Cookie: sid=s3cretSession; Path=/",
    "X-Auth-Token: s3cretAnswer",
    "WWW-Authenticate: Bearer s3cretRealm",
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["probe", *arguments], standalone_mode=False)


def arguments(port: int) -> list[str]:
    return [
        f"ws://127.0.0.1:{port}/ws/ABCDE?token=s3cretQuery%2Bx&room=s3cretRoom",
        *("--header", f"Cookie: a=1; session={COOKIE}"),
        *("--header", f"Authorization: Bearer {BEARER}"),
        *("--header", "X-Session-Token: s3cretHeader"),
        *("--subprotocol", "chat", "--subprotocol", SUBPROTOCOL),
    ]


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_nothing_secret_is_shown(output_format: str, servers: Servers) -> None:
    """Not in the request, nor where the server says it again: in headers, in its body, encoded or not."""
    body = (
        f"denied for token={TOKEN} (s3cretQuery%2Bx), cookie {COOKIE}, {BEARER}, {SUBPROTOCOL}, room s3cretRoom, "
        'wss://user:s3cretPassword@host/?key=s3cretOther {"access_token": "s3cretField"}'
    )
    port = servers.start(http("302 Found", *ECHO, body=body.encode()))
    done = run(*arguments(port), "--output-format", output_format)
    assert b"s3cretBearer" in servers.requests[0] and b"s3cretQuery" in servers.requests[0]
    assert "s3cret" not in done.stdout, done.stdout
    assert "token=…" in done.stdout.replace("\\u2026", "…") and "/ws/ABCDE?" in done.stdout
    shown = run(*arguments(port), "--output-format", output_format, "--show-secrets").stdout
    for secret in (
        "s3cretQuery",
        COOKIE,
        BEARER,
        SUBPROTOCOL,
        "s3cretHeader",
        "s3cretMinted",
        "s3cretSession",
    ):
        assert secret in shown, secret
    if output_format == "json":
        document = json.loads(done.stdout)
        assert document["response"]["status"] == 302
        assert {"name": "Set-Cookie", "value": "sid=…; Path=/"} in document["response"]["headers"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["ftp://h/?token=s3cretValue"],
        ["h/ws?token=s3cretValue"],
        ["ws://user:s3cretValue@h/"],
        ["ws://h/ws?token=s3cretValue#x"],
        ["ws://h/?s3cretValue", "--log", "nowhere"],
        ["ws://h/?token=s3cretValue", "ws://h/?token=s3cretValue"],
        ["ws://h:99999999/?token=s3cretValue"],
        ["ws://h/", "--header", "Authorization Bearer s3cretValue"],
        ["ws://h/", "--header", "Authorization: s3cretVal\x01ue"],
        ["ws://h/", "--timeout", "x?token=s3cretValue"],
        ["ws://h/", "--header", "Cookie:", "sid=s3cretValue"],
        ["ws://h/", "s3cretValue", "(s3cretVal)"],
    ],
)
def test_errors_quote_nothing_secret(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["wslint", "probe", *arguments])
    with pytest.raises(SystemExit) as end:
        ends._run(start.command)
    said = capsys.readouterr()
    assert end.value.code == 2 and said.err
    assert "s3cretVal" not in said.err + said.out, said.err


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("wss://h/?a=1&b=two#c", "wss://h/?a=…&b=…#c"),
        ("wss://u:p@h/", "wss://…@h/"),
        ("ws://h/?abcdef", "ws://h/?…"),
        ("a == b ? c : d", "a == b ? c : d"),
        ("Bearer abcdef.ghi", "Bearer …"),
        ('{"password": "x y", "name": "n"}', '{"password": "…", "name": "n"}'),
        ("Is it so? Yes = no", "Is it so? Yes = no"),
    ],
)
def test_what_looks_like_a_credential(text: str, shown: str) -> None:
    assert hide_everywhere(text) == shown


def test_short_values_do_not_blot_words_out() -> None:
    secrets = Secrets("ws://h/?v=1&x=ab", [("Cookie", "a=b")], ["chat"])
    assert secrets.hide("version 1 of chat, ab") == "version 1 of chat, ab"


def test_a_mistake_of_wslint_quotes_nothing_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["ws://h/?token=s3cretValue", "--header", "Authorization: Bearer s3cretHeader"]
    monkeypatch.setattr("sys.argv", ["wslint", "probe", *arguments])
    monkeypatch.setattr(cli, "main", lambda **_: 1 / 0)
    with pytest.raises(SystemExit):
        ends._run(start.command)
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said and "s3cret" not in said
