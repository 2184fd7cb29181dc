"""Tables of addresses for `wslint trace`: static assets under `wrangler dev`, and the scaffolds on workerd."""

from __future__ import annotations

import datetime
import http.client
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.pages import TODAY, write
from tests.runtime.conversation import talk
from tests.runtime.workerd import serve
from tests.runtime.wrangler import dev
from wslint import scaffold, scaffold_write
from wslint.trace import predict

Verdict = Literal[
    "right",
    "wrong",
    "unknown",  # not predicted
    "either",  # several answers are named, with what decides; the one that came is among them
    "not served",
]

_NAMED = re.compile(r"(?:^|, or )(\d{3})\b")
_WORKER = """\
export default {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response("no upgrade", { status: 426 });
    const { pathname } = new URL(request.url);
    if (pathname === "/api") return new Response("taken", { status: 403 });
    if (pathname === "/missing") return new Response("none", { status: 410 });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    return new Response(null, { status: 101, webSocket: client });
  },
};
"""
PATHS = ("/", "/ws", "/ws/", "/ws/ABCDE", "/api", "/index.html", "/missing", "/page", "/page/")
FILES = ("index.html",)
FOLDER = (*FILES, "ws/index.html", "page.html")


@dataclass(frozen=True)
class Assets:
    """One configuration: the lines of its `[assets]`, and the files that it serves."""

    settings: str
    files: Sequence[str] = FILES
    redirects: str = ""

    def project(self) -> dict[str, str]:
        head = 'name = "table"\nmain = "index.js"\ncompatibility_date = "2026-06-01"\n'
        files = {
            "wrangler.toml": f'{head}\n[assets]\ndirectory = "public"\n{self.settings}\n',
            "index.js": _WORKER,
        }
        files |= {f"public/{name}": f"<!doctype html><title>{name}</title>\n" for name in self.files}
        return files | ({"public/_redirects": self.redirects} if self.redirects else {})


ASSETS = {
    "defaults": Assets(""),
    "a folder ws": Assets("", FOLDER),
    "force": Assets('html_handling = "force-trailing-slash"', FOLDER),
    "drop": Assets('html_handling = "drop-trailing-slash"', FOLDER),
    "no html": Assets('html_handling = "none"', FOLDER),
    "spa": Assets('not_found_handling = "single-page-application"'),
    "spa, list": Assets('not_found_handling = "single-page-application"\nrun_worker_first = ["/api"]'),
    "404, negative rule": Assets(
        'not_found_handling = "404-page"\nrun_worker_first = ["/*", "!/ws/*", "!/missing"]',
        (*FILES, "404.html"),
    ),
    "worker first": Assets("run_worker_first = true", FOLDER),
    "redirects": Assets("", FILES, "/ws /elsewhere 302\n/api/* /gone 301\n"),
}

SCAFFOLD_PATHS = (
    "/", "/health", "/create", "/join/ABCDE", "/ws/ABCDE", "/ws/abcde", "/ws/:code", "/ws/ABC", "/ws/", "/nowhere",
)  # fmt: skip
LANGUAGES = ("typescript", "python")


@dataclass(frozen=True)
class Row:
    """One project and one address. `reason` is the prediction's."""

    name: str
    url: str
    predicted: int | None
    reason: str
    seen: int | None
    verdict: Verdict


def judge(name: str, folder: Path, url: str, seen: int | None) -> Row:
    """Compare what was seen with what is predicted for `url`."""
    predicted = predict.predict(folder, url, today=TODAY)
    verdict: Verdict
    if predicted.status is not None:
        verdict = "right" if predicted.status == seen else "wrong"
    else:
        named = {int(status) for status in _NAMED.findall(predicted.reason)}
        # Where one of the answers has no known status, another one than those named is no mistake.
        is_open = "not known" in predicted.reason
        if seen in named:
            verdict = "either"
        else:
            verdict = "wrong" if len(named) > 1 and not is_open else "unknown"
    return Row(name, url, predicted.status, predicted.reason, seen, verdict)


def asset_rows(name: str) -> list[Row]:
    """One configuration under `wrangler dev`."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write(ASSETS[name].project(), folder)
        with dev(folder) as server:
            seen = {path: status_of(server.ws + path) for path in PATHS}
        return [judge(name, folder, path, status) for path, status in seen.items()]


def assets() -> list[Row]:
    """All configurations, a few at a time."""
    with ThreadPoolExecutor(3) as pool:
        return [row for rows in pool.map(asset_rows, ASSETS) for row in rows]


def scaffold_rows(language: str) -> list[Row]:
    """A new scaffold on workerd, its page as an asset; the last row is for a match that was just made."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / language
        today = datetime.datetime.now(datetime.UTC).date()
        scaffold_write.write(
            scaffold.plan(scaffold.Choices(folder=folder, language=language, name="duel"), today)
        )
        with serve(folder, page=folder / "public") as server:
            seen = {path: status_of(server.ws + path) for path in SCAFFOLD_PATHS}
            made = f"/ws/{_create(server.port)}"
            seen[made] = status_of(server.ws + made)
        return [judge(language, folder, path, status) for path, status in seen.items()]


def scaffolds() -> Iterator[Row]:
    for language in LANGUAGES:
        yield from scaffold_rows(language)


def status_of(url: str) -> int | None:
    """What a handshake is answered; redirects are not followed."""
    return talk(url, [], patience=0.3, close=False).status


def _create(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/create")
        code = json.loads(connection.getresponse().read())["code"]
    finally:
        connection.close()
    assert isinstance(code, str)
    return code
