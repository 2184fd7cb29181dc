"""Code lens over fetch handlers, the trace that it shows, and hover over calls that accept sockets."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.server.editor import Editor, with_editor
from tests.server.test_actions import at
from tests.server.test_diagnostics import CONFIG, SOURCE

from lsprotocol import types  # isort: skip

GOOD = SOURCE.replace("ROOMS", "ROOM")

ROUTED = GOOD.replace(
    "    return env.ROOM",
    """    const path = new URL(request.url).pathname;
    if (path !== "/ws/lobby") return new Response("no", { status: 404 });
    return env.ROOM""",
)

RUST = """\
use worker::*;

#[event(fetch)]
async fn fetch(req: Request, env: Env, _: Context) -> Result<Response> {
    env.durable_object("ROOM")?.get_by_name("a")?.fetch_with_request(req).await
}

#[durable_object]
pub struct Room(State);

impl DurableObject for Room {
    fn new(state: State, _: Env) -> Self {
        Self(state)
    }
    async fn fetch(&self, _: Request) -> Result<Response> {
        let pair = WebSocketPair::new()?;
        self.0.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
    }
}
"""

PYTHON = """\
from js import Response as JsResponse, WebSocketPair
from workers import DurableObject, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.ROOM.getByName("a").fetch(request)

class Room(DurableObject):
    async def fetch(self, request):
        client, server = WebSocketPair.new().object_values()
        server.accept()
        return JsResponse.new(None, status=101, webSocket=client)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    top = tmp_path.resolve() / "counter"
    (top / "src").mkdir(parents=True)
    (top / "wrangler.toml").write_text(CONFIG)
    return top


async def lenses(editor: Editor, path: Path) -> list[types.CodeLens]:
    asked = types.CodeLensParams(types.TextDocumentIdentifier(path.as_uri()))
    return list(await editor.text_document_code_lens_async(asked) or ())


async def hover(editor: Editor, path: Path, place: types.Position) -> str:
    found = await editor.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(path.as_uri()), place)
    )
    return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else ""


def places(found: list[types.CodeLens]) -> list[tuple[int, str]]:
    return [(each.range.start.line, each.command.title if each.command else "") for each in found]


async def run(editor: Editor, lens: types.CodeLens) -> str:
    assert lens.command is not None
    asked = types.ExecuteCommandParams(lens.command.command, arguments=lens.command.arguments)
    return str(await editor.workspace_execute_command_async(asked))


def test_a_line_over_each_handler_traces_the_text_as_it_is_and_shows_it_as_a_document(project: Path) -> None:
    source = project / "src" / "index.ts"
    source.write_text(GOOD)
    shown: list[types.ShowDocumentParams] = []

    async def use(editor: Editor) -> None:
        def show(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            shown.append(params)
            editor._news.set()
            return types.ShowDocumentResult(True)

        editor.feature(types.WINDOW_SHOW_DOCUMENT)(show)
        window = types.WindowClientCapabilities(show_document=types.ShowDocumentClientCapabilities(True))
        await editor.start(project, capabilities=types.ClientCapabilities(window=window))
        editor.open(source, ROUTED)
        found = await lenses(editor, source)
        handlers = [at(ROUTED, "fetch(request: Request)").line, at(ROUTED, "fetch(request: Request,").line]
        title = "trace this handshake: /ws/lobby"
        assert places(found) == [(line, title) for line in handlers]
        text = await run(editor, found[0])
        assert "101" in text and "/ws/lobby" in text and "accepted for hibernation" in text
        await editor.until(lambda: len(shown) == 1)
        document = Path(unquote(urlsplit(shown[0].uri).path))
        assert document.read_text() == text and document.name == "trace-counter-ws-lobby.txt"
        editor.change(source, 2, ROUTED.replace("status: 101", "status: 200"))
        text = await run(editor, found[0])
        assert "101" not in text.splitlines()[-1]
        await editor.until(lambda: len(shown) == 2)
        assert document.read_text() == text
        assert editor.shown == []

    with_editor(use)
    assert not Path(unquote(urlsplit(shown[0].uri).path)).parent.exists()


def test_an_editor_that_opens_no_documents_gets_a_message(project: Path) -> None:
    source = project / "src" / "index.ts"
    source.write_text(ROUTED)

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(source)
        text = await run(editor, (await lenses(editor, source))[0])
        await editor.until(lambda: editor.shown == [text])
        for given in ([], ["x"], [source.as_uri(), None, "/ws"], [1, 2, 3]):
            asked = types.ExecuteCommandParams("wslint.trace", arguments=given)
            assert await editor.workspace_execute_command_async(asked) is None
        assert not editor.logged

    with_editor(use)


def test_files_without_handlers_have_no_line(project: Path) -> None:
    source, other = project / "src" / "index.ts", project / "src" / "other.ts"
    source.write_text(ROUTED)
    other.write_text("export const handler = { async fetch(request: Request) { return new Response(); } };\n")

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(other)
        assert await lenses(editor, other) == []
        assert await lenses(editor, project / "wrangler.toml") == []

    with_editor(use)


@pytest.mark.parametrize(
    ("main", "name", "text", "handlers", "call", "said"),
    [
        ("src/index.ts", "index.ts", ROUTED, 2, "acceptWebSocket", "the socket hibernates"),
        (
            "src/index.ts",
            "index.ts",
            ROUTED.replace("this.ctx.acceptWebSocket(server)", "server.accept()"),
            2,
            "accept()",
            "does not hibernate: it keeps the object in memory",
        ),
        ("src/main.py", "main.py", PYTHON, 2, "accept()", "does not hibernate: it keeps the object in memory"),
        ("build/index.js", "lib.rs", RUST, 2, "accept_web_socket", "the socket hibernates"),
    ],
    ids=["TypeScript", "not hibernating", "Python", "Rust"],
)  # fmt: skip
def test_hover_over_accept_calls_in_each_language(
    project: Path, main: str, name: str, text: str, handlers: int, call: str, said: str
) -> None:
    source = project / "src" / name
    source.write_text(text)
    config = CONFIG.replace("src/index.ts", main)
    if name == "lib.rs":
        config += '\n[build]\ncommand = "cargo install worker-build && worker-build --release"\n'
        (project / "Cargo.toml").write_text(
            '[package]\nname = "room"\nversion = "0.1.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n'
            '[dependencies]\nworker = "0.6"\n'
        )
    if name == "main.py":
        config = 'compatibility_flags = ["python_workers"]\n' + config
    (project / "wrangler.toml").write_text(config)

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(source)
        assert len(await lenses(editor, source)) == handlers
        told = await hover(editor, source, at(text, call))
        assert said in told and "reached from `/ws/" in told, told
        assert "reached from" not in await hover(editor, source, types.Position(0, 0))

    with_editor(use)


def test_hover_says_where_no_handshake_comes(project: Path) -> None:
    source = project / "src" / "index.ts"
    unreached = ROUTED.replace("return env.ROOM.getByName", "return new Response(); env.ROOM.getByName")
    source.write_text(unreached)

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(source)
        told = await hover(editor, source, at(unreached, "acceptWebSocket"))
        assert "no handshake comes here that wslint could play" in told and "hibernates" not in told

    with_editor(use)
