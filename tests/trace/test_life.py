"""`wslint trace --life`: what follows the handshake of the address that is asked for, in every language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.pages import TODAY, write
from tests.trace.projects import CONFIG
from tests.trace.test_command import run
from tests.trace.test_render import SCHEMA
from wslint.files import Files
from wslint.trace import predict, render, render_life
from wslint.trace.model import LifeText, SceneEnding, SceneText, Trace

BEFORE = 'import { DurableObject } from "cloudflare:workers";\n\n'
ROUTES = """
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/ws/old") return env.MATCH.getByName("old").fetch(request);
    if (url.pathname.startsWith("/ws/")) return env.MATCH.getByName(url.pathname).fetch(request);
    return new Response("", { status: 404 });
  },
};
"""
CLASS = """\
export class Match extends DurableObject {
  count = 0;
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws, message) {
    if (typeof message !== "string") return;
    const { name } = JSON.parse(message);
    this.count += 1;
    ws.serializeAttachment({ seen: 1 });
    await this.ctx.storage.put("last", 7);
    ws.send(JSON.stringify({ hello: "you", count: this.count }));
  }
  webSocketClose(ws, code, reason) {
    ws.close(code, "bye");
  }
}
"""
TYPED = (
    CLASS.replace("fetch(request)", "fetch(request: Request): Promise<Response>")
    .replace("(ws, message)", "(ws: WebSocket, message: string | ArrayBuffer): Promise<void>")
    .replace("(ws, code, reason)", "(ws: WebSocket, code: number, reason: string): void")
    .replace("count = 0", "private count: number = 0")
)
PYTHON = """\
import json
from urllib.parse import urlparse
from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint


class Match(DurableObject):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.count = 0

    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response(None, status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        if not isinstance(message, str):
            return
        data = json.loads(message)
        self.count += 1
        ws.serializeAttachment(json.dumps({"seen": 1}))
        await self.ctx.storage.put("last", 7)
        ws.send(json.dumps({"hello": "you", "count": self.count}))

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(code, "bye")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = urlparse(request.url).path
        if path.startswith("/ws/"):
            return await self.env.MATCH.getByName(path).fetch(request)
        return Response("", status=404)
"""
CARGO = """\
[package]
name = "lobby"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
worker = "0.8"
serde_json = "1"
"""
RUST = """\
use std::cell::Cell;
use worker::*;

#[durable_object]
pub struct Match {
    state: State,
    count: Cell<u32>,
}

impl DurableObject for Match {
    fn new(state: State, _env: Env) -> Self {
        Self { state, count: Cell::new(0) }
    }
    async fn fetch(&self, _req: Request) -> Result<Response> {
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
    }
    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        if let WebSocketIncomingMessage::String(_text) = message {
            self.count.set(self.count.get() + 1);
            ws.serialize_attachment(7)?;
            self.state.storage().put("last", 7).await?;
            ws.send_with_str("hello you")?;
        }
        Ok(())
    }
    async fn websocket_close(&self, ws: WebSocket, code: usize, _reason: String, _clean: bool) -> Result<()> {
        ws.close(Some(code as u16), Some("bye"))
    }
}

#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    let path = req.path();
    if path.starts_with("/ws/") {
        return env.durable_object("MATCH")?.get_by_name(&path)?.fetch_with_request(req).await;
    }
    Response::error("", 404)
}
"""
RUST_CONFIG = CONFIG.replace("index.js", "build/worker/shim.mjs") + (
    '\n[build]\ncommand = "cargo install -q worker-build && worker-build --release"\n'
)


def _python_config() -> str:
    first, second = CONFIG.split("\n\n", 1)
    return f'{first.replace("index.js", "entry.py")}\ncompatibility_flags = ["python_workers"]\n\n{second}'


PROJECTS = {
    "javascript": {"wrangler.toml": CONFIG, "index.js": BEFORE + CLASS + ROUTES},
    "typescript": {
        "wrangler.toml": CONFIG.replace("index.js", "index.ts"),
        "index.ts": BEFORE + TYPED + ROUTES,
    },
    "python": {"wrangler.toml": _python_config(), "entry.py": PYTHON},
    "rust": {"wrangler.toml": RUST_CONFIG, "Cargo.toml": CARGO, "src/lib.rs": RUST},
}


def lived(folder: Path, files: dict[str, str], url: str = "/ws/ABCDE") -> Trace:
    write(files, folder)
    workspace, findings = predict.open_folder([folder], Files(folder), TODAY)
    return predict.trace_worker(predict.front_worker(workspace), url, findings, life=True)


def life(folder: Path, files: dict[str, str], url: str = "/ws/ABCDE") -> LifeText:
    found = lived(folder, files, url).life
    assert found is not None
    return found


def scene(found: LifeText, name: str) -> SceneText:
    return next(one for one in found.scenes if one.name == name)


def effects(one: SceneText, kind: str) -> list[str]:
    return [effect.text for effect in one.effects if effect.kind == kind]


def where(ending: Any) -> set[tuple[str, ...]]:
    return {tuple(condition.text for condition in way) for way in ending.ways}


def ended(one: SceneText) -> dict[str, SceneEnding]:
    return {ending.kind: ending for ending in one.endings}


@pytest.mark.parametrize("language", PROJECTS)
def test_a_message_says_what_is_sent_stored_attached_and_set(language: str, tmp_path: Path) -> None:
    found = life(tmp_path, PROJECTS[language])
    assert found.class_name == "Match"
    message = scene(found, "message")
    hello = "hello you" if language == "rust" else '"hello": "you", "count": 1'
    assert any(hello in text for text in effects(message, "send"))
    assert [effect.to for effect in message.effects if effect.kind == "send"] == ["the first client"]
    assert effects(message, "store") == ['put "last" 7']
    assert len(effects(message, "attach")) == 1
    for effect in message.effects:
        assert effect.span is not None
        assert "the message is text" in " ".join(one.text for way in effect.ways for one in way)
        assert all(one.who == "client" for way in effect.ways for one in way)


@pytest.mark.parametrize("language", PROJECTS)
def test_a_close_throws_in_two_of_four_ways(language: str, tmp_path: Path) -> None:
    ends = ended(scene(life(tmp_path, PROJECTS[language]), "close of a client"))
    assert set(ends) == {"throw", "done"}
    thrown = ends["throw"]
    assert thrown.text.endswith("Invalid WebSocket close code: 1005.")
    assert where(thrown) == {("the client closes without a code or the connection is lost",)}
    assert thrown.span is not None and "close" in thrown.span.file.line_text(thrown.span.first.line)
    assert thrown.sure


@pytest.mark.parametrize("language", PROJECTS)
def test_an_eviction_forgets_the_field_and_says_what_comes_out_otherwise(
    language: str, tmp_path: Path
) -> None:
    found = life(tmp_path, PROJECTS[language])
    assert found.forgotten == ("count",)
    woken = scene(found, "message after the wake")
    if language == "rust":  # what is sent does not have the field in it
        assert woken.changes == ()
        return
    assert woken.changes is not None
    texts = {change.lost: change.effect.text for change in woken.changes}
    assert texts[True] == '{"hello": "you", "count": 1 or 2 or 3}'  # two messages came before
    assert texts[False] == '{"hello": "you", "count": 1}'
    reads = {name for name, _ in woken.reads}
    assert reads == {"count"}


@pytest.mark.parametrize("language", PROJECTS)
def test_the_program_prints_it_within_80_columns_and_by_its_schema(language: str, tmp_path: Path) -> None:
    write(PROJECTS[language], tmp_path)
    shown = run(tmp_path, "--url", "/ws/ABCDE", "--life")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert max(map(len, shown.stdout.splitlines())) <= 80
    assert "├─ a message\n" in shown.stdout and "the life of a socket of Match" in shown.stdout
    document = json.loads(run(tmp_path, "--url", "/ws/ABCDE", "--life", "--output-format", "json").stdout)
    jsonschema.validate(document, SCHEMA)
    assert document["life"]["scenes"][0]["name"] == "handshake"
    assert "life" not in json.loads(run(tmp_path, "--url", "/ws/ABCDE", "--output-format", "json").stdout)


def test_the_life_is_that_of_the_address_that_is_given(tmp_path: Path) -> None:
    other = (
        "export class Old extends DurableObject {\n"
        "  fetch(request) {\n"
        "    const [client, server] = Object.values(new WebSocketPair());\n"
        "    this.ctx.acceptWebSocket(server);\n"
        "    return new Response(null, { status: 101, webSocket: client });\n"
        "  }\n"
        "  webSocketMessage(ws) {\n"
        "    ws.send('old');\n"
        "  }\n"
        "}\n"
    )
    config = CONFIG.replace('["Match"]', '["Match", "Old"]').replace(
        "[[migrations]]", '[[durable_objects.bindings]]\nname = "OLD"\nclass_name = "Old"\n\n[[migrations]]'
    )
    routes = ROUTES.replace('env.MATCH.getByName("old")', 'env.OLD.getByName("old")')
    files = {"wrangler.toml": config, "index.js": BEFORE + CLASS + other + routes}
    old, new = life(tmp_path, files, "/ws/old"), life(tmp_path, files, "/ws/new")
    assert (old.class_name, new.class_name) == ("Old", "Match")
    assert effects(scene(old, "message"), "send") == ['"old"']
    closed = ended(scene(old, "close of a client"))["done"]
    assert closed.text == "the class has no `webSocketClose`"
    assert old.forgotten == ()


def test_an_object_of_another_worker_lives_there(tmp_path: Path) -> None:
    front = (
        CONFIG.split("[[durable")[0]
        + '[[durable_objects.bindings]]\nname = "MATCH"\nclass_name = "Match"\nscript_name = "match"\n'
    )
    found = life(
        tmp_path,
        {
            "wrangler.toml": front,
            "index.js": ROUTES,
            "match/wrangler.toml": CONFIG.replace('"lobby"', '"match"'),
            "match/index.js": BEFORE + CLASS + "export default { fetch: () => new Response('') };\n",
        },
    )
    assert found.class_name == "Match"
    assert effects(scene(found, "message"), "store") == ['put "last" 7']


def test_a_query_that_decides_is_the_one_that_was_given(tmp_path: Path) -> None:
    source = BEFORE + CLASS.replace(
        "this.ctx.acceptWebSocket(server);",
        "this.ctx.acceptWebSocket(server);\n"
        "    server.serializeAttachment(new URL(request.url).searchParams.get('name'));",
    )
    found = life(
        tmp_path, {"wrangler.toml": CONFIG, "index.js": source + ROUTES}, "wss://a.example/ws/A?name=Ada"
    )
    assert effects(scene(found, "handshake"), "attach") == ['"Ada"']


@pytest.mark.parametrize(
    ("url", "source", "words"),
    [
        ("/nope", BEFORE + CLASS + ROUTES, "no handshake opens here: nothing follows it"),
        (
            "/ws/A",
            "export default { fetch() {\n  const [client, server] = Object.values(new WebSocketPair());\n"
            "  server.accept();\n  return new Response(null, { status: 101, webSocket: client });\n} };\n"
            + BEFORE
            + CLASS,
            "no Durable Object takes this socket for hibernation: what comes over it is not played",
        ),
    ],
)
def test_where_nothing_is_played_it_says_why(url: str, source: str, words: str, tmp_path: Path) -> None:
    trace = lived(tmp_path, {"wrangler.toml": CONFIG, "index.js": source}, url)
    assert trace.life is not None
    assert (trace.life.scenes, trace.life.why) == ((), words)
    assert " ".join(words.split()) in " ".join(render.text([trace]).split())
    jsonschema.validate(json.loads(render.as_json([trace], several=False)), SCHEMA)


def test_what_can_not_be_followed_is_unknown_with_its_reason(tmp_path: Path) -> None:
    source = CLASS.replace("const { name } = JSON.parse(message);", "const { name } = await decode(message);")
    found = life(
        tmp_path,
        {"wrangler.toml": CONFIG, "index.js": 'import { decode } from "codec";\n' + BEFORE + source + ROUTES},
    )
    message = scene(found, "message")
    assert any("decode" in text for text in effects(message, "unread"))
    assert all(not ending.sure for ending in message.endings if ending.kind == "throw")


def test_a_timer_that_pins_the_object_is_why_there_is_no_wake(tmp_path: Path) -> None:
    source = CLASS.replace(
        "this.count += 1;", "this.count += 1;\n    setInterval(() => ws.send('tick'), 1000);"
    )
    found = life(tmp_path, {"wrangler.toml": CONFIG, "index.js": BEFORE + source + ROUTES})
    assert found.forgotten is None
    assert "keeps the object in memory" in found.why


def test_many_ways_and_effects_are_cut_in_the_text_and_not_in_json(tmp_path: Path) -> None:
    sends = "\n".join(f"    ws.send('word {number}');" for number in range(40))
    source = CLASS.replace("this.count += 1;", sends)
    trace = lived(tmp_path, {"wrangler.toml": CONFIG, "index.js": BEFORE + source + ROUTES})
    assert trace.life is not None
    assert "more (--output-format json has all)" in render.text([trace])
    document = render_life.as_object(trace.life)
    message = next(one for one in document["scenes"] if one["name"] == "message")
    assert sum("word" in effect["text"] for effect in message["effects"]) == 40


def test_names_in_a_project_can_not_steer_the_terminal(tmp_path: Path) -> None:
    source = CLASS.replace('hello: "you"', 'hello: "\\u001b[31m"')
    trace = lived(tmp_path, {"wrangler.toml": CONFIG, "index.js": BEFORE + source + ROUTES})
    assert "\x1b" not in render.text([trace])
