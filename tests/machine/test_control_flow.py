"""Random programs of branches, loops, exceptions and early exits: what a play comes to is what running them comes to.

Each program decides on five booleans that are not known. It is written as JavaScript and as Python, and the latter is
run here with every combination of them. No answer that it gives may be missing; where a play is sure of one answer,
there is no other.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.trace.projects import traced

BOOLEANS = [f"c{number}" for number in range(5)]
PROGRAMS = 120
MOST_UNKNOWN = 0.02
"""The part of the programs of which a play may say that it does not know."""

CONFIG = 'name = "lobby"\nmain = "{main}"\ncompatibility_date = "2026-07-01"\n'
FAILED = 500
FIRST = 400
"""The status for 0; a program's answer is added."""

KEPT = '    o = {"kept": 0, "list": []}'

Statement = tuple[Any, ...]


class Program:
    """A program by its seed: the body of `main`, and functions that it calls."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.functions: list[tuple[bool, list[Statement]]] = []
        self.in_loop = self.in_callback = False
        self.callbacks = 0
        self.body = self._block(3, self.random.randint(2, 4))

    def _block(self, depth: int, count: int | None = None) -> list[Statement]:
        return [self._statement(depth) for _ in range(count or self.random.randint(1, 3))]

    def _condition(self) -> tuple[str, str, str]:
        one, other = self.random.choice(BOOLEANS), self.random.choice(BOOLEANS)
        return self.random.choices(["one", "not", "and", "or"], [5, 1, 2, 2])[0], one, other

    def _statement(self, depth: int) -> Statement:
        if depth <= 0:
            return self._simple()
        kinds = ["if", "try", "loop", "call", "callback", "simple"]
        kind = self.random.choices(kinds, [8, 4, 3, 4, 2, 3])[0]
        if kind == "if":
            has_other = self.random.random() < 0.4
            return (
                "if",
                self._condition(),
                self._block(depth - 1),
                self._block(depth - 1) if has_other else [],
            )
        if kind == "try":
            how = self.random.choice(["catch", "catch", "finally", "both"])
            return "try", how, self._block(depth - 1), self._block(depth - 2, 1)
        if kind == "loop" and not self.in_loop:
            self.in_loop = True
            body = self._block(depth - 1)
            self.in_loop = False
            return self.random.choice(["loop", "while"]), body
        if kind == "callback" and not self.in_callback:
            self.in_callback, before, self.in_loop = True, self.in_loop, False
            body = self._block(depth - 1)
            self.in_callback, self.in_loop = False, before
            self.callbacks += 1
            return "callback", self.callbacks, body
        if kind == "call" and len(self.functions) < 4 and not self.in_callback:
            before, self.in_loop = self.in_loop, False
            body = self._block(depth - 1)
            self.in_loop = before
            self.functions.append((self.random.random() < 0.5, body))
            return "call", len(self.functions) - 1
        return self._simple()

    def _simple(self) -> Statement:
        kinds = ["set", "add", "leave", "maybe", "keep", "take", "push", "count", "choose"]
        kind = self.random.choices(kinds, [5, 2, 1, 3, 1, 1, 1, 1, 2])[0]
        if kind == "set":
            return "set", self.random.randrange(6)
        if kind == "choose":
            return "choose", self._condition(), self.random.randrange(6)
        if kind in ("add", "keep", "take", "push", "count"):
            return (kind,)
        return self._leave() if kind == "leave" else ("if", self._condition(), [self._leave()], [])

    def _leave(self) -> Statement:
        kinds = ["break", "continue"] if self.in_loop else []
        kind = self.random.choice([*kinds, "return", "return", "throw"])
        return (kind, self.random.randrange(6)) if kind == "return" else (kind,)

    def waits(self, body: list[Statement]) -> bool:
        """Whether an `await` stands in it."""
        return any(
            (each[0] == "call" and self.is_async(each[1]))
            or any(isinstance(part, list) and self.waits(part) for part in each)
            for each in body
        )

    def is_async(self, number: int) -> bool:
        chosen, body = self.functions[number]
        return chosen or self.waits(body)


def javascript(program: Program) -> str:
    tests: dict[str, Callable[[str, str], str]] = {
        "one": lambda one, _: one,
        "not": lambda one, _: f"!{one}",
        "and": lambda one, other: f"{one} && {other}",
        "or": lambda one, other: f"{one} || {other}",
    }
    given = ", ".join([*BOOLEANS, "x", "o"])

    def text(body: list[Statement]) -> str:
        return "{ " + " ".join(map(one, body)) + " }"

    def one(each: Statement) -> str:
        match each:
            case ("set", value):
                return f"x = {value};"
            case ("add",):
                return "x = x + 1;"
            case ("keep" | "take" | "push" | "count" as kind,):
                return {
                    "keep": "o.kept = x;",
                    "take": "x = o.kept;",
                    "push": "o.list.push(x);",
                    "count": "x = o.list.length;",
                }[kind]
            case ("choose", (kind, first, second), value):
                return f"x = ({tests[kind](first, second)}) ? {value} : x;"
            case ("return", value):
                return f"return {value};"
            case ("throw",):
                return 'throw new Error("no");'
            case ("break" | "continue" as kind,):
                return f"{kind};"
            case ("if", (kind, first, second), then, other):
                return f"if ({tests[kind](first, second)}) {text(then)}" + (
                    f" else {text(other)}" if other else ""
                )
            case ("try", how, body, handler):
                caught = f" catch {text(handler)}" if how != "finally" else ""
                return f"try {text(body)}{caught}" + (" finally { x = x + 1; }" if how != "catch" else "")
            case ("loop", body):
                return f"for (const round of [1, 2]) {text(body)}"
            case ("while", body):
                return f"for (let turn = 0; turn < 2; turn++) {text(body)}"
            case ("callback", _, body):
                return f"[1, 2].forEach((each) => {text(body)});"
            case ("call", number):
                return f"x = {'await ' if program.is_async(number) else ''}f{number}({given});"
        raise AssertionError(each)

    functions = "".join(
        f"{'async ' if program.is_async(number) else ''}function f{number}({given}) {{ {text(body)} return x; }}\n"
        for number, (_, body) in enumerate(program.functions)
    )
    chosen = ", ".join("Math.random() < 0.5" for _ in BOOLEANS)
    return (
        f"{functions}async function main({', '.join(BOOLEANS)}) {{\n  let x = 0;\n  const o = {{ kept: 0, list: [] }};\n  {text(program.body)} return x;\n}}\n"
        f"export default {{ async fetch() {{\n  const x = await main({chosen});\n"
        f"  return new Response(null, {{ status: {FIRST} + x }});\n}} }};\n"
    )


def python(program: Program) -> str:
    tests: dict[str, Callable[[str, str], str]] = {
        "one": lambda one, _: one,
        "not": lambda one, _: f"not {one}",
        "and": lambda one, other: f"{one} and {other}",
        "or": lambda one, other: f"{one} or {other}",
    }
    given = ", ".join([*BOOLEANS, "x", "o"])

    def block(body: list[Statement], indent: int) -> list[str]:
        return [line for each in body for line in one(each, indent)]

    def one(each: Statement, indent: int) -> list[str]:
        pad = "    " * indent
        match each:
            case ("set", value):
                return [f"{pad}x = {value}"]
            case ("add",):
                return [f"{pad}x = x + 1"]
            case ("keep" | "take" | "push" | "count" as kind,):
                texts = {
                    "keep": 'o["kept"] = x',
                    "take": 'x = o["kept"]',
                    "push": 'o["list"].append(x)',
                    "count": 'x = len(o["list"])',
                }
                return [pad + texts[kind]]
            case ("choose", (kind, first, second), value):
                return [f"{pad}x = {value} if {tests[kind](first, second)} else x"]
            case ("while", body):
                lines = [f"{pad}turn = 0", f"{pad}while turn < 2:", f"{pad}    turn = turn + 1"]
                return [*lines, *block(body, indent + 1)]
            case ("callback", number, body):
                lines = [f"{pad}def callback{number}(_):", f"{pad}    nonlocal x", *block(body, indent + 1)]
                return [*lines, f"{pad}for each in [1, 2]:", f"{pad}    callback{number}(each)"]
            case ("return", value):
                return [f"{pad}return {value}"]
            case ("throw",):
                return [f'{pad}raise ValueError("no")']
            case ("break" | "continue" as kind,):
                return [pad + kind]
            case ("if", (kind, first, second), then, other):
                lines = [f"{pad}if {tests[kind](first, second)}:", *block(then, indent + 1)]
                return [*lines, f"{pad}else:", *block(other, indent + 1)] if other else lines
            case ("try", how, body, handler):
                lines = [f"{pad}try:", *block(body, indent + 1)]
                if how != "finally":
                    lines += [f"{pad}except ValueError:", *block(handler, indent + 1)]
                return lines if how == "catch" else [*lines, f"{pad}finally:", f"{pad}    x = x + 1"]
            case ("loop", body):
                return [f"{pad}for _ in [1, 2]:", *block(body, indent + 1)]
            case ("call", number):
                return [f"{pad}x = {'await ' if program.is_async(number) else ''}f{number}({given})"]
        raise AssertionError(each)

    lines = ["import random", "from workers import Response, WorkerEntrypoint", ""]
    for number, (_, body) in enumerate(program.functions):
        lines.append(f"{'async ' if program.is_async(number) else ''}def f{number}({given}):")
        lines += [*block(body, 1), "    return x", ""]
    lines += [
        f"async def main({', '.join(BOOLEANS)}):",
        "    x = 0",
        KEPT,
        *block(program.body, 1),
        "    return x",
        "",
    ]
    chosen = ", ".join("random.random() < 0.5" for _ in BOOLEANS)
    lines += ["class Default(WorkerEntrypoint):", "    async def fetch(self, request):"]
    lines += [f"        x = await main({chosen})", f"        return Response(None, status={FIRST} + x)", ""]
    return "\n".join(lines)


def ran(source: str) -> set[int]:
    """What the Python form answers, for every combination of the booleans."""
    names: dict[str, Any] = {}
    text = source.split("class Default")[0].replace("from workers import Response, WorkerEntrypoint", "")
    exec(compile(text, "program", "exec"), names)
    found: set[int] = set()
    for chosen in product([True, False], repeat=len(BOOLEANS)):
        try:
            names["main"](*chosen).send(None)
        except StopIteration as end:
            found.add(FIRST + end.value)
        except ValueError:
            found.add(FAILED)
    return found


FORMS: dict[str, tuple[str, Callable[[Program], str], str]] = {
    "javascript": ("index.js", javascript, ""),
    "python": ("entry.py", python, 'compatibility_flags = ["python_workers"]\n'),
}


@pytest.mark.parametrize("language", FORMS)
def test_no_answer_is_missing(language: str, tmp_path: Path) -> None:
    main, form, flags = FORMS[language]
    unknown = 0
    for seed in range(PROGRAMS):
        program = Program(seed)
        files = {"wrangler.toml": CONFIG.format(main=main) + flags, main: form(program)}
        said = {ending.status for ending in traced(tmp_path, files, "/").predicted.endings}
        if None in said:
            unknown += 1
            continue
        assert ran(python(program)) <= said, (seed, form(program))
    assert unknown <= MOST_UNKNOWN * PROGRAMS
