"""Code actions, hover and definition, asked for over the pipes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.server.editor import REPOSITORY, Editor, applied, codes, with_editor
from tests.server.test_diagnostics import CONFIG, SOURCE, project

__all__ = ["project"]  # the fixture

from lsprotocol import types


@pytest.fixture
def lobby(tmp_path: Path) -> Path:
    top = tmp_path.resolve() / "lobby"
    shutil.copytree(REPOSITORY / "examples" / "lobby", top)
    return top


def edits_of(action: types.CodeAction, path: Path) -> list[types.TextEdit]:
    assert action.edit is not None and action.edit.changes is not None
    return list(action.edit.changes[path.as_uri()])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_safe_fix_comes_first_and_makes_its_finding_vanish(lobby: Path, newline: str) -> None:
    config = lobby / "wrangler.toml"

    async def use(editor: Editor) -> None:
        await editor.start(lobby)
        text = "# \U0001f600\n" + config.read_text()
        text = text.replace("\n", newline)
        editor.open(config, text)
        before = codes(await editor.until_version(config, 1))
        line = next(number for number, each in enumerate(text.split(newline)) if "2026-7-1" in each)
        first, *others = await editor.actions(config, line)
        assert first.is_preferred and first.kind == types.CodeActionKind.QuickFix
        assert [each.code for each in first.diagnostics or ()] == ["WS102"]
        assert not any(other.is_preferred for other in others)
        after = applied(text, edits_of(first, config))
        assert after == text.replace("2026-7-1", "2026-07-01")
        editor.change(config, 2, after)
        left = codes(await editor.until_version(config, 2))
        assert sorted([*left, "WS102"]) == before

    with_editor(use)


def test_an_unsafe_fix_is_called_so(project: Path) -> None:
    source = project / "src" / "index.ts"

    async def use(editor: Editor) -> None:
        await editor.start(project)
        text = editor.open(source)
        (finding,) = await editor.until_version(source, 1)
        unsafe, comment = await editor.actions(source, finding.range.start.line)
        assert "unsafe" in unsafe.title and not unsafe.is_preferred
        assert applied(text, edits_of(unsafe, source)) == text.replace("ROOMS", "ROOM")
        assert comment.title == "ignore WS207 here, with a reason"
        silenced = applied(text, edits_of(comment, source))
        assert "    // wslint: ignore[WS207] " in silenced
        editor.change(source, 2, silenced)
        assert await editor.until_version(source, 2) == []

    with_editor(use)


def test_no_comment_is_offered_where_it_would_be_a_text(project: Path) -> None:
    source = project / "src" / "index.ts"
    text = SOURCE.replace(
        "    return env.ROOMS",
        '    const name = `\n  ${env.ROOMS.idFromName("a")}`;\n    return env.ROOM',
    )

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(source, text)
        (finding,) = [each for each in await editor.until_version(source, 1) if each.code == "WS207"]
        titles = [action.title for action in await editor.actions(source, finding.range.start.line)]
        assert not any(title.startswith("ignore") for title in titles)

    with_editor(use)


def at(text: str, word: str, number: int = 0) -> types.Position:
    offset = -1
    for _ in range(number + 1):
        offset = text.index(word, offset + 1)
    return types.Position(text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset) - 1)


def test_hover_tells_the_rule_and_what_the_play_knows_of_a_class(project: Path) -> None:
    config, source = project / "wrangler.toml", project / "src" / "index.ts"
    good = SOURCE.replace("ROOMS", "ROOM")

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(source)

        async def hover(path: Path, place: types.Position) -> str:
            found = await editor.text_document_hover_async(
                types.HoverParams(types.TextDocumentIdentifier(path.as_uri()), place)
            )
            return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else ""

        page = await hover(source, at(SOURCE, "ROOMS"))
        assert "no such binding" in page and "# WS207 undeclared-binding" in page
        editor.change(source, 2, good)
        for path, place in (
            (config, at(CONFIG, "Room")),
            (config, at(CONFIG, "Room", 1)),
            (source, at(good, "Room")),
            (
                source,
                at(good, "env.ROOM").__class__(at(good, "env.ROOM").line, at(good, "env.ROOM").character + 5),
            ),
        ):
            told = await hover(path, place)
            assert "lives since migration `v1`, SQLite storage" in told
            assert "bound as `env.ROOM`" in told
            assert "its sockets hibernate" in told
        assert await hover(source, types.Position(0, 0)) == ""

    with_editor(use)


def test_definition_leads_between_configuration_and_source(project: Path) -> None:
    config, source = project / "wrangler.toml", project / "src" / "index.ts"
    good = SOURCE.replace("ROOMS", "ROOM")

    async def use(editor: Editor) -> None:
        await editor.start(project)
        editor.open(source, good)

        async def lines(path: Path, place: types.Position) -> list[tuple[str, int]]:
            found = await editor.text_document_definition_async(
                types.DefinitionParams(types.TextDocumentIdentifier(path.as_uri()), place)
            )
            assert isinstance(found, list)
            return [(each.uri, each.range.start.line) for each in found if isinstance(each, types.Location)]

        declared = (source.as_uri(), at(good, "export class").line)
        assert await lines(config, at(CONFIG, '"Room"')) == [declared]
        assert await lines(config, at(CONFIG, '"Room"', 1)) == [declared]
        assert await lines(config, at(CONFIG, '"ROOM"')) == [declared]
        assert await lines(source, at(good, "Room")) == [
            (config.as_uri(), at(CONFIG, '"Room"').line),
            (config.as_uri(), at(CONFIG, '"Room"', 1).line),
        ]
        assert await lines(source, at(good, "ROOM")) == [(config.as_uri(), at(CONFIG, '"ROOM"').line)]
        assert await lines(source, types.Position(0, 0)) == []

    with_editor(use)
