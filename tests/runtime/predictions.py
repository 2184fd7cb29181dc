"""`wslint trace` against the real workerd: what was predicted and what a client saw, over the rules' examples.

`python -m tests.runtime.predictions` prints the figures as JSON.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tests.pages import TODAY, read_page, write
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
    return has_code and not foreign and not assets and not packages


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


def figures(rows: Iterable[Row]) -> dict[str, int]:
    """How many of each verdict."""
    counted = Counter(row.verdict for row in rows)
    return {verdict: counted[verdict] for verdict in get_args(Verdict)}


def measure(found: Iterable[tuple[str, dict[str, str]]]) -> list[Row]:
    rows = []
    for name, files in found:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(compare(name, files, Path(folder)))
    return rows


if __name__ == "__main__":
    print(
        json.dumps(
            {
                "examples": figures(measure(projects())),
                "pages": figures(measure(pages())),
                "changed": figures(measure(changed())),
            },
            indent=2,
        )
    )
