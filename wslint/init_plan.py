"""What `wslint init` proposes for a project that exists: settings, a hook, a step of CI, a baseline.

A file that speaks of wslint already is left as it is, so that a second run proposes nothing. pyproject.toml is edited
with tomlkit: comments and order stay. A hook is put into YAML as text, for the same reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from wslint import system
from wslint.boundary import OUTSIDE, leads_out
from wslint.errors import CheckError
from wslint.record import frozen

BASELINE = "wslint-baseline.json"
HOOKS = ".pre-commit-config.yaml"
WORKFLOW = ".github/workflows/wslint.yml"
REPOSITORY = "https://github.com/wslint/wslint"
_MOST_BYTES = 1024 * 1024
_FILES = r"\.(toml|jsonc?|[cm]?[jt]sx?|rs|py)$"
_CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"


@frozen
class Proposed:
    """One file. `before` is None for a new one."""

    path: Path
    before: bytes | None
    after: bytes


@frozen
class Here:
    """The project: its folder, the commit that this wslint was installed from, the baseline that it wants."""

    folder: Path
    commit: str | None
    baseline: bytes | None

    def text(self, name: str) -> str | None:
        """A file's text; None where there is none."""
        path = self.folder / name
        if not system.is_there(path):
            return None
        refuse_outside(path, self.folder)
        data = system.read(path, _MOST_BYTES)
        if isinstance(data, str):
            raise CheckError(f"{name} {data}")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise CheckError(f"{name} is no UTF-8") from None

    @property
    def has_baseline(self) -> bool:
        return self.baseline is not None or system.is_there(self.folder / BASELINE)

    def new(self, name: str, text: str) -> Proposed:
        return Proposed(self.folder / name, None, text.encode())

    def changed(self, name: str, before: str, after: str) -> Proposed:
        return Proposed(self.folder / name, before.encode(), after.encode())


def proposals(here: Here) -> Iterator[Proposed]:
    """What is missing."""
    yield from _settings(here)
    yield from _hook(here)
    yield from _step(here)
    if here.baseline is not None and not system.is_there(here.folder / BASELINE):
        yield Proposed(here.folder / BASELINE, None, here.baseline)


def refuse_outside(path: Path, folder: Path) -> None:
    """Raises CheckError for a link that leads out of the project."""
    if leads_out(path, [folder.resolve()]):
        raise CheckError(f"{path} {OUTSIDE}")


def installed_commit() -> str | None:
    """The commit of the repository that this wslint was installed from; None for a folder or an archive."""
    from importlib import metadata

    try:
        told = metadata.distribution("wslint").read_text("direct_url.json")
        origin = json.loads(told) if told else {}
    except (metadata.PackageNotFoundError, ValueError):
        return None
    commit = origin.get("vcs_info", {}).get("commit_id") if origin.get("url") == REPOSITORY else None
    return commit if isinstance(commit, str) and re.fullmatch(r"[0-9a-f]{40}", commit) else None


# Settings


def _settings(here: Here) -> Iterator[Proposed]:
    if here.text("wslint.toml") is not None:
        return
    project = here.text("pyproject.toml")
    after = _with_table(project) if project is not None else None
    if project is not None and after is not None:
        if after != project:
            yield here.changed("pyproject.toml", project, after)
    else:
        yield here.new("wslint.toml", 'fail-on = "warning"\nexclude = []\n')


def _with_table(project: str) -> str | None:
    """The text with a table of ours, or as it is where it has one; None where it is written so that none can be
    added, such as `tool` in one line."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(project)
    except (TOMLKitError, RecursionError) as error:
        raise CheckError(f"pyproject.toml is no TOML: {error}") from None
    tool = document.get("tool")
    if isinstance(tool, dict) and "wslint" in tool:
        return project
    own = tomlkit.table()
    own["fail-on"] = "warning"
    own["exclude"] = []
    try:
        if tool is None:
            document["tool"] = tomlkit.table(is_super_table=True)
        document["tool"]["wslint"] = own
        after = tomlkit.dumps(document)
    except (TOMLKitError, ValueError, TypeError):
        return None
    return after if _only_adds(project, after) else None


def _only_adds(before: str, after: str) -> bool:
    """Whether the table is all that is new: read by another parser, and line by line."""
    import tomli

    try:
        wanted, found = tomli.loads(before), tomli.loads(after)
    except ValueError:
        return False
    own = found.get("tool", {}).pop("wslint", None)
    if not found.get("tool") and "tool" not in wanted:
        found.pop("tool", None)
    rest = iter(after.splitlines())
    return bool(own) and found == wanted and all(line in rest for line in before.splitlines())


# The hook


def _hook(here: Here) -> Iterator[Proposed]:
    known = here.text(HOOKS)
    if known is None:
        if system.is_there(here.folder / ".git"):
            yield here.new(HOOKS, "repos:\n" + "".join(_hook_lines(here, "  ")))
        return
    if re.search(r"\bwslint\b", known):
        return
    lines = known.splitlines(keepends=True)
    place = _end_of_repos(lines)
    if place is None:
        return
    at, indent = place
    newline = "\r\n" if known.count("\r\n") else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    added = [line.replace("\n", newline) for line in _hook_lines(here, indent)]
    yield here.changed(HOOKS, known, "".join([*lines[:at], *added, *lines[at:]]))


def _end_of_repos(lines: list[str]) -> tuple[int, str] | None:
    """Behind the last entry of `repos:`, and how far its entries stand in; None where it is written in another way."""
    start = next((at for at, line in enumerate(lines) if re.match(r"repos:\s*(#.*)?$", line)), None)
    if start is None:
        return None
    indent: str | None = None
    end = start + 1
    for at in range(start + 1, len(lines)):
        line = lines[at]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entry = re.match(r"( *)- ", line)
        if indent is None:
            if entry is None:
                return None
            indent = entry[1]
        elif not line.startswith(f"{indent} ") and not (entry and entry[1] == indent):
            break
        end = at + 1
    return (end, indent) if indent is not None else None


def _hook_lines(here: Here, indent: str) -> Iterator[str]:
    words = f"wslint check --baseline {BASELINE}" if here.has_baseline else "wslint check"
    if here.commit is None:
        rows = ["- repo: local", "  hooks:", "    - id: wslint", "      name: wslint", f"      entry: {words}",
                "      language: system", f"      files: {_FILES}", "      require_serial: true"]  # fmt: skip
    else:
        rows = [f"- repo: {REPOSITORY}", f"  rev: {here.commit}", "  hooks:", "    - id: wslint"]
        rows += [f"      args: [--baseline, {BASELINE}]"] if here.has_baseline else []
    yield from (f"{indent}{row}\n" for row in rows)


# The step of CI


def _step(here: Here) -> Iterator[Proposed]:
    """A workflow of its own, where GitHub's are and none speaks of wslint; only pinned by a commit."""
    folder = here.folder / ".github" / "workflows"
    if here.commit is None or not system.is_dir(here.folder / ".github"):
        return
    if system.is_dir(folder):
        names = [name for name in system.names(folder) if name.endswith((".yml", ".yaml"))]
        if any(re.search(r"\bwslint\b", here.text(f".github/workflows/{name}") or "") for name in names):
            return
    arguments = f"\n        with:\n          arguments: --baseline {BASELINE}" if here.has_baseline else ""
    yield here.new(
        WORKFLOW,
        f"""\
name: wslint
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  check:
    name: check
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: {_CHECKOUT}
        with:
          persist-credentials: false
      - uses: wslint/wslint@{here.commit}{arguments}
""",
    )
