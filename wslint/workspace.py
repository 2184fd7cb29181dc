"""From paths to Workers: finding configurations, choosing among them as wrangler does, reading source.

wrangler looks for `wrangler.json` in the folder and every folder above it before it tries
`wrangler.jsonc`, and that before `wrangler.toml` (run on 4.164): a `wrangler.json` far up hides a
`wrangler.toml` right here, without a word.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from wslint import system
from wslint.boundary import OUTSIDE, boundary_of
from wslint.errors import CheckError
from wslint.files import Files
from wslint.globs import Ignore
from wslint.project import configurations
from wslint.project.entrypoint import OUTPUT_FOLDERS, built_from, find_entrypoint
from wslint.project.names import INLINE
from wslint.project.read import read_source
from wslint.record import field, frozen, record, replace
from wslint.regex import regex
from wslint.source.facts import SourceFacts, Unknown
from wslint.text import Span
from wslint.worker import Entrypoint, Reading, Shadowed, Unreadable, Worker, Workspace
from wslint.wrangler.config import STANDARD_NAMES, ConfigDocument, WorkerConfig
from wslint.wrangler.located import ParseError
from wslint.wrangler.placeholders import stops_parsing
from wslint.wrangler.redirect import find_redirect
from wslint.wrangler.undeployed import Search

CONFIG_NAMES = STANDARD_NAMES

_OTHER_CONFIG = regex(r"wrangler[.\-_](?P<label>[\w.\-]+?)\.(?:toml|jsonc?)")
_TEMPLATE_LABELS = frozenset({"example", "sample", "template", "tpl", "dist"})
_TEMPLATE_FILE = regex(
    r"wrangler[\w.\-]*\.(?:toml|jsonc?)\.(?:tpl|tmpl|template|example|sample|dist|in|j2|hbs|ejs)"
)
_TELLING_KEYS = (b"compatibility_date", b"durable_objects", b"pages_build_output_dir", b"kv_namespaces")
_NOT_READ = ("cloudflare.config.ts", "cloudflare.config.mts", "cloudflare.config.js")

MAX_CONFIG_BYTES = 1024 * 1024
"""No configuration that a person or a build wrote is as large, and every value of one costs memory."""

MAX_IGNORE_BYTES = 512 * 1024
MOST_PATTERNS = 5_000
"""Nobody writes a longer .gitignore, or more patterns that hold in one folder: each path is held against each."""

SKIPPED_FOLDERS = frozenset(
    {"node_modules", "dist", "target", "venv", "__pycache__", "python_modules", "worktrees", ".worktrees"}
    | {
        ".git",
        ".hg",
        ".svn",
        ".wrangler",
        ".open-next",
        ".svelte-kit",
        ".output",
        ".next",
        ".vercel",
        ".turbo",
    }
    | {".venv", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
"""Never walked into: dependencies, build output, other tools' state, further checkouts of the same repository."""


@record
class Found:
    """What discovery saw: configurations to check, and what it passed over with the reason."""

    configs: list[Path] = field(default_factory=list)
    shadowed: list[tuple[Path, Path]] = field(default_factory=list)
    skipped: list[tuple[Path, str]] = field(default_factory=list)
    named: list[Path] = field(default_factory=list)
    """Files of any name that a build tool is given as configurations."""
    undeployed: list[tuple[Path, str]] = field(default_factory=list)
    tops: tuple[Path, ...] = ()
    """The given folders."""

    def leave_out_undeployed(self, files: Files) -> None:
        """Take the configurations that nobody deploys out of those to check."""
        search = Search(files, self.tops)
        found = [(path, search.why(path)) for path in self.configs]
        self.undeployed = [(path, why) for path, why in found if why]
        self.configs = [path for path, why in found if not why]


@frozen
class Exclude:
    """The settings' gitignore patterns, and the folder they are relative to."""

    patterns: tuple[str, ...]
    base: Path


def discover(
    paths: Iterable[Path], files: Files, exclude: tuple[str, ...] = (), exclude_base: Path | None = None
) -> Found:
    """Find the configurations under the given paths.

    A folder is walked (git-ignored folders and `SKIPPED_FOLDERS` are not); a file that is a
    configuration is taken whatever its name; another file stands for the Workers that own it.
    The `exclude` patterns are relative to `exclude_base`, or to the current folder.
    Raises CheckError when a path does not exist, or a given folder holds no configuration.
    """
    paths = list(paths)
    files.bound(boundary_of(paths))
    found = Found()
    excluded = Exclude(exclude, exclude_base or files.base)
    sources: list[Path] = []
    for path in paths:
        absolute = Path(os.path.abspath(path))
        kind = files.kind(absolute)
        if kind == "missing":
            raise CheckError(f"{path} does not exist")
        if kind == "outside" and system.is_dir(absolute):
            raise CheckError(f"{path} {OUTSIDE}")
        if kind == "dir":
            before = len(found.configs) + len(found.shadowed)
            found.tops = (*found.tops, system.resolved(absolute))
            for folder, names in _walk(system.resolved(absolute), files, excluded, found):
                _take_folder(folder, names, files, found)
            ignored = Ignored(system.resolved(absolute), files, excluded)
            found.configs += [each for each in found.named if not ignored.excluded(each)]
            if len(found.configs) + len(found.shadowed) == before:
                raise CheckError(_nothing_under(path, found, files))
        elif is_config_name(absolute.name) or (
            absolute.suffix in (".toml", ".json", ".jsonc") and _looks_like_config(absolute, files)
        ):
            # A linked configuration is read where the link stands, as wrangler does.
            found.configs.append(system.resolved(absolute.parent) / absolute.name)
        elif absolute.suffix in (".yaml", ".yml", ".json5") and absolute.stem.startswith("wrangler"):
            raise CheckError(
                f"{path}: wrangler reads .toml, .json and .jsonc only; it takes this file for an empty configuration"
            )
        else:
            sources.append(system.resolved(absolute))
    for config in owners(sources, files, excluded):
        found.configs.append(config)
    found.configs = list(dict.fromkeys(found.configs))
    return found


def is_config_name(name: str) -> bool:
    """Whether wrangler, or `wrangler -c`, is meant to read a file of this name."""
    match = _OTHER_CONFIG.fullmatch(name)
    return name in CONFIG_NAMES or (match is not None and not _is_template(match["label"]))


def _is_template(label: str) -> bool:
    return not _TEMPLATE_LABELS.isdisjoint(re.split(r"[.\-_]", label))


def _looks_like_config(path: Path, files: Files) -> bool:
    """Whether a TOML or JSON file of another name is a wrangler configuration (`wrangler -c FILE`).

    A pre-commit run names every changed file, so the suffix alone is no sign.
    """
    file = files.read(path)
    return file is not None and any(key in file.data for key in _TELLING_KEYS)


def _nothing_under(path: Path, found: Found, files: Files) -> str:
    for skipped, why in found.skipped:
        if skipped.name == ".gitignore":
            continue
        return f"no configuration to check under {path}: {files.name(skipped)} is not checked ({why})"
    hint = ""
    for folder in Path(os.path.abspath(path)).parents:
        names = [name for name in CONFIG_NAMES if system.is_file(folder / name)]
        if names:
            hint = f"; {files.name(folder / names[0])} is above it"
        if names or is_repository(folder):
            break
    return f"no wrangler.toml, wrangler.json or wrangler.jsonc under {path}{hint}"


def _take_folder(folder: Path, names: frozenset[str], files: Files, found: Found) -> None:
    """Sort the configurations of one folder into checked, shadowed and skipped."""
    standard = [name for name in CONFIG_NAMES if name in names and _may_be_read(folder / name, files)]
    inline = configurations.inline_config(folder, files) if not standard else None
    if inline is not None:
        found.configs.append(inline)
    found.named += configurations.named_configs(folder, files)
    if standard:
        found.configs.append(folder / standard[0])
        found.shadowed.extend((folder / name, folder / standard[0]) for name in standard[1:])
    for name in sorted(names):
        if not name.startswith(("wrangler", "cloudflare.config.")) or name in CONFIG_NAMES:
            continue
        path = folder / name
        if name in _NOT_READ:
            found.skipped.append((path, "programmatic configuration: wslint does not read it yet"))
        elif is_config_name(name):
            if _may_be_read(path, files):
                found.configs.append(path)
        elif _TEMPLATE_FILE.fullmatch(name) or _OTHER_CONFIG.fullmatch(name):
            found.skipped.append((path, "a template or an example by its name"))


def _may_be_read(path: Path, files: Files) -> bool:
    """Whether this is a configuration, or a link to one outside, which is told of and not read."""
    return files.kind(path) in ("file", "outside")


def _walk(
    top: Path, files: Files, exclude: Exclude, found: Found | None = None
) -> Iterator[tuple[Path, frozenset[str]]]:
    """Folders below `top` with the names in them; symbolic links are not followed. `found` is told which
    .gitignore files were not read."""
    ignored = Ignored(top, files, exclude)
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        files.go_on()
        rows = files.entries(folder)
        names = frozenset(name for name, _ in rows)
        if ".gitignore" in names:
            ignored.add(folder)
        candidates = frozenset(
            name
            for name, is_folder in rows
            if not is_folder
            and (name.startswith(("wrangler", "cloudflare.config.")) or name in INLINE)
            and (folder == top or not ignored(folder / name, False))
            and not ignored.excluded(folder / name)
        )
        if candidates:
            yield folder, candidates
        below = [name for name, is_folder in rows if is_folder and name not in SKIPPED_FOLDERS]
        waiting.extend(
            folder / name for name in sorted(below, reverse=True) if not ignored(folder / name, True)
        )
    if found is not None:
        found.skipped += [(path, f"it {why}: its patterns are not known") for path, why in ignored.unread]


class Ignored:
    """The .gitignore files from the repository's top down, and the settings' `exclude` patterns."""

    def __init__(self, top: Path, files: Files, exclude: Exclude | None = None) -> None:
        self._specs: dict[str, Ignore] = {}
        self._exclude: Ignore | None = None
        self.unread: list[tuple[Path, str]] = []
        """The .gitignore files whose patterns are not known, with the reason."""
        self._base = ""
        self._files = files
        if exclude is not None and exclude.patterns:
            self._base = os.fspath(exclude.base) + os.sep
            self._exclude = Ignore(exclude.patterns)
        above = [top, *top.parents]
        repository = next((index for index, folder in enumerate(above) if is_repository(folder)), 0)
        for folder in reversed(above[1 : repository + 1]):
            if files.has(folder, ".gitignore"):
                self.add(folder)

    def add(self, folder: Path) -> None:
        path = folder / ".gitignore"
        if not self._files.is_file(path):
            return  # a pipe would be waited for
        data = system.read(path, MAX_IGNORE_BYTES)
        if isinstance(data, str):
            self.unread.append((path, data))
            return
        lines = [
            line for line in data.decode("utf-8", "replace").split("\n") if line.strip() and line[0] != "#"
        ]
        above = sum(len(each) for _, each in self._of(os.fspath(folder)))
        if above + len(lines) > MOST_PATTERNS:
            self.unread.append((path, f"brings more than {MOST_PATTERNS:,} patterns"))
            return
        self._specs[os.path.join(os.fspath(folder), "")] = Ignore(lines)

    def _of(self, path: str) -> Iterator[tuple[str, Ignore]]:
        """The patterns that speak of a path, nearest first, with their folders."""
        end = len(path)
        while self._specs and (end := path.rfind(os.sep, 0, end)) != -1:
            spec = self._specs.get(path[: end + 1])
            if spec is not None:
                yield path[: end + 1], spec

    def excluded(self, path: Path, is_folder: bool = False) -> bool:
        if self._exclude is None:
            return False
        text = os.fspath(path)
        relative = text[len(self._base) :] if text.startswith(self._base) else text
        return self._exclude.verdict(relative.replace(os.sep, "/"), is_folder) is True

    def __call__(self, path: Path, is_folder: bool) -> bool:
        if self.excluded(path, is_folder):
            return True
        text = os.fspath(path)
        for folder, spec in self._of(text):
            verdict = spec.verdict(text[len(folder) :].replace(os.sep, "/"), is_folder)
            if verdict is not None:
                return verdict
        return False


def is_repository(folder: Path) -> bool:
    """Whether a folder is the top of a git repository; nothing is opened for the answer."""
    return system.is_there(folder / ".git")


def owners(sources: list[Path], files: Files, exclude: Exclude) -> list[Path]:
    """The configurations of the Workers that a changed source file belongs to.

    These are the nearest configurations above the file, and those in the same repository whose
    module graph reaches it. Empty when it belongs to none.
    """
    if not sources:
        return []
    from wslint.reach import Reach

    chosen: list[Path] = []
    tops: dict[Path, list[Path]] = {}
    for source in sources:
        for folder in source.parents:
            names = [name for name in files.listing(folder) if is_config_name(name)]
            if names or configurations.inline_config(folder, files) is not None:
                nearest = Found()
                _take_folder(folder, frozenset(names), files, nearest)
                chosen.extend(nearest.configs)
                break
        top = next(filter(is_repository, source.parents), None)
        if top is not None:
            tops.setdefault(top, []).append(source)
    for top, inside in tops.items():
        everything = Found()
        for folder, names_here in _walk(top, files, exclude):
            _take_folder(folder, names_here, files, everything)
        wanted = set(inside)
        reach = Reach(top, files)
        for config in everything.configs:
            if config in chosen or reach.rules_out(config, wanted):
                continue
            if wanted & _reached(config, files):
                chosen.append(config)
    return chosen


def _reached(config: Path, files: Files) -> set[Path]:
    if not files.is_file(config):
        return set()
    workspace = load([config], files, date.fromisoformat(system.today()))
    return {file.path for worker in workspace.workers if worker.source for file in worker.source.files}


def load(configs: Iterable[Path], files: Files, today: date) -> Workspace:
    """Parse the configurations. The source that a Worker's entrypoint reaches is read when it is first asked for."""
    workspace = Workspace(files, today)
    files.built_from = lambda path: built_from(path, files)
    for path in configs:
        file = files.read(path)
        if file is None and files.kind(path) == "outside":
            workspace.skipped.append((files.name(path), f"it {OUTSIDE}"))
            continue
        if file is None:
            raise CheckError(f"{files.name(path)} {files.problem(path)}")
        if len(file.data) > MAX_CONFIG_BYTES:
            raise CheckError(f"{file.name} is larger than {MAX_CONFIG_BYTES // (1024 * 1024)} MiB")
        try:
            document = configurations.load(file, files)
        except ParseError as error:
            if stops_parsing(error.span):
                workspace.skipped.append((file.name, "a template: it holds placeholders and does not parse"))
            else:
                workspace.unreadable.append(Unreadable(file, error.span, error.message))
            continue
        workspace.documents.append(document)
        _follow_redirect(document, files)
        _add_workers(workspace, document)
    if workspace.skipped and not (workspace.documents or workspace.unreadable):
        name, why = workspace.skipped[0]
        if why == f"it {OUTSIDE}":
            raise CheckError(f"{name} {OUTSIDE}")
    return workspace


def _follow_redirect(document: ConfigDocument, files: Files) -> None:
    """Find the deploy configuration that takes a configuration's place; `wrangler -c` knows none."""
    if document.file.path.name in CONFIG_NAMES:
        document.redirect = find_redirect(document, files)


def redirected(document: ConfigDocument, files: Files) -> Iterator[Unknown]:
    """What is not checked of a configuration since another one is deployed."""
    redirect = document.redirect
    if redirect is None or redirect.made_from_it:
        return
    if redirect.state in ("valid", "outside") and redirect.target is not None:
        why = f"`{files.name(redirect.file.path)}` makes wrangler deploy `{files.name(redirect.target)}`"
        if redirect.state == "outside":
            why += f", which {OUTSIDE}"
        yield Unknown(first_line(document), "what is deployed in place of this file", why)


class _Reader:
    """Reads what the entrypoints of one configuration's environments lead to, each once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._read: dict[tuple[object, ...], tuple[Entrypoint, SourceFacts | None]] = {}

    def __call__(self, config: WorkerConfig) -> Reading:
        files = self._workspace.files
        found = find_entrypoint(config, files)
        key = (found.kind, found.path, found.names)
        if key not in self._read:
            _, facts = self._read[key] = read_source(found, config, files)
            self._workspace.held += sum(len(file.data) for file in facts.files) if facts is not None else 0
        settled, facts = self._read[key]
        return Reading(found, replace(settled, value=found.value), facts)

    def forget(self) -> None:
        self._read.clear()


def _add_workers(workspace: Workspace, document: ConfigDocument) -> None:
    """One Worker an environment."""
    reader = _Reader(workspace)
    workspace.readers.append(reader)
    workspace.workers += [Worker(config, workspace, reader) for config in document.environments]


def failed(worker: Worker) -> str:
    """Why an entrypoint could not be read: a run that has one has not checked what it was to check. Empty for none."""
    has_failed = worker.source is None and worker.reading.found.kind == "source"
    return worker.entrypoint.why.replace("`", "") if has_failed and not _is_output(worker.config) else ""


def unread(worker: Worker) -> Iterator[Unknown]:
    """What is not known of a Worker whose source was not read."""
    if worker.source is None and worker.entrypoint.kind not in ("none", "missing", "folder"):
        yield _unread(worker.config, worker.entrypoint)


def _is_output(config: WorkerConfig) -> bool:
    """Whether `main` lies where builds write to: such a file may be of any size."""
    text = config.main.string if config.main is not None else None
    return text is not None and not OUTPUT_FOLDERS.isdisjoint(Path(text).parts[:-1])


def _unread(config: WorkerConfig, entrypoint: Entrypoint) -> Unknown:
    span = entrypoint.value.span if entrypoint.value else config.section_span
    return Unknown(span, "what the source exports and does", entrypoint.why)


def add_shadowed(workspace: Workspace, found: Found, files: Files) -> None:
    """Note the configurations that wrangler does not read because another one comes first."""
    pairs = dict(found.shadowed)
    for document in workspace.documents:
        name = document.file.path.name
        if name in CONFIG_NAMES and document.file.path not in pairs:
            stronger = _above(document.folder, CONFIG_NAMES[: CONFIG_NAMES.index(name)], files)
            if stronger is not None:
                pairs[document.file.path] = stronger
    for path, by in pairs.items():
        file = files.read(path)
        if file is not None and not _named_in_scripts(path, files):
            workspace.shadowed.append(Shadowed(file, by, files.name(by)))


def _above(folder: Path, names: tuple[str, ...], files: Files) -> Path | None:
    """The first of `names` in a folder above, in wrangler's order."""
    for name in names:
        for parent in folder.parents:
            if files.has(parent, name) and files.is_file(parent / name):
                return parent / name
    return None


def _named_in_scripts(path: Path, files: Files) -> bool:
    """Whether package.json passes this very file to wrangler with `-c` or `--config`."""
    package = files.read(path.parent / "package.json")
    if package is None:
        return False
    pattern = rf"(?:-c|--config)[ =](?:\./)?{re.escape(path.name)}\b"
    return re.search(pattern, package.data.decode("utf-8", "replace")) is not None


def first_line(document: ConfigDocument) -> Span:
    """The first line of a file that is not blank, to point at when a whole file is meant."""
    data = document.file.data
    start = len(data) - len(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    return Span(document.file, start, len(data)).head()
