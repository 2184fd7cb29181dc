"""What several rules about bindings ask: readable names, uses that count, how an export is added."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from wslint.finding import Edit, Fix, Label
from wslint.regex import regex
from wslint.settings import nearest
from wslint.source.facts import BindingUse
from wslint.text import SourceFile, Span, line_start
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.located import Value

NAMESPACE_METHODS = frozenset(
    {"idFromName", "idFromString", "newUniqueId", "getByName", "jurisdiction", "durable_object"}
)
"""What only a Durable Object namespace has; `durable_object` is how Rust asks for one."""

MOST_LABELS = 3

SCRIPT_ARGUMENT = regex(
    rb"wrangler\s+(?:deploy|publish|dev|versions\s+upload)\b[^\"&|;]*\.(?:[cm]?[jt]sx?|py)\b"
)
"""A command line that names the entrypoint."""

IMPOSSIBLE = regex(r"[^\w.-]", re.ASCII)
"""Signs that the name of no Worker, queue or class has."""


def text_of(value: Value | None) -> str | None:
    """A name as written; None when it is missing, empty, no string or a placeholder."""
    return None if value is None or value.is_placeholder else value.string or None


def listed(names: Iterable[str], prefix: str = "") -> str:
    """`A`, `B` and `C`, in backticks, each once."""
    quoted = [f"`{prefix}{name}`" for name in dict.fromkeys(names)]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def counted_uses(worker: Worker, name: str) -> list[BindingUse]:
    """Where the source reads `env.<name>` and does not allow for its absence."""
    return [use for use in worker.uses_of(name) if not use.guarded]


def entry_name(worker: Worker) -> str:
    """The entrypoint as the configuration writes it, or the module that it is built from."""
    if (worker.entrypoint.built_by or worker.entrypoint.value is None) and worker.entrypoint.path is not None:
        return os.path.relpath(worker.entrypoint.path, worker.document.folder).replace(os.sep, "/")
    value = worker.entrypoint.value
    return (value.string if value is not None else None) or "the entrypoint"


def where_it_is(worker: Worker, name: str, near: str | None) -> tuple[Label, ...]:
    """Labels for a class that the entrypoint does not export: a near name, or where it is declared."""
    source = worker.source
    if source is None:
        return ()
    found = []
    if near is not None and near in source.exports:
        found.append(Label(source.exports[near].span, f"the entrypoint exports `{near}`"))
    default = source.exports.get("default")
    cls = source.classes.get(name)
    if default is not None and default.cls is not None and default.cls.name == name:
        found.append(Label(default.span, f"`{name}` leaves as the default export only"))
    elif cls is not None and near is None:
        found.append(Label(cls.span, f"`{name}` is declared here, but not exported from the entrypoint"))
    return tuple(found)


def near_export(worker: Worker, name: str, taken: set[str]) -> str | None:
    """The exported class that `name` most likely misspells; not one that is bound as well."""
    return nearest(name, [known for known in worker.exported_classes if known not in taken])


def mended_export(worker: Worker, value: Value, name: str, near: str | None) -> Fix | None:
    """How the class `name` that `value` asks for would leave the entrypoint."""
    source = worker.source
    if source is None or worker.entrypoint.names is not None:
        return None
    cls = source.classes.get(name)
    if cls is None:
        if near is None:
            return None
        return Fix(f"bind `{near}`", "unsafe", (edit.replace_string(value, near),))
    if source.language not in ("javascript", "typescript"):
        return None
    file = cls.span.file
    start = line_start(file.data, cls.span.start)
    before = file.data[start : cls.span.start]
    if file is source.entrypoint:
        # Only a declaration that begins its line is surely a statement of the module.
        if re.fullmatch(rb"(?:abstract\s+)?class\s+", before) is None:
            return None
        return Fix(f"export `{name}`", "safe", (Edit(Span(file, start, start), "export "),))
    exported = re.fullmatch(rb"export\s+(default\s+)?(?:abstract\s+)?class\s+", before)
    if exported is None:
        return None
    names = f"default as {name}" if exported[1] else name
    specifier = _specifier(source.entrypoint, file)
    if set(specifier) & set('"\\') or not specifier.isprintable():
        return None
    line = f'export {{ {names} }} from "{specifier}";'
    return Fix(f"re-export `{name}` from `{specifier}`", "unsafe", (_appended(source.entrypoint, line),))


def _specifier(importer: SourceFile, target: SourceFile) -> str:
    path = os.path.relpath(target.path, importer.path.parent).replace(os.sep, "/")
    if path.endswith((".ts", ".tsx")):
        path = path.rpartition(".")[0]
    return path if path.startswith(".") else f"./{path}"


def _appended(file: SourceFile, line: str) -> Edit:
    data = file.data
    end = len(data)
    lead = "" if not data or data.endswith((b"\n", b"\r")) else "\n"
    return Edit(Span(file, end, end), f"{lead}{line}\n")
