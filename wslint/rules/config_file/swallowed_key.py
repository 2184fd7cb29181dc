"""A setting swallowed by the table above it.

## What it does
Finds settings of the Worker that stand in a table which does not have them: in TOML below a header such
as `[[migrations]]`, to which every later line belongs, in JSON one brace too deep. Below `[vars]` the
setting becomes a variable.

## Why it fails
wrangler prints a warning at most and ignores the setting, so flags are off, bindings and migrations are
not there, and the deployment succeeds all the same.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[vars]
GREETING = "hello"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO", script_name = "rooms" }]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO", script_name = "rooms" }]

[vars]
GREETING = "hello"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The setting is at its right place too: then the other is only superfluous (WS004).
- The value has another shape than the setting's, or a variable merely has a short name such as `routes`.

## Source
- wrangler 4.164.0, run: `compatibility_flags` below `[[migrations]]` gives a warning, exit code 0 and no
  flag; `durable_objects.bindings` below `[vars]` gives nothing at all.
- https://toml.io/en/v1.0.0#table
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Label, Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.config import ConfigDocument
from wslint.wrangler.schema import Path
from wslint.wrangler.unknown_keys import JudgedKey

RULE = Rule("WS005", "swallowed-key", Severity.ERROR, fix="unsafe", needs=("unknown-keys",))


def check(worker: Worker) -> Iterator[Outcome]:
    note = environments_note(worker)
    for judged in worker.config.unknown_keys:
        if judged.verdict != "swallowed":
            continue
        table, header = judged.table_text, judged.entry.after_header
        effect = "makes a variable of" if table == "vars" else "ignores"
        home = "the top level" if worker.config.environment is None else worker.config.label
        how = "the header above takes it in" if header is not None else "it is nested there"
        labels = (Label(header, "every line below belongs to this table"),) if header is not None else ()
        yield RULE.finding(
            judged.entry.key_span,
            f"wrangler {effect} `{judged.key}` in `{table}`{note}: {how}, its place is {home}",
            labels=labels,
            fix=_fix(worker, judged),
        )


def _fix(worker: Worker, judged: JudgedKey) -> Fix | None:
    document, path = worker.document, judged.problem.path
    if (
        document.format != "toml"
        or worker.config.environment is not None
        or judged.entry.after_header is None
    ):
        return None
    return Fix("move it to the top level", "unsafe", lambda: _moved(document, path))


def _moved(document: ConfigDocument, path: Path) -> tuple[Edit, ...]:
    """The move, or nothing when the text does not come to mean just that."""
    import tomli

    from wslint.fix import spliced

    edits = edit.move_to_root(document, path)
    wanted = tomli.loads(document.file.data.decode("utf-8-sig"))
    table: dict[str, object] = wanted
    for step in path[:-1]:
        table = table[step]  # type: ignore[assignment,index]
    wanted[str(path[-1])] = table.pop(str(path[-1]))
    try:
        return edits if tomli.loads(spliced(document.file.data, edits).decode("utf-8-sig")) == wanted else ()
    except tomli.TOMLDecodeError:
        return ()
