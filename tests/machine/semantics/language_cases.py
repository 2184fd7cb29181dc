"""Python: the language itself."""

import asyncio
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from enum import Enum, IntEnum


def list_comprehensions():
    return [[x * 2 for x in range(3)], [x for x in range(6) if x % 2 if x > 1], [(a, b) for a in "xy" for b in range(2)], [[y for y in range(x)] for x in range(3)]]


def other_comprehensions():
    return [{x: x**2 for x in range(3)}, {x % 2 for x in range(5)}, sum(x for x in range(4)), {v: k for k, v in {"a": 1}.items()}]


def comprehension_scope():
    x = 5
    squares = [x for x in range(3)]
    return [x, squares]


def comprehension_closures():
    fs = [lambda: i for i in range(3)]
    gs = [lambda i=i: i for i in range(3)]
    return [[f() for f in fs], [g() for g in gs]]


def generators():
    def count(n):
        i = 0
        while i < n:
            got = yield i
            if got:
                i = got
            i += 1
        return "end"

    g = count(3)
    return [next(g), next(g), list(g), list(count(2))]


def generator_is_lazy():
    out = []

    def g():
        out.append("start")
        yield 1
        out.append("end")

    it = g()
    out.append("made")
    next(it)
    out.append("got")
    return out


def generator_endless():
    def ids():
        n = 0
        while True:
            n += 1
            yield n

    it = ids()
    first = [next(it), next(it)]
    return [first, [x for x, _ in zip(ids(), range(3))]]


def generator_exhausted():
    g = (x for x in [1, 2])
    return [list(g), list(g), next(g, "none")]


def yield_from():
    def a():
        yield 1
        return 9

    def b():
        got = yield from a()
        yield got

    return list(b())


def mutable_default():
    def f(x, seen=[]):
        seen.append(x)
        return seen

    return [list(f(1)), list(f(2)), len(f(3))]


def arguments_of_all_kinds():
    def f(a, b=2, *rest, c, d=4, **named):
        return [a, b, rest, c, d, named]

    return [f(1, c=3), f(1, 5, 6, 7, c=8, z=9), f(c=1, a=2)]


def arguments_spread():
    def f(*a, **k):
        return a, k

    return [f(*[1, 2], *(3,), **{"x": 1}, y=2), f(*"ab")]


def _arguments_missing(a, b):
    return a


def arguments_missing():
    return _arguments_missing(1)


def _arguments_too_many(a):
    return a


def arguments_too_many():
    return _arguments_too_many(1, 2)


def _arguments_unexpected(a):
    return a


def arguments_unexpected():
    return _arguments_unexpected(1, z=2)


def _arguments_keyword_only(*, a):
    return a


def arguments_keyword_only():
    return _arguments_keyword_only()


def slices():
    l = [0, 1, 2, 3, 4]
    return [l[1:3], l[:2], l[-2:], l[::2], l[::-1], l[1:-1], l[9:], l[-99:2], "hello"[1:4], (1, 2, 3)[:2], l[3:1]]


def slice_assignment():
    l = [1, 2, 3, 4]
    l[1:3] = ["a"]
    del l[0]
    m = [1, 2, 3]
    del m[:2]
    return [l, m]


def index_errors():
    return [1, 2][5]


def index_key_error():
    return {"a": 1}["b"]


def index_of_nothing():
    return None[0]


def attribute_of_nothing():
    return None.x


def attribute_missing():
    class A:
        pass

    return A().x


def name_missing():
    return not_declared_anywhere


def unbound_local():
    def f():
        x += 1
        return x

    x = 1
    return f()


def call_of_nothing():
    f = None
    return f()


def add_text_and_number():
    return "a" + 1


def division_by_zero():
    return 1 / 0


def divisions():
    return [7 / 2, 7 // 2, -7 // 2, 7 % 3, -7 % 3, 7.5 // 2, divmod(7, 3), 2**10, 2**-1, 5 % -3]


def numbers():
    return [int("12"), int(" 7 "), int("ff", 16), int(3.9), int(-3.9), float("1.5"), float("1e3"), int(True), round(2.5), round(3.14159, 2), abs(-3), max(1, 2.5), min([3, 1]), sum([1, 2], 10), 0x1F, 1_000, int("-5")]


def number_texts():
    return [str(1), str(1.0), str(1.5), str(1e20), str(10 / 2), str(2**3), f"{3}", f"{3.0}", str(7 // 2), repr(0.1), str(-0.5), str(1e-7), str(int(4.0))]


def number_parse_errors():
    out = []
    for text in ["x", "", "1.5", "1e3", "0x1f"]:
        try:
            out.append(int(text))
        except ValueError as error:
            out.append(str(error))
    return out


def float_parse_error():
    return float("abc")


def int_of_nothing():
    return int(None)


def truths():
    return [bool(x) for x in (0, 1, "", "a", [], [0], {}, None, 0.0, (), (0,), set(), "0")]


def logic():
    return [0 or "x", "" and "y", None or [] or "z", 1 and 2, not [], not "a", [] or 0]


def chained_comparisons():
    x = 5
    return [1 < x < 10, 1 < x > 3, 5 == x == 5, x != 5 != 6, 1 < 3 < 2]


def identity_and_membership():
    a = [1]
    b = a
    return [a is b, [1] is [1], a == [1], None is None, 1 in a, 2 not in a, "ell" in "hello", "k" in {"k": 1}, 3 in range(5), 5 in range(5), (1,) in [(1,)], a is not b]


def equality_of_kinds():
    return [1 == 1.0, True == 1, "1" == 1, [1, 2] == [1, 2], (1, 2) == [1, 2], {"a": 1} == {"a": 1}, {1, 2} == {2, 1}, None == 0, [1, [2]] == [1, [2]]]


def orderings():
    return [[1, 2] < [1, 3], (1, "a") < (1, "b"), "a" < "b", "Z" < "a", [1] < [1, 0], "10" < "9"]


def ordering_of_kinds():
    return 1 < "2"


def conditionals():
    return ["a" if x else "b" for x in (1, 0, None)]


def walrus():
    out = []
    data = [3, 1, 0, 2]
    while (x := data.pop(0)) != 0:
        out.append(x)
    if (n := len(data)) > 0:
        out.append(n)
    return [out, [y for v in [1, 2] if (y := v * 2) > 2]]


def loops_with_else():
    out = []
    for x in [1, 2]:
        if x == 5:
            break
    else:
        out.append("no break")
    while True:
        break
    else:
        out.append("never")
    for x in []:
        pass
    else:
        out.append("empty")
    return out


def loops():
    out = []
    for i, x in enumerate(["a", "b"], 1):
        out.append((i, x))
    for k, v in {"a": 1}.items():
        out.append(k)
    for a, (b, *c) in [(1, (2, 3, 4))]:
        out.append([a, b, c])
    for x in range(10, 0, -4):
        out.append(x)
    return out


def loop_variable_stays():
    for i in range(3):
        pass
    return i


def loop_while_appending():
    l = [1]
    for x in l:
        if len(l) < 4:
            l.append(x + 1)
    return l


def loop_while_removing():
    l = [1, 2, 3, 4]
    for x in l:
        l.remove(x)
    return l


def loop_while_changing_dict():
    d = {"a": 1, "b": 2}
    for k in d:
        del d[k]
    return d


def loop_over_copy():
    d = {"a": 1, "b": 2}
    for k in list(d):
        if k == "a":
            del d[k]
    return d


def unpacking():
    a, b = 1, 2
    a, b = b, a
    first, *middle, last = [1, 2, 3, 4]
    (x, y), z = (1, 2), 3
    [p, q] = "ab"
    return [a, b, first, middle, last, x, y, z, p, q]


def unpacking_too_few():
    a, b = [1]
    return a


def unpacking_too_many():
    a, b = [1, 2, 3]
    return a


def unpacking_none():
    a, b = None
    return a


def closures():
    def counter():
        n = 0

        def up():
            nonlocal n
            n += 1
            return n

        return up

    a, b = counter(), counter()
    return [a(), a(), b()]


total = 0


def globals_written():
    global total
    total += 5
    return total


def try_all_parts():
    out = []

    def f(x):
        try:
            out.append("try")
            if x:
                raise ValueError("v")
        except ValueError as e:
            out.append(str(e))
        else:
            out.append("else")
        finally:
            out.append("finally")

    f(0)
    f(1)
    return out


def try_return_finally():
    def f():
        try:
            return 1
        finally:
            pass

    def g():
        try:
            return 1
        finally:
            return 2

    return [f(), g()]


def try_several_types():
    def f(e):
        try:
            raise e
        except (KeyError, IndexError) as x:
            return f"lookup {x}"
        except ArithmeticError:
            return "arithmetic"
        except Exception as x:
            return type(x).__name__

    return [f(KeyError("k")), f(IndexError("i")), f(ZeroDivisionError("z")), f(RuntimeError("r"))]


def try_reraises():
    try:
        try:
            raise ValueError("a")
        except ValueError:
            raise
    except ValueError as e:
        return str(e)


def try_raise_from():
    try:
        try:
            raise KeyError("a")
        except KeyError as e:
            raise RuntimeError("b") from e
    except RuntimeError as e:
        return [str(e), type(e.__cause__).__name__]


def try_in_loop():
    out = []
    for x in ["1", "x", "3"]:
        try:
            out.append(int(x))
        except ValueError:
            continue
        finally:
            out.append("f")
    return out


def exception_texts():
    return [str(ValueError("a")), str(ValueError()), str(KeyError("k")), repr(ValueError("a")), str(ValueError("a", 1)), ValueError("x").args]


class AppError(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class NotFound(AppError):
    pass


def exception_classes():
    try:
        raise NotFound(404, "gone")
    except AppError as e:
        return [e.code, str(e), type(e).__name__, isinstance(e, NotFound), isinstance(e, Exception)]


def exception_uncaught():
    raise NotFound(404, "gone")


def exception_class_raised():
    raise ValueError


def assertion():
    assert 1 == 2, "no"


def suppressing():
    out = []
    with suppress(KeyError):
        {}["x"]
        out.append("never")
    out.append("after")
    return out


def context_managers():
    out = []

    class M:
        def __enter__(self):
            out.append("enter")
            return "value"

        def __exit__(self, kind, error, trace):
            out.append(kind.__name__ if kind else "clean")
            return kind is ValueError

    with M() as v:
        out.append(v)
    with M():
        raise ValueError("x")
    return out


def context_generator():
    out = []

    @contextmanager
    def managed(name):
        out.append(f"open {name}")
        try:
            yield name.upper()
        finally:
            out.append(f"close {name}")

    with managed("a") as a, managed("b") as b:
        out.append(a + b)
    return out


def match_values():
    def f(x):
        match x:
            case 0 | 1:
                return "small"
            case "a":
                return "text"
            case None:
                return "none"
            case True:
                return "true"
            case [1, *rest]:
                return ["list", rest]
            case {"type": "join", "id": id, **others}:
                return ["join", id, others]
            case (a, b) if a == b:
                return "pair"
            case int(n):
                return ["int", n]
            case str() as s:
                return ["str", s]
            case _:
                return "other"

    return [f(0), f("a"), f(None), f([1, 2, 3]), f({"type": "join", "id": 7, "z": 1}), f((4, 4)), f(9), f("zz"), f(2.5), f([]), f({})]


@dataclass
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list)


def match_classes():
    def f(p):
        match p:
            case Point(x=0, y=0):
                return "origin"
            case Point(0, y):
                return ["axis", y]
            case Point(x, y):
                return [x, y]

    return [f(Point(0, 0)), f(Point(0, 3)), f(Point(1, 2)), f(5)]


def match_nested():
    def f(x):
        match x:
            case {"user": {"name": str(name)}, "tags": [first, *_]}:
                return [name, first]
            case [[a, b], c]:
                return a + b + c
            case _:
                return None

    return [f({"user": {"name": "n"}, "tags": ["t", "u"]}), f([[1, 2], 3]), f({"user": {"name": 5}, "tags": ["t"]})]


def dataclasses_made():
    p = Point(1)
    q = Point(1)
    q.tags.append("t")
    return [p.x, p.y, p.tags, p == Point(1), p == q, str(p), replace(p, y=5).y, asdict(q)]


@dataclass(frozen=True, order=True)
class Frozen:
    a: int
    b: str = "b"


def dataclasses_frozen():
    return [Frozen(1) < Frozen(2), hash(Frozen(1)) == hash(Frozen(1)), len({Frozen(1), Frozen(1)}), Frozen(1) in {Frozen(1): 2}]


def dataclasses_frozen_write():
    p = Frozen(1)
    p.a = 2
    return p


@dataclass
class WithPost:
    a: int
    b: int = field(init=False, default=0)

    def __post_init__(self):
        self.b = self.a * 2


def dataclasses_post_init():
    return [WithPost(3).b, WithPost(a=1)]


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


def enums():
    return [Color.RED.value, Color.RED.name, Color("blue") is Color.BLUE, Color["RED"] == Color.RED, [c.value for c in Color], Color.RED == "red", Level.HIGH > Level.LOW, Level.LOW == 1, len(Color), Color.RED in Color, str(Color.RED)]


def enum_missing():
    return Color("green")


class Animal:
    count = 0
    kinds = []

    def __init__(self, name):
        self.name = name
        Animal.count += 1

    def speak(self):
        return f"{self.name} {self.sound()}"

    def sound(self):
        return "..."

    @property
    def loud(self):
        return self.speak().upper()

    @classmethod
    def make(cls, name):
        return cls(name)

    @staticmethod
    def helper(x):
        return x + 1

    def __repr__(self):
        return f"<{type(self).__name__} {self.name}>"


class Dog(Animal):
    def __init__(self, name, tricks=()):
        super().__init__(name)
        self.tricks = list(tricks)

    def sound(self):
        return "woof"


def classes():
    d = Dog.make("rex")
    return [d.speak(), d.loud, type(d).__name__, isinstance(d, Animal), Dog.helper(1), repr(d), f"{d}", str([d]), Dog.__mro__[1].__name__, issubclass(Dog, Animal), d.tricks, hasattr(d, "name"), getattr(d, "zzz", None)]


def class_attributes():
    class A:
        shared = []
        n = 0

    a, b = A(), A()
    a.shared.append(1)
    a.n = 5
    return [b.shared, b.n, A.n, a.n]


def class_setters():
    class T:
        def __init__(self):
            self._c = 0

        @property
        def c(self):
            return self._c

        @c.setter
        def c(self, value):
            self._c = value * 2

    t = T()
    t.c = 4
    return [t.c, t._c]


def class_property_without_setter():
    class T:
        @property
        def c(self):
            return 1

    t = T()
    t.c = 2
    return t.c


def class_multiple_bases():
    class A:
        def f(self):
            return ["A"]

    class B(A):
        def f(self):
            return ["B", *super().f()]

    class C(A):
        def f(self):
            return ["C", *super().f()]

    class D(B, C):
        def f(self):
            return ["D", *super().f()]

    return [D().f(), [c.__name__ for c in D.__mro__]]


def class_special_methods():
    class Bag:
        def __init__(self, items):
            self.items = items

        def __len__(self):
            return len(self.items)

        def __getitem__(self, i):
            return self.items[i]

        def __setitem__(self, i, v):
            self.items[i] = v

        def __contains__(self, x):
            return x in self.items

        def __iter__(self):
            return iter(self.items)

        def __eq__(self, other):
            return isinstance(other, Bag) and self.items == other.items

        def __hash__(self):
            return len(self.items)

        def __add__(self, other):
            return Bag(self.items + other.items)

        def __call__(self, x):
            return [x, *self.items]

        def __str__(self):
            return f"Bag{self.items}"

        def __lt__(self, other):
            return len(self) < len(other)

        def __delitem__(self, i):
            del self.items[i]

        def __getattr__(self, name):
            return f"no {name}"

    a = Bag([1, 2])
    a[0] = 5
    out = [len(a), a[1], 5 in a, 9 in a, [x for x in a], a == Bag([5, 2]), a != Bag([]), bool(Bag([])), (a + Bag([7])).items, a(0), str(a), a < Bag([1, 2, 3]), a.missing, {a: 1}[Bag([5, 2])], list(a), max(a), sorted([Bag([1, 2]), Bag([3])])[0].items]
    del a[0]
    return [out, a.items]


def class_bool():
    class Falsy:
        def __bool__(self):
            return False

    return [bool(Falsy()), "t" if Falsy() else "f", not Falsy()]


def class_equality_default():
    class A:
        pass

    a = A()
    return [a == a, a == A(), a in [a], A() in [a]]


def class_iterator():
    class Count:
        def __init__(self, n):
            self.n = n

        def __iter__(self):
            return self

        def __next__(self):
            if self.n <= 0:
                raise StopIteration
            self.n -= 1
            return self.n

    return [list(Count(3)), sum(Count(3)), [x for x in Count(2)]]


def class_slots_and_vars():
    class A:
        def __init__(self):
            self.x = 1
            self.y = 2

    a = A()
    setattr(a, "z", 3)
    delattr(a, "x")
    return [vars(a), hasattr(a, "x"), a.__dict__]


def class_name_mangling():
    class A:
        def __init__(self):
            self.__x = 1

        def get(self):
            return self.__x

    return A().get()


def decorators():
    def twice(f):
        def inner(*a, **k):
            return f(*a, **k) * 2

        return inner

    def times(n):
        def wrap(f):
            return lambda *a: f(*a) * n

        return wrap

    @twice
    @times(5)
    def f(x):
        return x + 1

    return f(1)


async def awaiting():
    async def f(x):
        await asyncio.sleep(0)
        return x * 2

    return [await f(1), await asyncio.gather(f(2), f(3)), [await f(x) for x in range(2)]]


async def awaiting_errors():
    async def bad():
        raise ValueError("b")

    try:
        await bad()
    except ValueError as e:
        first = str(e)
    results = await asyncio.gather(bad(), asyncio.sleep(0, "ok"), return_exceptions=True)
    return [first, type(results[0]).__name__, results[1]]


async def awaiting_lazily():
    out = []

    async def f():
        out.append("ran")

    c = f()
    out.append("made")
    await c
    return out


async def awaiting_generators():
    async def g():
        yield 1
        yield 2

    return [[x async for x in g()], [x async for x in g() if x > 1]]


async def awaiting_context():
    out = []

    class M:
        async def __aenter__(self):
            out.append("in")
            return self

        async def __aexit__(self, *a):
            out.append("out")

    async with M():
        out.append("body")
    return out


def lambdas():
    return [(lambda x, y=2: x + y)(1), sorted([3, 1, 2], key=lambda x: -x), list(map(lambda x: x + 1, [1])), list(filter(None, [0, 1]))]


def recursion():
    def total(l):
        return 0 if not l else l[0] + total(l[1:])

    return total([1, 2])


def deletion():
    d = {"a": 1, "b": 2}
    del d["a"]
    x = 1
    del x
    try:
        x
    except NameError:
        return [d, "gone"]


def tuples():
    t = 1, 2
    return [t, t + (3,), t * 2, len(t), t[0], (1,), (), t.count(1), t.index(2)]


def tuple_write():
    t = (1, 2)
    t[0] = 5
    return t


def augmented():
    a = [1]
    b = a
    b += [2]
    c = (1,)
    d = c
    d += (2,)
    n = 5
    n //= 2
    n **= 3
    n -= 1
    return [a, c, d, n]


def aliasing():
    a = [[0] * 2] * 2
    a[0][0] = 1
    b = [[0] * 2 for _ in range(2)]
    b[0][0] = 1
    return [a, b]


def ternary_chain():
    f = lambda n: "big" if n > 10 else "mid" if n > 5 else "small"
    return [f(11), f(7), f(1)]


def star_in_literals():
    a = [1, 2]
    return [[*a, 3], (*a,), {*a}, {**{"x": 1}, "x": 2, **{"y": 3}}]


def global_constants():
    return [__name__ != "", True, None, Ellipsis is ...]


def bit_operations():
    return [5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, 16 >> 2, 0b101, bin(5), hex(255), 1 << 40]
