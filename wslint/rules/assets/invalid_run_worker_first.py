"""Rules in `run_worker_first` that wrangler refuses.

## What it does
Reads `assets.run_worker_first` as wrangler does before it uploads.

## Why it fails
`wrangler deploy` ends with an error for a rule that does not start with `/` or `!/`, one that comes twice
or that a rule with `*` covers already, for exceptions alone, for none at all, and for more than 100 rules
or characters.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[assets]
directory = "./dist"
run_worker_first = ["ws/*"]
```
```html dist/index.html
<!doctype html>
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[assets]
directory = "./dist"
run_worker_first = ["/ws", "/ws/*"]
```
```html dist/index.html
<!doctype html>
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- It is true or false.
- A rule and an exception overlap: exceptions are compared among themselves only.

## Source
- wrangler 4.164.0, run: each ends `deploy --dry-run` with exit code 1.
- https://developers.cloudflare.com/workers/static-assets/binding/#run_worker_first
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.located import Value

RULE = Rule("WS702", "invalid-run-worker-first", Severity.ERROR, fix="safe", needs=("assets",))

_LIMIT = 100


def check(worker: Worker) -> Iterator[Outcome]:
    value = worker.config.section.get("assets", "run_worker_first")
    if value is None or value.kind == "boolean" or value.is_placeholder:
        return
    note = environments_note(worker)
    if value.kind != "array":
        yield RULE.finding(
            value.span.head(),
            f"wrangler refuses `run_worker_first`{note}: it takes true, false or a list of rules",
        )
        return
    if not value.items or len(value.items) > _LIMIT:
        count = f"{len(value.items)} rules" if value.items else "no rule"
        yield RULE.finding(
            value.span.head(),
            f"deploy is refused{note}: `run_worker_first` has {count}, it takes 1 to {_LIMIT}",
        )
        return
    for item in value.items:
        if item.string is None:
            yield RULE.finding(
                item.span.head(), f"wrangler refuses `run_worker_first`{note}: a rule is a string"
            )
    rules = [item for item in value.items if item.string is not None]
    if any(rule.is_placeholder for rule in rules) or len(rules) < len(value.items):
        return
    for rule in rules:
        text = rule.string or ""
        if not text.startswith(("/", "!/")):
            yield RULE.finding(
                rule.span,
                f"deploy is refused{note}: the rule `{text}` starts with neither `/` nor `!/`",
                fix=_fix(rule),
            )
        elif len(text) > _LIMIT:
            yield RULE.finding(
                rule.span, f"deploy is refused{note}: the rule has {len(text)} characters, it takes {_LIMIT}"
            )
    positive = [rule for rule in rules if (rule.string or "").startswith("/")]
    negative = [rule for rule in rules if (rule.string or "").startswith("!/")]
    if negative and not positive:
        yield RULE.finding(
            value.span.head(),
            f"deploy is refused{note}: `run_worker_first` has exceptions only, it needs a rule with `/`",
        )
        return
    for group in (positive, negative):
        yield from _overlapping(group, note)


def _fix(rule: Value) -> Fix | None:
    text = rule.string or ""
    if not text or text.startswith(("!", ".", "*")) or ":" in text:
        return None
    return Fix("start it with `/`", "safe", (edit.replace_string(rule, f"/{text}"),))


def _overlapping(rules: list[Value], note: str) -> Iterator[Outcome]:
    """Rules that are there already, or that one with `*` at its end covers."""
    seen: dict[str, Value] = {}
    for rule in rules:
        text = rule.string or ""
        wider = next((other for other in rules if _covers(other.string or "", text)), None)
        cause, how = (seen[text], "comes twice") if text in seen else (wider, "is covered by another")
        if cause is not None:
            yield RULE.finding(
                rule.span,
                f"deploy is refused{note}: the rule `{text}` {how}",
                labels=(Label(cause.span, "this is enough"),),
            )
        seen.setdefault(text, rule)


def _covers(wide: str, narrow: str) -> bool:
    return wide != narrow and wide.endswith("*") and narrow.startswith(wide[:-1])
