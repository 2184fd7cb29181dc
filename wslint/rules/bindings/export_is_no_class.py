"""A bound export that is no class.

## What it does
Looks at what the entrypoint exports under the name of a bound class: an object or another value, and in
Python also a function.

## Why it fails
wrangler asks only whether the name is exported. `wrangler dev` then ends with "Class extends value … is
not a constructor"; on the runtime itself the object answers 500, `no such actor class`, and a text or
number keeps the Worker from starting.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
export const MatchDO = {
  fetch: () => new Response("ok"),
};
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
export class MatchDO {
  fetch() {
    return new Response("ok");
  }
}
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```

## Not a finding when
- The export is the result of a call (`instrument(…)`, a mixin), or can't be followed.
- It is a JavaScript function: a constructor function works as a class.

## Source
- workerd 1.20261117.1, run: object and array 500, text and `null` no start, constructor function 200.
- wrangler 4.164.0, run: `deploy --dry-run` exits 0, `wrangler dev` ends at start.
- https://developers.cloudflare.com/durable-objects/api/base/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.worker import Worker

RULE = Rule(
    "WS214", "export-is-no-class", Severity.ERROR, causes=("C03",), languages=("javascript", "python")
)

WORDS = {"object": "an object", "value": "a plain value", "function": "a function"}


def check(worker: Worker) -> Iterator[Outcome]:
    source = worker.source
    if source is None or worker.document.is_pages or source.language == "rust":
        return
    wrong = ("object", "value", "function") if source.language == "python" else ("object", "value")
    for binding in worker.config.local_durable_objects:
        name = text_of(binding.class_name)
        fact = source.exports.get(name) if name is not None else None
        if fact is None or fact.kind not in wrong:
            continue
        labels = [Label(binding.span, "bound as a class here")]
        if fact.declared is not None and fact.declared.file is not fact.span.file:
            labels.append(Label(fact.declared, "declared here"))
        happens = "`wrangler dev` does not start, and the runtime finds `no such actor class`"
        if source.language == "python":
            happens = "the handshake answers 500, `no such actor class`"
        yield RULE.finding(
            fact.span,
            f"{happens}: `{name}` is {WORDS[fact.kind]}, not a class",
            labels=tuple(labels),
            help="export a class that extends `DurableObject`",
        )
