"""Good projects, each changed in one place, on the real runtime and under wslint: do the two agree?

Usage: python -m tests.runtime.differential [--lives] [PROJECT …] [--limit N] [--seed N] [--jobs N]

A project is a file or a folder of good/, with `--lives` of good_lives/: then clients send JSON, text and binary, leave
in four ways (1000, a code of their own, no code, a lost connection), and wait until the object is evicted.

A change is one edit of the syntax tree, of the kinds that people make: a statement, a `return`, an `await`, a
property or an argument gone, two arguments swapped, a condition turned round, a name or a text written in
another way. What a client sees of the changed project is compared with what it sees of the good one:

- `missed`: the client sees something worse, and wslint reports nothing at warning or above;
- `false`: wslint reports an error, and the client sees no difference.

Neither is a verdict. A misspelt variable breaks a project too, and is no affair of wslint's; an error may
speak of a request that the client here does not make. What is printed is to be read.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tree_sitter import Language, Node, Parser

from tests.pages import check_folder, write
from tests.runtime import life
from tests.runtime.conversation import Observed, get, talk
from tests.runtime.workerd import DidNotStart, NotServed, serve
from wslint.finding import Finding, Severity

GOOD = Path(__file__).parent / "good"
LIVES = Path(__file__).parent / "good_lives"
CONFIG = """\
name = "match"
main = "{main}"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{{ name = "MATCH", class_name = "MatchDO" }}]
migrations = [{{ tag = "v1", new_sqlite_classes = ["MatchDO"] }}]
"""
PATIENCE = 0.5


@dataclass(frozen=True)
class Mutant:
    """One change: what was done on which line of which file, and the text that came of it."""

    what: str
    path: str
    text: str


@dataclass(frozen=True)
class Seen:
    """What a client saw, as far as it is compared. `reason` is the first exception of the log."""

    facts: tuple[object, ...]
    reason: str


def projects() -> list[str]:
    """The good projects: a source file with the configuration above, or a folder with all that it needs."""
    return sorted(path.name for path in GOOD.iterdir())


def lives() -> list[str]:
    """The good projects whose whole life is looked at."""
    return sorted(path.name for path in LIVES.iterdir())


def files_of(name: str) -> dict[str, str]:
    """A project's files by path, as text."""
    path = GOOD / name if (GOOD / name).exists() else LIVES / name
    if path.is_file():
        return {"wrangler.toml": CONFIG.format(main=name), name: path.read_text(encoding="utf-8")}
    return {
        file.relative_to(path).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


def mutants(files: dict[str, str]) -> list[Mutant]:
    """Every change of a project's source files, one at a time, each text once."""
    made: dict[tuple[str, str], Mutant] = {}
    for path, text in files.items():
        if path.endswith((".js", ".ts")):
            for mutant in _mutants(path, text, path if len(files) > 2 else ""):
                made.setdefault((path, mutant.text), mutant)
    return list(made.values())


def _mutants(path: str, text: str, shown_path: str) -> Iterator[Mutant]:
    data = text.encode()
    for node in _nodes(_parse(path, data)):
        for what, start, end, new in _edits(node, data):
            line = data[:start].count(b"\n") + 1
            old = data[start:end].decode()
            shown = " ".join(old.split())
            changed = (data[:start] + new.encode() + data[end:]).decode()
            place = f"{shown_path}:{line}" if shown_path else str(line)
            yield Mutant(f"{place}: {what}: {shown[:60]} -> {' '.join(new.split())[:60]}", path, changed)


def _parse(name: str, data: bytes) -> Node:
    if name.endswith(".ts"):
        import tree_sitter_typescript

        language = Language(tree_sitter_typescript.language_typescript())
    else:
        import tree_sitter_javascript

        language = Language(tree_sitter_javascript.language())
    return Parser(language).parse(data).root_node


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.named_children:
        yield from _nodes(child)


def _edits(node: Node, data: bytes) -> Iterator[tuple[str, int, int, str]]:
    """The changes whose place is this node: what, start, end, new text."""
    text = data[node.start_byte : node.end_byte].decode()
    match node.type:
        case "expression_statement" | "if_statement" | "for_in_statement":
            yield "statement gone", node.start_byte, node.end_byte, ";"
        case "return_statement" if text.startswith("return "):
            yield "return gone", node.start_byte, node.end_byte, text.removeprefix("return ")
        case "await_expression":
            yield "await gone", node.start_byte, node.end_byte, text.removeprefix("await ")
        case "method_definition" | "public_field_definition" | "field_definition":
            name = node.child_by_field_name("name") or node.child_by_field_name("property")
            if name is not None and name.text != b"constructor":
                yield "member gone", node.start_byte, node.end_byte, ""
                yield from _respelt(name, data)
        case "pair" | "shorthand_property_identifier" | "spread_element":
            end = node.end_byte + (1 if data[node.end_byte : node.end_byte + 1] == b"," else 0)
            yield "property gone", node.start_byte, end, ""
            key = node.child_by_field_name("key")
            if key is not None and key.type == "property_identifier":
                yield from _respelt(key, data)
        case "arguments" if node.named_child_count:
            parts = [data[child.start_byte : child.end_byte].decode() for child in node.named_children]
            yield "last argument gone", node.start_byte, node.end_byte, f"({', '.join(parts[:-1])})"
            if len(parts) > 1:
                yield "arguments swapped", node.start_byte, node.end_byte, f"({', '.join(parts[::-1])})"
        case "formal_parameters" if node.named_child_count > 1:
            parts = [data[child.start_byte : child.end_byte].decode() for child in node.named_children]
            parts[:2] = parts[1::-1]
            yield "parameters swapped", node.start_byte, node.end_byte, f"({', '.join(parts)})"
        case "binary_expression":
            operator = node.child_by_field_name("operator")
            other = {"===": "!==", "!==": "==="}.get((operator.text or b"").decode() if operator else "")
            if operator is not None and other:
                yield "condition turned", operator.start_byte, operator.end_byte, other
        case "array_pattern" | "object_pattern" if node.named_child_count == 2:
            one, two = (data[child.start_byte : child.end_byte].decode() for child in node.named_children)
            if node.type == "array_pattern":
                yield "ends swapped", node.start_byte, node.end_byte, f"[{two}, {one}]"
        case "member_expression":
            name = node.child_by_field_name("property")
            if name is not None:
                yield from _respelt(name, data)
        case "number" if len(text) == 3:
            yield "another status", node.start_byte, node.end_byte, "200"
        case "string_fragment" if len(text) > 2:
            yield "another text", node.start_byte, node.end_byte, text.swapcase()
        case "subscript_expression":
            index = node.child_by_field_name("index")
            if index is not None and index.text in (b"0", b"1"):
                yield "other end", index.start_byte, index.end_byte, "1" if index.text == b"0" else "0"
        case "class_heritage":
            yield "base gone", node.start_byte, node.end_byte, ""
        case "export_statement" if b"default" not in (node.text or b"")[:20]:
            yield "export gone", node.start_byte, node.start_byte + len("export "), ""
        case "identifier" if text in ("client", "server"):
            yield "other end", node.start_byte, node.end_byte, "server" if text == "client" else "client"


_SPELLINGS = {
    "webSocketMessage": ["onMessage", "websocketMessage"],
    "webSocketClose": ["onClose", "websocketClose"],
    "webSocket": ["websocket", "socket"],
    "acceptWebSocket": ["accept", "acceptWebsocket"],
    "accept": ["acceptWebSocket"],
    "ctx": ["state"],
    "state": ["ctx"],
    "idFromName": ["idFromString", "newUniqueId"],
    "MATCH": ["MATCHES"],
    "raw": ["clone"],
    "pathname": ["href"],
    "headers": ["header"],
    "getWebSockets": ["getSockets"],
}


def _respelt(name: Node, data: bytes) -> Iterator[tuple[str, int, int, str]]:
    for other in _SPELLINGS.get(data[name.start_byte : name.end_byte].decode(), ()):
        yield "respelt", name.start_byte, name.end_byte, other


def observe(folder: Path) -> Seen:
    """What a client sees: a player, a second one, a close, a plain request, `/health` and a path that is none."""
    try:
        with serve(folder) as server:
            url = server.ws + "/ws/ABCDE"
            with ThreadPoolExecutor(1) as pool:
                # The second player hears what the first one says.
                listener = pool.submit(talk, url, (), patience=PATIENCE, wait=2.0)
                time.sleep(0.4)
                first = talk(url, ["hello", b"\x01\x02"], patience=PATIENCE)
                second = listener.result()
            plain = get(server.http + "/ws/ABCDE")
            health = get(server.http + "/health")
            other = get(server.http + "/nowhere")
            log = server.log
    except (NotServed, DidNotStart) as problem:
        return Seen((type(problem).__name__,), str(problem).strip().splitlines()[0])
    return Seen((*_of(first), *_of(second), plain.status, health.status, other.status), _reason(log))


def observe_life(folder: Path) -> Seen:
    """What two clients see of what they say, of four that leave in four ways, and after the object was evicted."""
    try:
        with serve(folder, verbose=True) as server:
            facts = list(life.observed(server.ws + "/ws/ABCDE"))
            plain = get(server.http + "/ws/ABCDE")
            other = get(server.http + "/nowhere")
            log = server.log
    except (NotServed, DidNotStart) as problem:
        return Seen((type(problem).__name__,), str(problem).strip().splitlines()[0])
    return Seen((*facts, plain.status, other.status), _reason(log))


def _reason(log: str) -> str:
    """The first exception of a log."""
    lines = (line.split("remote.")[-1] for line in log.splitlines() if "xception" in line or "rror" in line)
    return next((line for line in lines if "disconnected" not in line), "")


def _of(seen: Observed) -> tuple[object, ...]:
    return seen.status, tuple(seen.received), seen.close_code, bool(seen.failure)


def look(name: str, mutant: Mutant | None, *, served: bool = True) -> tuple[Seen | None, list[Finding]]:
    """What a client sees of a project with a change, and what wslint is sure of at warning or above."""
    files = files_of(name) | ({mutant.path: mutant.text} if mutant else {})
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(files, folder)
        found = check_folder(folder).findings
        look_at = observe_life if (LIVES / name).exists() else observe
        seen = look_at(folder) if served else None
    return seen, [item for item in found if item.confidence == "high" and item.severity >= Severity.WARNING]


def judge(name: str, mutant: Mutant, *, base: Seen) -> tuple[str, Seen, list[Finding]]:
    """`same`, `agree`, `missed` or `false`, with what was seen and what wslint says."""
    seen, found = look(name, mutant)
    assert seen is not None
    return verdict(seen, base, found), seen, found


def verdict(seen: Seen, base: Seen, found: list[Finding]) -> str:
    if seen.facts == base.facts:
        return "false" if any(item.severity == Severity.ERROR for item in found) else "same"
    return "agree" if found else "missed"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("projects", nargs="*")
    parser.add_argument("--lives", action="store_true", help="the projects of good_lives/")
    parser.add_argument("--limit", type=int, default=10**6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=4)
    options = parser.parse_args()
    for name in options.projects or (lives() if options.lives else projects()):
        base, found = look(name, None)
        assert base is not None
        print(f"== {name}: {base} {_codes(found)}")
        chosen = mutants(files_of(name))
        if len(chosen) > options.limit:
            chosen = random.Random(options.seed).sample(chosen, options.limit)
        counts: dict[str, int] = {}
        with ThreadPoolExecutor(options.jobs) as pool:
            for mutant, (said, seen, found) in zip(
                chosen, pool.map(partial(judge, name, base=base), chosen), strict=True
            ):
                counts[said] = counts.get(said, 0) + 1
                if said in ("missed", "false"):
                    facts = (
                        [fact for fact in seen.facts if fact not in base.facts]
                        if options.lives
                        else seen.facts
                    )
                    print(
                        f"{said:6} {mutant.what}\n       {_codes(found)} {seen.reason[:150]}\n       {facts}"
                    )
                    sys.stdout.flush()
        print(f"== {name}: {len(chosen)} changes: {counts}")


def _codes(found: list[Finding]) -> str:
    return " ".join(f"{item.code}:{item.span.first.line}" for item in found)


if __name__ == "__main__":
    main()
