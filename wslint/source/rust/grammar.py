"""The Rust grammar, loaded when the first Rust file is read."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from wslint.text import SourceFile

if TYPE_CHECKING:
    from tree_sitter import Parser, Tree


@lru_cache(maxsize=1)
def _parser() -> Parser:
    import tree_sitter_rust
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_rust.language()))


@lru_cache(maxsize=16)
def tree_of(file: SourceFile) -> Tree:
    """The syntax tree of a file. Only the last few are kept: trees are many times their file's size."""
    return _parser().parse(file.data)


def parse(data: bytes) -> Tree:
    """The syntax tree of a text: the arguments of a macro."""
    return _parser().parse(data)
