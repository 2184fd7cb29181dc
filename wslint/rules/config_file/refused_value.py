"""A value that wrangler's own validation refuses.

## What it does
Finds values of a wrong kind, values that are none of those allowed, and tables without a key that
they must have, at the top level and in every environment.

## Why it fails
`wrangler deploy` and every other command end with an error. wrangler validates the environment that
it is asked for and no other, so a mistake in `env.production` may show only on the day of the release.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = "nodejs_als"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_als"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The published schema forbids the value and wrangler takes it all the same: `limits = true`,
  `build.watch_dir` as a string, a null where null counts as absent.
- The value is a placeholder such as `${PORT}`.
- Another rule speaks of it: `compatibility_date` (WS102), a missing tag (WS310), entries of `exports`
  (WS315), `assets.run_worker_first` (WS702).

## Source
- wrangler 4.164.0, run: its validation over 9,900 generated configurations, at the top level and in an
  environment; both agree on every one.
- https://developers.cloudflare.com/workers/wrangler/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.rules.config_file._contents import place, refusals
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler.schema import MissingKey, NoChoice, Path, Problem, UnknownKey, WrongKind, path_text

RULE = Rule("WS006", "refused-value", Severity.ERROR, fix="safe")


def check(worker: Worker) -> Iterator[Outcome]:
    note = environments_note(worker)
    for problem in worker.config.departures:
        if not isinstance(problem, UnknownKey) and not _is_elsewhere(worker, problem):
            span, text = _described(problem)
            yield RULE.finding(
                span, f"wrangler refuses the configuration{note}: {text}", fix=_fix(worker, problem)
            )
    for refusal in refusals(worker.config):
        yield RULE.finding(refusal.span, f"wrangler refuses the configuration{note}: {refusal.text}")
    if worker.config.environment is None:
        yield from _environments(worker)


def _environments(worker: Worker) -> Iterator[Outcome]:
    """What stands where an environment's table belongs; wrangler breaks over it when the environment is chosen."""
    named = worker.config.root.get("env")
    for name, entry in (named.entries if named is not None and named.kind == "table" else {}).items():
        swallowed = worker.config.misplaced(name) is entry  # a setting, no environment: WS005
        if entry.value.kind not in ("table", "array") and not swallowed:  # a list passes for an empty table
            yield RULE.finding(
                place(entry.value),
                f"wrangler refuses the configuration with `--env {name}`: `env.{name}` is {entry.value.described}, it takes a table",
            )


def _is_elsewhere(worker: Worker, problem: WrongKind | MissingKey | NoChoice) -> bool:
    """Whether another rule reports the place, or wrangler takes it."""
    path = problem.path
    if path == ("compatibility_date",) or path[:2] == ("assets", "run_worker_first"):
        return True
    if path[0] == "exports" and len(path) > 1:
        return True
    if isinstance(problem, NoChoice):
        return False
    table = path if isinstance(problem, MissingKey) else path[:-1]
    beside = [judged for judged in worker.config.unknown_keys if judged.problem.path[:-1] == table]
    if not problem.refused or (beside and table[-2:-1] == ("producers",)):
        return True  # a queue's producer with a key too many is not looked at any further
    if isinstance(problem, WrongKind):
        return _has_stand_in(worker, path)
    if path[0] == "migrations" and problem.key == "tag":
        return True
    if path[-1:] == ("observability",) or path[-1:] == ("placement",):
        return True  # the contents say it better
    return any(judged.near == problem.key for judged in beside)  # a misspelt key is the same defect


def _has_stand_in(worker: Worker, path: Path) -> bool:
    """Whether wrangler takes any value here, because another key says it already."""
    if path[-1] == "stream" and "pipelines" in path:
        return True
    if path[-2:] != ("observability", "enabled"):
        return False
    keys = [str(step) for step in path[:-1]]
    parts = (worker.config.section.get(*keys, part, "enabled") for part in ("logs", "traces", "issues"))
    return any(part is not None and part.kind == "boolean" for part in parts)


def _described(problem: Problem) -> tuple[Span, str]:
    if isinstance(problem, MissingKey):
        return place(problem.table), f"`{path_text(problem.path)}` has no `{problem.key}`"
    if isinstance(problem, WrongKind):
        text = f"`{path_text(problem.path)}` is {problem.value.described}, it takes {problem.expected}"
        return place(problem.value), text
    assert isinstance(problem, NoChoice)
    choices = ", ".join(f"`{choice}`" for choice in problem.choices)
    return problem.value.span, f"`{path_text(problem.path)}` is `{problem.value.data}`, it takes {choices}"


def _fix(worker: Worker, problem: Problem) -> Fix | None:
    if not isinstance(problem, WrongKind):
        return None
    value, written = problem.value, problem.value.span.text
    if problem.expected == "an array of strings" and value.string:
        return Fix("make it a list", "safe", (Edit(value.span, f"[{written}]"),))
    if problem.expected == "an array of tables" and value.kind == "table" and value.header is not None:
        return Fix("make it a list of tables", "safe", (Edit(value.header, f"[{value.header.text}]"),))
    bindings = {"name", "class_name", "script_name", "environment"}
    if problem.path == ("durable_objects",) and value.kind == "array" and worker.document.format == "toml":
        headers = [
            item.header for item in value.items if item.kind == "table" and bindings.issuperset(item.entries)
        ]
        edits = [
            Edit(header, header.text.replace("]]", ".bindings]]")) for header in headers if header is not None
        ]
        if edits and len(edits) == len(value.items):
            return Fix("put the tables into `durable_objects.bindings`", "safe", tuple(edits))
    return None
