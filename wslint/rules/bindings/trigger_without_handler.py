"""A trigger whose handler the entrypoint does not export.

## What it does
Compares what starts the Worker by the configuration with the handlers that its default export has: a
consumer in `queues.consumers` asks for `queue`, `triggers.crons` for `scheduled`, `addresses` for `email`, another
Worker's `tail_consumers` for `tail`, routes for `fetch`. Without any of these, it is requests that come.

## Why it fails
wrangler looks for none of them. Deployed, each such event ends in `Handler does not export a scheduled()
function`: no run of the cron does anything, and the messages of a queue are retried until they are dropped.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[triggers]
crons = ["*/5 * * * *"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[triggers]
crons = ["*/5 * * * *"]
```
```js index.js
export default {
  fetch: () => new Response("ok"),
  scheduled(controller, env, ctx) {
    console.log("swept");
  },
};
```

## Not a finding when
- The handlers can't all be seen: a wrapper around the default export, a spread of something else, an object
  that other code is given, a base class of a package.
- Another Worker here binds it as a service, whose calls may go to methods of any name.
- Assets answer requests, for all that the configuration says.
- The default export is `{}`, and no trigger calls it: the module is there for its classes.
- The module has no usable default export: WS211 and WS212.

## Source
- wrangler 4.164.0, run: `dev` answers a cron with 500, `Handler does not export a scheduled() function`, and
  drops a message after three attempts at `queue()`; a tail consumer is called by `tail` or by its older name `trace`.
- https://developers.cloudflare.com/queues/configuration/javascript-apis/#consumer
- https://developers.cloudflare.com/workers/configuration/cron-triggers/
- https://developers.cloudflare.com/workers/observability/logs/tail-workers/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.record import frozen
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import entry_name, text_of
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS222",
    "trigger-without-handler",
    Severity.ERROR,
    causes=("C12",),
    languages=("config", "javascript", "python", "rust"),
)


@frozen
class _Trigger:
    """What calls a handler: the place that says so, and what comes of it without one."""

    handler: str
    span: Span
    effect: str


_SIGNATURES = {
    "fetch": "fetch(request, env, ctx)",
    "queue": "queue(batch, env, ctx)",
    "scheduled": "scheduled(controller, env, ctx)",
    "email": "email(message, env, ctx)",
    "tail": "tail(events, env, ctx)",
}


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.document.is_pages:
        return
    triggers = list(_triggers(worker))
    if not triggers and not _may_be_requested(worker):
        return
    handlers = worker.handlers
    default = worker.source.exports.get("default")
    if handlers is None or (default is not None and default.kind in ("function", "value")):
        return
    for trigger in triggers or _requests(worker, handlers):
        if trigger.handler in handlers or _OTHER_NAMES.get(trigger.handler) in handlers:
            continue
        shown = default is not None and default.span != trigger.span
        labels = (
            (Label(default.span, "the handlers are exported here"),) if default is not None and shown else ()
        )
        yield RULE.finding(
            trigger.span,
            f"{trigger.effect}: `{entry_name(worker)}` exports no `{trigger.handler}`, and each call ends in "
            f"`Handler does not export a {trigger.handler}() function`",
            labels=labels,
            help=_help(worker, trigger.handler),
        )


def _help(worker: Worker, handler: str) -> str:
    language = worker.source.language if worker.source is not None else ""
    if language == "rust":
        return f"write a function with `#[event({handler})]`, or drop the trigger"
    if language == "python":
        return f"add `async def {handler}(self, …)` to `Default`, or drop the trigger"
    return f"add `{_SIGNATURES[handler]} {{ … }}` to the default export, or drop the trigger"


_OTHER_NAMES = {"tail": "trace"}
"""Older names that the runtime still takes."""

_EVENTS = frozenset(
    {"fetch", "queue", "scheduled", "email", "tail", "trace", "tailStream", "test", "connect"}
)


def _may_be_requested(worker: Worker) -> bool:
    """Whether nothing but requests can start the Worker, by all that is known without its handlers."""
    default = worker.source.exports.get("default") if worker.source is not None else None
    if default is None or default.kind != "object" or worker.config.value("assets"):
        return False
    return not _is_called_by_others(worker)


def _requests(worker: Worker, handlers: frozenset[str]) -> Iterator[_Trigger]:
    """Requests, where nothing else starts the Worker: an object of methods that the runtime never calls."""
    default = worker.source.exports.get("default") if worker.source is not None else None
    if default is None or not handlers or handlers & _EVENTS or not _may_be_requested(worker):
        return  # `export default {}` is there for the classes beside it, which other Workers bind
    if worker.source is not None and worker.source.language in ("javascript", "typescript"):
        yield _Trigger("fetch", default.span, "every request is answered with 500")


def _is_called_by_others(worker: Worker) -> bool:
    """Whether a Worker here binds this one as a service: methods of any name can be called then."""
    tables = (other.config.value("services") for other in worker.workspace.workers)
    return any(
        text_of(table.get("service")) == worker.name
        for value in tables
        for table in (value.tables() if value is not None else ())
    )


def _triggers(worker: Worker) -> Iterator[_Trigger]:
    config = worker.config
    queues, triggers = config.value("queues"), config.value("triggers")
    consumers = queues.get("consumers") if queues is not None else None
    for table in consumers.tables() if consumers is not None else ():
        queue, kind = table.get("queue"), table.get("type")
        if queue is not None and (kind is None or kind.string == "worker"):
            yield _Trigger("queue", queue.span, f"no message of the queue `{queue.string}` is handled")
    crons = triggers.get("crons") if triggers is not None else None
    if crons is not None and crons.items:
        yield _Trigger("scheduled", crons.items[0].span, "no cron trigger does anything")
    routes = config.value("routes") or config.value("route")
    if (
        routes is not None
        and config.value("assets") is None
        and (routes.items or routes.string or routes.entries)
    ):
        route = routes.items[0] if routes.items else routes
        yield _Trigger("fetch", route.span.head(), "every request to these routes is answered with 500")
    addresses = config.root.get("addresses")
    if addresses is not None and addresses.items:
        yield _Trigger("email", addresses.items[0].span, "no mail to these addresses is handled")
    for other, service in worker.workspace.tails:
        if worker.name is not None and text_of(service) == worker.name:
            yield _Trigger("tail", service.span, f"nothing of `{other.name}` is traced")
