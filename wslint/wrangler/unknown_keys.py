"""What a key that wrangler does not read probably is.

wrangler answers every such key with the same warning, "Unexpected fields found", and goes on. What
it means differs: a slip of the pen, a key that a TOML table header swallowed, a key of an older
wrangler, one that only the top level may have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from wslint.record import frozen
from wslint.settings import nearest
from wslint.wrangler import schema
from wslint.wrangler.located import Entry, Value
from wslint.wrangler.schema import UnknownKey

if TYPE_CHECKING:
    from wslint.wrangler.config import WorkerConfig

Verdict = Literal[
    "misspelt",  # `near` is what was meant, and it is not there
    "flat",  # a binding's key right in `durable_objects`
    "unnested",  # it belongs into the table `near` of the section
    "swallowed",  # known at the top of the section, but standing in another table
    "outdated",  # an older wrangler read it
    "top-level-only",  # in an environment that can't have it
    "unknown",
]


@frozen
class JudgedKey:
    """An unknown key and what it probably is. `near`: the known key that it most resembles."""

    problem: UnknownKey
    verdict: Verdict
    near: str | None = None

    @property
    def entry(self) -> Entry:
        return self.problem.entry

    @property
    def key(self) -> str:
        return self.problem.entry.key

    @property
    def pattern(self) -> str:
        return schema.pattern(self.problem.path)

    @property
    def table_text(self) -> str:
        """The table that the key stands in, for messages; empty for the section itself."""
        return schema.path_text(self.problem.path[:-1])


OUTDATED: dict[str, str] = {
    "type": "projects have no type since wrangler 2: `build.command` says how a Worker is built",
    "zone_id": "the zone belongs into the route: `routes = [{ pattern, zone_id }]`",
    "usage_model": "Cloudflare bills every Worker by the same model now",
    "webpack_config": "wrangler bundles with esbuild and runs no webpack",
    "miniflare": "`wrangler dev` is configured by `dev`",
    "experimental_services": "services are bound by `services`",
    "legacy_assets": "files are served by `assets`",
    "experimental_assets": "files are served by `assets`",
    "build.upload": "`main` names the entrypoint, and `rules` the kinds of modules",
    "legacy_env": "environments are Workers of their own",
    "durable_objects.classes": "classes are created by `migrations` or `exports`",
    "durable_objects.migrations": "the lifecycle belongs into `migrations` at the top level",
}
"""Keys that an older wrangler read and this one ignores, with what took their place."""

_MEANT: dict[str, dict[str, str]] = {
    "": {"entrypoint": "main", "entry_point": "main", "environments": "env", "environment_variables": "vars"},
    "durable_objects": {"binding": "bindings"},
    "durable_objects.bindings[]": {"binding": "name", "class": "class_name", "script": "script_name"},
    "queues.producers[]": {"name": "binding", "queue_name": "queue"},
    "queues.consumers[]": {"name": "queue", "queue_name": "queue"},
    "kv_namespaces[]": {"name": "binding", "namespace_id": "id"},
    "r2_buckets[]": {"name": "binding", "bucket": "bucket_name"},
    "d1_databases[]": {"name": "binding"},
    "services[]": {"name": "binding", "worker": "service"},
    "workflows[]": {"class": "class_name"},
    "triggers": {"schedules": "crons", "schedule": "crons"},
    "migrations[]": {
        **dict.fromkeys(("removed_classes", "delete_classes", "dropped_classes"), "deleted_classes"),
        **dict.fromkeys(("moved_classes", "rename_classes"), "renamed_classes"),
        **dict.fromkeys(("classes", "created_classes", "added_classes"), "new_sqlite_classes"),
        **dict.fromkeys(
            ("classes_with_sqlite", "sqlite_classes", "new_classes_sqlite"), "new_sqlite_classes"
        ),
        **dict.fromkeys(("version", "id", "name"), "tag"),
    },
}
"""What people write by false analogy; too far apart for a search by letters."""

_BINDING_KEYS = frozenset({"name", "class_name", "script_name", "binding", "environment"})
_COMMENT_MARKS = ("_", "$", "//", "#", "x-", "X-")


def judge(config: WorkerConfig) -> Iterator[JudgedKey]:
    """All unknown keys of a section, and variables that are swallowed settings, in file order."""
    found = [
        _judged(config, problem)
        for problem in config.departures
        if isinstance(problem, UnknownKey) and not _is_elsewhere(problem)
    ]
    hidden = [*_in_vars(config), *_in_env(config), *_in_ignored_tables(config, found)]
    found += [JudgedKey(problem, "swallowed") for problem in hidden]
    yield from sorted(found, key=lambda judged: judged.entry.key_span.start)


def _is_elsewhere(problem: UnknownKey) -> bool:
    """Whether another rule reads the table, or the key is a comment by its look."""
    key = problem.entry.key
    if schema.pattern(problem.path[:-1]) == "triggers.events[].filter":
        return True  # refused, not ignored
    return problem.path[0] == "exports" or key.startswith(_COMMENT_MARKS) or " " in key


def _judged(config: WorkerConfig, problem: UnknownKey) -> JudgedKey:
    path, entry = problem.path, problem.entry
    where = _where(config)
    if schema.pattern(path) in OUTDATED:
        return JudgedKey(problem, "outdated")
    if len(path) == 1 and where == "environment" and entry.key in schema.known_keys("top"):
        return JudgedKey(problem, "top-level-only")
    if path[:-1] == ("durable_objects",) and entry.key in _BINDING_KEYS and entry.value.string is not None:
        return JudgedKey(problem, "flat")
    table = schema.pattern(path[:-1])
    meant = _MEANT.get(table, {}).get(entry.key)
    if meant is not None and _free(problem, meant) and schema.suits(where, (*path[:-1], meant), entry.value):
        return JudgedKey(problem, "misspelt", meant)
    if _swallowed(config, path, entry):
        return JudgedKey(problem, "swallowed")
    home = _home(config, path, entry)
    if home is not None:
        return JudgedKey(problem, "unnested", home)
    near = nearest(entry.key, problem.known)
    if near is not None and _free(problem, near):
        place = (*path[:-1], near)
        one = entry.value.kind == "table" and schema.suits(where, (*place, 0), entry.value)  # `[migration]`
        if one or schema.suits(where, place, entry.value):
            return JudgedKey(problem, "misspelt", near)
    return JudgedKey(problem, "unknown", near)


_TABLES: tuple[schema.Path, ...] = (
    ("assets",),
    ("durable_objects",),
    ("migrations", 0),
    ("queues",),
    ("triggers",),
)
"""Tables whose keys say enough to be told outside of them."""


def _home(config: WorkerConfig, path: schema.Path, entry: Entry) -> str | None:
    """The one table of the section that a key belongs into; `durable_objects` for a binding by its name there."""
    where = _where(config)
    if len(path) == 2 and path[0] == "durable_objects":
        inner = entry.value.get("class_name")
        named = inner if inner is not None else entry.value
        return "durable_objects" if named.string else None
    if len(path) != 1:
        return None
    homes = [
        table
        for table in _TABLES
        if entry.key in schema.known_keys(where, table)
        and schema.suits(where, (*table, entry.key), entry.value)
    ]
    if len(homes) != 1:
        return None
    there = config.section.get(str(homes[0][0]))
    return None if there is not None and entry.key in there.entries else str(homes[0][0])


def _where(config: WorkerConfig) -> schema.Where:
    return "top" if config.environment is None else "environment"


def _free(problem: UnknownKey, key: str) -> bool:
    return key not in problem.table.entries


def _swallowed(config: WorkerConfig, path: schema.Path, entry: Entry) -> bool:
    """Whether a key that its table does not have is one of the section's own, which lacks it."""
    if len(path) == 1 or entry.key in config.section.entries:
        return False
    if entry.key == "name" and isinstance(path[-2], int):
        return False  # tables in lists get names of all sorts
    return schema.fits(_where(config), entry.key, entry.value)


def _in_vars(config: WorkerConfig) -> Iterator[UnknownKey]:
    """Settings below a `[vars]` header: wrangler makes variables of them without a word."""
    variables = config.section.get("vars")
    if variables is None or variables.kind != "table":
        return
    for key, entry in variables.entries.items():
        if entry.after_header is None or not ("_" in key or key == "migrations"):
            continue
        if _is_telling(key, entry.value) and _swallowed(config, ("vars", key), entry):
            yield UnknownKey(("vars", key), variables, entry, ())


def _in_env(config: WorkerConfig) -> Iterator[UnknownKey]:
    """Settings of the top level right under `[env]`, where wrangler looks for environments only."""
    named = config.root.get("env")
    if config.environment is not None or named is None or named.kind != "table":
        return
    for key, entry in named.entries.items():
        if entry.value.kind != "table" and _swallowed(config, ("env", key), entry):
            yield UnknownKey(("env", key), named, entry, ())


def _in_ignored_tables(config: WorkerConfig, judged: list[JudgedKey]) -> Iterator[UnknownKey]:
    """Settings below the header of a table that wrangler ignores as a whole, such as `build.upload`."""
    waiting = [
        (item.problem.path, item.entry.value) for item in judged if item.verdict in ("outdated", "unknown")
    ]
    while waiting:
        path, value = waiting.pop()
        waiting += [((*path, index), item) for index, item in enumerate(value.items)]
        for key, entry in value.entries.items():
            inner = (*path, key)
            if entry.value.kind in ("table", "array") or "_" in key:
                if schema.pattern(inner) not in _OF_OLD and _swallowed(config, inner, entry):
                    yield UnknownKey(inner, value, entry, ())
                    continue
            waiting.append((inner, entry.value))


_OF_OLD = frozenset({"build.upload.rules", "build.upload.rules[].globs"})
"""What an ignored table really had, by the name of a setting."""


def _is_telling(key: str, value: Value) -> bool:
    return value.kind in ("table", "array") or key == "compatibility_date"
