"""What belongs to the checked repository: nothing outside of it is read or shown.

A pull request may bring a `wrangler.toml` that links to `~/.npmrc`, or a `main = "../../../etc/passwd"`; what
would be read there stands in the report of a public CI run. So every path is followed to its end, links
included, and what ends outside counts as unknown.

The top is the git repository's top folder. Without git it is the given path, or the workspace above that claims
it as a member; for a file, the folder of the Worker that it belongs to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from wslint import system

OUTSIDE = "lies outside of the repository (--allow-outside reads it)"
_MOST_BYTES = 1024 * 1024
_CONFIGS = (
    *("wrangler.json", "wrangler.jsonc", "wrangler.toml"),
    *(f"vite.config.{suffix}" for suffix in ("ts", "mts", "cts", "js", "mjs", "cjs")),
)
"""What holds a Worker's configuration: that of Vite may, for Cloudflare's plugin."""

_SPECIAL = ("/proc", "/dev", "/sys")
"""Nothing there is a file of a project, and reading some of it never ends: not read, whatever is allowed."""


class Boundary:
    """The folders that may be read; None stands for everything."""

    def __init__(self, tops: Iterable[Path] | None) -> None:
        self.tops = None if tops is None else tuple(dict.fromkeys(Path(system.real(top)) for top in tops))
        self._folders: dict[str, bool] = {}

    def holds(self, path: str) -> bool:
        """Whether a path ends inside. The last part may be a link, as any before it; each folder is asked once."""
        if "\0" in path:
            return True  # no file is called so, wherever it might be
        folder, name = os.path.split(path)
        known = self._folders.get(folder)
        if known is None:
            known = self._folders[folder] = self._holds_real(system.real(folder))
        leads_on = name in ("", ".", "..") or system.is_link(path)
        return self._holds_real(system.real(path)) if leads_on else known or self._is_top(path)

    def _is_top(self, path: str) -> bool:
        """Whether a path is a top itself, whose folder lies outside."""
        return self.tops is not None and Path(system.real(path)) in self.tops

    def _holds_real(self, real: str) -> bool:
        if self.tops is None:
            return True
        path = Path(real)
        return any(path.is_relative_to(top) for top in self.tops)


EVERYWHERE = Boundary(None)


def is_special(path: Path) -> bool:
    """Whether a path leads to where files are made as they are read."""
    real = system.real(path)
    return any(real == special or real.startswith(special + "/") for special in _SPECIAL)


def wanted(allow_outside: bool) -> Boundary | None:
    """What `Files` is given for the option; None lets `discover` find the tops."""
    return EVERYWHERE if allow_outside else None


def boundary_of(paths: Iterable[Path]) -> Boundary:
    """The boundary for a run over the given paths."""
    return Boundary(top_of(path) for path in paths)


def top_of(path: Path) -> Path:
    """The top of the repository that holds a given path, which may be a file."""
    left = led_out_of(path)
    if left is not None:
        return left
    given = Path(os.path.abspath(path))
    is_folder = system.is_dir(given)
    folder = Path(system.real(given if is_folder else given.parent))
    for candidate in (folder, *folder.parents):
        if system.is_there(candidate / ".git"):
            return candidate
    for candidate in folder.parents:
        if _claims(candidate, folder.relative_to(candidate).as_posix()):
            return candidate
    return folder if is_folder else _owner(folder)


def led_out_of(path: Path) -> Path | None:
    """The top of the git repository that a path lies in as it is written, and that a link leads it out of: a pull
    request may bring a folder `packages/x` that is a link to somebody's home."""
    given = Path(os.path.abspath(path))
    real = Path(system.real(given))
    for candidate in (given, *given.parents):
        if system.is_there(candidate / ".git"):
            top = Path(system.real(candidate))
            if not real.is_relative_to(top):
                return top
            if _stands_in(top):
                return None  # an editor there may speak of it by a way through links, such as one in a home under git
    return None


def _stands_in(top: Path) -> bool:
    try:
        return Path(system.real(os.getcwd())).is_relative_to(top)
    except OSError:
        return False


def leads_out(path: Path, tops: Iterable[Path]) -> bool:
    """Whether a path that lies in one of the tops as it is written ends in none. Whoever names a place outside means
    it; a link on the way there from inside is the project's."""
    tops = list(tops)

    def inside(real: str) -> bool:
        return any(Path(real).is_relative_to(top) for top in tops)

    above = Path(os.path.abspath(path)).parents
    return not inside(system.real(path)) and any(inside(system.real(each)) for each in above)


def _owner(folder: Path) -> Path:
    """The folder of the Worker that a given file belongs to, looked for no higher than the current folder."""
    try:
        here = Path(system.real(os.getcwd()))
    except OSError:
        return folder
    above = [each for each in (folder, *folder.parents) if each.is_relative_to(here)]
    return next((each for each in above if any(system.is_file(each / name) for name in _CONFIGS)), folder)


def _claims(folder: Path, below: str) -> bool:
    """Whether a workspace lists a folder below it, or one around that, among its members."""
    from wslint.globs import matches_path

    parts = below.split("/")
    inside = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    globs = [glob.strip("/").removeprefix("./") for glob in _members(folder)]
    left_out = [glob[1:].strip("/").removeprefix("./") for glob in globs if glob.startswith("!")]
    return any(
        matches_path(glob, name) and not any(matches_path(other, name) for other in left_out)
        for glob in globs
        if not glob.startswith("!")
        for name in inside
    )


def _members(folder: Path) -> list[str]:
    """The members that a package.json, a pnpm-workspace.yaml or a Cargo.toml of a folder lists."""
    found: list[str] = []
    package = _text(folder / "package.json")
    if package and '"workspaces"' in package:
        try:
            body = json.loads(package)
        except (ValueError, RecursionError):
            body = None
        listed = body.get("workspaces") if isinstance(body, dict) else None
        listed = listed.get("packages") if isinstance(listed, dict) else listed
        found += [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    pnpm = _text(folder / "pnpm-workspace.yaml")
    if pnpm:
        from wslint.source.javascript.packages import yaml_packages

        found += yaml_packages(pnpm)
    cargo = _text(folder / "Cargo.toml")
    if "[workspace]" in cargo:
        import tomli

        try:
            manifest = tomli.loads(cargo)
        except (ValueError, RecursionError):
            manifest = {}
        workspace = manifest.get("workspace")
        listed = workspace.get("members") if isinstance(workspace, dict) else None
        found += [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    return found


def _text(path: Path) -> str:
    """A small file's text; empty for what is no regular file, or too large to be one of these."""
    data = system.read(path, _MOST_BYTES)
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
