"""Renaming an unknown key everywhere it is written, which in TOML may be many headers."""

from __future__ import annotations

from wslint.finding import Applicability, Fix
from wslint.wrangler.config import WorkerConfig
from wslint.wrangler.edit import rename_everywhere
from wslint.wrangler.unknown_keys import JudgedKey


def rename(config: WorkerConfig, judged: JudgedKey) -> Fix | None:
    """A fix that gives an unknown key its right name; None where it is written in a way that can't be
    edited. A step that comes to life in a migration may come too late, or end a class: that is not safe."""
    if judged.near is None:
        return None
    section = () if config.environment is None else ("env", config.environment)
    edits = rename_everywhere(config.document, (*section, *judged.problem.path), judged.near)
    applicability: Applicability = "unsafe" if judged.problem.path[0] == "migrations" else "safe"
    return Fix(f"rename it to `{judged.near}`", applicability, edits) if edits else None
