"""Lowering Rust: each piece of syntax against its dump, and names at their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.source.dump import dump_module
from wslint.files import Files
from wslint.source import tree
from wslint.source.rust.flow_lower import lower, needs_lowering

CASES = [
    (
        'fn f() { let _ = ws.send_with_str("x"); }',
        '(function f (fn f () (try [(do (call (. ws send) "x"))] [] [])))',
    ),
    (
        "fn f() { self.sockets.borrow_mut().insert(id, server); }",
        "(function f (fn f () (do (call (. (. this sockets) set) id server))))",
    ),
    (
        "fn f() -> R { Response::from_websocket(client) }",
        "(function f (fn f () (return (new Response #null (table (status 101) (webSocket client))))))",
    ),
    (
        'fn f() { env.durable_object("MATCH")?.id_from_name(&code)?.get_stub()?; }',
        "(function f (fn f () (do (call (. (call (. (. env MATCH) idFromName) code) get_stub)))))",
    ),
    (
        "#[event(fetch)]\nasync fn main(req: Request) { stub.fetch_with_request(req).await }",
        "(function fetch (async fn main (req:Request) (return (await (call (. stub fetch) req)))))",
    ),
    (
        "fn f() { if let Some(ws) = a { ws.close(Some(1000), None)?; } else { b(); } }",
        "(function f (fn f () (if a [(let ws a) (do (call (. ws close) 1000 #null))] [(do (call b))])))",
    ),
    (
        'fn f() { match m { "a" => x(), _ => y() } }',
        '(function f (fn f () (if (=== m "a") [(return (call x))] [(return (call y))])))',
    ),
    (
        "#[durable_object(fetch)]\npub struct Room { state: State }\nimpl DurableObject for Room { fn new(state: State) -> Self { Self { state } } async fn websocket_close(&self, ws: WebSocket) {} }",
        "(class Room (class Room (extends) (method constructor (fn new (state:State) (return (, (:= (. this state) state) this)))) (method webSocketClose (async fn websocket_close (ws:WebSocket)))))",
    ),
    ("#[cfg(test)]\nmod tests { fn f() {} }", ""),
    (
        "fn f() { let WebSocketPair { client, server } = WebSocketPair::new()?; }",
        "(function f (fn f () (let (table (client client) (server server)) (new WebSocketPair))))",
    ),
    ("fn f() { let Ok(x) = y else { return; }; }", "(function f (fn f () (let x y) (if (?) [(return)])))"),
]


def lowered(folder: Path, source: str) -> tree.Module:
    path = folder / "lib.rs"
    path.write_text(source, encoding="utf-8")
    files = Files(folder)
    file = files.read(path)
    assert file is not None
    return lower(file, files)


@pytest.mark.parametrize(("source", "wanted"), CASES)
def test_dump(source: str, wanted: str, tmp_path: Path) -> None:
    assert dump_module(lowered(tmp_path, source)) == wanted


def test_a_class_keeps_its_attributes_and_traits(tmp_path: Path) -> None:
    source = "#[durable_object(fetch)]\npub struct Room {}\nimpl DurableObject for Room {}\nimpl Room { fn help() {} }"
    declared = lowered(tmp_path, source).body[0]
    assert isinstance(declared, tree.Declare) and isinstance(declared.value, tree.Class)
    assert declared.value.attributes == ["durable_object(fetch)"]
    assert declared.value.traits == ["DurableObject"]
    assert [(member.name, member.static) for member in declared.value.members] == [("help", True)]


def test_names_are_where_they_are_written(tmp_path: Path) -> None:
    source = "// ä\nfn f() { state.accept_web_socket(&server); }"
    call = next(node for node in _nodes(lowered(tmp_path, source)) if isinstance(node, tree.Member))
    assert call.name_start == source.encode().index(b"accept_web_socket")


def _nodes(module: tree.Module) -> list[tree.Node]:
    from wslint.source.nodes import nodes_in

    return list(nodes_in(module.body))


def test_only_files_of_a_handshake_need_it() -> None:
    assert needs_lowering(b"#[durable_object]")
    assert not needs_lowering(b"pub fn add(a: u32) -> u32 { a }")


@pytest.mark.parametrize(
    "source", ["fn f( {", "impl DurableObject for", "fn f() { " + "(" * 2000, "\ufeff#![allow(x)]"]
)
def test_bad_input_lowers_to_something(source: str, tmp_path: Path) -> None:
    assert isinstance(lowered(tmp_path, source), tree.Module)
