"""The founding case and its neighbours: entrypoints around what `wasm-bindgen --target web` makes of a crate.

The class is `Mended` of the witness crate, so that nothing but the entrypoint can be wrong.
"""

from __future__ import annotations

from pathlib import Path

CONFIG = """\
name = "founding"
main = "index.js"
compatibility_date = "2026-07-01"
migrations = [{ tag = "v1", new_sqlite_classes = ["Mended"] }]
durable_objects.bindings = [{ name = "Mended", class_name = "Mended" }]
"""
# A second Worker in front: the object is made in an isolate whose own `fetch` was never called.
FRONT_CONFIG = """\
name = "front"
main = "front.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "Mended", class_name = "Mended", script_name = "founding" }]
"""
FRONT = """\
export default {
  fetch: (request, env) => env.Mended.getByName("one").fetch(request),
};
"""

_LATE = """\
import init, { Mended, fetch as rust } from "./pkg/glue.js";
import module from "./pkg/glue_bg.wasm";

export { Mended };

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname.endsWith("/ws")) return env.Mended.getByName("one").fetch(request);
    await init({ module_or_path: module });
    return rust(request, env, ctx);
  },
};
"""
_AWAITED = """\
import init, { Mended, fetch as rust } from "./pkg/glue.js";
import module from "./pkg/glue_bg.wasm";

export { Mended };

export default {
  async fetch(request, env, ctx) {
    await init({ module_or_path: module });
    return rust(request, env, ctx);
  },
};
"""
_INSIDE = """\
import init, { Mended as Inner } from "./pkg/glue.js";
import module from "./pkg/glue_bg.wasm";

export class Mended extends Inner {
  async fetch(request) {
    await init({ module_or_path: module });
    return super.fetch(request);
  }
}

export default {
  fetch: (request, env) => env.Mended.getByName("one").fetch(request),
};
"""
_SYNC = """\
import { Mended, fetch as rust, initSync } from "./pkg/glue.js";
import module from "./pkg/glue_bg.wasm";

initSync({ module });

export { Mended };
export default { fetch: (request, env, ctx) => rust(request, env, ctx) };
"""
_TOP = """\
import init, { Mended, fetch as rust } from "./pkg/glue.js";
import module from "./pkg/glue_bg.wasm";

await init({ module_or_path: module });

export { Mended };
export default { fetch: (request, env, ctx) => rust(request, env, ctx) };
"""
_WRAPPER = """\
import init, { Mended as Inner, fetch as rust } from "./pkg/glue.js";
import module from "./pkg/glue_bg.wasm";

const start = () => init({ module_or_path: module });

export class Mended {
  constructor(ctx, env) {
    ctx.blockConcurrencyWhile(async () => {
      await start();
      this.inner = new Inner(ctx, env);
    });
  }
  fetch(request) { return this.inner.fetch(request); }
  alarm() { return this.inner.alarm(); }
  webSocketMessage(ws, message) { return this.inner.webSocketMessage(ws, message); }
  webSocketClose(ws, code, reason, clean) { return this.inner.webSocketClose(ws, code, reason, clean); }
  webSocketError(ws, error) { return this.inner.webSocketError(ws, error); }
}

export default {
  async fetch(request, env, ctx) {
    await start();
    return rust(request, env, ctx);
  },
};
"""
_FORGETS = "".join(line for line in _WRAPPER.splitlines(keepends=True) if "webSocket" not in line)

ENTRYPOINTS = {
    "late": _LATE,
    "awaited": _AWAITED,
    "inside": _INSIDE,
    "sync": _SYNC,
    "top": _TOP,
    "wrapper": _WRAPPER,
    "forgets": _FORGETS,
}


def arrange(folder: Path, entrypoint: str, *, behind: bool = False) -> None:
    """Write the project of one arrangement beside its `pkg/`; `behind` a second Worker, if asked."""
    target = folder / "founding" if behind else folder
    target.mkdir(exist_ok=True)
    (target / "wrangler.toml").write_text(CONFIG)
    (target / "index.js").write_text(ENTRYPOINTS[entrypoint])
    if behind:
        (folder / "wrangler.toml").write_text(FRONT_CONFIG)
        (folder / "front.js").write_text(FRONT)
