"""Suppression comments in every language, and what becomes of those that suppress nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write

CONFIG = """\
name = "match"
main = "{main}"
compatibility_date = "2026-07-01"
{more}
durable_objects.bindings = [{{ name = "MATCH", class_name = "MatchDO" }}]
migrations = [{{ tag = "v1", new_sqlite_classes = ["MatchDO"] }}]
"""
SCRIPT = """\
export class MatchDO {}
export default {
  async fetch(request, env) {
    @
    return env.MTCH.getByName("lobby").fetch(request);
  },
};
"""
PYTHON = """\
from workers import DurableObject, WorkerEntrypoint


class MatchDO(DurableObject):
    pass


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        @
        return await self.env.MTCH.getByName("lobby").fetch(request)
"""
RUST = """\
use worker::*;

#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    @
    let namespace = env.durable_object("MTCH")?;
    namespace.id_from_name("lobby")?.get_stub()?.fetch_with_request(req).await
}

#[durable_object]
pub struct MatchDO {}

impl DurableObject for MatchDO {
    fn new(_state: State, _env: Env) -> Self {
        Self {}
    }

    async fn fetch(&self, _req: Request) -> Result<Response> {
        Response::ok("ok")
    }
}
"""
CARGO = '[package]\nname = "m"\nversion = "0.1.0"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\nworker = "0.7"\n'


def project(name: str, source: str) -> dict[str, str]:
    if name.endswith(".rs"):
        config = CONFIG.format(main="build/worker/shim.mjs", more='build.command = "worker-build"')
        return {"wrangler.toml": config, "Cargo.toml": CARGO, name: source}
    more = 'compatibility_flags = ["python_workers"]' if name.endswith(".py") else ""
    return {"wrangler.toml": CONFIG.format(main=name, more=more), name: source}


def codes(folder: Path, files: dict[str, str]) -> list[str]:
    write(files, folder)
    return [f"{finding.code}:{finding.span.first.line}" for finding in check_folder(folder).findings]


@pytest.mark.parametrize(
    ("name", "source", "comment"),
    [
        ("index.js", SCRIPT, "// wslint: ignore[WS207] declared by hand"),
        ("index.ts", SCRIPT, "/* wslint: ignore[undeclared-binding] declared by hand */"),
        ("entry.py", PYTHON, "# wslint: ignore[WS207]"),
        ("src/lib.rs", RUST, "// wslint: ignore[WS207] declared by hand"),
    ],
)
def test_the_line_above_in_every_language(name: str, source: str, comment: str, tmp_path: Path) -> None:
    bare = codes(tmp_path / "bare", project(name, source.replace("@", "")))
    assert [code.split(":")[0] for code in bare] == ["WS207"]
    assert codes(tmp_path / "silenced", project(name, source.replace("@", comment))) == []


def test_the_same_line_and_the_whole_file(tmp_path: Path) -> None:
    source = SCRIPT.replace("    @\n", "")
    same = source.replace(".fetch(request);", ".fetch(request); // wslint: ignore[WS207]")
    assert codes(tmp_path / "same", project("index.js", same)) == []
    whole = "// wslint: ignore-file[WS207] generated\n" + source
    assert codes(tmp_path / "whole", project("index.js", whole)) == []


def test_a_label_s_line_counts(tmp_path: Path) -> None:
    files = project("index.js", SCRIPT.replace("    @\n", ""))
    files["wrangler.toml"] = files["wrangler.toml"].replace(
        '[{ name = "MATCH", class_name = "MatchDO" }]\n',
        '[{ name = "MATCH", class_name = "MatchDO" }] # wslint: ignore[WS207] both names are meant\n',
    )
    assert codes(tmp_path, files) == []


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("// wslint: ignore[WS301]", "WS090"),
        ("// wslint: ignore[WS207, WS301]", "WS090"),
        ("// wslint: ignore[WS9]", "WS091"),
        ("// wslint: ignore", "WS091"),
        ("// wslint: ignroe[WS207]", "WS091"),
    ],
)
def test_a_comment_that_does_nothing_is_reported(comment: str, code: str, tmp_path: Path) -> None:
    found = codes(tmp_path, project("index.js", SCRIPT.replace("@", comment)))
    assert f"{code}:4" in found


def test_a_comment_about_something_else_is_none(tmp_path: Path) -> None:
    source = SCRIPT.replace("    @\n", '    const text = "wslint: ignore[WS301]";\n').replace("MTCH", "MATCH")
    assert codes(tmp_path, project("index.js", source)) == []


def test_jsonc(tmp_path: Path) -> None:
    config = """\
{
  "name": "match",
  "main": "index.js",
  // wslint: ignore[WS102] the release script writes it so
  "compatibility_date": "2026-7-1",
}
"""
    assert (
        codes(
            tmp_path,
            {
                "wrangler.jsonc": config,
                "index.js": SCRIPT.replace(
                    '    @\n    return env.MTCH.getByName("lobby").fetch(request);\n', ""
                ),
            },
        )
        == []
    )
