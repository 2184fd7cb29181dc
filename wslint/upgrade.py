"""Questions about the handshake: which class a forward reaches, and what that class answers.

The facts come from `source.flow`; the configuration says what a binding stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wslint.record import frozen
from wslint.regex import regex
from wslint.source import tree
from wslint.source.flow.uses import ClassFlow, Fact, Forward, Use
from wslint.source.flow.values import (
    BindingValue,
    Certainty,
    Collection,
    ContextExport,
    End,
    HandlerSocket,
    Pair,
    PathTest,
    Pending,
    ResponseValue,
    Stub,
    Value,
)
from wslint.text import Span
from wslint.worker import Worker


@frozen
class Target:
    """The Durable Object class behind a stub: its name, the Worker that has it, and its flow if read."""

    class_name: str
    worker: Worker | None
    flow: ClassFlow | None


def durable_classes(worker: Worker) -> Iterator[ClassFlow]:
    """The classes of this Worker that run as Durable Objects: bound, created, or by their base."""
    flow = worker.flow
    if flow is None:
        return
    for cls in flow.classes.values():
        if cls.is_durable == "yes":
            yield cls


def target_of(worker: Worker, value: Value | None) -> Target | None:
    """What a stub or namespace reaches; None when it is no Durable Object of a known binding."""
    namespace = value.namespace if isinstance(value, Stub) else value
    if isinstance(namespace, ContextExport):
        return Target(namespace.class_name, worker, _class_flow(worker, namespace.class_name))
    if not isinstance(namespace, BindingValue):
        return None
    for binding in worker.config.durable_objects:
        if (
            binding.name is not None
            and binding.name.string == namespace.name
            and binding.class_name is not None
        ):
            name = binding.class_name.string or ""
            if worker.config.is_local(binding):
                return Target(name, worker, _class_flow(worker, name))
            owners = worker.workspace.owner(worker, binding)
            owner = owners[0] if len(owners) == 1 else None
            return Target(name, owner, _class_flow(owner, name) if owner else None)
    return None


def upgrade_target(worker: Worker, forward: Forward) -> Target | None:
    """What answers a handshake that is forwarded: the class behind a stub, or the class to which the Worker behind a
    service binding hands on the handshakes of the same paths."""
    target = target_of(worker, forward.target)
    service = forward.target
    if target is not None or not isinstance(service, Stub) or service.id:
        return target
    behind = _service(worker, service)
    if behind is None or behind is worker or any(in_worker(behind, use) for use, _ in pairs(behind)):
        return None
    sent = [use for use, made in _sent(worker) if made is forward]
    elsewhere = any(made is not forward and made.upgrade != "no" for _, made in _sent(worker))
    onwards = [(use, made) for use, made in _sent(behind) if made.upgrade != "no"]
    if elsewhere or len(sent) != 1 or len(onwards) != 1 or not is_returned(behind, onwards[0][1]):
        return None
    if any(fact not in ("is-upgrade", "on-path", "off-path") for fact, _ in sent[0].where.facts):
        return None
    target = target_of(behind, onwards[0][0].value)
    if target is None or target.flow is None:
        return None
    here, there = _paths(sent[0], "on-path"), _paths(onwards[0][0], "on-path")
    answers = [use for use in target.flow.uses if use.response is not None and use.response.socket]
    at_every_path = not any(_paths(use, "on-path", "off-path") for use in (onwards[0][0], *answers))
    return target if not here or here & there or at_every_path else None


def _paths(use: Use, *wanted: Fact) -> set[tuple[str, str]]:
    """The tests of the path that hold, or failed, at a place."""
    return {(of.kind, of.text) for fact, of in use.where.facts if fact in wanted and isinstance(of, PathTest)}


def _sent(worker: Worker) -> Iterator[tuple[Use, Forward]]:
    """Where code fetches from a binding."""
    for use in worker.flow.uses if worker.flow else ():
        if use.action == "fetch" and use.forward is not None and use.value is not None:
            yield use, use.forward


def _service(worker: Worker, stub: Stub) -> Worker | None:
    """The one Worker of the workspace whose default entrypoint a service binding leads to."""
    for binding in worker.config.bindings:
        if (
            binding.kind == "services"
            and isinstance(stub.namespace, BindingValue)
            and binding.name == stub.namespace.name
        ):
            name, entrypoint = binding.value.get("service"), binding.value.get("entrypoint")
            found = worker.workspace.workers_by_name.get(name.string or "", []) if name is not None else []
            return found[0] if len(found) == 1 and entrypoint is None else None
    return None


def _class_flow(worker: Worker, name: str) -> ClassFlow | None:
    """The flow of an exported class, under the name that its declaration has."""
    if worker.flow is None or worker.source is None:
        return None
    fact = worker.source.exports.get(name)
    declared = fact.cls.name if fact is not None and fact.cls is not None else name
    return worker.flow.classes.get(declared)


def answers_upgrade(cls: ClassFlow) -> Certainty:
    """Whether a class answers handshakes itself: it makes a pair and returns an end of it."""
    if any(use.action == "respond" and use.response is not None and use.response.socket for use in cls.uses):
        return "yes"
    if not cls.base_known:
        return "unknown"
    return "no"


def forwards(worker: Worker) -> Iterator[tuple[Use, Forward, Target]]:
    """Every fetch of a Durable Object's stub, with what it reaches."""
    for use in worker.flow.uses if worker.flow else ():
        if use.action == "fetch" and use.forward is not None:
            target = target_of(worker, use.value)
            if target is not None:
                yield use, use.forward, target


def forwarded_upgrade(worker: Worker, value: Value | None) -> Certainty:
    """Whether a Response value may be the 101 of a Durable Object's handshake."""
    if not isinstance(value, ResponseValue) or not isinstance(value.forward, Forward):
        return "no"
    target = upgrade_target(worker, value.forward)
    if target is None or target.flow is None:
        return "unknown"
    answers = answers_upgrade(target.flow)
    if answers != "yes":
        return answers
    if value.forward.upgrade == "yes" and _has_another_way(worker, value.forward, target):
        return "unknown"  # handshakes may take the other one: by path, say
    return value.forward.upgrade


def _has_another_way(worker: Worker, forward: Forward, target: Target) -> bool:
    """Whether another place forwards handshakes to the same class."""
    return any(
        other.span != forward.span and to.class_name == target.class_name and other.upgrade != "no"
        for _, other, to in forwards(worker)
    )


def pairs(worker: Worker) -> Iterator[tuple[Use, Pair]]:
    """Every WebSocketPair that the code makes."""
    for use in worker.flow.uses if worker.flow else ():
        if use.action == "pair" and isinstance(use.value, Pair):
            yield use, use.value


def accepted(worker: Worker, end: End) -> Sequence[Use]:
    """Where an end is accepted, either way."""
    assert worker.flow is not None
    return worker.flow.of(end, "accept", "hibernate")


_ACCEPTS = regex(rb"\baccept\s*\(|[aA]ccept_?[wW]eb_?[sS]ocket|['\"`]accept['\"`]")


def never_accepted(worker: Worker, end: End) -> bool:
    """Whether surely no code accepts an end: it is not given away, and where it is kept nobody accepts sockets."""
    flow = worker.flow
    if flow is None or not flow.complete or worker.source is None or accepted(worker, end):
        return False
    if flow.of(end, "escape", "return") or flow.of(end.pair, "escape", "return", "store"):
        return False
    return not flow.of(end, "store") or (worker.source.language != "rust" and not _accepts_kept(worker, end))


def _accepts_kept(worker: Worker, end: End) -> bool:
    """Whether some accept in the code may be one of sockets that were kept: of anything but another pair's end."""
    assert worker.flow is not None and worker.source is not None
    uses = [use for use in worker.flow.uses if use.action in ("accept", "hibernate")]
    others = [use.span for use in uses if isinstance(use.value, End) and use.certain]
    open_places = {use.span for use in uses if not isinstance(use.value, End) or not use.certain}
    for file in worker.source.files:
        for found in _ACCEPTS.finditer(file.data):
            known = [span for span in others if span.file is file and span.start <= found.start() < span.end]
            if not known or any(span in open_places for span in known):
                return True
    return False


def reaches_upgrade(use: Use, response: Value | None = None) -> bool:
    """Whether code may run for a handshake: no condition around it says that the request is a plain one
    or that the response has no socket."""
    return not (
        use.where.holds("is-plain") or (response is not None and use.where.holds("no-socket", response))
    )


def exclusive(one: Use, other: Use) -> bool:
    """Whether two uses stand in different branches of one condition, so that never both run."""
    return any(
        mine != theirs
        for test, mine in (*one.where.branches, *one.where.passed)
        for same, theirs in (*other.where.branches, *other.where.passed)
        if test == same
    )


def failed_checks(worker: Worker, use: Use) -> Iterator[ResponseValue]:
    """The fetched responses that a condition around `use` found not `ok` or not of a wanted status."""
    seen: set[int] = set()
    if not use.where.holds("not-ok"):
        return
    for fetch in worker.flow.uses if worker.flow else ():
        value = fetch.value
        if isinstance(value, ResponseValue) and id(value) not in seen and use.where.holds("not-ok", value):
            seen.add(id(value))
            yield value


def swapped_entries(worker: Worker) -> Iterator[tuple[Span, tree.Function, str]]:
    """The Worker's `fetch` functions whose first parameter is called `env` and whose second is called after the
    request: where the two stand, the function, and the second one's name."""
    for span, function in worker.flow.entries if worker.flow else ():
        patterns = [parameter.pattern for parameter in function.parameters[:2]]
        names = [pattern.name if isinstance(pattern, tree.Name) else "" for pattern in patterns]
        if len(names) == 2 and names[0] == "env" and names[1] in ("request", "req"):
            yield Span(span.file, patterns[0].start, patterns[1].end), function, names[1]


def is_returned(worker: Worker, forward: Forward, function: tree.Function | None = None) -> bool:
    """Whether the response of a forward leaves the handler that made it; or leaves `function`, when given."""
    for use in worker.flow.uses if worker.flow else ():
        if function is not None and use.where.function is not function:
            continue
        if use.action == "return" and use.where.handler in ("fetch", "on_fetch"):
            value = use.value
            inner = value.inner if isinstance(value, Pending) else (value,)
            if any(isinstance(item, ResponseValue) and item.forward is forward for item in inner):
                return True
    return False


def carriers(worker: Worker) -> Iterator[tuple[str, Certainty]]:
    """For each forward the class that it reaches and whether it carries the Upgrade header."""
    for _, forward, target in forwards(worker):
        yield target.class_name, forward.upgrade


def in_worker(worker: Worker, use: Use) -> bool:
    """Whether a use belongs to the Worker itself, not to a Durable Object."""
    if use.where.cls is None:
        return True
    cls = worker.flow.classes.get(use.where.cls) if worker.flow else None
    return cls is not None and cls.is_durable == "no"


def module_broadcasts(worker: Worker) -> Iterator[tuple[Use, str]]:
    """Where a socket goes into a collection of a module to whose sockets code sends, with its name."""
    flow = worker.flow
    sent = {
        (use.value.span.file.path, use.value.span.start)
        for use in (flow.uses if flow else ())
        if use.action == "send" and isinstance(use.value, HandlerSocket) and use.value.origin == "list"
    }
    for use in flow.uses if flow else ():
        if use.action == "store" and isinstance(use.kept_in, Collection) and use.kept_in.place == "module":
            made = use.kept_in.span
            if isinstance(use.value, (End, HandlerSocket)) and (made.file.path, made.start) in sent:
                yield use, use.kept_in.name
