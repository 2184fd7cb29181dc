"""A member that only some ways have written is missing on the others, however it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import traced, worker

PYTHON_CONFIG = 'name = "m"\nmain = "entry.py"\ncompatibility_date = "2026-07-01"\ncompatibility_flags = ["python_workers"]\n'
PYTHON = """\
from workers import Response, WorkerEntrypoint


class Seat:
    kind = "seat"


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        name = request.headers.get("X-Name")
{body}
        return Response(None, status=201 if {read} else 202)
"""


def statuses(folder: Path, files: dict[str, str]) -> set[int | None]:
    predicted = traced(folder, files).predicted
    assert not predicted.certain
    return {ending.status for ending in predicted.endings}


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ('const seat = {}; if (name) seat.name = "x";', "seat.name"),
        ('const seat = {}; if (name) seat.name = "x";', 'seat["name"]'),
        ('const seat = {}; if (name) seat["name"] = "x"; const { name: held } = seat;', "held"),
        ('const seat = {}; if (name) seat.name = "x";', '(seat.name || "")'),
        ('const seat = {}; if (name) seat.name = "x";', "!!seat.name"),
        ('const seat = {}; if (name) seat.name = "x"; const copy = { ...seat };', "copy.name"),
        ('const seat = {}; if (name) seat.name = "x";', "JSON.parse(JSON.stringify(seat)).name"),
        ('const seat = { name: "x" }; if (!name) delete seat.name;', "seat.name"),
        ("const seat = {}; if (name) seat.open = () => 1;", "seat.open?.()"),
        ("const seat = {}; if (name) seat.toString = null;", "!seat.toString"),
        ('class Seat {} const seat = new Seat(); if (name) seat.name = "x";', "seat.name"),
        ("class Seat { open() {} } const seat = new Seat(); if (!name) seat.open = null;", "seat.open"),
        ("class Seat { get open() { return this.name; } } const seat = new Seat(); if (name) seat.name = 1;", "seat.open"),
        ('const seats = new Map(); if (name) seats.set("a", "x");', 'seats.get("a")'),
        ("const seats = []; if (name) seats.push(1);", "seats.reduce((sum, one) => sum + one, 0)"),
        ("const seats = [1, 2]; if (name) seats.splice(0, 2);", "seats.at(-1)"),
        ('const seats = []; if (name) seats.push("a");', 'seats.join(",")'),
        ("const seats = []; if (name) seats.push(1);", "seats.find((one) => one === 1)"),
        ("const seats = []; if (name) seats.push(1);", "seats.map((one) => one + 1)[0]"),
        ("const seats = []; if (name) seats.push(1);", "seats.filter((one) => one > 0).length"),
        ("const seats = []; if (name) seats.push(1);", "!seats.every((one) => one === 2)"),
        ("const seats = []; if (name) seats.push(1); let sum = 0; for (const one of seats) sum += one;", "sum"),
        ("const seats = []; if (name) seats.count = 1;", "seats.count"),
    ],
)  # fmt: skip
def test_javascript(body: str, read: str, tmp_path: Path) -> None:
    asked = 'const name = request.headers.get("X-Name");\n'
    files = worker(f"{asked}{body}\nreturn new Response(null, {{ status: {read} ? 201 : 202 }});")
    assert statuses(tmp_path, files) == {201, 202}


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (["seat = Seat()", "if name:", '    seat.name = "x"'], 'getattr(seat, "name", None)'),
        (["seat = Seat()", "if name:", '    seat.name = "x"'], 'hasattr(seat, "name")'),
        (["seat = Seat()", "if not name:", '    seat.kind = ""'], "seat.kind"),
        (
            ["seat = Seat()", "if name:", '    seat.name = "x"', "try:", "    held = seat.name", "except AttributeError:", "    held = None"],
            "held",
        ),
        (["seat = {}", "if name:", '    seat["name"] = "x"'], 'seat.get("name")'),
        (['seat = {"name": "x"}', "if not name:", '    del seat["name"]'], 'seat.get("name")'),
    ],
)  # fmt: skip
def test_python(lines: list[str], read: str, tmp_path: Path) -> None:
    body = "\n".join(f"        {line}" for line in lines)
    files = {"wrangler.toml": PYTHON_CONFIG, "entry.py": PYTHON.format(body=body, read=read)}
    assert statuses(tmp_path, files) == {201, 202}
