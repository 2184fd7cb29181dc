"""Where browsers open sockets: `new WebSocket(url)` in pages and in code outside the Worker.

What is looked at is bounded: `MOST_FILES` files of at most `MOST_BYTES` each, below the folders that are
given, without dependencies, build output, tests and what git ignores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from wslint import system
from wslint.files import Files
from wslint.record import record, replace
from wslint.regex import regex
from wslint.source import tree
from wslint.source.client_address import Hole, Reader
from wslint.source.nodes import nodes_in
from wslint.text import SourceFile, Span

MOST_FILES = 500
MOST_FOLDERS = 300
MOST_BYTES = 256 * 1024

_CODE = (".js", ".mjs", ".ts", ".mts", ".tsx", ".jsx")
_PAGES = (".html", ".htm")
_TESTS = frozenset(
    {"test", "tests", "__tests__", "e2e", "spec", "__mocks__", "fixtures", "examples", "docs", "vendor"}
)
_NOT_SOURCE = regex(r"\.(?:test|spec|min|bundle|stories|config)\.|\.d\.m?ts$")
_OPENS = regex(rb"new\s+(?:\w+\.)?(?:Reconnecting)?WebSocket\s*\(")
_NOT_CODE = regex(
    rb"type\s*=\s*[\"']?(?:application/(?:ld\+)?json|text/(?:x-)?(?:template|handlebars)|importmap)", re.I
)
_TEMPLATES = regex(rb"\{\{|\{%|<%|<\?php|<\?=")
_ADDRESS = regex(r"^(?:wss?|https?|\0)?:?//(?P<host>[^/?#]*)(?P<path>[^?#]*)", re.S)

HOLE = "\0"


@record
class ClientUrl:
    """One `new WebSocket(…)`. `text` is its address with `HOLE` for each part that is not written out;
    `place` is the text's place, `holes` the expressions that stand in the holes, as written."""

    place: Span
    text: str
    holes: tuple[str, ...]
    quoted: bool
    """Whether it is one plain string, in which nothing can be substituted."""
    in_page: bool
    protocols: tuple[str, ...] | None
    """The subprotocols that are asked for, `UNWRITTEN` for one that is not written out; None when that is not known."""
    embedded: bool = False
    """Whether its page is a text in the Worker's own code."""

    @property
    def host(self) -> str | None:
        """The host, with `HOLE`s; empty for an address that starts with a path; None when unknown."""
        match = _ADDRESS.match(self.text)
        return match["host"] if match else "" if self.text.startswith("/") else None

    @property
    def path(self) -> str | None:
        """The path, with `HOLE`s; None when it is not known where it begins."""
        match = _ADDRESS.match(self.text)
        if match is not None and match["host"].startswith(2 * HOLE):
            return None  # what follows the host may be the path
        if match is not None:
            return match["path"] or "/"
        return re.split(r"[?#]", self.text)[0] if self.text.startswith("/") else None

    @property
    def own_host(self) -> bool:
        """Whether the address leads to where the page came from, or to this machine."""
        host = self.host
        if host is None:
            return False
        if host == "" or re.fullmatch(r"(?:localhost|127\.0\.0\.1)(?::\d+)?", host):
            return True
        return host.strip(HOLE) == "" and any(
            re.fullmatch(r"(?:window\.|self\.|document\.)?location\.host", hole) for hole in self.holes
        )


def client_urls(folders: list[Path], outside: set[Path], files: Files) -> list[ClientUrl]:
    """The sockets that clients below these folders open; `outside` are files of the Worker itself."""
    key = ("client sockets", "\n".join(str(folder) for folder in folders))
    known = files.cache.get(key)
    if isinstance(known, list):
        return known
    found: list[ClientUrl] = []
    for path in candidates(folders, files):
        if path not in outside:
            file = files.read(path)
            if file is not None and len(file.data) <= MOST_BYTES and _OPENS.search(file.data):
                found += _in_file(file, files)
    for path in sorted(outside):
        file = files.read(path)
        if file is not None and len(file.data) <= MOST_BYTES and _OPENS.search(file.data):
            found += _embedded(file, files)
    files.cache[key] = found
    return found


_FILLED = "\ue000"
"""What stands in a page for what the Worker's code puts into it: a sign that no page has, and that a text may hold."""


def _embedded(file: SourceFile, files: Files) -> Iterator[ClientUrl]:
    """The sockets of pages that stand in the Worker's code as texts; what the code puts into one is not known."""
    from wslint.source.javascript.lower import lower

    if not file.name.endswith(_CODE) or b"<script" not in file.data.lower():
        return
    for node in nodes_in(lower(file, files).body):
        if not isinstance(node, tree.Text):
            continue
        parts = [node.value] if node.value is not None else node.parts
        page = "".join(part if isinstance(part, str) else _FILLED for part in parts).encode()
        opens = _OPENS.search(file.data, node.start, node.end)
        if opens is None or b"<script" not in page.lower():
            continue
        alone = SourceFile(file.path.with_name(f"{file.path.name}.{node.start}.html"), file.name, page)
        place = Span(file, opens.start(), opens.end() - 1)
        for code, module, offset in _in_page(alone, files):
            for found in _in_module(alone, code, module, offset):
                text = found.text.replace(_FILLED, HOLE)
                yield replace(found, text=text, place=place, embedded=True)


def candidates(folders: list[Path], files: Files) -> Iterator[Path]:
    from wslint.workspace import SKIPPED_FOLDERS, Ignored, is_config_name

    passed_over = SKIPPED_FOLDERS | _TESTS
    seen: set[Path] = set()
    left_files, left_folders = MOST_FILES, MOST_FOLDERS
    for top in folders:
        ignored = Ignored(top, files)
        waiting = [top]
        while waiting and left_files > 0 and left_folders > 0:
            folder = waiting.pop()
            names = files.listing(folder)
            if folder in seen or (folder != top and any(is_config_name(name) for name in names)):
                continue  # another Worker's
            seen.add(folder)
            left_folders -= 1
            if ".gitignore" in names:
                ignored.add(folder)
            for name in sorted(names):
                path = folder / name
                if name.endswith(_CODE + _PAGES):
                    if not _NOT_SOURCE.search(name) and not ignored(path, False) and files.is_file(path):
                        left_files -= 1
                        yield path
                elif "." in name or name in passed_over or not files.is_dir(path):
                    continue
                elif not system.is_link(path) and not ignored(path, True):
                    waiting.append(path)


def _in_file(file: SourceFile, files: Files) -> Iterator[ClientUrl]:
    for code, module, offset in scripts_of(file, files):
        yield from _in_module(file, code, module, offset)


def scripts_of(file: SourceFile, files: Files) -> Iterator[tuple[SourceFile, tree.Module, int | None]]:
    """The code of a client's file that opens sockets, lowered; for a page, where each script begins in it."""
    from wslint.source.javascript.lower import lower

    if not file.name.endswith(_PAGES):
        yield file, lower(file, files), None
        return
    yield from _in_page(file, files)


def _in_page(file: SourceFile, files: Files) -> Iterator[tuple[SourceFile, tree.Module, int | None]]:
    from wslint.source.javascript.lower import lower

    if _TEMPLATES.search(file.data):
        return  # a template: what the browser gets is not what stands here
    for start, end in _scripts(file.data):
        code = file.data[start:end]
        if not _OPENS.search(code):
            continue
        alone = SourceFile(file.path.with_name(f"{file.path.name}.{start}.js"), file.name, code)
        yield alone, lower(alone, files), start


def _scripts(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the code of a page's scripts begins and ends; a script that is never closed is the last."""
    lowered = data.lower()
    at = lowered.find(b"<script")
    while at != -1:
        start = lowered.find(b">", at) + 1
        end = lowered.find(b"</script", start) if start else -1
        if end == -1:
            return
        attributes = data[at + len(b"<script") : start - 1]
        if not attributes[:1].isalnum() and not _NOT_CODE.search(attributes):
            yield start, end
        at = lowered.find(b"<script", end)


def _in_module(
    file: SourceFile, code: SourceFile, module: tree.Module, offset: int | None
) -> Iterator[ClientUrl]:
    """The sockets of a module; `offset` is where its code begins in a page, None for a file of its own."""
    reader = Reader(module, code)
    for node in reader.nodes:
        if not isinstance(node, tree.Call) or not node.new or not node.arguments:
            continue
        function = node.function
        if not isinstance(function, (tree.Name, tree.Member)) or function.name not in (
            "WebSocket",
            "ReconnectingWebSocket",
        ):
            continue
        given: tree.Expression = node.arguments[0]
        pieces = reader.pieces(given)
        resolved = reader.constant(given)
        given = resolved if resolved is not None else given
        if pieces is None:
            continue
        text = "".join(piece if isinstance(piece, str) else HOLE for piece in pieces)
        holes = tuple(
            piece.text if isinstance(piece, Hole) else code.slice(piece.start, piece.end)
            for piece in pieces
            if not isinstance(piece, str)
        )
        quoted = isinstance(given, tree.Text) and code.data[given.start : given.start + 1] in (b'"', b"'")
        place = Span(file, given.start + (offset or 0), given.end + (offset or 0))
        yield ClientUrl(place, text, holes, quoted, offset is not None, _protocols(node, reader))


UNWRITTEN = "…"


def _protocols(node: tree.Call, reader: Reader) -> tuple[str, ...] | None:
    if len(node.arguments) < 2:
        return ()
    given = node.arguments[1]
    given = reader.constant(given) or given
    if not isinstance(given, tree.Array):
        return (given.value,) if isinstance(given, tree.Text) and given.value is not None else None
    if any(isinstance(item, tree.Spread) for item in given.items):
        return None
    return tuple(
        item.value if isinstance(item, tree.Text) and item.value is not None else UNWRITTEN
        for item in given.items
    )
