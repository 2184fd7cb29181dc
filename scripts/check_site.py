"""The built site loads nothing from elsewhere, and finds its pages: `python scripts/check_site.py FOLDER`."""

from __future__ import annotations

import json
import sys
from html.parser import HTMLParser
from pathlib import Path

_LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src"}


class _Loads(HTMLParser):
    """What a browser fetches by itself; `rel=canonical` and the like are only names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        target = given.get(_LOADS.get(tag, "")) or ""
        if tag == "link" and not set((given.get("rel") or "").split()) & {
            "stylesheet",
            "icon",
            "preload",
            "preconnect",
        }:
            return
        if target.startswith(("http:", "https:", "//")):
            self.found.append(target)


def problems(site: Path) -> list[str]:
    """A line for each thing that is wrong."""
    found: list[str] = []
    pages = sorted(site.rglob("*.html"))
    for page in pages:
        reader = _Loads()
        reader.feed(page.read_text(encoding="utf-8"))
        found += [f"{page.relative_to(site)} loads {target}" for target in reader.found]
    for style in site.rglob("*.css"):
        if "url(http" in style.read_text(encoding="utf-8") or "url(//" in style.read_text(encoding="utf-8"):
            found.append(f"{style.relative_to(site)} loads from elsewhere")
    searched = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    if not any("Unexpected response code" in entry["text"] for entry in searched):
        found.append("the search does not know a browser's words")
    if len(pages) < 200:
        found.append(f"only {len(pages)} pages: the rules are missing")
    if not any("<table>" in line for line in (site / "index.html").read_text(encoding="utf-8").splitlines()):
        found.append("the start page has no table of words")
    return found


def main() -> int:
    found = problems(Path(sys.argv[1]))
    print("\n".join(found) or "the site is whole and loads nothing from elsewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
