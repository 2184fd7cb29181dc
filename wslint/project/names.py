"""Names that are asked for in every run, apart from the build forms, which few runs need."""

from __future__ import annotations

from pathlib import Path

_SUFFIXES = ("ts", "mts", "js", "mjs", "cts", "cjs")

FUNCTIONS = "functions"
"""The folder of Pages' routes."""

ROUTER = "(router).js"
"""The module that stands for the router over them. It exists in memory only."""

APPENDED = "(appended).ts"
"""The module that stands for what a script adds to an output. It exists in memory only, too."""


def configs(*stems: str) -> frozenset[str]:
    """The files that may be `<stem>.config.ts` and the like."""
    return frozenset(f"{stem}.config.{suffix}" for stem in stems for suffix in _SUFFIXES)


NITRO = configs("nitro", "nuxt")
VITE = configs("vite")
SVELTE = configs("svelte")
ASTRO = configs("astro")

INLINE = NITRO | VITE
"""Scripts that may hold the whole configuration of a Worker."""


def is_router(path: Path) -> bool:
    """Whether a module is one that exists in memory only."""
    return path.name == APPENDED or (path.name == ROUTER and path.parent.name == FUNCTIONS)
