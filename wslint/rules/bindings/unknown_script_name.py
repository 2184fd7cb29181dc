"""A `script_name` that misspells a Worker of the workspace.

## What it does
Looks for Durable Object bindings whose `script_name` names no Worker here, while one with nearly that
name is here and has the class.

## Why it fails
The binding leads to a Worker that does not exist: deploy is refused with code 10061, and `wrangler dev`
answers each use with 503, "Worker … not found". wrangler can't check it before that.

## Example
```toml lobby/wrangler.toml
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
script_name = "match_worker"
```
```js lobby/index.js
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```
```toml match/wrangler.toml
name = "match-worker"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js match/index.js
export class MatchDO {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml lobby/wrangler.toml
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
script_name = "match-worker"
```
```js lobby/index.js
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```
```toml match/wrangler.toml
name = "match-worker"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js match/index.js
export class MatchDO {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- No Worker of the workspace has a name like it: it may be deployed from elsewhere, so this is shown with `--pedantic`
  only, unless this Worker itself exports and creates the class, and binds it nowhere.
- The name differs by a whole word, as in `match-staging` and `match-prod`.
- The Worker with the near name has no such class.

## Source
- https://github.com/huilang-me/CF-Server-Monitor/issues/55 (10061, "in script … that does not exist")
- https://github.com/cloudflare/workers-sdk/issues/2676
- wrangler 4.164.0, run: `wrangler dev` answers 503, `Worker "match_worker" not found`; by hand: `deploy --dry-run`
  exits 0 with a `script_name` that nothing has.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import IMPOSSIBLE, text_of
from wslint.source.facts import Unknown
from wslint.text import Span
from wslint.worker import Worker, Workspace
from wslint.wrangler import edit

RULE = Rule(
    "WS205", "unknown-script-name", Severity.WARNING, causes=("C10",), fix="unsafe", needs=("script",)
)

SHORTEST_WORD = 4
"""In shorter words one letter is no slip: `eu` and `us`, `v1` and `v2`, `dev`."""


def check(worker: Worker) -> Iterator[Outcome]:
    known = worker.workspace.workers_by_name
    for binding in worker.config.durable_objects:
        value, script, name = binding.script_name, text_of(binding.script_name), text_of(binding.class_name)
        if value is None or script is None or name is None or script in known or script == worker.name:
            continue
        if IMPOSSIBLE.search(script):
            continue  # WS224
        near = _near(worker.workspace, script, name)
        if near is None:
            why = f"no Worker of this workspace is called `{script}`"
            own = _created_for_nobody(worker, name)
            yield Unknown(value.span, f"whether `{script}` has the class `{name}`", why)
            yield RULE.finding(
                value.span,
                f"deploy is refused with code 10061 until a Worker called `{script}` is deployed: {why}",
                labels=(Label(own, "this Worker creates the class, and binds it nowhere"),) if own else (),
                help="drop `script_name`: the class is this Worker's own" if own else "",
                confidence=None if own else "medium",
            )
            continue
        owner = known[near][0].config
        place = owner.section.get("name") or owner.root.get("name")
        yield RULE.finding(
            value.span,
            f"deploy is refused with code 10061 unless there is a Worker `{script}`: `{near}` has `{name}`",
            labels=(Label(place.span, f"`{near}` has the class `{name}`"),) if place is not None else (),
            help=f'write `script_name = "{near}"`',
            fix=Fix(f"name `{near}`", "unsafe", (edit.replace_string(value, near),)),
        )


def _created_for_nobody(worker: Worker, name: str) -> Span | None:
    """Where this Worker creates a class that it exports and binds in no environment: the class that was meant."""
    live = worker.config.history.live.get(name)
    environments = [other.config for other in worker.workspace.workers if other.document is worker.document]
    bound = {text_of(binding.class_name) for each in environments for binding in each.local_durable_objects}
    if live is None or name in bound or worker.export(name).verdict != "yes":
        return None
    return live.step.span


def _near(workspace: Workspace, script: str, class_name: str) -> str | None:
    """The one Worker with the class whose name `script` misspells."""
    near = [
        name
        for name, owners in workspace.workers_by_name.items()
        if _misspells(script, name)
        and any(
            owner.export(class_name).verdict == "yes" or class_name in owner.config.history.live
            for owner in owners
        )
    ]
    return near[0] if len(near) == 1 else None


def _misspells(script: str, name: str) -> bool:
    """The same words but for case and dashes, or one letter in one of the words."""
    words, others = (text.lower().replace("_", "-").split("-") for text in (script, name))
    if "".join(words) == "".join(others):
        return True
    if len(words) != len(others):
        return False
    different = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and min(map(len, different[0])) >= SHORTEST_WORD and _one_slip(*different[0])


def _one_slip(left: str, right: str) -> bool:
    """Whether one letter more, less or other, or two letters swapped, makes the words equal."""
    short, long = sorted((left, right), key=len)
    at = next((index for index, letter in enumerate(short) if letter != long[index]), len(short))
    if long[at].isdigit() or short[at : at + 1].isdigit():
        return False
    if len(long) > len(short):
        return long[at + 1 :] == short[at:]
    swapped = short[at : at + 2][::-1] == long[at : at + 2] and short[at + 2 :] == long[at + 2 :]
    return swapped or short[at + 1 :] == long[at + 1 :]
