"""Handlers with more ways than a value may ordinarily have."""

from __future__ import annotations

from pathlib import Path

from tests.trace.projects import CONFIG, MATCH, traced

GUARDS = "\n".join(f"  if (c.req.query('q{n}')) return c.text('no', {400 + n});" for n in range(14))
HONO = f"""
import {{ Hono }} from "hono";
const app = new Hono();
app.get("/ws/:code", (c) => {{
{GUARDS}
  return c.env.MATCH.getByName("a").fetch(c.req.raw);
}});
export default app;
"""


def test_every_answer_of_a_router_with_many_guards_is_known(tmp_path: Path) -> None:
    files = {"wrangler.toml": CONFIG, "index.js": MATCH + HONO}
    endings = traced(tmp_path, files, "/ws/ABCDE").predicted.endings
    assert sorted(ending.status or 0 for ending in endings) == [101]
    folder = tmp_path / "open"
    files["index.js"] = files["index.js"].replace("c.req.query", "c.req.header")
    endings = traced(folder, files, "/ws/ABCDE").predicted.endings
    assert sorted(ending.status or 0 for ending in endings) == [101, *range(400, 414)]
