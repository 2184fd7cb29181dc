"""Methods of Option and Result."""

from __future__ import annotations

import re
from typing import Any

from wslint.runtime.rust.results import (
    err,
    is_err,
    of_either,
    ok,
    opened,
    panic,
    some,
    viewed,
    where,
)
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

SURE = frozenset(
    [
        "unwrap",
        "expect",
        "unwrap_or",
        "unwrap_or_default",
        "unwrap_or_else",
        "is_some",
        "is_none",
        "is_ok",
        "is_err",
        "ok",
        "ok_or",
        "ok_or_else",
        "err",
        "map_err",
        "and_then",
        "unwrap_err",
        "expect_err",
        "is_some_and",
        "is_ok_and",
        "is_none_or",
        "map_or",
        "map_or_else",
        "or",
        "or_else",
        "and",
        "unwrap_unchecked",
        "inspect_err",
        "is_err_and",
        "transpose",
        "as_deref",
        "as_deref_mut",
    ]
)
"""Methods that only an Option or a Result has."""

SHARED = frozenset(
    {
        "map",
        "filter",
        "flatten",
        "zip",
        "inspect",
        "cloned",
        "copied",
        "take",
        "replace",
        "insert",
        "xor",
        "iter",
        "get_or_insert_with",
    }
)
"""Methods that iterators and cells have too."""


def method(host: Any, call: Invocation) -> Value:
    """A method of an Option or a Result."""
    name, span, first = call.name, call.span, call.argument(0)

    def run(*given: Value) -> Value:
        return host.call(first, list(given), span)

    match name:
        case "unwrap" | "expect" | "unwrap_unchecked":
            return opened(
                host,
                call.this,
                lambda held: held,
                lambda held: panic(host, _why(host, call, held), span),
                span,
            )
        case "unwrap_err" | "expect_err":
            return opened(host, call.this, lambda held: panic(host, "unwrap_err", span), _error, span)
        case "is_some" | "is_ok":
            return viewed(host, call.this, lambda held: True, lambda held: False)
        case "is_none" | "is_err":
            return viewed(host, call.this, lambda held: False, lambda held: True)
        case "is_some_and" | "is_ok_and":
            return opened(host, call.this, run, lambda held: False, span)
        case "is_none_or":
            return opened(host, call.this, run, lambda held: True, span)
        case "is_err_and":
            return opened(host, call.this, lambda held: False, lambda held: run(_error(held)), span)
        case "transpose":
            return host.lift(lambda held: _transposed(host, held), call.this)
        case "ok" | "as_deref" | "as_deref_mut" | "copied" | "cloned":
            return (
                call.this
                if name != "ok"
                else viewed(host, call.this, lambda held: some(host, held), lambda held: None)
            )
        case "err":
            return viewed(host, call.this, lambda held: None, lambda held: some(host, _error(held)))
        case "ok_or":
            return viewed(
                host,
                call.this,
                lambda held: ok(host, held),
                lambda held: err(first, span, _text(host, first)),
            )
        case "ok_or_else":
            return opened(
                host, call.this, lambda held: ok(host, held), lambda held: _failed(host, run(), span), span
            )
        case "map_err":
            return opened(
                host,
                call.this,
                lambda held: ok(host, held),
                lambda held: _failed(host, run(_error(held)), span),
                span,
            )
        case "inspect_err":
            return opened(
                host,
                call.this,
                lambda held: ok(host, held),
                lambda held: _after(run(_error(held)), held),
                span,
            )
        case "inspect":
            return opened(
                host, call.this, lambda held: _after(run(held), some(host, held)), lambda held: held, span
            )
        case "map":
            return opened(host, call.this, lambda held: some(host, run(held)), lambda held: held, span)
        case "and_then":
            return opened(host, call.this, run, lambda held: held, span)
        case "and":
            return opened(host, call.this, lambda held: first, lambda held: held, span)
        case "filter":
            return opened(
                host, call.this, lambda held: _kept(host, run(held), held, call), lambda held: None, span
            )
        case "unwrap_or":
            return viewed(host, call.this, lambda held: held, lambda held: first)
        case "unwrap_or_else":
            return opened(
                host,
                call.this,
                lambda held: held,
                lambda held: run() if held is None else run(_error(held)),
                span,
            )
        case "unwrap_or_default":
            return opened(host, call.this, lambda held: held, lambda held: _default(host, call), span)
        case "map_or":
            return opened(
                host,
                call.this,
                lambda held: host.call(call.argument(1), [held], span),
                lambda held: first,
                span,
            )
        case "map_or_else":
            return opened(
                host,
                call.this,
                lambda held: host.call(call.argument(1), [held], span),
                lambda held: run() if held is None else run(_error(held)),
                span,
            )
        case "or":
            return opened(host, call.this, lambda held: some(host, held), lambda held: first, span)
        case "or_else":
            return opened(
                host,
                call.this,
                lambda held: some(host, held),
                lambda held: run() if held is None else run(_error(held)),
                span,
            )
        case "iter" | "into_iter" | "iter_mut":
            from wslint.runtime.rust.iterators import iterator

            return opened(
                host, call.this, lambda held: iterator([held], span), lambda held: iterator([], span), span
            )
        case "flatten":
            return viewed(host, call.this, lambda held: held, lambda held: held)
    return Unknown(f"`{name}`", span)


def _why(host: Any, call: Invocation, held: Value) -> str:
    first = host.known(call.argument(0))
    if call.name == "expect" and isinstance(first, str):
        return first
    return (
        "unwrap of an `Err`"
        if is_err(held) and not of_either(held)
        else "unwrap of a `None`"
        if held is None
        else "unwrap"
    )


def _default(host: Any, call: Invocation) -> Value:
    """What stands for nothing: the default of the type, where the code names it."""
    from wslint.runtime.rust import defaults

    wanted = host.known(call.keywords.get("type", ""))
    if isinstance(wanted, str) and wanted:
        return defaults.of_type(host, wanted, call.unit, call.span)
    return "" if _is_text(call.span) else Unknown("the type's default", call.span)


def _is_text(span: Any) -> bool:
    """Whether it is an Option of a text: the source says so."""
    return re.search(r"\bheaders\(\)\s*\.get\(|\.param\(|\.query\(\)", span.text) is not None


def _transposed(host: Any, held: Value) -> Value:
    """An Option of a Result becomes a Result of an Option, or the other way round."""
    if held is None:
        return Object("Ok", {"value": None})
    if isinstance(held, Object) and held.kind == "Some":
        return viewed(host, held.slots["value"], lambda one: ok(host, some(host, one)), lambda one: one)
    if isinstance(held, Object) and held.kind == "Ok":
        return viewed(host, held.slots["value"], lambda one: some(host, ok(host, one)), lambda one: one)
    return some(host, held) if is_err(held) else held


def _error(held: Value) -> Value:
    return held.slots["value"] if is_err(held) else UNDEFINED


def _failed(host: Any, value: Value, span: Any) -> Value:
    return err(value, span, _text(host, value))


def _text(host: Any, value: Value) -> str:
    held = host.known(value)
    return held if isinstance(held, str) else host.words_of(held)


def _after(ran: Value, value: Value) -> Value:
    return value


def _kept(host: Any, truth: Value, value: Value, call: Invocation) -> Value:
    return where(host, truth, call.span, lambda: some(host, value), lambda: None)
