"""What wrangler refuses although every value has the right kind. Run on wrangler 4.164.0."""

from __future__ import annotations

from collections.abc import Iterator

from wslint.record import frozen
from wslint.regex import regex
from wslint.text import Span
from wslint.wrangler.config import WorkerConfig
from wslint.wrangler.located import Value
from wslint.wrangler.schema import Path, path_text


@frozen
class Refusal:
    """A place that wrangler refuses, and why: the end of a sentence."""

    span: Span
    text: str


def place(value: Value) -> Span:
    """Where to point at a value: a TOML table's header, otherwise its first line."""
    return value.header or value.span.head()


def refusals(config: WorkerConfig) -> Iterator[Refusal]:
    """All refused contents of one section."""
    section = config.section
    yield from _tables(section, ())
    previews = section.get("previews")
    if previews is not None and previews.kind == "table":
        yield from _tables(previews, ("previews",))
    for key in ("route", "routes"):
        value = section.get(key)
        for index, route in enumerate(value.items if value is not None and value.kind == "array" else ()):
            yield from _route(route, ("routes", index))
        if value is not None and key == "route" and value.kind == "table":
            yield from _route(value, ("route",))
    both = section.get("main"), section.get("site", "entry-point")
    if both[0] is not None and both[1] is not None and both[0].string and both[1].string:
        yield Refusal(both[1].span, "`site.entry-point` and `main` name the same thing: keep `main`")


_FILLED = (
    ("analytics_engine_datasets", "dataset"),
    ("kv_namespaces", "id"),
    ("mtls_certificates", "certificate_id"),
    ("r2_buckets", "bucket_name"),
)
"""Strings that must not be empty where they are written."""


def _tables(section: Value, path: Path) -> Iterator[Refusal]:
    yield from _durable_objects(section)
    yield from _placement(section, path)
    yield from _observability(section, path)
    for key, name in _FILLED:
        for index, table in _items(section, key):
            value = table.get(name)
            if value is not None and value.string == "":
                yield Refusal(value.span, f"`{path_text((*path, key, index, name))}` is empty")
    producers = section.get("queues", "producers")
    for index, item in enumerate(producers.items if producers is not None else ()):
        queue = item.get("queue") if item.kind == "table" else None
        if queue is not None and queue.string == "":
            yield Refusal(
                queue.span, f"`{path_text((*path, 'queues', 'producers', index, 'queue'))}` is empty"
            )
    for _, table in _items(section, "r2_buckets"):
        for name in ("bucket_name", "preview_bucket_name"):
            value = table.get(name)
            if (
                value is not None
                and value.string
                and not value.is_placeholder
                and not _BUCKET.fullmatch(value.string)
            ):
                yield Refusal(
                    value.span, f"`{value.string}` is no bucket name: 3 to 63 of a-z, 0-9 and inner `-`"
                )
    for index, table in _items(section, "pipelines"):
        if not _filled(table, "stream") and not _filled(table, "pipeline"):
            yield Refusal(place(table), f"`{path_text((*path, 'pipelines', index))}` has no `stream`")
    for index, table in _items(section, "vpc_networks"):
        if not path and not {"tunnel_id", "network_id"} & set(table.entries):
            yield Refusal(
                place(table), f"`{path_text(('vpc_networks', index))}` has no `tunnel_id` or `network_id`"
            )
    for index, table in _items(section, "send_email"):
        entry = table.entry("allowed_destination_addresses")
        if entry is not None and "destination_address" in table.entries:
            both = "`destination_address` and `allowed_destination_addresses`"
            yield Refusal(entry.key_span, f"`{path_text((*path, 'send_email', index))}` has both {both}")
    for _, table in _items(section, "k2"):
        remote = table.get("remote")
        if remote is not None and remote.data is False:
            yield Refusal(remote.span, "a K2 binding can't be local")
    variables = section.get("vars")
    for name, entry in variables.entries.items() if variables is not None else ():
        if entry.value.kind == "date":
            yield Refusal(entry.value.span, f"the variable `{name}` is a TOML date: put it into quotes")


_BUCKET = regex(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")


def _items(section: Value, key: str) -> Iterator[tuple[int, Value]]:
    value = section.get(key)
    for index, item in enumerate(value.items if value is not None else ()):
        if item.kind == "table":
            yield index, item


def _filled(table: Value, key: str) -> bool:
    """Whether the key is there; a wrong kind counts as filled, that is reported elsewhere."""
    value = table.get(key)
    return value is not None and value.string != ""


def _durable_objects(section: Value) -> Iterator[Refusal]:
    bindings = section.get("durable_objects", "bindings")
    for item in bindings.tables() if bindings is not None else ():
        entry = item.entry("environment")
        if entry is not None and "script_name" not in item.entries:
            yield Refusal(entry.key_span, "a binding with `environment` has no `script_name`")
    delay = section.get("durable_objects", "code_update_strategy", "max_delay")
    if delay is not None and isinstance(delay.data, (int, float)) and delay.kind in ("integer", "float"):
        thousandths = delay.data * 1000
        if not 0 <= delay.data <= 86400:
            yield Refusal(delay.span, "`max_delay` lies between 0 and 86400 seconds")
        elif abs(thousandths - round(thousandths)) > 1e-6 or (delay.data > 0 and round(thousandths) == 0):
            yield Refusal(delay.span, "`max_delay` is no whole number of milliseconds")


def _placement(section: Value, path: Path) -> Iterator[Refusal]:
    placement = section.get("placement")
    if placement is None or placement.kind != "table":
        return
    name, mode = path_text((*path, "placement")), placement.get("mode")
    written = None if mode is None else mode.string
    targets = [key for key in ("region", "host", "hostname") if key in placement.entries]
    hint = placement.entry("hint")
    if hint is not None and targets:
        yield Refusal(hint.key_span, f"`{name}` has `hint` and `{targets[0]}`, which exclude each other")
    elif hint is not None and (mode is None or written in ("off", "targeted")):
        yield Refusal(hint.key_span, f'`{name}.hint` needs `mode = "smart"`')
    elif len(targets) > 1:
        yield Refusal(
            placement.entries[targets[1]].key_span, f"`{name}` takes one of `{'`, `'.join(targets)}`"
        )
    elif targets and written in ("off", "smart"):
        yield Refusal(
            placement.entries["mode"].value.span,
            f"`{name}.mode` is `{written}`, `{targets[0]}` needs `targeted`",
        )
    elif targets and placement.entries[targets[0]].value.string == "":
        yield Refusal(placement.entries[targets[0]].value.span, f"`{name}.{targets[0]}` is empty")
    elif not targets and mode is None:
        yield Refusal(place(placement), f"`{name}` has no `mode`")
    elif not targets and written == "targeted":
        yield Refusal(placement.entries["mode"].value.span, f"`{name}` has no `region`, `host` or `hostname`")


def _observability(section: Value, path: Path) -> Iterator[Refusal]:
    value = section.get("observability")
    if value is None or value.kind != "table":
        return
    name = path_text((*path, "observability"))
    parts = [value, *(value.get(key) for key in ("logs", "traces", "issues"))]
    if not any(part is not None and "enabled" in part.entries for part in parts):
        yield Refusal(place(value), f"`{name}` has no `enabled`, nor has its `logs`, `traces` or `issues`")
    for part in parts[:3]:
        rate = part.get("head_sampling_rate") if part is not None else None
        number = rate.data if rate is not None and rate.kind in ("integer", "float") else 0
        if rate is not None and isinstance(number, (int, float)) and not 0 <= number <= 1:
            yield Refusal(rate.span, "`head_sampling_rate` lies between 0 and 1")


_ROUTE_KINDS = {
    "zone_id": "string",
    "zone_name": "string",
    "custom_domain": "boolean",
    "enabled": "boolean",
    "previews_enabled": "boolean",
}


def _route(route: Value, path: Path) -> Iterator[Refusal]:
    """What is wrong with a route; the kinds of the route itself are the schema's."""
    name = path_text(path)
    if route.string == "":
        yield Refusal(route.span, f"`{name}` is empty")
    if route.kind != "table":
        return
    pattern = route.get("pattern")
    if pattern is None or pattern.string is None:
        yield Refusal(place(route), f"the route `{name}` has no `pattern`")
        return
    for key, entry in route.entries.items():
        wanted = _ROUTE_KINDS.get(key)
        if key != "pattern" and wanted is None:
            yield Refusal(
                entry.key_span, f"a route has no key `{key}`; it has `pattern`, `{'`, `'.join(_ROUTE_KINDS)}`"
            )
        elif wanted is not None and entry.value.kind != wanted:
            expected = "true or false" if wanted == "boolean" else "a string"
            yield Refusal(entry.value.span, f"`{name}.{key}` is {entry.value.described}, it takes {expected}")
    if "zone_id" in route.entries and "zone_name" in route.entries:
        yield Refusal(
            route.entries["zone_name"].key_span, f"the route `{name}` has both `zone_id` and `zone_name`"
        )
    late = route.entry("enabled") or route.entry("previews_enabled")
    if late is not None and "custom_domain" not in route.entries:
        yield Refusal(
            late.key_span, f"`{name}.{late.key}` is for custom domains, and `custom_domain` is not there"
        )
    elif all(key == "pattern" for key in route.entries):
        yield Refusal(place(route), f"the route `{name}` has no `zone_name`, `zone_id` or `custom_domain`")
