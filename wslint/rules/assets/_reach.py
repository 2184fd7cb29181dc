"""Which paths can lead to a place in the code: more than do, never fewer."""

from __future__ import annotations

import re

from wslint.project.handshakes import rewritten_urls, urls_of
from wslint.regex import regex
from wslint.source.flow.uses import Forward, Use
from wslint.source.flow.values import BindingValue, PathTest, RequestValue, Stub, Value
from wslint.source.routes import ANY, Shape, meet, shapes, tests_at
from wslint.upgrade import in_worker, target_of
from wslint.worker import Worker

_INLINE = 600
"""A route's own handler begins within so many bytes of its pattern."""

_ADDRESS = regex(r"https?://[^/?#]*(?P<path>/[^?#]*)?(?P<rest>.*)", re.S)

Constraint = tuple[list[Shape], PathTest]


def constraints(worker: Worker, use: Use) -> list[Constraint]:
    """The tests of the path that all stand before a use, in its own function.

    A helper is entered once for the same arguments, so tests in its callers may be those of one caller.
    """
    function, rewritten = use.where.function, rewritten_urls(worker)
    found: list[Constraint] = []
    for test in tests_at(use.where):
        if function is None or test.span.file is not use.span.file or urls_of(test) & rewritten:
            continue
        inside = function.start <= test.span.start and test.span.end <= function.end
        inline = test.kind == "pattern" and 0 <= function.start - test.span.end <= _INLINE
        paths = shapes(test) if inside or inline else None
        if paths:
            found.append((paths, test))
    return found


def forwarded(worker: Worker, use: Use, forward: Forward) -> list[Constraint] | None:
    """The paths on which a Durable Object gets a forwarded request; None when they may be any."""
    if forward.argument == "request":
        return constraints(worker, use) or None
    if forward.argument == "text" and forward.text is not None:
        match = _ADDRESS.fullmatch(forward.text)
        if match is None:
            return None
        whole = len(forward.arguments[0]) == 1 and not hasattr(forward.arguments[0][0], "parts")
        path = match["path"] or ("/" if whole else "")
        shape = tuple(path) if whole or match["rest"] else (*path, ANY)
        test = PathTest(forward.argument_span or use.span, "is", path)
        return [([shape], test)]
    return None


def apart(some: list[Constraint], others: list[Constraint]) -> tuple[PathTest, PathTest] | None:
    """Two tests that no path passes both."""
    for paths, test in some:
        for other_paths, other in others:
            if not any(meet(one, two) for one in paths for two in other_paths):
                return test, other
    return None


def all_answers(worker: Worker) -> list[Use] | None:
    """Every place in the Worker where a handshake may be answered; None when there may be others."""
    flow = worker.flow
    if flow is None or not flow.complete:
        return None
    found: list[Use] = []
    for use in flow.uses:
        if not in_worker(worker, use):
            continue
        if use.action == "respond" and use.response is not None and use.response.socket:
            found.append(use)
        elif use.action == "escape" and isinstance(use.value, RequestValue):
            return None
        elif use.action == "fetch" and use.forward is not None and use.forward.upgrade != "no":
            if target_of(worker, use.value) is None and not _is_assets(worker, use.value):
                return None
            if not _is_assets(worker, use.value):
                found.append(use)
    return found


def _is_assets(worker: Worker, value: Value | None) -> bool:
    assets = worker.config.value("assets")
    name = assets.get("binding") if assets is not None else None
    namespace = value.namespace if isinstance(value, Stub) else None
    return isinstance(namespace, BindingValue) and name is not None and namespace.name == name.string


def takes(paths: list[Constraint], path: str) -> bool:
    """Whether a path may pass all tests, whatever its letters' case and with or without a `/` at its end."""
    variants = [tuple(each.lower()) for each in (path, path.rstrip("/"), f"{path}/")]
    return all(
        any(meet(_lower(shape), variant) for shape in shapes_ for variant in variants) for shapes_, _ in paths
    )


def _lower(shape: Shape) -> Shape:
    return tuple(piece.lower() for piece in shape)
