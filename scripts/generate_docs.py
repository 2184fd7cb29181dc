"""Write the rules' table, docs/rules/*.md, docs/rules.md, docs/coverage.md, docs/evidence.md
and what of the guide is generated; `--check` only compares.

Usage: python scripts/generate_docs.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

from evidence_page import evidence_page  # beside this script
from guide_pages import guide_pages

from wslint.rules import load_rules, modules
from wslint.rules.pages import page

DOCS = Path(__file__).parent.parent / "docs"
TABLE = DOCS.parent / "wslint" / "rules" / "table.py"
CATALOGUE = Path(__file__).parent / "catalogue.tsv"

MOST_FIRST = 5
"""Rules that the line of some words names."""

MOST_CAUSES = 12
"""Causes of a symptom that its line in docs/symptoms.md names: a hidden exception has some sixty."""

FAMILIES = {
    "WS0": "Configuration file",
    "WS1": "Compatibility date and flags",
    "WS2": "Bindings and exports",
    "WS3": "Lifecycle",
    "WS4": "Handshake",
    "WS5": "Handlers and socket life",
    "WS6": "State and hibernation",
    "WS7": "Routes, assets, clients",
    "WS8": "Rust and wasm",
    "WS9": "Python",
}


def wanted() -> dict[Path, str]:
    """Every generated page with its text."""
    pages = {
        DOCS / "rules" / f"{loaded.rule.code}-{loaded.rule.name}.md": page(loaded)
        for loaded in load_rules().values()
    }
    pages[DOCS / "rules.md"] = index()
    pages[DOCS / "coverage.md"] = coverage()
    pages[DOCS / "symptoms.md"] = symptom_table()
    pages[DOCS / "evidence.md"] = evidence_page()
    return {**pages, **guide_pages()}


def index() -> str:
    """The table of all rules, by family."""
    lines = ["# Rules", "", "Generated from the rules by `scripts/generate_docs.py`.", ""]
    for prefix, title in FAMILIES.items():
        family = [loaded for code, loaded in load_rules().items() if code.startswith(prefix)]
        if not family:
            continue
        lines += [
            f"## {prefix}: {title}",
            "",
            "| code | name | severity | fix | what it finds |",
            "| --- | --- | --- | --- | --- |",
        ]
        for loaded in family:
            rule = loaded.rule
            link = f"[{rule.code}](rules/{rule.code}-{rule.name}.md)"
            summary = loaded.summary.replace("|", "\\|")
            lines.append(f"| {link} | {rule.name} | {rule.severity.label} | {rule.fix or ''} | {summary} |")
        lines.append("")
    return "\n".join(lines)


def coverage() -> str:
    """The failure catalogue: each entry with its rules and their languages, or the reason why it has none.

    Raises KeyError for a rule that names an entry which is not in the catalogue.
    """
    rows = [line.split("\t") for line in CATALOGUE.read_text(encoding="utf-8").splitlines()[1:]]
    caught: dict[str, list[str]] = {entry: [] for entry, _, _ in rows}
    for loaded in load_rules().values():
        rule = loaded.rule
        for cause in rule.causes:
            languages = ", ".join(rule.languages)
            caught[cause].append(f"[{rule.code}](rules/{rule.code}-{rule.name}.md) ({languages})")
    lines = [
        "# Coverage of the failure catalogue",
        "",
        "Generated from the rules by `scripts/generate_docs.py`.",
        "",
        f"{sum(map(bool, caught.values()))} of {len(rows)} known causes have a rule.",
        "",
        "| cause | what goes wrong | rule (languages), or why there is none |",
        "| --- | --- | --- |",
    ]
    for entry, text, reason in rows:
        lines.append(f"| {entry} | {text} | {'; '.join(caught[entry]) or reason or 'not yet'} |")
    return "\n".join(lines) + "\n"


def symptom_table() -> str:
    """What `wslint probe` makes of an answer: each symptom with its causes and their rules."""
    from wslint.probe.symptoms import rules_by_cause, symptoms

    names = {code: loaded.rule.name for code, loaded in load_rules().items()}
    lines = [
        "# Symptoms",
        "",
        "Generated from `wslint/data/words.toml` and `wslint/data/symptoms.toml` by `scripts/generate_docs.py`.",
        "",
        "## By what the client or the tool says",
        "",
        "Give the words themselves to `wslint explain`: it knows them by parts, finds the address in them, and in a project's",
        "folder says which of its findings fit.",
        "",
        *words_table(names),
        "",
        "## By the answer",
        "",
        "What [`wslint probe`](probe.md) says of an answer, and the causes that it names, the likeliest first. The causes' ids",
        "are those of the [catalogue](coverage.md).",
        "",
        "| symptom | what it means | causes | rules |",
        "| --- | --- | --- | --- |",
    ]
    for symptom in symptoms().values():
        causes = symptom.causes[:MOST_CAUSES]
        more = f" and {len(symptom.causes) - MOST_CAUSES} more" if len(symptom.causes) > MOST_CAUSES else ""
        found = dict.fromkeys(code for cause in causes for code in rules_by_cause().get(cause, ()))
        links = ", ".join(f"[{code}](rules/{code}-{names[code]}.md)" for code in found)
        cells = (symptom.title, symptom.meaning, ", ".join(causes) + more, links)
        text = " | ".join(cell.replace("|", "\\|") for cell in cells)
        lines.append(f"| {text} |")
    return "\n".join(lines) + "\n"


def words_table(names: dict[str, str]) -> list[str]:
    """What browsers, clients, tools and the API say, and the rules that it leads to first."""
    from wslint.explain.command import rules_of
    from wslint.explain.match import of_row
    from wslint.explain.table import table

    lines = ["| who | says | what it means | to tell apart | first |", "| --- | --- | --- | --- | --- |"]
    for row in table().values():
        said = f"code {row.said}" if row.close else f"`{row.said.replace('`', '')}`"
        reading = of_row(row, row.search(row.said))
        first = ", ".join(
            f"[{code}](rules/{code}-{names[code]}.md)" for code in rules_of(reading)[:MOST_FIRST]
        )
        cells = (", ".join(row.who), said, row.means, reading.ask, first)
        text = " | ".join(cell.replace("|", "\\|") for cell in cells)
        lines.append(f"| {text} |")
    return lines


def main(arguments: list[str]) -> int:
    """Write or compare; 1 when something is stale."""
    table, written = TABLE.read_text(encoding="utf-8") if TABLE.is_file() else "", modules.table()
    if table != written and "--check" not in arguments:
        TABLE.write_text(written, encoding="utf-8")  # before the pages, which are made of it
    pages = wanted()
    existing = {*(DOCS / "rules").glob("*.md")}
    stale = [
        path for path, text in pages.items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    if table != written:
        stale.append(TABLE)
    orphans = sorted(existing - set(pages))
    if "--check" in arguments:
        for path in [*stale, *orphans]:
            print(
                f"stale: {path.relative_to(DOCS.parent)}; run python scripts/generate_docs.py",
                file=sys.stderr,
            )
        return 1 if stale or orphans else 0
    for path in (each for each in stale if each in pages):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages[path], encoding="utf-8")
    for path in orphans:
        path.unlink()
    print(f"{len(stale)} written, {len(orphans)} removed, {len(pages)} in all")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
