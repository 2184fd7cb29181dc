"""Whatever stands in a handler: a trace ends, and with a prediction."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trace.projects import traced, worker

ATOMS = [
    "request", "env", "ctx", "null", "undefined", "NaN", "Infinity", "-1", "0", "1.5", "1e400", "true", "''", "'/ws'",
    "'%'", "[]", "[1, , 'a']", "({})", "({ a: 1, ...request })", "this", "url", "url.pathname", "url.searchParams",
    "request.headers", "request.url", "env.MATCH", "env.NOTHING", "env.MATCH.getByName('a')", "new Map()",
    "new Set(['a'])", "/^\\/(ws)\\/(?<c>.*)$/", "new WebSocketPair()", "new Response('x')", "new Headers()",
    "(a, b) => a", "async () => { throw 1; }", "class {}", "Symbol.iterator", "new Date()", "`t${1}`",
    "await env.MATCH.getByName('a').fetch(request)", "env.MATCH.getByName('a').fetch(request)", "new Error('x')",
    "new Promise(() => {})", "Promise.resolve(1)", "fetch('https://a.example/')", "ctx.exports", "crypto",
]  # fmt: skip
NAMES = [
    "length", "pathname", "get", "set", "has", "test", "exec", "match", "split", "slice", "substring", "at", "charAt",
    "then", "catch", "finally", "map", "filter", "find", "some", "every", "flatMap", "join", "includes", "indexOf",
    "fetch", "clone", "headers", "status", "webSocket", "ok", "accept", "send", "close", "addEventListener", "url",
    "getByName", "idFromName", "idFromString", "newUniqueId", "toString", "replace", "replaceAll", "startsWith",
    "push", "pop", "size", "call", "apply", "bind", "waitUntil", "storage", "id", "name", "groups", "concat", "keys",
]  # fmt: skip
OPERATORS = [
    "+",
    "-",
    "*",
    "/",
    "%",
    "===",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "??",
    "in",
    "instanceof",
    ",",
    "**",
    "|",
]

expressions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(NAMES)).map(lambda pair: f"({pair[0]}).{pair[1]}"),
        st.tuples(inner, st.sampled_from(NAMES), st.lists(inner, max_size=3)).map(
            lambda parts: f"({parts[0]}).{parts[1]}({', '.join(parts[2])})"
        ),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]})[{pair[1]}]"),
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(
            lambda parts: f"(({parts[0]}) {parts[1]} ({parts[2]}))"
        ),
        st.tuples(inner, inner, inner).map(lambda parts: f"(({parts[0]}) ? ({parts[1]}) : ({parts[2]}))"),
        inner.map(lambda text: f"(!({text}))"),
        inner.map(lambda text: f"(typeof ({text}))"),
        inner.map(lambda text: f"(await ({text}))"),
        st.tuples(inner, inner).map(lambda pair: f"new Response({pair[0]}, {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"new Request({pair[0]}, {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"new URL({pair[0]}, {pair[1]})"),
    ),
    max_leaves=6,
)
statements = st.one_of(
    expressions.map(lambda text: f"({text});"),
    expressions.map(lambda text: f"return ({text});"),
    expressions.map(lambda text: f"throw ({text});"),
    st.tuples(expressions, expressions).map(lambda pair: f"if ({pair[0]}) return ({pair[1]});"),
    st.tuples(expressions, expressions).map(lambda pair: f"for (const item of ({pair[0]})) ({pair[1]});"),
    st.tuples(expressions, expressions).map(lambda pair: f"while ({pair[0]}) {{ ({pair[1]}); break; }}"),
    expressions.map(lambda text: f"const [a, b = 1, ...c] = ({text});"),
    expressions.map(lambda text: f"const {{ d, e = 2, ...f }} = ({text});"),
    st.tuples(expressions, expressions).map(
        lambda pair: f"try {{ ({pair[0]}); }} catch (g) {{ ({pair[1]}); }}"
    ),
    st.tuples(expressions, expressions).map(
        lambda pair: f"switch ({pair[0]}) {{ case 1: case 'a': ({pair[1]}); break; }}"
    ),
    st.tuples(expressions, expressions).map(lambda pair: f"({pair[0]}).h = ({pair[1]});"),
)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(statements, min_size=1, max_size=4),
    st.sampled_from(["/ws/ABCDE", "/", "/%zz", "wss://a.example/x?y=z"]),
)
def test_a_trace_ends_with_a_prediction(body: list[str], url: str) -> None:
    text = "const url = new URL(request.url);\n" + "\n".join(f"{{ {each} }}" for each in body)
    with tempfile.TemporaryDirectory() as folder:
        predicted = traced(Path(folder), worker(text), url).predicted
    assert predicted.status is None or 100 < predicted.status < 600
    assert predicted.status is not None or predicted.reason
    assert predicted.status is not None or not predicted.certain
