"""What must hold of every life: the questions that rules ask of its plays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from wslint.machine import calls, rust
from wslint.machine.control import Dead
from wslint.machine.scope import ClassValue
from wslint.play.ending import Condition, Ending
from wslint.play.life import AGAIN, CLOSE, CLOSING, SILENT, Compared, Life
from wslint.play.listeners import CLOSE_WORDS, LOST
from wslint.play.outputs import compatible, counts_leaver, same_place, when
from wslint.record import frozen
from wslint.runtime import words
from wslint.runtime.context import Gated
from wslint.runtime.rust.standard import PARSED
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.values.event import Attached, Cleared, Closed, Event, Gap, Raised, Read, Stored, Timer
from wslint.values.heap import Object, Path
from wslint.values.value import Choice, Unknown, Value, feasible, leaves

if TYPE_CHECKING:
    from wslint.worker import Worker

EVICTED_AFTER = 10_000
"""Milliseconds without work after which an object may be evicted."""

MESSAGES = ("message", "message of the second client")
CLOSES = (CLOSING, SILENT)


def automatic_answers(worker: Worker) -> list[tuple[str, Span]]:
    """The texts that the runtime answers by itself, each with the call that says so; empty where one is not known."""
    machines = [life.machine for life in worker.lives if life.hibernates]
    found: dict[Span, str] = {}
    for event in (event for machine in machines for event in machine.events):
        if not isinstance(event, Gated) or event.name != "setWebSocketAutoResponse" or event.place is None:
            continue
        for pair in leaves(event.value):
            asked = pair.slots.get("request") if isinstance(pair, Object) else None
            if not isinstance(asked, str):
                return []
            found[event.place] = asked
    return [(text, place) for place, text in found.items()]


def raised_in(life: Life, text: str) -> Iterator[Raised]:
    """Where the runtime throws these words at the code of a class, and nobody catches it."""
    for event in life.machine.events:
        if not isinstance(event, Raised) or event.text != text or event.caught or not event.by_runtime:
            continue
        if all(step.choice is None or step.choice.owner != "unread" for step in event.path.steps()):
            yield event


def line(life: Life) -> list[ClassValue]:
    """The class and its bases, as far as they can be told."""
    with suppress(Dead):
        return list(calls.line(life.machine, life.cls))
    return [life.cls]


# Handlers


@frozen
class Failure:
    """A handler that throws on what a client does."""

    text: str
    place: Span
    when: str
    scene: str
    within: Span
    odd: bool = False
    """Whether only messages do it that clients of the project's own hardly send. A panic of Rust ends more than a
    handler: there it never is."""


SECOND = "second client"
"""The scene of a client that comes with the address of one who is connected."""


def throwing(life: Life, names: Sequence[str]) -> Iterator[Failure]:
    """What the runtime throws at a handler for what a client may do; nobody catches it."""
    seen: set[Any] = set()
    for name in names:
        scene = life.scene(name)
        if scene is None:
            continue
        for ending in scene.endings:
            if ending.kind != "throw" or ending.span is None or not ending.text:
                continue
            event = raised(ending.value)
            if event is None or not event.by_runtime or _is_own_farewell(event, life, name):
                continue
            if _is_bad_json(ending, life):
                continue  # a rule of its own
            ways = [way for way in ending.whole if is_clients(way)]
            if not ways or ending.span in seen:
                continue
            seen.add(ending.span)
            odd = not ending.text.startswith(words.PANIC) and all(any(map(_is_odd, way)) for way in ways)
            yield Failure(ending.text, ending.span, said_of(ways), name, class_span(life), odd)


def _is_odd(condition: Condition) -> bool:
    return bool(condition.choice.odd) and not condition.mask & ~condition.choice.odd


def is_clients(way: Sequence[Condition]) -> bool:
    """Whether a client can surely take a way."""
    return all(one.choice.is_clients for one in way) and feasible((one.choice, one.mask) for one in way)


def _is_bad_json(ending: Ending, life: Life) -> bool:
    """Whether it is a message that is no JSON, and nothing worse than an error comes of it."""
    if ending.text.startswith(words.PANIC):
        parsed = any(one.choice.why == PARSED for way in ending.whole for one in way)
        return parsed and "--panic-unwind" in (life.worker.config.build_command or "")
    return ending.text.startswith(words.NOT_JSON)


def raised(value: Value) -> Raised | None:
    """The event of a thrown value."""
    for leaf in leaves(value):
        if isinstance(leaf, Object) and isinstance(leaf.extra, Raised):
            return leaf.extra
    return None


def _is_own_farewell(event: Raised, life: Life, name: str) -> bool:
    """A word to the very client that was closed just before: it is lost, and harms nobody else."""
    if event.text != words.SEND_AFTER_CLOSE or name == SECOND:
        return False
    return len(life.sockets) < 2 or name in ("message", SILENT)


def said_of(ways: Sequence[Sequence[Condition]]) -> str:
    """What holds on each of several ways, in words."""
    return said(_needed(ways))


def _needed(ways: Sequence[Sequence[Condition]]) -> list[Condition]:
    """What holds on each of several ways."""
    found: list[Condition] = []
    for choice in {condition.choice: None for way in ways for condition in way}:
        mask = 0
        for way in ways:
            mask |= next((one.mask for one in way if one.choice is choice), choice.universe)
        if mask != choice.universe:
            found.append(Condition(choice, mask))
    return found


def said(conditions: Sequence[Condition]) -> str:
    """Conditions in words, those of the client's own choice."""
    found = [condition.choice.word(condition.mask) for condition in conditions]
    return " and ".join(dict.fromkeys(words_ for words_ in found if words_))


def class_span(life: Life) -> Span:
    node = life.cls.node
    return Span(life.cls.scope.unit.file, node.start, node.end)


# Close


@frozen
class Unanswered:
    """A way through the close handler on which the socket is not closed."""

    when: str
    place: Span
    within: Span


def unanswered(life: Life) -> Iterator[Unanswered]:
    """Where a client's close is not answered although there is a handler for it."""
    names = rust.HANDLERS if life.cls.scope.unit.language.name == "rust" else {}
    found = calls.find(life.machine, life.cls, names.get(CLOSE, CLOSE), line(life))
    if found is None or not life.hibernates:
        return
    member, owner = found
    place = Span(owner.scope.unit.file, member.name_start, member.name_start + len(member.name.encode()))
    for name in CLOSES:
        scene = life.scene(name)
        if scene is None or any(ending.kind in ("unknown", "hang") for ending in scene.endings):
            continue
        answered = [event for event in scene.events if isinstance(event, Closed) and event.scene == name]
        for ending in scene.endings:
            if ending.kind == "throw":
                continue
            for conditions in ending.whole:
                gap = _gap(conditions, answered, scene.root)
                if gap is not None and all(one.is_clients and one.stands is None for one in gap):
                    text = said([Condition(choice, mask) for choice, mask in gap.items()])
                    yield Unanswered(text, place, class_span(life))
                    return


_Pairs = tuple[tuple[Choice, int, Choice, int], ...]


def _gap(conditions: Sequence[Condition], events: Sequence[Event], root: Path) -> dict[Choice, int] | None:
    """Conditions under which none of the events happens; None where one always does."""
    held = {condition.choice: condition.mask for condition in conditions}
    for choice in (choice for event in events for choice in _closes(event, root)):
        held[choice] = held.get(choice, choice.universe) & ~LOST
    if not all(held.values()):
        return None
    ways: list[tuple[dict[Choice, int], _Pairs]] = [
        (dict(event.path.conditions(root)), event.gone) for event in events
    ]
    return _uncovered(held, ways, 0)


def _closes(event: Event, root: Path) -> Iterator[Choice]:
    """The choice of how the client closes, where an event rests on it."""
    for step in event.path.steps(root):
        for choice in (step.choice, *(part for pair in event.gone for part in pair[::2])):
            if isinstance(choice, Choice) and choice.words.get(LOST) == CLOSE_WORDS[LOST]:
                yield choice


def _uncovered(
    held: dict[Choice, int], ways: list[tuple[dict[Choice, int], _Pairs]], depth: int
) -> dict[Choice, int] | None:
    def cases(choice: Choice) -> int:
        return held.get(choice, choice.universe)

    def excluded(pairs: _Pairs) -> bool:
        return any(
            not cases(outer) & ~mask and not cases(inner) & ~gone for outer, mask, inner, gone in pairs
        )

    possible = [
        (path, pairs)
        for path, pairs in ways
        if all(mask & cases(choice) for choice, mask in path.items()) and not excluded(pairs)
    ]
    split: tuple[Choice, int] | None = None
    for path, pairs in possible:
        open_ = [(choice, mask) for choice, mask in path.items() if cases(choice) & ~mask]
        for outer, mask, inner, gone in pairs:
            if cases(outer) & mask and cases(inner) & gone:
                open_.append((outer, mask) if cases(outer) & ~mask else (inner, gone))
        if not open_:
            return None
        split = split or open_[0]
    if not possible:
        return held
    if depth > 12 or split is None:
        return None
    choice, mask = split
    for side in (cases(choice) & mask, cases(choice) & ~mask):
        if side:
            gap = _uncovered({**held, choice: side}, possible, depth + 1)
            if gap is not None:
                return gap
    return None


@frozen
class Ghost:
    """Something that a close does because the one who leaves is still listed."""

    what: str
    place: Span
    within: Span


def ghosts(life: Life) -> Iterator[Ghost]:
    """Where the close of a client comes out otherwise because the runtime still lists its socket."""
    seen: set[Any] = set()
    for compared in life.leaves:
        if any(
            ending.kind in ("unknown", "hang")
            for scene in (compared.before, compared.after)
            for ending in scene.endings
        ):
            continue
        found = _ghost(compared, life)
        if found is not None and found.place not in seen:
            seen.add(found.place)
            yield found


def _ghost(compared: Compared, life: Life) -> Ghost | None:
    within = class_span(life)
    for difference in compared.differences:
        output = difference.output
        if (
            difference.lost
            or output.place is None
            or output.owners - {"client", "memory"}
            or output.kind in ("throw", "unknown", "answer")
        ):
            continue
        others = [one.output for one in compared.differences if one.lost and same_place(one.output, output)]
        if others and all(counts_leaver(other.token, output.token, compared.others) for other in others):
            return Ghost(f"`{output.kind}` still counts the one who leaves", output.place, within)
        if not others and compared.others == 0:
            return Ghost(
                f"`{output.kind}` never happens, because the one who leaves is still counted",
                output.place,
                within,
            )
    return None


# Hibernation


@frozen
class Forgotten:
    """Something that comes out otherwise after the object was evicted."""

    field: str
    text: str
    place: Span
    written: Span | None
    scene: str
    within: Span


def forgotten(life: Life) -> Iterator[Forgotten]:
    """What a client sees after an eviction that it would not have seen without one."""
    if not life.hibernates:
        return
    for compared in life.wakes:
        found = [difference for difference in compared.differences if difference.output.place is not None]
        found = [one for one in found if not one.output.owners - {"client", "memory"}]
        if not found or _asks_to_reconnect(compared):
            continue
        read = compared.reads[0][0] if compared.reads else None
        thrown = next((one.output.text for one in found if one.output.kind == "throw"), "")
        place = read.place if read is not None and read.place is not None else found[0].output.place
        assert place is not None
        name = str(read.key) if read is not None else ""
        yield Forgotten(name, thrown, place, _written(life, name), compared.name, class_span(life))
        return


_RECONNECT = (1001.0, 1012.0, 1013.0)
"""Going away, service restart, try again later: what a server says that wants its client to come again."""


def _asks_to_reconnect(compared: Compared) -> bool:
    """Whether the object sees what it has forgotten, and closes the socket with a code that says so."""
    closes = [
        {event.place for event in scene.of(Closed) if any(code in _RECONNECT for code in leaves(event.code))}
        for scene in (compared.before, compared.after)
    ]
    return bool(closes[1] - closes[0])


def _written(life: Life, name: str) -> Span | None:
    """Where a field gets what is lost."""
    from wslint.values.event import Wrote

    held = life.instance.slots.get(("p", name)) if life.instance is not None else None
    inside = [id(leaf.slots) for leaf in leaves(held) if isinstance(leaf, Object)]
    for event in life.machine.events:
        if not isinstance(event, Wrote) or event.scene in ("load", "wake") or event.place is None:
            continue
        if id(event.holder.slots) in inside or (event.key == name and event.holder.kind == "Instance"):
            return event.place
    return None


@frozen
class Repeated:
    """Work of the constructor that every wake repeats."""

    what: str
    place: Span
    within: Span


def repeated(life: Life) -> Iterator[Repeated]:
    """What the constructor does again after each eviction, and must not."""
    if not life.hibernates:
        return
    seen: set[Any] = set()
    for ending in life.unawakened:
        if (
            ending.text
            and ending.span is not None
            and ending.span not in seen
            and any(map(is_clients, ending.whole))
        ):
            seen.add(ending.span)
            yield Repeated(f"ends in `{ending.text}`", ending.span, class_span(life))
    for event in life.constructed:
        what = _harm(event)
        if what and event.place is not None and event.place not in seen:
            seen.add(event.place)
            yield Repeated(what, event.place, class_span(life))


def _harm(event: Stored) -> str:
    if event.action == "setAlarm":
        return "moves the alarm"
    if event.action == "deleteAll":
        return "deletes everything that is stored"
    if event.action == "sql" and isinstance(event.key, str):
        for statement in event.key.lower().split(";"):
            query = " ".join(statement.split())
            if query.startswith("insert into") and not any(
                word in query for word in ("on conflict", "not exists", "insert or", "select")
            ):
                return "inserts the same rows again"
    return ""


@frozen
class Pinned:
    """What keeps an object in memory whose sockets could hibernate."""

    what: str
    place: Span
    within: Span


def pinned(life: Life) -> Iterator[Pinned]:
    """Timers that run longer than an idle object would live."""
    if not life.hibernates:
        return
    seen: set[Any] = set()
    for event in life.machine.events:
        if not isinstance(event, Timer) or event.place is None or event.place in seen or event.owner is None:
            continue
        if any(
            isinstance(other, Cleared) and other.scene == event.scene and other.timer is event.timer
            for other in life.machine.events
        ):
            continue
        delay = event.delay
        if event.name == "setTimeout" and isinstance(delay, float) and delay >= EVICTED_AFTER:
            seen.add(event.place)
            yield Pinned(f"a timer of {delay / 1000:g} s", event.place, class_span(life))


# Other objects


def foreign(life: Life) -> Iterator[Failure]:
    """A socket of one object that is used in another one. Where sockets can't hibernate, no eviction explains why the code
    takes what is thrown: those that it tells nothing are another room's."""
    scene = life.scene("another object")
    for ending in scene.endings if scene is not None else ():
        if ending.kind != "throw" or ending.text != words.CROSS_OBJECT or ending.span is None:
            continue
        if any(is_clients(way) for way in ending.whole):
            yield Failure(ending.text, ending.span, "", "another object", class_span(life))
            return
    if scene is None or life.conversation is None:
        return
    for event in scene.events:
        if not isinstance(event, Raised) or event.text != words.CROSS_OBJECT or event.place is None:
            continue
        if all(choice.is_clients for choice, _ in event.path.conditions(scene.root)):
            yield Failure(event.text, event.place, "", "another object", class_span(life))
            return


# Storage and attachments


@frozen
class Growth:
    place: Span
    within: Span


def growing(life: Life) -> Iterator[Growth]:
    """An attachment that gets longer with every message."""
    sizes = life.attached
    if len(sizes) == len(AGAIN) + 2:
        once, twice, thrice, much, more = (size for size, _ in sizes)
        place = sizes[2][1]
        if once < twice < thrice and more > much and place is not None:
            yield Growth(place, class_span(life))


@frozen
class Lost:
    """A value that was read, then overwritten after other events could run."""

    key: str
    read: Span | None
    gap: Span | None
    place: Span
    within: Span


def lost_updates(life: Life) -> Iterator[Lost]:
    """A stored value is read, something outside is awaited, and what was read is written back changed."""
    seen: set[Any] = set()
    for scene in life.scenes.values():
        reads: dict[str, Stored] = {}
        gap: Event | None = None
        fields: list[Read] = []
        for event in scene.events:
            if isinstance(event, Stored) and event.action == "get" and isinstance(event.key, str):
                reads[event.key] = event
                gap = None
            elif isinstance(event, Gap) and event.why in (
                "fetch",
                "an object's answer",
                "another Worker's answer",
            ):
                gap, fields = event, []
            elif isinstance(event, Read):
                fields.append(event)
            elif (
                isinstance(event, Stored) and event.action == "put" and event.key in reads and gap is not None
            ):
                read = reads[event.key]
                if event.place is None or event.place in seen or not _comes_from(event.value, read.value):
                    continue
                if not compatible(when(read), when(event)) or gap.serial < read.serial:
                    continue
                if any(_comes_from(field.held, read.value) for field in fields):
                    continue  # what the object holds, with the changes of all events: only a copy of its own is old
                seen.add(event.place)
                yield Lost(event.key, read.place, gap.place, event.place, class_span(life))


def _comes_from(value: Value, read: Value, depth: int = 0) -> bool:
    """Whether a value was worked out from one that was read."""
    for leaf in leaves(value):
        if isinstance(leaf, Unknown):
            if (
                leaf is read
                or leaf.known.get("root") is read
                or leaf.known.get("root") is getattr(read, "known", {}).get("root", ())
            ):
                return True
        elif isinstance(leaf, Object) and depth < 4:
            for key, held in leaf.slots.items():
                parts = (
                    held
                    if isinstance(held, tuple) and key in ("items", "spread")
                    else (held,)
                    if isinstance(key, tuple)
                    else ()
                )
                if any(_comes_from(one, read, depth + 1) for one in parts):
                    return True
    return False


@frozen
class Overwritten:
    """An attachment that replaces one with more in it."""

    keys: tuple[str, ...]
    place: Span
    first: Span | None
    within: Span


def overwritten(life: Life) -> Iterator[Overwritten]:
    """A key that was attached, is read somewhere, and is left out when the attachment is written again."""
    before: dict[int, tuple[set[str], Span | None]] = {}
    reads = _members_read(life)
    seen: set[Any] = set()
    for event in life.machine.events:
        if not isinstance(event, Attached) or event.scene in ("wake",):
            continue
        keys = _keys(event.value)
        if keys is None:
            before.pop(id(event.socket), None)
            continue
        known = before.get(id(event.socket))
        place = _caller(event, life)
        if known is not None and place is not None and place not in seen and place != known[1]:
            gone = sorted(key for key in known[0] - keys if _is_read(reads, key, keys - known[0]))
            if gone and keys:
                seen.add(place)
                yield Overwritten(tuple(gone), place, known[1], class_span(life))
        before[id(event.socket)] = (keys, place)


def _caller(event: Event, life: Life) -> Span | None:
    """Where a handler does it: by itself, or by the call of a helper that does."""
    whole = class_span(life)
    for span in reversed(event.chain):
        if (
            span.file is whole.file
            and whole.start <= span.start < whole.end
            and span.start != life.cls.place.start
        ):
            return span
    return event.place


def _keys(value: Value) -> set[str] | None:
    """The keys of an object whose keys are all known."""
    if (
        not isinstance(value, Object)
        or value.kind != "Object"
        or value.slots.get("open")
        or "escaped" in value.slots
    ):
        return None
    return {str(key[1]) for key in value.slots if isinstance(key, tuple) and key[0] == "p"}


def _is_read(reads: list[tuple[set[str], set[str]]], key: str, added: set[str]) -> bool:
    """Whether some method reads a key without asking for one that only the later attachment has: where it asks, it
    may well tell the two apart."""
    return any(key in names and not added & tested for names, tested in reads)


def _members_read(life: Life) -> list[tuple[set[str], set[str]]]:
    """For each method: the names of the members that it reads, and of those that it tests."""
    return [(_names_read(member), _names_tested(member)) for cls in line(life) for member in cls.node.members]


def _names_tested(method: tree.Node) -> set[str]:
    tests = [node.test for node in nodes_in(method) if isinstance(node, tree.If)]
    return {node.name for test in tests for node in nodes_in(test) if isinstance(node, tree.Member)}


def _names_read(method: tree.Node) -> set[str]:
    names: set[str] = set()
    targets: set[int] = set()
    for node in nodes_in(method):
        if isinstance(node, tree.Assign) and isinstance(node.target, tree.Member):
            targets.add(id(node.target))
        elif isinstance(node, tree.Member) and id(node) not in targets:
            names.add(node.name)
        elif isinstance(node, tree.TablePattern):
            names.update(key for key, _ in node.entries)
    return names
