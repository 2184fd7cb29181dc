"""A binding whose name can't be used.

## What it does
Reports bindings without a name, bindings called like a property that every JavaScript object has
(`constructor`, `toString`), and bindings whose name is no identifier while the source reads them with
a dot.

## Why it fails
The API refuses a binding without a name with code 10052. wrangler itself ends with a `TypeError` at a
name such as `constructor`. A name with a dash reaches the Worker, but `env.chat-room` is a
subtraction: the binding can be read by `env["chat-room"]` only.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "chat-room"
class_name = "ChatRoom"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["ChatRoom"]
```
```js index.js
export class ChatRoom {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: (request, env) => env.chat-room.getByName("a").fetch(request) };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "CHAT_ROOM"
class_name = "ChatRoom"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["ChatRoom"]
```
```js index.js
export class ChatRoom {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: (request, env) => env.CHAT_ROOM.getByName("a").fetch(request) };
```

## Not a finding when
- The source reads the odd name with brackets: that works.
- The name is a reserved word: `env.class` works.
- No use of an odd name was found: then only with `--pedantic`.

## Source
- By hand on wrangler 4.164.0: `env["chat-room"]`, `env["a b"]` and `env.class` work in `wrangler dev`;
  `constructor` ends it with "bindingsGroupedByName[bindingName].push is not a function".
- https://developers.cloudflare.com/workers/wrangler/configuration/#durable-objects
- workerd 1.20261117.1, run: 500, `ReferenceError: room is not defined`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.facts import BindingUse
from wslint.worker import Worker
from wslint.wrangler.config import Binding

RULE = Rule("WS204", "invalid-binding-name", Severity.ERROR, languages=("config", "javascript", "python"))

INHERITED = frozenset(
    {"__proto__", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"}
    | {"toString", "valueOf", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"}
)
"""Names that wrangler's table of binding names has before any binding is put into it."""


def check(worker: Worker) -> Iterator[Outcome]:
    for binding in worker.config.bindings:
        name = binding.name
        if not name:
            yield RULE.finding(binding.span, "deploy is refused with code 10052: the binding has no name")
        elif name in INHERITED:
            yield RULE.finding(
                binding.span,
                f"wrangler ends with a `TypeError`: every JavaScript object has a property `{name}` already",
                help="give the binding another name",
            )
        elif binding.kind not in ("vars", "secrets") and not _is_identifier(name):
            yield from _odd(worker, binding)


def _odd(worker: Worker, binding: Binding) -> Iterator[Outcome]:
    name = binding.name
    better = re.sub(r"\W+", "_", name).strip("_").upper() or "BINDING"
    advice = f"call it `{better}` in both places"
    use = _dotted_use(worker, name)
    if use is not None:
        yield RULE.finding(
            binding.span,
            f"`env.{name}` does not reach this binding: it reads `env.{use.name}` and subtracts the rest",
            labels=(Label(use.span, f"this reads `env.{use.name}`"),),
            help=advice,
        )
    elif worker.source is not None and worker.source.language != "rust" and not worker.uses_of(name):
        message = (
            f'`env.{name}` never reaches this binding: `{name}` is no identifier, only `env["{name}"]` does'
        )
        yield RULE.finding(binding.span, message, help=advice, confidence="medium")


def _dotted_use(worker: Worker, name: str) -> BindingUse | None:
    """A use whose text goes on with the rest of the name: `env.chat` of `env.chat-room`."""
    written = name.encode()
    for use in worker.source.binding_uses if worker.source else ():
        start = use.span.start
        if use.name != name and use.span.file.data[start : start + len(written)] == written:
            return use
    return None


def _is_identifier(name: str) -> bool:
    return name.replace("$", "_").isidentifier()
