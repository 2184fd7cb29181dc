"""React Router and Remix where `main` names what they build: led back to the project's own server entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.projects import CLASS, EXPORTS, FORGETS, checked, codes, config, package

PLUGINS = {
    "react-router": 'import { reactRouter as framework } from "@react-router/dev/vite";\n',
    "remix": 'import { vitePlugin as framework } from "@remix-run/dev";\n',
}
BUILDS = {"react-router": "react-router build", "remix": "remix vite:build"}
OPTIONS = {
    "for the server build": "isSsrBuild ? { input: INPUT } : undefined",
    "not for the client's": "!isSsrBuild ? undefined : { input: INPUT }",
    "where the flag is set": "isSsrBuild && { input: INPUT }",
}
OPTIONS["not for the client's"] = "!isSsrBuild ? { input: INPUT } : {}"


def vite(options: str, plugin: str = "react-router", given: str = "") -> str:
    return (
        f'import {{ defineConfig }} from "vite";\n{PLUGINS[plugin]}'
        "export default defineConfig(({ isSsrBuild }) => ({\n"
        f"  build: {{ rollupOptions: {options.replace('INPUT', chr(34) + './workers/app.ts' + chr(34))} }},\n"
        f"  plugins: [framework({given})],\n}}));\n"
    )


def project(entry: str, main: str, **more: str) -> dict[str, str]:
    return {"wrangler.jsonc": config(main), "workers/app.ts": entry, "workers/room.ts": CLASS, **more}


def outcome(files: dict[str, str], folder: Path) -> tuple[list[str], str | None, str]:
    result = checked(files, folder)
    return codes(result), result.workers[0].entrypoint, result.workers[0].checked.source


@pytest.mark.parametrize("options", ["for the server build", "where the flag is set"])
@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_server_build_of_an_entry(plugin: str, options: str, tmp_path: Path) -> None:
    scripts = package({"build": BUILDS[plugin], "deploy": "npm run build && wrangler deploy"})
    more = {"vite.config.ts": vite(OPTIONS[options], plugin), "package.json": scripts}
    main = "./build/server/index.js"
    good = outcome(project(EXPORTS, main, **more), tmp_path / "good")
    assert good == ([], "workers/app.ts", "read")
    bad = outcome(project(FORGETS, main, **more), tmp_path / "bad")
    assert bad == (["WS201"], "workers/app.ts", "read")


UNREAD = {
    "the client's input": (vite(OPTIONS["not for the client's"]), "./build/server/index.js"),
    "another condition": (vite("process.env.X ? { input: INPUT } : {}"), "./build/server/index.js"),
    "no entry": (vite("{}"), "./build/server/index.js"),
    "several entries": (vite('isSsrBuild ? { input: [INPUT, "./b.ts"] } : {}'), "./build/server/index.js"),
    "another file": (vite(OPTIONS["for the server build"]), "./build/server/other.js"),
    "a build for each route": (
        vite(OPTIONS["for the server build"], given="{ serverBundles: split }"),
        "./build/server/index.js",
    ),
    "a folder that is made": (
        vite(OPTIONS["for the server build"], given="{ buildDirectory: folder() }"),
        "./build/server/index.js",
    ),
    "options that are made": (
        vite(OPTIONS["for the server build"], given="options()"),
        "./build/server/index.js",
    ),
}


@pytest.mark.parametrize("case", UNREAD)
def test_a_server_build_that_nothing_leads_back(case: str, tmp_path: Path) -> None:
    text, main = UNREAD[case]
    files = project(
        FORGETS, main, **{"vite.config.ts": text, "package.json": package({"build": "react-router build"})}
    )
    codes_, _, source = outcome(files, tmp_path)
    assert (codes_, source) == ([], "unread")


@pytest.mark.parametrize("where", ["react-router.config.ts", "vite.config.ts"])
def test_a_build_folder_of_its_own(where: str, tmp_path: Path) -> None:
    given = '{ buildDirectory: "out", serverBuildFile: "worker.js" }'
    own = where == "vite.config.ts"
    more = {
        "package.json": package({"build": "react-router build"}),
        "vite.config.ts": vite(OPTIONS["for the server build"], given=given if own else ""),
    }
    if not own:
        more["react-router.config.ts"] = f"export default {given} satisfies Config;\n"
    assert outcome(project(FORGETS, "out/server/worker.js", **more), tmp_path)[0] == ["WS201"]


REMIX = 'module.exports = { server: "./workers/app.ts", serverModuleFormat: "esm"BUILD };\n'


@pytest.mark.parametrize(
    ("build", "main"),
    [
        ("", "./build/index.js"),
        (', serverBuildPath: "build/index.js"', "build/index.js"),
        (', serverBuildPath: "dist/worker.mjs"', "./dist/worker.mjs"),
    ],
)
def test_remix_before_vite(build: str, main: str, tmp_path: Path) -> None:
    more = {
        "remix.config.js": REMIX.replace("BUILD", build),
        "package.json": package({"build": "remix build"}),
    }
    assert outcome(project(EXPORTS, main, **more), tmp_path / "good") == ([], "workers/app.ts", "read")
    assert outcome(project(FORGETS, main, **more), tmp_path / "bad")[0] == ["WS201"]


@pytest.mark.parametrize(
    ("text", "main"),
    [
        (REMIX.replace("BUILD", ', serverBuildPath: "dist/index.js"'), "build/index.js"),
        (REMIX.replace("BUILD", ", ...shared"), "build/index.js"),
        (REMIX.replace("BUILD", ", serverBuildPath: path()"), "build/index.js"),
        ("module.exports = {};\n", "build/index.js"),
    ],
)
def test_remix_whose_output_nothing_leads_back(text: str, main: str, tmp_path: Path) -> None:
    files = project(
        FORGETS, main, **{"remix.config.js": text, "package.json": package({"build": "remix build"})}
    )
    codes_, _, source = outcome(files, tmp_path)
    assert (codes_, source) == ([], "unread")


@pytest.mark.parametrize(
    "after",
    [
        "echo \"export { Room } from '../../workers/room';\" >> build/server/index.js",
        "cat workers/exports.js >> build/server/index.js",
        "node scripts/patch.mjs build/server/index.js",
        "esbuild build/server/index.js --bundle --format=esm --outfile=build/server/index.js --allow-overwrite",
    ],
)
def test_what_a_script_adds_to_the_server_build(after: str, tmp_path: Path) -> None:
    more = {
        "vite.config.ts": vite(OPTIONS["for the server build"]),
        "package.json": package({"build": f"react-router build && {after}"}),
        "workers/exports.js": 'export { Room } from "../../workers/room";\n',
        "scripts/patch.mjs": 'import { appendFileSync } from "node:fs";\nappendFileSync(process.argv[2], "");\n',
    }
    assert outcome(project(FORGETS, "build/server/index.js", **more), tmp_path)[0] == []
