"""`ctx.exports` at a date that has none.

## What it does
Finds `ctx.exports.X` in code that a Worker's entrypoint reaches, while the compatibility date is before
2025-11-17 and `enable_ctx_exports` is not listed, or `disable_ctx_exports` is.

## Why it fails
`ctx.exports` is undefined there, so that reading a class from it throws a TypeError: the request is
answered with 500.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2025-07-01"

[exports.MatchDO]
type = "durable-object"
storage = "sqlite"
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  fetch() {
    return new Response("hello");
  }
}
export default {
  fetch: (request, env, ctx) => ctx.exports.MatchDO.getByName("ABCDE").fetch(request),
};
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2025-11-17"

[exports.MatchDO]
type = "durable-object"
storage = "sqlite"
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  fetch() {
    return new Response("hello");
  }
}
export default {
  fetch: (request, env, ctx) => ctx.exports.MatchDO.getByName("ABCDE").fetch(request),
};
```

## Not a finding when
- It is `exports` imported from `cloudflare:workers`: that is there at every date.
- The file tests `ctx.exports` before it uses it.

## Source
- workerd 1.20261117.1, run: `Cannot read properties of undefined` at 2025-11-16, an object at 2025-11-17.
- https://developers.cloudflare.com/workers/runtime-apis/context/
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from wslint.compatibility import enabled
from wslint.finding import Label, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import add_flag, meant, set_elsewhere
from wslint.source.facts import Unknown
from wslint.text import Span
from wslint.worker import Worker

FLAG, OFF = "enable_ctx_exports", "disable_ctx_exports"

RULE = Rule(
    "WS113",
    "context-exports-before-their-date",
    Severity.ERROR,
    causes=("C19",),
    languages=("config", "javascript"),
    fix="safe",
)

_MEMBER = regex(rb"(?<![\w$])([\w$]{1,200})\s{0,50}\.\s{0,50}exports\s{0,50}\.\s{0,50}\Z")
_TESTED = regex(rb"""\.\s*exports\s*(?:\?|&&|\|\||\)|[!=]==?)|["']exports["']\s+in\b""")
_NAMESPACE = regex(rb"""\*\s*as\s+([\w$]+)\s+from\s+["']cloudflare:workers["']""")


def check(worker: Worker) -> Iterator[Outcome]:
    source, config = worker.source, worker.config
    uses = [span for span in source.context_exports_uses if _fails(span)] if source is not None else []
    if not uses:
        return
    flags, date = meant(worker), config.compatibility_date
    is_on = enabled(FLAG, date, flags)
    if is_on is True:
        return
    why = "" if config.flags_known else "`compatibility_flags` can't be read completely"
    why = why or set_elsewhere(worker, "compatibility_flags") or set_elsewhere(worker, "compatibility_date")
    if why or is_on is None:
        yield Unknown(uses[0], "whether `ctx.exports` is there", why or "the compatibility date is not known")
        return
    disabled, value = OFF in flags, config.value("compatibility_date")
    labels: tuple[Label, ...] = ()
    if value is not None and not disabled:
        labels = (Label(value.span, "`ctx.exports` is there from 2025-11-17"),)
    remedy = f"drop `{OFF}`" if disabled else f"raise `compatibility_date` to 2025-11-17, or list `{FLAG}`"
    yield RULE.finding(
        uses[0],
        "the request is answered with 500, because `ctx.exports` is undefined: "
        f"`Cannot read properties of undefined (reading '{uses[0].text}')`",
        labels=labels,
        help=remedy,
        fix=None if disabled else add_flag(worker, FLAG),
    )


def _fails(use: Span) -> bool:
    """Whether a use is `ctx.exports.X`, in a file that doesn't reckon with its absence."""
    data = use.file.data
    member = _MEMBER.search(data, max(0, use.start - 200), use.start)
    return member is not None and not _is_tested(data) and member[1] not in _namespaces(data)


@lru_cache(maxsize=32)
def _is_tested(data: bytes) -> bool:
    return _TESTED.search(data) is not None


@lru_cache(maxsize=32)
def _namespaces(data: bytes) -> frozenset[bytes]:
    return frozenset(_NAMESPACE.findall(data))
