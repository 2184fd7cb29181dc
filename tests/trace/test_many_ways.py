"""Handlers with more ways than a value may ordinarily have."""

from __future__ import annotations

from pathlib import Path

from tests.trace.projects import CONFIG, MATCH, traced

GUARDS = "\n".join(
    f'    if (request.headers.get("q{n}")) return new Response("no", {{ status: {400 + n} }});'
    for n in range(14)
)
HONO = """
import { Hono } from "hono";
const app = new Hono();
app.use(async (c, next) => {
  if (c.req.header("Authorization") === "none") return c.text("no", 401);
  await next();
});
app.get("/ws/:code", async (c) => {
  const found = await c.env.ROOMS.get(c.req.param("code"));
  if (!found) return c.text("no such room", 404);
  return c.env.MATCH.getByName("a").fetch(c.req.raw);
});
export default app;
"""
KV = 'kv_namespaces = [{ binding = "ROOMS", id = "0123456789abcdef0123456789abcdef" }]\n'


def test_every_answer_of_an_object_with_many_guards_reaches_the_router(tmp_path: Path) -> None:
    guarded = MATCH.replace("  async fetch(request) {\n", f"  async fetch(request) {{\n{GUARDS}\n")
    files = {"wrangler.toml": KV + CONFIG, "index.js": guarded + HONO}
    endings = traced(tmp_path, files, "/ws/ABCDE").predicted.endings
    assert {ending.status for ending in endings} == {101, 500, *range(400, 414)}
