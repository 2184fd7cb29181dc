"""What SQLite says of a statement, given what the code has made of a Durable Object's tables.

Python's own SQLite prepares the statements, with no row in any table. It may be older than the runtime's: only what every
version says alike is taken for an answer, the rest is not known.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from wslint.runtime import words
from wslint.text import Span
from wslint.values.heap import Object

try:
    import sqlite3
except ImportError:  # a Python that was built without it: nothing is known of statements
    sqlite3 = None  # type: ignore[assignment]

TABLES = "tables"
"""The slot of a storage for what has made its tables, in order; `UNREAD` once a statement was not read."""
UNREAD = "unread"
MOST = 60
"""Statements that are gone through again for each further one."""

MOST_VARIABLES = 100
"""Parameters that a statement may have; run on workerd 1.20261117.1."""

_TOO_MANY = re.compile(r"too many SQL variables|variable number must be between ")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)
_TRANSACTION = re.compile(r"\s*(?:begin|commit|end|rollback|savepoint|release)\b", re.I)
_MAKES = re.compile(r"\s*(?:create|drop|alter)\b", re.I)
_NO_TABLE = re.compile(r"no such table: (?:main\.)?(\w+)$")
_WHOSE = re.compile(
    r"no such column: |table \S+ has no column named |table \S+ has \d+ columns but |\d+ values for \d+ columns$"
)
"""What rests on a table's columns."""
_THERE = re.compile(r"(?:table|index|view|trigger) \S+ already exists$|duplicate column name: ")
"""What rests on what was made before."""


def run(host: Any, holder: Object, query: Any, span: Span) -> None:
    """Note what a query makes of the tables of a `sql`; throws where the runtime surely refuses it."""
    storage: Object = holder.extra
    made = storage.slots.get(TABLES, ())
    if not isinstance(query, str):
        host.put(storage.slots, TABLES, UNREAD)
        return
    for statement in statements(query):
        if _TRANSACTION.match(_COMMENT.sub("", statement)):
            host.throw(words.SQL_TRANSACTION, span)
        if not isinstance(made, tuple) or len(made) >= MOST or "escaped" in holder.slots:
            made = UNREAD
            continue
        problem = said_of(made, statement)
        if problem and _counts(host, problem):
            host.throw(f"Error: {problem}: SQLITE_ERROR", span)
        if problem:
            made = UNREAD if _MAKES.match(_COMMENT.sub("", statement)) else made
        elif _MAKES.match(_COMMENT.sub("", statement)):
            made = (*made, statement)
    if made != storage.slots.get(TABLES, ()):
        host.put(storage.slots, TABLES, made)


def emptied(host: Any, storage: Object) -> None:
    """Everything was deleted: what else there was before is gone as well."""
    host.put(storage.slots, TABLES, ())


@cache
def statements(query: str) -> tuple[str, ...]:
    """The statements of a query, without those that are empty."""
    found: list[str] = []
    rest = ""
    for piece in re.split(r"(?<=;)", query):
        rest += piece
        if sqlite3 is None or sqlite3.complete_statement(rest):
            found.append(rest)
            rest = ""
    return tuple(one for one in [*found, rest] if _COMMENT.sub("", one).strip(" \t\r\n;"))


@cache
def said_of(made: tuple[str, ...], statement: str) -> str:
    """What SQLite refuses a statement with, after those that made the tables; empty where it takes it."""
    if sqlite3 is None:
        return "not known"
    connection = sqlite3.connect(":memory:")
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, MOST_VARIABLES)
    try:
        try:
            for one in made:
                connection.execute(one)
        except (sqlite3.Error, sqlite3.Warning):
            return "not known"
        bare = _COMMENT.sub("", statement)
        try:
            connection.execute(statement if _MAKES.match(bare) else f"EXPLAIN {statement}")
        except sqlite3.ProgrammingError:  # its values are not given: it was prepared
            return ""
        except (sqlite3.Error, sqlite3.Warning) as problem:
            return str(problem)
        return ""
    finally:
        connection.close()


def _counts(host: Any, problem: str) -> bool:
    """Whether the runtime surely says the same."""
    missing = _NO_TABLE.match(problem)
    if missing is not None:
        return _never_made(host, missing[1]) or (bool(host.constructing) and _is_sure(host))
    if _WHOSE.match(problem):
        return not _anywhere(host, rb"\balter\s+table\b")
    if _TOO_MANY.match(problem):
        return True
    return bool(_THERE.match(problem)) and _is_sure(host)


def _is_sure(host: Any) -> bool:
    """Whether nothing but the client has decided the way: what is stored may say which tables there are."""
    return all(choice.owner == "client" for choice, _ in host.path.conditions())


_CREATED = re.compile(
    rb"\bcreate\s+(?:virtual\s+|temp(?:orary)?\s+)?(?:table|view)\s+(?:if\s+not\s+exists\s+)?[\"'`\[]?(\w*)|"
    rb"\brename\s+to\s+[\"'`\[]?(\w*)",
    re.I,
)
_ELSEWHERE = (rb"drizzle|kysely|prisma|\.sql[\"'`?]|migrations?[\"'`/]",)
"""Where tables may be made by what is not read."""


def _never_made(host: Any, name: str) -> bool:
    """Whether no code makes a table of this name, while it does make others."""
    if name.lower().startswith(("sqlite_", "cf_", "_cf_")) or _anywhere(host, *_ELSEWHERE):
        return False
    made = {
        (found[1] or found[2] or b"").decode().lower()
        for file in _files(host)
        for found in _CREATED.finditer(file.data)
    }
    return bool(made) and "" not in made and name.lower() not in made


def _anywhere(host: Any, *patterns: bytes) -> bool:
    return any(re.search(pattern, file.data, re.I) for file in _files(host) for pattern in patterns)


def _files(host: Any) -> list[Any]:
    return [file for worker in host.workers if worker.source is not None for file in worker.source.files]
