"""A lowered tree as a compact S-expression, for tests to compare with.

`a.b(c)` is `(call (. a b) c)`, `a = b` is `(:= a b)`, `const a = b` is `(const a b)`; an `Opaque` is
`(? …)`, an error `(! …)`; statements of a block stand in square brackets.
"""

from __future__ import annotations

from collections.abc import Sequence

from wslint.source import tree


def dump_module(module: tree.Module) -> str:
    """The statements, separated by spaces; imports come first."""
    imports = [f"(import {item.specifier} {item.imported} {item.local})" for item in module.imports]
    return " ".join([*imports, *map(dump, module.body)])


def dump(node: object) -> str:
    """One node."""
    match node:
        case None:
            return "_"
        case str():
            return f'"{node}"'
        case tree.Name():
            return node.name
        case tree.Member():
            return form("?." if node.optional else ".", node.object, tree.Name(0, 0, node.name))
        case tree.Index():
            return form("at", node.object, node.index)
        case tree.Call():
            word = "new" if node.new else "call?" if node.optional else "call"
            return form(word, node.function, *node.arguments, *node.keywords)
        case tree.Slice():
            return form("slice", node.lower, node.upper, node.step)
        case tree.Yield():
            return form("?", *([node.value] if node.value is not None else []))
        case tree.Text():
            return f'"{node.value}"' if node.value is not None else form("text", *node.parts)
        case tree.Number():
            return f"{node.value:g}"
        case tree.Constant():
            return f"#{node.value}"
        case tree.TableEntry():
            return f"({node.key or '*'} {dump(node.value)})"
        case tree.Table():
            return form("table", *node.entries)
        case tree.Array():
            return form("array", *node.items)
        case tree.Spread():
            return form("...", node.value)
        case tree.Parameter():
            return _parameter(node)
        case tree.Function():
            return _function(node)
        case tree.ClassMember():
            flags = ("static " if node.static else "") + ("private " if node.private else "")
            return f"({flags}{node.kind} {node.name} {dump(node.value)})"
        case tree.Class():
            return f"(class {node.name or '_'} {form('extends', *node.bases)}{_rest(node.members)})"
        case tree.Assign():
            return form(":" + node.operator, node.target, node.value)
        case tree.Operation():
            return form(node.operator, *node.operands)
        case tree.Await():
            return form("await", node.value)
        case tree.Opaque():
            return form("!" if node.is_error else "?", *node.parts)
        case tree.ArrayPattern():
            return form("array", *node.items)
        case tree.TablePattern():
            entries = [f"({key} {dump(pattern)})" for key, pattern in node.entries]
            return f"(table{''.join(' ' + entry for entry in entries)}{_named('...', node.rest)})"
    return _statement(node)


def _statement(node: object) -> str:
    match node:
        case tree.Declare():
            return form(node.kind, node.pattern, node.value)
        case tree.Do():
            return form("do", node.value)
        case tree.Return():
            return form("return", *([node.value] if node.value is not None else []))
        case tree.Throw():
            return form("throw", *([node.value] if node.value is not None else []))
        case tree.Jump():
            return "(jump)"
        case tree.If():
            otherwise = f" {block(node.otherwise)}" if node.otherwise else ""
            return f"(if {dump(node.test)} {block(node.then)}{otherwise})"
        case tree.Loop():
            return f"(loop {dump(node.target)} {dump(node.iterable)} {dump(node.test)} {block(node.body)})"
        case tree.Try():
            handler = block(node.handler) if node.handled else "_"
            return f"(try {block(node.body)} {handler} {block(node.final)})"
    raise TypeError(f"no node of the tree: {node!r}")


def block(statements: Sequence[tree.Statement]) -> str:
    return f"[{' '.join(map(dump, statements))}]"


def form(word: str, *parts: object) -> str:
    return f"({word}{_rest(parts)})"


def _rest(parts: Sequence[object]) -> str:
    return "".join(" " + dump(part) for part in parts)


def _named(word: str, name: str | None) -> str:
    return f" {word}{name}" if name is not None else ""


def _parameter(node: tree.Parameter) -> str:
    text = ("..." if node.rest else "") + dump(node.pattern)
    text += f":{node.type_name}" if node.type_name is not None else ""
    return text + (f"={dump(node.default)}" if node.default is not None else "")


def _function(node: tree.Function) -> str:
    word = ("async " if node.is_async else "") + ("=>" if node.is_arrow else "fn")
    word += "*" if node.is_generator else ""
    parameters = " ".join(map(_parameter, node.parameters))
    return f"({word}{(' ' + node.name if node.name else '')} ({parameters}){_rest(node.body)})"
