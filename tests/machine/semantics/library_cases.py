"""Python: texts, containers and the standard library."""

import copy
import functools
import itertools
import json
import math
import re
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from urllib.parse import parse_qs, quote, unquote, urlencode, urlparse


def text_methods():
    t = " Hello, World "
    return [t.strip(), t.lower(), t.upper(), "abc".capitalize(), "a b".title(), "aXb".swapcase(), t.lstrip(), t.rstrip(), "xxaxx".strip("x"), "a".isalpha(), "1".isdigit(), "a1".isalnum(), " ".isspace(), "A".isupper(), "a".islower()]


def text_finds():
    t = "a-b-c"
    return [t.find("-"), t.find("z"), t.rfind("-"), t.index("b"), t.count("-"), t.startswith("a"), t.endswith(("x", "c")), t.startswith("b", 2), t.replace("-", "+"), t.replace("-", "+", 1), t.find("-", 2)]


def text_index_missing():
    return "abc".index("z")


def text_splits():
    return ["a,b,,c".split(","), " a  b ".split(), "a-b-c".split("-", 1), "a-b-c".rsplit("-", 1), "a\nb\r\nc".splitlines(), "a=b=c".partition("="), "a=b=c".rpartition("="), "".split(), "".split(","), "abc".partition("z")]


def text_joins():
    return [",".join(["a", "b"]), "".join(str(x) for x in range(3)), "-".join("abc"), ", ".join([])]


def text_join_of_numbers():
    return ",".join([1, 2])


def text_pads():
    return ["5".zfill(3), "a".ljust(3, "."), "a".rjust(3), "a".center(5, "*"), "-5".zfill(4), "ab" * 2]


def text_prefixes():
    return ["/ws/x".removeprefix("/ws"), "a.py".removesuffix(".py"), "abc".removeprefix("z"), "abc"[0], "abc"[-1], "abc"[1:], "abc"[::-1]]


def text_formats():
    name, n, f = "bob", 42, 3.14159
    return [f"{name}", f"{n:5d}|", f"{f:.2f}", f"{n:05}", f"{name:>6}|", f"{name:<6}|", f"{name:^7}|", f"{n:x}", f"{1234567:,}", f"{0.5:%}", f"{name!r}", f"{n=}", f"{{}}", f"{n + 1}", f"{'nested'}", f"{f:8.3f}|", f"{n:b}", f"{n:+d}"]


def text_format_method():
    return ["{} {}".format(1, "a"), "{0}{1}{0}".format("x", "y"), "{name:>5}".format(name="b"), "%s is %d" % ("a", 5), "%.2f" % 1.5, "%s" % None]


def text_of_values():
    return [str(None), str(True), str([1, "a", None]), str({"a": 1}), str((1,)), str((1, 2)), repr("a'b"), str({1}), str(1.0), repr([1.5]), str({"k": [1, (2,)]}), str(b"ab")]


def text_bytes():
    return ["é".encode(), b"abc".decode(), len("é".encode()), "abc".encode("utf-8").hex(), bytes([1, 2]), b"ab"[0], b"a" + b"b", list(b"ab"), bytes.fromhex("ff00")]


def text_decode_error():
    return b"\xff".decode()


def text_comparison():
    return ["a" < "b", "abc" == "abc", "a" in "abc", min("bca"), max("bca"), sorted("bca"), list("ab"), ord("a"), chr(98), len("abc")]


def text_translate():
    return ["abc".translate(str.maketrans("ab", "xy")), "a,b".expandtabs(), "abc".isidentifier(), "12".isdecimal(), "1.5".isnumeric(), "a b".casefold()]


def list_methods():
    l = [3, 1, 2]
    l.append(4)
    l.extend([5, 6])
    l.insert(0, 0)
    l.remove(1)
    p = l.pop()
    q = l.pop(0)
    l.sort()
    r = l.index(4)
    l.reverse()
    return [l, p, q, r, l.count(3), l.copy() is l]


def list_sorts():
    l = [{"n": "b", "a": 1}, {"n": "a", "a": 1}, {"n": "c", "a": 0}]
    return [sorted(l, key=lambda x: (x["a"], x["n"])), sorted([3, 1], reverse=True), sorted("bca"), sorted([("b", 1), ("a", 2)]), [x["n"] for x in sorted(l, key=lambda x: x["a"], reverse=True)], sorted({"b": 1, "a": 2})]


def list_sort_gives_none():
    l = [2, 1]
    return [l.sort(), l, l.append(3), l.reverse(), l]


def list_sort_mixed():
    return sorted([1, "a"])


def list_remove_missing():
    return [1].remove(5)


def list_pop_empty():
    return [].pop()


def list_arithmetic():
    return [[1] + [2], [0] * 3, [1, 2] == [1, 2], [1] != [2], len([1]), 1 in [1], max([1, 5]), min([2, 1], key=lambda x: -x), sum([[1], [2]], [])]


def list_views():
    l = [1, 2, 3]
    return [list(reversed(l)), list(enumerate(l)), list(zip(l, "abc")), list(zip(l, l[1:])), any(x > 2 for x in l), all(x > 2 for x in l), any([]), all([]), list(map(str, l)), list(filter(lambda x: x > 1, l)), list(range(0, 10, 3)), list(zip(*[(1, 2), (3, 4)]))]


def max_with_default():
    return [max([], default=0), min([3, 1], default=9), max("a", "b"), max([(1, "z"), (2, "a")])]


def dict_methods():
    d = {"a": 1, "b": 2}
    d["c"] = 3
    d.update({"a": 9}, z=5)
    p = d.pop("b")
    q = d.pop("nope", None)
    s = d.setdefault("n", []).append(1)
    return [d, p, q, s, d.get("x"), d.get("x", 0), list(d), list(d.keys()), list(d.values()), list(d.items()), len(d), "a" in d, d.popitem()]


def dict_pop_missing():
    return {}.pop("x")


def dict_order():
    d = {"b": 1, "a": 2}
    d["b"] = 3
    del d["a"]
    d["a"] = 4
    return [list(d), d | {"c": 1}, dict(sorted(d.items())), {1: "int", "1": "text", True: "bool"}]


def dict_made():
    return [dict(a=1), dict([("x", 1)]), dict(zip("ab", [1, 2])), dict.fromkeys("ab", 0), {**{"a": 1}}, {k: v for k, v in [("a", 1)]}, dict({"a": 1}, b=2)]


def dict_counts():
    d = {}
    for w in "a b a".split():
        d[w] = d.get(w, 0) + 1
    return [d, sorted(d.items(), key=lambda x: -x[1]), max(d, key=d.get)]


def dict_nested():
    d = {"a": {"b": [1, {"c": 2}]}}
    d["a"]["b"][1]["c"] += 1
    d.setdefault("x", {})["y"] = 1
    return [d, d.get("q", {}).get("r"), d["a"]["b"][-1]["c"]]


def dict_keys_of_kinds():
    d = {(1, 2): "t", None: "n", 1.5: "f", True: "b"}
    return [d[(1, 2)], d[None], d[1], d[1.5]]


def dict_unhashable():
    return {[1]: 2}


def dict_equality():
    return [{"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1}.items() == {"a": 1}.items(), {} == [], {"a"} <= {"a", "b"}]


def set_methods():
    s = {1, 2}
    s.add(3)
    s.discard(9)
    s.remove(1)
    return [s, s | {5}, s & {2}, s - {2}, s ^ {2, 9}, 2 in s, len(s), s <= {2, 3, 4}, s.union([7]), s.isdisjoint({8}), frozenset([1]) == {1}, sorted(s), {2}.issubset(s)]


def set_remove_missing():
    return {1}.remove(2)


def set_update():
    s = set()
    s.update([1, 2], "a")
    s |= {9}
    s -= {1}
    return [s, len(set("hello")), set([1, 1])]


def copies():
    a = {"x": [1]}
    b = a.copy()
    c = copy.deepcopy(a)
    d = dict(a)
    a["x"].append(2)
    a["y"] = 1
    return [b, c, d]


def collections_used():
    d = defaultdict(list)
    d["a"].append(1)
    d["b"]
    c = Counter("hello")
    q = deque([1, 2], maxlen=3)
    q.append(3)
    q.append(4)
    q.appendleft(0)
    P = namedtuple("P", "x y")
    p = P(1, y=2)
    o = OrderedDict([("a", 1), ("b", 2)])
    o.move_to_end("a")
    return [dict(d), c["l"], c["z"], c.most_common(1), list(q), q.popleft(), p.x, p[1], p._replace(x=5).x, p == (1, 2), list(o), dict(defaultdict(int, {"a": 1})), sum(c.values()), tuple(p)]


def counters():
    c = Counter(["a", "b", "a"])
    c.update(["b", "b"])
    d = c - Counter(a=1)
    return [dict(c), dict(d), c.total(), (c + Counter("a"))["a"]]


def itertools_used():
    return [list(itertools.chain([1], [2, 3])), list(itertools.islice(itertools.count(5), 3)), list(itertools.accumulate([1, 2, 3])), [(k, list(g)) for k, g in itertools.groupby("aab")], list(itertools.combinations([1, 2, 3], 2)), list(itertools.product("ab", [1])), list(itertools.zip_longest([1], "ab")), list(itertools.permutations([1, 2])), list(itertools.takewhile(lambda x: x < 2, [1, 2, 1])), list(itertools.chain.from_iterable([[1], [2]])), list(itertools.repeat("x", 2)), list(itertools.pairwise([1, 2, 3]))]


def functools_used():
    calls = []

    @functools.lru_cache
    def f(x):
        calls.append(x)
        return x * 2

    @functools.wraps(f)
    def g(x):
        return x

    return [functools.reduce(lambda a, b: a + b, [1, 2, 3], 10), functools.partial(max, 5)(3), f(2), f(2), calls]


def json_used():
    return [json.dumps({"a": [1, None, True, 1.5, "é\n"]}), json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps([1], indent=2), json.dumps({"a": 1}, separators=(",", ":")), json.loads('{"a": [1, null, true, 1.5]}'), json.dumps("x"), json.dumps({1: "a", None: 2}), json.dumps("é", ensure_ascii=False), json.dumps((1, 2)), json.loads("1"), json.dumps(1.0)]


def json_bad():
    out = []
    for text in ["{", "", "{'a': 1}", "[1,]"]:
        try:
            out.append(json.loads(text))
        except json.JSONDecodeError as e:
            out.append(type(e).__name__)
        except ValueError as e:
            out.append("value")
    return out


def json_unserializable():
    return json.dumps({"a": {1, 2}})


def json_round_trip():
    data = {"a": [1, {"b": None}], "t": (1, 2)}
    again = json.loads(json.dumps(data))
    again["a"].append(3)
    return [again, data]


def json_default():
    return json.dumps({"s": {1}}, default=list)


def re_used():
    m = re.match(r"(\d+)-(?P<w>\w+)", "12-ab!")
    return [m.group(0), m.group(1), m["w"], m.groups(), m.groupdict(), m.start(), m.span(1), re.match("b", "ab"), re.search("b", "ab").start(), re.findall(r"\d", "a1b2"), re.findall(r"(\w)=(\w)", "a=1 b=2"), re.sub(r"\d", "#", "a1b2"), re.sub(r"(\w)(\d)", r"\2\1", "a1"), re.split(r"[,;]", "a,b;c"), re.fullmatch(r"\d+", "12a"), bool(re.fullmatch(r"\d+", "12")), re.sub("a", lambda m: m[0].upper(), "banana"), re.escape("a.b"), re.compile(r"a", re.I).match("A") is not None, [m[0] for m in re.finditer(r"\w+", "ab cd")]]


def re_no_match_used():
    return re.match("b", "a").group(0)


def urls():
    u = urlparse("https://a.b:8/c/d?x=1&y=2#f")
    return [u.scheme, u.netloc, u.hostname, u.port, u.path, u.query, u.fragment, parse_qs(u.query), parse_qs("a=1&a=2&b="), quote("a b/c"), unquote("a%20b"), urlencode({"a": 1, "b": "x y"})]


def maths():
    return [math.floor(1.5), math.ceil(1.2), math.sqrt(16), math.pi > 3, math.inf > 1, math.isnan(float("nan")), math.gcd(4, 6), math.trunc(-1.5), math.hypot(3, 4), math.prod([2, 3]), math.log2(8)]


def built_ins():
    return [abs(-1), divmod(7, 2), pow(2, 3), pow(2, 3, 5), round(1.5), round(0.5), round(-1.5), round(2.675, 2), type(1).__name__, type("a").__name__, type(None).__name__, isinstance(True, int), isinstance(1, (str, int)), callable(len), len("abc"), id(None) == id(None), list(iter([1])), next(iter([5])), hash("a") == hash("a"), type([]) is list, all(map(lambda x: x, [1, 0]))]


def next_of_empty():
    return next(iter([]))


def type_names():
    return [type(x).__name__ for x in (1, 1.5, "a", [], {}, (), set(), None, True, b"", lambda: 1, range(1))]


def ranges():
    return [list(range(3)), list(range(1, 4)), list(range(5, 0, -2)), len(range(10)), 4 in range(0, 10, 2), range(5)[2], sum(range(5)), list(range(0)), list(reversed(range(3)))]


def len_of_number():
    return len(5)


def iterate_number():
    return [x for x in 5]


def iterators_taken():
    it = iter([1, 2, 3])
    first = next(it)
    return [first, list(it), next(it, "none")]


def zips_are_iterators():
    z = zip([1, 2], "ab")
    m = map(str, [1, 2])
    return [list(z), list(z), list(m), list(m)]


def sort_with_none():
    return sorted([None, 1])


def any_all_stop():
    seen = []

    def f(x):
        seen.append(x)
        return x > 1

    any(f(x) for x in [1, 2, 3])
    return seen


def max_by_key():
    rooms = {"a": 3, "b": 5}
    return [max(rooms, key=rooms.get), max(rooms.values()), sorted(rooms, key=lambda k: rooms[k], reverse=True), min(rooms.items(), key=lambda kv: kv[1])]
