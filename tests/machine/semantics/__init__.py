"""What the machine makes of a module's functions, in words that Node and CPython can be held to."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.pages import TODAY, write
from tests.runtime.tools import Tools
from wslint.files import Files
from wslint.machine.control import Dead
from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue, Closure, Native
from wslint.runtime.collections import is_key, key_value
from wslint.runtime.words import PANIC
from wslint.values.heap import Object
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Value
from wslint.workspace import discover, load

HERE = Path(__file__).parent
UNKNOWN = {"unknown": True}
"""What the machine does not know: it may be anything."""

_EXPORTED = re.compile(r"^export (?:async )?function (\w+)\(\)", re.M)
_DEFINED = re.compile(r"^(?:async )?def ([a-z]\w*)\(\):", re.M)
_PUBLIC = re.compile(r"^pub fn (\w+)\(\)", re.M)
_NAMES = {".py": _DEFINED, ".rs": _PUBLIC}
_EVERYTHING = frozenset({"throw", "return", "hang", "unknown", "break", "continue"})

CARGO = '[package]\nname = "cases"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n'
CONFIG = 'name = "cases"\nmain = "{main}"\ncompatibility_date = "2026-07-01"\n'
PYTHON_FLAG = 'compatibility_flags = ["python_workers"]\n'


def names(file: Path) -> list[str]:
    """The functions of a file of cases: those that take nothing and are exported; in Python, that are no `_helper`."""
    text = file.read_text(encoding="utf-8")
    return _NAMES.get(file.suffix, _EXPORTED).findall(text)


def by_rust(file: Path, folder: Path, rustc: str) -> dict[str, Any]:
    """What a program of these functions says that rustc makes, with the checks of a debug build."""
    said = "\n".join(f'    say("{name}", || cases::{name}());' for name in names(file))
    program = (HERE / "run.rs").read_text(encoding="utf-8").replace("    // CASES", said)
    (folder / "main.rs").write_text(program, encoding="utf-8")
    (folder / "cases.rs").write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    made = folder / "cases"
    options = [
        "--edition",
        "2021",
        "-A",
        "warnings",
        "-A",
        "unconditional_panic",
        "-A",
        "arithmetic_overflow",
    ]
    subprocess.run([rustc, *options, "-o", made, folder / "main.rs"], check=True, timeout=120)
    ran = subprocess.run([made], capture_output=True, text=True, timeout=60, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def by_the_language(file: Path, folder: Path, tools: Tools) -> dict[str, Any]:
    """What Node or CPython says that each function gives."""
    if file.suffix == ".py":
        command = [sys.executable, HERE / "run.py", file]
    else:
        target = folder / f"{file.stem}.mjs"
        if file.suffix == ".ts":
            subprocess.run(
                [tools.esbuild, file, f"--outfile={target}", "--format=esm", "--log-level=error"], check=True
            )
        else:
            target.write_bytes(file.read_bytes())
        command = [tools.node, HERE / "run.mjs", target]
    ran = subprocess.run(
        [*map(str, command), *names(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def by_the_machine(file: Path, folder: Path) -> dict[str, Any]:
    """What the machine says."""
    main = "src/lib.rs" if file.suffix == ".rs" else f"src/entry{file.suffix}"
    shown = "build/index.js" if file.suffix == ".rs" else main
    config = CONFIG.format(main=shown) + (PYTHON_FLAG if file.suffix == ".py" else "")
    more = {"Cargo.toml": CARGO} if file.suffix == ".rs" else {}
    write({"wrangler.toml": config, main: file.read_text(encoding="utf-8"), **more}, folder)
    files = Files(folder)
    worker = load(discover([folder], files).configs, files, TODAY).workers[0]
    source = files.read(folder / main)
    assert source is not None
    machine = Machine()
    unit = machine.unit(worker, source)
    return {name: _called(machine, unit.names[name]) for name in names(file)}


def _called(machine: Machine, function: Value) -> Any:
    """What a call of a function comes to."""
    assert isinstance(function, Closure), function
    span = function.scope.unit.span(function.node).head()
    machine.budget = machine.steps + machine.scene_budget

    def run() -> Value:
        given = machine.call(function, [], span)
        if function.scope.unit.language.name == "python":
            from wslint.runtime import python

            return (
                machine.each(given, lambda held: python.awaited(machine, held, span))
                if function.node.is_async
                else given
            )
        return machine.awaited(given, span)

    collector, done = machine.collect(_EVERYTHING, run)
    ends = [*collector.exits, *([done] if done is not None else [])]
    try:
        value = machine.meet(collector, ends)
    except Dead:
        return UNKNOWN
    if len(ends) != 1 or ends[0].kind in ("hang", "unknown"):
        return UNKNOWN
    if ends[0].kind == "throw":
        held = machine.known(value)
        words = machine.words_of(held) if isinstance(held, Object) else ""
        if words.startswith(PANIC):
            words = PANIC  # what it said is not told here
        return {"throws": words or told(machine, held)}
    return told(machine, value)


def told(machine: Machine, value: Value, seen: tuple[Value, ...] = ()) -> Any:
    """A value of the machine, as `run.mjs` and `run.py` tell those of their languages."""
    value = machine.known(value)
    if value is UNDEFINED:
        return {"undefined": True}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        is_plain = value == value and abs(value) != float("inf") and str(float(value)) != "-0.0"
        return value if is_plain else {"number": _number(value)}
    if isinstance(value, Closure | Native | ClassValue):
        return {"function": True}
    if not isinstance(value, Object):
        return UNKNOWN
    if any(value is one for one in seen):
        return {"cycle": True}
    return _of_object(machine, value, (*seen, value))


def _number(value: float) -> str:
    if value != value:
        return "NaN"
    return "-0" if value == 0 else "Infinity" if value > 0 else "-Infinity"


def _of_object(machine: Machine, value: Object, seen: tuple[Value, ...]) -> Any:
    slots = value.slots
    if slots.get("open") or "escaped" in slots:
        return UNKNOWN
    if value.kind == "Array":
        items = machine.known(slots.get("items", ()))
        if not isinstance(items, tuple):
            return UNKNOWN
        listed = [told(machine, item, seen) for item in items]
        return {"tuple": listed} if value.extra == "tuple" and not _is_rust(value) else listed
    if value.kind in ("Map", "Set"):
        found: list[Any] = []
        for slot, held in slots.items():
            if not is_key(slot):
                continue
            held = machine.known(held)
            if isinstance(held, OneOf):
                return UNKNOWN
            if held is not ABSENT:
                found.append(told(machine, key_value(slot), seen))
                found += [told(machine, held, seen)] if value.kind == "Map" else []
        if value.extra == "set":
            found.sort(key=repr)
        return {value.kind.lower(): found}
    if value.kind == "Cell":
        return told(machine, slots["value"], seen)
    if value.kind in ("Some", "Ok", "Err"):
        inner = told(machine, slots["value"], seen)
        return {"err": inner} if value.kind == "Err" else inner
    if value.kind == "Error":
        words = machine.words_of(value)
        return {"error": words} if words else UNKNOWN
    if value.kind in ("Object", "Instance"):
        shown = []
        for slot, held in slots.items():
            held = machine.known(held)
            if isinstance(held, OneOf):
                return UNKNOWN
            if (
                isinstance(slot, tuple)
                and slot[0] == "p"
                and held is not ABSENT
                and not slot[1].startswith("#")
            ):
                shown.append([slot[1], told(machine, held, seen)])
        if value.extra is None or value.kind == "Object":  # JavaScript has numbers first
            shown.sort(key=lambda pair: (0, int(pair[0])) if pair[0].isdigit() else (1, 0))
        return {"object": shown}
    return UNKNOWN


def _is_rust(value: Object) -> bool:
    return value.place is not None and value.place.file.path.suffix == ".rs"


def agree(machine: Any, language: Any) -> bool:
    """Whether what the machine says is so, as far as it says anything."""
    if machine == UNKNOWN:
        return True
    if isinstance(machine, dict) and isinstance(language, dict):
        return machine.keys() == language.keys() and all(
            agree(machine[key], language[key]) for key in machine
        )
    if isinstance(machine, list) and isinstance(language, list):
        return len(machine) == len(language) and all(map(agree, machine, language))
    if isinstance(machine, bool) or isinstance(language, bool):
        return machine is language
    return bool(machine == language)


def knows(machine: Any) -> bool:
    """Whether the machine knows all of it."""
    if machine == UNKNOWN:
        return False
    if isinstance(machine, dict | list):
        return all(map(knows, machine.values() if isinstance(machine, dict) else machine))
    return True


__all__ = ["agree", "by_the_language", "by_the_machine", "knows", "names"]
