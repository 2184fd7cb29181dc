"""A Worker: one configuration in one environment, joined with its source.

The questions that rules ask stand here, so that each is answered in one place and in one way.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wslint.files import Files
from wslint.record import field, frozen, record
from wslint.source.facts import BindingUse, ExportFact, SourceFacts, Unknown
from wslint.text import SourceFile, Span
from wslint.wrangler.config import ConfigDocument, DurableObjectBinding, WorkerConfig
from wslint.wrangler.located import Value

if TYPE_CHECKING:
    from wslint.source.flow.uses import Flow
    from wslint.source.rust.cargo import RustCrate
    from wslint.wrangler.assets import AssetsDirectory

EntrypointKind = Literal[
    "source",  # a file of the project, analysed
    "rust",  # the output of worker-build; the crate was analysed instead
    "none",  # no `main`: assets only, or nothing
    "missing",  # a path where no file is, and nothing suggests that a build would make it
    "folder",
    "generated",  # made by a build, or a package or virtual module: not in the tree
    "unknown",  # a placeholder, a kind of file that wslint does not read
]


@frozen
class Entrypoint:
    """What `main` leads to. `value` is where the configuration names it, `path` what it names."""

    kind: EntrypointKind
    value: Value | None = None
    path: Path | None = None
    why: str = ""


@frozen
class Answer:
    """Yes, no or unknown, with what it rests on."""

    verdict: Literal["yes", "no", "unknown"]
    fact: ExportFact | None = None
    why: str = ""


@frozen
class Unreadable:
    """A configuration that is no TOML or JSON: `message` says what is wrong at `span`."""

    file: SourceFile
    span: Span
    message: str


@frozen
class Shadowed:
    """A configuration that wrangler does not read, because `by` comes first."""

    file: SourceFile
    by: Path
    by_name: str


@record
class Worker:
    """One Worker as `wrangler deploy --env X` would deploy it. `source` is None when unread."""

    config: WorkerConfig
    workspace: Workspace
    entrypoint: Entrypoint
    source: SourceFacts | None = None

    @property
    def document(self) -> ConfigDocument:
        return self.config.document

    @property
    def name(self) -> str | None:
        return self.config.name

    @cached_property
    def is_python(self) -> bool:
        return self.entrypoint.path is not None and self.entrypoint.path.suffix == ".py"

    def export(self, name: str) -> Answer:
        """Whether the entrypoint exports `name`."""
        if self.source is None:
            return Answer("unknown", why=self.entrypoint.why or "there is no source to read")
        fact = self.source.exports.get(name)
        if fact is not None:
            return Answer("yes", fact)
        if self.source.open_exports:
            return Answer("unknown", why=self.source.open_exports[0].why)
        return Answer("no")

    @cached_property
    def exported_classes(self) -> list[str]:
        """Names of exported classes and of exports that may be classes, for suggestions."""
        if self.source is None:
            return []
        return [
            name
            for name, fact in self.source.exports.items()
            if name != "default" and fact.kind in ("class", "unknown")
        ]

    @cached_property
    def binding_names(self) -> set[str]:
        return {binding.name for binding in self.config.bindings}

    def uses_of(self, name: str) -> list[BindingUse]:
        """Where the source reads `env.<name>`."""
        return [use for use in self.source.binding_uses if use.name == name] if self.source else []

    @cached_property
    def flow(self) -> Flow | None:
        """What the code does with requests, responses and sockets; None when none was read.

        Environments that share their source share it too.
        """
        source = self.source
        if source is None:
            return None
        flows = self.workspace.flows
        if id(source) not in flows:
            from wslint.source.handshake import follow

            bound = {
                binding.class_name.string
                for config in self.document.environments
                for binding in config.local_durable_objects
                if binding.class_name is not None
            }
            flows[id(source)] = follow(source, self.workspace.files, self.document.folder, bound.__contains__)
        return flows[id(source)]

    @cached_property
    def assets_directory(self) -> AssetsDirectory | None:
        """Where `assets.directory` leads; None without an `assets` table."""
        from wslint.wrangler.assets import find_assets_directory

        return find_assets_directory(self.config, self.workspace.files)

    def starts_wasm(self, glue: SourceFile) -> bool:
        """Whether the classes of this wasm-bindgen glue work when the runtime constructs them: the glue
        needs no init, or a module initialises it while loading."""
        from wslint.source.wasm import is_initialised_at_load, needs_init

        if self.source is None or not needs_init(glue):
            return True
        return is_initialised_at_load(self.source, glue, self.workspace.files, self.document.folder)

    @cached_property
    def rust_crate(self) -> RustCrate | None:
        """The crate that the Worker is built from; None for one that is not Rust, and where it is not found."""
        if self.source is None or self.source.language != "rust":
            return None
        from wslint.source.entrypoint import crate_of

        return crate_of(self.config, self.workspace.files)

    def flag_enabled(self, flag: str) -> bool | None:
        """Whether a compatibility flag holds, by list, date or implication; None when undecidable."""
        from wslint.compatibility import enabled

        if not self.config.flags_known:
            return None
        return enabled(
            flag, self.config.compatibility_date, [value.string or "" for value in self.config.flags]
        )


@record
class Workspace:
    """All Workers under the given paths. `today` is the date that "in the future" is measured by."""

    files: Files
    today: date
    documents: list[ConfigDocument] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    shadowed: list[Shadowed] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    flows: dict[int, Flow | None] = field(default_factory=dict)
    """What `Worker.flow` worked out, by source."""

    @cached_property
    def workers_by_name(self) -> dict[str, list[Worker]]:
        found: dict[str, list[Worker]] = {}
        for worker in self.workers:
            if worker.name:
                found.setdefault(worker.name, []).append(worker)
        return found

    def owner(self, worker: Worker, binding: DurableObjectBinding) -> list[Worker]:
        """The Workers of the workspace that `script_name` may mean; empty when there is none."""
        script = binding.script_name
        if script is None or script.string is None:
            return [worker]
        return self.workers_by_name.get(script.string, [])
