"""Python Workers: the language's own semantics and built-ins, and the SDK's names over the runtime's objects.

What the machine asks stands here; NotImplemented says that its own way is the right one.
"""

from __future__ import annotations

from typing import Any

from wslint.runtime.python import (
    arguments,
    builtins,
    classes,
    containers,
    control,
    errors,
    managers,
    members,
    operators,
    sdk,
    stdlib,
    texts,
)
from wslint.runtime.python.arguments import bind, receiver, spread
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Value

asked = operators.asked
attribute = control.attribute
attribute_index = control.attribute_index
awaited = control.awaited
binary = operators.binary
coroutine = sdk.coroutine
comprehension = control.comprehension
construct = classes.construct
decorated = classes.decorated
delete = containers.delete
fail = errors.fail
handle = control.handle
identity = control.identity
initialise = classes.initialise
instance_test = control.instance_test
item = members.item
line = classes.line
managed = managers.managed
setter_of = classes.setter_of
written = texts.written
given_defaults = arguments.given_defaults
method = members.method
raised = errors.raised
read = members.read
read_statics = classes.read_statics
rounds = control.rounds
runtime_base = classes.runtime_base
settle = sdk.settle
shown = texts.shown
slice_of = control.slice_of
unpack = control.unpack


def call(host: Any, target: Any, given: Invocation) -> Value:
    """A call of a name from outside the project: a built-in, the standard library, the SDK, JavaScript's own."""
    specifier, name = target.specifier, target.name
    if specifier == "" and given.name != "super":
        found = builtins.called(host, name, _named(given, name))
        if found is not NotImplemented or not name.startswith("js."):
            return found
    if specifier in ("js", "workers", "cloudflare:workers"):
        return sdk.called(host, "workers" if specifier == "workers" else "js", name, _named(given, name))
    return stdlib.called(host, specifier, name, _named(given, name))


def _named(given: Invocation, name: str) -> Invocation:
    return Invocation(
        name, given.this, given.arguments, given.span, given.keywords, given.new, given.open, given.unit
    )


def contains(host: Any, holder: Object, key: Value, span: Span) -> Value:
    """`key in holder`."""
    return containers.contains(host, holder, key, span)


def formatted(host: Any, operator: str, value: Value, how: Value, span: Span) -> Value:
    """A value in an f-string with a format or `!r`."""
    if operator == "repr":
        return host.lift(lambda held: texts.represented(host, held, span), value)
    return host.lift(lambda held, given: texts.formatted(host, held, given, span), value, how)


def attribute_of(host: Any, instance: Object, name: str, span: Span) -> Value:
    """`instance.name`; undefined where there is none."""
    from wslint.machine.members import filled

    found = classes.attribute(host, instance, name, span)
    return UNDEFINED if found is ABSENT else filled(found, lambda: UNDEFINED)


def super_attribute(host: Any, owner: Any, this: Value, name: str, span: Span) -> Value:
    """`super().name`."""
    if isinstance(this, Object) and this.kind == "Instance":
        found = classes.attribute(host, this, name, span, owner)
        return UNDEFINED if found is ABSENT else found
    return UNDEFINED


__all__ = ["ABSENT", "bind", "call", "receiver", "spread"]
