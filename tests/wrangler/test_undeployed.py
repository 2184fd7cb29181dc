"""Which configurations nobody deploys, by who names them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from tests.pages import TODAY, write
from wslint.check import Options, files_read, run
from wslint.files import Files
from wslint.report.model import Result

BARE = 'main = "index.js"\n'
"""A configuration that `wrangler dev` and tests take, and that a deploy would refuse."""
GOOD = 'name = "chat"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
CODE = 'export default { fetch: () => new Response("ok") };\n'
POOL = 'import {{ cloudflareTest }} from "@cloudflare/vitest-pool-workers";\nexport default {{ plugins: [cloudflareTest({{ wrangler: {{ configPath: "{0}" }} }})] }};\n'
UNSTABLE = (
    'import {{ unstable_dev }} from "wrangler";\nawait unstable_dev("index.js", {{ config: "{0}" }});\n'
)
READS = 'import { readFileSync } from "node:fs";\nconst text = readFileSync("wrangler.base.jsonc", "utf8");\n'


def package(**more: object) -> str:
    return json.dumps({"name": "chat", "private": True, **more})


def scripts(**commands: str) -> str:
    return package(scripts=commands)


def library(**commands: str) -> str:
    return json.dumps({"name": "@chat/rooms", "exports": "./index.js", "scripts": commands})


def checked(files: dict[str, str], folder: Path, *, include_tests: bool = False) -> Result:
    write({"repo/" + path: text for path, text in files.items()}, folder)
    options = Options(today=TODAY, include_tests=include_tests)
    return run([folder / "repo"], options, Files(folder / "repo"))


UNDEPLOYED: dict[str, tuple[str, dict[str, str]]] = {
    "a fixture": ("tests/fixtures/alarm/wrangler.toml", {}),
    "the kind of tests before the word": ("packages/a/src/runtime-tests/wrangler.jsonc", {}),
    "the kind of tests behind the word, of a package that is deployed": (
        "agent/tests-e2e/wrangler.jsonc",
        {
            "agent/package.json": scripts(deploy="wrangler deploy"),
            "agent/tests-e2e/harness.ts": 'run("wrangler", ["dev", "--config", "tests-e2e/wrangler.jsonc"]);\n',
        },
    ),
    "named in instructions, far from where they speak of a deploy": (
        "agent/test/wrangler.jsonc",
        {
            "agent/package.json": scripts(deploy="wrangler deploy"),
            "agent/AGENTS.md": "The flag stands in `test/wrangler.jsonc`, too.\n"
            + "More on tests. " * 40
            + "\nAt last: `pnpm exec wrangler deploy`.\n",
        },
    ),
    "an e2e project with a dev script": (
        "packages/a/e2e/app/wrangler.toml",
        {
            "packages/a/e2e/app/package.json": scripts(dev="wrangler dev"),
            "package.json": scripts(deploy="wrangler deploy"),
        },
    ),
    "a dry run is no deploy": (
        "test/app/wrangler.toml",
        {"test/app/package.json": scripts(build="wrangler deploy --dry-run --outdir dist")},
    ),
    "for tests by its name": ("wrangler.test.toml", {"package.json": scripts(deploy="wrangler deploy")}),
    "vitest's, of another name": (
        "wrangler.pool.toml",
        {
            "package.json": scripts(deploy="wrangler deploy"),
            "vitest.config.ts": POOL.format("./wrangler.pool.toml"),
        },
    ),
    "unstable_dev's": (
        "wrangler.small.toml",
        {
            "package.json": scripts(deploy="wrangler deploy"),
            "src/room.spec.ts": UNSTABLE.format("wrangler.small.toml"),
        },
    ),
    "wrangler dev's alone": (
        "wrangler.local.toml",
        {"package.json": scripts(dev="wrangler dev -c wrangler.local.toml", deploy="wrangler deploy")},
    ),
    "the types' alone": (
        "wrangler.types.toml",
        {
            "package.json": scripts(
                types="wrangler types --config=./wrangler.types.toml", deploy="wrangler deploy"
            )
        },
    ),
    "wrangler dev's in a Makefile that deploys too": (
        "wrangler.local.toml",
        {"Makefile": "dev:\n\twrangler dev -c wrangler.local.toml\ndeploy:\n\tnpx wrangler deploy\n"},
    ),
    "playwright's server": (
        "wrangler.browser.toml",
        {
            "package.json": scripts(deploy="wrangler deploy"),
            "playwright.config.ts": 'export default { webServer: { command: "wrangler dev --config wrangler.browser.toml" } };\n',
        },
    ),
    "miniflare's": (
        "wrangler.mini.toml",
        {
            "package.json": scripts(deploy="wrangler deploy"),
            "src/all.test.js": 'new Miniflare({ wranglerConfigPath: "wrangler.mini.toml" });\n',
        },
    ),
    "for tests by its name, which the Vite plugin takes in their runs": (
        "wrangler.e2e.toml",
        {
            "vite.config.ts": 'import { cloudflare } from "@cloudflare/vite-plugin";\n'
            'cloudflare({ configPath: process.env.E2E ? "./wrangler.e2e.toml" : "./wrangler.toml" });\n',
        },
    ),
    "what a command fills in": (
        "wrangler.base.toml",
        {"package.json": scripts(deploy="envsubst < wrangler.base.toml > wrangler.toml && wrangler deploy")},
    ),
    "what a shell script fills in": (
        "wrangler.in.jsonc",
        {"configure.sh": "sed s/@NAME@/$NAME/ wrangler.in.jsonc > wrangler.jsonc\n"},
    ),
    "what a script makes the real one of": (
        "wrangler.base.jsonc",
        {"package.json": scripts(predeploy="node make.mjs", deploy="wrangler deploy"), "make.mjs": READS},
    ),
    "a published package's, for vitest": (
        "packages/rooms/wrangler.toml",
        {
            "packages/rooms/package.json": library(test="vitest"),
            "packages/rooms/vitest.config.ts": POOL.format("./wrangler.toml"),
            "package.json": scripts(deploy="pnpm --filter app deploy"),
        },
    ),
    "a published package's, beside another folder's release": (
        "packages/rooms/wrangler.toml",
        {
            "packages/rooms/package.json": library(test="vitest"),
            "packages/rooms/vitest.config.ts": POOL.format("./wrangler.toml"),
            "RELEASE.md": "cd packages/rooms\nnpm publish\n"
            + "\n" * 500
            + "cd apps/chat\nnpx wrangler deploy\n",
        },
    ),
    "a published package's, for its types": (
        "wrangler.toml",
        {"package.json": library(types="wrangler types", test="vitest")},
    ),
}

DEPLOYED: dict[str, tuple[str, dict[str, str]]] = {
    "nothing but the file": ("wrangler.toml", {}),
    "instructions that deploy it": (
        "agent/test/wrangler.toml",
        {
            "package.json": package(),
            "README.md": "It is `agent/test/wrangler.toml`:\n\n    npx wrangler deploy -c agent/test/wrangler.toml\n",
        },
    ),
    "a folder of tests by no word": ("packages/a/contests/wrangler.toml", {}),
    "without a script": ("apps/chat/wrangler.toml", {"package.json": package()}),
    "with vitest, an application": (
        "wrangler.toml",
        {"package.json": package(), "vitest.config.ts": POOL.format("./wrangler.toml")},
    ),
    "with vitest, a package that is deployed": (
        "wrangler.toml",
        {
            "package.json": library(deploy="wrangler deploy"),
            "vitest.config.ts": POOL.format("./wrangler.toml"),
        },
    ),
    "a package that a workflow deploys": (
        "packages/rooms/wrangler.toml",
        {
            "packages/rooms/package.json": library(test="vitest"),
            "packages/rooms/vitest.config.ts": POOL.format("./wrangler.toml"),
            ".github/workflows/release.yml": "steps:\n  - uses: cloudflare/wrangler-action@v3\n    with:\n      workingDirectory: packages/rooms\n",
        },
    ),
    "a package that is deployed by its name": (
        "packages/rooms/wrangler.toml",
        {
            "packages/rooms/package.json": library(test="vitest"),
            "packages/rooms/vitest.config.ts": POOL.format("./wrangler.toml"),
            "package.json": scripts(deploy="pnpm --filter @chat/rooms exec wrangler deploy"),
        },
    ),
    "in tests, with a deploy script of its own": (
        "tests/live/wrangler.toml",
        {"tests/live/package.json": scripts(deploy="wrangler deploy")},
    ),
    "in e2e, deployed from above": (
        "e2e/wrangler.toml",
        {"package.json": scripts(**{"deploy:e2e": "wrangler deploy --config e2e/wrangler.toml"})},
    ),
    "in e2e, deployed after cd": (
        "e2e/wrangler.toml",
        {"package.json": scripts(release="cd e2e && npx wrangler deploy")},
    ),
    "for tests by its name, deployed": (
        "wrangler.test.toml",
        {"package.json": scripts(deploy="wrangler deploy -c wrangler.test.toml")},
    ),
    "of another name, deployed": (
        "wrangler.prod.toml",
        {
            "package.json": scripts(
                dev="wrangler dev -c wrangler.prod.toml", deploy="wrangler deploy -c wrangler.prod.toml"
            )
        },
    ),
    "of another name, completed by a variable": (
        "wrangler.prod.toml",
        {
            "package.json": scripts(
                dev="wrangler dev -c wrangler.prod.toml", deploy="wrangler deploy -c wrangler.$STAGE.toml"
            )
        },
    ),
    "of another name, deployed by a workflow": (
        "wrangler.prod.toml",
        {
            "package.json": scripts(dev="wrangler dev -c wrangler.prod.toml"),
            ".github/workflows/release.yml": "steps:\n  - run: npx wrangler deploy --config wrangler.prod.toml\n",
        },
    ),
    "of another name, deployed by a script": (
        "wrangler.prod.toml",
        {
            "package.json": scripts(dev="wrangler dev -c wrangler.prod.toml"),
            "scripts/release.mjs": 'run("npx", ["wrangler", "deploy", "--config", "wrangler.prod.toml"]);\n',
        },
    ),
    "of another name, deployed by hand": (
        "wrangler.prod.toml",
        {
            "package.json": scripts(dev="wrangler dev -c wrangler.prod.toml"),
            "README.md": "Release: `npx wrangler deploy -c wrangler.prod.toml`\n",
        },
    ),
    "of another name, copied before the deploy": (
        "wrangler.prod.toml",
        {"package.json": scripts(deploy="cp wrangler.prod.toml wrangler.toml && wrangler deploy")},
    ),
    "of another name, deployed from a Makefile": (
        "wrangler.prod.toml",
        {
            "Makefile": "dev:\n\twrangler dev -c wrangler.prod.toml\ndeploy:\n\tnpx wrangler deploy -c wrangler.prod.toml\n"
        },
    ),
    "of another name, built by the Vite plugin": (
        "wrangler.prod.toml",
        {
            "package.json": scripts(
                dev="wrangler dev -c wrangler.prod.toml", deploy="vite build && wrangler deploy"
            ),
            "vite.config.ts": 'import { cloudflare } from "@cloudflare/vite-plugin";\n'
            'export default { plugins: [cloudflare({ configPath: "./wrangler.prod.toml" })] };\n',
        },
    ),
    "of another name, named by nobody": (
        "wrangler.prod.toml",
        {"package.json": scripts(deploy="wrangler deploy")},
    ),
    "a folder whose name merely ends so": ("apps/latest/wrangler.toml", {}),
}


@pytest.mark.parametrize("case", UNDEPLOYED)
def test_what_nobody_deploys_is_left_out(case: str, tmp_path: Path) -> None:
    path, more = UNDEPLOYED[case]
    text = '{ "main": "index.js" }\n' if path.endswith("jsonc") else BARE
    files = {path: text, str(Path(path).parent / "index.js"): CODE, **more}
    result = checked(files, tmp_path)
    assert [(name, bool(why)) for name, why in result.undeployed] == [(path, True)]
    assert not result.findings and not result.workers
    included = checked(files, tmp_path, include_tests=True)
    assert "WS101" in {finding.code for finding in included.findings} and not included.undeployed


@pytest.mark.parametrize("case", DEPLOYED)
def test_what_may_be_deployed_is_checked(case: str, tmp_path: Path) -> None:
    path, more = DEPLOYED[case]
    result = checked({path: BARE, str(Path(path).parent / "index.js"): CODE, **more}, tmp_path)
    assert not result.undeployed
    assert "WS101" in {finding.code for finding in result.findings}


@pytest.mark.parametrize("name", ["wrangler.toml", "wrangler.jsonc"])
def test_a_main_that_is_a_test(name: str, tmp_path: Path) -> None:
    config = '{\n  "main": "./test/worker.js"\n}\n' if name.endswith("jsonc") else 'main = "test/worker.js"\n'
    files = {name: config, "test/worker.js": CODE, "package.json": scripts(test="vitest")}
    assert checked(files, tmp_path / "without").undeployed
    files["package.json"] = scripts(deploy="wrangler deploy")
    assert not checked(files, tmp_path / "with").undeployed


def test_folders_above_the_given_one_and_above_the_repository_say_nothing(tmp_path: Path) -> None:
    write({"tests/fixtures/app/wrangler.toml": BARE, "tests/fixtures/app/index.js": CODE}, tmp_path)
    folder = tmp_path / "tests/fixtures/app"
    assert run([folder], Options(today=TODAY), Files(folder)).findings
    write({"tests/fixtures/more/HEAD:wrangler.toml": BARE}, tmp_path / "unused")
    write({"HEAD:wrangler.toml": GOOD, "wrangler.toml": BARE, "index.js": CODE}, tmp_path / "tests/repo")
    assert run([tmp_path / "tests/repo"], Options(today=TODAY), Files(tmp_path)).findings


def test_they_are_counted_and_listed(tmp_path: Path) -> None:
    files = {
        "wrangler.toml": GOOD,
        "index.js": CODE,
        "tests/a/wrangler.toml": BARE,
        "tests/b/wrangler.toml": BARE,
    }
    write(files, tmp_path)
    ended = wslint("check", cwd=tmp_path)
    assert ended.returncode == 0
    assert (
        "2 configurations that nobody deploys were left out: --include-tests checks them.\n" in ended.stdout
    )
    listed = wslint("check", "--show-files", cwd=tmp_path).stdout.splitlines()
    assert listed[:2] == ["index.js", "wrangler.toml"]
    why = "(not checked: it is in the folder `tests`, and nothing deploys it)"
    assert listed[2:] == [f"tests/a/wrangler.toml {why}", f"tests/b/wrangler.toml {why}"]
    assert wslint("check", "--include-tests", cwd=tmp_path).returncode == 1
    skipped = json.loads(wslint("check", "--output-format", "json", cwd=tmp_path).stdout)["skipped"]
    assert [item["path"] for item in skipped] == ["tests/a/wrangler.toml", "tests/b/wrangler.toml"]


def test_a_changed_file_of_a_left_out_worker_is_owned_all_the_same(tmp_path: Path) -> None:
    write({"tests/a/wrangler.toml": BARE, "tests/a/index.js": CODE, ".git/HEAD": ""}, tmp_path)
    ended = wslint("check", "tests/a/index.js", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == (
        "No Workers to check.\n1 configuration that nobody deploys was left out: --include-tests checks it.\n"
    )


def test_show_files_says_what_a_run_over_a_repository_reads(tmp_path: Path) -> None:
    write({"wrangler.toml": GOOD, "index.js": CODE}, tmp_path)
    assert files_read([tmp_path], Options()) == files_read([tmp_path], Options(include_tests=True))
