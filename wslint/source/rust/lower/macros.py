"""Macros of the standard library and the worker crate: their arguments are parsed on their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wslint.regex import regex
from wslint.source import tree
from wslint.source.rust.grammar import parse
from wslint.source.rust.lower.base import code_children
from wslint.source.rust.lower.statements import Statements

if TYPE_CHECKING:
    from tree_sitter import Node

_SAID = frozenset(
    [
        "println",
        "eprintln",
        "print",
        "eprint",
        "console_log",
        "console_error",
        "console_warn",
        "console_debug",
        "info",
        "debug",
        "warn",
        "error",
        "trace",
        "log",
        "dbg",
        "debug_assert",
        "debug_assert_eq",
        "info_span",
        "debug_span",
        "trace_span",
        "span",
        "event",
    ]
)
_PANICS = frozenset({"panic", "todo", "unimplemented", "unreachable"})
_PLACE = regex(r"\{\{|\}\}|\{([A-Za-z_]\w*|\d+)?(:[^{}]*)?\}")


class Macros(Statements):
    """Lowers macro calls."""

    def macro(self, node: Node) -> tree.Expression:
        start, end = self.at(node)
        name = self.parts(node.child_by_field_name("macro"))[-1:]
        word = name[0] if name else ""
        tokens = next((child for child in node.named_children if child.type == "token_tree"), None)
        if tokens is None:
            return self.opaque(node)
        if word == "matches":
            return self._matches(node, tokens)
        if word == "json":
            return self._named_call("json!", node, [])
        arguments = self._arguments(tokens, "[" if word == "vec" else "(")
        match word:
            case "format" | "format_args":
                return self._format(node, arguments)
            case "vec":
                return arguments[0] if arguments else tree.Array(start, end, [])
            case "write" | "writeln":
                return tree.Operation(
                    start, end, ",", [*arguments[1:], self._named_call("write!", node, arguments[:1])]
                )
            case "assert" if arguments:
                return tree.Operation(
                    start, end, "||", [arguments[0], self._named_call("panic!", node, arguments[1:])]
                )
            case "assert_eq" | "assert_ne" if len(arguments) > 1:
                test = tree.Operation(start, end, "===" if word == "assert_eq" else "!==", arguments[:2])
                return tree.Operation(start, end, "||", [test, self._named_call("panic!", node, [])])
            case "bail":
                error = tree.Call(start, end, tree.Name(start, end, "Err"), [self._format(node, arguments)])
                return tree.Propagate(start, end, error)
            case "anyhow":
                return self._format(node, arguments)
        if word in _PANICS:
            return self._named_call("panic!", node, [self._format(node, arguments)])
        if word in _SAID:
            nothing: tree.Expression = tree.Constant(start, end, "undefined")
            return tree.Operation(start, end, ",", [*arguments, nothing])
        return self._named_call("unread macro", node, [])

    def _named_call(self, name: str, node: Node, arguments: list[tree.Expression]) -> tree.Expression:
        start, end = self.at(node)
        return tree.Call(start, end, tree.Name(start, end, name), arguments)

    def _inside(self, before: bytes, inside: bytes, after: bytes, start: int) -> tuple[Macros, Node | None]:
        """A lowering of a text that stands at `start` in this one, put into a function that is parsed alone."""
        data = before + inside + after
        inner = type(self)(self.file, data, self.names, self.shift + start - len(before))
        inner.owner, inner.option, inner.loops = self.owner, self.option, list(self.loops)
        inner.serials, inner.depth = self.serials, self.depth + 1
        root = parse(data).root_node
        body = root.named_children[0].child_by_field_name("body") if root.named_children else None
        return inner, next(iter(code_children(body)), None)

    def _arguments(self, tokens: Node, sign: str) -> list[tree.Expression]:
        inside = self.data[tokens.start_byte + 1 : tokens.end_byte - 1]
        open_, close = (b"([", b"])") if sign == "[" else (b"(", b")")
        inner, call = self._inside(b"fn f(){g" + open_, inside, close + b"}", tokens.start_byte + 1)
        if call is not None and call.type == "expression_statement":
            call = code_children(call)[0]
        given = call.child_by_field_name("arguments") if call is not None else None
        return [inner.expression(child) for child in code_children(given) if child.type != "ERROR"]

    def _matches(self, node: Node, tokens: Node) -> tree.Expression:
        """`matches!(value, pattern if guard)`: an IsCase in a block of its own."""
        start, end = self.at(node)
        inside = self.data[tokens.start_byte + 1 : tokens.end_byte - 1].rstrip().rstrip(b",")
        comma = _top_comma(inside)
        if comma < 0:
            return self.opaque(node)
        arms = inside[:comma] + b"{" + inside[comma + 1 :]
        inner, match = self._inside(b"fn f(){match ", arms, b"=>true,_=>false}}", tokens.start_byte + 1)
        if match is not None and match.type == "expression_statement":
            match = code_children(match)[0]
        if match is None or match.type != "match_expression":
            return self.opaque(node)
        found = inner.expression(match)
        return tree.Block(start, end, found.body, found.label) if isinstance(found, tree.Block) else found

    def _format(self, node: Node, arguments: list[tree.Expression]) -> tree.Expression:
        """The text that `format!` makes; what is written in another form than its own is not known."""
        start, end = self.at(node)
        form = arguments[0] if arguments else None
        if not isinstance(form, tree.Text) or form.value is None:
            return tree.Opaque(start, end, arguments)
        named = {
            one.target.name: one.value
            for one in arguments[1:]
            if isinstance(one, tree.Assign) and isinstance(one.target, tree.Name)
        }
        given = [one for one in arguments[1:] if not isinstance(one, tree.Assign)]
        parts: list[str | tree.Expression] = []
        at = used = 0
        for match in _PLACE.finditer(form.value):
            parts.append(form.value[at : match.start()])
            at = match.end()
            if match[0] in ("{{", "}}"):
                parts.append(match[0][0])
                continue
            name = match[1] or ""
            if not name:
                name, used = str(used), used + 1
            value: tree.Expression
            if name.isdigit():
                value = given[int(name)] if int(name) < len(given) else tree.Opaque(start, end)
            else:
                value = named.get(name) or tree.Name(start, end, "this" if name == "self" else name)
            parts.append(value if not match[2] or match[2] == ":" else tree.Opaque(start, end, [value]))
        parts.append(form.value[at:])
        if all(isinstance(part, str) for part in parts):
            text = "".join(part for part in parts if isinstance(part, str))
            return tree.Text(start, end, text, [text])
        # Empty texts between keep a lone part a text.
        return tree.Text(start, end, None, parts if len(parts) > 1 else [*parts, ""])


def _top_comma(text: bytes) -> int:
    """Where the first comma outside of brackets and texts is; -1 without one."""
    depth, at = 0, 0
    for match in re.finditer(rb'"(?:[^"\\]|\\.)*"|[(){}\[\],]', text, re.S):
        sign, at = match[0], match.start()
        if sign in (b"(", b"[", b"{"):
            depth += 1
        elif sign in (b")", b"]", b"}"):
            depth -= 1
        elif sign == b"," and depth == 0:
            return at
    return -1
