"""A `compatibility_date` that is not written YYYY-MM-DD.

## What it does
Finds dates that wrangler or Cloudflare refuses to read: one-digit months, slashes and dots, timestamps,
dashes that are no hyphens, bare TOML dates, months that don't exist.

## Why it fails
wrangler takes whatever JavaScript's `new Date()` can parse; the runtime wants exactly ten characters
and refuses the rest at upload with code 10021. So most of these pass every local check. A TOML date
without quotes and a dash from a word processor stop wrangler itself.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-7-1"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The day does not exist in its month, like 2026-02-30: wrangler and the runtime both let it pass.
- The date is a placeholder.

## Source
- workerd 1.20261117.1, run: `Invalid compatibility date: 2026-7-1`.
- wrangler 4.164.0, run: `deploy --dry-run` exits 0.
- https://developers.cloudflare.com/workers/configuration/compatibility-dates/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.compatibility import DATE
from wslint.finding import Edit, Fix, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.located import Value

RULE = Rule("WS102", "malformed-compatibility-date", Severity.ERROR, fix="safe")

_YEAR_FIRST = regex(
    r"(\d{4})\s*([-/._ \u2010-\u2015\u2212])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?:[T ].*)?", re.ASCII
)
_YEAR_LAST = regex(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
LONG_DASHES = ("\u2013", "\u2014")
"""The en and em dash, which wrangler names in a message of its own."""

_DIGITS = regex(r"(\d{4})(\d\d)(\d\d)", re.ASCII)


def check(worker: Worker) -> Iterator[Outcome]:
    value = worker.config.value("compatibility_date")
    if value is None or value.kind == "null" or value.is_placeholder:  # null: WS101
        return
    if value.string is not None and DATE.fullmatch(value.string):
        return
    date = meaning(value.span.text if value.string is None else value.string)
    yield RULE.finding(value.span, _message(value), help=_advice(value, date), fix=_fix(value, date))


def meaning(text: str) -> str | None:
    """The date that a text means beyond doubt, as YYYY-MM-DD."""
    text = text.strip()
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found[1], found[3], found[4]
    elif found := _DIGITS.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif found := _YEAR_LAST.fullmatch(text):
        year, month, day = found[4], found[1], found[3]
        if int(month) > 12:
            month, day = day, month
        elif int(day) <= 12 and month != day:
            return None  # day or month first: both readings are dates
    else:
        return None
    date = f"{year}-{int(month):02}-{int(day):02}"
    return date if DATE.fullmatch(date) else None


def _message(value: Value) -> str:
    written = value.span.head().text if value.string is None else value.string
    if value.string is None:
        return f"wrangler stops: `{written}` is {value.described}, and wrangler wants a text"
    if any(dash in written for dash in LONG_DASHES):
        return f"wrangler stops: `{written}` has dashes where a date has hyphens"
    if not written:
        return "wrangler stops: `compatibility_date` is empty"
    return f"deploy is refused: `Invalid compatibility date: {written}`"


def _advice(value: Value, date: str | None) -> str:
    if date is not None:
        return f'write "{date}"'
    if value.string is not None and (found := _YEAR_LAST.fullmatch(value.string.strip())):
        first, second = f"{int(found[1]):02}", f"{int(found[3]):02}"
        return f'write "{found[4]}-{first}-{second}" or "{found[4]}-{second}-{first}", whichever was meant'
    return "write the date as YYYY-MM-DD"


def _fix(value: Value, date: str | None) -> Fix | None:
    if date is None:
        return None
    change = Edit(value.span, f'"{date}"') if value.string is None else edit.replace_string(value, date)
    return Fix(f"write {date}", "safe", (change,))
