"""A wrangler configuration in one environment, typed: what `wrangler deploy --env X` would use.

wrangler inherits some keys into `env.X` whole (never merged) and others not at all; the table is in
`keys`. A `null` in the environment counts as absent, an empty list does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from wslint.record import field, frozen, record
from wslint.text import Comment, SourceFile, Span
from wslint.wrangler.keys import inheritance, known_in_environment
from wslint.wrangler.lifecycle import ExportEntry, History, fold, read_exports, read_migrations
from wslint.wrangler.located import Entry, Parsed, Value

if TYPE_CHECKING:
    from wslint.wrangler.redirect import Redirect
    from wslint.wrangler.schema import Problem
    from wslint.wrangler.unknown_keys import JudgedKey

Format = Literal["toml", "json"]

STANDARD_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
"""What wrangler looks for when it is given no file, in its order of precedence."""


@record
class ConfigDocument:
    """A parsed configuration file. `committed` is the same file in git's HEAD, where there is one: this
    very object when it is unchanged."""

    file: SourceFile
    format: Format
    root: Value
    comments: list[Comment]
    committed: ConfigDocument | None = None
    redirect: Redirect | None = None
    """The `.wrangler/deploy/config.json` that makes wrangler deploy another file than this one."""
    added_by: list[SourceFile] = field(default_factory=list)
    """The scripts that hold parts of this configuration, or all of it: no edit of it is safe to make."""
    open_at: Span | None = None
    """Where one of them adds something that is no literal: what is not seen here may be there all the same."""

    @property
    def folder(self) -> Path:
        return self.file.path.parent

    @property
    def is_pages(self) -> bool:
        """Whether the file configures a Pages project: other keys, other environments."""
        return "pages_build_output_dir" in self.root.entries

    @property
    def has_lifecycle(self) -> bool:
        """Whether any environment says how Durable Object classes come and go."""
        return any(config.owns("migrations") or config.owns("exports") for config in self.environments)

    def environment(self, name: str | None) -> WorkerConfig | None:
        """The top level for None, else `env.<name>`."""
        return next((config for config in self.environments if config.environment == name), None)

    @cached_property
    def environments(self) -> list[WorkerConfig]:
        """The top level and every `env.X` that is a table, in file order."""
        found = [WorkerConfig(self, None, self.root)]
        named = self.root.get("env")
        if named is not None and named.kind == "table":
            for name, entry in named.entries.items():
                if entry.value.kind == "table":
                    found.append(WorkerConfig(self, name, entry.value, entry))
        return found


def load_document(file: SourceFile) -> ConfigDocument:
    """Parse a configuration by its suffix: `.toml`, otherwise JSON with comments.

    Raises ParseError (located) when it can't be read.
    """
    parsed: Parsed
    if file.path.suffix == ".toml":
        from wslint.wrangler import toml

        parsed = toml.parse(file)
        return ConfigDocument(file, "toml", parsed.root, parsed.comments)
    from wslint.wrangler import jsonc

    parsed = jsonc.parse(file)
    return ConfigDocument(file, "json", parsed.root, parsed.comments)


@frozen
class Binding:
    """A name that the Worker's `env` gets. `kind` is the configuration key that declares it."""

    name: str
    kind: str
    span: Span  # the name
    value: Value  # the table that declares it; for vars the variable's value


@frozen
class DurableObjectBinding:
    """One table of `durable_objects.bindings`, or of a `containers`-free `previews`. Fields are None
    when missing or no string; `*_value` tell where they stand."""

    value: Value
    name: Value | None
    class_name: Value | None
    script_name: Value | None

    @property
    def span(self) -> Span:
        """The best place to point at: the class, the name, else the whole binding."""
        for part in (self.class_name, self.name):
            if part is not None:
                return part.span
        return self.value.header or self.value.span.head()


KINDS: dict[str, str] = {
    "durable_objects": "Durable Object",
    "kv_namespaces": "KV namespace",
    "r2_buckets": "R2 bucket",
    "d1_databases": "D1 database",
    "services": "service",
    "queues": "queue",
    "workflows": "Workflow",
    "vars": "variable",
    "secrets": "secret",
    "assets": "assets",
}
"""Readers' words for binding kinds; other kinds go by their key."""

_NAME_KEYS = {
    "ratelimits": "name",
    "unsafe": "name",
    "send_email": "name",
    "logfwdr": "name",
    "durable_objects": "name",
}


@record
class WorkerConfig:
    """A configuration seen from one environment. `section` is the root or the `env.X` table."""

    document: ConfigDocument
    environment: str | None
    section: Value
    section_entry: Entry | None = None
    _lifecycle: History | None = None

    @property
    def root(self) -> Value:
        return self.document.root

    @property
    def label(self) -> str:
        """`the top level` or `env.X`, for messages."""
        return "the top level" if self.environment is None else f"`env.{self.environment}`"

    def entry(self, key: str) -> Entry | None:
        """The entry that holds in this environment: its own, or the inherited one."""
        own = self.section.entries.get(key)
        if self.environment is None:
            return own
        if own is not None and own.value.kind != "null":
            return own if known_in_environment(key) or key not in inheritance() else None
        if inheritance().get(key) == "not inheritable":
            return None
        return self.root.entries.get(key)

    def value(self, key: str) -> Value | None:
        found = self.entry(key)
        return found.value if found else None

    def owns(self, key: str) -> bool:
        """Whether the key is written in this environment's own section."""
        return key in self.section.entries

    @property
    def section_span(self) -> Span:
        """Where to point when a key is missing: the environment's header or name, or the file's start."""
        if self.section_entry is None:
            first = next(iter(self.root.entries.values()), None)
            return first.key_span if first else Span(self.document.file, 0, 0)
        return self.section.header or self.section_entry.key_span

    @cached_property
    def departures(self) -> list[Problem]:
        """Where this section departs from the shape that wrangler gives it; see `schema`."""
        from wslint.wrangler.schema import problems

        return list(problems(self.section, "top" if self.environment is None else "environment"))

    @cached_property
    def unknown_keys(self) -> list[JudgedKey]:
        """The keys in this section that wrangler does not read, each with what it probably is."""
        from wslint.wrangler.unknown_keys import judge

        return list(judge(self))

    def misplaced(self, key: str) -> Entry | None:
        """An entry that was meant as `key` of this section: misspelt, or swallowed by another table."""
        for judged in self.unknown_keys:
            meant = judged.key if judged.verdict == "swallowed" else judged.near
            at_home = judged.verdict == "swallowed" or len(judged.problem.path) == 1
            if meant == key and at_home and judged.verdict in ("misspelt", "swallowed", "unnested"):
                return judged.entry
        return None

    @cached_property
    def name(self) -> str | None:
        """The Worker's effective name: `env.X.name`, else `<name>-X`; None when there is none."""
        value = self.section.get("name")
        if value is not None and value.kind != "null":
            return value.string if not value.is_placeholder else None
        top = self.root.get("name")
        if self.environment is None or top is None or not top.string or top.is_placeholder:
            return None
        return f"{top.string}-{self.environment}"

    def string(self, key: str) -> str | None:
        """A string value that holds here; None when it is missing, another kind or a placeholder."""
        value = self.value(key)
        return None if value is None or value.is_placeholder else value.string

    @cached_property
    def main(self) -> Value | None:
        """The entrypoint's path, `main` or the older `site.entry-point`."""
        value = self.value("main")
        if value is not None and value.kind != "null":
            return value
        site = self.value("site")
        return site.get("entry-point") if site is not None and site.kind == "table" else None

    @cached_property
    def main_path(self) -> str | None:
        """The path that `main` names. The older `site.entry-point` names a folder unless it has a suffix."""
        main = self.main
        text = main.string if main is not None else None
        if not text or main is self.value("main") or PurePosixPath(text).suffix:
            return text
        return f"{text.rstrip('/')}/index.js"

    @cached_property
    def build_command(self) -> str | None:
        build = self.value("build")
        command = build.get("command") if build is not None else None
        return command.string if command else None

    @cached_property
    def compatibility_date(self) -> str | None:
        """The date as wrangler would pass it on; None when missing, no string or a placeholder."""
        return self.string("compatibility_date")

    @cached_property
    def flags(self) -> list[Value]:
        """The compatibility flags that hold here, as located strings, in order."""
        value = self.value("compatibility_flags")
        return list(value.strings()) if value is not None else []

    @cached_property
    def flags_known(self) -> bool:
        """False when some flag is a placeholder or the list has a wrong shape."""
        value = self.value("compatibility_flags")
        if value is None or value.kind == "null":
            return True
        return value.kind == "array" and len(self.flags) == len(value.items)

    @cached_property
    def durable_objects(self) -> list[DurableObjectBinding]:
        value = self.value("durable_objects")
        bindings = value.get("bindings") if value is not None else None
        if bindings is None:
            return []
        return [
            DurableObjectBinding(item, item.get("name"), item.get("class_name"), item.get("script_name"))
            for item in bindings.tables()
        ]

    @cached_property
    def local_durable_objects(self) -> list[DurableObjectBinding]:
        """The bindings whose class is this Worker's own: no `script_name`, or its own name there."""
        return [binding for binding in self.durable_objects if self.is_local(binding)]

    def is_local(self, binding: DurableObjectBinding) -> bool:
        script = binding.script_name
        if script is None or script.kind == "null" or script.string == "":
            return True
        return script.string is not None and script.string == self.name

    @cached_property
    def bindings(self) -> list[Binding]:
        """Every name that `env` gets here, of all kinds, in file order."""
        found: list[Binding] = []
        for key in {**self.section.entries, **self.root.entries}:
            value = self.value(key)
            if value is not None:
                found.extend(_bindings_of(key, value))
        found.sort(key=lambda binding: binding.span.start)
        return found

    @cached_property
    def history(self) -> History:
        """The folded `migrations` that hold here."""
        return fold(read_migrations(self.value("migrations")))

    @cached_property
    def exports(self) -> list[ExportEntry]:
        """The entries of the declarative `exports` map that hold here."""
        return read_exports(self.value("exports"))

    @cached_property
    def durable_exports(self) -> list[ExportEntry]:
        return [entry for entry in self.exports if entry.is_durable_object]


def _bindings_of(key: str, value: Value) -> Iterator[Binding]:
    """The binding names that one top-level key declares."""
    name_key = _NAME_KEYS.get(key, "binding")
    if key == "vars":
        for name, entry in value.entries.items():
            yield Binding(name, key, entry.key_span, entry.value)
    elif key == "secrets":
        required = value.get("required")
        for item in required.strings() if required else ():
            yield Binding(item.string or "", key, item.span, item)
    elif key in ("durable_objects", "unsafe", "logfwdr", "queues"):
        inner = value.get("producers" if key == "queues" else "bindings")
        for table in inner.tables() if inner else ():
            yield from _named(table, name_key, key)
    elif value.kind == "array":
        for table in value.tables():
            yield from _named(table, name_key, key)
    elif value.kind == "table" and key not in ("previews", "env", "dev", "site", "build", "exports"):
        if key in ("wasm_modules", "text_blobs", "data_blobs"):
            for name, entry in value.entries.items():
                yield Binding(name, key, entry.key_span, entry.value)
        else:
            yield from _named(value, "binding", key)


def _named(table: Value, name_key: str, kind: str) -> Iterator[Binding]:
    name = table.get(name_key)
    if name is not None and name.string is not None and not name.is_placeholder:
        yield Binding(name.string, kind, name.span, table)
