"""A Durable Object's storage: asynchronous, `kv` and SQL, alarms."""

from __future__ import annotations

import re
from typing import Any

from wslint.runtime import promise, sql, words
from wslint.runtime.model import Model
from wslint.text import Span
from wslint.values.event import Lacking, Stored, Unsynced
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value, leaves

STORAGE = Model("DurableObjectStorage", "DurableObjectStorage")
KV = Model("SyncKvStorage")
SQL = Model("SqlStorage", "SqlStorage")
CURSOR = Model("SqlStorageCursor")


_UNCLONEABLE = {
    "Promise": "#<Promise> could not be cloned.",
    "DurableObject": "ServiceStub cannot be serialized in this context.",
    **{
        kind: f'Could not serialize object of type "{kind}". This type does not support serialization.'
        for kind in ("WebSocket", "DurableObjectState", "DurableObjectNamespace", "URL")
    },
}
"""What a structured clone says of an object (run). A Request without a body and Headers are cloned."""


def uncloneable(host: Any, value: Value, depth: int = 0) -> str:
    """Why a structured clone refuses a value, in the runtime's words; empty when nothing does."""
    from wslint.machine.scope import ClassValue, Closure, Native

    value = host.known(value)
    if isinstance(value, Closure):
        named = value.node.name is not None
        text = f"function {value.node.name}" if named else value.scope.unit.span(value.node).head().text
        return f"{text} could not be cloned."
    if isinstance(value, ClassValue | Native):
        return f"{'class' if isinstance(value, ClassValue) else 'function'} {value.name} could not be cloned."
    if not isinstance(value, Object) or depth > 6:
        return ""
    if value.kind in _UNCLONEABLE:
        return _UNCLONEABLE[value.kind]
    if value.kind not in ("Object", "Array", "Map", "Set", "Instance"):
        return ""
    for key, held in value.slots.items():
        inner = (
            held if isinstance(held, tuple) and key == "items" else (held,) if isinstance(key, tuple) else ()
        )
        for one in inner:
            problem = uncloneable(host, one, depth + 1)
            if problem:
                return problem
    return ""


def refuse_uncloneable(host: Any, value: Value, span: Span, receiver: Object | None = None) -> None:
    problem = uncloneable(host, value)
    if problem:
        host.throw(f"DataCloneError: {problem}", span, receiver)


def made(span: Span | None = None) -> Object:
    storage = Object("DurableObjectStorage", {"unknown": True}, span)
    storage.slots["kv"] = Object("SyncKvStorage", {}, span, storage)
    storage.slots["sql"] = Object("SqlStorage", {}, span, storage)
    return storage


@STORAGE.getter("kv")
def _kv(host: Any, storage: Object, span: Any) -> Value:
    return storage.slots["kv"]


@STORAGE.getter("sql")
def _sql(host: Any, storage: Object, span: Any) -> Value:
    return storage.slots["sql"]


def _key(key: Value) -> Any:
    return ("s", key) if isinstance(key, str) else None


def _read(host: Any, storage: Object, key: Value, span: Span) -> Value:
    slot = _key(key)
    if slot is None:
        if isinstance(key, Unknown):
            return key.derived(("stored", id(storage)), f"what is stored under {key.why}", span)
        return Unknown("what is stored", span, "world")
    held = storage.slots.get(slot, ABSENT)
    if held is ABSENT and host.lacked is not None and ("key", key) not in host.held:
        host.lacked.append(Lacking("key", str(key), span))
        return UNDEFINED
    if held is ABSENT:
        held = storage.slots[slot] = Unknown(f"the stored `{key}`", span, "world")
    return host.lift(lambda one: UNDEFINED if one is ABSENT else one, held)


def _write(host: Any, storage: Object, call: Invocation) -> None:
    from wslint.runtime.socket import frozen

    key, value = host.known(call.argument(0)), host.known(call.argument(1))
    host.note(Stored, call.span, action=call.name, key=key, value=value, owner=storage)
    if call.name == "put" and isinstance(key, Object):
        refuse_uncloneable(host, key, call.span)
        for name, held in list(key.slots.items()):
            if isinstance(name, tuple) and name[0] == "p":
                host.put(storage.slots, ("s", name[1]), frozen(host, held))
        return
    if call.name == "put":
        refuse_uncloneable(host, value, call.span)
    slot = _key(key)
    if slot is None:
        for name in [name for name in storage.slots if isinstance(name, tuple) and name[0] == "s"]:
            host.put(storage.slots, name, Unknown(f"the stored `{name[1]}`", call.span, "world"))
    else:
        host.put(storage.slots, slot, frozen(host, value) if call.name == "put" else UNDEFINED)


@STORAGE.method("get")
def _get(host: Any, call: Invocation) -> Value:
    key = host.known(call.argument(0))
    if isinstance(key, Object):
        return promise.made(Object("Map", {"open": "world"}, call.span), call.span)
    held = _read(host, call.this, key, call.span)
    host.note(Stored, call.span, action="get", key=key, value=held, owner=call.this)
    return promise.made(held, call.span)


@STORAGE.method("put")
def _put(host: Any, call: Invocation) -> Value:
    def run() -> Value:
        _write(host, call.this, call)
        return UNDEFINED

    return promise.made(promise.caught(host, run), call.span)


@STORAGE.method("delete")
def _delete(host: Any, call: Invocation) -> Value:
    _write(host, call.this, call)
    return promise.made(Unknown("whether it was there", call.span, "world"), call.span)


@STORAGE.method("list")
def _list(host: Any, call: Invocation) -> Value:
    return promise.made(Object("Map", {"open": "world"}, call.span), call.span)


@STORAGE.method("deleteAll")
def _delete_all(host: Any, call: Invocation) -> Value:
    host.note(Stored, call.span, action="deleteAll", owner=call.this)
    for name in [name for name in call.this.slots if isinstance(name, tuple) and name[0] == "table"]:
        host.put(call.this.slots, name, GONE)
    sql.emptied(host, call.this)
    for name in [name for name in call.this.slots if isinstance(name, tuple) and name[0] == "s"]:
        host.put(call.this.slots, name, UNDEFINED)
    return promise.made(UNDEFINED, call.span)


@STORAGE.method("setAlarm")
def _set_alarm(host: Any, call: Invocation) -> Value:
    if host.object is not None and "no alarm" in host.object.slots:
        return promise.made(
            promise.caught(host, lambda: host.throw(words.NO_ALARM, call.span, call.this)), call.span
        )
    at = host.known(call.argument(0))
    if type(at) is float and at <= 0:
        return promise.made(
            promise.caught(host, lambda: host.throw(words.NO_TIME, call.span, call.this)), call.span
        )
    host.note(Stored, call.span, action="setAlarm", value=call.argument(0), owner=call.this)
    host.put(call.this.slots, "alarm", call.argument(0))
    return promise.made(UNDEFINED, call.span)


@STORAGE.method("deleteAlarm")
def _delete_alarm(host: Any, call: Invocation) -> Value:
    host.note(Stored, call.span, action="deleteAlarm", owner=call.this)
    host.put(call.this.slots, "alarm", None)
    return promise.made(UNDEFINED, call.span)


@STORAGE.method("getAlarm")
def _get_alarm(host: Any, call: Invocation) -> Value:
    held = call.this.slots.get("alarm", ABSENT)
    if held is ABSENT:
        held = call.this.slots["alarm"] = Unknown("the alarm that is set", call.span, "world")
    return promise.made(held, call.span)


@STORAGE.method("transaction", "transactionSync")
def _transaction(host: Any, call: Invocation) -> Value:
    given = [call.this] if call.name == "transaction" else []
    result = host.call(call.argument(0), given, call.span)
    if call.name == "transactionSync" and any(_is_promise(leaf) for leaf in leaves(result)):
        host.note(Unsynced, call.span)
    return result


def _is_promise(value: Value) -> bool:
    return isinstance(value, Object) and value.kind == "Promise"


@STORAGE.method("sync", "getCurrentBookmark", "getBookmarkForTime", "onNextSessionRestoreBookmark")
def _sync(host: Any, call: Invocation) -> Value:
    return promise.made(
        Unknown("a bookmark", call.span, "world") if call.name != "sync" else UNDEFINED, call.span
    )


def _needs_sqlite(host: Any, storage: Object, call: Invocation, text: str) -> None:
    if "no sql" in storage.slots:
        host.throw(text, call.span, storage)


@KV.method("get")
def _kv_get(host: Any, call: Invocation) -> Value:
    _needs_sqlite(host, call.this.extra, call, words.NO_KV)
    return _read(host, call.this.extra, host.known(call.argument(0)), call.span)


@KV.method("put", "delete")
def _kv_put(host: Any, call: Invocation) -> Value:
    _needs_sqlite(host, call.this.extra, call, words.NO_KV)
    _write(host, call.this.extra, call)
    return UNDEFINED if call.name == "put" else Unknown("whether it was there", call.span, "world")


@KV.method("list")
def _kv_list(host: Any, call: Invocation) -> Value:
    _needs_sqlite(host, call.this.extra, call, words.NO_KV)
    return Object("Array", {"items": (), "open": "world"}, call.span)


@SQL.method("exec")
def _exec(host: Any, call: Invocation) -> Value:
    query = host.known(call.argument(0))
    _needs_sqlite(host, call.this.extra, call, words.NO_SQL)
    if isinstance(query, str) and not call.open and _wanted(query) not in (None, len(call.arguments) - 1):
        host.throw(words.BINDINGS, call.span, call.this)
    host.note(Stored, call.span, action="sql", key=query, owner=call.this.extra)
    if isinstance(query, str):
        for statement in query.split(";"):
            _table(host, call.this.extra, statement, call.span)
    sql.run(host, call.this, query, call.span)
    return Object("SqlStorageCursor", {"storage": call.this.extra}, call.span, query)


def _wanted(query: str) -> int | None:
    """How many values a single statement with plain placeholders takes; None where that is not so easily told."""
    bare = _QUOTED.sub("", query).strip().rstrip("; \n")
    return None if ";" in bare or _NAMED.search(bare) else bare.count("?")


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.S)
_NAMED = re.compile(r"\?\d|[:@$][A-Za-z_]")


_CREATES = re.compile(r"\s*create\s+table\s+(?:if\s+not\s+exists\s+)?[\"`\[]?(\w+)", re.I)
_USES = re.compile(r"\b(?:from|into|update|join)\s+[\"`\[]?(\w+)", re.I)
_FILLS = re.compile(r"\b(?:insert|replace)\b[^;]*?\binto\s+[\"`\[]?(\w+)", re.I)
_FROM_ONE = re.compile(
    r"\s*select\b[^;]*?\bfrom\s+[\"`\[]?(\w+)[\"`\]]?\s*(?:$|;|where\b|order\b|limit\b)", re.I
)
_ONE_ROW = (
    "count(",
    "max(",
    "min(",
    "sum(",
    "exists",
    "total(",
    "avg(",
    "union",
    "coalesce(",
    " join ",
    "sqlite_",
)
"""What gives a row without any in the table, or looks elsewhere."""


def _is_empty(host: Any, cursor: Object, span: Span) -> bool:
    """Whether a query of one table surely finds no row: in a new object that has put none there."""
    query = cursor.extra
    if host.lacked is None or not isinstance(query, str) or any(word in query.lower() for word in _ONE_ROW):
        return False
    found = _FROM_ONE.match(query)
    if found is None or ("rows", found[1].lower()) in cursor.slots["storage"].slots:
        return False
    if ("table", found[1]) in host.held:
        return False
    host.lacked.append(Lacking("table", found[1], span))
    return True


GONE = "gone"
"""What stands for a table that was deleted with everything."""


def _table(host: Any, storage: Object, statement: str, span: Span) -> None:
    """A statement makes a table, or needs one that is there."""
    created = _CREATES.match(statement)
    if created is not None:
        host.put(storage.slots, ("table", created[1].lower()), True)
        return
    filled = _FILLS.search(statement)
    if filled is not None:
        host.put(storage.slots, ("rows", filled[1].lower()), True)
    for name in _USES.findall(statement):

        def there(held: Value, name: str = name) -> Value:
            if held == GONE:
                host.throw(f"Error: {NO_TABLE} {name}: SQLITE_ERROR", span)
            return UNDEFINED

        host.each(storage.slots.get(("table", name.lower()), ABSENT), there)


NO_TABLE = "no such table:"


@SQL.getter("databaseSize")
def _size(host: Any, holder: Object, span: Any) -> Value:
    return Unknown("the database's size", span, "world")


@CURSOR.method("toArray", "raw", "next", "results")
def _rows(host: Any, call: Invocation) -> Value:
    if call.name != "next" and _is_empty(host, call.this, call.span):
        return Object("Array", {"items": ()}, call.span)
    return Object("Array", {"items": (), "open": "world"}, call.span)


_NO_ROW = "Error: Expected exactly one result from SQL query, but got no results."


@CURSOR.method("one")
def _one(host: Any, call: Invocation) -> Value:
    """`one()` throws where there is not exactly one row; a count has always one."""
    query = call.this.extra
    aggregate = isinstance(query, str) and any(
        word in query.lower() for word in ("count(", "max(", "min(", "sum(", "exists")
    )
    if _is_empty(host, call.this, call.span):
        host.throw(_NO_ROW, call.span)
    if not aggregate:
        choice = host.either(
            "world", ("the query finds other than one row", "the query finds one row"), call.span
        )
        host.throws_where(choice, 1, _NO_ROW, call.span)
    return Unknown("a row", call.span, "world")


@CURSOR.getter("columnNames", "rowsRead", "rowsWritten")
def _other(host: Any, cursor: Object, span: Any) -> Value:
    return Unknown("a property of the cursor", span, "world")
