"""Forks and joins: both sides of an unknown condition in place, and what leaves a piece of code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from wslint.record import field, record
from wslint.text import Span
from wslint.values.heap import Delta, Exit, Log, Path, Slots, alike, decide, pick, reduced, taken
from wslint.values.value import (
    ABSENT,
    MOST_LEAVES,
    MOST_RETURNED,
    UNDEFINED,
    Choice,
    OneOf,
    Owner,
    Unknown,
    Value,
    one_of,
    owner_among,
)

_GONE = "cases that are gone"
MOST_GONE = 48
"""How many pairs of conditions that exclude each other are kept."""


MOST_LIFTED = 4_000
"""Combinations of what several values may be that one operation is done with."""

MOST_COLLECTORS = 1_500
"""Pieces of code within one another, each of which something may leave; each takes several of Python's own calls."""

MOST_MET = 120_000
"""Ways times slots that are joined in one place."""


class Dead(Exception):
    """No way goes on from here: all have left."""


_OF_LOOPS = frozenset({"break", "continue"})


@record
class Collector:
    """Who catches what leaves: `kinds` of exits since `mark`, under `root`."""

    kinds: frozenset[str]
    mark: int
    root: Path
    label: str | None = None
    exits: list[Exit] = field(default_factory=list)
    before: int = 0
    """How many ways had left whatever stands around when this began."""
    still: list[bool] = field(default_factory=lambda: [True])
    """Whether it still catches; shared with what is remembered of the ways that left."""

    def takes(self, kind: str, label: str | None) -> bool:
        return kind in self.kinds and (label is None or label == self.label or kind not in _OF_LOOPS)

    @property
    def is_function(self) -> bool:
        """Whether this is a function or a module: what leaves a loop does not leave it."""
        return "return" in self.kinds and self.kinds.isdisjoint(_OF_LOOPS)


class Control:
    """The conditions under which the code that is being read runs, and the log of what it wrote."""

    def __init__(self) -> None:
        self.log = Log()
        self.assumed: dict[Any, int] = {}
        self.serial = 0
        self.steps = 0
        self.path = Path(None, None, -1, 0)
        self.collectors: list[Collector] = []
        self.departed: list[tuple[Path, list[bool]]] = []
        """The ways that left and that whoever catches them still holds."""

    def tick(self) -> int:
        self.serial += 1
        return self.serial

    # Slots

    def put(self, slots: Slots, key: Any, value: Value) -> None:
        self.log.put(slots, key, value)

    # What is known under the conditions

    def known(self, value: Value) -> Value:
        """A value under the conditions that hold here."""
        while type(value) is OneOf:
            possible = self.possible(value.choice)
            if possible == value.choice.universe:
                return value
            cases = [case for case in value.cases if case[0] & possible]
            if not cases:
                raise Dead
            if len(cases) > 1:
                if len(cases) == len(value.cases):
                    return value
                return one_of(value.choice, [(mask & possible, held) for mask, held in cases], MOST_RETURNED)
            value = cases[0][1]
        return value

    def possible(self, choice: Choice) -> int:
        """The cases of a choice that are possible here."""
        assumed = self.assumed
        found = assumed.get(choice, choice.universe)
        pairs: Any = assumed.get(_GONE, ())
        for outer, mask, inner, gone in pairs:
            if inner is choice and not assumed.get(outer, outer.universe) & ~mask:
                found &= ~gone
        return found

    def gone(self) -> tuple[tuple[Choice, int, Choice, int], ...]:
        """Pairs of conditions that can't hold at once any more."""
        held: Any = self.assumed.get(_GONE, ())
        return tuple(held)

    def _remember(self, choice: Choice, alive: Sequence[tuple[int, Value, Delta, Path]], root: Path) -> None:
        """Where sides are joined of which some have lost cases of other choices: those are gone for the rest."""
        found: list[tuple[Choice, int, Choice, int]] = []
        for mask, _, _, path in alive:
            if path.depth - root.depth < 2:
                continue  # it rests on this choice alone
            for other, part in list(path.conditions(root))[1:]:
                if other is not choice:
                    found.append((choice, mask, other, ~part))
        if found:
            self.exclude(*found)

    def exclude(self, *pairs: tuple[Choice, int, Choice, int]) -> None:
        """Pairs of conditions that can't hold at once from here on."""
        self.put(self.assumed, _GONE, (*self.gone(), *pairs)[-MOST_GONE:])

    def assume(self, choice: Choice, mask: int) -> None:
        """From here on the choice lies in `mask`: who does not, has left."""
        self.path = Path(self.path, choice, mask, self.tick())
        self.put(self.assumed, choice, mask)

    def lift(self, function: Callable[..., Value], *values: Value) -> Value:
        """`function` of values that may each be one of several. It must neither throw nor write. Where they may be too
        many things together, what comes of those that are left is not known."""
        for value in values:
            if type(value) is OneOf:
                return self._lifted(function, values, [MOST_LIFTED])
        return function(*values)

    def _lifted(self, function: Callable[..., Value], values: tuple[Value, ...], left: list[int]) -> Value:
        values = tuple(map(self.known, values))
        for at, value in enumerate(values):
            if type(value) is OneOf:
                if left[0] < 0:
                    return Unknown("it is one of too many things", value.choice.place)
                choice = value.choice
                before = self.assumed.get(choice)
                results: list[tuple[int, Value]] = []
                for mask, held in value.cases:
                    self.assumed[choice] = mask if before is None else mask & before
                    given = (*values[:at], held, *values[at + 1 :])
                    try:
                        results.append((mask, self._lifted(function, given, left)))
                    except Dead:
                        continue  # this case is impossible together with what another value rests on
                if before is None:
                    del self.assumed[choice]
                else:
                    self.assumed[choice] = before
                if not results:
                    raise Dead
                return one_of(choice, results, MOST_RETURNED)
        left[0] -= 1
        return function(*values)

    def each(self, value: Value, function: Callable[[Value], Value]) -> Value:
        """`function` of each thing that a value may be, each under its condition; it may throw and write."""
        if type(value) is OneOf:
            value = self.known(value)
        if type(value) is not OneOf:
            return function(value)
        sides = [(mask, _bind(self.each, held, function)) for mask, held in value.cases]
        return self.fork(value.choice, sides)

    # Forks

    def fork(self, choice: Choice, sides: Sequence[tuple[int, Callable[[], Value]]]) -> Value:
        """Run each side that is possible, and join what goes on. Raises Dead where none does."""
        possible = self.possible(choice)
        live = [(mask & possible, run) for mask, run in sides if mask & possible]
        if not live:
            raise Dead
        if len(live) == 1:
            return live[0][1]()
        root, mark, before = self.path, len(self.log.entries), len(self.departed)
        alive: list[tuple[int, Value, Delta, Path]] = []
        for mask, run in live:
            self.path = Path(root, choice, mask, self.tick())
            self.put(self.assumed, choice, mask)
            try:
                value = run()
            except Dead:
                self.log.rollback(mark)
                continue
            alive.append((mask, value, self.log.capture(mark), self.path))
            self.log.rollback(mark)
        self.path = root
        if not alive:
            raise Dead
        if len(alive) == 1:
            _, value, delta, self.path = alive[0]
            self.log.apply(delta)
            return value
        if len(alive) < len(live):
            together = 0
            for mask, *_ in alive:
                together |= mask
            self.assume(choice, together)
        self._join(choice, alive)
        self._remember(choice, alive, root)
        paths = [path for *_, path in alive]
        if self._is_mistakable(before, root, paths):
            self._assume_taken(paths)
        return one_of(choice, [(mask, value) for mask, value, *_ in alive], MOST_RETURNED)

    def _join(self, choice: Choice, alive: Sequence[tuple[int, Value, Delta, Path]]) -> None:
        written: dict[tuple[int, Any], tuple[Slots, Any]] = {}
        for _, _, delta, _ in alive:
            for slot, (slots, key, _) in delta.items():
                if slots is not self.assumed:
                    written[slot] = (slots, key)
        for slot, (slots, key) in written.items():
            base = slots.get(key, ABSENT)
            self.steps += len(alive)
            cases = [(mask, delta[slot][2] if slot in delta else base) for mask, _, delta, _ in alive]
            if key in FLAGS:
                self.put(slots, key, _flag([held for _, held in cases]))
            else:
                self.put(slots, key, one_of(choice, cases, _most(key)))

    # Leaving

    def leave(
        self,
        kind: str,
        value: Value = UNDEFINED,
        span: Span | None = None,
        text: str = "",
        label: str | None = None,
    ) -> NoReturn:
        """This way leaves the piece of code that catches `kind`."""
        for collector in reversed(self.collectors):
            if kind in _OF_LOOPS and collector.is_function:
                self.leave("unknown", UNDEFINED, span, f"`{kind}` stands in no loop here")
            if collector.takes(kind, label):
                self.steps += (len(self.log.entries) - collector.mark) // WRITES_A_STEP
                delta = self.log.capture(collector.mark)
                collector.exits.append(Exit(kind, value, self.path, delta, span, label, text))
                self.departed.append((self.path, collector.still))
                break
        raise Dead

    def maybe(self, choice: Choice, mask: int, run: Callable[[], NoReturn]) -> None:
        """Where the choice lies in `mask`, `run` leaves; the rest goes on."""
        possible = self.possible(choice)
        if not possible & mask:
            return
        if not possible & ~mask:
            run()
        self.fork(choice, [(mask, run), (~mask & choice.universe, lambda: UNDEFINED)])

    def collect(
        self, kinds: frozenset[str], run: Callable[[], Value], label: str | None = None
    ) -> tuple[Collector, Exit | None]:
        """Run, and give what was caught, in order; the way that came to its end is the second."""
        if len(self.collectors) > MOST_COLLECTORS:
            self.leave("unknown", UNDEFINED, None, "the calls are nested too deeply")
        collector = Collector(kinds, len(self.log.entries), self.path, label, before=len(self.departed))
        self.collectors.append(collector)
        done: Exit | None = None
        try:
            value = run()
            done = Exit("done", value, self.path, self.log.capture(collector.mark))
        except Dead:
            pass
        finally:
            self.collectors.pop()
            collector.still[0] = False
            while self.departed and not self.departed[-1][1][0]:
                self.departed.pop()
        return collector, done

    def meet(
        self,
        collector: Collector,
        exits: Sequence[Exit],
        values: Sequence[Value] | None = None,
        is_part: bool = False,
    ) -> Value:
        """Go on where these ways meet; their joined value. Raises Dead where there is none. Where it `is_part` of what
        goes on, the others follow."""
        mark, root = collector.mark, collector.root
        if len(exits) == 1 and self.path is root is exits[0].path and len(self.log.entries) == mark:
            if not exits[0].delta:  # the only way, on which nothing was written or assumed
                return values[0] if values is not None else exits[0].value
        self.log.rollback(mark)
        self.path = collector.root
        if not exits:
            raise Dead
        given = list(values) if values is not None else [item.value for item in exits]
        self._return_to(exits, collector.root)
        if len(exits) == 1:
            for slots, key, value in exits[0].delta.values():
                if slots is not self.assumed:
                    self.put(slots, key, value)
            return given[0]
        from wslint.values.value import ABSENT

        tree = decide([item.path for item in exits], collector.root)
        paths = [item.path for item in exits]
        if is_part or self._is_mistakable(collector.before, collector.root, paths):
            self._assume_taken(paths)
        smaller: dict[tuple[int, ...], Any] = {}
        written: dict[tuple[int, Any], tuple[Slots, Any]] = {}
        for item in exits:
            for slot, (slots, key, _) in item.delta.items():
                if slots is not self.assumed:
                    written[slot] = (slots, key)
        if len(exits) * len(written) > MOST_MET:
            self.leave("unknown", UNDEFINED, exits[0].span, "too many ways meet here")
        for slot, (slots, key) in written.items():
            base = slots.get(key, ABSENT)
            self.steps += len(exits)
            held = [item.delta[slot][2] if slot in item.delta else base for item in exits]
            if key in FLAGS:
                self.put(slots, key, _flag(held))
                continue
            pattern = alike(held)
            if pattern not in smaller:
                smaller[pattern] = reduced(tree, pattern)
            self.put(slots, key, pick(smaller[pattern], held, _most(key)))
        return pick(tree, given, MOST_RETURNED)

    def _is_mistakable(self, before: int, root: Path, paths: Sequence[Path]) -> bool:
        """Whether these ways lose, where they meet, what tells them apart from one that has left meanwhile to somewhere
        else. `before` is how many had left when the code under `root` began."""
        lost = [step for path in paths for step in path.steps(self.path)]
        if not lost:
            return False
        if any(step.is_of_ways for step in lost):
            return True
        others = {path for path, still in self.departed[before:] if still[0]}
        if not others:
            return False
        below: dict[Path, list[Path]] = {}
        for path in paths:
            for step in path.steps(root):
                assert step.parent is not None
                known = below.setdefault(step.parent, [])
                if step not in known:
                    known.append(step)
        return any(_is_behind(path, root, below) for path in others)

    def _assume_taken(self, paths: Sequence[Path]) -> None:
        """From here on one of these ways has been taken, and none of those that have left."""
        root = self.path
        left = [path for path, still in self.departed if still[0] and _is_below(path, root)]
        form = taken(decide([*paths, *left], root), len(paths))
        if form == 2 or (form == 1 and not left):
            return
        choice = Choice(owner_among(form), None, {}, 3)
        choice.stands, choice.is_of_ways = form, True
        if form != 1:
            choice.words[1] = _any_said(paths, root)
        choice.matters = any(one.matters for path in paths for one, _ in path.conditions(root))
        if all(_is_fault(path, root) for path in paths):
            choice.fault = 1
        self.assume(choice, 1)
        self.path.is_of_ways = True

    def _return_to(self, exits: Sequence[Exit], root: Path) -> None:
        """The conditions that all these ways have in common hold from here on."""
        common = exits[0].path
        for item in exits[1:]:
            other = item.path
            while common is not other:
                if common.depth >= other.depth:
                    assert common.parent is not None
                    common = common.parent
                else:
                    assert other.parent is not None
                    other = other.parent
        if common.depth < root.depth:
            common = root
        for choice, mask in common.conditions(root):
            self.put(self.assumed, choice, mask & self.assumed.get(choice, -1))
        self.path = common

    # Not knowing

    def either(self, owner: Owner, words: tuple[str, str], place: Span | None = None) -> Choice:
        """A new choice of two sides: 1 is the first, 2 the second."""
        return Choice(owner, place, {1: words[0], 2: words[1]}, 3)


WRITES_A_STEP = 16
"""What a way has written is gone through when it leaves: so many writes take as long as a step."""

STATES = frozenset({"sockets", "state", "res"})
"""Which sockets an object has, how each of them is, and the answer that a router holds: few values on many ways, and
everything rests on them."""

FLAGS = frozenset({"open", "memory", "escaped"})
"""What is so once it was so on one side: how much of an object is known."""


MOST_SAID = 2
"""Conditions that are said of one way, and ways that are said, where one of several was taken."""


def _any_said(paths: Sequence[Path], root: Path) -> str:
    """The conditions of the first ways in words, and how many others there are."""
    said = list(dict.fromkeys(filter(None, [_said(path, root) for path in paths])))
    left = len(said) - MOST_SAID
    if left <= 0:
        return ", or ".join(said)
    return f"{said[0]}, or in {left + 1} other ways"


def _said(path: Path, root: Path) -> str:
    """The last conditions of a way in words, those that have any."""
    words = [
        step.choice.word(step.mask)
        for step in path.steps(root)
        if step.choice is not None and step.choice.matters and not step.choice.is_of_ways
    ]
    return " and ".join(list(filter(None, words))[-MOST_SAID:])


def _is_behind(path: Path, root: Path, below: dict[Path, list[Path]]) -> bool:
    """Whether a way is what is left where other ways are not taken, at some place where they part from it. `below` has
    their conditions, by the one before."""
    if path in below:
        return True
    at: Path | None = path.parent
    step = path
    while at is not None and at.depth >= root.depth:
        for other in below.get(at, ()):
            is_apart = other.choice is step.choice and not other.mask & step.mask
            if other is not step and not is_apart and other.serial < step.serial:
                return True
        step, at = at, at.parent
    return False


def _is_below(path: Path, root: Path) -> bool:
    at: Path | None = path
    while at is not None and at.depth > root.depth:
        at = at.parent
    return at is root and path is not root


def _is_fault(path: Path, root: Path) -> bool:
    """Whether a way is taken only where something outside fails that ordinarily works."""
    return any(choice.fault & mask == mask for choice, mask in path.conditions(root))


def _most(key: Any) -> int:
    """How many leaves a slot may have before it is unknown."""
    return MOST_RETURNED if key in STATES else MOST_LEAVES


def _flag(held: Sequence[Value]) -> Value:
    from wslint.values.value import ABSENT

    found = [one for one in held if one is not ABSENT and one is not False and one is not None]
    counts = [one for one in found if isinstance(one, tuple)]
    if counts:
        return max(counts, key=lambda one: one[1])
    return found[0] if found else held[0]


def _bind(function: Callable[..., Value], *given: Any) -> Callable[[], Value]:
    return lambda: function(*given)
