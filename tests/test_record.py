"""Records behave as the dataclasses that they stand for."""

from __future__ import annotations

import pytest

from wslint.record import field, fields, record


@record
class Base:
    start: int
    end: int


@record
class Item(Base):
    """An item."""

    name: str
    parts: list[int] = field(default_factory=list)
    kind: str = "plain"

    def shout(self) -> str:
        return self.name.upper()


def test_fields_of_the_base_come_first_and_defaults_hold() -> None:
    item = Item(1, 2, "a")
    assert (item.start, item.end, item.name, item.parts, item.kind) == (1, 2, "a", [], "plain")
    assert fields(item) == ("start", "end", "name", "parts", "kind")
    assert item.shout() == "A"


def test_factories_make_a_value_for_each_instance() -> None:
    one, other = Item(1, 2, "a"), Item(1, 2, "b")
    one.parts.append(1)
    assert other.parts == []
    given: list[int] = []
    assert Item(1, 2, "c", given).parts is given


def test_names_are_checked_at_the_first_call_too() -> None:
    @record
    class Fresh:
        one: int

    with pytest.raises(TypeError):
        Fresh()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Fresh(1, two=2)  # type: ignore[call-arg]
    assert Fresh(one=1).one == 1


def test_there_is_no_room_for_other_names() -> None:
    item = Item(1, 2, "a", kind="x")
    assert item.kind == "x"
    with pytest.raises(AttributeError):
        item.other = 1  # type: ignore[attr-defined]


def test_identity_is_equality() -> None:
    assert Item(1, 2, "a") != Item(1, 2, "a")
    assert len({Item(1, 2, "a"), Item(1, 2, "a")}) == 2
