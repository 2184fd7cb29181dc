"""Findings: what a rule says is wrong, where, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Literal

from wslint.record import frozen
from wslint.text import Span, newline_at, with_newlines

Applicability = Literal["safe", "unsafe", "display"]
Confidence = Literal["high", "medium"]


class Severity(IntEnum):
    """What happens: an error fails whenever its line is reached, a warning in a stated
    circumstance, an info costs money or breaks a convention."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        return self.name.lower()


@frozen
class Label:
    """The other half of a finding, in this or another file."""

    span: Span
    text: str


@frozen
class Edit:
    """Replace the bytes of `span` with `text`."""

    span: Span
    text: str


def _in_its_file(edit: Edit) -> Edit:
    if "\n" not in edit.text:
        return edit
    return Edit(edit.span, with_newlines(edit.text, newline_at(edit.span.file.data, edit.span.start)))


def _is_text(edit: Edit) -> bool:
    try:
        edit.text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Fix:
    """Edits that mend a finding, applied together or not at all.

    `safe` fixes keep the meaning that was meant; `unsafe` ones may not be what the author wants;
    `display` ones are only shown. `edits` may be given as a function: structural edits of TOML
    read the file once more, which a run that only reports need not pay for. Their line feeds
    become the line end that is used around their place.
    """

    __slots__ = ("_edits", "_given", "applicability", "title")

    def __init__(
        self,
        title: str,
        applicability: Applicability,
        edits: tuple[Edit, ...] | Callable[[], tuple[Edit, ...]],
    ) -> None:
        self.title = title
        self.applicability = applicability
        self._given = edits
        self._edits: tuple[Edit, ...] | None = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        if self._edits is None:
            given = self._given() if callable(self._given) else self._given
            # A file name that is no UTF-8 can't be written into a file: no fix at all, then.
            self._edits = tuple(map(_in_its_file, given)) if all(map(_is_text, given)) else ()
        return self._edits

    def settle(self) -> None:
        """Work the edits out, and let go of what they are worked out from."""
        self._given = self.edits


@frozen
class Step:
    """One step of the way from a client to what a finding is about."""

    span: Span
    what: str


@frozen
class Finding:
    """One true statement about a Worker. `span` is the primary place.

    `environments` holds the environments it was seen in (None is the top level); empty for
    findings about a file rather than a Worker.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span
    labels: tuple[Label, ...] = ()
    help: str = ""
    fix: Fix | None = None
    within: Span | None = None
    """The code that the finding speaks of, where it is a general one: it gives way to a special one in there."""
    worker: str | None = None
    environments: tuple[str | None, ...] = ()
    way: tuple[Step, ...] | None = None
    """How a client comes to it; None where nobody asked, empty where no play comes there."""

    @property
    def place(self) -> tuple[str, str, int, int]:
        """The rule and the primary place."""
        return (self.code, str(self.span.file.path), self.span.start, self.span.end)

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        return (self.span.file.name, self.span.start, self.span.end, self.code)


DOCS_URL = "https://github.com/wslint/wslint/blob/main/docs/rules"


def rule_url(code: str, name: str) -> str:
    """The address of a rule's page."""
    return f"{DOCS_URL}/{code}-{name}.md"
