"""The Rust grammar, loaded when the first Rust file is read."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from wslint.source.grammars import grammar
from wslint.text import SourceFile

if TYPE_CHECKING:
    from tree_sitter import Tree


@lru_cache(maxsize=16)
def tree_of(file: SourceFile) -> Tree:
    """The syntax tree of a file. Only the last few are kept: trees are many times their file's size."""
    return parse(file.data)


def parse(data: bytes) -> Tree:
    """The syntax tree of a text: the arguments of a macro."""
    from tree_sitter import Parser

    return Parser(grammar("tree_sitter_rust")).parse(data)  # not kept: threads can't share a parser
