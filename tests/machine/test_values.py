"""Values that may be very many things: what is kept of them is still true of each."""

from __future__ import annotations

from wslint.runtime.promise import Rejected
from wslint.values.value import (
    MOST_ANSWERS,
    MOST_DIFFERENT,
    MOST_LEAVES,
    MOST_RETURNED,
    Choice,
    OneOf,
    Unknown,
    Value,
    leaves,
    one_of,
)


def decided(values: list[Value], most: int) -> Value:
    """Each of the values, decided by as many conditions."""
    value = values[-1]
    for one in reversed(values[:-1]):
        value = one_of(Choice("world", None, {1: "yes", 2: "no"}, 3), [(1, one), (2, value)], most)
    return value


def test_few_different_things_stay_apart() -> None:
    found = decided(["a", "b"] * MOST_LEAVES, MOST_LEAVES)
    assert isinstance(found, OneOf)
    assert set(leaves(found)) == {"a", "b"}


def test_unknown_errors_become_one_beside_the_answers() -> None:
    errors = [
        Rejected(Unknown(f"error {number}", owner="client"), "thrown") for number in range(MOST_ANSWERS)
    ]
    errors[3].value.owner = "unread"
    found = decided([*[f"answer {number % 9}" for number in range(MOST_RETURNED)], *errors], MOST_RETURNED)
    assert isinstance(found, OneOf)
    rejected = [leaf for leaf in leaves(found) if isinstance(leaf, Rejected)]
    assert len(rejected) == 1
    assert rejected[0] not in errors and rejected[0].text == "thrown"
    assert rejected[0].value.owner == "unread"
    assert {leaf for leaf in leaves(found) if isinstance(leaf, str)} == {
        f"answer {number}" for number in range(9)
    }


def test_known_errors_do_not_become_one() -> None:
    errors = [Rejected(f"error {number}") for number in range(MOST_DIFFERENT + 1)]
    found = decided([*["answer"] * MOST_LEAVES, *errors], MOST_LEAVES)
    assert all(leaf in errors for leaf in leaves(found) if isinstance(leaf, Rejected))


def test_too_many_different_things_are_unknown() -> None:
    found = decided([f"answer {number}" for number in range(MOST_RETURNED + 1)], MOST_RETURNED)
    assert any(isinstance(leaf, Unknown) for leaf in leaves(found))
