"""Redirected configurations: `.wrangler/deploy/config.json`, which build tools write.

wrangler looks for it upwards from the folder it runs in, and then deploys the file that it names in
place of the user's. Every way in which it can be wrong ends the command (run on 4.164.0).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wslint import system
from wslint.files import Files
from wslint.record import frozen
from wslint.text import SourceFile, Span
from wslint.wrangler.located import ParseError, Value

if TYPE_CHECKING:
    from wslint.wrangler.config import ConfigDocument

PLACE = Path(".wrangler", "deploy", "config.json")

State = Literal[
    "valid",
    "unreadable",  # no JSON
    "without-path",  # no `configPath`
    "missing-target",
    "elsewhere",  # not in the folder of the configuration that it would replace
    "outside",  # of the repository: not read
    "environments",  # the target has `env`, which a redirected configuration can't
]


@frozen
class Redirect:
    """A deploy configuration that wrangler finds from a configuration's folder, and how it stands.

    `span` is the place that tells, in the deploy configuration or in its target.
    """

    file: SourceFile
    state: State
    span: Span
    target: Path | None = None
    made_from_it: bool = False
    """Whether the target says that it was made from the very configuration whose place it takes."""


def find_redirect(document: ConfigDocument, files: Files) -> Redirect | None:
    """The deploy configuration that holds for a configuration; None where there is none."""
    folder = document.folder
    place = next(
        (parent / PLACE for parent in (folder, *folder.parents) if files.is_file(parent / PLACE)), None
    )
    file = files.read(place) if place is not None else None
    if place is None or file is None:
        return None
    root = _parsed(file)
    whole = Span(file, 0, len(file.data)).head()
    if root is None:
        return Redirect(file, "unreadable", whole)
    path = root.get("configPath") if root.kind == "table" else None
    if path is None or not path.string:
        return Redirect(file, "without-path", path.span if path else whole)
    target = system.resolved(Path(place.parent, path.string))
    if target == document.file.path:
        return None
    if files.kind(target) == "outside":
        return Redirect(file, "outside", path.span, target)
    if not files.is_file(target):
        return Redirect(file, "missing-target", path.span, target)
    if place.parent.parent.parent != folder:
        return Redirect(file, "elsewhere", path.span, target)
    made = _document(target, files)
    environments = made.root.entry("env") if made is not None else None
    if environments is not None and environments.value.entries:
        return Redirect(file, "environments", environments.key_span, target)
    origin = made.root.get("userConfigPath") or made.root.get("configPath") if made is not None else None
    own = origin is not None and origin.string is not None and Path(origin.string) == document.file.path
    return Redirect(file, "valid", path.span, target, own)


def _parsed(file: SourceFile) -> Value | None:
    from wslint.wrangler import jsonc

    try:
        return jsonc.parse(file).root
    except ParseError:
        return None


def _document(target: Path, files: Files) -> ConfigDocument | None:
    from wslint.wrangler.config import load_document

    file = files.read(target)
    try:
        return load_document(file) if file is not None else None
    except ParseError:
        return None
