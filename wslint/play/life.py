"""The life of a Durable Object's sockets: handshake, message, second client, close, eviction and wake, alarm.

Each class that takes handshakes is played once, from an address that leads to it, else straight into its fetch. What
the client does is open: which message, which query, how it closes. The scenes follow each other on one state; where
two runs of a scene are compared, both start from the same mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from wslint.machine import calls, objects
from wslint.machine.control import Dead
from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue
from wslint.play import listeners, others, outputs, scenes
from wslint.play.ending import Ending
from wslint.play.outputs import Difference, Output
from wslint.play.sizes import filled, is_open, may_grow, size_of
from wslint.record import field, record
from wslint.runtime import headers as headers_model
from wslint.runtime import request as request_model
from wslint.runtime import response, socket
from wslint.runtime import url as url_model
from wslint.runtime.names import ALARM, FETCH
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.values.event import Accepted, Attached, Event, Read, Stored
from wslint.values.heap import Object, Path
from wslint.values.value import UNDEFINED, OneOf, Unknown, Value, leaves

if TYPE_CHECKING:
    from wslint.worker import Worker

_PATH = re.compile(r"/[\w-]+(?:/[\w-]+)*")
_MOST_PATHS = 6
"""Paths in a class that are tried where it does not take any."""

MESSAGE, CLOSE, ERROR = "webSocketMessage", "webSocketClose", "webSocketError"
LIFE_STEPS = 40_000
"""Nodes after which no further scene is played."""

CLOSING = "close of a client"
SILENT = "close of a silent client"
PLAIN = "plain request"
"""The scene of a client that goes before it has said anything."""

_DEEPEST = 6
"""How deep what a module keeps is looked through."""

EMPTIED = "message after everything was deleted"
"""The scene of a message to an object whose storage was emptied under its sockets."""

AGAIN = ("message, once", "message, twice", "message, three times")
"""The scenes of a message that comes again."""


@record
class Scene:
    """One scene that was played: its endings and the events in it."""

    name: str
    endings: list[Ending]
    events: list[Event]
    root: Path
    """The conditions under which the scene began."""
    later: list[Ending] = field(default_factory=list)
    """What its timers and spawned futures came to."""

    def of(self, kind: type[Any]) -> Iterator[Any]:
        return (event for event in self.events if isinstance(event, kind))


@record
class Compared:
    """A scene that was played twice from one state: `before` as it is, `after` with something changed."""

    name: str
    before: Scene
    after: Scene
    differences: list[Difference]
    reads: list[tuple[Read, Read | None]]
    """Fields that hold something else in the second run, as both runs read them."""
    others: int = -1
    """How many clients stay when one leaves; below 0 where that is not known."""


@record
class Life:
    """A class, and everything that was played of it. `opened` says whether a handshake led to a 101."""

    worker: Worker
    cls: ClassValue
    machine: Machine
    scenes: dict[str, Scene] = field(default_factory=dict)
    wakes: list[Compared] = field(default_factory=list)
    leaves: list[Compared] = field(default_factory=list)
    opened: bool = False
    path: str | None = None
    """The address that led to it; None where none did."""
    hibernates: bool = False
    sockets: list[Object] = field(default_factory=list)
    constructed: list[Stored] = field(default_factory=list)
    """What every wake does with storage."""
    unawakened: list[Ending] = field(default_factory=list)
    """How the constructor ends on each wake, where it ends in no other way than throwing."""
    attached: list[tuple[int, Span | None]] = field(default_factory=list)
    """How much each of the scenes `AGAIN` attaches, and where; then how much a long attachment is, before and after."""
    instance: Object | None = None
    """The object as it was before its eviction."""
    conversation: listeners.Conversation | None = None
    """What was played where its sockets do not hibernate."""
    missing: set[str] = field(default_factory=set)
    """Handlers that were called for and that the class does not have."""
    forgotten: list[str] | None = None
    """The fields that an eviction changes; None where none was played, or nobody asked."""

    @property
    def name(self) -> str:
        """The class as its file calls it."""
        return self.cls.node.name or "(anonymous)"

    def scene(self, name: str) -> Scene | None:
        return self.scenes.get(name)


def lives(worker: Worker, addresses: list[str], *, covering: bool = False) -> list[Life]:
    """The lives of the classes that a Worker binds and has; with `covering` their machines know what ran."""
    found: list[Life] = []
    for name in _class_names(worker):
        life = _played(worker, name, addresses, covering=covering)
        if life is not None:
            found.append(life)
    return found


def _class_names(worker: Worker) -> list[str]:
    names = [
        binding.class_name.string
        for binding in worker.config.local_durable_objects
        if binding.class_name is not None and binding.class_name.string
    ]
    names += [entry.name for entry in worker.config.durable_exports if entry.name]
    return list(dict.fromkeys(names))


def _played(worker: Worker, name: str, addresses: list[str], *, covering: bool) -> Life | None:
    machine = Machine()
    machine.covering = [] if covering else None
    machine.noting_reads = True
    machine.scene_budget = scenes.OF_A_LIFE
    if worker.source is None:
        return None
    try:
        if worker.source.language == "rust":
            from wslint.machine import glue

            cls = glue.class_of_crate(machine, worker, name)
        else:
            cls = objects.exported(machine, worker, name)
    except Dead:
        return None
    if not isinstance(cls, ClassValue):
        return None
    life = Life(worker, cls, machine)
    director = Director(life, addresses)
    director.run()
    return life


class Director:
    """Plays the scenes of one life in order."""

    longest = LIFE_STEPS

    def __init__(self, life: Life, addresses: list[str]) -> None:
        self.life = life
        self.front = life.worker
        """The Worker that requests come to."""
        self.machine = life.machine
        self.addresses = addresses
        self.instance: Object | None = None
        self.followed: list[Object] = []

    def run(self) -> None:
        opened = self._handshake("handshake")
        if self.instance is None:
            return
        context = objects.context_of(self.machine, self.instance)
        self._holding(context)
        self.life.opened = opened is not None
        self.life.path = self.path
        self.life.instance = self.instance
        sockets = self._sockets(context)
        self.life.hibernates = bool(sockets)
        if not sockets:
            if opened is not None:
                self._converse(opened, context)
            return
        first = sockets[0]
        self.followed = [first]
        self._peek(SILENT, lambda: self._closing(first))
        self._plain(PLAIN)
        self._emptied(first)
        self._message("message", first)
        self._handshake("second client")
        self._holding(context)
        sockets = self._sockets(context)
        self.life.sockets = list(sockets)
        second = next((end for end in sockets if end is not first), None)
        if second is not None:
            self.followed.append(second)
            self._message("message of the second client", second)
        self._compare_leaving(second if second is not None else first)
        if second is not None:
            self._alone(first)
        self._alarm("alarm")
        self._often(first)
        self._elsewhere()
        if not self._is_pinned():
            self._compare_wakes(first)

    def _converse(self, opened: Scene, context: Object) -> None:
        """What the listeners of sockets do that were accepted without hibernation."""
        machine, life = self.machine, self.life
        kept = [end for end, owner in listeners.taken(machine, opened.events) if owner is context]
        if not kept:
            return
        first = kept[0]
        self._assume(first.slots["state"], lambda state: state == "accepted")
        within = Span(life.cls.scope.unit.file, life.cls.node.start, life.cls.node.end)
        talk = listeners.Conversation(machine, context, within, [first], later=opened.later)

        def another() -> Object | None:
            scene = self._handshake("second client")
            ends = listeners.taken(machine, scene.events) if scene is not None else []
            return next((end for end, _ in ends if end is not first), None)

        closes_itself = life.worker.flag_enabled("web_socket_auto_reply_to_close")
        life.conversation = listeners.converse(talk, another, closes_itself)
        self._elsewhere()

    # Scenes

    def play_scene(self, name: str, run: Callable[[], Value]) -> Scene:
        """Play a scene, and what its timers do later; both change the state."""
        machine = self.machine
        if machine.steps > self.longest:
            ending = Ending(
                "unknown", None, "the life is too long to play", None, UNDEFINED, [], machine.path
            )
            return self.played(Scene(name, [ending], [], machine.path))
        start, root = len(machine.events), machine.path
        machine.later = []
        endings = scenes.play(machine, name, run)
        later = self._quietly(name)
        scene = self.played(Scene(name, endings, machine.events[start:], root, later))
        self._settle()
        self.life.scenes.setdefault(name, scene)
        return scene

    def played(self, scene: Scene) -> Scene:
        """A scene that has just been played, before anything of it is taken back."""
        return scene

    def _settle(self) -> None:
        """Sockets that were closed are gone when the event has ended and their client has answered."""
        if self.instance is None:
            return
        slots = objects.context_of(self.machine, self.instance).slots
        held = slots["sockets"]
        for end in self._sockets(objects.context_of(self.machine, self.instance)):
            held = self.machine.lift(
                lambda listed, state, end=end: (
                    tuple(one for one in listed if one is not end) if state == "closed" else listed
                ),
                held,
                end.slots["state"],
            )
        if held is not slots["sockets"]:
            self.machine.put(slots, "sockets", held)
        for end in self.followed:
            self._still_open(self.current(end))

    def _still_open(self, end: Object) -> None:
        """What follows is played for a client that is still there."""
        state = self.machine.known(end.slots["state"])
        if not isinstance(state, OneOf):
            return
        mask = 0
        for part, held in state.cases:
            if any(one != "closed" for one in leaves(held)):
                mask |= part
        if mask and mask != self.machine.possible(state.choice):
            self.machine.assume(state.choice, mask)

    def _quietly(self, name: str) -> list[Ending]:
        """What runs by itself after a scene: nobody is answered, and what it throws is only logged."""
        objects_before = self.machine.objects
        if self.instance is not None:
            self.machine.objects = [objects.context_of(self.machine, self.instance)]
        try:
            return scenes.afterwards(self.machine, name)
        finally:
            self.machine.objects = objects_before

    def _peek(self, name: str, run: Callable[[], Value]) -> Scene:
        """Play a scene, and take it back."""
        machine = self.machine
        mark, path = len(machine.log.entries), machine.path
        scene = self.play_scene(name, run)
        machine.log.rollback(mark)
        machine.path = path
        return scene

    def _sockets(self, context: Object) -> list[Object]:
        held = self.machine.known(context.slots["sockets"])
        if isinstance(held, OneOf):
            held = next((one for one in held.leaves() if isinstance(one, tuple) and one), ())
        return [end for end in held if isinstance(end, Object)] if isinstance(held, tuple) else []

    def _holding(self, context: Object) -> None:
        """What follows is played for the object that has the sockets, as the first way to them leaves it."""
        held = self._sockets(context)
        if held:
            self._assume(
                context.slots["sockets"],
                lambda listed: isinstance(listed, tuple) and all(end in listed for end in held),
            )

    def _assume(self, value: Value, wanted: Callable[[Value], bool]) -> None:
        """What follows is played only where a value is as wanted."""
        machine = self.machine
        value = machine.known(value)
        while isinstance(value, OneOf):
            possible = machine.possible(value.choice)
            sides = [
                (part & possible, [wanted(leaf) for leaf in leaves(held)], held) for part, held in value.cases
            ]
            sides = [side for side in sides if side[0] and any(side[1])]
            if not sides:
                return
            # The first way that leads there, and all others beside it where nothing more has to be assumed of it.
            pure = [part for part, found, _ in sides if all(found)] if all(sides[0][1]) else []
            mask = 0
            for part in pure or [sides[0][0]]:
                mask |= part
            if mask != possible:
                machine.assume(value.choice, mask)
            if pure:
                return
            value = machine.known(sides[0][2])

    # Handshakes

    def _url(self, path: Value) -> Object:
        def part(what: str) -> Unknown:
            return Unknown(f"the {what} of the address", None, "client")

        return url_model.address((part("scheme"), part("host"), path, part("query"), ""))

    def _handshake(self, name: str) -> Scene | None:
        """A handshake: through the Worker where an address leads to the class, else straight into it."""
        machine = self.machine
        if self.instance is None:
            for path in self.addresses:
                mark, root = len(machine.log.entries), machine.path
                scene = self._enter(name, path)
                found = self._found()
                if found is not None and any(end.status == 101 for end in scene.endings):
                    self.instance, self.path = found, path
                    return scene
                machine.log.rollback(mark)
                machine.path = root
                self.life.scenes.pop(name, None)
            return self._inside(name)
        if self.path is not None:
            return self._enter(name, self.path)
        return self._direct(name)

    def _enter(self, name: str, path: str) -> Scene:
        asked = request_model.handshake(self._url(path))
        return self._opened(self.play_scene(name, partial(self._request, asked)))

    def _request(self, asked: Object) -> Value:
        """A request from outside; what static assets do with the path is left out."""
        return scenes.request(self.machine, self.front, asked, None)

    def _opened(self, scene: Scene) -> Scene:
        """What follows is played for a client whose handshake was taken, and not to be told a reason and closed."""
        machine = self.machine
        self._assume(machine.result, self._is_kept)
        self._assume(machine.result, lambda leaf: response.is_upgrade(machine, leaf))
        return scene

    def _is_kept(self, leaf: Value) -> bool:
        if not response.is_upgrade(self.machine, leaf):
            return False
        assert isinstance(leaf, Object)
        given = self.machine.known(leaf.slots.get("socket"))
        end = socket.other_end(given) if isinstance(given, Object) else None
        return end is not None and any(
            state != "closed" for state in leaves(self.machine.known(end.slots["state"]))
        )

    def _found(self) -> Object | None:
        """The instance of the class that the handshake came to."""
        for held in self.machine.isolate.values():
            for one in [held] if not isinstance(held, OneOf) else held.leaves():
                if (
                    isinstance(one, Object)
                    and isinstance(one.extra, ClassValue)
                    and one.extra.node is self.life.cls.node
                ):
                    context = objects.context_of(self.machine, one)
                    if self._sockets(context) or self._accepted(context):
                        return one
        return None

    def _accepted(self, context: Object) -> bool:
        return any(isinstance(event, Accepted) and event.owner is context for event in self.machine.events)

    path: str | None = None
    inner = "/ws/ABCDE"
    """The path that the object itself is asked for, where no address leads to it."""

    def _inside(self, name: str) -> Scene | None:
        """A handshake straight into the class, for a path that it names if it does not take any."""
        machine = self.machine
        named = [node.value for node in nodes_in(self.life.cls.node) if isinstance(node, tree.Text)]
        paths = [path for path in named if path is not None and _PATH.fullmatch(path)]
        scene: Scene | None = None
        tried = list(dict.fromkeys((self.inner, *paths[:_MOST_PATHS])))
        for path in tried:
            mark, root = len(machine.log.entries), machine.path
            self.inner = path
            scene = self._direct(name)
            if scene is None or any(end.status in (101, None) for end in scene.endings):
                break
            if path == tried[-1] or machine.steps > scenes.OF_A_LIFE:
                break
            machine.log.rollback(mark)
            machine.path, self.instance = root, None
            self.life.scenes.pop(name, None)
        return scene

    def _direct(self, name: str) -> Scene | None:
        machine, life = self.machine, self.life
        asked = request_model.handshake(self._url(self.inner))
        target = objects.Target(life.worker, life.cls)

        def run() -> Value:
            if self.instance is None:
                self.instance = objects.instance_of(
                    machine, target, Unknown("the object's name", None, "client"), life.cls.place
                )
            held = objects.run(
                machine, self.instance, FETCH, [request_model.received(machine, asked)], life.cls.place
            )
            return response.received(machine, held, asked, life.cls.place)

        return self._opened(self.play_scene(name, run))

    def _plain(self, name: str) -> Scene:
        """A request that is no handshake: any method, on the socket's path."""
        return self._peek(name, self.plain_run(self._plain_request()))

    def _emptied(self, first: Object) -> None:
        """A message after a request or an alarm has deleted everything: the object is still in memory."""
        machine = self.machine
        for name, run in (
            (PLAIN, lambda: self.plain_run(self._plain_request())()),
            (ALARM, lambda: self._call(ALARM, [Object("Object", {"open": "world"})])),
        ):
            if name == ALARM and not self._deletes_in_alarm():
                continue
            scene = self.life.scene(name)
            if scene is not None and not any(event.action == "deleteAll" for event in scene.of(Stored)):
                continue
            mark, path = len(machine.log.entries), machine.path
            self.play_scene(f"{name} that deletes", run)
            self._message(EMPTIED, first)
            machine.log.rollback(mark)
            machine.path = path
            emptied = self.life.scene(EMPTIED)  # none where the life was too long to go on
            if emptied is not None and any(ending.kind == "throw" for ending in emptied.endings):
                return
            self.life.scenes.pop(EMPTIED, None)

    def _deletes_in_alarm(self) -> bool:
        """Whether the class has an alarm that deletes everything, by its text."""
        held = calls.find(self.machine, self.life.cls, ALARM)
        if held is None:
            return False
        text = held[1].scope.unit.file.data
        return b"deleteAll" in text or b"delete_all" in text

    def _plain_request(self, path: Value = None) -> Object:
        headers = headers_model.made({"upgrade": None}, None, complete=False, immutable=True)
        method = Unknown("the method of the request", None, "client")
        return request_model.made(self._url(path or self.path or self.inner), method, headers)

    def plain_run(self, asked: Object) -> Callable[[], Value]:
        machine, life = self.machine, self.life

        def run() -> Value:
            if self.path is not None:
                return self._request(asked)
            assert self.instance is not None
            return objects.run(
                machine, self.instance, FETCH, [request_model.received(machine, asked)], life.cls.place
            )

        return run

    # What comes over a socket

    def _call(self, name: str, given: list[Value]) -> Value:
        """A handler of the object; one that it does not have is a scene without an end."""
        assert self.instance is not None
        function = calls.member(self.machine, self.instance, name, self.life.cls.place)
        if function is UNDEFINED:
            self.life.missing.add(name)
            return UNDEFINED
        instance, machine = self.instance, self.machine

        def open_only(state: Value) -> Value:
            """A socket that is closed says nothing more."""
            if state != "closed":
                objects.run(machine, instance, name, given, self.life.cls.place)
            return UNDEFINED

        first = given[0]
        return machine.each(first.slots["state"], open_only) if first.kind == "WebSocket" else open_only("")

    def _message(self, name: str, socket: Object, message: Value = None) -> Scene:
        given = message if message is not None else listeners.message()
        return self.play_scene(name, lambda: self._call(MESSAGE, [self.current(socket), given]))

    def current(self, socket: Object) -> Object:
        """The socket as it is known now: an eviction gives it a new object."""
        held = socket.slots.get("now")
        return held if isinstance(held, Object) else socket

    def _closing(self, socket: Object) -> Value:
        """The close of a client, in the four ways that there are."""
        machine = self.machine
        _, code, reason, clean = listeners.close()
        end = self.current(socket)
        machine.put(end.slots, "state", "closing")
        return self._call(CLOSE, [end, code, reason, clean])

    def _alone(self, first: Object) -> None:
        """The last client leaves: the others have gone."""
        machine = self.machine
        assert self.instance is not None
        mark, path = len(machine.log.entries), machine.path
        context = objects.context_of(machine, self.instance)
        machine.put(context.slots, "sockets", (self.current(first),))
        self._compare_leaving(first)
        machine.log.rollback(mark)
        machine.path = path

    def _alarm(self, name: str) -> Scene | None:
        if not self._sets_alarms():
            return None
        return self._peek(name, lambda: self._call(ALARM, [Object("Object", {"open": "world"})]))

    def _sets_alarms(self) -> bool:
        return any(isinstance(event, Stored) and event.action == "setAlarm" for event in self.machine.events)

    def _often(self, first: Object) -> None:
        """The same message three times: what grows with each."""
        machine = self.machine
        if not any(isinstance(event, Attached) and may_grow(event.value) for event in machine.events):
            return
        mark, path = len(machine.log.entries), machine.path
        message = listeners.message()
        end = self.current(first)
        before = size_of(end.slots.get("attachment"))
        for name in AGAIN:
            self._measure(self._message(name, first, message))
            if not self.life.attached or self.life.attached[-1][0] <= before:
                break  # what one message does not lengthen, the next one does not
            before = self.life.attached[-1][0]
        else:
            self._often_enough(first, message)
        machine.log.rollback(mark)
        machine.path = path

    def _often_enough(self, first: Object, message: Value) -> None:
        """The message once more, when much is attached: whether that is kept short."""
        machine, end = self.machine, self.current(first)
        if may_grow(end.slots.get("attachment")):
            much = filled(end.slots["attachment"])
            self.life.attached.append((size_of(much), None))
            machine.put(end.slots, "attachment", much)
            self._measure(self._message("message, with much attached", first, message))

    def _measure(self, scene: Scene) -> None:
        """How much is attached in a scene: asked at once, because a rollback changes the values back."""
        attached = list(scene.of(Attached))
        written = [(size_of(event.value), event.place) for event in attached]
        if written and not any(is_open(event.value) for event in attached):
            self.life.attached.append(max(written, key=lambda pair: pair[0]))

    def _elsewhere(self) -> None:
        """A client of another object of the same class, in the same isolate."""
        if not self._modules_remember():
            return
        machine, life = self.machine, self.life
        mark, path, instance = len(machine.log.entries), machine.path, self.instance
        target = objects.Target(life.worker, life.cls)
        asked = request_model.handshake(self._url(self.path or self.inner))

        def run() -> Value:
            other = objects.instance_of(
                machine, target, Unknown("another name", None, "client"), life.cls.place
            )
            self.instance = other
            objects.run(machine, other, FETCH, [request_model.received(machine, asked)], life.cls.place)
            context = objects.context_of(machine, other)
            for end in self._sockets(context)[:1]:
                self._call(MESSAGE, [end, listeners.message()])
            for event in machine.events[start:]:
                if isinstance(event, Accepted) and event.owner is context and event.how == "accept":
                    listeners.hear(machine, event.socket, context)
                    break
            return UNDEFINED

        start = len(machine.events)
        self.play_scene("another object", run)
        machine.log.rollback(mark)
        machine.path, self.instance = path, instance

    # Comparing

    def twice(self, name: str, run: Callable[[], Value], change: Callable[[], None]) -> Compared:
        """Play a scene as it is, then from the same state with a change."""
        machine = self.machine
        mark, path, instance = len(machine.log.entries), machine.path, self.instance
        for end in self.life.sockets:
            end.slots["known"] = True
        before = self.play_scene(name, run)
        machine.log.rollback(mark)
        machine.path = path
        first = self._put_out(before)
        if not outputs.comparable(first):
            if change == self.evict and not self.evicted:
                self._aside(change)  # for what a wake does by itself: each of them is from the same state
            self.instance = instance
            return Compared(name, before, before, [], [])
        start = len(machine.events)
        change()
        after = self.play_scene(f"{name}, again", run)
        after.events = machine.events[start:]
        machine.log.rollback(mark)
        machine.path, self.instance = path, instance
        found = list(outputs.differences(first, self._put_out(after)))
        return Compared(name, before, after, found, _other_reads(before, after))

    def _put_out(self, scene: Scene) -> list[Output]:
        events = [event for event in scene.events if event.scene == scene.name]
        return [*outputs.of_events(self.machine, events), *outputs.of_endings(scene.endings)]

    def _compare_leaving(self, leaver: Object) -> None:
        """The close of a client, as the runtime has it (who leaves is still listed) and as if it were not."""
        machine = self.machine
        assert self.instance is not None
        context = objects.context_of(machine, self.instance)

        def change() -> None:
            held = machine.known(context.slots["sockets"])
            if isinstance(held, tuple):
                machine.put(
                    context.slots, "sockets", tuple(end for end in held if end is not self.current(leaver))
                )

        compared = self.twice(CLOSING, lambda: self._closing(leaver), change)
        listed = machine.known(context.slots["sockets"])
        compared.others = len(listed) - 1 if isinstance(listed, tuple) else -1
        self.life.leaves.append(compared)

    def _compare_wakes(self, first: Object) -> None:
        """What is asked of the object after it was evicted, against what it does if it was not."""
        if not self._remembers():
            self._aside(self.evict)
            return
        message = listeners.message()
        asked = self._plain_request()
        elsewhere = self._plain_request(Unknown("the path of the address", None, "client"))
        for name, run in (
            ("message after the wake", lambda: self._call(MESSAGE, [self.current(first), message])),
            ("request after the wake", self.plain_run(asked)),
            ("request on any path after the wake", self.plain_run(elsewhere)),
            ("handshake after the wake", self._another()),
        ):
            self.life.wakes.append(self.twice(name, run, self.evict))
        if self._sets_alarms():
            run = partial(self._call, ALARM, [Object("Object", {"open": "world"})])
            self.life.wakes.append(self.twice("alarm after the wake", run, self.evict))
        if not any(compared.differences for compared in self.life.wakes):
            others.compare(
                self, lambda: self._call(MESSAGE, [self.current(first), message]), [asked, elsewhere]
            )

    def _remembers(self) -> bool:
        """Whether an eviction takes anything: a field, of the object or of a socket, or what a module keeps by socket."""
        assert self.instance is not None
        for key, held in self.instance.slots.items():
            if isinstance(key, tuple) and key[0] == "p":
                kind = held.kind if isinstance(held, Object) else ""
                if kind not in ("DurableObjectState", "Environment"):
                    return True
        for end in self.life.sockets:
            if any(isinstance(key, tuple) for key in self.current(end).slots):
                return True
        return self._modules_remember()

    def _modules_remember(self) -> bool:
        """Whether the modules or the classes themselves keep something that was written after they were read."""
        written = {id(slots) for slots, _, _ in self.machine.log.entries}
        seen: set[int] = set()
        waiting = [
            (held, 0)
            for unit in self.machine.units.values()
            for name in unit.names.values()
            for held in leaves(name)
        ]
        while waiting:
            held, depth = waiting.pop()
            if isinstance(held, ClassValue):
                waiting += [(leaf, depth + 1) for value in held.statics.values() for leaf in leaves(value)]
            if not isinstance(held, Object) or id(held) in seen:
                continue
            seen.add(id(held))
            if held.kind == "WebSocket" or id(held.slots) in written or depth > _DEEPEST:
                return True
            waiting += [(leaf, depth + 1) for value in held.slots.values() for leaf in leaves(value)]
        return False

    def _aside(self, run: Callable[[], None]) -> None:
        """Do something to the object's memory, and take it back."""
        machine = self.machine
        mark, path, instance = len(machine.log.entries), machine.path, self.instance
        run()
        machine.log.rollback(mark)
        machine.path, self.instance = path, instance

    def _another(self) -> Callable[[], Value]:
        """One more client."""
        machine, life = self.machine, self.life
        asked = request_model.handshake(self._url(self.path or self.inner))

        def run() -> Value:
            if self.path is not None:
                return self._request(asked)
            assert self.instance is not None
            return objects.run(
                machine, self.instance, FETCH, [request_model.received(machine, asked)], life.cls.place
            )

        return run

    def _is_pinned(self) -> bool:
        """Whether something keeps the object in memory."""
        from wslint.values.event import Timer

        return any(isinstance(event, Timer) and event.name == "setInterval" for event in self.machine.events)

    evicted = False

    def evict(self) -> None:
        """The object is evicted and wakes: memory is what the constructor makes of it; sockets, attachments, tags and
        storage stay."""
        machine = self.machine
        assert self.instance is not None
        self.evicted = True
        old = self.instance
        context = objects.context_of(machine, old)
        fresh: list[Object] = []
        for end in self._sockets(context):
            kept = ("state", "attachment", "tags", "owner", "home")
            slots = {key: end.slots[key] for key in kept if key in end.slots}
            made = Object(
                "WebSocket", {**slots, "listeners": (), "id": end.slots.get("id", end)}, end.place, end.extra
            )
            machine.put(end.slots, "now", made)
            fresh.append(made)
        machine.put(context.slots, "sockets", tuple(fresh))
        target = objects.Target(self.life.worker, self.life.cls)
        made_again: list[Object] = []
        start, root = len(machine.events), machine.path

        def construct() -> Value:
            made_again.append(objects.construct(machine, target, context, self.life.cls.place))
            return UNDEFINED

        machine.loading += 1
        try:
            endings = scenes.play(machine, "wake", construct)
        finally:
            machine.loading -= 1
        if endings and all(ending.kind == "throw" for ending in endings):
            self.life.unawakened += endings
        self.life.constructed += [
            event
            for event in machine.events[start:]
            if isinstance(event, Stored) and not any(step.choice for step in event.path.steps(root))
        ]
        if made_again:
            self.woken(made_again[0])
            for key, held in list(machine.isolate.items()):
                if held is old:
                    machine.put(machine.isolate, key, self.instance)

    def woken(self, instance: Object) -> None:
        """The object is here again, made anew."""
        self.instance = instance


def _other_reads(before: Scene, after: Scene) -> list[tuple[Read, Read | None]]:
    """The reads of fields that give something else in the second run, in the order of the second."""
    known: dict[Any, Read] = {}
    for event in before.of(Read):
        known.setdefault((event.key, event.place), event)
    found: list[tuple[Read, Read | None]] = []
    seen: set[Any] = set()
    for event in after.of(Read):
        key = (event.key, event.place)
        if event.scene != after.name or key in seen or event.place is None:
            continue
        seen.add(key)
        other = known.get(key)
        if other is not None and other.value != event.value:
            found.append((event, other))
    return found
