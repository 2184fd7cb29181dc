"""Shapes of paths: what a test of the path takes, and which shapes meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from wslint.files import Files
from wslint.source.clients import HOLE, client_urls
from wslint.source.flow.values import Application, PathTest
from wslint.source.routes import covers, literal, meet, of_glob, parameters, shapes, written
from wslint.text import SourceFile, Span

NOWHERE = Span(SourceFile(Path("/x.js"), "x.js", b""), 0, 0)


def shape(kind: str, text: str):
    found = shapes(PathTest(NOWHERE, kind, text))  # type: ignore[arg-type]
    assert found is not None
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("kind", "text", "path", "met"),
    [
        ("is", "/ws", "/ws", True),
        ("is", "/ws", "/ws/", False),
        ("starts", "/ws/", "/ws", False),
        ("starts", "/ws/", "/ws/A/B", True),
        ("ends", "/ws", "/api/ws", True),
        ("pattern", "/ws/:code", "/ws/ABCDE", True),
        ("pattern", "/ws/:code", "/ws/", False),
        ("pattern", "/ws/:code", "/ws/A/B", False),
        ("pattern", "/ws/:code/live", "/ws/A/live", True),
        ("pattern", "/ws/:code?", "/ws", True),
        ("pattern", "/ws/:code{[A-Z]+}", "/ws/A", True),
        ("pattern", "/ws/*", "/ws", True),
        ("pattern", "/ws/*", "/ws/A/B", True),
        ("pattern", "*", "/anything", True),
        ("matches", r"^\/ws\/([A-Z]+)$", "/ws/A", True),
        ("matches", r"^\/ws\/([A-Z]+)$", "/api", False),
        ("matches", "^/wss?$", "/ws", True),
        ("matches", "^/ws$", "/ws/A", False),
    ],
)
def test_a_test_takes_a_path(kind: str, text: str, path: str, met: bool) -> None:
    assert meet(shape(kind, text), tuple(path)) is met


@pytest.mark.parametrize("text", ["ws", "^/a|^/b", "[/]ws"])
def test_an_expression_without_a_fixed_beginning_is_unknown(text: str) -> None:
    assert shapes(PathTest(NOWHERE, "matches", text)) is None


@pytest.mark.parametrize(
    ("glob", "text", "met", "covered"),
    [
        ("/ws", "/ws", True, True),
        ("/ws/*", "/ws", False, False),
        ("/ws*", "/ws", True, True),
        ("/ws/*", "/ws/:code", True, True),
        ("/ws/A*", "/ws/:code", True, False),
        ("/api/*", "/ws/:code", False, False),
        ("/*/live", "/ws/:code", True, False),
        ("/*", "/ws/:code", True, True),
    ],
)
def test_globs(glob: str, text: str, met: bool, covered: bool) -> None:
    assert meet(of_glob(glob), shape("pattern", text)) is met
    assert covers(glob, shape("pattern", text)) is covered


def test_mounted_routers() -> None:
    root = Application(NOWHERE, "hono", "/api")
    inner = Application(NOWHERE, "hono", "")
    inner.mounts.append((root, "/rooms"))
    test = PathTest(NOWHERE, "pattern", "/ws/:code", None, inner)
    assert [written(found) for found in shapes(test) or ()] == ["/api/rooms/ws/*"]
    assert parameters(test) == ["code"]
    inner.mounts.append((root, None))
    assert shapes(test) is None


def test_one_of_several() -> None:
    choices = (PathTest(NOWHERE, "is", "/ws"), PathTest(NOWHERE, "is", "/socket"))
    found = shapes(PathTest(NOWHERE, "any", "", choices=choices)) or []
    assert [literal(each) for each in found] == ["/ws", "/socket"]


@pytest.mark.parametrize(
    ("code", "host", "path", "own"),
    [
        ('new WebSocket("ws://localhost:8787/ws")', "localhost:8787", "/ws", True),
        ("new WebSocket(`wss://${location.host}/ws/${code}?x=1`)", HOLE, f"/ws/{HOLE}", True),
        ('new WebSocket(protocol + "//" + window.location.host + "/ws")', HOLE, "/ws", True),
        ('const base = "wss://a.example"; new WebSocket(base + "/ws")', "a.example", "/ws", False),
        ("new WebSocket(`${base}/ws`)", None, None, False),
        ('new WebSocket("/ws")', "", "/ws", True),
        ('new WebSocket("wss://" + location.host)', HOLE, "/", True),
        ("const { host } = location; new WebSocket(`wss://${host}/ws`)", HOLE, "/ws", False),
    ],
)
def test_addresses_of_clients(
    code: str, host: str | None, path: str | None, own: bool, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(f"<title>é</title>\n<script>\n{code}\n</script>\n", encoding="utf-8")
    (url,) = client_urls([tmp_path], set(), Files(tmp_path))
    assert (url.host, url.path, url.own_host) == (host, path, own)
    assert url.place.text in code


HERE = "location.protocol === 'https:'"


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("class A { #at = 'ws://' + location.host + '/ws'; go() { new WebSocket(this.#at); } }", "/ws"),
        (
            "class A { get at() { return `wss://${location.host}/x`; } go() { new WebSocket(this.at); } }",
            "/x",
        ),
        ("class A { a() { this.at = `wss://${location.host}/x`; } b() { new WebSocket(this.at); } }", "/x"),
        (
            "function at(room) { return `wss://${location.host}/r/${room}`; } new WebSocket(at(name))",
            f"/r/{HOLE}",
        ),
        ("const at = (room) => `wss://${location.host}/r/${room}`; new WebSocket(at('red'))", "/r/red"),
        (f"const p = {HERE} ? 'wss:' : 'ws:'; new WebSocket(`${{p}}//${{location.host}}/ws`)", "/ws"),
        (f"new WebSocket({HERE} ? `wss://${{location.host}}/a` : `ws://${{location.host}}/a`)", "/a"),
        ("new WebSocket(location.origin.replace(/^http/, 'ws') + '/ws')", "/ws"),
        ("const u = new URL('/ws', location.href); u.protocol = 'wss:'; new WebSocket(u)", "/ws"),
        ("const u = new URL(location.href); u.pathname = '/ws'; u.search = ''; new WebSocket(u.href)", "/ws"),
        (
            "const to = (p, o = window.location.origin) => new URL(p, o); new WebSocket(String(to('/q')))",
            "/q",
        ),
        (
            "function a() { const u = '/a'; } function b() { const u = `wss://${location.host}/b`; new WebSocket(u); }",
            "/b",
        ),
    ],
)
def test_addresses_that_are_put_together(code: str, path: str, tmp_path: Path) -> None:
    (tmp_path / "page.js").write_text(code, encoding="utf-8")
    (url,) = client_urls([tmp_path], set(), Files(tmp_path))
    assert (url.path, url.own_host) == (path, True)


@pytest.mark.parametrize(
    "code",
    [
        f"new WebSocket({HERE} ? `wss://${{location.host}}/a` : `ws://${{location.host}}/b`)",
        "new WebSocket(location.href.replace('http', 'ws'))",
        "new WebSocket(location.origin.replace('http', prefix) + '/ws')",
        "const u = new URL('/ws', location.href); u.host = other; new WebSocket(u)",
        "const u = new URL('/ws', base); new WebSocket(u)",
        "const u = new URL(location.href); u.pathname += 'ws'; new WebSocket(u)",
        "function at() { if (x) return '/a'; return '/b'; } new WebSocket(at())",
        "class A { a() { this.at = '/a'; } b() { this.at = '/b'; } c() { new WebSocket(this.at); } }",
        "let at = '/a'; at = '/b'; new WebSocket(at)",
        "function a(at) { new WebSocket(at); }",
        "const at = () => at(); new WebSocket(at())",
        "new WebSocket(`wss://${location.host}${path}`)",
    ],
)
def test_addresses_that_are_not_known(code: str, tmp_path: Path) -> None:
    (tmp_path / "page.js").write_text(code, encoding="utf-8")
    assert [
        url.path for url in client_urls([tmp_path], set(), Files(tmp_path)) if url.own_host and url.path
    ] == []


def test_a_page_in_the_worker(tmp_path: Path) -> None:
    """What the Worker itself puts in is not known; a socket of its own is no client's."""
    path = tmp_path / "index.ts"
    path.write_text(
        "export const page = (room: string) => `<!doctype html><script>\n"
        "  new WebSocket(\\`wss://\\${location.host}/rooms/${room}/ws\\`, PROTOCOLS);\n</script>`;\n"
        "const outgoing = new WebSocket('wss://stream.example/ticker');\n",
        encoding="utf-8",
    )
    (url,) = client_urls([], {path}, Files(tmp_path))
    assert (url.path, url.own_host, url.embedded) == (f"/rooms/{HOLE}/ws", True, True)
    assert (url.place.text, url.place.file.path) == ("new WebSocket", path)


def test_what_is_not_a_client(tmp_path: Path) -> None:
    for name in (
        "node_modules/x.js",
        "dist/x.js",
        "tests/x.js",
        "x.test.ts",
        "x.min.js",
        "other/x.js",
        "ignored/x.js",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('new WebSocket("/ws");')
    (tmp_path / "other" / "wrangler.toml").write_text('name = "other"\n')
    (tmp_path / ".gitignore").write_text("ignored/\n")
    assert client_urls([tmp_path], set(), Files(tmp_path)) == []
