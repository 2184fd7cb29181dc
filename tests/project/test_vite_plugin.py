"""@cloudflare/vite-plugin: what its `config` adds to the wrangler configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project.projects import CLASS, EXPORTS, FORGETS, checked, codes, config, package, said
from wslint.check import Options, run
from wslint.files import Files
from wslint.settings import Settings

VITE = 'import { cloudflare } from "@cloudflare/vite-plugin";\nexport default { plugins: [cloudflare(OPTIONS)] };\n'
MAIN = '"server/index.ts"'

OPTIONS = {
    "an object": f"{{ config: {{ main: {MAIN} }} }}",
    "a function with one answer": f"{{ config: () => ({{ main: {MAIN} }}) }}",
    "a function of the user's configuration": f"{{ config: (user) => {{ return {{ main: {MAIN} }}; }} }}",
    "with the path of the configuration": f'{{ configPath: "./wrangler.jsonc", config: {{ main: {MAIN} }} }}',
}


def project(options: str, text: str, entry: str) -> dict[str, str]:
    return {
        "vite.config.ts": VITE.replace("OPTIONS", options),
        "package.json": package({"build": "vite build"}, "@cloudflare/vite-plugin"),
        "wrangler.jsonc": text,
        "server/index.ts": entry,
        "server/room.ts": CLASS,
    }


@pytest.mark.parametrize("options", OPTIONS)
def test_main_in_the_plugins_config(options: str, tmp_path: Path) -> None:
    good = checked(project(OPTIONS[options], config(None), EXPORTS), tmp_path / "good")
    assert (codes(good), good.workers[0].entrypoint) == ([], "server/index.ts")
    assert codes(checked(project(OPTIONS[options], config(None), FORGETS), tmp_path / "bad")) == ["WS201"]


@pytest.mark.parametrize(
    "options",
    ["{ config: make() }", "{ config: (user) => { user.main = pick(); } }", "{ config: { ...shared } }"],
)
def test_a_config_that_is_made_is_unknown(options: str, tmp_path: Path) -> None:
    result = checked(project(options, config(None), EXPORTS), tmp_path)
    assert (codes(result), result.workers[0].checked.source) == ([], "unread")


def test_a_plugin_for_another_configuration_says_nothing_of_this_one(tmp_path: Path) -> None:
    options = f'{{ configPath: "./other/wrangler.jsonc", config: {{ main: {MAIN} }} }}'
    assert codes(checked(project(options, config(None), EXPORTS), tmp_path)) == ["WS220"]


def test_without_the_plugin_a_missing_main_is_an_error(tmp_path: Path) -> None:
    assert codes(checked({"wrangler.jsonc": config(None), "server/index.ts": EXPORTS}, tmp_path)) == ["WS220"]


def test_bindings_and_migrations_in_the_plugins_config(tmp_path: Path) -> None:
    plain = json.dumps({"name": "rooms", "main": "server/index.ts", "compatibility_date": "2026-06-01"})
    more = (
        '{ config: { durable_objects: { bindings: [{ name: "ROOM", class_name: "Room" }] },\n'
        '  migrations: [{ tag: "v1", new_sqlite_classes: ["MIGRATED"] }] } }'
    )
    assert codes(checked(project(more.replace("MIGRATED", "Room"), plain, EXPORTS), tmp_path / "good")) == []
    bad = checked(project(more.replace("MIGRATED", "Hall"), plain, EXPORTS), tmp_path / "bad")
    assert ("WS301", "vite.config.ts", 2) in said(bad)
    assert all(finding.fix is None for finding in bad.findings)


def test_a_worker_without_a_wrangler_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = (
        '{ config: { main: "server/index.ts", compatibility_date: "2026-06-01",\n'
        '  durable_objects: { bindings: [{ name: "ROOM", class_name: "Room" }] },\n'
        '  migrations: [{ tag: "v1", new_sqlite_classes: ["Room"] }] } }'
    )
    bad = project(options, "", FORGETS)
    del bad["wrangler.jsonc"]
    assert said(checked(bad, tmp_path / "bad")) == [("WS201", "vite.config.ts", 3)]
    good = {**bad, "server/index.ts": EXPORTS}
    result = checked(good, tmp_path / "good")
    assert (codes(result), [worker.config for worker in result.workers]) == ([], ["vite.config.ts"])
    monkeypatch.chdir(tmp_path / "bad")
    owned = run([tmp_path / "bad" / "server" / "room.ts"], Options(), Files(tmp_path / "bad"))
    assert codes(owned) == ["WS201"]


@pytest.mark.parametrize("key", ["configPath", "userConfigPath"])
def test_a_configuration_that_a_build_made_from_this_one(key: str, tmp_path: Path) -> None:
    files = project("", config("server/index.ts"), EXPORTS)
    files[".wrangler/deploy/config.json"] = '{ "configPath": "../../dist/wrangler.json" }'
    files["dist/wrangler.json"] = json.dumps({key: str(tmp_path / "wrangler.jsonc"), "main": "index.js"})
    assert checked(files, tmp_path).unknown == ()
    other = {**files, "dist/wrangler.json": json.dumps({"main": "index.js"})}
    assert [each.what for each in checked(other, tmp_path).unknown] == [
        "what is deployed in place of this file"
    ]


@pytest.mark.parametrize(
    "options",
    [
        "{ config: (user) => { user.durable_objects = rooms; user.migrations = steps; } }",
        "{ config: { ...bindings } }",
        "{ config: bindings() }",
    ],
)
def test_bindings_that_a_function_may_add(options: str, tmp_path: Path) -> None:
    plain = json.dumps({"name": "rooms", "main": "server/index.ts"})
    result = checked(project(options, plain, EXPORTS), tmp_path)
    assert codes(result) == []
    assert "what else the configuration says" in result.workers[0].checked.unknown[0]
    assert codes(checked(project("", plain, EXPORTS), tmp_path / "without")) == ["WS207"]


def test_configurations_of_any_name_that_the_plugin_is_given(tmp_path: Path) -> None:
    options = '{ configPath: "cf/site.jsonc", auxiliaryWorkers: [{ configPath: "./cf/rooms.json" }, { configPath: "no.json" }] }'
    site = json.dumps({"name": "site", "main": "../server/site.ts", "compatibility_date": "2026-06-01"})
    files = project(options, "", FORGETS)
    del files["wrangler.jsonc"]
    files |= {
        "cf/site.jsonc": site,
        "cf/rooms.json": config("../server/index.ts"),
        "server/site.ts": "export default { fetch: () => new Response() };\n",
    }
    result = checked(files, tmp_path)
    assert [worker.config for worker in result.workers] == ["cf/site.jsonc", "cf/rooms.json"]
    assert [(code, path) for code, path, _ in said(result)] == [("WS201", "cf/rooms.json")]
    settings = Settings(tmp_path / "wslint.toml", exclude=("cf/rooms.json",))
    left = run([tmp_path], Options(settings), Files(tmp_path))
    assert [worker.config for worker in left.workers] == ["cf/site.jsonc"]
