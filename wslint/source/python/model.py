"""What one Python file says: the names that its top level binds, and what it imports anywhere."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from wslint.record import field, frozen, record
from wslint.source.facts import ExportKind
from wslint.source.grammars import grammar
from wslint.source.rust.locate import node_text
from wslint.text import Comment, SourceFile, Span, with_line_feeds

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Tree


@frozen
class Import:
    """`from module import name` (`name` is `*` for a star) or, without a name, `import module`."""

    level: int
    module: str
    name: str | None
    span: Span  # the module's name
    type_only: bool = False


@record
class Function:
    """A function or method."""

    name: str
    span: Span
    start: int
    end: int
    given: Span  # the parameter list
    static: bool = False
    owner: Class | None = None
    _names: tuple[tuple[str, ...], frozenset[str]] | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that can be given by position, `self` included."""
        return self._parameters()[0]

    @property
    def keywords(self) -> frozenset[str]:
        """The parameters that can be given by name."""
        return self._parameters()[1]

    def _parameters(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """Read on demand: few functions are ever asked."""
        if self._names is None:
            root = tree_of(self.given.file).root_node
            node = root.descendant_for_byte_range(self.given.start, self.given.end)
            by_position: list[str] = []
            by_keyword: set[str] = set()
            only_keywords = False
            for child in node.named_children if node is not None and node.type == "parameters" else []:
                named = child.child_by_field_name("name") or child
                if child.type == "typed_parameter":
                    named = child.named_children[0]
                only_keywords |= named.type in ("list_splat_pattern", "keyword_separator")
                if named.type == "identifier":
                    by_keyword.add(node_text(named))
                    by_position += [] if only_keywords else [node_text(named)]
            self._names = tuple(by_position), frozenset(by_keyword)
        return self._names


@record
class Class:
    """A class; a base is its dotted name, or None where it is computed."""

    name: str
    span: Span
    start: int
    end: int
    bases: tuple[tuple[str, ...] | None, ...]
    decorators: tuple[str, ...]
    methods: dict[str, Function] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)  # annotated, in order: what a dataclass takes


@frozen
class Definition:
    """One way in which a name is bound; `fallback` for one in an `except` clause.

    Exactly one of `cls`, `function`, `imported` and `alias` is set, or none: then `kind` says what
    the value is.
    """

    span: Span
    conditional: bool
    fallback: bool = False
    cls: Class | None = None
    function: Function | None = None
    imported: Import | None = None
    alias: tuple[str, ...] | None = None
    kind: ExportKind = "unknown"


@record
class Module:
    """What one file says. `exported` is `__all__`; None without one, `exported_known` False when computed."""

    file: SourceFile
    names: dict[str, list[Definition]] = field(default_factory=dict)
    local_names: dict[str, Definition] = field(default_factory=dict)  # imported inside functions
    stars: list[Import] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    exported: list[str] | None = None
    exported_known: bool = True
    classes: list[Class] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)  # methods too, in order
    errors: list[Span] = field(default_factory=list)
    dynamic: list[Span] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    scans: dict[tuple[str, str, int], object] = field(default_factory=dict)  # owned by `flow`

    def function_at(self, offset: int) -> Function | None:
        """The outermost function or method that holds an offset."""
        index = bisect_right(self.functions, offset, key=lambda one: one.start) - 1
        found = self.functions[index] if index >= 0 else None
        return found if found is not None and offset < found.end else None

    def class_at(self, offset: int) -> Class | None:
        index = bisect_right(self.classes, offset, key=lambda one: one.start) - 1
        found = self.classes[index] if index >= 0 else None
        return found if found is not None and offset < found.end else None


def language() -> Language:
    return grammar("tree_sitter_python")


@lru_cache(maxsize=64)
def tree_of(file: SourceFile) -> Tree:
    """The syntax tree of a file. Only the last few are kept: trees are many times their file's size."""
    from tree_sitter import Parser

    return Parser(language()).parse(with_line_feeds(file.data))


def dotted(node: Node | None) -> tuple[str, ...] | None:
    """`a.b.C` as its parts; None for other expressions."""
    if node is None or node.type not in ("identifier", "attribute", "dotted_name"):
        return None
    parts = tuple(part.strip() for part in node_text(node).split("."))
    return parts if all(part.isidentifier() for part in parts) else None
