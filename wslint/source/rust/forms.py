"""How a crate writes its Durable Objects: which attributes and receivers stand where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.files import Files
from wslint.record import frozen
from wslint.regex import regex
from wslint.source.depth import DEEPEST
from wslint.source.rust.bindings import path_of
from wslint.source.rust.grammar import tree_of
from wslint.source.rust.items import RustFile, read_items
from wslint.source.rust.locate import node_span, node_text
from wslint.text import SourceFile, Span

if TYPE_CHECKING:
    from tree_sitter import Node

_OWN_TRAIT = regex(rb"\btrait\s+DurableObject\b")
_OWN = ("durable_object", "worker::durable_object")


@frozen
class ObjectForm:
    """One `impl DurableObject for Name`.

    `attribute` is the worker crate's attribute on the impl, `mutable` the first `&mut self` of its methods;
    None where there is none.
    """

    name: str
    span: Span  # the name behind `for`
    attribute: Span | None
    mutable: Span | None


def object_forms(file: SourceFile, files: Files) -> Iterator[ObjectForm]:
    """The impls of the worker crate's trait in a file that parses around them, test modules left out."""
    if b"DurableObject" in file.data:
        yield from _in(read_items(file, files), tree_of(file).root_node)


def _in(items: RustFile, root: Node, depth: int = 0) -> Iterator[ObjectForm]:
    attributes: list[Node] = []
    for child in root.named_children:
        if child.type == "attribute_item":
            attributes.append(child)
            continue
        if child.type in ("line_comment", "block_comment"):
            continue
        texts = [node_text(each).removeprefix("#[").removesuffix("]").strip() for each in attributes]
        if child.type == "mod_item" and not any(text.startswith("cfg") for text in texts):
            body = child.child_by_field_name("body")
            if body is not None and depth < DEEPEST:
                yield from _in(items, body, depth + 1)
        elif (
            child.type == "impl_item"
            and not child.has_error
            and not any(text.startswith("cfg") for text in texts)
        ):
            form = _form(items, child, dict(zip(texts, attributes, strict=True)))
            if form is not None:
                yield form
        attributes = []


def _form(items: RustFile, impl: Node, attributes: dict[str, Node]) -> ObjectForm | None:
    trait, owner = impl.child_by_field_name("trait"), impl.child_by_field_name("type")
    body = impl.child_by_field_name("body")
    if trait is None or owner is None or body is None or not _is_of_worker(items, trait):
        return None
    file = items.file
    own = next((node for text, node in attributes.items() if text.split("(")[0] in _OWN), None)
    return ObjectForm(
        node_text(owner),
        node_span(file, owner),
        node_span(file, own) if own is not None else None,
        next((node_span(file, node) for node in _receivers(body) if "mut" in node_text(node)), None),
    )


def _is_of_worker(items: RustFile, trait: Node) -> bool:
    """Whether a trait is surely the worker crate's: other crates have one of that name, written another way."""
    if node_text(trait).rpartition("::")[2] != "DurableObject":
        return False
    path = items.resolve(path_of(trait))
    if len(path) > 1:
        return path[0] == "worker"
    if _OWN_TRAIT.search(items.file.data):
        return False
    return any(use.name == "*" and use.path[0] == "worker" for use in items.uses)


def _receivers(body: Node) -> Iterator[Node]:
    for function in body.named_children:
        parameters = function.child_by_field_name("parameters") if function.type == "function_item" else None
        for child in parameters.named_children if parameters is not None else ():
            if child.type == "self_parameter":
                yield child
