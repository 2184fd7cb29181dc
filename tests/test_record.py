"""Records behave as the dataclasses that they stand for."""

from __future__ import annotations

from functools import cached_property

import pytest

from wslint.record import field, fields, frozen, record, replace


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


@frozen
class Point:
    x: int
    y: int = 0

    @cached_property
    def sum(self) -> int:
        return self.x + self.y


@frozen
class Empty:
    pass


def test_frozen_ones_compare_hash_and_print_by_their_fields() -> None:
    assert Point(1) == Point(1, 0)
    assert Point(1) != Point(1, 1)
    assert Point(1) != (1, 0)
    assert len({Point(1), Point(1, 0), Point(2)}) == 2
    assert repr(Point(1)) == "Point(x=1, y=0)"
    assert Empty() == Empty()
    assert Base(1, 2) != Base(1, 2)


def test_cached_properties_have_their_place() -> None:
    point = Point(1, 2)
    assert point.sum == 3
    assert point.__dict__ == {"sum": 3}


def test_a_copy_with_some_fields_changed() -> None:
    assert replace(Point(1, 2), y=5) == Point(1, 5)
    with pytest.raises(TypeError):
        replace(Point(1, 2), z=5)
