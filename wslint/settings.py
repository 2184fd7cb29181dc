"""Settings: `[tool.wslint]` in pyproject.toml, or wslint.toml; the nearest one above the first path.

```toml
[tool.wslint]
select = ["WS3"]            # only these rules: codes, prefixes or names
ignore = ["WS312"]
fail-on = "error"           # error, warning, info or never
pedantic = false
exclude = ["fixtures/"]     # gitignore patterns, relative to this file
[tool.wslint.per-path-ignores]
"examples/*" = ["WS207"]
```
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, cast, get_args

from wslint import system
from wslint.boundary import OUTSIDE, Boundary, top_of
from wslint.errors import CheckError
from wslint.record import field, frozen

FailOn = Literal["error", "warning", "info", "never"]


@frozen
class Settings:
    """What a settings file may say; the command line adds to it or overrides it."""

    path: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "warning"
    pedantic: bool = False
    exclude: tuple[str, ...] = ()
    per_path_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def folder(self) -> Path | None:
        """What the patterns are relative to: where the settings file really is."""
        return system.resolved(self.path.parent) if self.path else None


_MOST_BYTES = 1024 * 1024
_MOST_PATTERNS = 5_000
"""Each path is held against each of them."""

_KEYS = ("select", "ignore", "fail-on", "pedantic", "exclude", "per-path-ignores")


def find_settings(given: Path, limit: Boundary | None = None) -> Settings:
    """The settings that hold for a path that is given to check: those of the nearest file at or above it, up to
    the top of its repository; and where there is no git, up to the current folder too.

    Raises CheckError for a file that can't be read or says something unknown.
    """
    start = Path(os.path.abspath(given))
    start = start if system.is_dir(start) else start.parent
    limit = limit if limit is not None else _limit(given, start)
    for folder in (start, *start.parents):
        if not limit.holds(os.fspath(folder)):
            break
        own = folder / "wslint.toml"
        if _is_settings(own, limit):
            return _read(own, _load(own))
        project = folder / "pyproject.toml"
        if _is_settings(project, limit) and b"wslint" in _bytes(project):
            tool = _load(project).get("tool")
            table = tool.get("wslint") if isinstance(tool, dict) else None
            if isinstance(table, dict):
                return _read(project, table)
    return Settings()


def _limit(given: Path, start: Path) -> Boundary:
    """The repository; without git the current folder too, where it lies above: whoever stands there means it."""
    top = top_of(given)
    try:
        here = Path(os.getcwd())
    except OSError:
        return Boundary([top])
    is_repository = system.is_there(top / ".git")
    return Boundary([top] if is_repository or not start.is_relative_to(here) else [top, here])


def _is_settings(path: Path, limit: Boundary) -> bool:
    """Whether settings may be read here. A link that leads out of the repository says so: passing over it would
    change what is checked without a word."""
    if not system.is_file(path):
        return False
    if not limit.holds(os.fspath(path)):
        raise CheckError(f"{_name(path)} {OUTSIDE}")
    return True


def _bytes(path: Path) -> bytes:
    data = system.read(path, _MOST_BYTES)
    if isinstance(data, str):
        raise CheckError(f"{_name(path)} {data}")
    return data


def _name(path: Path) -> str:
    """The path as a person would write it here."""
    try:
        return os.fspath(path.relative_to(os.getcwd()))
    except (ValueError, OSError):
        return os.fspath(path)


def _load(path: Path) -> dict[str, object]:
    import tomli

    try:
        return tomli.loads(_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise CheckError(f"{_name(path)} is no UTF-8") from None
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        raise CheckError(f"{_name(path)} is no TOML: {error}") from None


def _read(path: Path, table: Mapping[str, object]) -> Settings:
    where = _name(path)
    for key in table:
        if key not in _KEYS:
            raise CheckError(f"{where}: wslint has no setting `{key}`{suggestion(key, _KEYS)}")
    fail_on = table.get("fail-on", "warning")
    if fail_on not in get_args(FailOn):
        raise CheckError(f"{where}: `fail-on` is one of {', '.join(get_args(FailOn))}")
    pedantic = table.get("pedantic", False)
    if not isinstance(pedantic, bool):
        raise CheckError(f"{where}: `pedantic` is true or false")
    per_path = table.get("per-path-ignores", {})
    if not isinstance(per_path, dict):
        raise CheckError(f"{where}: `per-path-ignores` is a table of patterns")
    if (
        len(per_path) > _MOST_PATTERNS
        or len(_strings(where, "exclude", table.get("exclude", []))) > _MOST_PATTERNS
    ):
        raise CheckError(f"{where}: more than {_MOST_PATTERNS:,} patterns")
    return Settings(
        path,
        _rules(where, "select", table.get("select", [])),
        _rules(where, "ignore", table.get("ignore", [])),
        cast(FailOn, fail_on),
        pedantic,
        _strings(where, "exclude", table.get("exclude", [])),
        {
            pattern: _rules(where, f'per-path-ignores."{pattern}"', codes)
            for pattern, codes in per_path.items()
        },
    )


def _rules(where: str, key: str, value: object) -> tuple[str, ...]:
    return rule_names(_strings(where, key, value), f"{where}: `{key}`")


def _strings(where: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CheckError(f"{where}: `{key}` is a list of texts")
    return tuple(value)


def rule_names(names: Iterable[str], where: str) -> tuple[str, ...]:
    """Codes from codes, prefixes of codes, names or `ALL`. Raises CheckError for what is none."""
    from wslint.rules import find_rule, load_rules

    codes: list[str] = []
    for name in names:
        text = name.strip()
        prefix = text.upper()
        exact = find_rule(text)
        matching = [
            code
            for code in load_rules()
            if prefix == "ALL" or (prefix.startswith("WS") and code.startswith(prefix))
        ]
        if exact is not None:
            matching = [exact.rule.code]
        if not matching:
            known = [*load_rules(), *(loaded.rule.name for loaded in load_rules().values())]
            raise CheckError(f"{where}: no rule is called `{text}`{suggestion(text, known)}")
        codes.extend(matching)
    return tuple(dict.fromkeys(codes))


def suggestion(text: str, known: Iterable[str]) -> str:
    """`; did you mean …?` when something known is close to `text`, else nothing."""
    near = nearest(text, known)
    return f"; did you mean `{near}`?" if near else ""


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The known name that `text` most likely misspells, or None.

    Names that differ only in case, `_`, `-` and spaces always count as near.
    """
    from difflib import get_close_matches

    candidates = list(known)
    plain = {_plain(name): name for name in reversed(candidates)}
    same = plain.get(_plain(text))
    if same is not None:
        return same
    close = get_close_matches(_plain(text), list(plain), n=1, cutoff=0.8)
    return plain[close[0]] if close else None


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character not in "_- ")
