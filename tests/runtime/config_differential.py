"""Good configurations, each changed in one place, read by wrangler and by wslint: do the two agree?

Usage: python -m tests.runtime.config_differential [--limit N] [--seed N]

wrangler's part is the reader that `deploy` begins with, in one process: it refuses a configuration or takes it.
What only a deployment decides (exports, Cloudflare's API) is not compared.

- `missed`: wrangler refuses the configuration, and wslint reports nothing at warning or above;
- `false`: wslint says that the configuration is refused (in WS0 or WS1), and wrangler takes it.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pages import check_folder, write
from tests.runtime.survivors import mark
from tests.runtime.tools import tools
from wslint.finding import Severity

SOURCE = """\
import { WorkflowEntrypoint } from "cloudflare:workers";
export class Flow extends WorkflowEntrypoint { async run() {} }
export class MatchDO { fetch() { return new Response("ok"); } }
export class OtherDO { fetch() { return new Response("ok"); } }
export default { fetch: () => new Response("ok"), queue() {}, scheduled() {}, email() {}, tail() {} };
"""

GOOD: dict[str, dict[str, Any]] = {
    "small": {
        "name": "match",
        "main": "index.js",
        "compatibility_date": "2026-07-01",
        "compatibility_flags": ["nodejs_compat"],
        "durable_objects": {"bindings": [{"name": "MATCH", "class_name": "MatchDO"}]},
        "migrations": [{"tag": "v1", "new_sqlite_classes": ["MatchDO"]}],
    },
    "environments": {
        "name": "match",
        "main": "index.js",
        "compatibility_date": "2026-07-01",
        "workers_dev": True,
        "vars": {"LIMIT": "10", "DEEP": {"a": 1}},
        "durable_objects": {
            "bindings": [
                {"name": "MATCH", "class_name": "MatchDO"},
                {"name": "OTHER", "class_name": "OtherDO", "script_name": "other"},
            ]
        },
        "migrations": [
            {"tag": "v1", "new_sqlite_classes": ["OldDO"]},
            {"tag": "v2", "renamed_classes": [{"from": "OldDO", "to": "MatchDO"}]},
        ],
        "env": {
            "staging": {
                "vars": {"LIMIT": "5"},
                "routes": [{"pattern": "staging.example.com", "custom_domain": True}],
                "durable_objects": {
                    "bindings": [
                        {"name": "MATCH", "class_name": "MatchDO"},
                        {"name": "OTHER", "class_name": "OtherDO", "script_name": "other"},
                    ]
                },
            }
        },
    },
    "exports": {
        "$schema": "node_modules/wrangler/config-schema.json",
        "name": "match",
        "main": "index.js",
        "compatibility_date": "2026-07-01",
        "durable_objects": {"bindings": [{"name": "MATCH", "class_name": "MatchDO"}]},
        "exports": {
            "MatchDO": {"type": "durable-object", "storage": "sqlite"},
            "Gone": {"type": "durable-object", "state": "deleted"},
        },
        "observability": {"enabled": True, "head_sampling_rate": 1},
        "limits": {"cpu_ms": 100},
    },
    "bindings": {
        "name": "match",
        "main": "index.js",
        "compatibility_date": "2026-07-01",
        "assets": {"directory": "public", "binding": "ASSETS", "run_worker_first": ["/ws/*"], "not_found_handling": "404-page"},
        "kv_namespaces": [{"binding": "KV", "id": "0123456789abcdef0123456789abcdef"}],
        "r2_buckets": [{"binding": "FILES", "bucket_name": "files"}],
        "d1_databases": [{"binding": "DB", "database_name": "db", "database_id": "x"}],
        "services": [{"binding": "BACK", "service": "back", "entrypoint": "Api"}],
        "queues": {
            "producers": [{"binding": "JOBS", "queue": "jobs"}],
            "consumers": [{"queue": "jobs", "max_batch_size": 10}],
        },
        "triggers": {"crons": ["*/5 * * * *"]},
        "rules": [{"type": "Text", "globs": ["**/*.md"], "fallthrough": True}],
        "build": {"command": "true", "cwd": ".", "watch_dir": "src"},
        "routes": ["example.com/*", {"pattern": "a.example.com/*", "zone_name": "example.com"}],
        "placement": {"mode": "smart"},
        "dev": {"port": 8787, "ip": "127.0.0.1"},
        "minify": True,
        "logpush": False,
        "analytics_engine_datasets": [{"binding": "AE", "dataset": "x"}],
        "workflows": [{"name": "flow", "binding": "FLOW", "class_name": "Flow"}],
        "define": {"A": "1"},
        "tail_consumers": [{"service": "tail"}],
    },
}  # fmt: skip

OTHER_VALUES: tuple[Any, ...] = (None, True, 0, 1.5, "", "x", "Ä b", [], ["x"], [1], {}, {"x": 1})


DECIDED_LATER = frozenset({"WS012", "WS101", "WS105", "WS107"})
"""Rules that speak of what `deploy` refuses after the configuration was read."""


@dataclass(frozen=True)
class Mutant:
    """One change of a configuration, in words, and what came of it."""

    what: str
    config: dict[str, Any]


def mutants(config: dict[str, Any]) -> Iterator[Mutant]:
    """Every change: each key gone, renamed, given another value; each list item doubled or gone."""
    for path in list(_paths(config)):
        shown = ".".join(map(str, path))
        for what, edit in _edits(path[-1]):
            made = copy.deepcopy(config)
            place: Any = made
            for part in path[:-1]:
                place = place[part]
            edit(place)
            yield Mutant(f"{shown} {what}", made)


def _edits(key: str | int) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """The changes of one entry, each as words and a function of the table or list that holds it."""

    def becomes(value: Any) -> Callable[[Any], None]:
        return lambda place: place.__setitem__(key, value)

    def is_called(name: str) -> Callable[[Any], None]:
        return lambda place: place.__setitem__(name, place.pop(key))

    yield "gone", lambda place: place.__delitem__(key)
    if isinstance(key, str):
        for name in sorted(_renamed(key)):
            yield f"-> {name}", is_called(name)
    else:
        yield "twice", lambda place: place.append(copy.deepcopy(place[key]))
    for value in OTHER_VALUES:
        yield f"= {json.dumps(value)}", becomes(value)


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*before, key)
        yield from _paths(inner, (*before, key))


def _renamed(name: str) -> set[str]:
    camel = re.sub(r"_(\w)", lambda match: match[1].upper(), name)
    return {name.upper(), camel, name + "s", name.rstrip("s"), name.replace("_", "-")} - {name, ""}


def read_by_wrangler(paths: list[tuple[Path, str]]) -> list[dict[str, str]]:
    """What wrangler's reader makes of each file in an environment: `errors` and `warnings`, empty for none."""
    with tempfile.TemporaryDirectory() as home:
        ran = subprocess.run(
            [tools().node, Path(__file__).with_name("read_configs.mjs"), tools().modules],
            input="".join(f"{path}\t{environment}\n" for path, environment in paths),
            capture_output=True,
            text=True,
            check=True,
            env={
                **mark(),
                "HOME": home,
                "XDG_CONFIG_HOME": home,
                "WRANGLER_SEND_METRICS": "false",
                "NO_COLOR": "1",
                "CI": "1",
            },
        )
    return [json.loads(line) for line in ran.stdout.splitlines()]


def compare(chosen: list[Mutant]) -> Iterator[tuple[str, Mutant, str, list[str]]]:
    """`agree`, `missed` or `false` for each, with wrangler's words and wslint's findings."""
    with tempfile.TemporaryDirectory() as made:
        asked: list[tuple[Path, str]] = []
        for number, mutant in enumerate(chosen):
            folder = Path(made) / str(number)
            write(
                {"wrangler.json": json.dumps(mutant.config), "index.js": SOURCE, "public/a.txt": "a"}, folder
            )
            environments = mutant.config.get("env")
            names = list(environments) if isinstance(environments, dict) else []
            asked += [(folder / "wrangler.json", name) for name in ("", *names)]
        errors: dict[Path, str] = {}
        for (path, _), answer in zip(asked, read_by_wrangler(asked), strict=True):
            errors[path.parent] = errors.get(path.parent, "") + answer["errors"]
        for mutant, (folder, words) in zip(chosen, errors.items(), strict=True):
            findings = [finding for finding in check_folder(folder).findings if finding.confidence == "high"]
            said = [finding for finding in findings if finding.severity >= Severity.WARNING]
            refused = any(
                finding.code < "WS2" and finding.code not in DECIDED_LATER and "refuse" in finding.message
                for finding in said
            )
            verdict = "agree"
            if words and not said:
                verdict = "missed"
            elif refused and not words:
                verdict = "false"
            yield verdict, mutant, " ".join(words.split()), sorted({finding.code for finding in said})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("projects", nargs="*")
    parser.add_argument("--limit", type=int, default=10**6)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for name in options.projects or GOOD:
        chosen = [Mutant("unchanged", GOOD[name]), *mutants(GOOD[name])]
        if len(chosen) > options.limit:
            chosen = random.Random(options.seed).sample(chosen, options.limit)
        counts: dict[str, int] = {}
        for verdict, mutant, errors, said in compare(chosen):
            counts[verdict] = counts.get(verdict, 0) + 1
            if verdict != "agree" or mutant.what == "unchanged":
                print(f"{verdict:6} {mutant.what}\n       {' '.join(said)} | {errors[:220]}")
        print(f"== {name}: {len(chosen)} changes: {counts}")


if __name__ == "__main__":
    main()
