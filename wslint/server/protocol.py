"""The server: what the editor tells it, and what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from wslint import __version__
from wslint.server import actions, completion, hover, lens, symbols
from wslint.server.places import Places
from wslint.server.project import State
from wslint.server.session import Session

WATCHED = "**/*.{toml,json,jsonc,ts,tsx,mts,js,jsx,mjs,py,rs}"


class Server(LanguageServer):
    """pygls' server with the session of its one editor.

    Each change brings the whole text: pygls counts lines by `str.splitlines`, which cuts at form feeds and U+2028 too,
    where no editor does.
    """

    def __init__(self) -> None:
        super().__init__("wslint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.session = Session(self)
        self.documents = lens.Shown()
        self.shows_documents = False
        """Whether the editor opens what it is told to."""

    @property
    def places(self) -> Places:
        return self.session.places


def make_server() -> Server:
    server = Server()
    for method, handler, *options in HANDLERS:
        server.feature(method, *options)(handler)
    server.command(lens.COMMAND)(_trace)
    return server


def _initialized(ls: Server, _: types.InitializedParams) -> None:
    workspace = ls.workspace
    ls.places.encoding = workspace.position_encoding or types.PositionEncodingKind.Utf16
    folders = [folder.uri for folder in workspace.folders.values()]
    if not folders and workspace.root_uri:
        folders = [workspace.root_uri]
    ls.session.open_folders(folders)
    asked = ls.client_capabilities.workspace
    edits = asked.workspace_edit if asked is not None else None
    window = ls.client_capabilities.window
    shows = window.show_document if window is not None else None
    ls.shows_documents = shows is not None and shows.support
    ls.session.versioned_edits = edits is not None and bool(edits.document_changes)
    watching = asked.did_change_watched_files if asked is not None else None
    if watching is not None and watching.dynamic_registration:
        watchers = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
        registration = types.Registration("wslint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watchers)
        ls.client_register_capability(types.RegistrationParams([registration]))


def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    document = params.text_document
    ls.session.put(document.uri, document.version, document.text, opened=True)


def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    document = params.text_document
    text = ls.workspace.get_text_document(document.uri).source
    ls.session.put(document.uri, document.version, text)


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    ls.session.touched([params.text_document.uri])


def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.session.close(params.text_document.uri)


def _touched(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    ls.session.touched([change.uri for change in params.changes])


def _folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    ls.session.close_folders([folder.uri for folder in params.event.removed])
    ls.session.open_folders([folder.uri for folder in params.event.added])


def _end(ls: Server, _: None) -> None:
    ls.session.end()
    ls.documents.end()


async def _actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    wanted = actions.Wanted(params.range, tuple(params.context.only or ()), tuple(params.context.diagnostics))
    return await ls.session.ask(
        params.text_document.uri,
        lambda state, path: actions.offered(state, path, wanted, ls.session),
    )


async def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    return await ls.session.ask(
        params.text_document.uri, lambda state, path: hover.shown(state, path, params.position, ls.places)
    )


async def _completion(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    return await ls.session.ask(
        params.text_document.uri,
        lambda state, path: completion.proposed(state, path, params.position, ls.places),
    )


async def _definition(ls: Server, params: types.DefinitionParams) -> list[types.Location] | None:
    def answer(state: State, path: Path) -> list[types.Location]:
        file = state.file(path)
        at = ls.places.offset(file, params.position) if file is not None else -1
        symbol = symbols.symbol_at(state, path, at)
        return [ls.places.location(span) for span in symbols.leads_to(state, symbol)] if symbol else []

    return await ls.session.ask(params.text_document.uri, answer)


async def _lenses(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    return await ls.session.ask(
        params.text_document.uri, lambda state, path: lens.lenses(state, path, ls.places)
    )


async def _trace(ls: Server, *given: Any) -> str | None:
    asked = lens.arguments(given)
    if asked is None:
        return None
    config, environment, url = asked
    trace = await ls.session.ask(config, lambda state, path: lens.traced(state, path, environment, url))
    if trace is None:
        return None
    if ls.shows_documents:
        where = ls.documents.write(trace).as_uri()
        ls.window_show_document(types.ShowDocumentParams(where, external=False, take_focus=True))
    else:
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, trace.text))
    return trace.text


HANDLERS: tuple[tuple[str, Callable[..., Any]] | tuple[str, Callable[..., Any], Any], ...] = (
    (types.INITIALIZED, _initialized),
    (types.TEXT_DOCUMENT_DID_OPEN, _opened),
    (types.TEXT_DOCUMENT_DID_CHANGE, _changed),
    (types.TEXT_DOCUMENT_DID_SAVE, _saved),
    (types.TEXT_DOCUMENT_DID_CLOSE, _closed),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, _touched),
    (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, _folders),
    (types.SHUTDOWN, _end),
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        _actions,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    ),
    (types.TEXT_DOCUMENT_HOVER, _hover),
    (types.TEXT_DOCUMENT_DEFINITION, _definition),
    (types.TEXT_DOCUMENT_CODE_LENS, _lenses),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        _completion,
        types.CompletionOptions(trigger_characters=list(completion.TRIGGERS)),
    ),
)
