"""React Router, Remix, TanStack Start, OpenNext and RedwoodSDK: the module of the project that `main` names, with
the class among its exports or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages import write
from tests.project.projects import CLASS, checked, codes, config, package
from tests.trace.projects import traced

VITE = 'import { cloudflare } from "@cloudflare/vite-plugin";\nexport default { plugins: [cloudflare({ viteEnvironment: { name: "ssr" } })] };\n'
SOCKET = (
    'if (new URL(request.url).pathname.startsWith("/ws/")) return env.ROOM.getByName("lobby").fetch(request);'
)

REACT_ROUTER = """\
import { createRequestHandler } from "react-router";
EXPORTS
const requestHandler = createRequestHandler(
  () => import("virtual:react-router/server-build"),
  import.meta.env.MODE,
);
export default {
  async fetch(request, env, ctx) {
    SOCKET
    return requestHandler(request, { cloudflare: { env, ctx } });
  },
};
"""

REACT_ROUTER_WITH_HONO = """\
import { Hono } from "hono";
import { createRequestHandler } from "react-router";
EXPORTS
const app = new Hono();
app.get("/ws/:id", (c) => c.env.ROOM.getByName("lobby").fetch(c.req.raw));
app.get("*", (c) => {
  const requestHandler = createRequestHandler(() => import("virtual:react-router/server-build"), import.meta.env.MODE);
  return requestHandler(c.req.raw, { cloudflare: { env: c.env, ctx: c.executionCtx } });
});
export default app;
"""

REMIX = """\
import { createRequestHandler } from "@remix-run/cloudflare";
import * as build from "./build/server";
EXPORTS
const handle = createRequestHandler(build);
export default {
  async fetch(request, env, ctx) {
    try {
      SOCKET
      return await handle(request, { cloudflare: { env, ctx } });
    } catch (error) {
      return new Response("An unexpected error occurred", { status: 500 });
    }
  },
};
"""

TANSTACK = """\
import handler from "@tanstack/react-start/server-entry";
EXPORTS
export default {
  fetch(request, env) {
    SOCKET
    return handler.fetch(request);
  },
};
"""

OPENNEXT = """\
// @ts-ignore the build writes it
import { default as handler } from "./.open-next/worker.js";
EXPORTS
export default {
  async fetch(request, env, ctx) {
    SOCKET
    return handler.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<CloudflareEnv>;
"""

FORMS = {
    "React Router": (REACT_ROUTER, ("@react-router/dev", "@cloudflare/vite-plugin"), "read"),
    "React Router behind hono": (REACT_ROUTER_WITH_HONO, ("@react-router/dev", "hono"), "read"),
    "Remix": (REMIX, ("@remix-run/dev", "@remix-run/cloudflare"), "part"),
    "TanStack Start": (TANSTACK, ("@tanstack/react-start", "@cloudflare/vite-plugin"), "read"),
    "OpenNext": (OPENNEXT, ("@opennextjs/cloudflare",), "part"),
}
"""The entrypoint, what the project depends on, and how much of it can be read before a build."""

GOOD = {
    "named": 'export { Room } from "./src/room";',
    "all": 'export * from "./src/room";',
    "under another name": 'import { Room as Inner } from "./src/room";\nexport { Inner as Room };',
    "a class of its own": 'import { Room as Inner } from "./src/room";\nexport class Room extends Inner {}',
}
BAD = {
    "nothing": "",
    "a type": 'export type { Room } from "./src/room";',
    "imported only": 'import { Room } from "./src/room";',
    "another name": 'export { Room as Hall } from "./src/room";',
}


def project(form: str, exports: str, **more: str) -> dict[str, str]:
    entry, dependencies, _ = FORMS[form]
    return {
        "wrangler.jsonc": config("./worker.ts"),
        "package.json": package({"build": "vite build"}, *dependencies),
        "vite.config.ts": VITE,
        "worker.ts": entry.replace("EXPORTS", exports).replace("SOCKET", SOCKET),
        "src/room.ts": CLASS,
        **more,
    }


@pytest.mark.parametrize("exports", GOOD)
@pytest.mark.parametrize("form", FORMS)
def test_a_server_entry_that_exports_the_class(form: str, exports: str, tmp_path: Path) -> None:
    files = project(form, GOOD[exports])
    result = checked(files, tmp_path)
    assert (codes(result), result.workers[0].checked.source) == ([], FORMS[form][2])
    predicted = traced(tmp_path, {}).predicted
    assert (predicted.status, predicted.certain) == (101, True)
    elsewhere = traced(tmp_path, {}, "/about").predicted
    assert (elsewhere.status, elsewhere.certain) == (None, False)  # the framework's pages are not read


@pytest.mark.parametrize("exports", BAD)
@pytest.mark.parametrize("form", FORMS)
def test_a_server_entry_that_does_not(form: str, exports: str, tmp_path: Path) -> None:
    result = checked(project(form, BAD[exports]), tmp_path)
    assert codes(result) == ["WS201"]
    assert "`./worker.ts`" in result.findings[0].message


def test_a_class_that_only_the_frameworks_own_module_exports(tmp_path: Path) -> None:
    pages = 'export { Room } from "../src/room";\nexport default function handleRequest() {}\n'
    files = project("React Router", "", **{"app/entry.server.tsx": pages})
    assert codes(checked(files, tmp_path)) == ["WS201"]


@pytest.mark.parametrize("name", ["Room", "Hall"])
def test_an_alias_that_a_referenced_tsconfig_has(name: str, tmp_path: Path) -> None:
    more = {
        "tsconfig.json": '{ "files": [], "references": [{ "path": "./tsconfig.cloudflare.json" }] }',
        "tsconfig.cloudflare.json": '{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "~/*": ["./app/*"] } } }',
        "app/room.server.ts": CLASS.replace("class Room", f"class {name}"),
    }
    result = checked(project("React Router", 'export { Room } from "~/room.server";', **more), tmp_path)
    assert codes(result) == ([] if name == "Room" else ["WS201"])


def test_a_socket_that_a_route_of_the_framework_answers_is_unknown(tmp_path: Path) -> None:
    files = project("React Router", GOOD["named"])
    files["worker.ts"] = files["worker.ts"].replace(SOCKET, "")
    assert codes(checked(files, tmp_path)) == []
    assert traced(tmp_path, {}).predicted.status is None


@pytest.mark.parametrize(
    "entry",
    [
        'import handler, { createServerEntry } from "@tanstack/react-start/server-entry";\n'
        "export default createServerEntry({ fetch: (request) => handler.fetch(request) });\n",
        'import { createStartHandler, defaultStreamHandler } from "@tanstack/react-start/server";\n'
        "const fetch = createStartHandler(defaultStreamHandler);\nexport default { fetch };\n",
        'export { default } from "@tanstack/react-start/server-entry";\n',
    ],
)
def test_the_ways_to_write_a_server_entry_of_tanstack(entry: str, tmp_path: Path) -> None:
    files = project("TanStack Start", "", **{"worker.ts": entry})
    assert codes(checked(files, tmp_path / "bad")) == ["WS201"]
    files["worker.ts"] = GOOD["named"] + "\n" + entry
    assert codes(checked(files, tmp_path / "good")) == []
    assert traced(tmp_path / "good", {}).predicted.status is None


@pytest.mark.parametrize(
    ("exports", "expected"),
    [
        ('export { DOQueueHandler, DOShardedTagCache } from "./.open-next/worker.js";', []),
        ('export * from "./.open-next/worker.js";', []),
        ("", ["WS201"]),
        (GOOD["named"], ["WS201"]),
    ],
)
def test_opennexts_own_class_in_a_custom_worker(exports: str, expected: list[str], tmp_path: Path) -> None:
    files = project("OpenNext", exports)
    files["wrangler.jsonc"] = config("./worker.ts").replace("Room", "DOQueueHandler")
    assert codes(checked(files, tmp_path)) == expected


REDWOOD = """\
import { env } from "cloudflare:workers";
import { route } from "rwsdk/router";
import { defineApp } from "rwsdk/worker";
EXPORTS
export default defineApp([route("/ws/:id", ({ request }) => env.ROOM.getByName("lobby").fetch(request))]);
"""


@pytest.mark.parametrize(("exports", "expected"), [(GOOD["named"], []), (BAD["a type"], ["WS201"])])
def test_redwood(exports: str, expected: list[str], tmp_path: Path) -> None:
    files = {
        "wrangler.jsonc": config("src/../worker.tsx"),
        "package.json": package({"build": "vite build"}, "rwsdk", "@cloudflare/vite-plugin"),
        "vite.config.mts": VITE.replace("ssr", "worker"),
        "worker.tsx": REDWOOD.replace("EXPORTS", exports),
        "src/room.ts": CLASS,
    }
    assert codes(checked(files, tmp_path)) == expected
    assert traced(tmp_path, {}).predicted.status is None  # its router is not read


@pytest.mark.parametrize(
    "main", ["dist/server/index.js", ".output/server/index.mjs", "build/server/index.js"]
)
def test_an_output_that_no_script_leads_back_is_said_to_be_unread(main: str, tmp_path: Path) -> None:
    files = project("TanStack Start", GOOD["named"])
    files["wrangler.jsonc"] = config(main)
    result = checked(files, tmp_path)
    assert (codes(result), result.workers[0].checked.source) == ([], "unread")


def test_pages_with_remix(tmp_path: Path) -> None:
    text = {"name": "site", "compatibility_date": "2026-06-01", "pages_build_output_dir": "./build/client"}
    there = {"bindings": [{"name": "ROOM", "class_name": "Room", "script_name": "rooms"}]}
    function = (
        'import { createPagesFunctionHandler } from "@remix-run/cloudflare-pages";\n'
        'import * as build from "../build/server";\nexport const onRequest = createPagesFunctionHandler({ build });\n'
    )
    write(
        {
            "wrangler.jsonc": json.dumps({**text, "durable_objects": there}),
            "package.json": package({"build": "remix vite:build"}, "@remix-run/cloudflare-pages"),
            "functions/[[path]].ts": function,
            "rooms/wrangler.jsonc": config("../src/room.ts"),
            "src/room.ts": CLASS + "export default { fetch: () => new Response() };\n",
        },
        tmp_path,
    )
    result = checked({}, tmp_path)
    assert codes(result) == []
    sites = [worker for worker in result.workers if worker.config == "wrangler.jsonc"]
    assert [worker.checked.source for worker in sites] == ["part"]
