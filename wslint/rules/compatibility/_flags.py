"""What the rules of this family share: the flags that hold, and what else than the file sets them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Literal

from wslint.compatibility import misspelt
from wslint.finding import Fix
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.located import Value

KEY = "compatibility_flags"

_OPTIONS = {
    "compatibility_date": re.compile(r"--compatibility[-_]?date\b|\bwrangler\b.*--latest\b", re.I),
    "compatibility_flags": re.compile(r"--compatibility[-_]?flags?\b", re.I),
}
_VITE_CONFIGS = tuple(f"vite.config.{suffix}" for suffix in ("ts", "js", "mts", "mjs", "cts", "cjs"))


def listed(worker: Worker) -> dict[str, Value]:
    """The flags that hold here, each where it is written first; placeholders are left out."""
    found: dict[str, Value] = {}
    for value in worker.config.flags:
        found.setdefault(value.string or "", value)
    return found


def meant(worker: Worker) -> list[str]:
    """The flags that hold once the misspelt ones are mended: those are WS104's to report."""
    return [misspelt(name) or name for name in listed(worker)]


def add_flag(worker: Worker, flag: str) -> Fix:
    """List a flag where the flags of this environment are written, or at the top level."""
    config, document = worker.config, worker.document
    value = config.value(KEY)
    path: edit.Path = (KEY,)
    if config.environment is not None and value is not None and config.section.get(KEY) is value:
        path = ("env", config.environment, KEY)
    added: object = flag if value is not None and value.kind == "array" else [flag]
    return Fix(f"add `{flag}` to `compatibility_flags`", "safe", lambda: edit.add(document, path, added))


def remove_flag(worker: Worker, flag: Value) -> Fix | None:
    """Drop one flag from the list that holds here."""
    array = worker.config.value(KEY)
    if array is None or array.kind != "array":
        return None
    return Fix(f"drop `{flag.string}`", "safe", (edit.remove_item(array, flag),))


def manifests(worker: Worker) -> Iterator[dict[str, object]]:
    """The package.json files from the configuration's folder up to the folder that wslint runs in."""
    files, folder = worker.workspace.files, worker.document.folder
    above = folder.parents if folder.is_relative_to(files.base) else ()
    for each in (folder, *above):
        if each != folder and not each.is_relative_to(files.base):
            return
        path = each / "package.json"
        file = files.read(path) if files.is_file(path) else None
        try:
            data = json.loads(file.data) if file is not None else None
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            yield data


def packages(worker: Worker) -> set[str]:
    """The names of the packages that the project's manifests depend on."""
    found: set[str] = set()
    for manifest in manifests(worker):
        for key in ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies"):
            table = manifest.get(key)
            if isinstance(table, dict):
                found.update(table)
    return found


def set_elsewhere(worker: Worker, key: Literal["compatibility_date", "compatibility_flags"]) -> str:
    """What besides the file gives the date or the flags, as a reason; empty when nothing does."""
    if any(section.misplaced(key) for section in (worker.config, worker.document.environments[0])):
        return f"the file has `{key}` where wrangler does not read it"
    option = _OPTIONS[key]
    for manifest in manifests(worker):
        scripts = manifest.get("scripts")
        for name, script in scripts.items() if isinstance(scripts, dict) else ():
            if isinstance(script, str) and (found := option.search(script)):
                return f"the script `{name}` of package.json passes `--{found[0].rpartition('--')[2]}`"
    files = worker.workspace.files
    for name in _VITE_CONFIGS:
        path = worker.document.folder / name
        file = files.read(path) if files.is_file(path) else None
        if file is not None and key.encode() in file.data:
            return f"`{name}` sets `{key}`"
    return ""
