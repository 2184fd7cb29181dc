"""Pages: each file of `functions/` is a route, and `_middleware` runs around those in its folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project.projects import CLASS, checked, codes, config, said

PAGES = json.dumps(
    {
        "name": "site",
        "pages_build_output_dir": "public",
        "compatibility_date": "2026-06-01",
        "durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room", "script_name": "rooms"}]},
    }
)
ROOMS = {
    "rooms/wrangler.jsonc": config("index.ts"),
    "rooms/index.ts": f"{CLASS}\nexport default {{ fetch: () => new Response() }};\n",
}
SITE = {"wrangler.jsonc": PAGES, "public/index.html": "<p>Rooms</p>", **ROOMS}

FORWARD = "env.ROOM.get(env.ROOM.idFromName('main')).fetch(request)"
REBUILT = "new Response(answer.body, { status: answer.status, headers: answer.headers })"

BAD = {
    "a function": f"export async function onRequest({{ request, env }}) {{\n  const answer = await {FORWARD};\n  return {REBUILT};\n}}\n",
    "an arrow for one method": "export const onRequestGet: PagesFunction<Env> = async (context) => {\n"
    f"  const {{ request, env }} = context;\n  const answer = await {FORWARD};\n  return {REBUILT};\n}};\n",
    "through a helper": f"const pass = async (request, env) => {{\n  const answer = await {FORWARD};\n  return {REBUILT};\n}};\n"
    "export const onRequest = (context) => pass(context.request, context.env);\n",
    "both for one method and for all": f"export async function onRequestGet({{ request, env }}) {{\n  const answer = await {FORWARD};\n"
    f"  return {REBUILT};\n}}\nexport const onRequest = () => new Response();\n",
}


@pytest.mark.parametrize("place", ["ws.ts", "ws/index.ts", "api/[room].ts", "[[path]].ts"])
@pytest.mark.parametrize("form", BAD)
def test_a_function_that_rebuilds_the_answer(form: str, place: str, tmp_path: Path) -> None:
    bad = checked({**SITE, f"functions/{place}": BAD[form]}, tmp_path / "bad")
    assert [(code, path) for code, path, _ in said(bad)] == [("WS401", f"functions/{place}")]
    good = checked({**SITE, f"functions/{place}": BAD[form].replace(REBUILT, "answer")}, tmp_path / "good")
    assert (codes(good), good.workers[0].checked.source, good.workers[0].entrypoint) == (
        [],
        "read",
        "functions",
    )


@pytest.mark.parametrize("place", ["_middleware.ts", "api/_middleware.ts"])
def test_a_middleware_around_the_socket(place: str, tmp_path: Path) -> None:
    function = f"export const onRequest = ({{ request, env }}) => {FORWARD};\n"
    middleware = (
        "export const onRequest = async (context) => {\n  const answer = await context.next();\n"
        f"  return {REBUILT};\n}};\n"
    )
    files = {**SITE, "functions/api/ws.ts": function, f"functions/{place}": middleware}
    result = checked(files, tmp_path / "around")
    assert [(code, path) for code, path, _ in said(result)] == [("WS401", f"functions/{place}")]
    beside = {**SITE, "functions/api/ws.ts": function, "functions/admin/_middleware.ts": middleware}
    assert codes(checked(beside, tmp_path / "beside")) == []


def test_a_worker_of_ones_own_takes_the_place_of_functions(tmp_path: Path) -> None:
    worker = f"export default {{ async fetch(request, env) {{ const answer = await {FORWARD}; return {REBUILT}; }} }};\n"
    files = {**SITE, "public/_worker.js": worker, "functions/ws.ts": BAD["a function"]}
    assert [(code, path) for code, path, _ in said(checked(files, tmp_path))] == [
        ("WS401", "public/_worker.js")
    ]


def test_pages_without_functions_has_no_code(tmp_path: Path) -> None:
    result = checked(SITE, tmp_path)
    assert [worker.checked.source for worker in result.workers] == ["none", "read"]


def test_pages_that_are_not_built_may_hold_a_worker(tmp_path: Path) -> None:
    files = {**SITE, "wrangler.jsonc": PAGES.replace("public", "dist")}
    result = checked(files, tmp_path)
    assert [worker.checked.source for worker in result.workers] == ["unread", "read"]
