"""What all parts of lowering share: the text at a node, places, labels, literals and paths."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from wslint.record import field, record
from wslint.regex import regex
from wslint.source import tree
from wslint.source.rust.attributes import condition, split
from wslint.text import SourceFile

if TYPE_CHECKING:
    from tree_sitter import Node

    from wslint.source.rust.items import RustFile

RETURNED = "return"
Tail = str | None
"""What becomes of the last expression of a block: `RETURNED` from the function, the value of the block with this
label, or nothing."""

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", '"': '"', "'": "'"}
_ROOTS = frozenset({"crate", "self", "super", "worker", "std", "core", "alloc"})
_NUMBER = regex(r"0x[\da-fA-F_]+|0b[01_]+|0o[0-7_]+|[\d_]+(?:\.[\d_]+)?(?:[eE][+-]?\d+)?")


@record
class Names:
    """The names of one file that paths are read with: its imports, its inline modules, what `use … as` renames."""

    imports: frozenset[str]
    inline: frozenset[str] = frozenset()
    aliases: dict[str, str] = field(default_factory=dict)
    items: RustFile | None = None

    def trait(self, path: tuple[str, ...]) -> str:
        """What a trait is called here: by its last name, or whole where another crate has a `DurableObject`, too."""
        is_foreign = path[-1] == "DurableObject" and self.items is not None and self.items.is_foreign(path)
        return "::".join(("another", *path)) if is_foreign else path[-1]


_CFG = regex(r"#!?\[\s*cfg\s*(\(.*\))\s*\]", re.S)


def compiled(attributes: list[str]) -> bool | None:
    """Whether what carries these attributes is part of a Worker's build; None where features decide it."""
    verdict: bool | None = True
    for text in attributes:
        match = _CFG.fullmatch(text.strip())
        if match is None:
            continue
        arguments = split(match[1])
        found = condition(arguments[0]) if arguments else None
        if found is False:
            return False
        verdict = None if found is None else verdict
    return verdict


class Base:
    """Reads one piece of text. `shift` is where it begins in the file, for the arguments of a macro, which are
    parsed on their own."""

    def __init__(self, file: SourceFile, data: bytes, names: Names, shift: int = 0) -> None:
        self.file = file
        self.data = data
        self.names = names
        self.shift = shift
        self.depth = 0
        self.serials = count()
        self.owner = ""
        self.option = False
        self.hint = ""
        self.loops: list[tuple[str, str, str | None]] = []

    def text(self, node: Node | None) -> str:
        return "" if node is None else self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def at(self, node: Node) -> tuple[int, int]:
        return node.start_byte + self.shift, node.end_byte + self.shift

    def label(self, word: str) -> str:
        """A name that no program has."""
        return f"{word} {next(self.serials)} at {self.shift}"

    def opaque(self, node: Node) -> tree.Opaque:
        return tree.Opaque(*self.at(node))

    # The parts that know of one another

    def expression(self, node: Node) -> tree.Expression:
        raise NotImplementedError

    def statement(self, node: Node, tail: Tail) -> list[tree.Statement]:
        raise NotImplementedError

    def block(self, node: Node, tail: Tail) -> list[tree.Statement]:
        raise NotImplementedError

    def items(self, root: Node) -> list[tree.Statement]:
        raise NotImplementedError

    def function(self, node: Node) -> tree.Function:
        raise NotImplementedError

    # Literals

    def literal(self, node: Node) -> tree.Expression | None:
        """A literal's value; None for another node."""
        start, end = self.at(node)
        text = self.text(node)
        match node.type:
            case "string_literal" | "raw_string_literal":
                value = self._string(node)
                if text.startswith("b"):
                    return tree.Array(
                        start, end, [tree.Number(start, end, float(byte)) for byte in value.encode()]
                    )
                return tree.Text(start, end, value, [value])
            case "char_literal":
                value = unescaped(text.removeprefix("b")[1:-1])
                if text.startswith("b"):
                    return tree.Number(start, end, float(ord(value[:1] or "\0")))
                return tree.Text(start, end, value, [value])
            case "integer_literal" | "float_literal":
                return tree.Number(start, end, number(text))
            case "boolean_literal":
                return tree.Constant(start, end, "true" if text == "true" else "false")
            case "negative_literal":
                return tree.Number(start, end, -number(text.lstrip("- ")))
        return None

    def _string(self, node: Node) -> str:
        text = self.text(node)
        if node.type == "raw_string_literal":
            return text.lstrip("rb").strip("#")[1:-1]
        return unescaped(text.removeprefix("b").removeprefix("c")[1:-1])

    # Paths

    def parts(self, node: Node | None) -> list[str]:
        """The names of a path without generic arguments, its beginning in the crate, and inline modules."""
        text = re.sub(r"<[^<>]*>", "", re.sub(r"<[^<>]*>", "", self.text(node)))
        found = [part.strip().removeprefix("r#") for part in text.split("::") if part.strip(" <>")]
        if len(found) > 1 and " as " in found[0]:
            found[0] = found[0].partition(" as ")[0]
        while len(found) > 1 and (
            found[0] in _ROOTS or (found[0] in self.names.inline and found[0] not in self.names.imports)
        ):
            found = found[1:]
        found = [self.owner if part == "Self" and self.owner else part for part in found]
        if found and found[0] in self.names.aliases:
            found[0] = self.names.aliases[found[0]]
        return found

    def path(self, node: Node) -> tree.Expression:
        """A path as a value: a name, or a member of a type or module."""
        start, end = self.at(node)
        parts = self.parts(node)
        if not parts:
            return self.opaque(node)
        if parts[-1] == "None":
            return tree.Constant(start, end, "null")
        if len(parts) > 2 and parts[0] not in self.names.imports:
            parts = parts[-2:]
        found: tree.Expression = tree.Name(start, end, "this" if parts[0] == "self" else parts[0])
        for part in parts[1:]:
            found = tree.Member(start, end, found, part, end - len(part.encode()))
        return found


def unescaped(text: str) -> str:
    """The inside of a literal as it is meant."""
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] == "u":
            return chr(int(code[2:-1].replace("_", ""), 16))
        if code[0] == "x":
            return chr(int(code[1:], 16))
        return "" if code[0] in "\n\r" else _ESCAPES.get(code, code)

    return re.sub(r"\\(u\{[\da-fA-F_]{1,6}\}|x[\da-fA-F]{2}|\r?\n\s*|.)", one, text)


def number(text: str) -> float:
    found = _NUMBER.match(text)
    if found is None:
        return 0.0
    digits = found[0].replace("_", "")
    return float(int(digits, 0)) if digits[:2] in ("0x", "0b", "0o") else float(digits)


def code_children(node: Node | None) -> list[Node]:
    """The named children but for comments."""
    return (
        [child for child in node.named_children if not child.type.endswith("comment")]
        if node is not None
        else []
    )
