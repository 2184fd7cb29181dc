"""Renaming a key everywhere it is written, which in TOML may be many headers."""

from __future__ import annotations

import re

from wslint.finding import Edit, Fix
from wslint.text import Span
from wslint.wrangler.config import ConfigDocument, WorkerConfig
from wslint.wrangler.edit import rename_key
from wslint.wrangler.unknown_keys import JudgedKey


def rename(config: WorkerConfig, judged: JudgedKey) -> Fix | None:
    """A safe fix that gives an unknown key its right name; None where not all of its places are sure."""
    document, entry, name = config.document, judged.entry, judged.near
    if name is None:
        return None
    edits = [rename_key(document, entry, name)]
    if document.format == "toml" and len(judged.problem.path) == 1:
        headers = _headers(document, config.environment, judged.key)
        edits = [Edit(span, name) for span in headers] or edits
        if (
            all(edit.span.start != entry.key_span.start for edit in edits)
            or _dotted(document, judged.key) > 1
        ):
            return None  # written in a way whose other places are not known
    elif document.format == "toml" and (entry.value.header is not None or _dotted(document, judged.key)):
        return None
    return Fix(f"rename it to `{name}`", "safe", tuple(edits))


def _dotted(document: ConfigDocument, key: str) -> int:
    """How often the key stands before a dot on the left of an equals sign."""
    return len(
        re.findall(rb"^[^#=\[]*\b" + re.escape(key).encode() + rb"\s*\.", document.file.data, re.MULTILINE)
    )


def _headers(document: ConfigDocument, environment: str | None, key: str) -> list[Span]:
    """The places of a key of the section in the headers of a TOML file."""
    prefix = "" if environment is None else rf"env\s*\.\s*{re.escape(environment)}\s*\.\s*"
    pattern = rf"^[ \t]*\[\[?\s*{prefix}(?P<key>{re.escape(key)})(?=\s*[.\]])"
    data = document.file.data
    return [
        Span(document.file, match.start("key"), match.end("key"))
        for match in re.finditer(pattern.encode(), data, re.MULTILINE)
    ]
