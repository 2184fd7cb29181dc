"""An editor for tests: pygls' client, which speaks with `wslint server` over its pipes as any editor does."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

pytest.importorskip("pygls", reason="the extra lsp is not installed")

from lsprotocol import types
from pygls.lsp.client import LanguageClient

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 20.0
Answer = TypeVar("Answer")


class Editor(LanguageClient):
    """Keeps what it is told, by file."""

    def __init__(self) -> None:
        super().__init__("wslint's tests", "1")
        self.diagnostics: dict[Path, list[types.Diagnostic]] = {}
        self.versions: dict[Path, int | None] = {}
        self.logged: list[str] = []
        self.shown: list[str] = []
        self._news = asyncio.Event()
        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._told(params))
        self.feature(types.WINDOW_LOG_MESSAGE)(lambda params: self._heard(self.logged, params.message))
        self.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self._heard(self.shown, params.message))

    async def start(self, *folders: Path, capabilities: types.ClientCapabilities | None = None) -> None:
        environment = {**os.environ, "PYTHONPATH": os.fspath(REPOSITORY), "WSLINT_STRICT": "1"}
        await self.start_io(sys.executable, "-m", "wslint", "server", env=environment)
        await self.initialize_async(
            types.InitializeParams(
                capabilities=capabilities or types.ClientCapabilities(),
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders],
            )
        )
        self.initialized(types.InitializedParams())

    async def finish(self) -> int:
        """Shut the server down in order; returns its exit code."""
        await self.shutdown_async(None)
        self.exit(None)
        assert self._server is not None
        code = await asyncio.wait_for(self._server.wait(), PATIENCE)
        await self.stop()
        return code

    def open(self, path: Path, text: str | None = None) -> str:
        shown = path.read_bytes().decode() if text is None else text
        self.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(path.as_uri(), path.suffix[1:], 1, shown))
        )
        return shown

    def change(self, path: Path, version: int, text: str) -> None:
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, path.as_uri()),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def close(self, path: Path) -> None:
        self.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        )

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what the server will say."""

        async def wait() -> None:
            while not holds():
                self._news.clear()
                await self._news.wait()

        try:
            await asyncio.wait_for(wait(), PATIENCE)
        except TimeoutError:
            told = {path.name: codes(found) for path, found in self.diagnostics.items()}
            raise AssertionError(f"the server said only {told}, {self.logged}, {self.shown}") from None

    async def until_version(self, path: Path, version: int) -> list[types.Diagnostic]:
        """What it says of one version of a text."""
        await self.until(lambda: self.versions.get(path) == version)
        return self.diagnostics[path]

    async def actions(self, path: Path, line: int) -> list[types.CodeAction]:
        place = types.Position(line, 0)
        found = await self.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(path.as_uri()),
                types.Range(place, place),
                types.CodeActionContext(self.diagnostics.get(path, [])),
            )
        )
        return [action for action in found or () if isinstance(action, types.CodeAction)]

    def _told(self, params: types.PublishDiagnosticsParams) -> None:
        path = Path(types_path(params.uri))
        self.diagnostics[path] = list(params.diagnostics)
        self.versions[path] = params.version
        self._news.set()

    def _heard(self, into: list[str], text: str) -> None:
        into.append(text)
        self._news.set()


def types_path(uri: str) -> str:
    from pygls.uris import to_fs_path

    return to_fs_path(uri) or uri


def codes(diagnostics: list[types.Diagnostic]) -> list[str]:
    return sorted(str(each.code) for each in diagnostics)


def with_editor(use: Callable[[Editor], Awaitable[Answer]]) -> Answer:
    """Run a test's conversation; the server must end well after it."""

    async def run() -> Answer:
        editor = Editor()
        answer = await use(editor)
        assert await editor.finish() == 0
        return answer

    return asyncio.run(asyncio.wait_for(run(), 2 * PATIENCE))


def applied(text: str, edits: list[types.TextEdit]) -> str:
    """A text with edits, by the protocol's own counting: lines from 0, columns in UTF-16 units."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode("utf-16-le")))

    def unit(place: types.Position) -> int:
        return starts[place.line] + 2 * place.character

    data = text.encode("utf-16-le")
    for edit in sorted(edits, key=lambda each: unit(each.range.start), reverse=True):
        data = (
            data[: unit(edit.range.start)] + edit.new_text.encode("utf-16-le") + data[unit(edit.range.end) :]
        )
    return data.decode("utf-16-le")
