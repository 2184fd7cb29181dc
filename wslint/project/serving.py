"""What the static assets do with a path: before the Worker, and when the Worker asks them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from wslint.files import Files
from wslint.globs import wildcard
from wslint.project.handshakes import asset_at, serves_assets, setting, worker_first
from wslint.record import frozen
from wslint.text import Span, lines
from wslint.worker import Worker
from wslint.wrangler.located import Value

HANDLINGS = ("auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none")


@frozen
class Decision:
    """`worker`: the request goes on; `assets`: they answer with `status`; `unknown`: it can't be told."""

    kind: Literal["worker", "assets", "unknown"]
    span: Span | None
    text: str
    status: int | None = None
    note: str = ""
    doubt: str = ""


def before(worker: Worker, path: str) -> Decision | None:
    """What happens to a handshake in front of the Worker; None where there are no assets."""
    assets = worker.config.value("assets")
    if assets is None or assets.kind != "table":
        return None
    span = assets.header or assets.span.head()
    if not serves_assets(worker):
        return Decision(
            "unknown",
            span,
            "these assets are not followed (Pages, a base path or a redirected configuration)",
        )
    if worker.config.main is None:
        answer = served(worker, path)
        return answer or Decision(
            "unknown", span, "there is no Worker, and the assets are not there to look at"
        )
    first = worker_first(worker)
    place = first.value.span.head() if first.value is not None else span
    if not first.known:
        return Decision("unknown", place, "`run_worker_first` is not known")
    excepted = next((rule for rule in first.negative if _matches(rule, path, 1)), None)
    if excepted is None:
        if first.everything:
            return Decision("worker", place, "`run_worker_first`: the Worker comes first")
        rule = next((rule for rule in first.positive if _matches(rule, path, 0)), None)
        if rule is not None:
            return Decision(
                "worker", rule.span, f"`{rule.string}` of `run_worker_first`: the Worker comes first"
            )
        return _asked(worker, path, place, has_list=bool(first.positive or first.negative))
    answer = served(worker, path)
    if answer is None:
        return Decision(
            "unknown",
            excepted.span,
            f"`{excepted.string}` leaves the path to assets that are not there to look at",
        )
    return Decision(answer.kind, excepted.span, f"`{excepted.string}` leaves the path to the assets: {answer.text}",
                    answer.status, answer.note)  # fmt: skip


def _matches(rule: Value, path: str, skip: int) -> bool:
    glob = (rule.string or "")[skip:]
    return wildcard(glob, path)


def _asked(worker: Worker, path: str, place: Span, *, has_list: bool) -> Decision:
    """Neither rule decides: the assets say whether they have something for the path."""
    directory = worker.assets_directory
    if directory is None or directory.kind in ("missing", "unnamed", "file"):
        return Decision("unknown", place, "the assets folder is not there")
    known = directory.kind == "folder" and directory.path is not None
    found = _file(worker, path) if known else None
    if isinstance(found, Decision):
        return found
    handling = setting(worker, "not_found_handling", "none")
    if handling is None:
        return Decision("unknown", place, "`not_found_handling` is not known")
    doubt = "" if known else "which files the assets have, only the build knows"
    page = {"single-page-application": "index.html", "404-page": "404.html"}.get(handling)
    if has_list and page is not None:
        has_page = (
            page in worker.workspace.files.listing(directory.path) if known and directory.path else None
        )
        if has_page or (has_page is None and page == "index.html"):
            status, note = (200, "index.html") if page == "index.html" else (404, "404.html")
            return Decision(
                "assets",
                place,
                f"no rule of `run_worker_first` takes the path: `{note}` answers",
                status,
                note,
                doubt,
            )
        if has_page is None:
            return Decision("unknown", place, "whether there is a 404.html, only the build knows")
    return Decision("worker", place, "no file is at the path: the Worker answers", doubt=doubt)


def _file(worker: Worker, path: str) -> Decision | None:
    """The decision that a file at the path makes; None where there is none."""
    directory, handling = worker.assets_directory, setting(worker, "html_handling", "auto-trailing-slash")
    assert directory is not None and directory.path is not None
    files, folder = worker.workspace.files, directory.path
    place = directory.value.span if directory.value is not None else None
    if handling not in HANDLINGS:
        return Decision("unknown", place, "`html_handling` is not known")
    if "_redirects" in files.listing(folder) and not _is_redirect_free(worker, path):
        return Decision("unknown", place, "`_redirects` may send the path elsewhere")
    is_index = path == "/index.html" and files.is_file(folder / "index.html")
    odd = "%" in path or "//" in path or ".." in path
    if odd or (path.removesuffix("/").endswith((".html", "/index")) and not is_index):
        return Decision("unknown", place, "what the assets have for such a path is not followed")
    slashed = path.endswith("/") and path != "/"
    if slashed and _has_both(path, folder, files):
        return Decision("unknown", place, "two pages are at the path")
    if slashed:
        found = _page_at(path, handling, folder, files)
    elif is_index and handling != "none":
        found = folder / "index.html", "307 to `/`"
    else:
        found = asset_at(path, handling, folder, files)
    if found is None:
        return None
    if ".assetsignore" in files.listing(folder):
        return Decision("unknown", place, "`.assetsignore` may keep the file at the path from being deployed")
    file, answer = found
    status = int(answer[:3])
    read = files.read(file)
    span = Span(read, 0, 0) if read is not None else place
    name = files.name(file)
    text = f"`{name}` answers" if status == 200 else f"`{name}` makes it redirect"
    return Decision("assets", span, text, status, file.name if status == 200 else answer)


def _has_both(path: str, folder: Path, files: Files) -> bool:
    name = path.strip("/")
    return files.is_file(folder / f"{name}.html") and files.is_file(folder / name / "index.html")


def _page_at(path: str, handling: str, folder: Path, files: Files) -> tuple[Path, str] | None:
    """The one page that answers a path with a slash at its end, and how (seen in tests/runtime/tables.py)."""
    name = path.strip("/")
    page, index = folder / f"{name}.html", folder / name / "index.html"
    is_index = files.is_file(index)
    if handling == "none" or not (is_index or files.is_file(page)):
        return None
    stays = handling == "force-trailing-slash" or (handling == "auto-trailing-slash" and is_index)
    return index if is_index else page, "200 with a page" if stays else f"307 to `/{name}`"


def _is_redirect_free(worker: Worker, path: str) -> bool:
    """Whether no rule of `_redirects` begins as the path does."""
    directory = worker.assets_directory
    assert directory is not None and directory.path is not None
    file = worker.workspace.files.read(directory.path / "_redirects")
    if file is None:
        return False
    for line in lines(file.data.decode("utf-8", "replace")):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        fixed = re.split(r"[*:]", words[0])[0]
        if "://" in fixed or path.startswith(fixed):
            return False
    return True


def served(worker: Worker, path: str) -> Decision | None:
    """What `ASSETS.fetch` answers for a path; None where the folder is not there to look at."""
    directory = worker.assets_directory
    if directory is None or directory.kind != "folder" or directory.path is None:
        return None
    found = _file(worker, path)
    if found is not None:
        return found if found.kind == "assets" else None
    handling = setting(worker, "not_found_handling", "none")
    names = worker.workspace.files.listing(directory.path)
    place = directory.value.span if directory.value is not None else None
    if handling == "single-page-application" and "index.html" in names:
        return Decision("assets", place, "no file is at the path: `index.html` answers", 200, "index.html")
    if handling is None:
        return None
    return Decision("assets", place, "no file is at the path", 404)
