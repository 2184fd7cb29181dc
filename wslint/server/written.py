"""What a configuration that is being typed, and the source that it leads to, have to offer for a place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property

from wslint.compatibility import features, newest_date
from wslint.compatibility import flags as all_flags
from wslint.server.partial import Place, Tree
from wslint.server.project import State
from wslint.text import SourceFile
from wslint.worker import Worker
from wslint.workspace import load
from wslint.wrangler.schema import Path, Where


class Written:
    """The text as far as it can be read, at the cursor's place."""

    def __init__(self, state: State, file: SourceFile, root: Tree, place: Place) -> None:
        self.state, self.file, self.root, self.place = state, file, root, place

    @property
    def environment(self) -> str | None:
        path = self.place.path
        return str(path[1]) if len(path) > 1 and path[0] == "env" else None

    @property
    def section(self) -> tuple[Where, Path]:
        """The place as `schema` counts it: from the root, or from its environment."""
        if self.environment is None:
            return "top", self.place.path
        return "environment", self.place.path[2:]

    @cached_property
    def worker(self) -> Worker | None:
        """The Worker whose configuration this is: of the text itself, or of what can be read of it."""
        known = _of(self.state.workspace.workers, self.file, self.environment)
        if known is not None:
            return known
        text = _as_toml(self.root) if self.file.path.suffix == ".toml" else json.dumps(self.root)
        files = self.state.files.over({self.file.path: text.encode()})
        mended = load([self.file.path], files, self.state.workspace.today)
        return _of(mended.workers, self.file, self.environment) or _of(mended.workers, self.file, None)

    def newest_date(self) -> str:
        return newest_date(self.state.workspace.today)

    def flags(self) -> Iterator[tuple[str, str, int]]:
        """The flags that are not listed yet, what each does at the date of this text, and how it ranks."""
        date = self._own("compatibility_date")
        since = date if isinstance(date, str) else ""
        on = features(since, ()) if since else frozenset()
        taken = set(self.place.beside) - {self.place.own}
        for flag in all_flags().values():
            if flag.enable not in taken:
                yield (
                    flag.enable,
                    _told(flag.default_from, flag.experimental, flag.enable in on),
                    2 + (flag.enable in on),
                )
            if flag.disable and flag.disable not in taken:
                told = f"turns off `{flag.enable}`"
                told += f", on since {flag.default_from}" if flag.default_from else ""
                yield flag.disable, told, 4 - (flag.enable in on)

    def classes(self, base: str = "DurableObject") -> Iterator[tuple[str, str]]:
        """The classes that the entrypoint exports, without those that are known to extend something else."""
        source = self.worker.source if self.worker is not None else None
        for name in self.worker.exported_classes if self.worker is not None and source is not None else ():
            fact = source.exports[name] if source is not None else None
            cls = fact.cls if fact is not None else None
            kinds = [each.rpartition(".")[::2] for each in cls.bases] if cls is not None else []
            named = [kind for module, kind in kinds if module in ("cloudflare:workers", "workers")]
            if fact is not None and (not named or base in named):
                yield name, f"exported by {fact.span.file.name}"

    def living(self) -> Iterator[str]:
        """The classes that this text's migrations have created and not ended."""
        migrations = self._own("migrations")
        found: dict[str, None] = {}
        for step in migrations if isinstance(migrations, list) else ():
            if not isinstance(step, dict):
                continue
            for key in ("new_classes", "new_sqlite_classes"):
                found.update(dict.fromkeys(_strings(step.get(key))))
            for renamed in _tables(step.get("renamed_classes")):
                found.pop(str(renamed.get("from")), None)
                found.update(dict.fromkeys(_strings([renamed.get("to")])))
            for moved in _tables(step.get("transferred_classes")):
                found.update(dict.fromkeys(_strings([moved.get("to")])))
            for name in _strings(step.get("deleted_classes")):
                if name != self.place.own:
                    found.pop(name, None)
        found.pop("", None)
        yield from found

    def missing_bindings(self, durable: bool = False) -> Iterator[tuple[str, str]]:
        """The names that the source reads from `env` and that nothing here declares, Durable Objects' where the
        methods that are called on them tell."""
        worker = self.worker
        source = worker.source if worker is not None else None
        if worker is None or source is None:
            return
        declared = worker.binding_names - {self.place.own}
        for use in source.binding_uses:
            if use.name not in declared and (not durable or use.method in (None, *_OF_NAMESPACES)):
                yield use.name, f"used at {use.span.file.name}:{use.span.first.line}"

    def other_workers(self) -> Iterator[str]:
        for name, workers in self.state.workspace.workers_by_name.items():
            if all(worker.document.file.path != self.file.path for worker in workers):
                yield name

    def _own(self, key: str) -> object:
        """What the section has for a key, else what it inherits."""
        section = self.root
        if self.environment is not None:
            named = self.root.get("env")
            inner = named.get(self.environment) if isinstance(named, dict) else None
            section = inner if isinstance(inner, dict) and key in inner else self.root
        return section.get(key)


_OF_NAMESPACES = (
    *("idFromName", "idFromString", "newUniqueId", "get", "getByName", "jurisdiction"),
    *("id_from_name", "id_from_string", "new_unique_id", "unique_id", "get_by_name"),
)


def _of(workers: list[Worker], file: SourceFile, environment: str | None) -> Worker | None:
    """The Worker of a file in an environment."""
    for worker in workers:
        if worker.document.file.path == file.path and worker.config.environment == environment:
            return worker
    return None


def _told(default_from: str, experimental: bool, on: bool) -> str:
    if experimental:
        return "experimental"
    if on:
        return f"on at this date already, since {default_from}" if default_from else "on at this date already"
    return f"on by itself from {default_from}" if default_from else "never on by itself"


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _tables(value: object) -> list[Tree]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _as_toml(root: Tree) -> str:
    return "".join(f"{_string(key)} = {_inline(value)}\n" for key, value in root.items())


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_string(key)} = {_inline(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, which wants one more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
