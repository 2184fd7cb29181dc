"""A report's worth of findings over files that exist only in memory."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from wslint.finding import Edit, Finding, Fix, Label, Severity, rule_url
from wslint.report.model import Checked, CheckedWorker, Result, RuleInfo, Unchecked
from wslint.text import SourceFile, Span

CONFIG = b"""\
name = "chat"
main = "src/index.ts"
compatibility_date = "2025-01-01"

[[durable_objects.bindings]]
name = "ROOM"
class_name = "ChatRoom"

[env.staging]
name = "chat-staging"

[[env.staging.durable_objects.bindings]]
name = "ROOM"
class_name = "ChatRoom"
"""

SOURCE = """\
import { DurableObject } from "cloudflare:workers";

export class ChatRoom extends DurableObject {
\tasync fetch(request: Request): Promise<Response> {
\t\tconst pair = new WebSocketPair();
\t\tpair[1].accept();
\t\treturn new Response(null, { status: 101, webSocket: pair[0] });
\t}
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const greeting = "聊天室へようこそ"; const upgraded = await env.ROOM.get(id).fetch(request);
    const name = "e\u0301te\u0301"; return new Response(upgraded.body, {
      status: upgraded.status,
      statusText: upgraded.statusText,
      headers: {
        ...Object.fromEntries(upgraded.headers),
        "x-served-by": "chat",
      },
    });
  },
};
"""

WINDOWS = b'name = "lobby"\r\nmain = "worker.js"\r\ncompatibility_flags = ["web_socket_compression"]\r\n'

MINIFIED = (
    b"var a=1;"
    + b"function f(e){return e+1};" * 60
    + b"new Response(null,{status:101,webSocket:p});"
    + b"function g(e){return e-1};" * 60
    + b"x.accept();var z=0;"
)

HOSTILE = 'let title = "\x1b[31mred\x07\u202edesrever"; connect(title);\n'.encode() + b"\xff\xfe broken();\n"

ENDLESS = b"import asyncio\n\n\nasync def on_fetch(request, env):\n    return await env.ROOM.fetch(request)\n"


class Sample:
    """Files by their name, and the places of texts in them."""

    def __init__(self) -> None:
        contents = {
            "chat/wrangler.toml": CONFIG,
            "chat/src/index.ts": SOURCE.encode(),
            "lobby/wrangler.toml": WINDOWS,
            "chat/dist/bundle.min.js": MINIFIED,
            "chat/public/a,b: 100%.js": HOSTILE,
            "python/src/entry.py": ENDLESS,
        }
        self.files = {
            name: SourceFile(Path("/project") / name, name, data) for name, data in contents.items()
        }

    def span(self, name: str, text: str, nth: int = 0) -> Span:
        """The place of the nth occurrence of a text."""
        data, wanted = self.files[name].data, text.encode()
        start = data.index(wanted)
        for _ in range(nth):
            start = data.index(wanted, start + 1)
        return Span(self.files[name], start, start + len(wanted))

    def at(self, name: str, start: int, end: int) -> Span:
        return Span(self.files[name], start, end)


def rules() -> dict[str, RuleInfo]:
    listed = [
        ("WS301", "class-never-created", Severity.ERROR, "a bound class that no migration creates"),
        ("WS401", "rewrapped-upgrade-response", Severity.ERROR, "a 101 response wrapped in a new one"),
        ("WS601", "accept-without-hibernation", Severity.INFO, "a socket that keeps its object awake"),
        ("WS999", "never-found", Severity.WARNING, "a rule that ran and found nothing"),
    ]
    return {
        code: RuleInfo(
            code,
            name,
            severity,
            "high",
            summary,
            partial("## What it does\n\nFinds {}.\n".format, summary),
            rule_url(code, name),
        )
        for code, name, severity, summary in listed
    }


def findings(sample: Sample) -> tuple[Finding, ...]:
    config, source = "chat/wrangler.toml", "chat/src/index.ts"
    minified, hostile, endless = "chat/dist/bundle.min.js", "chat/public/a,b: 100%.js", "python/src/entry.py"
    rewrapped_start = sample.span(source, "new Response(upgraded").start
    rewrapped_end = sample.span(source, "    });\n").end - 2
    flag = sample.span("lobby/wrangler.toml", '"web_socket_compression"')
    everything = [
        Finding(
            "WS301",
            "class-never-created",
            Severity.ERROR,
            "high",
            "deploy is refused with code 10061: `ChatRoom` is bound, but no migration creates it",
            sample.span(config, '"ChatRoom"'),
            labels=(
                Label(sample.span(config, '"ChatRoom"'), "bound here, and nothing creates it"),
                Label(sample.span(config, '"ChatRoom"', 1), "and here, in `staging`"),
                Label(sample.span(source, "ChatRoom"), "the class is exported here"),
            ),
            help='add `[[migrations]]` with `new_sqlite_classes = ["ChatRoom"]`',
            fix=Fix(
                "add a migration that creates `ChatRoom`",
                "safe",
                (
                    Edit(
                        sample.at(config, len(CONFIG), len(CONFIG)),
                        '\n[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["ChatRoom"]\n',
                    ),
                ),
            ),
            worker="chat",
            environments=(None, "staging"),
        ),
        Finding(
            "WS401",
            "rewrapped-upgrade-response",
            Severity.ERROR,
            "high",
            "the handshake answers 500: `RangeError: Responses with status 101 need a webSocket`",
            sample.at(source, rewrapped_start, rewrapped_end),
            labels=(
                Label(
                    sample.at(source, rewrapped_start, rewrapped_end), "the new response has no `webSocket`"
                ),
                Label(sample.span(source, "env.ROOM.get(id).fetch(request)"), "the 101 comes from here"),
                Label(sample.span(source, "upgraded"), "and is kept here"),
            ),
            help="return the response of the stub as it is\nor pass `webSocket: upgraded.webSocket` along",
            fix=Fix(
                "return `upgraded` itself",
                "unsafe",
                (Edit(sample.at(source, rewrapped_start, rewrapped_end), "upgraded"),),
            ),
            worker="chat",
            environments=(None,),
        ),
        Finding(
            "WS601",
            "accept-without-hibernation",
            Severity.INFO,
            "medium",
            "the object stays in memory, and is billed, for as long as the socket is open",
            sample.span(source, "pair[1].accept()"),
            labels=(Label(sample.span(source, "new WebSocketPair()"), "the pair is made here"),),
            help="accept it with `this.ctx.acceptWebSocket(pair[1])`",
            fix=Fix(
                "accept the socket with hibernation",
                "display",
                (
                    Edit(
                        sample.span(source, "pair[1].accept();"),
                        "this.ctx.acceptWebSocket(pair[1]);\n\t// and handle webSocketMessage()",
                    ),
                ),
            ),
            worker="chat",
            environments=("staging",),
        ),
        Finding(
            "WS102",
            "flag-needs-later-date",
            Severity.WARNING,
            "high",
            "the flag `web_socket_compression` does nothing without a `compatibility_date`",
            flag,
            worker="lobby",
            environments=(None,),
        ),
        Finding(
            "WS401",
            "rewrapped-upgrade-response",
            Severity.ERROR,
            "high",
            "a 101 in generated code",
            sample.span(minified, "new Response(null,{status:101,webSocket:p})"),
            labels=(Label(sample.span(minified, "x.accept()"), "far away on the same line"),),
        ),
        Finding(
            "WS701",
            "client-url-without-route",
            Severity.WARNING,
            "high",
            "a message\nwith a line end, a \x1b[31mcolour\x1b[0m and 100%: of it",
            sample.span(hostile, "connect(title)"),
            labels=(Label(sample.span(hostile, "broken()"), "after bytes that are \x07not UTF-8"),),
            help="first: line\r\nsecond\tline",
        ),
        Finding(
            "WS901",
            "missing-import",
            Severity.WARNING,
            "high",
            "nothing imports `WebSocketPair`",
            sample.at(endless, len(ENDLESS), len(ENDLESS)),
            worker="python",
            environments=("production", "staging"),
        ),
    ]
    return tuple(sorted(everything, key=lambda finding: finding.sort_key))


@pytest.fixture
def sample() -> Sample:
    return Sample()


@pytest.fixture
def result(sample: Sample) -> Result:
    return Result(
        workers=(
            CheckedWorker("chat/wrangler.toml", None, "chat", "chat/src/index.ts"),
            CheckedWorker("chat/wrangler.toml", "staging", "chat-staging", "chat/src/index.ts"),
            CheckedWorker(
                "lobby/wrangler.toml",
                None,
                "lobby",
                None,
                Checked(True, "unread", ("`worker.js` does not exist",)),
            ),
            CheckedWorker("python/wrangler.toml", "production", None, "python/src/entry.py"),
        ),
        findings=findings(sample),
        unknown=(
            Unchecked(
                "chat/src/index.ts",
                13,
                76,
                "which object `id` names",
                "it is made at run time",
                (None, "staging"),
            ),
            Unchecked("lobby/wrangler.toml", 2, 8, "the entrypoint", "`worker.js` does not exist", (None,)),
        ),
        suppressed=1,
        skipped=(("templates/wrangler.toml", "it is a template: it holds `{{ name }}`"),),
        rules=rules(),
        hidden=3,
        version="1.2.3",
    )


@pytest.fixture
def clean() -> Result:
    return Result(
        workers=(
            CheckedWorker("chat/wrangler.toml", None, "chat", "chat/src/index.ts"),
            CheckedWorker("lobby/wrangler.jsonc", None, "lobby", "lobby/index.js"),
        ),
        rules=rules(),
        version="1.2.3",
    )


@pytest.fixture
def unread() -> Result:
    """Nothing found, and the code of two of three Workers not read."""
    built = Checked(True, "unread", ("`main` is what `make` writes, and nothing tells from what",))
    return Result(
        workers=(
            CheckedWorker("chat/wrangler.toml", None, "chat", "chat/src/index.ts"),
            CheckedWorker("hall/wrangler.toml", None, "hall", None, built),
            CheckedWorker("hall/wrangler.toml", "staging", "hall-staging", None, built),
            CheckedWorker("lobby/wrangler.jsonc", None, "lobby", None, Checked(True, "unread")),
        ),
        rules=rules(),
        version="1.2.3",
    )


@pytest.fixture
def partly() -> Result:
    """Nothing found, and one thing not decided."""
    part = Checked(True, "part", ("what `./made.js` exports: the file is not in the tree",))
    return Result(
        workers=(CheckedWorker("chat/wrangler.toml", None, "chat", "chat/src/index.ts", part),),
        unknown=(
            Unchecked("chat/src/index.ts", 1, 8, "what `./made.js` exports", "the file is not in the tree"),
        ),
        rules=rules(),
        version="1.2.3",
    )
