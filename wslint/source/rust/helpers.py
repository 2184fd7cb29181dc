"""`fn stub(env: &Env, binding: &str)`: the names that a project's own helpers are called with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from wslint.record import frozen
from wslint.regex import regex
from wslint.source.rust.bindings import CallReader, Candidate, Parameter
from wslint.source.rust.grammar import tree_of
from wslint.source.rust.items import RustFile
from wslint.source.rust.locate import in_error, node_span, node_text

if TYPE_CHECKING:
    from tree_sitter import Node

BINDING_NAME = regex(r"[A-Z][A-Z0-9_]*")
"""What a literal must look like where only a method's name says that the helper is meant."""


@frozen
class Helper:
    """A function that asks `env` for a name it is given."""

    parameter: Parameter
    method: str
    guarded: bool


def calls_of(helper: Helper, files: Iterable[RustFile]) -> list[tuple[RustFile, Candidate]]:
    """The calls of a helper, each as if it asked `env` itself with what it gives for the name."""
    name = helper.parameter.function.encode()
    pattern = re.compile(rb"\b(" + re.escape(name) + rb")\s*(?:::\s*<[^>]*>\s*)?\(")
    found: list[tuple[RustFile, Candidate]] = []
    for file in files:
        if name not in file.file.data:
            continue
        reader: CallReader | None = None
        for match in pattern.finditer(file.file.data):
            if file.is_dead(match.start(1)):
                continue
            reader = reader or CallReader(file.file, tree_of(file.file).root_node, file.impls)
            path = reader.locator.path(match.start(1))
            candidate = None if in_error(path) else _call(helper, file, reader, path)
            if candidate is not None:
                found.append((file, candidate))
    return found


def _call(helper: Helper, file: RustFile, reader: CallReader, path: list[Node]) -> Candidate | None:
    at = next((index for index in range(len(path) - 1, 0, -1) if path[index].type == "call_expression"), 0)
    call = path[at]
    arguments = call.child_by_field_name("arguments")
    function = call.child_by_field_name("function")
    if at == 0 or arguments is None or function is None or path[-1].end_byte > function.end_byte:
        return None
    given = [child for child in arguments.named_children if not child.type.endswith("comment")]
    if len(given) != helper.parameter.count:
        return None
    if function.type == "generic_function":
        function = function.child_by_field_name("function") or function
    is_method = function.type == "field_expression"
    if is_method != helper.parameter.takes_self:
        return None
    argument = given[helper.parameter.position]
    name, reference = reader.named(argument, path)
    on_self = is_method and node_text(function.child_by_field_name("value")) == "self"
    if is_method and not on_self and name is not None and not BINDING_NAME.fullmatch(name.text):
        return None
    return Candidate(
        helper.method,
        node_span(file.file, argument),
        name,
        reference,
        reader.owner(path),
        None,
        helper.guarded or reader.guarded(path, at),
        reader.function(path),
        reader.parameter(argument, path),
    )
