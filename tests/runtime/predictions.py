"""`wslint trace` against the real workerd: what was predicted and what a client saw, over the rules' examples.

`python -m tests.runtime.predictions [KIND...]` runs everything, or these kinds, and writes the figures to
predictions.json; those of other kinds stay as they are.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tests.pages import TODAY, read_page, write
from tests.runtime import tables
from tests.runtime.conversation import talk
from tests.runtime.differential import GOOD, files_of, mutants
from tests.runtime.examples import Heading, example
from tests.runtime.workerd import DidNotStart, NotServed, serve
from wslint.errors import CheckError
from wslint.rules import load_rules
from wslint.trace import predict

Verdict = Literal[
    "right",
    "wrong",
    "unknown",  # not predicted
    "not served",  # not run: the harness can't serve it, or workerd does not start with it
]

FAMILIES = ("WS4", "WS5", "WS6", "WS7")
PAGES = Path(__file__).parent.parent / "rules"
FIGURES = Path(__file__).parent / "predictions.json"
"""What the last run counted, for pages that quote it."""


@dataclass(frozen=True)
class Row:
    """One project and one address."""

    name: str
    url: str
    predicted: int | None
    certain: bool
    reason: str
    seen: int | None
    verdict: Verdict


def projects() -> Iterator[tuple[str, dict[str, str]]]:
    """The examples that the harness can serve: JavaScript, without packages, without assets in front."""
    for code in load_rules():
        if not code.startswith(FAMILIES):
            continue
        for heading in get_args(Heading):
            files = example(code, heading)
            if is_servable(files):
                yield f"{code} {heading}", files


def pages() -> Iterator[tuple[str, dict[str, str]]]:
    """The projects of the rules' test pages, likewise."""
    for page in sorted(PAGES.glob("WS*.md")):
        if page.name.startswith(FAMILIES):
            for project in read_page(page.read_text(encoding="utf-8")):
                files = {path: text for path, text in project.files.items() if not path.startswith("HEAD:")}
                if is_servable(files):
                    yield f"{page.name[:5]} {project.title}", files


def changed() -> Iterator[tuple[str, dict[str, str]]]:
    """Good projects, each changed in one place in a way that people get wrong."""
    for path in sorted(GOOD.iterdir()):
        if not path.is_file():
            continue
        files = files_of(path.name)
        if is_servable(files):
            for mutant in mutants(files):
                yield f"{path.name} {mutant.what}", files | {mutant.path: mutant.text}


def is_servable(files: dict[str, str]) -> bool:
    has_code = any(path.endswith((".js", ".ts", ".mjs")) for path in files)
    foreign = any(path.endswith((".rs", ".py")) for path in files)
    assets = any("assets" in text for path, text in files.items() if "wrangler" in path)
    packages = any(
        word in text for text in files.values() for word in ('"hono', '"itty-router', '"partyserver')
    )
    # Only Cloudflare has `cf` and jurisdictions: workerd alone does not.
    of_cloudflare = any(word in text for text in files.values() for word in (".cf.", ".jurisdiction("))
    return has_code and not foreign and not assets and not packages and not of_cloudflare


def compare(name: str, files: dict[str, str], folder: Path) -> Row:
    """Predict and run one project."""
    write(files, folder)
    try:
        url = predict.suggested(folder, TODAY)
        predicted = predict.predict(folder, url, today=TODAY)
    except CheckError as error:
        return Row(name, "", None, False, str(error), None, "not served")
    seen: int | None = None
    verdict: Verdict
    try:
        with serve(folder) as server:
            observed = talk(server.ws + url, [], patience=0.3, close=False)
    except (NotServed, DidNotStart, AssertionError):
        verdict = "not served"
    else:
        # A client refuses a 101 that names none of the subprotocols that it asked for: it was one all the same.
        seen = observed.status or (101 if "subprotocol" in observed.failure else None)
        if predicted.status is None:
            verdict = "unknown"
        else:
            verdict = "right" if predicted.status == seen else "wrong"
    return Row(name, url, predicted.status, predicted.certain, predicted.reason, seen, verdict)


def figures(rows: Iterable[Row | tables.Row]) -> dict[str, int]:
    """How many of each verdict; "either" only where it occurs."""
    counted: Counter[str] = Counter(row.verdict for row in rows)
    either = {"either": counted["either"]} if counted["either"] else {}
    return {verdict: counted[verdict] for verdict in get_args(Verdict)} | either


def measure(found: Iterable[tuple[str, dict[str, str]]]) -> list[Row]:
    rows = []
    for name, files in found:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(compare(name, files, Path(folder)))
    return rows


KINDS: dict[str, Callable[[], Iterable[Row | tables.Row]]] = {
    "examples": lambda: measure(projects()),
    "pages": lambda: measure(pages()),
    "changed": lambda: measure(changed()),
    "assets": tables.assets,
    "scaffolds": tables.scaffolds,
}


def main() -> None:
    """Run the kinds asked for (all by default), and write their figures down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}")
    asked: list[str] = parser.parse_args().kinds or list(KINDS)
    unheard = [kind for kind in asked if kind not in KINDS]
    if unheard:
        parser.error(f"there is no kind {', '.join(unheard)}")
    rows = {kind: list(KINDS[kind]()) for kind in asked}
    text = merged(FIGURES.read_text(encoding="utf-8"), {kind: figures(each) for kind, each in rows.items()})
    FIGURES.write_text(text, encoding="utf-8")
    print(text, end="")
    for each in rows.values():
        for row in each:
            if row.verdict == "wrong":
                print(row)


def merged(recorded: str, counted: dict[str, dict[str, int]]) -> str:
    """The recorded figures with those just counted in place of their kinds'."""
    known: dict[str, dict[str, int]] = json.loads(recorded)
    return (
        json.dumps({kind: (known | counted)[kind] for kind in KINDS if kind in known | counted}, indent=2)
        + "\n"
    )


if __name__ == "__main__":
    main()
