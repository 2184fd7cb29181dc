"""Small Workers in Rust, and what a handshake for one of their addresses comes to."""

from __future__ import annotations

from pathlib import Path

from tests.pages import TODAY, write
from wslint.files import Files
from wslint.machine import objects
from wslint.machine.machine import Machine
from wslint.play import scenes
from wslint.play.ending import Ending
from wslint.runtime import url as url_model
from wslint.values.heap import Object
from wslint.values.value import Unknown
from wslint.workspace import discover, load

CONFIG = """\
name = "match"
main = "build/index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "Match"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[vars]
REGION = "eu"

[build]
command = "worker-build --release"
"""

CARGO = """\
[package]
name = "match"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
worker = "0.7"
"""

OBJECT = """\
#[durable_object]
pub struct Match {
    state: State,
    env: Env,
}

impl DurableObject for Match {
    fn new(state: State, env: Env) -> Self {
        Self { state, env }
    }

    async fn fetch(&self, req: Request) -> Result<Response> {
        @OBJECT
    }
}
"""

UPGRADE = """\
let pair = WebSocketPair::new()?;
self.state.accept_web_socket(&pair.server);
Response::from_websocket(pair.client)
"""

FORWARD = 'env.durable_object("MATCH")?.id_from_name("a")?.get_stub()?.fetch_with_request(req).await'


def crate(body: str = FORWARD, items: str = "", inside: str = UPGRADE) -> dict[str, str]:
    """The files of a Worker: the body of its `fetch`, what else stands in the file, and the body of its object's."""
    fetch = "#[event(fetch)]\nasync fn main(req: Request, env: Env, ctx: Context) -> Result<Response> {\n@BODY\n}\n"
    source = (
        "use worker::*;\n\n"
        + fetch.replace("@BODY", body)
        + "\n"
        + items
        + "\n"
        + OBJECT.replace("@OBJECT", inside)
    )
    return {"wrangler.toml": CONFIG, "Cargo.toml": CARGO, "src/lib.rs": source}


def endings(
    folder: Path, files: dict[str, str], address: str = "/ws/ABCDE", machine: Machine | None = None
) -> list[Ending]:
    """What a browser's handshake comes to."""
    write(files, folder)
    read = Files(folder)
    worker = load(discover([folder], read).configs, read, TODAY).workers[0]
    path, _, query = address.partition("?")
    host = (Unknown("the scheme", None, "client"), Unknown("the host", None, "client"))
    url = url_model.address((*host, path, "?" + query if query else "", ""))
    return scenes.handshake(machine or Machine(), worker, url)


def said(found: list[Ending]) -> str:
    """Endings in short: `101`, `404 or 101`, `throw`; sorted, so that their order does not count."""
    return " or ".join(sorted({str(one.status) if one.kind == "answer" else one.kind for one in found}))


def message(machine: Machine) -> list[Ending]:
    """What a text comes to that the client sends to the object of a handshake before."""
    instance = next(
        machine.known(held) for held in machine.isolate.values() if isinstance(machine.known(held), Object)
    )
    socket = machine.known(objects.context_of(machine, instance).slots["sockets"])[0]
    text = Unknown("the message", None, "client")
    text.known["message"] = "text"
    given = [socket, text]
    return scenes.play(
        machine,
        "message",
        lambda: objects.run(machine, instance, "webSocketMessage", given, instance.extra.place),
    )
