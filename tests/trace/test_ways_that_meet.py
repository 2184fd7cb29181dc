"""Ways that meet again where others have left on all the conditions that these have not: neither takes the other's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import CONFIG, MATCH, traced

PLAIN_CONFIG = 'name = "lobby"\nmain = "{main}"\ncompatibility_date = "2026-07-01"\n'

HEAD = """
const maybe = () => Math.random() < 0.5;
const never = () => new Promise(() => {});
"""

EARLY_RETURNS = """
function check(a, b, c, d) {
  if (a) { if (b) return 1; }
  if (c && d) return 2;
  throw new Error("refused");
}
"""

BODIES = {
    "early returns, else an exception": f"""
{EARLY_RETURNS}
export default {{ async fetch(request) {{
  return new Response(String(check(maybe(), maybe(), maybe(), maybe())));
}} }};
""",
    "the same on one side only": f"""
{EARLY_RETURNS}
export default {{ async fetch(request) {{
  let found = 0;
  if (maybe()) found = check(maybe(), maybe(), maybe(), maybe());
  return new Response(String(found));
}} }};
""",
    "the same within another function": f"""
{EARLY_RETURNS}
const twice = (a, b) => (a && b ? check(maybe(), maybe(), maybe(), maybe()) : check(a, b, a, maybe()));
export default {{ async fetch(request) {{
  return new Response(String(await twice(maybe(), maybe())));
}} }};
""",
    "a loop that is left in two ways": """
function found(a, b) {
  for (const one of [1, 2]) {
    if (a(one) && b(one)) break;
    if (b(one) && maybe()) break;
    if (one === 2) throw new Error("nothing");
  }
  return 1;
}
export default { async fetch(request) {
  return new Response(String(found((one) => maybe(), (one) => maybe())));
} };
""",
    "errors of two places, all caught": """
function risky(a, b, c, d) {
  if (a && b) throw new Error("one");
  if (c && d) throw new Error("two");
  return 1;
}
export default { async fetch(request) {
  try { risky(maybe(), maybe(), maybe(), maybe()); } catch { return new Response(null, { status: 500 }); }
  return new Response("well");
} };
""",
    "errors of five places, all caught": """
function risky() {
  if (maybe() && maybe()) throw new Error("one");
  if (maybe() && maybe()) throw new Error("two");
  if (maybe() && maybe()) throw new Error("three");
  if (maybe() && maybe()) throw new Error("four");
  if (maybe() && maybe()) throw new Error("five");
  return 1;
}
export default { async fetch(request) {
  try { risky(); } catch { return new Response(null, { status: 500 }); }
  return new Response("well");
} };
""",
    "a promise that is rejected in two ways": """
async function check(a, b, c, d) {
  if (a && b) throw new Error("one");
  if (c && d) throw new Error("two");
  return 1;
}
export default { async fetch(request) {
  const found = await check(maybe(), maybe(), maybe(), maybe()).catch(() => { throw new Error("again"); });
  return new Response(String(found));
} };
""",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_both_are_said(body: str, tmp_path: Path) -> None:
    files = {"wrangler.toml": PLAIN_CONFIG.format(main="index.js"), "index.js": HEAD + body}
    endings = traced(tmp_path, files, "/").predicted.endings
    assert {ending.status for ending in endings} == {200, 500}


def test_who_waits_for_ever_is_told_apart_from_who_throws(tmp_path: Path) -> None:
    body = """
export default { async fetch(request) {
  if (maybe() || maybe()) await fetch("https://id.example/token");
  await never();
  return new Response("never sent");
} };
"""
    files = {"wrangler.toml": PLAIN_CONFIG.format(main="index.js"), "index.js": HEAD + body}
    reasons = {ending.reason for ending in traced(tmp_path, files, "/").predicted.endings}
    assert any("never settled" in reason for reason in reasons)


def test_a_guard_of_two_parts_before_the_object(tmp_path: Path) -> None:
    worker = f"""
{HEAD}
{EARLY_RETURNS}
export default {{
  async fetch(request, env) {{
    const room = check(request.headers.has("a"), request.headers.has("b"), request.headers.has("c"), request.headers.has("d"));
    return env.MATCH.getByName(String(room)).fetch(request);
  }},
}};
"""
    files = {"wrangler.toml": CONFIG, "index.js": MATCH + worker}
    assert {ending.status for ending in traced(tmp_path, files, "/ws").predicted.endings} >= {101, 500}


def test_python(tmp_path: Path) -> None:
    entry = """
import random
from workers import Response, WorkerEntrypoint


def check(a, b, c, d):
    if a:
        if b:
            return 1
    if c and d:
        return 2
    raise ValueError("refused")


def maybe():
    return random.random() < 0.5


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(str(check(maybe(), maybe(), maybe(), maybe())))
"""
    config = PLAIN_CONFIG.format(main="entry.py") + 'compatibility_flags = ["python_workers"]\n'
    endings = traced(tmp_path, {"wrangler.toml": config, "entry.py": entry}, "/").predicted.endings
    assert {ending.status for ending in endings} == {200, 500}


def test_rust(tmp_path: Path) -> None:
    source = """
use worker::*;

fn check(a: bool, b: bool, c: bool, d: bool) -> Result<u16> {
    if a {
        if b {
            return Ok(1);
        }
    }
    if c && d {
        return Ok(2);
    }
    Err(Error::RustError("refused".into()))
}

#[event(fetch)]
async fn fetch(req: Request, _env: Env, _ctx: Context) -> Result<Response> {
    let has = |name: &str| req.headers().has(name).unwrap_or(false);
    let found = check(has("a"), has("b"), has("c"), has("d"))?;
    Response::ok(found.to_string())
}
"""
    files = {
        "wrangler.toml": PLAIN_CONFIG.format(main="build/index.js"),
        "Cargo.toml": '[package]\nname = "lobby"\nversion = "0.1.0"\n\n[dependencies]\nworker = "0.8.5"\n',
        "src/lib.rs": source,
    }
    assert {ending.status for ending in traced(tmp_path, files, "/").predicted.endings} == {200, 500}
