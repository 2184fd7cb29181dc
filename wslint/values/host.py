"""What a member of the runtime model may ask of whoever runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from wslint.record import field, record
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import UNDEFINED, Choice, Owner, Value

if TYPE_CHECKING:
    from wslint.values.event import Event


@record
class Invocation:
    """One call: what is called with what, where. `this` is what it is a method of."""

    name: str
    this: Value
    arguments: list[Value]
    span: Span
    keywords: dict[str, Value] = field(default_factory=dict)
    new: bool = False
    open: bool = False
    """Whether there may be more arguments than these (a spread of something unknown)."""
    unit: Any = None

    def argument(self, place: int, keyword: str = "") -> Value:
        """The argument at a place, or of a keyword; undefined where there is none."""
        if keyword and keyword in self.keywords:
            return self.keywords[keyword]
        return self.arguments[place] if place < len(self.arguments) else UNDEFINED


class Host(Protocol):
    """Whoever runs the code: the machine."""

    scene: str

    def throw(self, text: str, span: Span | None, receiver: Object | None = None) -> NoReturn:
        """The runtime throws, in these words."""

    def throws_where(self, choice: Choice, mask: int, text: str, span: Span | None) -> None:
        """The runtime throws where the choice lies in `mask`; elsewhere the code goes on."""

    def unknown(self, why: str, span: Span | None = None, owner: Owner = "unread") -> Value: ...

    def note(self, made: type[Event], span: Span | None, **given: Any) -> Event:
        """Something happened."""

    def put(self, slots: dict[Any, Value], key: Any, value: Value) -> None: ...

    def known(self, value: Value) -> Value: ...

    def lift(self, function: Callable[..., Value], *values: Value) -> Value: ...

    def each(self, value: Value, function: Callable[[Value], Value]) -> Value: ...

    def fork(self, choice: Choice, sides: Sequence[tuple[int, Callable[[], Value]]]) -> Value: ...

    def either(self, owner: Owner, words: tuple[str, str], place: Span | None = None) -> Choice: ...

    def call(self, function: Value, arguments: Sequence[Value], span: Span, this: Value = UNDEFINED) -> Value:
        """Call a function value."""

    def awaited(self, value: Value, span: Span | None) -> Value: ...

    def escape(self, value: Value, name: str) -> None: ...

    def unread_call(self, name: str, span: Span, arguments: Sequence[Value] = ()) -> Value: ...

    def give_up(self, why: str, span: Span | None) -> NoReturn: ...
