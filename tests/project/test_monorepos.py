"""Packages of a workspace that are built before they are imported, and Workers that are built from its top."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project.projects import CLASS, EXPORTS, FORGETS, checked, codes, config, package

TOP = {
    "package.json": json.dumps({"name": "top", "private": True, "workspaces": ["packages/*", "apps/*"]}),
    "apps/site/wrangler.jsonc": config("index.ts"),
    "apps/site/index.ts": EXPORTS.replace("./room", "@top/rooms"),
    "apps/site/package.json": json.dumps({"name": "site", "dependencies": {"@top/rooms": "*"}}),
}

PACKAGES: dict[str, tuple[dict[str, object], str, dict[str, str]]] = {
    "main and esbuild": (
        {
            "main": "lib/rooms.js",
            "scripts": {"build": "esbuild source/all.ts --bundle --format=esm --outfile=lib/rooms.js"},
        },
        "source/all.ts",
        {},
    ),
    "exports and tsup": (
        {
            "exports": {".": {"types": "./out/all.d.ts", "import": "./out/all.mjs"}},
            "scripts": {"build": "tsup"},
        },
        "source/all.ts",
        {"tsup.config.ts": 'export default { entry: ["source/all.ts"], outDir: "out", format: ["esm"] };\n'},
    ),
    "module and tsc": (
        {"module": "./build/all.js", "scripts": {"build": "tsc -b"}},
        "code/all.ts",
        {"tsconfig.json": '{ "compilerOptions": { "outDir": "build", "rootDir": "code" } }'},
    ),
    "tsup called by a script": (
        {"main": "dist/all.js", "scripts": {"build": "tsx scripts/build.ts"}},
        "source/all.ts",
        {
            "scripts/build.ts": 'import { build } from "tsup";\nawait build({ entry: ["source/all.ts"], format: "esm" });\n'
        },
    ),
    "rollup called by a script": (
        {"main": "dist/rooms.js", "scripts": {"build": "node build.mjs"}},
        "source/all.ts",
        {
            "build.mjs": 'import { rollup } from "rollup";\nconst bundle = await rollup({ input: "source/all.ts" });\n'
            'await bundle.write({ file: "dist/rooms.js", format: "es" });\n'
        },
    ),
    "Vite called by a script": (
        {"main": "dist/all.js", "scripts": {"build": "node build.mjs"}},
        "source/all.ts",
        {
            "build.mjs": 'import { build } from "vite";\n'
            'await build({ build: { lib: { entry: "source/all.ts", formats: ["es"] } } });\n'
        },
    ),
    "ncc": (
        {"main": "dist/index.js", "scripts": {"build": "ncc build source/all.ts -o dist"}},
        "source/all.ts",
        {},
    ),
    "parcel": (
        {"main": "dist/all.js", "scripts": {"build": "parcel build source/all.ts"}},
        "source/all.ts",
        {},
    ),
    "unbuild": (
        {"main": "dist/all.mjs", "scripts": {"build": "unbuild"}},
        "source/all.ts",
        {"build.config.ts": 'export default defineBuildConfig({ entries: ["source/all"] });\n'},
    ),
}


@pytest.mark.parametrize("form", PACKAGES)
def test_a_package_that_is_not_built(form: str, tmp_path: Path) -> None:
    data, source, more = PACKAGES[form]
    files = {
        **TOP,
        "packages/rooms/package.json": json.dumps({"name": "@top/rooms", "type": "module", **data}),
        f"packages/rooms/{source}": CLASS,
        **{f"packages/rooms/{path}": text for path, text in more.items()},
    }
    good = checked(files, tmp_path / "good")
    assert (codes(good), good.workers[0].checked.source) == ([], "read")
    silent = CLASS.replace("    ws.close(1000);\n", "    this.left = ws;\n")
    bad = checked({**files, f"packages/rooms/{source}": silent}, tmp_path / "bad")
    assert "WS507" in codes(bad)


@pytest.mark.parametrize("entry", [EXPORTS, FORGETS])
@pytest.mark.parametrize("by", ["esbuild at the top", "nx"])
def test_a_worker_that_is_built_from_the_top(by: str, entry: str, tmp_path: Path) -> None:
    build = "esbuild apps/site/index.ts --bundle --format=esm --outfile=apps/site/dist/worker.js"
    files = {
        ".git/HEAD": "",
        "package.json": package({"build": build} if by.startswith("esbuild") else {}),
        "apps/site/package.json": '{ "name": "site" }',
        "apps/site/wrangler.jsonc": config("dist/worker.js"),
        "apps/site/index.ts": entry,
        "apps/site/room.ts": CLASS,
    }
    if by == "nx":
        options = {
            "main": "apps/site/index.ts",
            "outputPath": "apps/site/dist",
            "outputFileName": "worker.js",
        }
        target = {"executor": "@nx/esbuild:esbuild", "options": options}
        files |= {"nx.json": "{}", "apps/site/project.json": json.dumps({"targets": {"build": target}})}
    assert codes(checked(files, tmp_path)) == ([] if entry is EXPORTS else ["WS201"])
