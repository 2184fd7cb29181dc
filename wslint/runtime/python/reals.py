"""Python's `float`, where it is known not to be an `int`: the two are written in different ways."""

from __future__ import annotations


class Real(float):
    """A number that is no `int`, whatever it is worth."""
