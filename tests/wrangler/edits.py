"""Changes of configurations for the tests of edits, and the text after them."""

from __future__ import annotations

from collections.abc import Callable

from tests.wrangler.texts import source
from wslint.finding import Edit
from wslint.fix import spliced
from wslint.wrangler import edit
from wslint.wrangler.config import ConfigDocument, load_document

STEP = {"tag": "v2", "new_sqlite_classes": ["Lobby"]}

Change = Callable[[ConfigDocument], tuple[Edit, ...]]


def adding(*path: str | int, value: object) -> Change:
    return lambda document: edit.add(document, path, value)


def removing(*path: str | int) -> Change:
    return lambda document: edit.remove_entry(document, path)


def moving(*path: str | int) -> Change:
    return lambda document: edit.move_to_root(document, path)


def changed(text: str, change: Change, name: str) -> str:
    document = load_document(source(text, name))
    data = spliced(document.file.data, change(document))
    load_document(source(data, name))
    return data.decode()


def in_toml(text: str, change: Change) -> str:
    """The changed text, after a look that Windows line ends and a byte order mark change nothing else."""
    result = changed(text, change, "wrangler.toml")
    windows = changed(text.replace("\n", "\r\n"), change, "wrangler.toml")
    assert windows == (result if "\n" not in text else result.replace("\n", "\r\n"))
    assert changed("\ufeff" + text, change, "wrangler.toml") == "\ufeff" + result
    return result


def in_json(text: str, change: Change) -> str:
    result = changed(text, change, "wrangler.jsonc")
    windows = changed(text.replace("\n", "\r\n"), change, "wrangler.jsonc")
    assert windows == (result if "\n" not in text else result.replace("\n", "\r\n"))
    assert changed("\ufeff" + text, change, "wrangler.jsonc") == "\ufeff" + result
    return result


def put(text: str, *, after: str, new: str) -> str:
    """`text` with `new` behind its part `after`."""
    assert text.count(after) == 1
    return text.replace(after, after + new)
