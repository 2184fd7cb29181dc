"""`wslint compat`: which flags turn on, which code feels them, and moving the date."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.pages import TODAY, write
from wslint import compat
from wslint.cli import main
from wslint.compatibility import TABLE_DATE, flags
from wslint.files import Files
from wslint.worker import Worker
from wslint.workspace import discover, load

SECTION_3 = [
    "durable_object_fetch_requires_full_url",
    "fetch_refuses_unknown_protocols",
    "workers_api_getters_setters_on_prototype",
    "capture_async_api_throws",
    "url_standard",
    "web_socket_compression",
    "fetcher_no_get_put_delete",
    "rpc",
    "handle_cross_request_promise_resolution",
    "nodejs_compat",
    "nodejs_compat_v2",
    "assets_navigation_prefers_asset_serving",
    "enable_ctx_exports",
    "rpc_params_dup_stubs",
    "delete_all_deletes_alarm",
    "unhandled_rejection_after_microtask_checkpoint",
    "websocket_close_reason_byte_limit",
    "websocket_standard_binary_type",
    "web_socket_auto_reply_to_close",
    "enhanced_error_serialization",
    "python_workers_20250116",
    "python_workers_314",
    "python_no_global_handlers",
    "enable_python_external_sdk",
]
"""The flags of the catalogue that turn on by a date, and Python's versions."""

CONFIG = """\
# what stays
name = "match"
main = "index.js"
compatibility_date = "2021-11-01" # the date

[[durable_objects.bindings]]
name = "MATCH"
class_name = "Match"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["compat", "--today", TODAY.isoformat(), *arguments])


def program(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program itself, run in a folder."""
    words = [sys.executable, "-m", "wslint", "compat", "--today", TODAY.isoformat(), *arguments]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def worker(folder: Path, files: dict[str, str]) -> Worker:
    write(files, folder)
    source = Files(folder)
    return load(discover([folder], source).configs, source, date(2026, 11, 23)).workers[0]


@pytest.mark.parametrize("flag", SECTION_3)
def test_flags_that_matter_have_a_line(flag: str) -> None:
    assert len(compat.notes()[flag].line) > 20


def test_notes_are_of_known_flags_and_known_code() -> None:
    for name, note in compat.notes().items():
        assert name in flags(), name
        assert note.touches in ("", *compat.FEELERS), name


def test_between_two_dates_are_the_flags_of_these_dates() -> None:
    found = {change.flag.enable: change for change in compat.between("2026-03-01", "2026-04-07")}
    assert found["websocket_standard_binary_type"].date == "2026-03-17"
    assert found["web_socket_auto_reply_to_close"].date == "2026-04-07"
    assert "delete_all_deletes_alarm" not in found
    assert "web_socket_auto_reply_to_close" not in {
        change.flag.enable for change in compat.between("2026-04-07", "2026-04-08")
    }


def test_implied_flags_come_with_what_implies_them() -> None:
    without = {change.flag.enable for change in compat.between("2026-01-01", "2026-06-01")}
    assert "enable_nodejs_sqlite_module" not in without
    found = {c.flag.enable: c.date for c in compat.between("2026-01-01", "2026-06-01", ("nodejs_compat",))}
    assert found["enable_nodejs_sqlite_module"] == "2026-01-29"
    late = {change.flag.enable: change.date for change in compat.between("2026-01-01", "2026-11-17")}
    assert late["enable_nodejs_sqlite_module"] == "2026-08-04"


def test_what_the_configuration_says_already_changes_nothing() -> None:
    listed = ("websocket_standard_binary_type", "web_socket_manual_reply_to_close")
    states = {
        change.flag.enable: change.state for change in compat.between("2026-03-01", "2026-05-01", listed)
    }
    assert states["websocket_standard_binary_type"] == "set"
    assert states["web_socket_auto_reply_to_close"] == "opted-out"
    assert states["enhanced_error_serialization"] == "turns-on"


CLASS = """\
import { DurableObject } from "cloudflare:workers";
import { EventEmitter } from "node:events";
import { createServer } from "node:http";

export class Match extends DurableObject {
  async fetch(request) {
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", (event) => server.send(event.data));
    server.addEventListener("close", (event) => server.close(event.code, event.reason));
    await this.ctx.storage.deleteAll();
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  async fetch(request, env, ctx) {
    const stub = env.MATCH.getByName("a");
    if (request.method === "PUT") return Response.json(await stub.count());
    if (request.method === "POST") return stub.fetch("/here");
    if (request.method === "PATCH") return fetch("ws://example.com/");
    if (request.method === "DELETE") return stub.delete("x");
    const copy = new Request(new URL(request.url), { ...request });
    return ctx.exports ? stub.fetch(copy) : stub.fetch(request);
  },
};
"""


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        ("websocket_standard_binary_type", 'addEventListener("message"'),
        ("web_socket_auto_reply_to_close", 'addEventListener("close"'),
        ("websocket_close_reason_byte_limit", "server.close(event.code"),
        ("delete_all_deletes_alarm", "deleteAll"),
        ("rpc", "stub.count()"),
        ("durable_object_fetch_requires_full_url", 'stub.fetch("/here")'),
        ("fetch_refuses_unknown_protocols", 'fetch("ws:'),
        ("fetcher_no_get_put_delete", "stub.delete"),
        ("workers_api_getters_setters_on_prototype", "...request"),
        ("url_standard", "new URL("),
        ("web_socket_compression", "WebSocketPair"),
        ("nodejs_compat", '"node:events"'),
    ],
)
def test_code_that_feels_a_change_is_found(flag: str, text: str, tmp_path: Path) -> None:
    changes = compat.for_worker(
        worker(tmp_path, {"wrangler.toml": CONFIG, "index.js": CLASS}), "2021-11-01", TABLE_DATE
    )
    change = next(change for change in changes.changes if change.flag.enable == flag)
    lines = {span.file.line_text(span.first.line) for span in change.places}
    assert any(text in line for line in lines), lines


def test_a_module_s_own_flag_touches_only_its_import(tmp_path: Path) -> None:
    config = CONFIG.replace("[[durable", 'compatibility_flags = ["nodejs_compat"]\n\n[[durable', 1)
    changes = compat.for_worker(
        worker(tmp_path, {"wrangler.toml": config, "index.js": CLASS}), "2025-01-01", TABLE_DATE
    )
    places = {change.flag.enable: [span.text for span in change.places] for change in changes.changes}
    assert len(places["enable_nodejs_http_modules"]) == 1
    assert places["enable_nodejs_fs_module"] == []


def test_a_hibernating_socket_feels_nothing_of_plain_ones(tmp_path: Path) -> None:
    source = CLASS.replace("server.accept();", "this.ctx.acceptWebSocket(server);")
    changes = compat.for_worker(
        worker(tmp_path, {"wrangler.toml": CONFIG, "index.js": source}), "2026-01-01", TABLE_DATE
    )
    places = {change.flag.enable: change.places for change in changes.changes}
    assert places["websocket_standard_binary_type"] == ()
    assert places["web_socket_auto_reply_to_close"] == ()


def test_what_touches_code_comes_first(tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": CLASS}, tmp_path)
    done = run("--project", str(tmp_path))
    assert done.exit_code == 0
    touches = done.output.index("Touches code of this project")
    rest = done.output.index("Turns on, and touches nothing")
    assert touches < done.output.index("websocket_standard_binary_type") < rest
    assert max(len(line) for line in done.output.splitlines()) <= 80 + len(str(tmp_path))


def test_json_has_every_flag_with_its_lines(tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": CLASS}, tmp_path)
    document = json.loads(run("--project", str(tmp_path), "--output-format", "json").output)
    assert document["version"] == 1
    (entry,) = document["workers"]
    assert (entry["from"], entry["to"], entry["environments"]) == ("2021-11-01", TABLE_DATE, [None])
    change = next(each for each in entry["changes"] if each["flag"] == "websocket_standard_binary_type")
    assert change["off"] == "no_websocket_standard_binary_type"
    assert change["state"] == "turns-on"
    assert [line["line"] for line in change["lines"]] == [9]


def test_fix_moves_the_date_and_nothing_else(tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": CLASS}, tmp_path)
    done = run("--project", str(tmp_path), "--to", "2026-06-01", "--fix")
    assert done.exit_code == 0
    assert (tmp_path / "wrangler.toml").read_text() == CONFIG.replace("2021-11-01", "2026-06-01")


def test_fix_moves_each_environment_s_own_date(tmp_path: Path) -> None:
    config = (
        '{\n  // kept\n  "name": "match", "main": "index.js",\n  "compatibility_date": "2024-01-01",\n'
        '  "env": {\n    "old": { "compatibility_date": "2023-01-01" },\n'
        '    "new": { "compatibility_date": "2026-09-01" },\n    "same": {},\n  },\n}\n'
    )
    write({"wrangler.jsonc": config, "index.js": CLASS}, tmp_path)
    assert run("--project", str(tmp_path), "--env", "old", "--to", "2026-06-01", "--fix").exit_code == 0
    text = (tmp_path / "wrangler.jsonc").read_text()
    assert text == config.replace("2023-01-01", "2026-06-01")
    assert run("--project", str(tmp_path), "--fix").exit_code == 0
    moved = (tmp_path / "wrangler.jsonc").read_text()
    assert moved.count(TABLE_DATE) == 3
    assert "// kept" in moved


def test_fix_with_a_from_is_refused(tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": CLASS}, tmp_path)
    assert run("2024-01-01", "--project", str(tmp_path), "--fix").exit_code == 2
    assert (tmp_path / "wrangler.toml").read_text() == CONFIG


def test_without_a_project_it_is_the_plain_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("2026-03-01", "2026-04-30")
    assert done.exit_code == 0
    assert done.output.startswith("2026-03-01 -> 2026-04-30")
    assert "websocket_standard_binary_type" in done.output
    assert "Touches" not in done.output
    assert run().exit_code == 0
    assert program(tmp_path, "--fix").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2026-02-30"], "is no date"),
        (["2026-1-1"], "is no date"),
        (["2026-03-01", "2026-01-01"], "is after 2026-01-01"),
        (["2026-01-01", "2027-01-01"], "table of flags ends at"),
        (["2027-01-01"], "table of flags ends at"),
    ],
)
def test_bad_dates_are_said_and_end_with_2(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = program(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('compatibility_date = "2024-1-1"', "wrangler.toml:4:22: `2024-1-1` is no date"),
        ("", "has no `compatibility_date`"),
        ('compatibility_date = "{{ date }}"', "is a placeholder"),
        ('compatibility_date = "2030-01-01"', "is beyond what this wslint knows"),
        ('compatibility_date = "', "wrangler.toml:4:"),
    ],
)
def test_a_project_without_a_usable_date_says_where(line: str, words: str, tmp_path: Path) -> None:
    config = CONFIG.replace('compatibility_date = "2021-11-01" # the date', line)
    write({"wrangler.toml": config, "index.js": CLASS}, tmp_path)
    done = program(tmp_path, "--project", ".")
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
