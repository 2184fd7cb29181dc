"""SQL of a Durable Object: what SQLite surely refuses, and what it may take."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write
from wslint.runtime import sql

CONFIG = (
    'name = "match"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
    'durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]\n'
    'migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]\n'
)
WORKER = """\
import {{ DurableObject }} from "cloudflare:workers";

export class MatchDO extends DurableObject {{
  constructor(ctx, env) {{
    super(ctx, env);
    this.sql = ctx.storage.sql;
    {constructor}
  }}
  async fetch(request) {{
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, {{ status: 426 }});
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, {{ status: 101, webSocket: client }});
  }}
  webSocketMessage(ws, message) {{
    {message}
    ws.send("ok");
  }}
  webSocketClose(ws) {{
    ws.close(1000, "bye");
  }}
}}

export default {{
  fetch: (request, env) => env.MATCH.getByName("lobby").fetch(request),
}};
"""
TABLE = 'this.sql.exec("CREATE TABLE IF NOT EXISTS words (id INTEGER PRIMARY KEY, word TEXT)");'


def found(tmp_path: Path, constructor: str, message: str = "") -> list[tuple[str, str]]:
    write(
        {"wrangler.toml": CONFIG, "index.js": WORKER.format(constructor=constructor, message=message)},
        tmp_path,
    )
    return [(item.code, item.message) for item in check_folder(tmp_path).findings]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT word FROM words WHERE id = ?",
        "SELECT rowid, * FROM words",
        "SELECT sum(n) FROM (SELECT length(word) AS n FROM words)",
        "WITH long AS (SELECT word FROM words) SELECT * FROM long",
        "INSERT INTO words (id, word) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET word = excluded.word",
        "INSERT INTO words (word) VALUES (?) RETURNING id",
        "SELECT value FROM json_each(?)",
        "SELECT 1 WHERE ? IS NOT DISTINCT FROM 1",
        "SELECT name FROM sqlite_master WHERE type = 'table'",
        "SELECT tbl FROM sqlite_schema_of_the_future",
        "SELECT some_new_function(word) FROM words",
        "SELECT word FROM words SOME NEW SYNTAX",
        "PRAGMA table_info(words)",
        "CREATE TRIGGER IF NOT EXISTS t AFTER INSERT ON words BEGIN DELETE FROM words WHERE id < 0; END",
        "CREATE TABLE IF NOT EXISTS more (a); INSERT INTO more VALUES (?)",
        "DROP TABLE IF EXISTS more; CREATE TABLE more (a, b); INSERT INTO more VALUES (?, ?)",
        "SELECT * FROM cf_agents_state",
        "-- BEGIN\\nSELECT 1",
    ],
)
def test_what_may_be_taken(query: str, tmp_path: Path) -> None:
    given = ", 1" * query.count("?")
    assert found(tmp_path, TABLE, f'this.sql.exec("{query}"{given});') == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT word FROM wrods", "no such table: wrods"),
        ("INSERT INTO Word (word) VALUES ('a')", "no such table: Word"),
        ("SELECT name FROM words", "no such column: name"),
        ("INSERT INTO words (name) VALUES ('a')", "table words has no column named name"),
        ("INSERT INTO words VALUES ('a')", "table words has 2 columns but 1 values"),
        ("INSERT INTO words (word) VALUES (1, 2)", "2 values for 1 columns"),
        ("CREATE TABLE words (id)", "table words already exists"),
        ("BEGIN", "To execute a transaction"),
        ("SELECT 1; begin immediate", "To execute a transaction"),
        ("/* now */ SAVEPOINT here", "To execute a transaction"),
        ("ROLLBACK", "To execute a transaction"),
    ],
)
def test_what_is_surely_refused(query: str, words: str, tmp_path: Path) -> None:
    ((code, message),) = found(tmp_path, TABLE, f'this.sql.exec("{query}");')
    assert (code, words in message) == ("WS560", True)


@pytest.mark.parametrize(("count", "is_refused"), [(100, False), (101, True)])
def test_a_statement_has_at_most_a_hundred_parameters(count: int, is_refused: bool, tmp_path: Path) -> None:
    query = f"SELECT word FROM words WHERE id IN ({', '.join('?' * count)})"
    said = found(tmp_path, TABLE, f'this.sql.exec("{query}"{", 1" * count});')
    assert [code for code, message in said if "too many SQL variables" in message] == ["WS560"] * is_refused


@pytest.mark.parametrize(
    ("constructor", "message"),
    [
        # another version of the code may have changed the tables
        (
            TABLE + ' if (env.NEWER) this.sql.exec("ALTER TABLE words ADD COLUMN name TEXT");',
            'this.sql.exec("SELECT name FROM words");',
        ),
        # what is not read may have made them
        (TABLE + " this.sql.exec(env.SCHEMA);", 'this.sql.exec("SELECT name FROM words");'),
        (
            TABLE + " this.sql.exec(`CREATE TABLE IF NOT EXISTS ${env.TABLE} (a)`);",
            'this.sql.exec("SELECT a FROM b");',
        ),
        ("", 'this.sql.exec("SELECT a FROM b");'),
        # it is asked for first
        (
            "const known = this.sql.exec(\"SELECT name FROM sqlite_master WHERE name = 'words'\").toArray();"
            ' if (known.length === 0) this.sql.exec("CREATE TABLE words (id)");',
            'this.sql.exec("SELECT id FROM words");',
        ),
        (
            "ctx.blockConcurrencyWhile(async () => { const version = (await ctx.storage.get('version')) ?? 0;"
            ' if (version < 1) this.sql.exec("CREATE TABLE words (id)");'
            ' else this.sql.exec("SELECT id FROM words");'
            " await ctx.storage.put('version', 1); });",
            'this.sql.exec("SELECT id FROM words");',
        ),
        ('try { this.sql.exec("CREATE TABLE words (id)"); } catch { /* it is there */ }', ""),
    ],
)
def test_what_is_not_known(constructor: str, message: str, tmp_path: Path) -> None:
    assert found(tmp_path, constructor, message) == []


def test_a_table_that_the_constructor_needs_before_it_makes_it(tmp_path: Path) -> None:
    ((code, message),) = found(tmp_path, 'this.sql.exec("SELECT word FROM words").toArray(); ' + TABLE)
    assert code == "WS460"
    assert "no such table: words" in message


def test_a_table_that_is_made_on_every_wake(tmp_path: Path) -> None:
    ((code, message),) = found(tmp_path, 'this.sql.exec("CREATE TABLE words (id)");')
    assert code == "WS661"
    assert "table words already exists" in message


def test_statements_are_told_apart() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; END;"
    assert sql.statements(f"SELECT ';'; {trigger} -- the end") == ("SELECT ';';", f" {trigger}")


def test_a_python_without_sqlite_knows_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sql, "sqlite3", None)
    sql.said_of.cache_clear()
    sql.statements.cache_clear()
    try:
        assert found(tmp_path, TABLE, 'this.sql.exec("SELECT a FROM wrods");') == []
    finally:
        sql.said_of.cache_clear()
        sql.statements.cache_clear()
