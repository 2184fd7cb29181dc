"""Rust: patterns, Option and Result, the worker crate's names, each by what a handshake then comes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.machine.rust import FORWARD, UPGRADE, crate, endings, message, said
from wslint.machine.machine import Machine

NO = 'Response::error("no", 404)'

BODIES = [
    # the way to the object
    ("forward", FORWARD, "/", "101"),
    ("by name", 'env.durable_object("MATCH")?.get_by_name("a")?.fetch_with_request(req).await', "/", "101"),
    ("a clone", 'let stub = env.durable_object("MATCH")?.unique_id()?.get_stub()?;\nstub.fetch_with_request(req.clone()?).await', "/", "101"),
    ("by address, Upgrade is lost", 'env.durable_object("MATCH")?.get_by_name("a")?.fetch_with_str("https://a/x").await', "/", "throw"),
    ("a relative address", 'env.durable_object("MATCH")?.get_by_name("a")?.fetch_with_str("/x").await', "/", "throw"),
    ("no such binding", 'env.durable_object("ROOM")?.get_by_name("a")?.fetch_with_request(req).await', "/", "throw"),
    ("no such binding, handled", f'match env.durable_object("ROOM") {{ Ok(rooms) => rooms.get_by_name("a")?.fetch_with_request(req).await, Err(_) => {NO} }}', "/", "404"),
    # match
    ("a text", f'match req.path().as_str() {{ "/ws" => {FORWARD}, _ => {NO} }}', "/ws", "101"),
    ("another text", f'match req.path().as_str() {{ "/ws" => {FORWARD}, _ => {NO} }}', "/wss", "404"),
    ("either text", f'match req.path().as_str() {{ "/ws" | "/socket" => {FORWARD}, _ => {NO} }}', "/socket", "101"),
    ("a slice", f'let parts: Vec<&str> = req.path().split(\'/\').skip(1).collect();\nmatch parts[..] {{ ["ws", code] if code.len() == 5 => {FORWARD}, _ => {NO} }}', "/ws/ABCDE", "101"),
    ("lines", f'if "a\\r\\nb\\rc\\n".lines().count() == 2 {{ {FORWARD} }} else {{ {NO} }}', "/", "101"),
    ("lines, the first", f'if "a\\r\\nb".lines().next() == Some("a") {{ {FORWARD} }} else {{ {NO} }}', "/", "101"),
    ("a slice, the guard fails", f'let path = req.path(); let parts: Vec<&str> = path.split(\'/\').skip(1).collect();\nmatch parts.as_slice() {{ ["ws", code] if code.len() == 5 => {FORWARD}, _ => {NO} }}', "/ws/AB", "404"),
    ("a longer slice", f'let path = req.path(); let parts: Vec<&str> = path.split(\'/\').skip(1).collect();\nmatch parts[..] {{ ["ws", _] => {FORWARD}, _ => {NO} }}', "/ws/A/B", "404"),
    ("a slice with a rest", f'let path = req.path(); let parts: Vec<&str> = path.split(\'/\').skip(1).collect();\nmatch parts[..] {{ ["ws", .., last] if last == "B" => {FORWARD}, _ => {NO} }}', "/ws/A/B", "101"),
    ("a named rest", f'let path = req.path(); let parts: Vec<&str> = path.split(\'/\').skip(1).collect();\nmatch &parts[..] {{ [first, rest @ ..] if rest.len() == 2 => {FORWARD}, _ => {NO} }}', "/ws/A/B", "101"),
    ("a tuple", f'match (req.method(), req.path().as_str()) {{ (Method::Get, "/ws") => {FORWARD}, _ => {NO} }}', "/ws", "101"),
    ("a tuple of another method", f'match (req.method(), req.path().as_str()) {{ (Method::Post, "/ws") => {FORWARD}, _ => {NO} }}', "/ws", "404"),
    ("a range", f'let path = req.path();\nmatch path.len() {{ 1..=3 => {FORWARD}, _ => {NO} }}', "/ws", "101"),
    ("outside a range", f'let path = req.path();\nmatch path.len() {{ 1..3 => {FORWARD}, _ => {NO} }}', "/ws", "404"),
    ("a binding with a pattern", f'let path = req.path();\nmatch path.len() {{ count @ 2..=3 if count == 3 => {FORWARD}, _ => {NO} }}', "/ws", "101"),
    ("a constant", f'const WS: &str = "/ws";\nmatch req.path().as_str() {{ WS => {FORWARD}, _ => {NO} }}', "/x", "404"),
    ("the first arm that fits", f'match req.path().as_str() {{ path if path.starts_with("/ws") => {FORWARD}, "/ws" => {NO}, _ => {NO} }}', "/ws", "101"),
    ("an arm that returns", f'let code = match req.path().strip_prefix("/ws/") {{ Some(code) => code.to_string(), None => return {NO} }};\nif code == "ABCDE" {{ return {FORWARD}; }}\nResponse::ok(code)', "/x", "404"),
    ("an arm's value", f'let code = match req.path().strip_prefix("/ws/") {{ Some(code) => code.to_string(), None => return {NO} }};\nif code == "ABCDE" {{ return {FORWARD}; }}\nResponse::ok(code)', "/ws/ABCDE", "101"),
    ("an outer name in another arm", f'let path = req.path(); let code = "x";\nmatch path.strip_prefix("/ws/") {{ Some(code) => Response::ok(code), None if code == "x" => {NO}, None => Response::ok("") }}', "/y", "404"),
    # if let, let else, while let
    ("if let", f'let path = req.path(); if let Some(code) = path.strip_prefix("/ws/") {{ return Response::error(code, 410); }}\n{NO}', "/ws/A", "410"),
    ("if let, else", f'let path = req.path(); if let Some(code) = path.strip_prefix("/ws/") {{ return Response::error(code, 410); }}\n{NO}', "/x", "404"),
    ("a chain of conditions", f'let path = req.path(); if let Some(code) = path.strip_prefix("/ws/") && code.len() == 5 {{ return {FORWARD}; }}\n{NO}', "/ws/AB", "404"),
    ("let else", f'let path = req.path(); let Some(code) = path.strip_prefix("/ws/") else {{ return {NO}; }};\nif code == "A" {{ return Response::ok(""); }}\n{FORWARD}', "/ws/B", "101"),
    ("let else, left", f'let path = req.path(); let Some(code) = path.strip_prefix("/ws/") else {{ return {NO}; }};\n{FORWARD}', "/x", "404"),
    ("while let", f'let path = req.path(); let mut parts = path.split(\'/\'); let mut count = 0;\nwhile let Some(part) = parts.next() {{ if part == "ws" {{ count += 1; }} }}\nif count == 1 {{ {FORWARD} }} else {{ {NO} }}', "/ws/ws", "404"),
    ("matches!", f'if !matches!(req.path().as_str(), "/ws" | "/socket") {{ return {NO}; }}\n{FORWARD}', "/x", "404"),
    ("matches! holds", f'if !matches!(req.path().as_str(), "/ws" | "/socket") {{ return {NO}; }}\n{FORWARD}', "/ws", "101"),
    # loops and blocks as values
    ("a loop's value", f'let mut at = 0; let found = loop {{ at += 1; if at == 3 {{ break at * 2; }} }};\nif found == 6 {{ {FORWARD} }} else {{ {NO} }}', "/", "101"),
    ("a labelled break", f"let mut hits = 0;\n'outer: for a in [1, 2, 3] {{ for b in [1, 2, 3] {{ if b == 2 {{ continue 'outer; }} if a == 3 {{ break 'outer; }} hits += 1; }} }}\nif hits == 2 {{ {FORWARD} }} else {{ {NO} }}", "/", "101"),
    ("a labelled block", "let path = req.path(); let status = 'pick: { if path == \"/a\" { break 'pick 410; } 411 };\nResponse::error(\"x\", status)", "/b", "411"),
    ("a block's value", 'let status = { let base = 400; base + 4 };\nResponse::error("x", status)', "/", "404"),
    ("a shadowed name", 'let code = 404; { let code = 410; let _ = code; }\nResponse::error("x", code)', "/", "404"),
    ("if as a value", 'let status = if req.path() == "/a" { 410 } else { 411 };\nResponse::error("x", status)', "/a", "410"),
    # Option and Result
    ("a panic", f'let path = req.path(); let code = path.strip_prefix("/ws/").unwrap();\n{FORWARD}', "/x", "throw"),
    ("no panic", f'let path = req.path(); let code = path.strip_prefix("/ws/").expect("a code");\n{FORWARD}', "/ws/A", "101"),
    ("unwrap_or", f'let path = req.path(); let code = path.strip_prefix("/ws/").unwrap_or("none");\nif code == "none" {{ {NO} }} else {{ {FORWARD} }}', "/x", "404"),
    ("map and unwrap_or", f'let path = req.path(); if path.strip_prefix("/ws/").map(|code| code.len() == 5).unwrap_or(false) {{ {FORWARD} }} else {{ {NO} }}', "/ws/ABCDE", "101"),
    ("ok_or and ?", f'let path = req.path(); let code = path.strip_prefix("/ws/").ok_or(Error::RustError("no".into()))?;\n{FORWARD}', "/x", "throw"),
    ("is_some_and", f'let upgrade = req.headers().get("Upgrade")?;\nif upgrade.is_some_and(|held| held == "websocket") {{ {FORWARD} }} else {{ {NO} }}', "/", "101"),
    ("as_deref", f'if req.headers().get("Upgrade")?.as_deref() != Some("websocket") {{ return {NO}; }}\n{FORWARD}', "/", "101"),
    ("a header that may be there", f'if req.headers().get("x-key")?.as_deref() != Some("k") {{ return {NO}; }}\n{FORWARD}', "/", "101 or 404"),
    ("unwrap of a header that may be there", f'let key = req.headers().get("x-key")?.unwrap();\n{FORWARD}', "/", "101 or throw"),
    ("parse", f'let path = req.path(); match path[1..].parse::<u16>() {{ Ok(status) => Response::error("x", status), Err(_) => {NO} }}', "/410", "410"),
    ("parse fails", f'let path = req.path(); match path[1..].parse::<u8>() {{ Ok(status) => Response::ok("x"), Err(_) => {NO} }}', "/410", "404"),
    ("an index outside", f'let parts: Vec<String> = req.path().split(\'/\').map(String::from).collect();\nif parts[2] == "A" {{ {FORWARD} }} else {{ {NO} }}', "/ws", "throw"),
    ("a numbered field of what is not known", f'let key = req.headers().get("x-key")?.unwrap_or_default();\nif key.split_at(key.find(\':\').unwrap_or(key.len())).0 == "k" {{ return {NO}; }}\n{FORWARD}', "/", "101 or 404"),
    ("an Err of its own", 'Err(Error::RustError("no".into()))', "/", "throw"),
    ("a Result that is dropped", f'let _ = req.headers().set("a", "b");\n{FORWARD}', "/", "101"),
    ("a variable of the configuration", f'if env.var("REGION")?.to_string() == "us" {{ return {NO}; }}\n{FORWARD}', "/", "101"),
    ("Some of None", f'let path = req.path(); let held: Option<Option<&str>> = Some(path.strip_prefix("/ws/"));\nmatch held {{ None => Response::ok(""), Some(None) => {NO}, Some(Some(_)) => {FORWARD} }}', "/x", "404"),
    # futures and closures
    ("a future that nobody awaits", f'let refused = async {{ panic!("never") }};\n{FORWARD}', "/", "101"),
    ("a future that is spawned", f'wasm_bindgen_futures::spawn_local(async move {{ panic!("later") }});\n{FORWARD}', "/", "101"),
    ("a future that is awaited", f'async {{ if true {{ panic!("now") }} }}.await;\n{FORWARD}', "/", "throw"),
    ("async move with instrument", f'async move {{ {FORWARD} }}.instrument(tracing::info_span!("a")).await', "/", "101"),
    ("return inside an async block", f'let held: Result<Response> = async {{ return {NO}; }}.await;\nif held.is_ok() {{ {FORWARD} }} else {{ {NO} }}', "/", "101"),
    ("? inside a closure", f'let read = |text: &str| -> Option<usize> {{ let rest = text.strip_prefix("/ws/")?; Some(rest.len()) }};\nif read(&req.path()) == Some(5) {{ {FORWARD} }} else {{ {NO} }}', "/ws/ABCDE", "101"),
    # texts
    ("all of its characters", f'let path = req.path(); let code = path.strip_prefix("/ws/").unwrap_or_default();\nif code.len() == 5 && code.chars().all(|c| c.is_ascii_uppercase()) {{ {FORWARD} }} else {{ {NO} }}', "/ws/ABcDE", "404"),
    ("its bytes", f'const LETTERS: &[u8] = b"ABCDE";\nlet path = req.path(); if path[4..].bytes().all(|one| LETTERS.contains(&one)) {{ {FORWARD} }} else {{ {NO} }}', "/ws/ABC", "101"),
    ("split_once", f'let path = req.path(); match path[1..].split_once(\'/\') {{ Some(("ws", code)) if !code.is_empty() => {FORWARD}, _ => {NO} }}', "/ws/A", "101"),
    ("format!", f'let code = "A"; if req.path() == format!("/ws/{{code}}") {{ {FORWARD} }} else {{ {NO} }}', "/ws/A", "101"),
    ("push_str", f'let mut wanted = String::new(); wanted.push_str("/w"); wanted.push(\'s\');\nif req.path() == wanted {{ {FORWARD} }} else {{ {NO} }}', "/ws", "101"),
    ("the query", f'let url = req.url()?; let token = url.query_pairs().find(|(key, _)| key == "token").map(|(_, value)| value.to_string());\nif token.as_deref() == Some("t") {{ {FORWARD} }} else {{ {NO} }}', "/?token=t", "101"),
    ("no query", f'let url = req.url()?; if url.query().is_none() {{ return {NO}; }}\n{FORWARD}', "/", "404"),
    ("path_segments", f'let url = req.url()?; let mut parts = url.path_segments().unwrap();\nif parts.next() == Some("ws") {{ {FORWARD} }} else {{ {NO} }}', "/ws/A", "101"),
    ("another address", 'let url = Url::parse("https://do/ws")?; let inner = Request::new_with_init(url.as_str(), RequestInit::new().with_method(Method::Get).with_headers(req.headers().clone()))?;\nenv.durable_object("MATCH")?.get_by_name("a")?.fetch_with_request(inner).await', "/", "101"),
    # responses
    ("an error status outside of 400 to 599", 'Response::error("x", 200)', "/", "throw"),
    ("with_status", 'Ok(Response::ok("x")?.with_status(418))', "/", "418"),
    ("a status that no response has", 'Ok(Response::ok("x")?.with_status(101))', "/", "throw"),
    ("map with_status", 'Response::ok("x").map(|held| held.with_status(201))', "/", "201"),
    ("from_json", 'Response::from_json(&json!({ "ok": true }))', "/", "200"),
    ("empty", "Response::empty()", "/", "200"),
    ("a builder", 'Response::builder().with_status(202).ok("x")', "/", "202"),
    ("the headers of an object's answer are fixed", 'let mut held = env.durable_object("MATCH")?.get_by_name("a")?.fetch_with_request(req).await?;\nheld.headers_mut().set("a", "b")?;\nOk(held)', "/", "throw"),
    ("a handshake without a forward", f'{UPGRADE.replace("self.state.accept_web_socket(&pair.server)", "pair.server.accept()?")}', "/", "101"),
    # code that is not read
    ("an unread function", f'if let Err(error) = check(&req) {{ return {NO}; }}\n{FORWARD}', "/", "101 or 404 or throw"),
    ("an unread Option", f'let Some(code) = other::find(&req) else {{ return {NO}; }};\n{FORWARD}', "/", "101 or 404 or throw"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "address", "expected"), [pytest.param(*rest, id=name) for name, *rest in BODIES]
)
def test_body(body: str, address: str, expected: str, tmp_path: Path) -> None:
    found = endings(tmp_path, crate(body), address)
    assert said(found) == expected, [
        (one.kind, one.status, one.text, [c.words for c in one.when]) for one in found
    ]


ITEMS = [
    (
        "an enum with its methods",
        "enum Route { Socket(String), Health, Lost { status: u16 } }\n"
        'impl Route { fn read(path: &str) -> Self { match path { "/health" => Self::Health, _ => match path.strip_prefix("/ws/") {'
        " Some(code) => Route::Socket(code.to_string()), None => Route::Lost { status: 410 } } } } }",
        'match Route::read(&req.path()) { Route::Socket(code) if code.len() == 5 => @FORWARD, Route::Socket(_) => Response::error("", 400),'
        ' Route::Health => Response::ok(""), Route::Lost { status } => Response::error("", status) }',
        {"/ws/ABCDE": "101", "/ws/A": "400", "/health": "200", "/x": "410"},
    ),
    (
        "a trait with a method of its own",
        'trait Named { fn name(&self) -> String; fn path(&self) -> String { format!("/{}", self.name()) } }\n'
        'struct Socket; impl Named for Socket { fn name(&self) -> String { "ws".to_string() } }',
        'if req.path() == Socket.path() { @FORWARD } else { Response::error("", 404) }',
        {"/ws": "101", "/x": "404"},
    ),
    (
        "a struct with fields and a default base",
        "#[derive(Clone, PartialEq)] struct Seen { code: String, count: u32 }\n"
        "impl Seen { fn new(code: &str) -> Self { Self { code: code.to_string(), count: 0 } }"
        " fn more(&mut self) -> &mut Self { self.count += 1; self } }",
        "let mut seen = Seen::new(&req.path()); seen.more().more(); let other = Seen { count: 5, ..seen.clone() };\n"
        'if seen.count == 2 && other.code == "/ws" && other != seen { @FORWARD } else { Response::error("", 404) }',
        {"/ws": "101", "/x": "404"},
    ),
    (
        "constants and associated ones",
        'const LEAST: usize = 2; static MOST: usize = LEAST + 2; struct Code; impl Code { const PREFIX: &\'static str = "/ws/"; }',
        'let path = req.path(); let Some(code) = path.strip_prefix(Code::PREFIX) else { return Response::error("", 404) };\n'
        'if (LEAST..=MOST).contains(&code.len()) { @FORWARD } else { Response::error("", 400) }',
        {"/ws/AB": "101", "/ws/ABCDE": "400", "/x": "404"},
    ),
    (
        "a helper that gives a Result of an Option",
        'fn code(req: &Request) -> Result<Option<String>> { let path = req.path(); if path == "/bad" { return Err("bad".into()); }'
        ' Ok(path.strip_prefix("/ws/").map(str::to_string)) }',
        'match code(&req)? { Some(code) if code == "A" => @FORWARD, Some(_) => Response::error("", 400), None => Response::error("", 404) }',
        {"/ws/A": "101", "/ws/B": "400", "/x": "404", "/bad": "throw"},
    ),
    (
        "a reference that is written through",
        "fn count(total: &mut u32) { *total += 1; }",
        'let mut total = 0; count(&mut total); if total == 0 { return Response::error("", 404); }\n@FORWARD',
        {"/": "101 or 404"},
    ),
    (
        "a cell",
        "struct Counter { count: RefCell<u32>, last: Cell<u32>, names: RefCell<Vec<String>>, who: RefCell<Option<String>> }",
        "let held = Rc::new(Counter { count: RefCell::new(0), last: Cell::new(1), names: RefCell::new(Vec::new()), who: RefCell::new(None) });\n"
        'let other = held.clone(); *other.count.borrow_mut() += 2; other.last.set(7); other.names.borrow_mut().push("a".into());\n'
        '*other.who.borrow_mut() = Some("ann".to_string());\n'
        'if *held.count.borrow() == 2 && held.last.get() == 7 && held.names.borrow().len() == 1 && held.who.borrow().as_deref() == Some("ann")'
        ' { @FORWARD } else { Response::error("", 404) }',
        {"/": "101"},
    ),
    (
        "a map",
        "",
        'let mut routes = HashMap::new(); routes.insert("/ws", 1); routes.insert("/x", 2);\n'
        'match routes.get(req.path().as_str()) { Some(1) => @FORWARD, Some(other) => Response::error("", 400 + other), None => Response::error("", 404) }',
        {"/ws": "101", "/x": "402", "/y": "404"},
    ),
    (
        "a macro of the project's own",
        'macro_rules! refuse { () => { return Response::error("", 404) } }',
        'if req.path() == "/x" { refuse!(); }\n@FORWARD',
        {"/ws": "101"},
    ),
    (
        "code for tests only",
        '#[cfg(test)] mod tests { fn refuse() {} }\nfn refuse() -> Result<Response> { Response::error("", 404) }',
        'if req.path() == "/x" { return refuse(); }\n@FORWARD',
        {"/x": "404"},
    ),
    (
        "an inline module",
        'mod codes { pub fn read(path: &str) -> Option<&str> { path.strip_prefix(super::PREFIX) } }\nconst PREFIX: &str = "/ws/";',
        'let path = req.path(); if codes::read(&path).is_none() { return Response::error("", 404); }\n@FORWARD',
        {"/ws/A": "101", "/x": "404"},
    ),
    (
        "results that are collected",
        'fn digit(sign: char) -> std::result::Result<u32, String> { sign.to_digit(10).ok_or("no".to_string()) }',
        "let path = req.path(); let found: std::result::Result<Vec<u32>, String> = path[1..].chars().map(digit).collect();\n"
        'match found { Ok(all) if all.len() == 2 => @FORWARD, Ok(_) => Response::error("", 400), Err(_) => Response::error("", 404) }',
        {"/12": "101", "/1": "400", "/1a": "404"},
    ),
]


@pytest.mark.parametrize(
    ("items", "body", "address", "expected"),
    [
        pytest.param(items, body, address, expected, id=f"{name}: {address}")
        for name, items, body, cases in ITEMS
        for address, expected in cases.items()
    ],
)
def test_items(items: str, body: str, address: str, expected: str, tmp_path: Path) -> None:
    found = endings(tmp_path, crate(body.replace("@FORWARD", FORWARD), items), address)
    assert said(found) == expected, [
        (one.kind, one.status, one.text, [c.words for c in one.when]) for one in found
    ]


ROUTER = """\
let router = Router::with_data(Shared { code: 7 });
let router = router.get_async("/ws/:code", |req, ctx| async move {
    let code = ctx.param("code").unwrap();
    if code.len() != 5 { return Response::error("bad", 400); }
    ctx.durable_object("MATCH")?.get_by_name(code)?.fetch_with_request(req).await
}).get_async("/ws/health", health).post("/new", |_, _| Response::ok("made"));
router.on("/any", |_req, ctx| Response::error("", 400 + ctx.data.code))
    .or_else_any_method("/*rest", |_, _| Response::error("", 410))
    .run(req, env).await
"""


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/ws/ABCDE", "101"),
        ("/ws/AB", "400"),
        ("/ws/health", "200"),
        ("/new", "405"),
        ("/any", "407"),
        ("/x/y", "410"),
        ("/ws/", "410"),
    ],
)
def test_router(address: str, expected: str, tmp_path: Path) -> None:
    """The more exact pattern wins; a route of another method answers 405 before the rest is asked."""
    items = 'struct Shared { code: u16 }\nasync fn health(_: Request, _: RouteContext<Shared>) -> Result<Response> { Response::ok("") }'
    assert said(endings(tmp_path, crate(ROUTER, items), address)) == expected


INSIDE = [
    ("an end that is accepted twice", "let pair = WebSocketPair::new()?; self.state.accept_web_socket(&pair.server); self.state.accept_web_socket(&pair.server); Response::from_websocket(pair.client)", "throw"),
    ("accept after accept_web_socket is an Err", "let pair = WebSocketPair::new()?; self.state.accept_web_socket(&pair.server); if pair.server.accept().is_err() { return Response::error(\"\", 410); } Response::from_websocket(pair.client)", "410"),
    ("both ends by a pattern", "let WebSocketPair { client, server } = WebSocketPair::new()?; server.accept()?; Response::from_websocket(client)", "101"),
    ("send before accept, dropped", "let pair = WebSocketPair::new()?; let _ = pair.server.send_with_str(\"a\"); self.state.accept_web_socket(&pair.server); Response::from_websocket(pair.client)", "101"),
    ("send before accept, propagated", "let pair = WebSocketPair::new()?; pair.server.send_with_str(\"a\")?; self.state.accept_web_socket(&pair.server); Response::from_websocket(pair.client)", "throw"),
    ("a close code that is reserved", "let pair = WebSocketPair::new()?; pair.server.accept()?; pair.server.close(Some(1005), Some(\"a\"))?; Response::from_websocket(pair.client)", "throw"),
    ("tags", "let pair = WebSocketPair::new()?; self.state.accept_websocket_with_tags(&pair.server, &[\"a\", \"b\"]); if self.state.get_websockets_with_tag(\"a\").len() != 1 { return Response::error(\"\", 410); } Response::from_websocket(pair.client)", "101"),
    ("another tag", "let pair = WebSocketPair::new()?; self.state.accept_websocket_with_tags(&pair.server, &[\"a\"]); if self.state.get_websockets_with_tag(\"c\").is_empty() { return Response::error(\"\", 410); } Response::from_websocket(pair.client)", "410"),
    ("storage that may lack it", "let held: Option<String> = self.state.storage().get(\"name\").await.ok(); if held.is_none() { return Response::error(\"\", 404); } " + UPGRADE, "101 or 404"),
    ("what was stored before", "self.state.storage().put(\"count\", 3).await?; let held: u32 = self.state.storage().get(\"count\").await?; if held != 3 { return Response::error(\"\", 404); } " + UPGRADE, "101"),
    ("a query is no future", "let rows: Vec<Row> = self.state.storage().sql().exec(\"SELECT a FROM t\", None)?.to_array()?; if rows.is_empty() { return Response::error(\"\", 404); } " + UPGRADE, "101 or 404"),
    ("an attachment", "let pair = WebSocketPair::new()?; self.state.accept_web_socket(&pair.server); pair.server.serialize_attachment(\"ann\")?; let name: Option<String> = pair.server.deserialize_attachment()?; if name.as_deref() != Some(\"ann\") { return Response::error(\"\", 404); } Response::from_websocket(pair.client)", "101"),
    ("the auto-response", "self.state.set_websocket_auto_response(&WebSocketRequestResponsePair::new(\"ping\", \"pong\")?); " + UPGRADE, "101"),
    ("the name of its id", "if self.state.id().name().as_deref() != Some(\"a\") { return Response::error(\"\", 404); } " + UPGRADE, "101"),
    ("its env", "if self.env.var(\"REGION\")?.to_string() != \"eu\" { return Response::error(\"\", 404); } " + UPGRADE, "101"),
    ("a panic of the object", "let none: Option<u8> = None; none.unwrap(); " + UPGRADE, "throw"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "expected"), [pytest.param(*rest, id=name) for name, *rest in INSIDE])
def test_object(inside: str, expected: str, tmp_path: Path) -> None:
    found = endings(tmp_path, crate(inside=inside))
    assert said(found) == expected, [
        (one.kind, one.status, one.text, [c.words for c in one.when]) for one in found
    ]


def test_what_the_object_throws_is_an_err(tmp_path: Path) -> None:
    """A caller may handle it."""
    body = f'match {FORWARD} {{ Ok(held) => Ok(held), Err(_) => Response::error("", 503) }}'
    assert said(endings(tmp_path, crate(body, inside='panic!("no")'))) == "503"


@pytest.mark.parametrize(
    "use",
    ["use crate::codes::read;", "use crate::codes::*;", "use codes::read as read;", "use crate::codes;"],
)
def test_modules(use: str, tmp_path: Path) -> None:
    call = "codes::read" if use.endswith("codes;") else "read"
    body = (
        f'let path = req.path(); if {call}(&path).is_none() {{ return Response::error("", 404); }}\n{FORWARD}'
    )
    files = crate(body)
    files["src/lib.rs"] = f"mod codes;\n{use}\n" + files["src/lib.rs"]
    files["src/codes.rs"] = (
        'use super::*;\npub fn read(path: &str) -> Option<String> { Some(path.strip_prefix("/ws/")?.to_string()) }\n'
    )
    assert said(endings(tmp_path / "a", files, "/ws/A")) == "101"
    assert said(endings(tmp_path / "b", files, "/x")) == "404"


CONDITIONAL = [
    ("a function for each of two builds", '#[cfg(feature = "a")] fn status() -> u16 { 410 }\n#[cfg(not(feature = "a"))] fn status() -> u16 { 411 }', 'Response::error("", status())', "throw or unknown"),
    ("a statement of some builds", "", '#[cfg(feature = "dev")]\n{ return Response::ok("dev"); }\nResponse::error("", 404)', "200 or 404"),
    ("a value of some builds", "", '#[cfg(feature = "dev")]\nlet status = 410;\n#[cfg(not(feature = "dev"))]\nlet status = 411;\nResponse::error("", status)', "unknown"),
    ("a statement of other machines", "", '#[cfg(not(target_arch = "wasm32"))]\n{ return Response::ok("dev"); }\nResponse::error("", 404)', "404"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("items", "body", "expected"), [pytest.param(*rest, id=name) for name, *rest in CONDITIONAL]
)
def test_conditional_compilation(items: str, body: str, expected: str, tmp_path: Path) -> None:
    assert said(endings(tmp_path, crate(body, items))) == expected


MESSAGES = [
    ("an index that a client decides", "let words: Vec<&str> = text.split_whitespace().collect(); ws.send_with_str(words[1])?;", "done or throw"),
    ("an index after a question for the length", "let words: Vec<&str> = text.split_whitespace().collect(); if words.len() > 1 { ws.send_with_str(words[1])?; }", "done"),
    ("get", "let words: Vec<&str> = text.split_whitespace().collect(); if let Some(word) = words.get(1) { ws.send_with_str(word)?; }", "done"),
    ("parse and unwrap", "let number: u32 = text.parse().unwrap(); ws.send_with_str(&number.to_string())?;", "done or throw"),
    ("parse and ok", "if let Ok(number) = text.parse::<u32>() { ws.send_with_str(&number.to_string())?; }", "done"),
    ("a reserved code, dropped", "let _ = ws.close(Some(1006), Some(&text));", "done"),
    ("a reserved code, propagated", "ws.close(Some(1006), Some(&text))?;", "throw"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "expected"), [pytest.param(*rest, id=name) for name, *rest in MESSAGES])
def test_message(inside: str, expected: str, tmp_path: Path) -> None:
    """A text of a client, of which nothing is known."""
    handler = (
        "async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {"
        f" if let WebSocketIncomingMessage::String(text) = message {{ {inside} }} Ok(()) }}"
    )
    files = crate()
    files["src/lib.rs"] = files["src/lib.rs"].replace(
        "impl DurableObject for Match {", "impl DurableObject for Match { " + handler
    )
    machine = Machine()
    assert said(endings(tmp_path, files, machine=machine)) == "101"
    assert said(message(machine)) == expected


def test_a_handler_that_is_left_to_the_trait(tmp_path: Path) -> None:
    machine = Machine()
    endings(tmp_path, crate(), machine=machine)
    assert said(message(machine)) == "throw"


def test_steps(tmp_path: Path) -> None:
    """Both sides of many conditions meet again: the work does not double with each."""
    machine = Machine()
    lines = [
        f'let v{at} = if req.headers().get("x-{at}")?.is_some() {{ 1 }} else {{ 0 }};' for at in range(12)
    ]
    found = endings(tmp_path, crate("\n".join([*lines, FORWARD])), machine=machine)
    assert said(found) == "101"
    assert machine.steps < 600


REFERENCES = [
    ("iter_mut", "let mut list = vec![1, 2]; for one in list.iter_mut() { *one += 1; }", "list[0] == 1"),
    (
        "get_mut",
        'let mut map = HashMap::new(); map.insert("a", 1); if let Some(one) = map.get_mut("a") { *one += 1; }',
        'map.get("a") == Some(&1)',
    ),
    (
        "entry",
        'let mut map = HashMap::new(); map.insert("a", 1); *map.entry("a").or_insert(0) += 1;',
        'map.get("a") == Some(&1)',
    ),
    (
        "values_mut",
        'let mut map = HashMap::new(); map.insert("a", 1); for one in map.values_mut() { *one += 1; }',
        'map.get("a") == Some(&1)',
    ),
    ("a lent field", "let mut pair = (1, 2); let one = &mut pair.0; *one = 5;", "pair.0 == 1"),
]


@pytest.mark.parametrize(("before", "test"), [pytest.param(*rest, id=name) for name, *rest in REFERENCES])
def test_what_a_reference_changes_is_not_taken_for_known(before: str, test: str, tmp_path: Path) -> None:
    body = f'{before}\nif {test} {{ return Response::error("", 404); }}\n{FORWARD}'
    assert said(endings(tmp_path, crate(body))) == "101 or 404"


def test_errors_are_answered_where_the_event_is_asked_to(tmp_path: Path) -> None:
    files = crate('Err("no".into())')
    files["src/lib.rs"] = files["src/lib.rs"].replace(
        "#[event(fetch)]", "#[event(fetch, respond_with_errors)]"
    )
    assert said(endings(tmp_path, files)) == "500"


@pytest.mark.parametrize(("version", "expected"), [("0.0.13", "101"), ("0.0.17", "throw"), ("0.0.18", "101")])
def test_versions_that_lose_a_forwarded_socket(version: str, expected: str, tmp_path: Path) -> None:
    files = crate()
    files["Cargo.toml"] = files["Cargo.toml"].replace('"0.7"', f'"{version}"')
    assert said(endings(tmp_path, files)) == expected


def test_a_class_whose_trait_is_not_read(tmp_path: Path) -> None:
    files = crate()
    files["src/lib.rs"] = files["src/lib.rs"].replace("impl DurableObject for Match", "impl Other for Match")
    assert said(endings(tmp_path, files)) == "unknown"


def test_modules_that_import_one_another(tmp_path: Path) -> None:
    files = crate(f'if codes::LEAST > 1 {{ return Response::error("", 404); }}\n{FORWARD}')
    files["src/lib.rs"] = "mod codes;\nmod names;\n" + files["src/lib.rs"]
    files["src/codes.rs"] = "use crate::names;\npub const LEAST: usize = 5;\n"
    files["src/names.rs"] = "use crate::codes;\npub const MOST: usize = 9;\n"
    assert said(endings(tmp_path, files)) == "404"


def test_a_request_of_another_crate_is_not_followed(tmp_path: Path) -> None:
    files = crate()
    files["src/lib.rs"] = files["src/lib.rs"].replace("main(req: Request", "main(req: HttpRequest")
    assert said(endings(tmp_path, files)) == "unknown"
