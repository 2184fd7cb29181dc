"""What words may mean: readings, the surest first."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from functools import cache

from wslint.explain.table import Words, question, table
from wslint.probe.symptoms import Symptom, catalogue, rules_by_cause, symptoms
from wslint.record import frozen

LONGEST = 20_000
"""Characters that are read of what is pasted."""

MOST = 3
_NUMBER = re.compile(r"\A\W*(?:(?:http|error|status|code|api|close)\W*){0,3}(?P<number>\d{3,5})\W*\Z", re.I)
_CAUSE = re.compile(r"\A\W*(?P<cause>[a-z]{1,2}\d{2})\W*\Z", re.I)
_HANDSHAKE = ("check", "trace", "probe")

_SURE, _PLAIN, _GENERAL = 3, 2, 1
"""How much a reading says: the error's own words, who says so, that something failed."""


@frozen
class Reading:
    """One thing that the words may mean. `parts` are titles and advice, `rules` come before those of the causes."""

    title: str
    meaning: str
    parts: tuple[tuple[str, str], ...]
    causes: tuple[str, ...]
    rules: tuple[str, ...] = ()
    ask: str = ""
    next: tuple[str, ...] = _HANDSHAKE


def readings(text: str) -> list[Reading]:
    """What a text may mean, the likeliest first; empty where nothing fits."""
    text = text[:LONGEST]
    number = _NUMBER.match(text)
    if number is not None:
        return list(_of_number(number["number"]))[:MOST]
    cause = _CAUSE.match(text)
    if cause is not None and cause["cause"].upper() in catalogue():
        return [_of_cause(cause["cause"].upper())]
    ranked = sorted(_of_patterns(text), key=lambda pair: -pair[0])
    found = list(_apart(reading for _, reading in ranked))
    if ranked and ranked[0][0] == _GENERAL:
        found = [*_of_quotes(text), *found]
    return (found or _of_quotes(text) or _of_free_words(text))[:MOST]


def _apart(ranked: Iterable[Reading]) -> Iterator[Reading]:
    """Without what only repeats a surer one."""
    seen: set[str] = set()
    for reading in ranked:
        if not seen or not set(reading.causes) <= seen or not reading.causes:
            seen.update(reading.causes)
            yield reading


# Numbers and ids


def _of_number(number: str) -> Iterator[Reading]:
    if len(number) == 3:
        if 100 <= int(number) <= 599:
            yield _of_status(int(number))
        return
    for row in table().values():
        if number in (row.close, row.code):
            yield of_row(row, None)
    page = next((one for one in symptoms().values() if _is_page(one, number)), None)
    if page is not None and not any(number == row.close for row in table().values()):
        yield _of_symptom(page)
    rules = _naming(number)
    if rules and len(number) == 5 and not any(number == row.code for row in table().values()):
        yield Reading(f"error {number} of Cloudflare's API", "", (), (), rules, next=("check",))


def _is_page(symptom: Symptom, number: str) -> bool:
    return (
        symptom.id.startswith("cloudflare-")
        and symptom.body is not None
        and symptom.body.search(f"error code: {number}") is not None
    )


def _of_status(status: int, by: str = "") -> Reading:
    """A status in place of 101: everything that it may come from, as one reading."""
    if status == 101:
        return Reading(
            "101 opens the socket: the handshake is answered as it should be",
            "What fails after it shows in messages and in the code of the close.",
            (),
            (),
            ask="What does the client see next: silence, or a close? Give its code to `wslint explain`.",
            next=("check", "life", "probe"),
        )
    rows = [one for one in symptoms().values() if one.status and one.fits(status, [], "")]
    plain = [one for one in symptoms().values() if _is_of_status(one, status) and not one.is_general]
    exact = [one for one in plain if one.status == str(status)]
    chosen = exact if exact and status != 200 else plain or [one for one in rows if one.status == "any"]
    return Reading(
        f"the handshake was answered {status} in place of 101{by}",
        "A browser's page sees an error event and close code 1006, and no more.",
        _parts(chosen),
        _in_turn(one.causes for one in chosen),
        ask=question(status),
    )


def _is_of_status(symptom: Symptom, status: int) -> bool:
    wanted = symptom.status
    return len(wanted) == 3 and wanted[0].isdigit() and all(
        sign in ("x", digit) for sign, digit in zip(wanted, str(status), strict=True)
    )  # fmt: skip


def _in_turn(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The first of each list, then the second of each, and so on."""
    held = [list(one) for one in lists]
    longest = max(map(len, held), default=0)
    return tuple(dict.fromkeys(one[at] for at in range(longest) for one in held if at < len(one)))


def _parts(rows: Iterable[Symptom]) -> tuple[tuple[str, str], ...]:
    """What each symptom is and what mends it; one that hides its cause has no mend."""
    return tuple((one.title, "" if one.id in _HIDING else one.advice) for one in rows)


_HIDING = ("hidden-500", "thrown", "refused", "uncaught", "wrangler-hides", "cloudflare-1101")
"""Symptoms whose advice is to look for the reason."""


def _of_cause(cause: str) -> Reading:
    related = [one for one in symptoms().values() if cause in one.causes[:3] and not one.is_general]
    return Reading(
        f"{cause}: {catalogue()[cause]}",
        "",
        _parts(related[:MOST]),
        (cause,),
        next=("check",),
    )


@cache
def _naming(number: str) -> tuple[str, ...]:
    """The rules whose page names an error's number."""
    from wslint.rules import load_rules

    wanted = re.compile(rf"(?<![\d.]){number}(?!\d)")
    return tuple(code for code, loaded in load_rules().items() if wanted.search(_prose(loaded)))


def _naming_first(row: Words) -> tuple[str, ...]:
    """The rules that name an error's number, those of its likeliest causes first."""
    naming = _naming(row.code)
    likely = [code for cause in row.causes for code in rules_by_cause().get(cause, ()) if code in naming]
    return tuple(dict.fromkeys((*likely, *naming)))


def _prose(loaded: object) -> str:
    from wslint.rules import LoadedRule

    assert isinstance(loaded, LoadedRule)
    return " ".join([loaded.summary, *(loaded.section(name) for name in ("What it does", "Why it fails"))])


# Words that are known


def _of_patterns(text: str) -> Iterator[tuple[int, Reading]]:
    error = next(
        (
            one
            for one in symptoms().values()
            if one.body is not None and (one.is_error_text or one.id.startswith("cloudflare-"))
            if one.body.search(text)
        ),
        None,
    )
    if error is not None:
        is_vague = error.is_general or error.id == "undefined-property"
        yield (_GENERAL if is_vague else _SURE), _of_symptom(error)
    for row in table().values():
        found = row.search(text)
        if found is not None:
            yield (_SURE if row.code else _PLAIN), of_row(row, found)


def _of_symptom(symptom: Symptom) -> Reading:
    ask = question(500) if symptom.is_general or symptom.id in ("cloudflare-1101", "wrangler-hides") else ""
    parts = () if symptom.id in _HIDING else (("", symptom.advice),)
    return Reading(symptom.title, symptom.meaning, parts, symptom.causes, ask=ask)


def of_row(row: Words, found: re.Match[str] | None) -> Reading:
    by = f" ({' or '.join(row.who)})"
    if found is not None and found.groupdict().get("status"):
        return _of_status(int(found["status"]), by)
    rows = [symptoms()[one] for one in row.symptoms]
    return Reading(
        row.means + by,
        "",
        _parts(rows),
        tuple(dict.fromkeys((*row.causes, *_in_turn(one.causes for one in rows)))),
        (*row.rules, *(_naming_first(row) if row.code else ())),
        row.ask,
        row.next,
    )


# Words that are not: overlaps


_TOKEN = re.compile(r"[a-z_][a-z0-9_]{2,}", re.I)
_QUOTE = re.compile(r"`([^`]{8,300})`")
_FILLERS = """
the and for not that this with from was are has have you your its but when what why does how can will into error
failed failing wrong problem help please worker workers websocket websockets socket sockets cloudflare get set new
use used using one two all any after before there their them they then than which who nobody
"""
_COMMON = frozenset(_FILLERS.split())
"""Words that everything here is about, or nothing."""


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_stem(token.lower()) for token in _TOKEN.findall(text)) - _COMMON


def _stem(token: str) -> str:
    """A word without the ending that its forms differ in."""
    for ending in ("ing", "ed", "es", "s"):
        if token.endswith(ending) and len(token) - len(ending) >= 4:
            return token[: -len(ending)]
    return token


@cache
def _quotes() -> list[tuple[str, frozenset[str]]]:
    """What the rules' pages quote of the runtime, wrangler and the API."""
    from wslint.rules import load_rules

    found: list[tuple[str, frozenset[str]]] = []
    for code, loaded in load_rules().items():
        for quote in _QUOTE.findall(f"{_prose(loaded)} {loaded.section('Source')}"):
            tokens = _tokens(quote)
            if len(tokens) >= 3 and quote.count(" ") >= 3:
                found.append((code, tokens))
    return found


def _of_quotes(text: str) -> list[Reading]:
    """Rules whose page quotes these words, with other names in them perhaps."""
    given = _tokens(text)
    scored: dict[str, float] = {}
    for code, tokens in _quotes():
        share = len(tokens & given) / len(tokens)
        if share >= 0.65:
            scored[code] = max(scored.get(code, 0.0), share * len(tokens & given))
    return [_of_rule(code) for code in sorted(scored, key=lambda code: (-scored[code], code))[:MOST]]


def _of_rule(code: str) -> Reading:
    from wslint.rules import load_rules

    loaded = load_rules()[code]
    rule = loaded.rule
    first = loaded.section("Why it fails").split("\n\n")[0]
    meaning = " ".join(first.split())
    return Reading(f"{code} {rule.name}: {loaded.summary}", meaning, (), (), (code,), next=("check",))


@cache
def _documents() -> dict[str, tuple[Reading, frozenset[str]]]:
    """Everything that can be meant, with the words that speak of it."""
    found: dict[str, tuple[Reading, frozenset[str]]] = {}
    for symptom in symptoms().values():
        if not symptom.is_general:
            found[symptom.id] = _of_symptom(symptom), _tokens(f"{symptom.title} {symptom.meaning}")
    from wslint.rules import load_rules

    for code, loaded in load_rules().items():
        named = " ".join(catalogue()[cause] for cause in loaded.rule.causes[:2])
        words = f"{loaded.rule.name.replace('-', ' ')} {loaded.summary} {named}"
        found[code] = _of_rule(code), _tokens(words)
    return found


def _of_free_words(text: str) -> list[Reading]:
    """What is told in words of one's own: at least two words, and half of what is rare in them, must be there."""
    given = _tokens(text)
    documents = _documents()
    spread = {token: sum(token in tokens for _, tokens in documents.values()) for token in given}
    total = sum(_weight(count) for count in spread.values())
    scored: list[tuple[float, str]] = []
    for name, (_, tokens) in documents.items():
        shared = tokens & given
        weight = sum(_weight(spread[token]) for token in shared)
        if len(shared) >= 2 and weight >= total / 2:
            scored.append((weight / (1 + len(tokens) / 40), name))
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    return [documents[name][0] for _, name in scored[:MOST]]


def _weight(count: int) -> float:
    """What a word counts that so many documents have; one that none has counts as well: it is not understood."""
    return 1.0 / math.sqrt(1 + count)
