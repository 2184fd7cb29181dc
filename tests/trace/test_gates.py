"""A constructor's `blockConcurrencyWhile` begins when the constructor is through; an object's container."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import CONFIG, traced

WORKER = """\
import { DurableObject } from "cloudflare:workers";

class Base extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    %s
    this.box = { size: 2 };
  }
  async load() {
    this.stored = await this.ctx.storage.get("stored");
    if (this.box.size + this.extra !== 3) throw new Error("too early");
  }
  async wait() {
    await this.ctx.storage.get("stored");
  }
}

export class Match extends Base {
  extra = 1;

  fetch(request) {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage() {}
}

export default { fetch: async (request, env) => env.MATCH.getByName("a").fetch(request) };
"""

AFTER = {
    "a stored value": """ctx.blockConcurrencyWhile(async () => {
      const stored = await ctx.storage.get("stored");
      if (this.box.size + this.extra !== 3) throw new Error("too early");
      this.stored = stored;
    });""",
    "a method of its own": "ctx.blockConcurrencyWhile(() => this.load());",
    "a method that is waited for": "this.ctx.blockConcurrencyWhile(async () => { await this.load(); });",
    "what follows a method": """void ctx.blockConcurrencyWhile(async () => {
      await this.wait();
      if (this.box.size + this.extra !== 3) throw new Error("too early");
    });""",
    "before an await": """ctx.blockConcurrencyWhile(async () => {
      if (this.box.size + this.extra !== 3) throw new Error("too early");
    });""",
    "a promise that is kept": "this.ready = ctx.blockConcurrencyWhile(() => this.load());",
    "a condition": """if (env.MATCH) ctx.blockConcurrencyWhile(async () => {
      await this.wait();
      if (this.box.size + this.extra !== 3) throw new Error("too early");
    });""",
}


@pytest.mark.parametrize("gate", AFTER.values(), ids=AFTER)
def test_after_the_constructor(gate: str, tmp_path: Path) -> None:
    trace = traced(tmp_path, {"wrangler.toml": CONFIG, "index.js": WORKER % gate}).predicted
    assert (trace.status, trace.certain) == (101, True), trace.reason


def test_what_it_throws_later_breaks_the_object(tmp_path: Path) -> None:
    gate = 'ctx.blockConcurrencyWhile(async () => { await this.wait(); throw new Error("no"); });'
    trace = traced(tmp_path, {"wrangler.toml": CONFIG, "index.js": WORKER % gate}).predicted
    assert (trace.status, trace.certain) == (500, True) and trace.reason.startswith("Error: no")


CONTAINER = """\

[[containers]]
class_name = "%s"
image = "./Dockerfile"
"""


@pytest.mark.parametrize(
    ("listed", "certain", "status"), [("Match", True, 101), ("Other", True, 500), ("", True, 500)]
)
def test_a_container_is_there_for_the_classes_that_have_one(
    listed: str, certain: bool, status: int, tmp_path: Path
) -> None:
    config = CONFIG + (CONTAINER % listed if listed else "")
    gate = 'if (ctx.container === undefined) throw new Error("no container");'
    trace = traced(tmp_path, {"wrangler.toml": config, "index.js": WORKER % gate}).predicted
    assert (trace.status, trace.certain) == (status, certain), trace.reason
