"""Completion in wrangler configurations: from unsaved texts, with the half-written line that one asks at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.server.editor import Editor, applied, with_editor
from tests.server.test_diagnostics import SOURCE
from wslint.server.partial import read_json
from wslint.server.partial_toml import read_toml

from lsprotocol import types  # isort: skip

HEAD = """\
name = "counter"
main = "src/index.ts"
compatibility_date = "2026-07-01"
"""

BOUND = """\

[[durable_objects.bindings]]
name = "ROOMS"
class_name = "Room"
"""

MORE = """\
import { WorkflowEntrypoint } from "cloudflare:workers";
export class Steps extends WorkflowEntrypoint {}
"""


def complete(
    top: Path, name: str, marked: str, source: str = MORE + SOURCE
) -> tuple[list[types.CompletionItem], str]:
    """The items at `|` of an unsaved configuration, in their order, and its text without the mark."""
    (top / "src").mkdir(exist_ok=True)
    (top / "src" / "index.ts").write_text(source)
    path = top / name
    path.write_text(HEAD if name.endswith(".toml") else "{}")
    before, after = marked.split("|")
    line = before.count("\n")
    place = types.Position(line, len(before.rpartition("\n")[2].encode("utf-16-le")) // 2)

    async def use(editor: Editor) -> list[types.CompletionItem]:
        await editor.start(top)
        editor.open(path)
        editor.change(path, 2, before + after)
        found = await editor.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(path.as_uri()), place)
        )
        assert not [each for each in editor.logged if "mistake" in each], editor.logged
        items = found.items if isinstance(found, types.CompletionList) else list(found or ())
        return sorted(items, key=lambda item: item.sort_text or item.label)

    return with_editor(use), before + after


def labels(items: list[types.CompletionItem]) -> list[str]:
    return [item.label for item in items]


def chosen(items: list[types.CompletionItem], text: str, label: str) -> str:
    """The text once an item was taken. An editor drops what does not begin with what is written."""
    (item,) = [item for item in items if item.label == label]
    edit = item.text_edit
    assert isinstance(edit, types.TextEdit)
    lines = text.split("\n")
    assert edit.range.start.line == edit.range.end.line
    start, end = edit.range.start.character, edit.range.end.character
    written = lines[edit.range.start.line][start:end]
    assert item.filter_text is not None and item.filter_text[:1] in (written[:1] or item.filter_text[0])
    return applied(text, [edit])


KEYS = [
    pytest.param("wrangler.toml", HEAD + "comp|\n" + BOUND, "compatibility_flags", "compatibility_flags = ", id="key"),
    pytest.param("wrangler.toml", HEAD + "|", "workers_dev", "workers_dev = ", id="empty line"),
    pytest.param("wrangler.toml", HEAD + BOUND + "scr|", "script_name", "script_name = ", id="key of a table"),
    pytest.param("wrangler.toml", HEAD + "assets = { dir| }", "directory", "directory = ", id="inline table"),
    pytest.param("wrangler.toml", HEAD + "assets.dir|", "directory", "assets.directory = ", id="dotted"),
    pytest.param("wrangler.toml", HEAD + "[env.staging]\nrou|", "routes", "routes = ", id="environment"),
    pytest.param("wrangler.toml", HEAD + "[dura|", "durable_objects", "[durable_objects]", id="header"),
    pytest.param("wrangler.toml", HEAD + "[[dur|]]", "durable_objects.bindings", "[[durable_objects.bindings]]", id="array"),
    pytest.param("wrangler.toml", HEAD + "[[dur|]", "durable_objects.bindings", "[[durable_objects.bindings]]", id="half closed"),
    pytest.param("wrangler.toml", "[env.staging]\n[[env.staging.kv|", "env.staging.kv_namespaces", "[[env.staging.kv_namespaces]]", id="header of an environment"),
    pytest.param("wrangler.toml", HEAD + "x = [1,\n2\n\ny = 1\nworkers|", "workers_dev", "workers_dev = ", id="after an open array"),
    pytest.param("wrangler.toml", 'name = "é\nworkers|', "workers_dev", "workers_dev = ", id="after an open string"),
    pytest.param("wrangler.jsonc", '{ // "a\n  "ma|\n  "name": "x"\n}', "main", '"main": ', id="open key"),
    pytest.param("wrangler.jsonc", '{\n  "ma|"\n}', "main", '"main": ', id="closed key"),
    pytest.param("wrangler.jsonc", '{\n  ma|\n}', "main", '"main": ', id="bare key"),
    pytest.param("wrangler.json", '{ "ma|": "x" }', "main", '{ "main": "x" }', id="key with a value"),
    pytest.param("wrangler.json", '{"durable_objects": {"bindings": [{"name": "A"}, {"cl|', "class_name", '{"class_name": ', id="nested"),
    pytest.param("wrangler.json", '{"name": \n "main": "x",\n "workers_d|', "workers_dev", '"workers_dev": ', id="after a missing value"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "marked", "label", "written"), KEYS)
def test_keys_of_the_place(tmp_path: Path, name: str, marked: str, label: str, written: str) -> None:
    items, text = complete(tmp_path.resolve(), name, marked)
    after = chosen(items, text, label)
    line = marked[: marked.index("|")].count("\n")
    assert written in after.split("\n")[line]
    lines, before = after.split("\n"), text.split("\n")
    assert lines[:line] + lines[line + 1 :] == before[:line] + before[line + 1 :]


CLASS_PLACES = [
    pytest.param("wrangler.toml", HEAD + '[[durable_objects.bindings]]\nclass_name = "R|', ["Room"], id="binding"),
    pytest.param("wrangler.toml", HEAD + "[[durable_objects.bindings]]\nclass_name = |", ["Room"], id="no quotes"),
    pytest.param("wrangler.toml", HEAD + "[[durable_objects.bindings]]\nclass_name = 'R|'", ["Room"], id="single quotes"),
    pytest.param("wrangler.toml", HEAD + 'durable_objects.bindings = [{ class_name = "R|, name = "A" }]', ["Room"], id="inline"),
    pytest.param("wrangler.toml", HEAD + '[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["|', ["Room"], id="migration"),
    pytest.param("wrangler.toml", HEAD + '[[env.a.durable_objects.bindings]]\nclass_name = "|"', ["Room"], id="environment"),
    pytest.param("wrangler.toml", HEAD + '[[workflows]]\nclass_name = "|', ["Steps"], id="workflow"),
    pytest.param("wrangler.toml", HEAD + '[[migrations]]\ntag = "v1"\nnew_classes = ["Old", "Gone"]\n[[migrations]]\ntag = "v2"\ndeleted_classes = ["Old", "|"]', ["Gone"], id="deleted"),
    pytest.param("wrangler.jsonc", '{"main": "src/index.ts", "durable_objects": {"bindings": [{"class_name": "|}]}}', ["Room"], id="JSON"),
    pytest.param("wrangler.jsonc", '{"main": "src/index.ts",\n "exports": {\n "Ro|', ["Room"], id="exports"),
    pytest.param("wrangler.toml", HEAD + '[[durable_objects.bindings]]\nname = "|', ["ROOMS"], id="binding name"),
    pytest.param("wrangler.toml", HEAD + '[[kv_namespaces]]\nbinding = |\n' + BOUND, [], id="all are declared"),
    pytest.param("wrangler.toml", HEAD + "[vars]\n|", ["ROOMS"], id="variable"),
    pytest.param("wrangler.toml", HEAD + 'assets = { binding = "|', ["ROOMS"], id="binding of another kind"),
    pytest.param("wrangler.toml", HEAD + "workers_dev = |", ["false", "true"], id="boolean"),
    pytest.param("wrangler.toml", HEAD + '[assets]\nnot_found_handling = "s|"', ["404-page", "none", "single-page-application"], id="choice"),
    pytest.param("wrangler.toml", 'compatibility_date = "|', ["2026-11-17"], id="date"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "marked", "expected"), CLASS_PLACES)
def test_names_and_values_of_the_place(tmp_path: Path, name: str, marked: str, expected: list[str]) -> None:
    items, text = complete(tmp_path.resolve(), name, marked)
    assert labels(items) == expected
    for label in expected:
        before = marked[: marked.index("|")]
        mark = "'" if before.rpartition("\n")[2].count("'") == 1 else '"'
        wanted = label if label in ("true", "false") or "[vars]" in marked else f"{mark}{label}{mark}"
        assert wanted in chosen(items, text, label).split("\n")[before.count("\n")]


NOTHING = [
    pytest.param("wrangler.toml", HEAD + "# comp|", id="comment"),
    pytest.param("wrangler.toml", 'name = "x" # comp|', id="comment behind a value"),
    pytest.param("wrangler.toml", 'name = """\ncomp|\n"""', id="long string"),
    pytest.param("wrangler.toml", 'name = "x"|', id="behind a value"),
    pytest.param("wrangler.json", '{"name"|', id="behind a key"),
    pytest.param("wrangler.json", '{"name": "x"| }', id="behind a string"),
    pytest.param("wrangler.jsonc", '{ /* "ma| */ }', id="comment in JSON"),
    pytest.param("package.json", '{ "na| }', id="another file"),
]


@pytest.mark.parametrize(("name", "marked"), NOTHING)
def test_nothing_is_proposed_where_nothing_can_stand(tmp_path: Path, name: str, marked: str) -> None:
    assert complete(tmp_path.resolve(), name, marked)[0] == []


def test_flags_with_their_dates_those_of_use_first(tmp_path: Path) -> None:
    marked = 'compatibility_date = "2024-01-01"\ncompatibility_flags = [\n  "nodejs_als",\n  "|\n]\n'
    items, text = complete(tmp_path.resolve(), "wrangler.toml", marked)
    details = {item.label: item.detail for item in items}
    assert "nodejs_als" not in details  # it is listed
    assert details["global_navigator"] == "on at this date already, since 2022-03-21"
    assert details["no_global_navigator"] == "turns off `global_navigator`, on since 2022-03-21"
    assert details["web_socket_auto_reply_to_close"] == "on by itself from 2026-04-07"
    assert labels(items).index("web_socket_auto_reply_to_close") < labels(items).index("global_navigator")
    assert '  "nodejs_compat"\n' in chosen(items, text, "nodejs_compat")


def test_taken_keys_are_left_out_required_ones_come_first_and_each_says_what_it_takes(tmp_path: Path) -> None:
    items, _ = complete(
        tmp_path.resolve(), "wrangler.toml", HEAD + "[[durable_objects.bindings]]\n|\nname = 'A'"
    )
    assert [(item.label, item.detail) for item in items] == [
        ("class_name", "a string, required"),
        ("environment", "a string"),
        ("script_name", "a string"),
    ]


PYTHON = """\
from workers import DurableObject, WorkerEntrypoint

class Room(DurableObject):
    pass

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.ROOMS.getByName("a").fetch(request)
"""


def test_names_come_from_a_worker_in_python(tmp_path: Path) -> None:
    top = tmp_path.resolve()
    (top / "main.py").write_text(PYTHON)
    head = 'main = "main.py"\ncompatibility_flags = ["python_workers"]\n'
    bound = "[[durable_objects.bindings]]\n"
    for line, expected in (('class_name = "|', ["Room"]), ('name = "|', ["ROOMS"])):
        assert labels(complete(top, "wrangler.toml", head + bound + line)[0]) == expected


def test_names_come_from_unsaved_source_too(tmp_path: Path) -> None:
    top = tmp_path.resolve()
    (top / "src").mkdir()
    source, config = top / "src" / "index.ts", top / "wrangler.toml"
    source.write_text(SOURCE)
    config.write_text(HEAD)
    text = HEAD + '[[durable_objects.bindings]]\nclass_name = "'

    async def use(editor: Editor) -> list[str]:
        await editor.start(top)
        editor.open(source, SOURCE.replace("class Room", "class Hall"))
        editor.open(config, text)
        found = await editor.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(config.as_uri()), types.Position(4, 14))
        )
        assert isinstance(found, types.CompletionList)
        return labels(found.items)

    assert with_editor(use) == ["Hall"]


GOOD = [HEAD + BOUND + '[vars]\nA = "1"\n[env.x.vars]\nB = true\n', 'a = [\n  { b = 1 }, # c\n  { b = 2 },\n]\n[[d]]\nx.y = 1\n[d.e]\nf = 2\n[[d]]\n']  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_a_whole_text_is_read_as_it_is_meant(text: str) -> None:
    import tomllib

    meant = tomllib.loads(text)
    for at in range(len(text)):  # wherever the cursor is: only an own header counts for nothing
        if "[" not in text[text.rfind("\n", 0, at) + 1 :].split("\n")[0].lstrip()[:1]:
            assert read_toml(text.encode(), at).root == meant, at
    written = json.dumps(meant, indent=1)
    for at in range(len(written)):
        assert read_json(written.encode(), at).root == meant


@pytest.mark.parametrize(
    "text", [*GOOD, json.dumps({"a": [{"b": "c", "d": [1, 2, {}]}], "e": {"f": None}}, indent=1)]
)
def test_any_part_of_a_text_can_be_read(text: str) -> None:
    for end in range(len(text)):
        for read in (read_toml, read_json):
            place = read(text[:end].encode(), end).place
            assert place is None or 0 <= place.start <= place.end <= end
