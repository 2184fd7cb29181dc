"""A folder of assets beside a Worker under workerd, as wrangler serves it: `ASSETS`, and what comes before the Worker.

Only what the scaffolds use: a limiter that counts as Cloudflare's does within one minute, `/` is index.html, `_headers` has the headers of every path, and a path of
`run_worker_first` is the Worker's whatever the folder holds. The transcripts are held against `wrangler dev` too.
"""

from __future__ import annotations

import json
from pathlib import Path

from wslint.wrangler.config import WorkerConfig

_ASSETS = """\
const TYPES = { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };
export default { async fetch(request, env) {
  if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405 });
  let { pathname } = new URL(request.url);
  if (pathname === "/") pathname = "/index.html";
  const type = TYPES[pathname.split(".").at(-1)];
  const found = type && (await env.DISK.fetch("http://disk" + pathname));
  if (!found?.ok) return new Response(null, { status: 404 });
  const headers = new Headers({ "content-type": type + "; charset=utf-8", ...JSON.parse(env.HEADERS) });
  return new Response(request.method === "HEAD" ? null : found.body, { headers });
} };
"""
_FRONT = """\
export default { async fetch(request, env) {
  const { pathname } = new URL(request.url);
  if (request.method !== "GET" || JSON.parse(env.FIRST).includes(pathname)) return env.MAIN.fetch(request);
  const found = await env.ASSETS.fetch(new Request(request.url));
  return found.status === 404 ? env.MAIN.fetch(request) : found;
} };
"""
_LIMITER = """\
import { WorkerEntrypoint } from "cloudflare:workers";
const counted = new Map();
export default class extends WorkerEntrypoint {
  limit({ key }) {
    counted.set(key, (counted.get(key) ?? 0) + 1);
    return { success: counted.get(key) <= this.env.LIMIT };
  }
}
"""


def write(folder: Path, work: Path, config: WorkerConfig, main: str) -> tuple[str, str]:
    """Write both Workers of `folder` into `work`; their services, and what defines them."""
    (work / "assets.js").write_text(_ASSETS, encoding="utf-8")
    (work / "front.js").write_text(_FRONT, encoding="utf-8")
    assets = config.value("assets")
    listed = assets.get("run_worker_first") if assets else None
    first = [path.string for path in listed.strings()] if listed else []
    (work / "limiter.js").write_text(_LIMITER, encoding="utf-8")
    limiters = config.value("ratelimits")
    limits = [table.get("simple", "limit") for table in limiters.tables()] if limiters else []
    limit = next((json.dumps(found.plain()) for found in limits if found), "0")
    services = f"""\
    (name = "limiter", worker = .limiter),
    (name = "front", worker = .front),
    (name = "assets", worker = .assets),
    (name = "disk", disk = (path = {_text(str(folder))})),
"""
    workers = f"""
const front :Workerd.Worker = (
  modules = [(name = "front.js", esModule = embed "front.js")], compatibilityDate = "2026-11-17",
  bindings = [
    (name = "MAIN", service = "{main}"), (name = "ASSETS", service = "assets"),
    (name = "FIRST", text = {_text(json.dumps(first))}),
  ],
);
const limiter :Workerd.Worker = (
  modules = [(name = "limiter.js", esModule = embed "limiter.js")], compatibilityDate = "2026-11-17",
  bindings = [(name = "LIMIT", json = "{limit}")],
);
const assets :Workerd.Worker = (
  modules = [(name = "assets.js", esModule = embed "assets.js")], compatibilityDate = "2026-11-17",
  bindings = [(name = "DISK", service = "disk"), (name = "HEADERS", text = {_text(json.dumps(_headers(folder)))})],
);
"""
    return services, workers


def _headers(folder: Path) -> dict[str, str]:
    """What `_headers` says of `/*`, in lower case."""
    path = folder / "_headers"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rules = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if (rules and rules[0] != "/*") or any(rule.startswith("/") for rule in rules[1:]):
        raise ValueError("_headers has more than the one rule that this knows")
    pairs = (rule.split(":", 1) for rule in rules[1:])
    return {name.lower(): value.strip() for name, value in pairs}


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
