"""A suppression that can't work.

## What it does
Finds `wslint:` comments that name no rule, a rule that does not exist, or something else than `ignore`
and `ignore-file`.

## Why it fails
The comment suppresses nothing, while whoever wrote it believes that it does.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01" # wslint: ignore released next month
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2027-07-01" # wslint: ignore[WS103] released next month
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The comment works: `wslint: ignore[WS103] reason`, with a code or a rule's name.

## Source
- The form of suppressions is this tool's own, run on each check.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule, load_rules
from wslint.settings import suggestion
from wslint.suppress import Suppression

RULE = Rule("WS091", "invalid-suppression", Severity.WARNING)


def check(suppression: Suppression) -> Iterator[Outcome]:
    if not suppression.problem:
        return
    near = ""
    if suppression.code is None and suppression.problem.startswith("no rule"):
        rules = load_rules()
        near = suggestion(suppression.text, [*rules, *(loaded.rule.name for loaded in rules.values())])
    yield RULE.finding(suppression.span, f"this comment suppresses nothing: {suppression.problem}{near}")
