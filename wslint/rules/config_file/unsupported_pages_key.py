"""A key or environment that Pages does not take.

## What it does
Finds, in a configuration with `pages_build_output_dir`, keys that Pages has not, environments other than
`preview` and `production`, and a binding called `ASSETS`.

## Why it fails
`wrangler pages deploy` refuses the configuration. `main` beside `pages_build_output_dir` makes it
ambiguous: `wrangler deploy` would take it for a Worker.

## Example
```toml wrangler.toml
name = "match"
pages_build_output_dir = "dist"
compatibility_date = "2026-07-01"

[env.staging.vars]
GREETING = "hello"
```

## Use instead
```toml wrangler.toml
name = "match"
pages_build_output_dir = "dist"
compatibility_date = "2026-07-01"

[env.preview.vars]
GREETING = "hello"
```

## Not a finding when
- The key says what holds anyway: `migrations = []`, `observability.enabled = true`.
- A Durable Object binding has no `script_name`: that is WS216.

## Source
- wrangler 4.164.0, run: `pages deploy` refuses each with "Configuration file for Pages projects does not
  support …".
- https://developers.cloudflare.com/pages/functions/wrangler-configuration/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler.config import WorkerConfig
from wslint.wrangler.located import Value
from wslint.wrangler.schema import known_keys

RULE = Rule("WS015", "unsupported-pages-key", Severity.ERROR, needs=("pages",))

SUPPORTED = frozenset(
    {"$schema", "env", "pages_build_output_dir", "name", "compatibility_date", "compatibility_flags"}
    | {"send_metrics", "no_bundle", "limits", "placement", "vars", "durable_objects", "kv_namespaces"}
    | {"queues", "r2_buckets", "d1_databases", "vectorize", "hyperdrive", "services", "ai", "dev"}
    | {"analytics_engine_datasets", "version_metadata", "mtls_certificates", "browser"}
    | {"upload_source_maps"}
)

_ENVIRONMENTS = ("preview", "production")


def check(worker: Worker) -> Iterator[Outcome]:
    config, root = worker.config, worker.document.root
    output = root.entries.get("pages_build_output_dir")
    if output is None or output.value.kind == "null":
        return
    label = Label(output.key_span, "this makes it a Pages project")
    for span, text in _refused(config, "main" in root.entries):
        message = f"`wrangler pages deploy` refuses {text}"
        yield RULE.finding(span, message, labels=(label,))


def _refused(config: WorkerConfig, is_worker: bool) -> Iterator[tuple[Span, str]]:
    """Places and what is refused there. With `main` the file is a Worker's as likely: that alone is said."""
    note = "" if config.environment is None else f" in {config.label}"
    main = config.section.entries.get("main")
    if main is not None:
        yield main.key_span, f"`main` beside `pages_build_output_dir`{note}"
    if main is not None or is_worker:
        return
    if config.environment is not None and config.environment not in _ENVIRONMENTS:
        text = f"the environment `{config.environment}`: a Pages project has `preview` and `production`"
        yield config.section_span, text
        return
    for key, entry in config.section.entries.items():
        if key not in SUPPORTED and key in known_keys("top") and not _is_default(key, entry.value):
            yield entry.key_span, f"`{key}`{note}: a Pages project has no such key"
    consumers = config.section.entry("queues", "consumers")
    if consumers is not None and consumers.value.items:
        yield consumers.key_span, f"`queues.consumers`{note}: a Pages project can only send"
    for binding in config.bindings:
        if binding.name == "ASSETS" and binding.kind != "assets":
            yield binding.span, f"the binding `ASSETS`{note}: Pages gives that name to its own files"


def _is_default(key: str, value: Value) -> bool:
    """Whether the value says what holds anyway: wrangler compares with its defaults."""
    if key == "observability" and value.plain() == {"enabled": True}:
        return True
    return not value.entries and not value.items and value.data in (None, "")
