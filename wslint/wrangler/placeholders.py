"""Texts that something replaces before wrangler reads them: they make a value unknown, never wrong."""

from __future__ import annotations

import re

from wslint.regex import regex
from wslint.text import Span, line_end, line_start

_ANYWHERE = regex(
    r"""
      \{\{ | <% | \{%                                # Mustache, Jinja, EJS, ERB
    | [$\#]\{ | \$\( | \#\{\{                        # ${NAME}, #{NAME}, $(NAME)
    | \$[A-Z_][A-Z0-9_]+                             # $NAME
    | <[A-Za-z][\w .:/-]*>                           # <NAME>, <your account's id>
    | \{[A-Za-z_][\w.-]*\}                           # {NAME}
    | \[\[\s*[\w.-]+\s*\]\] | \(\(\s*[\w.-]+\s*\)\)  # [[NAME]], ((NAME))
    | __[A-Z][A-Z0-9_]*?__                           # __NAME__
    | %(?![0-9A-Fa-f]{2}%)[A-Za-z_][\w-]*%           # %NAME%; `%C3%` is a character of an address
    | %(?![0-9A-F]{2}(?![A-Z0-9_]))[A-Z][A-Z0-9_]{2,}  # %NAME
    | @[A-Z][A-Z0-9_]*@                              # @NAME@
    | \#[A-Z][A-Z0-9_]*\#                            # #NAME#
    """,
    re.VERBOSE,
)
"""What may be a part of a value: `chat-%ENV`."""

_WHOLE = regex(
    r"""
      __[A-Za-z][\w-]*__ | %[A-Za-z_][\w-]{2,} | @@?[A-Za-z_][\w-]*@@? | :[A-Z][A-Z0-9_]*:?
    | YYYY-MM-DD
    | (?:TODO|FIXME|TBD|CHANGE_?ME|REPLACE_?ME|PLACEHOLDER)
    | (?:YOUR|REPLACE|INSERT|ENTER|CHANGE)_[A-Z0-9_]+
    """,
    re.VERBOSE,
)
"""What is one only where nothing stands beside it."""

_STRING = regex(rb'"(?:[^"\\]|\\.)*"|\'[^\']*\'')


def is_placeholder(text: str) -> bool:
    """Whether a template engine, a script or a person is meant to replace the text, or a part of it."""
    return _ANYWHERE.search(text) is not None or _WHOLE.fullmatch(text) is not None


def stops_parsing(span: Span) -> bool:
    """Whether a file does not parse because of a placeholder: one without quotes in the line of the error,
    or an engine's own marks anywhere."""
    data = span.file.data
    if b"{{" in data or b"<%" in data:
        return True
    line = data[line_start(data, span.start) : line_end(data, span.start)]
    bare = _STRING.sub(b'""', line).decode("utf-8", "replace")
    _, _, value = bare.partition("=") if "=" in bare else bare.partition(":")
    return is_placeholder((value or bare).strip().rstrip(","))
