"""`wslint server`, spoken with over its pipes: diagnostics of unsaved texts, across files, at the right places."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.editor import REPOSITORY, Editor, codes, with_editor
from wslint.check import Options, run
from wslint.files import Files

CONFIG = """\
name = "counter"
main = "src/index.ts"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Room"]
"""

SOURCE = """\
import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    if (request.headers.get("Upgrade") !== "websocket") return new Response("no", { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(socket: WebSocket, message: string) {
    socket.send(message);
  }
  webSocketClose(socket: WebSocket) {
    socket.close(1000, "bye");
  }
}

export default {
  async fetch(request: Request, env: any): Promise<Response> {
    return env.ROOMS.getByName("a").fetch(request);
  },
};
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    top = tmp_path.resolve() / "counter"
    (top / "src").mkdir(parents=True)
    (top / "wrangler.toml").write_text(CONFIG)
    (top / "src" / "index.ts").write_text(SOURCE)
    return top


def test_it_says_what_the_check_says(tmp_path: Path) -> None:
    top = tmp_path.resolve() / "lobby"
    shutil.copytree(REPOSITORY / "examples" / "lobby", top)

    async def use(editor: Editor) -> None:
        await editor.start(top)
        await editor.until(lambda: len(editor.diagnostics) == 2)
        found = run([top], Options(), Files(top)).findings
        said = [
            (path, each.code, each.range.start.line + 1, each.range.start.character + 1)
            for path, diagnostics in editor.diagnostics.items()
            for each in diagnostics
        ]
        assert len(found) == 5
        assert sorted(said) == sorted(
            (one.span.file.path, one.code, one.span.first.line, one.span.first.column) for one in found
        )
        for diagnostics in editor.diagnostics.values():
            for each in diagnostics:
                assert each.source == "wslint"
                assert each.code_description is not None and str(each.code) in each.code_description.href
        undeclared = editor.diagnostics[top / "src" / "index.ts"][0]
        assert undeclared.related_information is not None
        assert undeclared.related_information[0].location.uri == (top / "wrangler.toml").as_uri()
        assert {int(each.severity or 0) for each in editor.diagnostics[top / "wrangler.toml"]} == {1, 2}

    with_editor(use)


def test_a_change_in_the_configuration_clears_the_error_in_the_source(project: Path) -> None:
    config, source = project / "wrangler.toml", project / "src" / "index.ts"

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(source)
        await editor.until(lambda: codes(editor.diagnostics.get(source, [])) == ["WS207"])
        editor.open(config)
        editor.change(config, 2, CONFIG.replace('"ROOM"', '"ROOMS"'))
        await editor.until(lambda: editor.diagnostics[source] == [])
        editor.close(config)  # without saving: what the disk has counts again
        await editor.until(lambda: codes(editor.diagnostics[source]) == ["WS207"])

    with_editor(use)
    assert config.read_text() == CONFIG


def test_a_file_outside_of_every_folder_is_checked_with_its_worker_and_forgotten_with_it(
    project: Path,
) -> None:
    source = project / "src" / "index.ts"

    async def use(editor: Editor) -> None:
        await editor.start()
        editor.open(source)
        await editor.until(lambda: codes(editor.diagnostics.get(source, [])) == ["WS207"])
        editor.close(source)
        await editor.until(lambda: editor.diagnostics[source] == [])

    with_editor(use)


def test_a_file_that_was_never_saved_counts(project: Path) -> None:
    (project / "src" / "index.ts").unlink()
    source = project / "src" / "index.ts"

    async def use(editor: Editor) -> None:
        await editor.start(project)
        await editor.until(lambda: bool(editor.diagnostics.get(project / "wrangler.toml")))
        editor.open(source, SOURCE)
        await editor.until(lambda: codes(editor.diagnostics.get(source, [])) == ["WS207"])
        assert editor.diagnostics[project / "wrangler.toml"] == []

    with_editor(use)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_columns_count_utf_16(project: Path, newline: str) -> None:
    source = project / "src" / "index.ts"
    text = SOURCE.replace("    return env.ROOMS", '    /* 😀é */ "\u2028\f"; return env.ROOMS').replace(
        "\n", newline
    )

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(source, text)
        found = await editor.until_version(source, 1)
        (place,) = [each.range for each in found if each.code == "WS207"]
        line = SOURCE.split("\n").index('    return env.ROOMS.getByName("a").fetch(request);')
        before = '    /* 😀é */ "\u2028\f"; return env.'
        start = len(before.encode("utf-16-le")) // 2
        assert (place.start.line, place.start.character) == (line, start)
        assert (place.end.line, place.end.character) == (line, start + len("ROOMS"))

    with_editor(use)


@pytest.mark.parametrize(
    "text",
    ["", "\0", "\ud800", "}{][", "`${", "export default {" * 3000, "x(" * 20_000, "[" * 5000, "[[[[\n", '"'],
    ids=["empty", "nul", "lone", "braces", "template", "deep", "calls", "lists", "toml", "quote"],
)
@pytest.mark.parametrize("name", ["wrangler.toml", "src/index.ts"])
def test_no_text_ends_the_server(project: Path, name: str, text: str) -> None:
    config, source = project / "wrangler.toml", project / "src" / "index.ts"
    path = project / name

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(config)
        editor.open(source)
        editor.change(path, 2, text)
        await editor.until_version(path, 2)
        await editor.actions(path, 0)
        editor.change(path, 3, path.read_text())
        await editor.until(lambda: codes(editor.diagnostics[source]) == ["WS207"])
        assert not editor.logged

    with_editor(use)


def test_only_the_last_of_many_changes_counts(project: Path) -> None:
    source = project / "src" / "index.ts"

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(source)
        for version in range(2, 60):
            editor.change(source, version, SOURCE.replace("ROOMS", f"ROOMS{version}"))
        editor.change(source, 60, SOURCE.replace("ROOMS", "ROOM"))
        assert await editor.until_version(source, 60) == []

    with_editor(use)


def test_a_folder_that_is_added_and_taken_away(project: Path) -> None:
    from lsprotocol import types

    source = project / "src" / "index.ts"
    folder = types.WorkspaceFolder(project.as_uri(), "counter")

    async def use(editor: Editor) -> None:
        await editor.start()
        for added, removed, expected in (([folder], [], ["WS207"]), ([], [folder], [])):
            editor.workspace_did_change_workspace_folders(
                types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(added, removed))
            )
            await editor.until(
                lambda wanted=expected: (
                    source in editor.diagnostics and codes(editor.diagnostics[source]) == wanted
                )
            )

    with_editor(use)


def test_a_folder_without_workers_is_silent(tmp_path: Path) -> None:
    async def use(editor: Editor) -> None:
        await editor.start(tmp_path.resolve())
        await editor.until(lambda: any("no wrangler.toml" in text for text in editor.logged))
        assert not editor.shown and not editor.diagnostics

    with_editor(use)


def test_wrong_settings_are_said_aloud_once(project: Path) -> None:
    (project / "wslint.toml").write_text("selekt = []\n")

    async def use(editor: Editor) -> None:
        await editor.start(project)
        await editor.until(lambda: bool(editor.shown))
        editor.open(project / "wrangler.toml")
        await editor.until_version(project / "wrangler.toml", 1)
        assert len(editor.shown) == 1 and "selekt" in editor.shown[0]

    with_editor(use)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ImportError('not here')\n")
    ran = subprocess.run(
        [sys.executable, "-c", "from wslint.start import run; run()", "server"],
        env={"PYTHONPATH": f"{tmp_path}:{REPOSITORY}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert "pip install 'pygls>=2,<3'" in ran.stderr and len(ran.stderr.splitlines()) == 1
