"""A Pages project that binds a class of its own.

## What it does
Looks in configurations with `pages_build_output_dir` for Durable Object bindings without `script_name`.

## Why it fails
Pages Functions can use Durable Objects, but not define them. `wrangler pages deploy` refuses the
configuration: "Durable Objects bindings should specify a script_name".

## Example
```toml wrangler.toml
name = "site"
pages_build_output_dir = "dist"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
```

## Use instead
```toml wrangler.toml
name = "site"
pages_build_output_dir = "dist"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
script_name = "match"
```

## Not a finding when
- The project is a Worker with `assets`: that may define classes.
- The binding names the Worker that has the class.

## Source
- https://developers.cloudflare.com/pages/functions/bindings/#durable-objects
- wrangler 4.164.0, run: `pages deploy` ends with this error; `pages functions build` does not look.
- https://github.com/cloudflare/workers-sdk/issues/3622
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.worker import Worker

RULE = Rule("WS216", "pages-own-class", Severity.ERROR, causes=("C11",))


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.document.is_pages:
        return
    pages = worker.document.root.entries["pages_build_output_dir"].key_span
    for binding in worker.config.durable_objects:
        name, script = text_of(binding.class_name), binding.script_name
        if name is None or (script is not None and script.string != ""):
            continue
        owner = next((each for each in worker.workspace.workers if _has(each, name)), None)
        yield RULE.finding(
            binding.span,
            f"wrangler refuses to deploy: a Pages project can't have the class `{name}` itself",
            labels=(Label(pages, "this makes it a Pages project"),),
            help=f'add `script_name = "{owner.name}"`, the Worker that has it'
            if owner is not None
            else "put the class into a Worker and name that in `script_name`",
        )


def _has(worker: Worker, name: str) -> bool:
    return not worker.document.is_pages and worker.name is not None and worker.export(name).verdict == "yes"
