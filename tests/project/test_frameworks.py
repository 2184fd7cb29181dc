"""What a framework's adapter makes of `main`, and whether the class can be among its exports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project.projects import CLASS, EXPORTS, HANDLER, checked, codes, config, package, said

SVELTE = 'import adapter from "@sveltejs/adapter-cloudflare";\nexport default { kit: { adapter: adapter(OPTIONS) } };\n'
KIT_OUTPUT = ".svelte-kit/cloudflare/_worker.js"


def kit(main: str, options: str = "", build: str = "vite build", **more: str) -> dict[str, str]:
    return {
        "wrangler.jsonc": config(main),
        "svelte.config.js": SVELTE.replace("OPTIONS", options),
        "package.json": package(
            {"build": build, "deploy": "npm run build && wrangler deploy"}, "@sveltejs/kit"
        ),
        "server/room.ts": CLASS,
        **more,
    }


@pytest.mark.parametrize(
    "options", ["", "{}", '{ config: "wrangler.jsonc" }', '{ routes: { include: ["/*"] } }']
)
def test_sveltekit_writes_over_main(options: str, tmp_path: Path) -> None:
    result = checked(kit("server/worker.ts", options, **{"server/worker.ts": EXPORTS}), tmp_path)
    assert said(result) == [("WS201", "wrangler.jsonc", 3)]
    assert "over `server/worker.ts`" in result.findings[0].message


@pytest.mark.parametrize(
    "build",
    [
        "vite build && echo \"export { Room } from '../../server/room';\" >> " + KIT_OUTPUT,
        "vite build && cat server/exports.ts >> " + KIT_OUTPUT,
        "vite build && node scripts/add.mjs",
        "vite build && sh scripts/add.sh",
        "vite build && esbuild server/room.ts --outfile=" + KIT_OUTPUT,  # whatever that does
        "vite build && ./scripts/patch " + KIT_OUTPUT,
        "vite build && node scripts/missing.mjs",
    ],
)
def test_sveltekit_and_a_script_that_adds_the_class(build: str, tmp_path: Path) -> None:
    more = {
        "server/exports.ts": 'export { Room } from "../../server/room";\n',
        "scripts/add.mjs": 'import { appendFileSync } from "node:fs";\n'
        f'appendFileSync("{KIT_OUTPUT}", \'\\nexport {{ Room }} from "../../server/room";\');\n',
        "scripts/add.sh": f"cat server/exports.ts >> {KIT_OUTPUT}\n",
    }
    result = checked(kit(KIT_OUTPUT, "", build, **more), tmp_path)
    # What a command prints is known; what it takes from a file, or a script adds, is not looked into.
    assert (codes(result), result.workers[0].checked.source) == ([], "part" if "echo" in build else "unread")


@pytest.mark.parametrize(
    "build",
    [
        "vite build",
        "svelte-kit sync && vite build && tsc --noEmit",
        "vite build && echo done",
        "vite build && echo \"export { Hall } from '../../server/hall';\" >> " + KIT_OUTPUT,
    ],
)
def test_sveltekit_and_no_script_that_adds_the_class(build: str, tmp_path: Path) -> None:
    assert codes(checked(kit(KIT_OUTPUT, "", build), tmp_path)) == ["WS201"]


def test_sveltekit_with_a_configuration_of_its_own(tmp_path: Path) -> None:
    own = json.dumps({"name": "rooms", "main": KIT_OUTPUT, "compatibility_date": "2026-06-01"})
    files = kit(
        "server/worker.ts",
        '{ config: "adapter/wrangler.jsonc" }',
        **{"server/worker.ts": EXPORTS, "adapter/wrangler.jsonc": own},
    )
    assert codes(checked(files, tmp_path)) == []


@pytest.mark.parametrize("place", ["vite.config.ts", "plugins/add.ts"])
def test_sveltekit_and_a_plugin_that_adds_the_class(place: str, tmp_path: Path) -> None:
    plugin = 'export const add = () => ({ name: "add", closeBundle() { appendFileSync("x", "y"); } });\n'
    config_text = 'import { add } from "./plugins/add";\nexport default { plugins: [add()] };\n'
    files = kit(KIT_OUTPUT, **{"plugins/add.ts": plugin, "vite.config.ts": config_text})
    if place == "vite.config.ts":
        files["vite.config.ts"] = plugin.replace("export ", "") + "export default { plugins: [add()] };\n"
    assert codes(checked(files, tmp_path)) == []


@pytest.mark.parametrize(
    "wrapped",
    [
        "const inner = adapter();\nexport default { kit: { adapter: { name: 'x', adapt: (b) => inner.adapt(b) } } };\n",
        "import { wrap } from './wrap.js';\nexport default { kit: { adapter: wrap(adapter()) } };\n",
    ],
)
def test_an_adapter_that_is_wrapped_may_add_what_it_likes(wrapped: str, tmp_path: Path) -> None:
    files = kit(KIT_OUTPUT)
    files["svelte.config.js"] = f'import adapter from "@sveltejs/adapter-cloudflare";\n{wrapped}'
    result = checked(files, tmp_path)
    assert (codes(result), result.workers[0].checked.source) == ([], "unread")


@pytest.mark.parametrize(
    ("main", "packages"),
    [
        ("@astrojs/cloudflare/entrypoints/server", {"@astrojs/cloudflare": "^14.0.0"}),
        ("@tanstack/react-start/server-entry", {"@tanstack/react-start": "^1.160.0"}),
        ("@tanstack/solid-start/server-entry", {"@tanstack/solid-start": "^1.160.0"}),
    ],
)
def test_the_entry_of_a_package_knows_no_class_of_the_project(
    main: str, packages: dict[str, str], tmp_path: Path
) -> None:
    common = {"package.json": package({"build": "vite build"}, **packages), "src/room.ts": CLASS}
    bad = checked({**common, "wrangler.jsonc": config(main)}, tmp_path / "bad")
    assert codes(bad) == ["WS201"]
    assert "`main`" in bad.findings[0].help
    server = f'import handler from "{main}";\nexport {{ Room }} from "./room";\nexport default {{ fetch: (request) => handler.fetch(request) }};\n'
    good = checked(
        {**common, "wrangler.jsonc": config("src/server.ts"), "src/server.ts": server}, tmp_path / "good"
    )
    assert (codes(good), good.workers[0].checked.source) == ([], "read")


@pytest.mark.parametrize("main", ["virtual:rooms/server", "@scope/framework/entry", "vinxi/entry"])
def test_the_entry_of_another_package_is_unread(main: str, tmp_path: Path) -> None:
    result = checked({"wrangler.jsonc": config(main), "src/room.ts": CLASS}, tmp_path)
    assert (codes(result), result.workers[0].checked.source) == ([], "unread")


@pytest.mark.parametrize(
    ("version", "entry", "expected"),
    [
        ("^12.6.0", ', { path: "src/worker.ts", namedExports: ["Room"] }', []),
        ("^12.6.0", ', { path: "src/worker.ts", namedExports: ["Hall"] }', ["WS201"]),
        ("^12.6.0", "", ["WS201"]),
        ("latest", "", []),
    ],
)
def test_astro_before_13_exports_what_its_option_lists(
    version: str, entry: str, expected: list[str], tmp_path: Path
) -> None:
    option = f"{{ workerEntryPoint: {entry.removeprefix(', ')} }}" if entry else ""
    files = {
        "wrangler.jsonc": config("dist/_worker.js/index.js"),
        "package.json": package({"build": "astro build"}, **{"@astrojs/cloudflare": version}),
        "astro.config.mjs": f'import cloudflare from "@astrojs/cloudflare";\nexport default {{ adapter: cloudflare({option}) }};\n',
        "src/worker.ts": "export function createExports(manifest) { return { default: {}, Room }; }\n",
    }
    assert codes(checked(files, tmp_path)) == expected


@pytest.mark.parametrize("build", ["opennextjs-cloudflare build", "open-next build && wrangler types"])
def test_opennext_exports_its_own_classes(build: str, tmp_path: Path) -> None:
    scripts = {"build": "next build", "deploy": f"{build} && opennextjs-cloudflare deploy"}
    common = {"package.json": package(scripts, "@opennextjs/cloudflare"), "src/room.ts": CLASS}
    bad = checked({**common, "wrangler.jsonc": config(".open-next/worker.js")}, tmp_path / "bad")
    assert codes(bad) == ["WS201"]
    worker = (
        'import handler from "./.open-next/worker.js";\nexport { DOQueueHandler } from "./.open-next/worker.js";\n'
        'export { Room } from "./src/room";\nexport default { fetch: handler.fetch };\n'
    )
    good = checked({**common, "wrangler.jsonc": config("worker.ts"), "worker.ts": worker}, tmp_path / "good")
    assert (codes(good), good.workers[0].checked.source) == ([], "part")


def test_a_class_of_opennext_is_there(tmp_path: Path) -> None:
    text = config(".open-next/worker.js").replace("Room", "DOQueueHandler")
    files = {"wrangler.jsonc": text, "package.json": package({}, "@opennextjs/cloudflare")}
    assert codes(checked(files, tmp_path)) == []


NITRO = 'export default defineNitroConfig({ preset: "PRESET", experimental: { websocket: true } });\n'
NUXT = 'export default defineNuxtConfig({ nitro: { preset: "PRESET" } });\n'


def nitro(preset: str, script: str = "nitro", **more: str) -> dict[str, str]:
    text = config(None).replace("Room", "$DurableObject")
    return {
        "wrangler.jsonc": text,
        "package.json": package({"build": f"{script} build"}, "nitropack" if script == "nitro" else "nuxt"),
        f"{script}.config.ts": (NITRO if script == "nitro" else NUXT).replace("PRESET", preset),
        **more,
    }


@pytest.mark.parametrize("script", ["nitro", "nuxt"])
@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("cloudflare-module", ["WS201"]),
        ("cloudflare_module", ["WS201"]),
        ("cloudflare-durable", []),
        ("cloudflare_durable", []),
        ("vercel", []),
    ],
)
def test_nitro_names_the_entrypoint_itself(
    preset: str, script: str, expected: list[str], tmp_path: Path
) -> None:
    result = checked(nitro(preset, script), tmp_path)
    assert (codes(result), result.workers[0].checked.source) == (expected, "unread")


def test_nitro_with_exports_of_the_project(tmp_path: Path) -> None:
    files = {
        "wrangler.jsonc": config(None),
        "package.json": package({"build": "nitro build"}, "nitro"),
        "nitro.config.ts": NITRO.replace("PRESET", "cloudflare_module"),
        "server/room.ts": CLASS,
    }
    exports = 'export { Room } from "./server/room";\n'
    assert codes(checked(files, tmp_path / "bad")) == ["WS201"]
    assert codes(checked({**files, "exports.cloudflare.ts": exports}, tmp_path / "good")) == []


def test_a_preset_that_a_script_sets_is_unknown(tmp_path: Path) -> None:
    files = nitro("cloudflare-module")
    files["package.json"] = package({"build": "NITRO_PRESET=cloudflare-durable nitro build"}, "nitropack")
    assert codes(checked(files, tmp_path)) == []


INLINE = """\
export default defineNitroConfig({
  preset: "PRESET",
  compatibilityDate: "2026-06-01",
  cloudflare: {
    deployConfig: true,
    wrangler: {
      name: "crowd",
      durable_objects: { bindings: [{ name: "$DurableObject", class_name: "$DurableObject" }] },
      migrations: [{ tag: "v1", new_sqlite_classes: ["CLASS"] }],
    },
  },
});
"""


@pytest.mark.parametrize("script", ["nitro", "nuxt"])
@pytest.mark.parametrize(
    ("preset", "name", "expected"),
    [
        ("cloudflare-module", "$DurableObject", [("WS201", 2)]),
        ("cloudflare-durable", "$DurableObject", []),
        ("cloudflare-durable", "Other", [("WS301", 8), ("WS303", 9)]),
    ],
)
def test_a_configuration_inside_nitros_own(
    preset: str, name: str, expected: list[tuple[str, int]], script: str, tmp_path: Path
) -> None:
    text = INLINE.replace("PRESET", preset).replace("CLASS", name)
    if script == "nuxt":
        text = text.replace("defineNitroConfig({", "defineNuxtConfig({ nitro: {").replace("});", "} });")
    file = f"{script}.config.ts"
    dependency = "nitropack" if script == "nitro" else "nuxt"
    result = checked({file: text, "package.json": package({"build": "x"}, dependency)}, tmp_path)
    assert [(code, line) for code, path, line in said(result) if path == file] == expected
    assert all(finding.fix is None for finding in result.findings)
    assert [worker.config for worker in result.workers] == [file]


def test_a_nitro_configuration_without_wrangler_is_no_worker(tmp_path: Path) -> None:
    files = {
        "nitro.config.ts": NITRO,
        "package.json": package({}, "nitropack"),
        "a/wrangler.jsonc": config("i.js"),
    }
    files["a/i.js"] = CLASS + HANDLER
    result = checked(files, tmp_path)
    assert [worker.config for worker in result.workers] == ["a/wrangler.jsonc"]


@pytest.mark.parametrize("own", ["", 'export { Room } from "./src/room";\n'])
def test_what_is_handed_on_whole_from_a_frameworks_output(own: str, tmp_path: Path) -> None:
    worker = (
        f'export {{ default }} from "./.open-next/worker.js";\nexport * from "./.open-next/worker.js";\n{own}'
    )
    files = {
        "package.json": package(
            {"deploy": "opennextjs-cloudflare build && wrangler deploy"}, "@opennextjs/cloudflare"
        ),
        "wrangler.jsonc": config("worker.ts"),
        "worker.ts": worker,
        "src/room.ts": CLASS,
    }
    assert codes(checked(files, tmp_path)) == ([] if own else ["WS201"])
    text = files["wrangler.jsonc"].replace("Room", "DOQueueHandler")
    assert codes(checked({**files, "wrangler.jsonc": text}, tmp_path / "its own")) == []


def test_another_worker_beside_sveltekit(tmp_path: Path) -> None:
    files = kit("server/worker.ts", **{"server/worker.ts": EXPORTS})
    files["wrangler.rooms.jsonc"] = files["wrangler.jsonc"]
    files["wrangler.jsonc"] = json.dumps(
        {"name": "kit", "main": KIT_OUTPUT, "compatibility_date": "2026-06-01"}
    )
    assert codes(checked(files, tmp_path)) == []


def test_an_environment_with_an_entrypoint_of_its_own(tmp_path: Path) -> None:
    text = json.loads(config(KIT_OUTPUT))
    rooms = {key: text.pop(key) for key in ("durable_objects", "migrations")}
    text["env"] = {"rooms": {"main": "server/worker.ts", **rooms}}
    files = kit("x", **{"server/worker.ts": EXPORTS})
    files["wrangler.jsonc"] = json.dumps(text)
    assert codes(checked(files, tmp_path)) == []


def test_another_worker_beside_nitro(tmp_path: Path) -> None:
    files = nitro("cloudflare-module", **{"server/worker.ts": EXPORTS, "server/room.ts": CLASS})
    files["wrangler.jsonc"] = config("server/worker.ts")
    assert codes(checked(files, tmp_path)) == []


@pytest.mark.parametrize("own", ["src/server.ts", "vite.config.ts"])
def test_a_server_entry_that_tanstack_may_take_instead(own: str, tmp_path: Path) -> None:
    text = {
        "src/server.ts": 'export { Room } from "./room";\n',
        "vite.config.ts": 'export default { plugins: [tanstackStart({ server: { entry: "./src/own.ts" } })] };\n',
    }
    files = {
        "package.json": package({}, **{"@tanstack/react-start": "^1.160.0"}),
        "wrangler.jsonc": config("@tanstack/react-start/server-entry"),
        "src/room.ts": CLASS,
        own: text[own],
    }
    result = checked(files, tmp_path)
    assert (codes(result), result.workers[0].checked.source) == ([], "unread")


@pytest.mark.parametrize(
    "option", ['entry: "./entry.ts"', 'hooks: { "rollup:before": add }', "rollupConfig: { plugins }"]
)
def test_a_nitro_entrypoint_that_the_project_changes(option: str, tmp_path: Path) -> None:
    files = nitro("cloudflare-module")
    files["nitro.config.ts"] = files["nitro.config.ts"].replace("preset:", f"{option}, preset:")
    assert codes(checked(files, tmp_path)) == []


def test_a_package_that_may_add_classes_to_sveltekits_output(tmp_path: Path) -> None:
    vite = 'import { classes } from "sveltekit-durable-objects";\nexport default { plugins: [sveltekit(), classes()] };\n'
    assert codes(checked(kit(KIT_OUTPUT, **{"vite.config.ts": vite}), tmp_path)) == []
