"""Tags: whether what a socket is tagged with is ever what is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wslint.play.laws import class_span
from wslint.play.life import Life
from wslint.record import frozen
from wslint.text import Span
from wslint.values.event import Accepted, Event, Looked
from wslint.values.heap import Object
from wslint.values.value import Unknown, Value, leaves

HOLE = object()
"""The place of something that is not known in a text."""

_DEEPEST = 8
_TAKES_CAPITALS = re.compile(r"\\w|\\S|\.|\[\^|A-Z")
_CHECKS = frozenset({"test", "match", "search", "fullmatch", "islower", "isupper", "is_ascii_lowercase"})

Form = tuple[Any, ...]


@frozen
class OtherCase:
    """Sockets that are asked for as the client writes a name, while their tags are in lower or upper case."""

    case: str
    place: Span
    given: Span | None
    within: Span


def other_case(life: Life) -> Iterator[OtherCase]:
    """Tags that are given in one case, and asked for as a client writes them."""
    given = _given(life)
    if given is None:
        return
    asked = [event for event in life.machine.events if isinstance(event, Looked)]
    if any("case" in part.known for event in asked for leaf in leaves(event.tag) for part in _form(leaf)[1]):
        return  # somebody asks in that case too
    seen: set[Any] = set()
    for event in asked:
        for leaf in leaves(event.tag):
            form, parts = _form(leaf)
            tags = given.get(form, [])
            cases = {part.known.get("case") for tag, _ in tags for part in tag}
            if len(cases) != 1 or None in cases or event.place is None or event.place in seen:
                continue
            if _is_ordinary(event) and all(_is_as_written(part) for part in (leaf, *parts)):
                seen.add(event.place)
                yield OtherCase(str(cases.pop()), event.place, tags[0][1], class_span(life))


@frozen
class NeverGiven:
    """Sockets that are asked for by a tag that none is given."""

    tag: str
    place: Span
    given: tuple[str, ...]


def never_given(life: Life, accepts: set[tuple[str, int]]) -> Iterator[NeverGiven]:
    """Tags that are asked for and that no handshake gives, whatever the client asks for. `accepts` are the places, by file
    and offset, at which the class's code accepts: each must have been played, on a path that nothing rests on."""
    events = [one for one in life.machine.events if isinstance(one, Accepted) and one.how == "hibernate"]
    played = {(one.place.file.name, one.place.start) for one in events if one.place is not None}
    forms = _forms(events)
    if life.machine.looked_at_path or forms is None or not accepts or not accepts <= played:
        return
    patterns = [
        re.compile("".join(".*" if part is HOLE else re.escape(part) for part in form), re.S)
        for form in forms
    ]
    known = tuple(sorted({"".join("…" if part is HOLE else part for part in form) for form in forms}))
    seen: set[Any] = set()
    for event in life.machine.events:
        if not isinstance(event, Looked) or not isinstance(event.tag, str) or event.place is None:
            continue
        if event.place not in seen and not any(one.fullmatch(event.tag) for one in patterns):
            seen.add(event.place)
            yield NeverGiven(event.tag, event.place, known)


def _forms(events: list[Accepted]) -> set[Form] | None:
    """The tags that sockets are given, as their fixed parts; None where not all are known."""
    found: set[Form] = set()
    for event in events:
        for tags in leaves(event.tags):
            if isinstance(tags, Unknown) or (
                isinstance(tags, Object) and (tags.slots.get("open") or "escaped" in tags.slots)
            ):
                return None
            for items in leaves(tags.slots.get("items", ())) if isinstance(tags, Object) else ():
                if not isinstance(items, tuple):
                    return None
                for leaf in (leaf for item in items for leaf in leaves(item)):
                    form = _form(leaf)[0]
                    if not form and leaf != "":
                        return None
                    found.add(form)
    return found


def _given(life: Life) -> dict[Form, list[tuple[list[Unknown], Span | None]]] | None:
    """The tags that sockets are given, by form; None where not all are known."""
    found: dict[Form, list[tuple[list[Unknown], Span | None]]] = {}
    for event in life.machine.events:
        if not isinstance(event, Accepted) or event.how != "hibernate":
            continue
        for tags in leaves(event.tags):
            if not isinstance(tags, Object):
                if isinstance(tags, Unknown):
                    return None
                continue
            if tags.slots.get("open") or "escaped" in tags.slots:
                return None
            for items in leaves(tags.slots.get("items", ())):
                for item in items if isinstance(items, tuple) else ():
                    for leaf in leaves(item):
                        form, parts = _form(leaf)
                        if parts:
                            found.setdefault(form, []).append((parts, event.place))
    return found


def _form(value: Value) -> tuple[Form, list[Unknown]]:
    """A text as its fixed parts and what is not known between them."""
    if not isinstance(value, Unknown):
        return (value,) if isinstance(value, str) else (), []
    parts = value.known.get("parts")
    if parts is None:
        return (HOLE,), [value]
    form: Form = ()
    unknown: list[Unknown] = []
    for part in parts:
        inner, more = _form(part)
        form += inner
        unknown += more
    return tuple(part for part in form if part != ""), unknown


def _is_ordinary(event: Event) -> bool:
    """Whether nothing but the client's own choices lead there."""
    return all(choice.owner != "unread" for choice, _ in event.path.conditions())


def _is_as_written(part: Unknown) -> bool:
    """Whether something is a piece of a message that may have capitals in it, and nothing has looked whether it has."""
    root = part.known.get("root", part)
    if part.owner != "client" or "message" not in root.known or "case" in part.known:
        return False
    way = _way(root, part, 0)
    if way is None:
        return False
    for key, thing in way:
        if isinstance(key, tuple) and key[0] == "exec" and not _TAKES_CAPITALS.search(str(key[1][0])):
            return False
        for asked in thing.known:
            name = asked[1] if isinstance(asked, tuple) and asked[0] == "call" else asked
            name = name[0] if isinstance(name, tuple) and name else name
            if name in _CHECKS:
                return False
    return True


def _way(at: Unknown, wanted: Unknown, depth: int) -> list[tuple[Any, Unknown]] | None:
    """How one thing was made of another: each step's key and what it gave."""
    if at is wanted:
        return [(None, at)]
    if depth >= _DEEPEST:
        return None
    for key, held in at.known.items():
        if isinstance(held, Unknown) and held is not at.known.get("root"):
            rest = _way(held, wanted, depth + 1)
            if rest is not None:
                return [(None, at), (key, held), *rest[1:]]
    return None
