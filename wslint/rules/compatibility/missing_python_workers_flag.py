"""A Python Worker without `python_workers`.

## What it does
Finds configurations whose `main` is a `.py` file while `compatibility_flags` doesn't list
`python_workers`.

## Why it fails
wrangler stops as soon as it reads the configuration. The flag has to stand in the file: no
date turns it on, and `--compatibility-flags` on the command line comes too late.

## Example
```toml wrangler.toml
name = "match"
main = "entry.py"
compatibility_date = "2026-07-01"
```
```python entry.py
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("ok")
```

## Use instead
```toml wrangler.toml
name = "match"
main = "entry.py"
compatibility_date = "2026-07-01"
compatibility_flags = ["python_workers"]
```
```python entry.py
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("ok")
```

## Not a finding when
- The environment inherits the flag.
- The flag is there, but misspelt: that is WS104.

## Source
- wrangler 4.164.0, run: `The python_workers compatibility flag is required to use Python.`, also with
  the flag on the command line and with `python_workers_development`.
- https://developers.cloudflare.com/workers/languages/python/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import add_flag, meant
from wslint.source.facts import Unknown
from wslint.worker import Worker

RULE = Rule(
    "WS111", "missing-python-workers-flag", Severity.ERROR, languages=("config", "python"), fix="safe"
)


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    main, written = config.main, config.value("compatibility_flags")
    if worker.document.is_pages or main is None or main.string is None or not main.string.endswith(".py"):
        return
    if main.is_placeholder or "python_workers" in meant(worker):
        return
    if not config.flags_known:
        why = "`compatibility_flags` can't be read completely"
        yield Unknown(main.span, "whether `python_workers` is listed", why)
        return
    has_list = written is not None and written.kind == "array"
    yield RULE.finding(
        written.span if written is not None and has_list else main.span,
        "wrangler stops: `The python_workers compatibility flag is required to use Python.`",
        labels=(Label(main.span, "a Python entrypoint"),) if has_list else (),
        help='list "python_workers" in `compatibility_flags`',
        fix=add_flag(worker, "python_workers"),
    )
