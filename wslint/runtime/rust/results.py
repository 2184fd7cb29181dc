"""Option, Result and cells as values.

`None` is `None` and `Some(x)` is x, `Ok(x)` is x; `Err` is a value of its own. Where x itself is not known, `None`
or an `Err`, it stands in a wrapper, so that `Some(None)` is not `None` and `Ok` of something unknown surely no `Err`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.runtime import promise, words
from wslint.runtime.model import Model
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import Choice, OneOf, Owner, Unknown, Value

if TYPE_CHECKING:
    from wslint.machine import machine, statements
else:
    machine = Late("wslint.machine.machine")
    statements = Late("wslint.machine.statements")

SOME = Model("Some")
OK = Model("Ok")
ERR = Model("Err")
CELL = Model("Cell")
FUTURE = Model("Future")
"""What an `async fn` gives: nothing of it runs before it is awaited. `extra` is what runs then."""

WRAPPERS = frozenset({"Some", "Ok"})


def some(host: Any, value: Value) -> Value:
    return host.lift(lambda held: _wrapped("Some", held), value)


def ok(host: Any, value: Value) -> Value:
    return host.lift(lambda held: _wrapped("Ok", held), value)


def _wrapped(kind: str, held: Value) -> Value:
    if (
        held is None
        or isinstance(held, Unknown)
        or (isinstance(held, Object) and held.kind in ("Some", "Ok", "Err"))
    ):
        return Object(kind, {"value": held})
    return held


def err(value: Value, span: Span | None, text: str = "") -> Object:
    return Object("Err", {"value": value, "text": text}, span)


def is_err(value: Value) -> bool:
    return isinstance(value, Object) and value.kind == "Err"


def is_failed(value: Value) -> bool:
    return value is None or is_err(value)


def of_either(value: Value) -> bool:
    """Whether an `Err` stands for one or a `None`: something unknown that is neither `Some` nor `Ok`."""
    return isinstance(value, Object) and value.extra == "either"


def fails(host: Any, value: Unknown, span: Span | None) -> Choice:
    """The choice whether something that is not known is `None` or `Err` (case 1)."""
    choice = value.known.get("fails")
    if choice is None:
        what = _said(span or value.place) or value.why or "it"
        words = {1: f"{what} is `None` or `Err`", 2: f"{what} is `Some` or `Ok`"}
        choice = value.known["fails"] = Choice(value.owner, span or value.place, words, 3, value.why)
    return choice


def _said(span: Span | None) -> str:
    return f"`{machine.snippet(span, 40)}`" if span is not None else ""


def failure(value: Unknown) -> Object:
    held = value.known.get("failure")
    if held is None:
        held = value.known["failure"] = Object(
            "Err", {"value": value.derived("the error", f"the error of {value.why}")}, value.place, "either"
        )
    return held


def inner(value: Unknown) -> Unknown:
    return value.derived("the value", value.why)


def deref(host: Any, value: Value) -> Value:
    """What is in a cell; the value is no `OneOf`, what is given may be."""
    while isinstance(value, Object) and value.kind == "Cell":
        value = host.known(value.slots["value"])
    return value


def opened(
    host: Any, value: Value, good: Callable[[Value], Value], bad: Callable[[Value], Value], span: Span | None
) -> Value:
    """`good` of what a `Some` or `Ok` holds, `bad` of a `None` or `Err`."""

    def one(held: Value) -> Value:
        if isinstance(held, Object) and held.kind == "Cell":
            return opened(host, held.slots["value"], good, bad, span)
        if is_failed(held):
            return bad(held)
        if isinstance(held, Object) and held.kind in WRAPPERS:
            return good(host.known(held.slots["value"]))
        if isinstance(held, Unknown):
            sides = [(2, lambda: good(inner(held))), (1, lambda: bad(failure(held)))]
            return host.fork(fails(host, held, span), sides)
        return good(held)

    return host.each(value, one)


def owner_of(held: Object) -> Owner:
    """Who decides what an open collection holds."""
    owner = held.slots.get("open")
    return "client" if owner == "client" else "world" if owner == "world" else "unread"


def where(
    host: Any, truth: Value, span: Span | None, yes: Callable[[], Value], no: Callable[[], Value]
) -> Value:
    """`yes` where a condition holds, else `no`."""

    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            return host.fork(host.truth_choice(held, span), [(1, yes), (2, no)])
        return yes() if held is True else no()

    return host.each(truth, one)


def viewed(host: Any, value: Value, good: Callable[[Value], Value], bad: Callable[[Value], Value]) -> Value:
    """The same for pure functions: no side runs on its own."""

    def one(held: Value) -> Value:
        if isinstance(held, Object) and held.kind == "Cell":
            return viewed(host, held.slots["value"], good, bad)
        if is_failed(held):
            return bad(held)
        if isinstance(held, Object) and held.kind in WRAPPERS:
            return host.lift(good, held.slots["value"])
        if isinstance(held, Unknown):
            return OneOf(fails(host, held, held.place), ((1, bad(failure(held))), (2, good(inner(held)))))
        return good(held)

    return host.lift(one, value)


def bare(host: Any, value: Value) -> Value:
    """A value without wrappers and cells, as what is not Rust sees it."""

    def one(held: Value) -> Value:
        if isinstance(held, Object) and held.kind in ("Some", "Ok", "Cell"):
            return bare(host, held.slots["value"])
        return held

    return host.lift(one, value)


def attempt(host: Any, run: Callable[[], Value]) -> Value:
    """A call of the runtime as the worker crate gives it: what it throws is an `Err`."""

    def one(held: Value) -> Value:
        if isinstance(held, promise.Rejected):
            statements.mark_caught(held.value)
            return err(held.value, held.span, held.text)
        return ok(host, held)

    return host.each(promise.caught(host, run), one)


def future(span: Span | None, run: Callable[[Any, Span | None], Value]) -> Object:
    return Object("Future", {}, span, run)


def ready(host: Any, span: Span, run: Callable[[], Value]) -> Object:
    """The future of a call of the runtime: awaited, it gives a Result."""
    return future(span, lambda machine, at: attempt(machine, lambda: machine.awaited(run(), at or span)))


def panic(host: Any, why: str, span: Span | None) -> Value:
    """A panic: the wasm module traps, nothing of the code catches it."""
    said = f" ({why})" if why else ""
    host.throw(f"{words.PANIC}{said}", span)


def answered(host: Any, value: Value, span: Span | None) -> Value:
    """What a handler's Result becomes for the runtime: an `Err` is thrown."""

    def bad(held: Value) -> Value:
        error = host.known(held.slots["value"]) if is_err(held) else Unknown("an error")
        text = (
            held.slots.get("text") or (error if isinstance(error, str) else host.words_of(error))
            if is_err(held)
            else ""
        )
        host.leave("throw", error, held.place if is_err(held) else span, text or "the handler gives an `Err`")

    def good(held: Value) -> Value:
        return held

    return opened(host, value, good, bad, span)
