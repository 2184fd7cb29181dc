"""What follows a handshake, told scene by scene: what each comes to, what a client sees of it, what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wslint.machine.machine import place
from wslint.play import life as play
from wslint.play.ending import Condition, Ending
from wslint.play.life import Compared, Life, Scene
from wslint.play.listeners import CLOSE_WORDS
from wslint.play.one_address import Listener, life_of
from wslint.play.outputs import Output
from wslint.record import field, record, replace
from wslint.runtime.names import ALARM
from wslint.text import Span
from wslint.trace.model import (
    Change,
    ConditionText,
    Effect,
    EffectKind,
    LifeText,
    SceneEnding,
    SceneText,
    Way,
)
from wslint.trace.shown import shown
from wslint.trace.ways import merged
from wslint.values.event import (
    Accepted,
    Attached,
    Closed,
    Event,
    Fetched,
    Raised,
    Sent,
    Stored,
    Timer,
    Unread,
    Wrote,
)
from wslint.values.heap import Object, Path
from wslint.values.value import UNDEFINED, Choice, OneOf, Value, feasible
from wslint.worker import Worker

_Side = tuple[tuple[Condition, ...], str]
_MOST_SIDES = 4
_OWN_CODE = 2
"""The case of a close with a code of the client's own: any one stands for it."""

UNNAMED = "it depends on "
"""How a condition begins that has no words of its own."""

CLIENTS = ("the first client", "the second client", "another client")
_OUTPUTS = {"send": "send", "close": "close", "fetch": "fetch"}


@record
class _Told:
    """One scene, as it was heard."""

    scene: Scene
    text: SceneText
    by_place: dict[tuple[str, Any], Effect] = field(default_factory=dict)


def told_life(worker: Worker, url: Object) -> LifeText:
    """What follows the handshake of one address into a Worker."""
    teller = _Teller()
    life = life_of(worker, url, teller)
    if life is None:
        why = "no Durable Object takes this socket for hibernation: what comes over it is not played"
        return LifeText(None, None, why=why)
    scenes = [told.text for name, told in teller.told.items() if _is_of_its_own(name, life)]
    scenes += [teller.compared(compared) for compared in life.wakes]
    why = "" if life.hibernates else "the socket is not there after the handshake: what follows is not played"
    kept = tuple(life.forgotten) if life.forgotten is not None else None
    return LifeText(life.cls.name, life.cls.place.head(), tuple(scenes), kept, why or _pinned(life))


def _is_of_its_own(name: str, life: Life) -> bool:
    """Whether a scene happens to a client, and is no half of a comparison that another scene tells of."""
    return (
        name in life.scenes and name not in _HALVES and " wake" not in name and not name.endswith(", again")
    )


_HALVES = ("message, with much attached",)


def _pinned(life: Life) -> str:
    if life.wakes or life.forgotten is not None:
        return ""
    for event in life.machine.events:
        if isinstance(event, Timer) and event.name == "setInterval" and event.place is not None:
            return f"`setInterval` at {place(event.place)} keeps the object in memory: no eviction is played"
    return "the object keeps nothing in memory: an eviction changes nothing"


class _Teller(Listener):
    """Hears what is played, and puts it in words at once: later it may have been taken back."""

    def __init__(self) -> None:
        self.told: dict[str, _Told] = {}
        self.values: dict[int, list[_Side]] = {}
        """What the events hold, in words and with conditions, by their serial numbers."""
        self.first: dict[Choice, str] = {}
        """The scene in which each choice was met first."""

    # While it is played

    def hear(self, event: Event) -> None:
        if isinstance(event, (Sent, Attached, Wrote, Stored)):
            self.values[event.serial] = self._sides(event.value)
        elif isinstance(event, Closed):
            reason = f", {self._words(event.reason)}" if event.reason not in (None, UNDEFINED) else ""
            codes = self._sides(event.code) if event.code not in (None, UNDEFINED) else [((), "")]
            self.values[event.serial] = [(when, code + reason) for when, code in codes]
        elif isinstance(event, Timer):
            self.values[event.serial] = self._sides(event.delay)

    def _sides(self, value: Value) -> list[_Side]:
        """A value's sides apart, where they are few: each with the condition that it rests on."""
        value = self.machine.known(value)
        if not isinstance(value, OneOf) or value.size > _MOST_SIDES:
            return [((), self._words(value))]
        found: list[_Side] = []
        for mask, held in value.cases:
            mask &= self.machine.possible(value.choice)
            own = mask == _OWN_CODE and value.choice.words.get(mask) == CLOSE_WORDS[_OWN_CODE]
            for when, words in [((), "that code")] if own else self._sides(held):
                found.append(((Condition(value.choice, mask), *when), words))
        return found

    def _words(self, value: Value) -> str:
        return shown(value, self.machine.known)

    def tell(self, life: Life, scene: Scene, clients: list[Object]) -> None:
        name = scene.name
        endings = tuple(self._ending(ending, scene) for ending in scene.endings)
        effects: dict[tuple[Any, ...], list[Any]] = {}
        by_place: dict[tuple[str, Any], Effect] = {}
        for event in scene.events:
            when = conditions_since(event.path, scene.root)
            for more, said in self.values.get(event.serial, [((), "")]):
                found = self._effect(event, said, life, clients)
                if found is None:
                    continue
                kind, text, to = found
                key = (kind, text, to, _at(event.place))
                entry = effects.setdefault(key, [kind, text, event.place, to, []])
                entry[4].append([*when, *more])
        made = []
        for kind, text, span, to, ways in effects.values():
            effect = Effect(kind, text, span, to, self._ways(ways, name))
            made.append(effect)
            by_place.setdefault((kind, _at(span)), effect)
        endings = tuple(_of_handler(ending, made, life, scene) for ending in endings)
        if name not in self.told:
            self.told[name] = _Told(scene, SceneText(name, endings, tuple(made)), by_place)

    def _effect(
        self, event: Event, said: str, life: Life, clients: Sequence[Object]
    ) -> tuple[EffectKind, str, str] | None:
        match event:
            case Sent():
                if event.state in ("closed", "fresh"):
                    return None  # the runtime refuses it: it throws
                return "send", said, _client(event.socket, clients)
            case Closed():
                return "close", said, _client(event.socket, clients)
            case Attached():
                return "attach", said, _client(event.socket, clients)
            case Accepted():
                how = "for hibernation" if event.how == "hibernate" else "with accept()"
                return "accept", how, ""
            case Stored() if event.action != "get":
                key = self._words(event.key) if event.key is not None else ""
                given = "" if event.value in (None, UNDEFINED) else said
                return "store", " ".join(part for part in (event.action, key, given) if part), ""
            case Wrote() if event.holder.kind == "Instance" and event.holder.extra is life.cls:
                return "field", f"{event.key} = {said}", ""
            case Timer():
                return "timer", f"{event.name} of {said} ms", ""
            case Fetched() if event.target == "outside":
                return "fetch", "a request to another address", ""
            case Raised() if event.promised and not event.caught:
                return "reject", event.text, ""
            case Unread():
                return "unread", f"`{event.name}` is not read", ""
        return None

    def _ending(self, ending: Ending, scene: Scene) -> SceneEnding:
        text = ending.text
        if ending.kind == "throw":
            text = text or "an exception"
        span = ending.span.head() if ending.span is not None else None
        status = ending.status if ending.kind == "answer" or scene.name in _ASKED else None
        whole = ending.whole or [ending.when]
        sure = any(
            all(one.choice.owner != "unread" for one in way)
            and feasible((one.choice, one.mask) for one in way)
            for way in whole
        )
        return SceneEnding(ending.kind, status, text, span, self._ways(whole, scene.name), sure)

    def _ways(self, ways: Iterable[Sequence[Condition]], name: str) -> tuple[Way, ...]:
        """Ways in words. That code which is not read does nothing is not said: where it may, that is a way."""
        said = [[one for one in way if one.choice.matters or not one.mask & 2] for way in ways]
        return tuple(dict.fromkeys(self._way(way, name) for way in merged(said)))

    def _way(self, conditions: Iterable[Condition], name: str) -> Way:
        said: list[ConditionText] = []
        for one in conditions:
            choice = one.choice
            first = self.first.setdefault(choice, name)
            words = one.words or f"{UNNAMED}{choice.why or 'several conditions at once'}"
            if not one.words and choice.place is not None:
                words += f" ({place(choice.place)})"
            if choice.owner == "client" and first != name and not _is_same_scene(first, name):
                words += f", in the scene “{TITLES.get(first, first)}”"
            said.append(ConditionText(choice.owner, words))
        return tuple(dict.fromkeys(said))

    # Comparing

    def compared(self, compared: Compared) -> SceneText:
        """A scene after an eviction: what it comes to, and what differs from how it was without one."""
        before, after = self.told.get(compared.before.name), self.told.get(compared.after.name)
        assert before is not None
        told = after or before
        known = compared.after is not compared.before and not _is_open(compared)
        changes = tuple(self._changes(compared, before, told)) if known else None
        reads = {
            (str(read.key), read.place) for read, _ in compared.reads if read.place is not None
        } if known else set()  # fmt: skip
        ordered = sorted(reads, key=lambda pair: (pair[1].file.name, pair[1].start))
        return SceneText(compared.name, told.text.endings, told.text.effects, changes, tuple(ordered))

    def _changes(self, compared: Compared, before: _Told, after: _Told) -> Iterator[Change]:
        seen: set[Any] = set()
        for difference in compared.differences:
            side = before if difference.lost else after
            found = _of_output(difference.output, side)
            if found is not None and (id(found), difference.lost) not in seen:
                seen.add((id(found), difference.lost))
                yield Change(found, difference.lost)


def _of_handler(ending: SceneEnding, effects: Sequence[Effect], life: Life, scene: Scene) -> SceneEnding:
    """The end of a handler: whether there is one, and whether a client hears of it."""
    name = handler_of(scene.name)
    if ending.kind != "done" or name is None:
        return ending
    if name in life.missing:
        return replace(ending, text=f"the class has no `{name}`")
    seen = any(effect.kind in ("send", "close", "unread") for effect in effects)
    return ending if seen else replace(ending, text="no client gets anything")


def handler_of(scene: str) -> str | None:
    """The handler that a scene calls; None for one that is a request."""
    if "close" in scene:
        return play.CLOSE
    if "message" in scene:
        return play.MESSAGE
    return ALARM if scene == "alarm" else None


_ASKED = ("handshake", "second client", "plain request")


def _is_open(compared: Compared) -> bool:
    scenes = (compared.before, compared.after)
    return any(ending.kind in ("unknown", "hang") for scene in scenes for ending in scene.endings)


def _is_same_scene(one: str, other: str) -> bool:
    return one.removesuffix(", again") == other.removesuffix(", again")


def _of_output(output: Output, told: _Told) -> Effect | SceneEnding | None:
    """What was told of an output."""
    kind = _OUTPUTS.get(output.kind, "store")
    if output.kind in ("answer", "throw"):
        for ending in told.text.endings:
            if ending.kind == output.kind and ending.status in (output.token, None):
                if output.place is None or (
                    ending.span is not None and ending.span.start == output.place.start
                ):
                    return ending
        return None
    return told.by_place.get((kind, _at(output.place)))


def conditions_since(path: Path, root: Path | None) -> list[Condition]:
    found: dict[int, Condition] = {}
    for step in path.steps(root):
        if step.choice is None:
            continue
        held = found.get(id(step.choice))
        mask = step.mask & (held.mask if held is not None else -1)
        found[id(step.choice)] = Condition(step.choice, mask)
    return list(found.values())


def _client(socket: Object, clients: Sequence[Object]) -> str:
    whose = socket.slots.get("id", socket)
    for number, client in enumerate(clients[:2]):
        if whose is client or socket is client:
            return CLIENTS[number]
    return "the client" if not clients else CLIENTS[2]


def _at(span: Span | None) -> tuple[str, int] | None:
    return (span.file.name, span.start) if span is not None else None


TITLES = {
    "handshake": "the handshake",
    play.SILENT: "the client goes before it said anything",
    "plain request": "a request that is no handshake",
    "message": "a message",
    "second client": "a second client's handshake",
    "message of the second client": "a message of the second client",
    "close of a client": "one of two clients closes",
    "alarm": "the alarm",
    play.AGAIN[0]: "the same message, once more",
    play.AGAIN[1]: "the same message, twice more",
    play.AGAIN[2]: "the same message, three times more",
    "message, with much attached": "a message, with much attached before",
    "another object": "a client of another object of the class",
    "message after the wake": "eviction; a message wakes the object",
    "request after the wake": "eviction; a request wakes the object",
    "request on any path after the wake": "eviction; a request on any path wakes the object",
    "handshake after the wake": "eviction; a handshake wakes the object",
}
"""The scenes as people call them."""
