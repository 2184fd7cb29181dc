"""Addresses: `URL`, `URLSearchParams`, and `request.url` where the host is not known."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from wslint.regex import regex
from wslint.runtime import words
from wslint.runtime.model import Model, maker
from wslint.runtime.text import PathText
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

URL = Model("URL")
ADDRESS = Model("Address")
"""The text of an address whose host or scheme is not known: what `request.url` is."""
QUERY = Model("URLSearchParams")

_ADDRESS = regex(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://(?P<host>[^/?#]*))?(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<hash>#.*)?",
    re.S,
)
PARTS = ("scheme", "host", "path", "query", "hash")


def address(
    parts: tuple[Value, Value, Value, Value, Value], kind: str = "URL", span: Span | None = None
) -> Object:
    """An address of scheme, host, path, query (with `?`) and hash (with `#`)."""
    return Object(kind, dict(zip(PARTS, parts, strict=True)), span)


def parse(text: str, kind: str = "URL") -> Object | None:
    """An absolute address; None for a relative one."""
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        return None
    scheme = match["scheme"].lower()
    path = match["path"]
    if scheme in ("http", "https", "ws", "wss", "ftp"):
        if not match["host"]:
            return None
        path = straightened(path) or "/"
    return address(
        (
            scheme,
            _without_default_port(scheme, match["host"] or ""),
            encoded(path),
            encoded(match["query"] or ""),
            match["hash"] or "",
        ),
        kind,
    )


_PORTS = {"http": ":80", "https": ":443", "ws": ":80", "wss": ":443"}


def _without_default_port(scheme: str, host: str) -> str:
    user, at, name = host.rpartition("@")
    return user + at + name.lower().removesuffix(_PORTS.get(scheme, "\n"))


def straightened(path: str) -> str:
    """A path without `.` and `..`."""
    if "/." not in path and "%2e" not in path.lower():
        return path
    kept: list[str] = []
    parts = path.split("/")
    for at, part in enumerate(parts):
        name = part.lower().replace("%2e", ".")
        if name == ".." and len(kept) > 1:
            kept.pop()
        if name not in (".", ".."):
            kept.append(part)
        elif at == len(parts) - 1:
            kept.append("")
    return "/".join(kept)


def _name_of(host: str) -> str:
    """A host without the user before it."""
    return host.rpartition("@")[2]


def encoded(text: str) -> str:
    return (
        quote(text, safe="%/:=&?~#+!$,;'@()*[]|\\^`{}\"<>")
        if not text.isascii()
        else text.replace(" ", "%20")
    )


def copy(url: Object, kind: str = "URL") -> Object:
    return Object(kind, {part: url.slots[part] for part in PARTS}, url.place)


def href(url: Object) -> Value:
    """The whole address as a text; None where its host is not known."""
    held = [url.slots[part] for part in PARTS]
    if not all(isinstance(part, str) for part in held):
        return None
    scheme, host, path, query, fragment = held
    return f"{scheme}://{host}{path}{query}{fragment}"


def text_of(host: Any, url: Object) -> Value:
    """What `request.url` and `url.href` give: a text, or an address of an unknown host."""

    def one(*parts: Value) -> Value:
        if all(isinstance(part, str) for part in parts):
            return f"{parts[0]}://{parts[1]}{parts[2]}{parts[3]}{parts[4]}"
        return copied

    copied = copy(url, "Address")
    return host.lift(one, *(url.slots[part] for part in PARTS))


@maker("URL", "URL.parse")
def construct(host: Any, call: Invocation) -> Value:
    base = call.argument(1)
    return host.each(
        call.argument(0), lambda held: host.each(base, lambda against: _made(host, held, against, call))
    )


def _made(host: Any, first: Value, base: Value, call: Invocation) -> Value:
    from wslint.machine.operators import text_of as written

    if isinstance(first, Object) and first.kind in ("URL", "Address"):
        return copy(first)
    text = written(first)
    if isinstance(first, Unknown) or text is None:
        return Unknown("an address", call.span, first.owner if isinstance(first, Unknown) else "unread")
    found = parse(text)
    if found is not None:
        return found
    if isinstance(base, Unknown):
        return Unknown("an address", call.span, base.owner)
    against = (
        base
        if isinstance(base, Object) and base.kind in ("URL", "Address")
        else parse(base)
        if isinstance(base, str)
        else None
    )
    if against is None:
        if call.name == "URL.parse":
            return None
        host.throw(words.invalid_url(text), call.span)
    assert against is not None
    return _relative(host, text, against)


def _relative(host: Any, text: str, against: Object) -> Value:
    rest, _, fragment = text.partition("#")
    path, sign, query = rest.partition("?")
    if path.startswith("//") or "./" in path or path in (".", ".."):
        return Unknown("an address")
    slots = against.slots
    if not path:
        path = slots["path"]
        query_part: Value = sign + query if sign else slots["query"]
    else:
        if not path.startswith("/"):
            path = host.lift(
                lambda held: held.rpartition("/")[0] + "/" + path if isinstance(held, str) else held,
                slots["path"],
            )
        query_part = sign + encoded(query)
    path = host.lift(lambda held: encoded(held) if isinstance(held, str) else held, path)
    return address((slots["scheme"], slots["host"], path, query_part, f"#{fragment}" if fragment else ""))


def _getter(part: str, shape: Any) -> Any:
    def get(host: Any, url: Object, span: Any) -> Value:
        return host.lift(lambda held: shape(held) if isinstance(held, str) else held, url.slots[part])

    return get


for _kind in (URL,):
    _kind.getters.update(
        {
            "pathname": _getter("path", lambda held: PathText(held)),
            "path": _getter("path", lambda held: PathText(held)),
            "search": _getter("query", lambda held: held if len(held) > 1 else ""),
            "query": _getter("query", lambda held: held[1:]),
            "hash": _getter("hash", lambda held: held),
            "fragment": _getter("hash", lambda held: held[1:]),
            "protocol": _getter("scheme", lambda held: f"{held}:"),
            "scheme": _getter("scheme", lambda held: held),
            "host": _getter("host", _name_of),
            "netloc": _getter("host", lambda held: held),
            "hostname": _getter("host", lambda held: re.sub(r":\d+$", "", _name_of(held))),
            "href": lambda host, url, span: text_of(host, url),
            "origin": lambda host, url, span: host.lift(
                lambda scheme, name: (
                    f"{scheme}://{_name_of(name)}"
                    if isinstance(scheme, str) and isinstance(name, str)
                    else name
                ),
                url.slots["scheme"],
                url.slots["host"],
            ),
            "searchParams": lambda host, url, span: Object("URLSearchParams", {}, span, url),
            "port": _getter("host", lambda held: (re.search(r":(\d+)$", held) or [":", ""])[1]),
        }
    )


@ADDRESS.getter("length")
def _length(host: Any, url: Object, span: Any) -> Value:
    return Unknown("the length of the address", span, "client")


def _write(part: str, shape: Any) -> Any:
    def write(host: Any, url: Object, value: Value, span: Any) -> None:
        host.put(
            url.slots, part, host.lift(lambda held: shape(held) if isinstance(held, str) else held, value)
        )

    return write


URL.setters.update(
    {
        "pathname": _write("path", lambda held: held if held.startswith("/") else f"/{held}"),
        "search": _write("query", lambda held: held if not held or held.startswith("?") else f"?{held}"),
        "hash": _write("hash", lambda held: ""),
        "protocol": _write("scheme", lambda held: held.rstrip(":")),
        "host": _write("host", lambda held: held),
        "hostname": _write("host", lambda held: held),
        "port": lambda host, url, value, span: None,
    }
)


@URL.setter("href")
def _href(host: Any, url: Object, value: Value, span: Any) -> None:
    found = parse(value) if isinstance(value, str) else None
    for part in PARTS:
        host.put(url.slots, part, found.slots[part] if found is not None else Unknown("an address", span))


@URL.method("toString", "toJSON", "valueOf", "clone", "to_string", "as_str", "geturl")
def _text(host: Any, call: Invocation) -> Value:
    return copy(call.this) if call.name == "clone" else text_of(host, call.this)


@ADDRESS.method("toString", "toJSON", "valueOf", "clone", "to_string", "as_str", "trim")
def _address_text(host: Any, call: Invocation) -> Value:
    return call.this


@ADDRESS.method(
    "startsWith", "endsWith", "includes", "split", "replace", "slice", "substring", "indexOf", "match", "startswith",
    "endswith", "starts_with", "ends_with", "contains", "toLowerCase", "lastIndexOf", "find", "search", "replaceAll",
)  # fmt: skip
def of_address(host: Any, call: Invocation) -> Value:
    """What of a text's methods can be told of an address without its host."""
    url: Object = call.this
    return host.lift(lambda path, query: _told(url, path, query, call), url.slots["path"], url.slots["query"])


def _told(url: Object, path: Value, query: Value, call: Invocation) -> Value:
    first = call.argument(0)
    unknown = Unknown(f"`{call.name}` of an address whose host is not known", call.span, "client")
    if call.name in ("replace", "replaceAll"):
        return _replaced(url, call) or unknown
    if not isinstance(path, str) or not isinstance(query, str) or not isinstance(first, str):
        return unknown
    tail = path + query
    if call.name in ("endsWith", "endswith", "ends_with") and len(first) <= len(tail):
        return tail.endswith(first)
    if call.name in ("includes", "contains"):
        return True if first in tail else False if "/" in first.strip("/") or "?" in first else unknown
    if call.name == "split" and first == "?":
        scheme, name = url.slots["scheme"], url.slots["host"]
        before = address((scheme, name, path, "", ""), "Address")
        return Object("Array", {"items": (before, query[1:]) if query else (before,)}, call.span)
    return unknown


def _replaced(url: Object, call: Invocation) -> Object | None:
    """The address with another scheme, where the scheme is what `replace` matches; None where that can't be told."""
    held = url.slots["scheme"]
    made = {_other_scheme(one, call) for one in ((held,) if isinstance(held, str) else ("http", "https"))}
    if "" in made:
        return None
    scheme: Value = max(made)
    if len(made) > 1 and made <= {"http", "https"}:
        scheme = held
    parts = [url.slots[part] for part in PARTS[1:]]
    return address((scheme, parts[0], parts[1], parts[2], parts[3]), "Address")


def _other_scheme(scheme: str, call: Invocation) -> str:
    """What `replace` makes of a scheme, where that alone is what it matches; otherwise empty."""
    from wslint.runtime.text import compiled

    pattern, new = call.argument(0), call.argument(1)
    if not isinstance(new, str) or "$" in new:
        return ""
    before = f"{scheme}://"
    if isinstance(pattern, str):
        start = before.find(pattern)
        end = start + len(pattern)
    elif isinstance(pattern, Object) and pattern.kind == "RegExp" and "g" not in pattern.extra[1]:
        regex = compiled(pattern)
        found = regex.search(before + "\ue000") if regex is not None else None
        if found is None:
            return ""
        start, end = found.start(), found.start() + len(found[0] or "")
    else:
        return ""
    if start < 0 or not 0 < end <= len(before):
        return ""
    made, separator, rest = (before[:start] + new + before[end:]).partition("://")
    return made if separator and not rest and made.isalpha() else ""


# The query


@QUERY.method("get", "has", "getAll")
def _get(host: Any, call: Invocation) -> Value:
    url: Object | None = call.this.extra
    if not call.arguments and not call.open:
        host.throw(words.wrong_type(call.name, "URLSearchParams", 1, "string"), call.span, call.this)

    def one(query: Value, name: Value) -> Value:
        if not isinstance(query, str) or not isinstance(name, str):
            return Unknown(f"`{call.name}` of the query", call.span, "client")
        found = [
            value for key, value in parse_qsl(query.removeprefix("?"), keep_blank_values=True) if key == name
        ]
        if call.name == "has":
            return bool(found)
        if call.name == "getAll":
            return Object("Array", {"items": tuple(found)}, call.span)
        return found[0] if found else None

    if url is None:
        return Unknown("the query", call.span, "client")
    query = url.slots["query"]
    if isinstance(query, Unknown):
        name = call.argument(0)
        return query.derived(
            ("query", call.name, name if isinstance(name, str) else id(name)),
            f"the query's {name!r}",
            call.span,
        )
    return host.lift(one, query, call.argument(0))


@QUERY.method("set", "delete", "append")
def _change(host: Any, call: Invocation) -> Value:
    url: Object | None = call.this.extra
    if url is not None:
        host.put(url.slots, "query", Unknown("the query", call.span, "client"))
    return UNDEFINED


@QUERY.method("toString", "entries", "keys", "values", "forEach")
def _rest(host: Any, call: Invocation) -> Value:
    return UNDEFINED if call.name == "forEach" else Unknown("the query", call.span, "client")


@QUERY.getter("size")
def _size(host: Any, query: Object, span: Any) -> Value:
    return Unknown("the query's size", span, "client")


@maker("URLSearchParams")
def _params(host: Any, call: Invocation) -> Value:
    first = host.known(call.argument(0))
    if isinstance(first, str):
        url = address(("http", "", "/", "?" + first.removeprefix("?"), ""))
        return Object("URLSearchParams", {}, call.span, url)
    return Object("URLSearchParams", {}, call.span, None)


@maker("encodeURIComponent", "encodeURI")
def _encode(host: Any, call: Invocation) -> Value:
    safe = "!'()*-._~" + (";/?:@&=+$,#" if call.name == "encodeURI" else "")
    return host.lift(
        lambda held: quote(held, safe=safe) if isinstance(held, str) else derived(held, call),
        call.argument(0),
    )


@maker("decodeURIComponent", "decodeURI")
def _decode(host: Any, call: Invocation) -> Value:
    def one(held: Value) -> Value:
        if not isinstance(held, str):
            return derived(held, call)
        if re.search(r"%(?![0-9A-Fa-f]{2})", held):
            host.throw("URIError: URI malformed", call.span)
        if call.name == "decodeURI" and re.search(r"%(?:2[3-6BCF]|3[ABDF]|40)", held, re.I):
            return Unknown("a text", call.span)
        return unquote(held)

    return host.each(call.argument(0), one)


def derived(value: Value, call: Invocation) -> Value:
    """The unknown that a pure function makes of an unknown."""
    if isinstance(value, Unknown):
        return value.derived(("call", call.name), f"`{call.name}` of {value.why}", call.span)
    return Unknown(f"`{call.name}`", call.span)
