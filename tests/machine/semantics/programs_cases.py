"""Python: small programs as Workers have them."""

import asyncio
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Player:
    name: str
    score: int = 0
    tags: list = field(default_factory=list)

    @property
    def label(self):
        return f"{self.name}:{self.score}"


class Room:
    limit = 2

    def __init__(self, code="LOBBY"):
        self.code = code
        self.players = {}
        self.log = []

    def join(self, key, name="anon"):
        if key in self.players:
            raise ValueError(f"already {key}")
        if len(self.players) >= self.limit:
            return None
        self.players[key] = Player(name)
        self.log.append(("join", key))
        return len(self.players)

    def leave(self, key):
        return self.players.pop(key, None) is not None

    def score(self, key, by=1):
        player = self.players.get(key)
        if not player:
            return None
        player.score += by
        return player.score

    def names(self):
        return sorted(p.name for p in self.players.values())


def room_played():
    r = Room()
    return [r.join("a", "Ann"), r.join("b"), r.join("c"), r.score("a"), r.score("a", by=5), r.score("z"), r.names(), r.leave("a"), r.leave("a"), r.log, [p.label for p in r.players.values()]]


def room_refuses():
    r = Room()
    r.join("a")
    r.join("a")


def messages_read():
    def read(raw):
        try:
            data = json.loads(raw)
        except ValueError:
            return "no json"
        if not isinstance(data, dict):
            return "no dict"
        kind = data.get("type")
        if kind == "move":
            return [data["x"], data.get("y", 0)]
        return kind or "no type"

    return [read('{"type": "move", "x": 1}'), read("[1]"), read("{"), read('{"a": 1}'), read('{"type": "chat"}'), read("null"), read("5")]


def routed():
    pattern = re.compile(r"^/rooms/(?P<code>[A-Z0-9]{4})(/(?P<tail>\w+))?$")
    out = []
    for path in ["/rooms/ABCD", "/rooms/ABCD/ws", "/rooms/abc", "/"]:
        m = pattern.match(path)
        out.append((m["code"], m.group("tail")) if m else None)
    return out


def path_split():
    _, kind, *rest = "/ws/AB/x".split("/")
    parts = [p for p in "/ws//AB/".split("/") if p]
    return [kind, rest, parts, "/ws/AB".rsplit("/", 1)[-1], "/ws/AB".startswith(("/x", "/ws"))]


def counted():
    by = defaultdict(int)
    groups = defaultdict(list)
    for word in "a bb a ccc bb a".split():
        by[word] += 1
        groups[len(word)].append(word)
    return [dict(by), dict(groups), sorted(by.items(), key=lambda kv: (-kv[1], kv[0]))]


def board_won():
    lines = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 4, 8)]

    def winner(b):
        for x, y, z in lines:
            if b[x] and b[x] == b[y] == b[z]:
                return b[x]
        return "draw" if all(b) else None

    return [winner(["X"] * 3 + [None] * 6), winner([None] * 9), winner(list("XOXXOOOXX"))]


def turns():
    order = ["a", "b", "c"]
    turn = 0
    out = []
    for _ in range(4):
        out.append(order[turn])
        turn = (turn + 1) % len(order)
    return out


def history():
    kept = []
    for n in range(6):
        kept.append(n)
        kept = kept[-3:]
        if n == 4:
            kept.pop(0)
    return kept


def swept():
    sockets = [{"id": n, "open": n % 2 == 1} for n in range(4)]
    for s in sockets[:]:
        if not s["open"]:
            sockets.remove(s)
    return [s["id"] for s in sockets]


def swept_badly():
    clients = {1, 2, 3}
    for c in clients:
        if c == 2:
            clients.discard(c)
    return clients


def updated():
    state = {"players": {"a": {"hp": 3}}, "turn": 0}
    state["players"]["a"]["hp"] -= 1
    state["players"].setdefault("b", {"hp": 5})["hp"] += 1
    state.update(turn=state["turn"] + 1, winner=None)
    copy = {**state, "turn": 9}
    return [state, copy["turn"], state.get("nothing", {}).get("x")]


def errors_mapped():
    class NotFound(Exception):
        status = 404

    def handle(f):
        try:
            return 200, f()
        except NotFound as e:
            return e.status, str(e) or "missing"
        except (KeyError, IndexError):
            return 400, "bad"
        except Exception as e:
            return 500, type(e).__name__
        finally:
            pass

    def lost():
        raise NotFound("no room")

    return [handle(lambda: 1), handle(lost), handle(lambda: {}["x"]), handle(lambda: [][1]), handle(lambda: int("x"))]


async def fan_out():
    log = []

    class Socket:
        def __init__(self, n, ok=True):
            self.n, self.ok = n, ok

        async def send(self, text):
            if not self.ok:
                raise RuntimeError(f"closed {self.n}")
            log.append((self.n, text))

    async def broadcast(sockets, text):
        dead = []
        for s in sockets:
            try:
                await s.send(text)
            except RuntimeError:
                dead.append(s.n)
        return dead

    dead = await broadcast([Socket(1), Socket(2, ok=False), Socket(3)], "hi")
    return [dead, log]


async def cached():
    loads = []
    cache = {}

    async def load(key):
        loads.append(key)
        await asyncio.sleep(0)
        return key.upper()

    async def get(key):
        if key not in cache:
            cache[key] = await load(key)
        return cache[key]

    return [await get("a"), await get("a"), await get("b"), loads]


async def locked():
    lock = asyncio.Lock()
    out = []
    async with lock:
        out.append("in")
    out.append("out")
    return out


def guarded():
    class Guard:
        def __init__(self, log):
            self.log = log

        def __enter__(self):
            self.log.append("in")
            return self

        def __exit__(self, kind, error, trace):
            self.log.append(kind.__name__ if kind else "clean")
            return False

    log = []
    try:
        with Guard(log) as g:
            g.log.append("body")
            raise KeyError("k")
    except KeyError:
        log.append("caught")

    def early():
        with Guard(log):
            return "early"

    for n in range(2):
        with Guard(log):
            if n == 0:
                continue
            break
    return [early(), log]


def registry():
    handlers = {}

    def on(name):
        def keep(f):
            handlers[name] = f
            return f

        return keep

    @on("add")
    def add(state, n=1):
        state["n"] = state.get("n", 0) + n
        return state["n"]

    @on("reset")
    def reset(state):
        state.clear()

    state = {}
    out = [handlers[name](state, *args) for name, args in [("add", []), ("add", [5]), ("reset", []), ("add", [])]]
    return [out, state, sorted(handlers), handlers.get("nope") is None, add({})]


def inherited():
    class Base:
        kinds = {}

        def __init_subclass__(cls, **kwargs):
            super().__init_subclass__(**kwargs)

        def handle(self, kind, *args, **kw):
            method = getattr(self, f"on_{kind}", None)
            return method(*args, **kw) if method else f"no {kind}"

    class Chat(Base):
        prefix = ">"

        def on_say(self, text, *, loud=False):
            return self.prefix + (text.upper() if loud else text)

    c = Chat()
    return [c.handle("say", "hi"), c.handle("say", "hi", loud=True), c.handle("nope")]


def time_text():
    def fmt(seconds):
        minutes, rest = divmod(seconds, 60)
        return f"{minutes}:{rest:02d}"

    return [f"{65 // 60}:{65 % 60:02d}", f"{3 / 2}", f"{10 / 5}", str(2 * 1.5), str(7 // 2), f"{1 + 1}", f"{0.1 + 0.2:.2f}"]


def codes():
    ok = lambda c: bool(c) and len(c) == 4 and c.isalnum() and c.isupper()
    return [ok(c) for c in ("AB12", "ab12", "", None, "ABCDE", "1234")]
