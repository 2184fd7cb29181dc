"""The machine's own answers, held against Node's, CPython's and rustc's.

Each function of `semantics/` gives a value that is made of constants only. What the machine says of it must be so;
what it calls unknown may be anything, but there may not be more of it than there was.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.machine import semantics
from tests.runtime.tools import missing, require_tools

CASES = sorted(semantics.HERE.glob("*_cases.*"))

_AT_ONCE = "an async function runs to its end when it is called, and what waits for a promise does not wait"
_EAGER = "a generator that ends runs to its end when it is made, and can be gone over again"
_BORROWED = "a RefCell does not count who has borrowed it"
DIFFERS = {
    "microtaskOrder": _AT_ONCE,
    "asyncOrder": _AT_ONCE,
    "asyncOrderOfTwo": _AT_ONCE,
    "forEachAsync": _AT_ONCE,
    "mutexOrder": _AT_ONCE,
    "queueMicrotasks": _AT_ONCE,
    "generatorFinally": _EAGER,
    "generator_is_lazy": _EAGER,
    "generator_exhausted": _EAGER,
    "iterators_taken": _EAGER,
    "zips_are_iterators": _EAGER,
    "any_all_stop": _EAGER,
    "methodLosesThis": "a method that is read off an instance keeps it",
    "destructureNothing": "the words of an error",
    "typeofBeforeLet": "a name that is not declared yet is looked for further out",
    "unbound_local": "a name that is not declared yet is looked for further out",
    "deletion": "`del` of a name is not read",
    "holes": "a hole is undefined",
    "textIsImmutable": "a write to a character of a text is not seen",
    "headersBad": "the names of headers are not looked at",
    "responseTwice": "whether a body was read is not kept",
    "parameterProperties": "fields come before what a constructor's parameters declare",
    "usingDeclared": "`using` disposes of nothing",
    "class_property_without_setter": "a property without a setter can be written",
    "dict_order": "True and 1 are two keys",
    "dict_keys_of_kinds": "True and 1 are two keys",
    "functools_used": "a cached function runs each time",
    "overflow_panics": "how wide an integer is is not kept",
    "borrowed_twice": _BORROWED,
    "borrowed_while_read": _BORROWED,
    "borrow_tried": _BORROWED,
}
"""Where the machine is known to be wrong, and how. What is mended must go from here."""

MOST_UNKNOWN = {
    "bindings_cases.js": 10,
    "chains_cases.js": 19,
    "classes_cases.js": 25,
    "collections_cases.js": 14,
    "control_cases.js": 20,
    "language_cases.py": 31,
    "library_cases.py": 31,
    "programs_cases.js": 7,
    "programs_cases.py": 3,
    "texts_cases.js": 65,
    "typed_cases.ts": 3,
    "values_cases.rs": 36,
    "web_cases.js": 29,
}
"""How many functions of a file have a part that the machine does not know; it may only fall."""


def _rustc() -> str:
    found = shutil.which("rustc")
    if found is None:
        missing("rustc is missing, so nothing was held against it")
    return found


@pytest.mark.parametrize("file", CASES, ids=[file.name for file in CASES])
def test_the_language_agrees(file: Path, tmp_path: Path) -> None:
    if file.suffix == ".rs":
        language = semantics.by_rust(file, tmp_path, _rustc())
    else:
        language = semantics.by_the_language(file, tmp_path, require_tools())
    machine = semantics.by_the_machine(file, tmp_path / "project")
    wrong = {
        name: (said, language[name])
        for name, said in machine.items()
        if not semantics.agree(said, language[name])
    }
    assert {name: pair for name, pair in wrong.items() if name not in DIFFERS} == {}
    assert {name for name in machine if name in DIFFERS} == set(wrong)
    unknown = [name for name, said in machine.items() if name not in wrong and not semantics.knows(said)]
    print(f"{file.name}: {len(machine)} functions, {len(unknown)} of them not known: {', '.join(unknown)}")
    assert len(unknown) <= MOST_UNKNOWN.get(file.name, 0)


def test_a_wrong_answer_is_seen() -> None:
    """What does not agree is told apart; what is unknown agrees with everything."""
    assert not semantics.agree([1.0, True], [1, 1])
    assert not semantics.agree({"object": [["a", 1]]}, {"object": [["b", 1]]})
    assert semantics.agree([1.0, semantics.UNKNOWN], [1, "x"])
    assert not semantics.knows([1.0, semantics.UNKNOWN])
