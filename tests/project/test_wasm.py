"""Rust behind `main`: what worker-build and wasm-pack write, and from which crate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import write
from tests.project.projects import checked, codes, said
from wslint.trace.predict import predict

CARGO = """\
[package]
name = "NAME"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
worker = "0.8"
"""

RUST = """\
use worker::*;

#[durable_object]
pub struct NAME {
    state: State,
}

impl DurableObject for NAME {
    fn new(state: State, _env: Env) -> Self {
        Self { state }
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        if request.headers().get("Upgrade")?.as_deref() != Some("websocket") {
            return Response::error("expected a WebSocket", 426);
        }
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
    }

    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        if let WebSocketIncomingMessage::String(text) = message {
            ws.send_with_str(text)?;
        }
        Ok(())
    }

    async fn websocket_close(&self, ws: WebSocket, _code: usize, reason: String, _clean: bool) -> Result<()> {
        let _ = ws.close(Some(1000), Some(reason));
        Ok(())
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let stub = env.durable_object("ARENA")?.id_from_name("main")?.get_stub()?;
    stub.fetch_with_request(request).await
}
"""

TOOL = '[package]\nname = "builder"\nversion = "0.1.0"\nedition = "2021"\n'


def config(main: str, command: str, cwd: str | None = None) -> str:
    place = f'cwd = "{cwd}"\n' if cwd else ""
    return f"""\
name = "arena"
main = "{main}"
compatibility_date = "2026-06-01"

[build]
command = '''{command}'''
{place}
[[durable_objects.bindings]]
name = "ARENA"
class_name = "Arena"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Arena"]
"""


def crate(folder: str, name: str = "arena", struct: str = "Arena") -> dict[str, str]:
    return {
        f"{folder}/Cargo.toml": CARGO.replace("NAME", name),
        f"{folder}/src/lib.rs": RUST.replace("NAME", struct),
    }


WORKSPACE = {"Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n'}
OTHER = crate("crates/other", "other", "Other")

BUILDS = {
    "in the folder": (config("build/index.js", "worker-build --release"), crate(".")),
    "pinned": (
        config("build/worker/shim.mjs", "cargo install -q worker-build@^0.8 && worker-build --release"),
        crate("."),
    ),
    "cd into the crate": (
        config("crates/arena/build/index.js", "cd crates/arena && worker-build --release"),
        {**WORKSPACE, **crate("crates/arena"), **OTHER},
    ),
    "the crate is an argument": (
        config("crates/arena/build/worker/shim.mjs", "worker-build --release crates/arena"),
        {**WORKSPACE, **crate("crates/arena"), **OTHER},
    ),
    "the crate is where the build runs": (
        config("crates/arena/build/index.js", "worker-build --release", "crates/arena"),
        {**WORKSPACE, **crate("crates/arena"), **OTHER},
    ),
    "copied out of the crate by a script": (
        config("build/index.js", "sh scripts/build.sh"),
        {
            **WORKSPACE,
            **crate("crates/arena"),
            **OTHER,
            "scripts/build.sh": "set -e\n(cd crates/arena && worker-build --release)\ncp -r crates/arena/build build\n",
        },
    ),
    "a tool of the project, the crate an argument": (
        config("build/index.js", "cargo run --manifest-path tools/builder/Cargo.toml -- ../../crates/arena"),
        {**WORKSPACE, **crate("crates/arena"), **OTHER, "tools/builder/Cargo.toml": TOOL},
    ),
    "a tool, the crate from the folder it runs in": (
        config("build/index.js", "cargo run --manifest-path tools/builder/Cargo.toml -- crates/arena"),
        {**WORKSPACE, **crate("crates/arena"), **OTHER, "tools/builder/Cargo.toml": TOOL},
    ),
}


@pytest.mark.parametrize("build", BUILDS)
def test_the_crate_behind_a_build(build: str, tmp_path: Path) -> None:
    text, files = BUILDS[build]
    good = checked({**files, "wrangler.toml": text}, tmp_path / "good")
    assert codes(good) == []
    assert good.workers[0].checked.source == "read"
    renamed = {
        path: body.replace("struct Arena", "struct Ring").replace("for Arena", "for Ring")
        for path, body in files.items()
    }
    assert codes(checked({**renamed, "wrangler.toml": text}, tmp_path / "bad")) == ["WS201"]


SHIM = """\
import * as imports from "./index_bg.js";
import module from "./index.wasm";
$SNIPPET_JS_IMPORTS

const instance = new WebAssembly.Instance(module, { "./index_bg.js": imports });
imports.__wbg_set_wasm(instance.exports);
EXPORT
export default {
  fetch(request, env, context) {
    return imports.fetch(request, env, context);
  },
};
"""


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        ("", ["WS201"]),
        ('export { Ring } from "./index_bg.js";', ["WS201"]),
        ('export * from "./index_bg.js";', []),
        ('export { Arena } from "./index_bg.js";', []),
        ("export const Arena = imports.Arena;", []),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        "CUSTOM_SHIM=js/shim.js worker-build --release",
        "export CUSTOM_SHIM=js/shim.js && worker-build",
        "npm run build",
    ],
)
def test_a_shim_of_the_projects_own(command: str, export: str, expected: list[str], tmp_path: Path) -> None:
    files = {
        **crate("."),
        "wrangler.toml": config("build/worker/shim.mjs", command),
        "js/shim.js": SHIM.replace("EXPORT", export),
        "package.json": '{ "scripts": { "build": "cross-env CUSTOM_SHIM=js/shim.js worker-build --release" } }',
    }
    result = checked(files, tmp_path)
    assert codes(result) == expected
    if expected:
        assert "js/shim.js" in next(each for each in result.findings if each.code == "WS201").message


ENTRY = """\
import init, { fetch as handle } from "GLUE";
import module from "WASM";

export { Arena } from "GLUE";

export default {
  async fetch(request, env, context) {
    await init(module);
    return handle(request, env, context);
  },
};
"""

PACKS = {
    "the crate is an argument, the output relative to it": (
        "worker/index.js",
        "wasm-pack build --target web --out-dir worker/pkg arena",
        "../arena/worker/pkg/arena.js",
    ),
    "the output leads out of the crate": (
        "worker/index.js",
        "wasm-pack build arena --target web --out-dir ../worker/wasm",
        "./wasm/arena.js",
    ),
    "under another name": (
        "index.js",
        "wasm-pack build arena -t web -d ../pkg --out-name ring -- --features x",
        "./pkg/ring.js",
    ),
    "in the crate's folder": (
        "src/index.js",
        "cd arena && wasm-pack build --release --target=web",
        "../arena/pkg/arena.js",
    ),
    "main in a folder that builds like": (
        "build/index.js",
        "wasm-pack build --target web arena",
        "../arena/pkg/arena.js",
    ),
    "wasm-bindgen itself": (
        "worker/index.js",
        "cargo build --target wasm32-unknown-unknown && "
        "wasm-bindgen target/wasm32-unknown-unknown/release/arena.wasm --out-dir worker/glue --target web",
        "./glue/arena.js",
    ),
}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("form", ["reexport", "import and export", "base class", "member of the module"])
def test_a_class_out_of_glue_that_is_not_initialised(pack: str, form: str, tmp_path: Path) -> None:
    """The founding case in its original form, and its relatives: nothing is built, so nothing of the glue is there."""
    main, command, glue = PACKS[pack]
    entry = ENTRY.replace("GLUE", glue).replace("WASM", glue.replace(".js", "_bg.wasm"))
    reexport = f'export {{ Arena }} from "{glue}";'
    if form == "import and export":
        entry = entry.replace(reexport, f'import {{ Arena }} from "{glue}";\nexport {{ Arena }};')
    elif form == "base class":
        entry = entry.replace(
            reexport, f'import {{ Arena as Inner }} from "{glue}";\nexport class Arena extends Inner {{}}'
        )
    elif form == "member of the module":
        entry = entry.replace(reexport, f'import * as glue from "{glue}";\nexport const Arena = glue.Arena;')
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["arena"]\nresolver = "2"\n',
        **crate("arena"),
        "wrangler.toml": config(main, command),
        main: entry,
    }
    result = checked(files, tmp_path / "bad")
    assert [(code, path) for code, path, _ in said(result) if code == "WS801"] == [("WS801", main)]
    assert result.workers[0].checked.source == "read"
    for bundler in ("--target bundler", "--target nodejs"):
        plain = (
            command.replace("--target web", bundler)
            .replace("-t web", bundler)
            .replace("--target=web", bundler)
        )
        silent = checked({**files, "wrangler.toml": config(main, plain)}, tmp_path / bundler)
        assert "WS801" not in codes(silent)


@pytest.mark.parametrize("start", ["initSync({ module });", "await init(module);"])
def test_glue_that_is_initialised_at_load(start: str, tmp_path: Path) -> None:
    main, command, glue = PACKS["the crate is an argument, the output relative to it"]
    entry = ENTRY.replace("GLUE", glue).replace("WASM", glue.replace(".js", "_bg.wasm"))
    entry = entry.replace("import init,", "import init, { initSync,").replace("{ initSync, {", "{ initSync,")
    entry = entry.replace("    await init(module);\n", "").replace(
        "\nexport default", f"\n{start}\n\nexport default"
    )
    files = {**crate("arena"), "wrangler.toml": config(main, command), main: entry}
    result = checked(files, tmp_path)
    assert (codes(result), result.workers[0].checked.source) == ([], "read")


def test_glue_that_is_handed_on_whole(tmp_path: Path) -> None:
    main, command, glue = PACKS["under another name"]
    entry = ENTRY.replace('{ Arena } from "GLUE"', f'* from "{glue}"').replace(
        "export { Arena } from", "export * from"
    )
    entry = entry.replace("GLUE", glue).replace("WASM", glue.replace(".js", "_bg.wasm"))
    files = {**crate("arena"), "wrangler.toml": config(main, command), main: entry}
    assert [(code, path) for code, path, _ in said(checked(files, tmp_path))] == [("WS801", "wrangler.toml")]


@pytest.mark.parametrize(("export", "status"), [("", 500), ('export * from "./index_bg.js";', 101)])
def test_trace_knows_of_the_shim(export: str, status: int, tmp_path: Path) -> None:
    files = {
        **crate("."),
        "wrangler.toml": config("build/index.js", "CUSTOM_SHIM=shim.js worker-build"),
        "shim.js": SHIM.replace("EXPORT", export),
    }
    write(files, tmp_path)
    assert predict(tmp_path, "/ws").status == status
