"""Placeholders of every usual form make a value unknown; what only looks like one is a value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages import check_folder, write
from wslint.finding import Severity
from wslint.wrangler.placeholders import is_placeholder

FORMS = """
{{ name }} | chat-{{env}} | {% raw %} | <%= name %> | ${NAME} | chat-${env} | #{NAME}# | #{NAME}
$(Name) | $NAME | chat-$ENV | <NAME> | <your accounts id> | <ENV>-chat | {name} | chat-{env}
[[NAME]] | [[ name ]] | ((name)) | __NAME__ | __name__ | chat-__ENV__ | %NAME% | %name%
chat-%ENV% | %COMPAT_DATE | %compat_date | chat-%ENV | @NAME@ | @@name@@ | chat@ENV@ | #NAME#
:NAME | :NAME: | YYYY-MM-DD | TODO | REPLACE_ME | CHANGEME | YOUR_WORKER_NAME
REPLACE_WITH_DATE | INSERT_NAME_HERE
"""
VALUES = """
chat | Room | _room | __room | $Room | chat_ | 2026-07-01 | /caf%C3%A9/* | /a%20b | %2F
/%E2%82%AC | *.{ts,js} | a@b.example | someone@example.org | a < b | <> | {} | room#1 | #top
cost: $5 | $A | TODOList | YOUR | my__app__x | Your_Room | 100% | 50% of all | [a] | (a) | !/ws
https://a.example:8787
"""


def _texts(rows: str) -> list[str]:
    return [text for row in rows.strip().splitlines() for text in row.split(" | ")]


@pytest.mark.parametrize("text", _texts(FORMS))
def test_a_placeholder(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", _texts(VALUES))
def test_a_value(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("wrangler.toml", 'name = "chat"\ncompatibility_date = %COMPAT_DATE%\n'),
        ("wrangler.toml", 'name = "chat"\nworkers_dev = __WORKERS_DEV__\n'),
        ("wrangler.toml", 'name = "chat"\nlimits = { cpu_ms = ${CPU_MS} }\n'),
        ("wrangler.toml", 'name = "chat"\nlogpush = @LOGPUSH@\n'),
        ("wrangler.jsonc", '{\n  "name": "chat",\n  "workers_dev": $WORKERS_DEV,\n}\n'),
        ("wrangler.jsonc", '{\n  "name": "chat",\n  "limits": <LIMITS>,\n}\n'),
    ],
)
def test_a_bare_placeholder_makes_a_template_of_the_file(name: str, config: str, tmp_path: Path) -> None:
    write({name: config}, tmp_path)
    result = check_folder(tmp_path)
    assert not result.findings
    assert [why for _, why in result.skipped] == ["a template: it holds placeholders and does not parse"]


def test_another_error_in_a_file_with_placeholders_is_one(tmp_path: Path) -> None:
    write({"wrangler.toml": 'name = "%NAME%"\ncompatibility_date = 2026-7-1x\n'}, tmp_path)
    assert [finding.code for finding in check_folder(tmp_path).findings] == ["WS001"]


EVERYTHING = {
    "name": "chat",
    "main": "index.js",
    "compatibility_date": "2026-07-01",
    "compatibility_flags": ["nodejs_als"],
    "account_id": "0123456789abcdef0123456789abcdef",
    "durable_objects": {
        "bindings": [
            {"name": "ROOM", "class_name": "Room"},
            {"name": "HALL", "class_name": "Hall", "script_name": "halls"},
        ]
    },
    "migrations": [
        {"tag": "v1", "new_sqlite_classes": ["Den"]},
        {"tag": "v2", "renamed_classes": [{"from": "Den", "to": "Room"}]},
    ],
    "assets": {
        "directory": "public",
        "binding": "ASSETS",
        "run_worker_first": ["/ws"],
        "html_handling": "none",
    },
    "routes": [
        {"pattern": "chat.example.org", "custom_domain": True},
        {"pattern": "a.example/*", "zone_name": "a.example"},
    ],
    "queues": {"producers": [{"binding": "JOBS", "queue": "jobs"}], "consumers": [{"queue": "jobs"}]},
    "workflows": [{"binding": "FLOW", "name": "flow", "class_name": "Flow"}],
    "services": [{"binding": "OTHER", "service": "other", "entrypoint": "Api"}],
    "r2_buckets": [{"binding": "FILES", "bucket_name": "files"}],
    "kv_namespaces": [{"binding": "CACHE", "id": "0123456789abcdef0123456789abcdef"}],
    "d1_databases": [{"binding": "DB", "database_name": "db", "database_id": "1"}],
    "triggers": {"crons": ["*/5 * * * *"]},
    "tail_consumers": [{"service": "tails"}],
    "placement": {"mode": "smart"},
    "env": {
        "staging": {
            "name": "chat-staging",
            "compatibility_date": "2026-07-01",
            "durable_objects": {
                "bindings": [{"name": "ROOM", "class_name": "Room"}, {"name": "HALL", "class_name": "Hall"}]
            },
            "migrations": [{"tag": "v1", "new_sqlite_classes": ["Room", "Hall"]}],
            "routes": ["staging.example.org/*"],
            "vars": {},
            "queues": {},
            "workflows": [],
            "services": [],
            "r2_buckets": [],
            "kv_namespaces": [],
            "d1_databases": [],
            "tail_consumers": [],
        }
    },
}
SOURCE = """\
import { DurableObject, WorkflowEntrypoint } from "cloudflare:workers";
export class Room extends DurableObject {}
export class Hall extends DurableObject {}
export class Den extends DurableObject {}
export class Flow extends WorkflowEntrypoint { async run() {} }
export default { fetch: () => new Response("ok"), queue() {}, scheduled() {} };
"""


def _leaves(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in _leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in _leaves(inner, (*path, index))]
    return [path] if isinstance(value, str) else []


def _with(path: tuple[str | int, ...], text: str) -> str:
    config = json.loads(json.dumps(EVERYTHING))
    table = config
    for step in path[:-1]:
        table = table[step]
    table[path[-1]] = text
    return json.dumps(config, indent=2)


def _said(config: str, folder: Path) -> set[tuple[str, str]]:
    write({"wrangler.json": config, "index.js": SOURCE, "public/a.txt": "a\n"}, folder)
    found = check_folder(folder).findings
    return {(each.code, each.message) for each in found if each.severity > Severity.INFO}


def test_a_lone_return_makes_no_template_of_a_file(tmp_path: Path) -> None:
    """The line of the error is the one that everybody counts, not all that stands before the next line feed."""
    config = 'name = "m"\r[[durable_objects]]\rmain = "<x>"\r'
    write({"wrangler.toml": ""}, tmp_path)
    (tmp_path / "wrangler.toml").write_bytes(config.encode())
    result = check_folder(tmp_path)
    assert [finding.code for finding in result.findings] == ["WS001"] and result.skipped == ()


@pytest.mark.parametrize("path", _leaves(EVERYTHING), ids=lambda path: ".".join(map(str, path)))
def test_no_value_is_judged_that_a_placeholder_stands_for(
    path: tuple[str | int, ...], tmp_path: Path
) -> None:
    known = _said(json.dumps(EVERYTHING, indent=2), tmp_path)
    assert {code for code, _ in known} == {"WS205"}  # `halls` is deployed from elsewhere
    for text in ("%NAME", "pre-${NAME}", "<NAME>", "{{ name }}"):
        assert _said(_with(path, text), tmp_path) <= known
