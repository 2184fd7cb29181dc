"""A `main` that a bundler writes is led back to the module it is made from, whatever names the bundler."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import write
from tests.project.projects import CLASS, EXPORTS, FORGETS, checked, codes, config, package
from wslint.check import Options, run
from wslint.files import Files

ESBUILD_SCRIPT = """\
import { build } from "esbuild";

const shared = { bundle: true, format: "esm" };
await build({ ...shared, entryPoints: ["server/index.ts"], outfile: "out/worker.mjs" });
"""

FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "esbuild on the command line": (
        "out/worker.mjs",
        {
            "package.json": package(
                {"build": "esbuild server/index.ts --bundle --format=esm --outfile=out/worker.mjs"}
            )
        },
    ),
    "esbuild through npx, options first, into a folder": (
        "dist/index.js",
        {"package.json": package({"b": "npx esbuild --bundle --outdir=dist --format=esm ./server/index.ts"})},
    ),
    "esbuild with a named entry": (
        "dist/worker.js",
        {
            "package.json": package(
                {"b": "esbuild worker=server/index.ts --bundle --platform=neutral --outdir=dist"}
            )
        },
    ),
    "esbuild called by a script": (
        "out/worker.mjs",
        {"package.json": package({"build": "node scripts/build.mjs"}), "scripts/build.mjs": ESBUILD_SCRIPT},
    ),
    "esbuild in a shell script that a Makefile calls": (
        "out/worker.mjs",
        {
            "package.json": package({"build": "make worker"}),
            "Makefile": "worker:\n\t@sh scripts/build.sh\n",
            "scripts/build.sh": "set -e\nesbuild server/index.ts --bundle --format=esm \\\n  --outfile=out/worker.mjs\n",
        },
    ),
    "bun build": (
        "dist/index.js",
        {"package.json": package({"build": "bun build ./server/index.ts --outdir ./dist --target browser"})},
    ),
    "tsc with its configuration": (
        "dist/index.js",
        {
            "package.json": package({"build": "tsc -p tsconfig.build.json"}),
            "tsconfig.build.json": '{ "compilerOptions": { "outDir": "dist", "rootDir": "server" } }',
        },
    ),
    "tsc with options, the whole project": (
        "dist/server/index.js",
        {"package.json": package({"build": "tsc --outDir dist --rootDir ."})},
    ),
    "swc": ("dist/index.js", {"package.json": package({"build": "swc server -d dist"})}),
    "tsup on the command line": (
        "dist/index.mjs",
        {"package.json": package({"build": "tsup server/index.ts --format esm"})},
    ),
    "tsup with a configuration": (
        "build/worker.js",
        {
            "package.json": package({"build": "tsup"}),
            "tsup.config.ts": 'import { defineConfig } from "tsup";\n'
            'export default defineConfig({ entry: { worker: "server/index.ts" }, outDir: "build" });\n',
        },
    ),
    "rollup with a configuration under a script of another name": (
        "build/rooms.js",
        {
            "package.json": package({"prepare:worker": "rollup -c"}),
            "rollup.config.mjs": 'const input = "server/index.ts";\n'
            'export default [{ input, output: [{ file: "build/rooms.js", format: "es" }] }];\n',
        },
    ),
    "rolldown into a folder": (
        "build/index.js",
        {"package.json": package({"b": "rolldown -i server/index.ts -d build"})},
    ),
    "webpack": (
        "dist/worker.js",
        {
            "package.json": package({"build": "webpack --mode production"}),
            "webpack.config.cjs": 'const path = require("path");\nmodule.exports = { entry: "./server/index.ts",'
            ' output: { path: path.resolve(__dirname, "dist"), filename: "worker.js" } };\n',
        },
    ),
    "a library build of Vite": (
        "dist/worker.js",
        {
            "package.json": package({"build": "vite build"}),
            "vite.config.ts": 'import { resolve } from "node:path";\nimport { defineConfig } from "vite";\n'
            "export default defineConfig(() => ({ build: { lib: {"
            ' entry: resolve(import.meta.dirname, "server/index.ts"), fileName: () => "worker.js", formats: ["es"] } } }));\n',
        },
    ),
    "a copy of the folder": (
        "dist/index.ts",
        {"package.json": package({"build": "rm -rf dist && cp -r server dist"})},
    ),
    "a copy of the folder's parts": (
        "out/server/index.ts",
        {"package.json": package({"build": "mkdir -p out && cp -r server other out/"})},
    ),
    "a tree with checks added": (
        ".wrangler/validate/server/index.ts",
        {"package.json": package({"build": "pnpm exec capnweb-validate build --out .wrangler/validate"})},
    ),
    "a server build of Vite": (
        "dist/index.js",
        {"package.json": package({"build": "vite build --ssr server/index.ts"})},
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("by_wrangler", [False, True], ids=["script", "build.command"])
def test_a_class_that_the_source_does_not_export(form: str, by_wrangler: bool, tmp_path: Path) -> None:
    main, files = FORMS[form]
    build = {"build": {"command": "npm run build"}} if by_wrangler else {}
    common = {**files, "wrangler.jsonc": config(main, **build), "server/room.ts": CLASS}
    assert codes(checked({**common, "server/index.ts": FORGETS}, tmp_path / "bad")) == ["WS201"]
    good = checked({**common, "server/index.ts": EXPORTS}, tmp_path / "good")
    assert codes(good) == []
    assert [(worker.checked.source, worker.entrypoint) for worker in good.workers] == [
        ("read", "server/index.ts")
    ]


def test_what_was_built_before_is_not_what_is_read(tmp_path: Path) -> None:
    main, files = FORMS["esbuild on the command line"]
    stale = {"out/worker.mjs": EXPORTS.replace("./room", "../server/room")}
    common = {**files, **stale, "wrangler.jsonc": config(main), "server/room.ts": CLASS}
    assert codes(checked({**common, "server/index.ts": FORGETS}, tmp_path)) == ["WS201"]


@pytest.mark.parametrize(
    "command",
    ["./tools/pack", "cargo make worker", "node build.js", "esbuild server/other.ts --outfile=out/o.js"],
)
def test_a_build_that_does_not_tell_is_said_to_be_unread(command: str, tmp_path: Path) -> None:
    files = {
        "wrangler.jsonc": config("out/worker.mjs", build={"command": command}),
        "server/index.ts": FORGETS,
        "server/room.ts": CLASS,
    }
    result = checked(files, tmp_path)
    (worker,) = result.workers
    assert (codes(result), worker.checked.source) == ([], "unread")
    assert command in worker.checked.unknown[0]


def test_hono_builds_around_the_default_export(tmp_path: Path) -> None:
    vite = 'import build from "@hono/vite-build/cloudflare-workers";\nexport default { plugins: [build({ entry: "server/index.ts" })] };\n'
    files = {
        "package.json": package({"build": "vite build", "deploy": "npm run build && wrangler deploy"}),
        "vite.config.ts": vite,
        "server/index.ts": EXPORTS,
        "server/room.ts": CLASS,
    }
    result = checked({**files, "wrangler.jsonc": config("dist/index.js")}, tmp_path / "built")
    assert codes(result) == ["WS201"]
    assert "default export of `server/index.ts` alone" in result.findings[0].message
    assert result.findings[0].fix is None
    plain = checked({**files, "wrangler.jsonc": config("server/index.ts")}, tmp_path / "bundled by wrangler")
    assert codes(plain) == []


@pytest.mark.parametrize(
    "alias",
    [
        'alias: { "@rooms": fileURLToPath(new URL("./objects", import.meta.url)) }',
        'alias: [{ find: "@rooms", replacement: path.resolve(__dirname, "objects") }]',
        'alias: { "@rooms/": new URL("./objects/", import.meta.url).pathname }',
    ],
)
def test_an_alias_of_vite_is_followed(alias: str, tmp_path: Path) -> None:
    vite = (
        'import path from "node:path";\nimport { fileURLToPath } from "node:url";\n'
        f'import {{ cloudflare }} from "@cloudflare/vite-plugin";\nexport default {{ plugins: [cloudflare()], resolve: {{ {alias} }} }};\n'
    )
    common = {
        "package.json": package(None, "@cloudflare/vite-plugin"),
        "vite.config.ts": vite,
        "wrangler.jsonc": config("server/index.ts"),
        "server/index.ts": EXPORTS.replace('export { Room } from "./room"', 'export * from "@rooms/index"'),
        "objects/room.ts": CLASS,
    }
    bad = checked({**common, "objects/index.ts": 'export type { Room } from "./room";\n'}, tmp_path / "bad")
    assert codes(bad) == ["WS201"]
    good = checked({**common, "objects/index.ts": 'export { Room } from "./room";\n'}, tmp_path / "good")
    assert (codes(good), good.workers[0].checked.source) == ([], "read")


@pytest.mark.parametrize(
    ("options", "form"),
    [
        ("--bundle", "iife"),
        ("--bundle --platform=browser", "iife"),
        ("--bundle --platform=node", "cjs"),
        ("--bundle --format=iife", "iife"),
        ("--format=cjs", "cjs"),
        ("--bundle --format=esm", ""),
        ("--bundle --platform=neutral", ""),
        ("--bundle --platform=node --format esm", ""),
        ("", ""),
    ],
)
def test_a_form_that_has_no_exports(options: str, form: str, tmp_path: Path) -> None:
    files = {
        "package.json": package({"build": f"esbuild server/index.ts {options} --outfile=out/worker.js"}),
        "wrangler.jsonc": config("out/worker.js"),
        "server/index.ts": EXPORTS,
        "server/room.ts": CLASS,
    }
    result = checked(files, tmp_path)
    assert [code for code in codes(result) if code == "WS201"] == (["WS201"] if form else [])
    if form:
        message = next(finding.message for finding in result.findings if finding.code == "WS201")
        assert f"in the form `{form}`" in message


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("bundle: true", ["WS201"]),
        ('bundle: true, platform: "node"', ["WS201"]),
        ('bundle: true, format: "iife"', ["WS201"]),
        ('bundle: true, format: "esm"', []),
        ('bundle: true, platform: "neutral"', []),
        ("bundle: true, format", []),
        ("...shared", []),
        ("bundle: debug", []),
        ("bundle: true, platform: target()", []),
    ],
)
def test_a_form_that_a_script_gives(options: str, expected: list[str], tmp_path: Path) -> None:
    files = {
        "package.json": package({"build": "node build.mjs"}),
        "build.mjs": 'import * as esbuild from "esbuild";\n'
        f'await esbuild.build({{ entryPoints: ["server/index.ts"], outfile: "out/worker.js", {options} }});\n',
        "wrangler.jsonc": config("out/worker.js"),
        "server/index.ts": EXPORTS,
        "server/room.ts": CLASS,
    }
    assert [code for code in codes(checked(files, tmp_path)) if code == "WS201"] == expected


@pytest.mark.parametrize(
    "option", ["entryContentAfterHooks: [add]", "...shared", "entryContentDefaultExportHook: f"]
)
def test_hono_with_hooks_may_export_more(option: str, tmp_path: Path) -> None:
    vite = 'import build from "@hono/vite-build/cloudflare-workers";\n'
    files = {
        "package.json": package({"build": "vite build"}),
        "vite.config.ts": f'{vite}export default {{ plugins: [build({{ entry: "server/index.ts", {option} }})] }};\n',
        "wrangler.jsonc": config("dist/index.js"),
        "server/index.ts": EXPORTS,
        "server/room.ts": CLASS,
    }
    result = checked(files, tmp_path)
    assert (codes(result), result.workers[0].checked.source) == ([], "unread")


def test_where_wslint_runs_does_not_matter(tmp_path: Path) -> None:
    main, files = FORMS["esbuild on the command line"]
    project = {**files, "wrangler.jsonc": config(main), "server/index.ts": FORGETS, "server/room.ts": CLASS}
    write(project, tmp_path / "project")
    (tmp_path / "elsewhere").mkdir()
    result = run([tmp_path / "project"], Options(), Files(tmp_path / "elsewhere"))
    assert codes(result) == ["WS201"]


@pytest.mark.parametrize(
    "build", ["esbuild server/index.ts --bundle --outfile=dist/index.js", "tsup server/index.ts"]
)
@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("echo \"export { Room } from '../server/room';\" >> dist/index.js", []),
        ("cat server/exports.js >> dist/index.js", []),
        ("node scripts/add.mjs", []),
        ("echo done", ["WS201"]),
        ("echo done >> dist/log.txt", ["WS201"]),
        ("node scripts/log.mjs", ["WS201"]),
    ],
)
def test_what_a_script_adds_to_an_output(build: str, after: str, expected: list[str], tmp_path: Path) -> None:
    adds = 'import { appendFileSync } from "node:fs";\nappendFileSync("FILE", \'\\nexport { Room } from "../server/room";\');\n'
    files = {
        "wrangler.jsonc": config("dist/index.js"),
        "package.json": package({"build": f"{build} && {after}"}),
        "server/index.ts": FORGETS,
        "server/room.ts": CLASS,
        "server/exports.js": 'export { Room } from "../server/room";\n',
        "scripts/add.mjs": adds.replace("FILE", "dist/index.js"),
        "scripts/log.mjs": adds.replace("FILE", "dist/log.txt"),
    }
    result = checked(files, tmp_path)
    assert codes(result) == expected
    why = () if expected else ("`main` is what a build writes, and a script adds to it afterwards",)
    assert result.workers[0].checked.unknown == why
