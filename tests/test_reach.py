"""A hook's files find their Workers: the same as if all were read, and those that are none of it are not read."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.growth.shapes import Steps
from tests.pages import write
from wslint import workspace
from wslint.check import Options, run
from wslint.files import Files
from wslint.reach import Reach
from wslint.report.model import Result
from wslint.workspace import discover

CONFIG = 'name = "%s"\nmain = "src/index.ts"\ncompatibility_date = "2026-07-01"\n'
ENTRY = 'import { x } from "%s";\nexport default { fetch: () => new Response(x) };\n'
ALONE = 'import { y } from "./own";\nexport default { fetch: () => new Response(y) };\n'

Tree = dict[str, str]


def app(name: str, entry: str, **more: str) -> Tree:
    files = {
        "wrangler.toml": CONFIG % name,
        "src/index.ts": entry,
        "src/own.ts": 'export const y = "y";\n',
        **more,
    }
    return {f"apps/{name}/{path}": text for path, text in files.items()}


SHARED = {
    "packages/shared/package.json": '{"name": "@repo/shared", "main": "src/x.ts"}',
    "packages/shared/src/x.ts": 'export { x } from "./deep";\n',
    "packages/shared/src/deep.ts": 'export const x = "x";\n',
}
WORKSPACE = {"package.json": '{"name": "root", "workspaces": ["apps/*", "packages/*"]}'}
FROM_APP = "../../../packages/shared/src/x"

LEADING: dict[str, Tree] = {
    "a path": app("a", ENTRY % FROM_APP),
    "a path without a folder's index": {
        **app("a", ENTRY % "../../../packages/shared/src"),
        "packages/shared/src/index.ts": 'export * from "./deep";\n',
    },
    "a name": {**app("a", ENTRY % "@repo/shared"), **WORKSPACE},
    "a name with a path": {**app("a", ENTRY % "@repo/shared/src/x.ts"), **WORKSPACE},
    "through another package": {
        **app("a", ENTRY % "@repo/between"),
        **WORKSPACE,
        "packages/between/package.json": '{"name": "@repo/between", "main": "index.ts"}',
        "packages/between/index.ts": 'export * from "@repo/shared";\n',
    },
    "through another file": {
        **app("a", ENTRY % "../../../lib/between"),
        "lib/between.ts": 'export * from "../packages/shared/src/x";\n',
    },
    "an alias of its tsconfig": app(
        "a",
        ENTRY % "~s/x",
        **{"tsconfig.json": '{"compilerOptions": {"paths": {"~s/*": ["../../packages/shared/src/*"]}}}'},
    ),
    "an alias of the tsconfig above": {
        **app("a", ENTRY % "~s/x"),
        "tsconfig.json": '{"compilerOptions": {"paths": {"~s/*": ["./packages/shared/src/*"]}}}',
    },
    "an alias that it extends": {
        **app("a", ENTRY % "~s/x", **{"tsconfig.json": '{"extends": "../../tsconfig.base.json"}'}),
        "tsconfig.base.json": '{"compilerOptions": {"paths": {"~s/*": ["./packages/shared/src/*"]}}}',
    },
    "a base that it extends": {
        **app(
            "a",
            ENTRY % "packages/shared/src/x",
            **{"tsconfig.json": '{"extends": "../../tsconfig.base.json"}'},
        ),
        "tsconfig.base.json": '{"compilerOptions": {"baseUrl": "."}}',
    },
    "a private import": app(
        "a", ENTRY % "#x", **{"package.json": '{"imports": {"#x": "../../packages/shared/src/x.ts"}}'}
    ),
    "a private import of the package above": {
        **app("a", ENTRY % "#x"),
        "package.json": '{"imports": {"#x": "./packages/shared/src/x.ts"}}',
    },
    "the package above by its name": {
        **app("a", ENTRY % "root/x"),
        "package.json": '{"name": "root", "exports": {"./x": "./packages/shared/src/x.ts"}}',
    },
    "an alias of Vite's": {
        **app("a", ENTRY % "~s/x"),
        "vite.config.ts": 'export default { resolve: { alias: { "~s": "./packages/shared/src" } } };\n',
    },
    "a main elsewhere": {
        "apps/a/wrangler.toml": (CONFIG % "a").replace("src/index.ts", "../../packages/shared/src/x.ts"),
    },
    "a main in an environment": {
        **app("a", ALONE),
        "apps/a/wrangler.toml": CONFIG % "a" + '[env.b]\nmain = "../../packages/shared/src/x.ts"\n',
    },
    "a main in an environment, dotted": {
        **app("a", ALONE),
        "apps/a/wrangler.toml": 'env.b.main = "../../packages/shared/src/x.ts"\n' + CONFIG % "a",
    },
    "a main that a script above writes": {
        **app("a", ALONE, **{"package.json": "{}"}),
        "apps/a/wrangler.toml": (CONFIG % "a").replace("src/index.ts", "dist/index.js"),
        "package.json": '{"scripts": {"build": "esbuild packages/shared/src/x.ts --bundle'
        ' --format=esm --outfile=apps/a/dist/index.js"}}',
    },
    "JSON": {
        **app("a", ENTRY % FROM_APP),
        "apps/a/wrangler.toml": "",
        "apps/a/wrangler.json": '{"name": "a", "main": "src/index.ts"}',
    },
    "Python's dots": {
        "apps/a/wrangler.toml": (CONFIG % "a").replace("src/index.ts", "src/entry.py"),
        "apps/a/src/entry.py": "from ....packages.shared.src import x\n",
        "packages/shared/src/x.py": "x = 1\n",
    },
    "a worker in the repository's top": {
        "wrangler.toml": CONFIG % "top",
        "src/index.ts": ENTRY % "../packages/shared/src/x",
    },
}


def with_git(files: Tree, folder: Path) -> Path:
    write(files, folder)
    (folder / ".git").mkdir()
    return folder.resolve()


def owners(paths: list[Path], base: Path) -> set[str]:
    files = Files(base)
    return {files.name(config) for config in discover(paths, files).configs}


def all_read(paths: list[Path], base: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    with monkeypatch.context() as patch:
        patch.setattr(Reach, "rules_out", lambda *_: False)
        return owners(paths, base)


@pytest.mark.parametrize("way", LEADING)
def test_each_way_out_of_a_folder_is_found(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = with_git({**SHARED, **app("other", ALONE), **LEADING[way]}, tmp_path)
    for name in ("src/x", "src/deep"):
        suffix = ".py" if (base / f"packages/shared/{name}.py").exists() else ".ts"
        path = base / f"packages/shared/{name}{suffix}"
        found = owners([path], base)
        assert found == all_read([path], base, monkeypatch)
    assert way == "Python's dots" or found, "the way leads nowhere"


def test_links_lead_out_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def linked(base: Path) -> None:
        (base / "apps/a/src/shared").symlink_to(base / "packages/shared/src")

    def installed(base: Path) -> None:
        (base / "apps/a/node_modules/@other").mkdir(parents=True)
        (base / "apps/a/node_modules/@other/name").symlink_to(base / "packages/shared")

    def above(base: Path) -> None:
        (base / "node_modules").mkdir()
        (base / "node_modules/plain").symlink_to(base / "packages/shared")

    ways: tuple[tuple[str, Callable[[Path], None]], ...] = (
        ("./shared/x", linked),
        ("@other/name", installed),
        ("plain", above),
    )
    for number, (specifier, make) in enumerate(ways):
        base = with_git({**SHARED, **app("a", ENTRY % specifier)}, tmp_path / str(number))
        make(base)
        path = base / "packages/shared/src/deep.ts"
        found = owners([path], base)
        assert found == all_read([path], base, monkeypatch)
        assert found or make is linked, "the way leads nowhere"


def counted(path: Path, base: Path) -> tuple[Steps, Result]:
    """A check, and its steps."""
    steps = Steps()
    sys.setprofile(steps.counted)
    try:
        result = run([path], Options(), Files(base))
    finally:
        sys.setprofile(None)
    return steps, result


def many(count: int, entry: str) -> Tree:
    return {path: text for number in range(count) for path, text in app(f"w{number}", entry).items()}


@pytest.mark.parametrize("entry", [ALONE, ENTRY % FROM_APP, ENTRY % "@repo/shared"])
def test_workers_that_are_none_of_it_are_not_read(entry: str, tmp_path: Path) -> None:
    tsconfig = {
        f"apps/w{number}/tsconfig.json": '{"extends": "../../tsconfig.base.json"}' for number in range(20)
    }
    schema = (
        '{"$schema": "../../node_modules/wrangler/config-schema.json", "name": "j", "main": "src/index.ts"}'
    )
    files = {
        **SHARED,
        **WORKSPACE,
        **many(20, entry),
        **tsconfig,
        "tsconfig.base.json": '{"compilerOptions": {}}',
    }
    files |= app("j", entry, **{"wrangler.jsonc": schema})
    del files["apps/j/wrangler.toml"]
    base = with_git(files, tmp_path)
    one, _ = counted(base / "apps/w7", base)
    hook, result = counted(base / "apps/w7/src/own.ts", base)
    assert [worker.name for worker in result.workers] == ["w7"]
    assert 0 < hook.parses == one.parses
    assert hook.reads <= 4 * 21 + 12  # each file once


def test_what_is_shared_is_everybodys(tmp_path: Path) -> None:
    base = with_git({**SHARED, **many(3, ENTRY % FROM_APP), **app("alone", ALONE)}, tmp_path)
    found = owners([base / "packages/shared/src/deep.ts"], base)
    assert found == {f"apps/w{number}/wrangler.toml" for number in range(3)}


SPECIFIERS = (
    *(
        "./own",
        "../own",
        "../../b/src/own",
        "../../../packages/p/x",
        "../../../packages/q",
        "@repo/p",
        "@repo/q/x",
    ),
    *(
        "~p/x",
        "#p",
        "../../../lib/l",
        "..",
        "../..",
        "../../../packages",
        "/apps/b/src/own",
        "p",
        "../src",
        "./sub/s",
    ),
)
EXTRA: dict[str, str] = {
    "tsconfig.json": '{"compilerOptions": {"paths": {"~p/*": ["packages/p/*"]}}}',
    "apps/a/tsconfig.json": '{"extends": "../../tsconfig.json"}',
    "apps/b/tsconfig.json": '{"compilerOptions": {"paths": {"~p/*": ["../../packages/p/*"]}}}',
    "apps/a/package.json": '{"name": "a", "imports": {"#p": "../../packages/p/x.ts"}}',
    "apps/b/package.json": '{"name": "p", "exports": "./src/own.ts"}',
    "package.json": '{"name": "root", "workspaces": ["packages/*", "apps/*"], "imports": {"#p": "./packages/q/x.ts"}}',
    "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
    "packages.ts": 'export * from "./lib/l";\n',
    "lib.ts": 'export * from "./packages/p/x";\n',
    "apps/a/src.ts": 'export * from "../b/src/own";\n',
    "apps/a.ts": 'export * from "../lib/l";\n',
    "apps/a/index.ts": 'export * from "./src/own";\n',
    "index.ts": 'export * from "./apps/b/src/own";\n',
    "packages/p/package.json": '{"name": "@repo/p", "main": "x.ts"}',
    "packages/q/package.json": '{"name": "@repo/q", "main": "x.ts"}',
    "vite.config.ts": 'export default { resolve: { alias: { "~p": "./packages/p" } } };\n',
}
SOURCES = (
    "apps/a/src/own.ts",
    "apps/b/src/own.ts",
    "apps/a/src/sub/s.ts",
    "lib/l.ts",
    "packages/p/x.ts",
    "packages/q/x.ts",
)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_layout_the_owners_are_the_same(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    files = {**app("a", ALONE), **app("b", ALONE), **app("c", ALONE)}
    for name in SOURCES:
        files[name] = 'export const y = "y", x = y;\n'
    for name in [name for name in files if name.endswith(".ts")]:
        for specifier in chance.sample(SPECIFIERS, chance.choice([0, 0, 1, 2])):
            files[name] = f'export * from "{specifier}";\n' + files[name]
    files |= {name: text for name, text in EXTRA.items() if chance.random() < 0.3}
    base = with_git(files, tmp_path)
    for name in SOURCES:
        assert owners([base / name], base) == all_read([base / name], base, monkeypatch), name


def test_a_worker_that_can_not_be_ruled_out_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More files than are searched: the Worker is read as if nothing were known."""
    entry = "".join(f'import "./f{number}";\n' for number in range(450)) + ENTRY % FROM_APP
    files = app("a", entry, **{f"src/f{number}.ts": "" for number in range(450)})
    base = with_git({**SHARED, **files}, tmp_path)
    asked: list[Path] = []
    reached = workspace._reached
    monkeypatch.setattr(
        workspace, "_reached", lambda config, files: asked.append(config) or reached(config, files)
    )
    assert owners([base / "packages/shared/src/deep.ts"], base) == {"apps/a/wrangler.toml"}
    assert [path.name for path in asked] == ["wrangler.toml"]
