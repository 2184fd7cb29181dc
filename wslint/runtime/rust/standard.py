"""Functions of the standard library and of crates that many use, by the last two parts of their paths."""

from __future__ import annotations

from typing import Any

from wslint.runtime.arrays import array
from wslint.runtime.model import Model
from wslint.runtime.rust.iterators import iterator
from wslint.runtime.rust.names import builtin, on
from wslint.runtime.rust.results import bare, err, future, ok, panic, some
from wslint.runtime.text import json_of
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

RANGE = Model("Range")
PARSED = "what is parsed"
"""Why something is not known that was a text."""


@builtin("Some")
def _some(host: Any, call: Invocation) -> Value:
    return some(host, call.argument(0))


@builtin("Ok")
def _ok(host: Any, call: Invocation) -> Value:
    return ok(host, call.argument(0))


@builtin("Err")
def _err(host: Any, call: Invocation) -> Value:
    value = host.known(call.argument(0))
    return err(value, call.span, value if isinstance(value, str) else host.words_of(value))


@builtin("Box.new", "Rc.new", "Arc.new", "Rc.clone", "Arc.clone", "Box.pin", "String.from", "Cow.from", "Some.from", "Pin.new",
         "Cow.Borrowed", "Cow.Owned", "Wrapping", "AssertSend.new", "String.from_iter", "SendWrapper.new", "Var.from", "Into.into")  # fmt: skip
def _same(host: Any, call: Invocation) -> Value:
    return call.argument(0)


@builtin("RefCell.new", "Cell.new", "Mutex.new", "RwLock.new", "AtomicUsize.new", "AtomicU32.new", "AtomicU64.new", "AtomicBool.new",
         "OnceCell.from")  # fmt: skip
def _cell(host: Any, call: Invocation) -> Value:
    return Object("Cell", {"value": call.argument(0)}, call.span)


@builtin("LazyLock.new", "Lazy.new", "LazyCell.new")
def _lazy(host: Any, call: Invocation) -> Value:
    return host.call(call.argument(0), [], call.span)


@builtin(
    "RefCell.default", "Mutex.default", "OnceCell.new", "OnceLock.new", "Default.default", "Cell.default"
)
def _default(host: Any, call: Invocation) -> Value:
    from wslint.runtime.rust import defaults

    wanted = host.known(call.keywords.get("type", ""))
    if isinstance(wanted, str) and wanted:
        return defaults.of_type(host, wanted, call.unit, call.span)
    held: Value = Unknown("the type's default", call.span)
    held.known["quiet"] = True
    if call.name.startswith("Once"):
        return Object("Cell", {"value": None}, call.span)
    return held if call.name == "Default.default" else Object("Cell", {"value": held}, call.span)


EMPTY = {
    **dict.fromkeys(("HashMap", "BTreeMap"), "Map"),
    **dict.fromkeys(("HashSet", "BTreeSet"), "Set"),
    **dict.fromkeys(("Vec", "VecDeque"), "Array"),
    "String": "text",
}


def empty(host: Any, call: Invocation) -> Value:
    kind = EMPTY[call.name.partition(".")[0]]
    return "" if kind == "text" else array((), call.span) if kind == "Array" else Object(kind, {}, call.span)


@builtin(
    "HashMap.from",
    "BTreeMap.from",
    "HashSet.from",
    "Vec.from",
    "VecDeque.from",
    "HashMap.from_iter",
    "Vec.from_iter",
)
def _from(host: Any, call: Invocation) -> Value:
    from wslint.runtime.rust.iterators import _into, over

    kind = call.name.partition(".")[0]
    source = host.known(call.argument(0))
    if isinstance(source, str):
        return array([float(byte) for byte in source.encode()], call.span)
    held = over(host, source, call.span)
    if not isinstance(held, Object) or held.kind != "Iterator":
        return Unknown("a collection", call.span)
    items = host.known(held.slots["items"])
    given = Invocation("collect", held, [], call.span, unit=call.unit)
    return _into(
        host, given, list(items) if isinstance(items, tuple) else [], held.slots.get("open", False), kind
    )


@builtin("range", "inclusive range")
def _range(host: Any, call: Invocation) -> Value:
    low, high = bare(host, call.argument(0)), bare(host, call.argument(1))
    inclusive = call.name == "inclusive range"
    if isinstance(low, float) and isinstance(high, float) and high - low <= 64:
        numbers = range(int(low), int(high) + (1 if inclusive else 0))
        made = Object("Range", {"low": low, "high": high, "inclusive": inclusive}, call.span)
        made.slots["numbers"] = tuple(float(one) for one in numbers)
        return made
    return Object("Range", {"low": low, "high": high, "inclusive": inclusive}, call.span)


@on("Range", "contains", "iter", "into_iter", "rev", "map", "filter", "find", "any", "all", "collect", "step_by", "take", "skip", "enumerate",
    "for_each", "next", "len", "filter_map", "fold", "zip", "flat_map")  # fmt: skip
def _of_range(host: Any, call: Invocation) -> Value:
    held = call.this
    if call.name != "contains":
        numbers = held.slots.get("numbers")
        made = iterator(numbers or (), call.span, False if numbers is not None else "unread")
        if call.name in ("iter", "into_iter"):
            return made
        from wslint.runtime.rust.names import NAMES

        return NAMES["Iterator"][call.name](
            host, Invocation(call.name, made, call.arguments, call.span, call.keywords, unit=call.unit)
        )

    def one(value: Value, low: Value, high: Value) -> Value:
        if isinstance(value, Unknown):
            return value.derived(("within", call.span.start), "whether it is within the range", call.span)
        for side, sign in ((low, 1), (high, -1)):
            if side is None:
                continue
            if type(side) is not type(value) or not isinstance(value, (float, str)):
                return Unknown("whether it is within the range", call.span)
            if (value < side if sign > 0 else value > side) or (
                sign < 0 and value == side and not held.slots["inclusive"]
            ):
                return False
        return True

    return host.lift(one, bare(host, call.argument(0)), held.slots["low"], held.slots["high"])


@builtin("panic!")
def _panic(host: Any, call: Invocation) -> Value:
    first = host.known(call.argument(0))
    return panic(host, first if isinstance(first, str) else "", call.span)


@builtin("json!", "write!", "repeated")
def _made(host: Any, call: Invocation) -> Value:
    if call.name == "json!":
        return Object("Object", {"open": True}, call.span)
    return UNDEFINED if call.name == "write!" else array((), call.span, True)


@builtin("unread macro")
def _macro(host: Any, call: Invocation) -> Value:
    host.doubt("a macro of the project or of a crate is not read", call.span)
    return Unknown("what a macro gives", call.span)


@builtin("getrandom.fill", "getrandom.getrandom", "getrandom")
def _random(host: Any, call: Invocation) -> Value:
    """On Workers the runtime's own generator fills it."""
    host.escape(call.argument(0), call.name)
    return UNDEFINED


@builtin("mem.take", "mem.replace", "mem.swap", "take", "replace", "swap")
def _taken(host: Any, call: Invocation) -> Value:
    """What was there goes out, and something else comes in: a default, what is given, what the other place held."""
    name, place, other = call.name.rpartition(".")[2], call.argument(0), call.argument(1)
    if isinstance(place, Object) and place.kind == "Cell":
        held = host.known(place.slots["value"])
        if name == "swap" and isinstance(other, Object) and other.kind == "Cell":
            host.put(place.slots, "value", other.slots["value"])
            host.put(other.slots, "value", held)
        elif name == "replace":
            host.put(place.slots, "value", other)
        elif name == "take":
            host.put(place.slots, "value", _default_of(held, call.span))
        return UNDEFINED if name == "swap" else held
    if name == "take" and isinstance(place, Object) and place.kind in ("Array", "Map", "Set"):
        before = Object(place.kind, dict(place.slots), place.place, place.extra)
        if place.kind == "Array":
            host.put(place.slots, "items", ())
        for slot in [slot for slot in place.slots if isinstance(slot, tuple)]:
            host.put(place.slots, slot, ABSENT)
        if "escaped" not in place.slots:
            host.put(place.slots, "open", False)
        return before
    return place if name != "swap" else UNDEFINED


def _default_of(value: Value, span: Any) -> Value:
    """The default of a value's own type, where that can be told."""
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        return ""
    return 0.0 if isinstance(value, float) else Unknown("a default", span)


@builtin(
    "drop", "set_once", "set_panic_hook", "console_error_panic_hook.set_once", "set_hook", "panic.set_hook"
)
def _nothing(host: Any, call: Invocation) -> Value:
    return UNDEFINED


@builtin("spawn_local", "wasm_bindgen_futures.spawn_local")
def _spawn(host: Any, call: Invocation) -> Value:
    from wslint.machine import rust

    rust.later(host, bare(host, call.argument(0)), call.span)
    return UNDEFINED


@builtin(*(f"{kind}.try_from" for kind in ("u8", "u16", "u32", "u64", "usize", "i32", "i64")))
def _converted(host: Any, call: Invocation) -> Value:
    """`u16::try_from(code)`: an `Err` for what does not fit; a number that is not known is taken to fit."""
    kind = call.name.split(".")[0].split("::")[0]
    least, most = _RANGES.get(kind, (0.0 if kind.startswith("u") else float("-inf"), float("inf")))

    def one(held: Value) -> Value:
        if isinstance(held, float) and not least <= held <= most:
            return err(Object("Error", {"name": "Error", "message": "out of range"}, call.span), call.span)
        return ok(host, held)

    return host.each(call.argument(0), one)


_RANGES = {
    "u8": (0.0, 255.0),
    "u16": (0.0, 65535.0),
    "u32": (0.0, 2.0**32 - 1),
    "i32": (-(2.0**31), 2.0**31 - 1),
}


@builtin("Delay.from", "Delay.new", "future.ready", "ready")
def _wait(host: Any, call: Invocation) -> Value:
    from wslint.values.event import Gap

    given = call.argument(0)
    if call.name.startswith("Delay"):

        def run(machine: Any, at: Any) -> Value:
            machine.note(Gap, at, why="a timer")
            return UNDEFINED

        return future(call.span, run)
    return future(call.span, lambda machine, at: given)


@builtin(
    "serde_json.to_string",
    "serde_json.to_vec",
    "serde_json.to_value",
    "serde_json.to_string_pretty",
    "to_value",
)
def _json(host: Any, call: Invocation) -> Value:
    return ok(host, json_of(host, call.argument(0), call.span))


@builtin("serde_json.from_str", "serde_json.from_slice", "serde_json.from_value", "from_str", "from_value")
def _parsed(host: Any, call: Invocation) -> Value:
    held = host.known(call.argument(0))
    if isinstance(held, Unknown):
        return held.derived(("parsed", call.span.start), PARSED, call.span)
    return Unknown(PARSED, call.span)


@builtin(
    "Error.RustError",
    "Error.from",
    "Error.JsError",
    "Error.Internal",
    "Error.BadEncoding",
    "Error.new",
    "worker.Error.from",
    "Error.Json",
)
def _error(host: Any, call: Invocation) -> Value:
    first = host.known(call.argument(0))
    if isinstance(first, Object) and first.kind == "Error":
        return first
    return Object("Error", {"name": "Error", "message": first if isinstance(first, str) else ""}, call.span)
