"""Which file an import means, and what the module graph of an entrypoint holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from wslint.files import Files
from wslint.source.facts import SourceFacts
from wslint.source.javascript import analyse

A = "export class A {}"


def write(folder: Path, sources: Mapping[str, object]) -> None:
    for name, content in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def facts_of(folder: Path, sources: Mapping[str, object], main: str = "src/index.ts") -> SourceFacts:
    write(folder, sources)
    files = Files(folder)
    entrypoint = files.read(folder / main)
    assert entrypoint is not None
    return analyse(entrypoint, files, folder)


def leads_to(folder: Path, sources: Mapping[str, object], specifier: str, main: str = "src/index.ts") -> str:
    """What the specifier means in `main`: a file's name, `outside`, `missing` or `data`."""
    facts = facts_of(folder, {**sources, main: f'export {{ A }} from "{specifier}";'}, main)
    if len(facts.files) > 1:
        assert [file.name for file in facts.files[:1]] == [main]
        return facts.files[1].name
    if facts.imports:
        assert [each.specifier for each in facts.imports] == [specifier]
        return "outside"
    return "missing" if facts.unknown else "data"


@pytest.mark.parametrize("suffix", [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"])
def test_suffix_is_guessed(tmp_path: Path, suffix: str) -> None:
    assert leads_to(tmp_path, {f"src/a{suffix}": A}, "./a") == f"src/a{suffix}"


@pytest.mark.parametrize(
    ("specifier", "there", "expected"),
    [
        ("./a", ["src/a.ts", "src/a.js"], "src/a.ts"),
        ("./a", ["src/a.tsx", "src/a.mjs"], "src/a.tsx"),
        ("./a.ts", ["src/a.ts"], "src/a.ts"),
        ("./a.js", ["src/a.js", "src/a.ts"], "src/a.js"),
        ("./a.js", ["src/a.ts"], "src/a.ts"),
        ("./a.js", ["src/a.tsx"], "src/a.tsx"),
        ("./a.jsx", ["src/a.tsx"], "src/a.tsx"),
        ("./a.mjs", ["src/a.mts"], "src/a.mts"),
        ("./a.cjs", ["src/a.cts"], "src/a.cts"),
        ("./a.mjs", ["src/a.ts"], "missing"),
        ("./a.server", ["src/a.server.ts"], "src/a.server.ts"),
        ("./a", ["src/a/index.ts"], "src/a/index.ts"),
        ("./a/", ["src/a/index.js"], "src/a/index.js"),
        ("./a", ["src/a.ts", "src/a/index.ts"], "src/a.ts"),
        ("..", ["index.ts"], "index.ts"),
        ("../lib/./x/../a", ["lib/a.ts"], "lib/a.ts"),
        (".", ["src/index.js"], "missing"),  # the entrypoint itself: src/index.ts wins
        ("./a", ["src/a.d.ts"], "missing"),
        ("./a.js", ["src/a.d.ts"], "missing"),
        ("./a", [], "missing"),
        ("./A", ["src/a.ts"], "missing"),  # it deploys from Linux
        ("/src/a", ["src/a.ts"], "src/a.ts"),  # from the project's folder, as Vite has it
        # not modules
        ("./a.wasm", ["src/a.wasm"], "data"),
        ("./a.wasm", [], "data"),
        ("./a.wasm?module", ["src/a.wasm"], "data"),
        ("./a.ts?raw", ["src/a.ts"], "data"),
        ("./a.html", ["src/a.html"], "data"),
        ("./a.sql", ["src/a.sql"], "data"),
        ("./a.bin", ["src/a.bin"], "data"),
        ("./a.json", ["src/a.json"], "data"),
        ("./a", ["src/a.json"], "data"),
        ("./a.vue", ["src/a.vue"], "data"),
        # outside
        ("cloudflare:workers", [], "outside"),
        ("node:events", [], "outside"),
        ("events", [], "outside"),
        ("hono", ["node_modules/hono/package.json", "node_modules/hono/index.js"], "outside"),
        ("hono/tiny", [], "outside"),
        ("@scope/package/sub", [], "outside"),
        ("virtual:worker", [], "outside"),
        ("https://example.com/a.js", [], "outside"),
        # what only a build tool's alias can mean
        ("@/a", ["src/a.ts"], "missing"),
        ("~/a", ["src/a.ts"], "missing"),
    ],
)
def test_specifier(tmp_path: Path, specifier: str, there: list[str], expected: str) -> None:
    found = leads_to(tmp_path, {name: "{}" if name.endswith("json") else A for name in there}, specifier)
    if specifier == ".":
        assert found == "data"  # nothing else was read, nothing is missing
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("configs", "specifier", "there", "expected"),
    [
        (
            {"tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}},
            "@/a",
            ["src/a.ts"],
            "src/a.ts",
        ),
        (
            {"tsconfig.json": {"compilerOptions": {"paths": {"~/*": ["src/*"]}}}},
            "~/a",
            ["src/a.ts"],
            "src/a.ts",
        ),
        (
            {"jsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}},
            "@/a",
            ["src/a.ts"],
            "src/a.ts",
        ),
        (
            {"tsconfig.json": {"compilerOptions": {"baseUrl": "src", "paths": {"@/*": ["lib/*"]}}}},
            "@/a",
            ["src/lib/a.ts"],
            "src/lib/a.ts",
        ),
        ({"tsconfig.json": {"compilerOptions": {"baseUrl": "."}}}, "lib/a", ["lib/a.ts"], "lib/a.ts"),
        ({"tsconfig.json": {"compilerOptions": {"baseUrl": "."}}}, "lib/b", ["lib/a.ts"], "outside"),
        (
            {"tsconfig.json": {"compilerOptions": {"paths": {"room": ["./lib/room.ts"]}}}},
            "room",
            ["lib/room.ts"],
            "lib/room.ts",
        ),
        # the second target, the longest pattern, the exact name
        (
            {"tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./no/*", "./lib/*"]}}}},
            "@/a",
            ["lib/a.ts"],
            "lib/a.ts",
        ),
        (
            {"tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./x/*"], "@/lib/*": ["./y/*"]}}}},
            "@/lib/a",
            ["x/lib/a.ts", "y/a.ts"],
            "y/a.ts",
        ),
        (
            {"tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./x/*"], "@/a": ["./y/b.ts"]}}}},
            "@/a",
            ["x/a.ts", "y/b.ts"],
            "y/b.ts",
        ),
        (
            {"tsconfig.json": {"compilerOptions": {"paths": {"*.lib": ["./lib/*"]}}}},
            "a.lib",
            ["lib/a.ts"],
            "lib/a.ts",
        ),
        # an alias whose file isn't there (generated), a pattern that catches everything
        ({"tsconfig.json": {"compilerOptions": {"paths": {"@gen/*": ["./gen/*"]}}}}, "@gen/a", [], "missing"),
        ({"tsconfig.json": {"compilerOptions": {"paths": {"*": ["./types/*"]}}}}, "hono", [], "outside"),
        # nearest file upwards
        (
            {
                "tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./far/*"]}}},
                "src/tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./near/*"]}}},
            },
            "@/a",
            ["far/a.ts", "src/near/a.ts"],
            "src/near/a.ts",
        ),
        # extends: relative to the file that says it, the extending one wins
        (
            {
                "tsconfig.json": {"extends": "./config/base.json"},
                "config/base.json": {"compilerOptions": {"paths": {"@/*": ["../lib/*"]}}},
            },
            "@/a",
            ["lib/a.ts"],
            "lib/a.ts",
        ),
        (
            {
                "tsconfig.json": {"extends": "./config/base"},
                "config/base.json": {"compilerOptions": {"baseUrl": "..", "paths": {"@/*": ["lib/*"]}}},
            },
            "@/a",
            ["lib/a.ts"],
            "lib/a.ts",
        ),
        (
            {
                "tsconfig.json": {"extends": ["./one.json", "./two.json"]},
                "one.json": {"compilerOptions": {"paths": {"@/*": ["./x/*"]}}},
                "two.json": {"compilerOptions": {"paths": {"@/*": ["./y/*"]}}},
            },
            "@/a",
            ["x/a.ts", "y/a.ts"],
            "y/a.ts",
        ),
        (
            {
                "tsconfig.json": {"extends": "./base.json", "compilerOptions": {"paths": {"@/*": ["./x/*"]}}},
                "base.json": {"compilerOptions": {"paths": {"@/*": ["./y/*"]}}},
            },
            "@/a",
            ["x/a.ts", "y/a.ts"],
            "x/a.ts",
        ),
        (
            {
                "tsconfig.json": {"extends": "@team/config/base"},
                "node_modules/@team/config/base.json": {
                    "compilerOptions": {"paths": {"@/*": ["${configDir}/lib/*"]}}
                },
            },
            "@/a",
            ["lib/a.ts"],
            "lib/a.ts",
        ),
        # Vite's templates: a config that only lists others
        (
            {
                "tsconfig.json": {"files": [], "references": [{"path": "./tsconfig.app.json"}]},
                "tsconfig.app.json": {"compilerOptions": {"paths": {"@/*": ["./src/*"]}}},
            },
            "@/a",
            ["src/a.ts"],
            "src/a.ts",
        ),
        # comments and trailing commas
        (
            {"tsconfig.json": '{ // paths\n "compilerOptions": { "paths": { "@/*": ["./src/*",], }, }, }'},
            "@/a",
            ["src/a.ts"],
            "src/a.ts",
        ),
        # broken, circular, odd
        ({"tsconfig.json": "{ no"}, "hono", [], "outside"),
        ({"tsconfig.json": {"extends": "./tsconfig.json"}}, "hono", [], "outside"),
        (
            {"tsconfig.json": {"extends": 1, "compilerOptions": {"paths": [], "baseUrl": 2}}},
            "hono",
            [],
            "outside",
        ),
        ({"tsconfig.json": [1]}, "hono", [], "outside"),
    ],
)
def test_tsconfig(
    tmp_path: Path, configs: dict[str, object], specifier: str, there: list[str], expected: str
) -> None:
    assert leads_to(tmp_path, {**configs, **dict.fromkeys(there, A)}, specifier) == expected


ROOM = "packages/room"


@pytest.mark.parametrize(
    ("package", "specifier", "there", "expected"),
    [
        ({}, "@game/room", ["index.ts"], "index.ts"),
        ({}, "@game/room", ["src/index.ts"], "src/index.ts"),
        ({"main": "lib/a.js"}, "@game/room", ["lib/a.js"], "lib/a.js"),
        ({"main": "lib/a"}, "@game/room", ["lib/a.ts"], "lib/a.ts"),
        ({"main": "./lib"}, "@game/room", ["lib/index.js"], "lib/index.js"),
        ({"main": "b.js", "module": "a.js"}, "@game/room", ["a.js", "b.js"], "a.js"),
        ({"main": "dist/index.js", "source": "src/a.ts"}, "@game/room", ["src/a.ts"], "src/a.ts"),
        ({}, "@game/room/sub/a", ["sub/a.ts"], "sub/a.ts"),
        ({"exports": "./a.ts"}, "@game/room", ["a.ts"], "a.ts"),
        ({"exports": {".": "./a.ts"}}, "@game/room", ["a.ts"], "a.ts"),
        ({"exports": {"import": "./a.js", "require": "./b.cjs"}}, "@game/room", ["a.js", "b.cjs"], "a.js"),
        (
            {"exports": {".": {"types": "./a.d.ts", "default": "./a.js"}}},
            "@game/room",
            ["a.d.ts", "a.js"],
            "a.js",
        ),
        (
            {"exports": {".": {"workerd": "./w.js", "default": "./a.js"}}},
            "@game/room",
            ["a.js", "w.js"],
            "w.js",
        ),
        ({"exports": {".": {"node": "./n.js", "worker": "./w.js"}}}, "@game/room", ["n.js", "w.js"], "w.js"),
        (
            {"exports": {".": {"import": {"types": "./a.d.ts", "default": "./a.mjs"}}}},
            "@game/room",
            ["a.mjs"],
            "a.mjs",
        ),
        ({"exports": {".": ["./no.js", "./a.js"]}}, "@game/room", ["a.js"], "a.js"),
        ({"exports": {"./a": "./src/a.ts"}}, "@game/room/a", ["src/a.ts"], "src/a.ts"),
        ({"exports": {"./*": "./src/*.ts"}}, "@game/room/x/a", ["src/x/a.ts"], "src/x/a.ts"),
        (
            {"exports": {"./*": "./no/*.ts", "./x/*.js": "./src/*.ts"}},
            "@game/room/x/a.js",
            ["src/a.ts"],
            "src/a.ts",
        ),
        (
            {"exports": {"deno": {"import": "./n.js"}, "default": "./a.js"}},
            "@game/room",
            ["a.js", "n.js"],
            "a.js",
        ),
        # built files that aren't there: the source, when some condition names it
        (
            {"exports": {".": {"source": "./src/a.ts", "default": "./dist/a.js"}}},
            "@game/room",
            ["src/a.ts"],
            "src/a.ts",
        ),
        (
            {"exports": {".": {"types": "./src/a.ts", "default": "./dist/a.js"}}},
            "@game/room",
            ["src/a.ts"],
            "missing",
        ),
        ({"exports": {"./b": "./b.js"}}, "@game/room/a", ["a.js"], "missing"),
        ({"exports": {}}, "@game/room", ["index.ts"], "missing"),
        ({"exports": None}, "@game/room", ["index.ts"], "index.ts"),
    ],
)
def test_workspace_package(
    tmp_path: Path, package: dict[str, object], specifier: str, there: list[str], expected: str
) -> None:
    sources: dict[str, object] = {
        "package.json": {"workspaces": ["apps/*", "packages/*"]},
        f"{ROOM}/package.json": {"name": "@game/room", **package},
        **{f"{ROOM}/{name}": A for name in there},
    }
    found = leads_to(tmp_path, sources, specifier, "apps/worker/src/index.ts")
    assert found == (expected if expected == "missing" else f"{ROOM}/{expected}")


@pytest.mark.parametrize(
    ("root", "place", "found"),
    [
        ({"package.json": {"workspaces": ["libs/*"]}}, "libs/room", True),
        ({"package.json": {"workspaces": {"packages": ["libs/*"]}}}, "libs/room", True),
        ({"package.json": {"workspaces": ["./libs/*/"]}}, "libs/room", True),
        ({"package.json": {"workspaces": ["libs/room"]}}, "libs/room", True),
        ({"package.json": {"workspaces": ["libs/**"]}}, "libs/deep/er/room", True),
        ({"package.json": {"workspaces": ["libs/*-room"]}}, "libs/chat-room", True),
        ({"pnpm-workspace.yaml": "packages:\n  - 'libs/*'\n"}, "libs/room", True),
        (
            {"pnpm-workspace.yaml": '# a\npackages:\n# b\n- "libs/*" # c\ncatalog:\n  - x\n'},
            "libs/room",
            True,
        ),
        ({"pnpm-workspace.yaml": "packages: ['apps/*', 'libs/*']\n"}, "libs/room", True),
        # near misses
        ({"package.json": {"workspaces": ["libs/*"]}}, "libs/deep/room", False),
        ({"package.json": {"workspaces": ["libs/*", "!libs/room"]}}, "libs/room", False),
        ({"package.json": {"workspaces": ["libs/**", "!**/fixtures/**"]}}, "libs/fixtures/room", False),
        ({"package.json": {"workspaces": ["libs/*-room"]}}, "libs/room", False),
        ({"package.json": {"workspaces": "libs/*"}}, "libs/room", False),
        ({"package.json": {}}, "libs/room", False),
        ({"pnpm-workspace.yaml": "catalog:\n  - 'libs/*'\n"}, "libs/room", False),
        ({"package.json": {"workspaces": ["libs/**"]}}, "libs/node_modules/room", False),
        ({}, "libs/room", False),
    ],
)
def test_workspace_globs(tmp_path: Path, root: dict[str, object], place: str, found: bool) -> None:
    sources = {**root, f"{place}/package.json": {"name": "room"}, f"{place}/index.ts": A}
    expected = f"{place}/index.ts" if found else "outside"
    assert leads_to(tmp_path, sources, "room", "apps/worker/index.ts") == expected


def test_links_that_go_in_circles_end(tmp_path: Path) -> None:
    write(tmp_path, {"package.json": {"workspaces": ["libs/**"]}, "libs/a/package.json": {"name": "a"}})
    (tmp_path / "libs/a/self").symlink_to("..", target_is_directory=True)
    assert leads_to(tmp_path, {"libs/a/index.ts": A}, "a") == "libs/a/index.ts"


@pytest.mark.parametrize(
    ("package", "there", "expected"),
    [
        ({"main": "./build/a.js"}, ["build/a.ts", "index.ts"], "lib/build/a.ts"),
        ({"module": "m.js", "main": "a.js"}, ["a.js", "m.js"], "lib/m.js"),
        ({"main": "./no.js"}, ["index.ts"], "lib/index.ts"),
    ],
)
def test_folder_with_a_package(
    tmp_path: Path, package: dict[str, object], there: list[str], expected: str
) -> None:
    sources = {"lib/package.json": package, **{f"lib/{name}": A for name in there}}
    assert leads_to(tmp_path, sources, "../lib") == expected


def test_link_in_node_modules_leads_into_the_tree(tmp_path: Path) -> None:
    write(tmp_path, {"libs/room/package.json": {"name": "room", "main": "a.ts"}, "libs/room/a.ts": A})
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/room").symlink_to("../libs/room", target_is_directory=True)
    assert leads_to(tmp_path.resolve(), {}, "room") == "libs/room/a.ts"


def test_link_to_a_package_store_stays_outside(tmp_path: Path) -> None:
    """pnpm links installed packages too, from one folder below node_modules to another."""
    store = "node_modules/.pnpm/room@1/node_modules/room"
    write(tmp_path, {f"{store}/package.json": {"name": "room"}, f"{store}/index.js": A})
    (tmp_path / "node_modules/room").symlink_to(".pnpm/room@1/node_modules/room", target_is_directory=True)
    assert leads_to(tmp_path, {}, "room") == "outside"


def test_installed_package_wins_over_a_workspace_of_that_name(tmp_path: Path) -> None:
    sources: dict[str, object] = {
        "package.json": {"workspaces": ["libs/*"]},
        "libs/room/package.json": {"name": "room"},
        "libs/room/index.ts": A,
        "node_modules/room/package.json": {"name": "room"},
    }
    assert leads_to(tmp_path, sources, "room") == "outside"


@pytest.mark.parametrize(
    ("package", "specifier", "expected"),
    [
        ({"imports": {"#a": "./src/a.ts"}}, "#a", "src/a.ts"),
        ({"imports": {"#lib/*": "./src/*.ts"}}, "#lib/a", "src/a.ts"),
        ({"imports": {"#a": {"workerd": "./src/a.ts", "default": "./src/b.ts"}}}, "#a", "src/a.ts"),
        ({"imports": {"#a": {"node": "./src/b.ts", "default": "./src/a.ts"}}}, "#a", "src/a.ts"),
        ({"imports": {"#a": "hono"}}, "#a", "outside"),
        ({"imports": {"#b": "./src/a.ts"}}, "#a", "missing"),
        ({}, "#a", "missing"),
        ({"name": "self", "exports": {"./a": "./src/a.ts"}}, "self/a", "src/a.ts"),
        ({"name": "self"}, "self/a", "outside"),
    ],
)
def test_own_package(tmp_path: Path, package: dict[str, object], specifier: str, expected: str) -> None:
    sources = {"package.json": package, "src/a.ts": A, "src/b.ts": A}
    assert leads_to(tmp_path, sources, specifier) == expected


def test_reading_order_and_every_way_to_import(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        {
            "src/index.ts": 'import "./side";\nimport a from "./a"; a;\nexport * from "./star";\n'
            'export const lazy = () => import("./lazy");\nconst old = require("./old");\n'
            'import tsOld = require("./ts-old"); tsOld;\n'
            "const no = () => import(`./${lazy}`);\n// import('./comment')\nconst text = \"import('./text')\";",
            "src/side.ts": 'import "./deep"; import "./index";',
            **{
                f"src/{name}.ts": "export {}"
                for name in ("a", "star", "lazy", "old", "ts-old", "deep", "comment", "text")
            },
        },
    )
    names = ["index", "side", "a", "star", "ts-old", "lazy", "old", "deep"]
    assert [file.name for file in facts.files] == [f"src/{name}.ts" for name in names]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('import { a } from "./m"; a()', True),
        ('import { a } from "./m"; export { a }', True),
        ('import { a } from "./m"; const b = { a }', True),
        ('import { a, type B } from "./m"; a()', True),
        ('import a from "./m"; class X extends a {}', True),
        ('import * as a from "./m"; a.b()', True),
        ('import React from "./m"; <React.X />', True),
        ('import "./m"', True),
        ('export { type A, b } from "./m"', True),
        # nothing of these is left in the compiled code
        ('import type { A } from "./m"; let a: A', False),
        ('import type * as a from "./m"', False),
        ('import { type A } from "./m"', False),
        ('import {} from "./m"', False),
        ('import { A } from "./m"; let a: A; type B = A[]; interface C extends A {}', False),
        ('import { A } from "./m"; class B implements A {}', False),
        ('import { a } from "./m"; type A = typeof a; let b: typeof a.b', False),
        ('import * as M from "./m"; let a: M.A; let b: M.B.C', False),
        ('import { a } from "./m"; x.a; ({ a: 1 }); // a()', False),
        ('import { A } from "./m"; f<A>(x as A)', False),
        ('export type { A } from "./m"', False),
        ('export type * from "./m"', False),
        ('type A = typeof import("./m"); let a: import("./m").A', False),
    ],
)
def test_imports_that_leave_nothing(tmp_path: Path, text: str, kept: bool) -> None:
    facts = facts_of(tmp_path, {"src/index.tsx": text, "src/m.ts": "export {}"}, "src/index.tsx")
    assert [file.name for file in facts.files] == (
        ["src/index.tsx", "src/m.ts"] if kept else ["src/index.tsx"]
    )


def test_imports_from_outside(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        {
            "src/index.ts": 'import { EventEmitter } from "node:events"; new EventEmitter();\n'
            'import type { Context } from "hono";\nexport * from "agents";\nimport "./a"; import "./page.html"; import "./no";',
            "src/a.ts": 'await import("zod");',
        },
    )
    assert [(each.specifier, each.type_only, each.span.text) for each in facts.imports] == [
        ("node:events", False, '"node:events"'),
        ("hono", True, '"hono"'),
        ("agents", False, '"agents"'),
        ("zod", False, '"zod"'),
    ]
    assert [each.what for each in facts.unknown] == ["what `./no` exports"]


def test_unreadable_module_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, {"src/big.ts": "x" * (8 * 1024 * 1024 + 1)})
    facts = facts_of(tmp_path, {"src/index.ts": 'export * from "./big"; export { A } from "./big"'})
    assert {name: export.kind for name, export in facts.exports.items()} == {"A": "unknown"}
    assert [each.why for each in facts.open_exports] == ["the file can't be read"]
    assert {each.why for each in facts.unknown} == {"the file is larger than 8 MiB"}
