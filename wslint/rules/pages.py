"""Rules as text: the page of one, the list of all. Docstrings are the only source."""

from __future__ import annotations

from wslint.rules import LoadedRule, load_rules

_LANGUAGES = {
    "config": "wrangler configuration",
    "javascript": "JavaScript and TypeScript",
    "rust": "Rust",
    "python": "Python",
}


def page(loaded: LoadedRule) -> str:
    """A rule's page in Markdown: `wslint explain`, docs/rules and SARIF help."""
    rule = loaded.rule
    summary, _, rest = loaded.docstring.strip().partition("\n")
    facts = [f"severity **{rule.severity.label}**", f"confidence {rule.confidence}"]
    facts.append("reads " + ", ".join(_LANGUAGES[language] for language in rule.languages))
    if rule.fix:
        facts.append(f"{rule.fix} fix")
    if rule.causes:
        facts.append("catalogue " + ", ".join(rule.causes))
    return f"# {rule.code} {rule.name}\n\n{summary}\n\n{' · '.join(facts)}\n\n{rest.strip()}\n"


def listing() -> str:
    """One line a rule."""
    rows = [
        f"{rule.code}  {rule.severity.label:<7}  {rule.name:<{_widest()}}  {loaded.summary}"
        for loaded in load_rules().values()
        for rule in (loaded.rule,)
    ]
    return "\n".join(rows) + "\n"


def _widest() -> int:
    return max((len(loaded.rule.name) for loaded in load_rules().values()), default=0)


def listing_json() -> str:
    """The contract of `wslint rules --output-format json`."""
    import json

    rules = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity.label,
            "confidence": rule.confidence,
            "summary": loaded.summary,
            "languages": list(rule.languages),
            "causes": list(rule.causes),
            "fix": rule.fix,
            "url": rule.url,
        }
        for loaded in load_rules().values()
        for rule in (loaded.rule,)
    ]
    return json.dumps({"version": 1, "rules": rules}, indent=2, ensure_ascii=False) + "\n"
