"""`ctx.container` of a Durable Object: there for the classes that the configuration gives a container, undefined for all
others. Source: https://developers.cloudflare.com/durable-objects/api/container/."""

from __future__ import annotations

from typing import Any

from wslint.runtime import outside, promise
from wslint.runtime.model import Model
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

CONTAINER = Model("Container")
PORT = Model("Container port")


def of(context: Object, span: Span) -> Value:
    """The container of the object whose context this is."""
    worker, name = context.extra, context.slots.get("class")
    if worker is None or name is None:
        return Unknown("the object's container", span)
    config = worker.config
    if any(entry.name == name and entry.entry.value.get("container") is not None for entry in config.exports):
        return Object("Container", {}, span)
    listed = config.value("containers")
    if listed is None:
        return UNDEFINED
    names = [table.get("class_name") for table in listed.tables()]
    if any(value is not None and value.string == name for value in names):
        return Object("Container", {}, span)
    is_known = all(value is not None and value.string is not None for value in names)
    return UNDEFINED if is_known else Unknown("the object's container", span)


@CONTAINER.getter("running")
def _running(host: Any, container: Object, span: Any) -> Value:
    return Unknown("whether the container runs", span, "world")


@CONTAINER.method("start", "signal")
def _told(host: Any, call: Invocation) -> Value:
    return UNDEFINED


@CONTAINER.method("getTcpPort")
def _port(host: Any, call: Invocation) -> Value:
    return Object("Container port", {}, call.span)


@PORT.method("fetch")
def _fetch(host: Any, call: Invocation) -> Value:
    """What the program in the container answers; it fails while nothing listens there."""
    return outside.asked(host, call, "the container")


@CONTAINER.method("monitor", "destroy")
def _waited(host: Any, call: Invocation) -> Value:
    return promise.made(Unknown("how the container ends", call.span, "world"), call.span, "the container")
