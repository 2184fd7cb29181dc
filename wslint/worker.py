"""A Worker: one configuration in one environment, joined with its source.

The questions that rules ask stand here, so that each is answered in one place and in one way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from wslint.files import Files
from wslint.record import field, frozen, record
from wslint.source.facts import BindingUse, ClassFacts, ExportFact, SourceFacts, Unknown
from wslint.text import SourceFile, Span
from wslint.wrangler.config import ConfigDocument, DurableObjectBinding, WorkerConfig
from wslint.wrangler.located import Value

if TYPE_CHECKING:
    from wslint.machine.machine import Machine
    from wslint.play.addresses import Asked
    from wslint.play.life import Life
    from wslint.play.listeners import Conversation
    from wslint.play.scenes import Handshake
    from wslint.project.unbuilt import RustClass
    from wslint.project.wasm_pack import WasmBuild
    from wslint.source.flow.uses import ClassFlow, Flow
    from wslint.source.javascript.versions import Versions
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
    """What `main` leads to. `value` is where the configuration names it, `path` the module that is read: what
    `main` names, or what that is built from (`built_by` says how).

    `names` are the only exports that the build's output has, where that is known without reading it or differs
    from what the source exports; `decided` is the place that makes it so, `mend` what to do about it.
    """

    kind: EntrypointKind
    value: Value | None = None
    path: Path | None = None
    why: str = ""
    built_by: str = ""
    names: frozenset[str] | None = None
    decided: Span | None = None
    mend: str = ""
    appended: str = ""
    """The code that a script adds to an output which is not in the tree."""


@frozen
class Reading:
    """What a configuration's entrypoint led to: as it was `found`, and as it is known once its source was read."""

    found: Entrypoint
    entrypoint: Entrypoint
    source: SourceFacts | None


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
    reader: Callable[[WorkerConfig], Reading]
    """Reads what the configuration leads to."""
    front: Worker | None = None
    """For the Rust behind wasm-bindgen glue: the Worker whose JavaScript stands before it."""
    crates: tuple[RustCrate, ...] = ()
    """For the Rust behind wasm-bindgen glue: the crates that it was built from."""

    @cached_property
    def reading(self) -> Reading:
        """What the entrypoint leads to, read when it is first asked for."""
        return self.reader(self.config)

    @cached_property
    def entrypoint(self) -> Entrypoint:
        return self.reading.entrypoint

    @cached_property
    def source(self) -> SourceFacts | None:
        return self.reading.source

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
        names = self.entrypoint.names
        if names is not None and name not in names and name != "default":  # of the default other rules speak
            return Answer("no", why=self.entrypoint.why)
        if self.source is None:
            if names is not None:
                return Answer("yes")
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
        return self._uses.get(name, [])

    @cached_property
    def _uses(self) -> dict[str, list[BindingUse]]:
        found: dict[str, list[BindingUse]] = {}
        for use in self.source.binding_uses if self.source else ():
            found.setdefault(use.name, []).append(use)
        return found

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
            flow = follow(source, self.workspace.files, self.document.folder, bound.__contains__)
            if flow is not None and self.front is not None and self.front.source is not None:
                from wslint.project.glue import only, tied_classes

                flow = only(flow, tied_classes(self.front, self.workspace.files))
            flows[id(source)] = flow
        return flows[id(source)]

    def handshake(self, address: str, established: bool) -> Handshake:
        """A handshake for an address, played once; of an address without a query the query is open."""
        key = (id(self.source), self.config.environment, str(self.document.file.path), address, established)
        known = self.workspace.handshakes
        if key not in known:
            from wslint.play import scenes
            from wslint.play.safely import played_safely

            known[key] = played_safely(
                self, lambda: scenes.play_handshake(self, address, established), scenes.not_played
            )
        return known[key]

    @cached_property
    def addresses(self) -> list[Asked]:
        """The addresses that the project itself names, looked for once."""
        from wslint.play.addresses import named

        return named(self)

    @cached_property
    def other_requests(self) -> list[Machine]:
        """The machines that played requests which are no handshakes: for any path, and for each route of a router."""
        from wslint.play.other_requests import other_requests
        from wslint.play.safely import played_safely

        return played_safely(self, lambda: list(other_requests(self)), list)

    @cached_property
    def lives(self) -> list[Life]:
        """The lives of the classes that the Worker binds and has, each played once.

        Environments that share their source, bindings and flags share them too.
        """
        key = (id(self.source), tuple(sorted(self.bound_classes)), str(self.config.compatibility_date))
        known = self.workspace.lives
        if key not in known:
            from wslint.play import life
            from wslint.play.addresses import asked_for
            from wslint.play.safely import played_safely

            wanted = asked_for(self.addresses)
            source = self.source
            known[key] = (
                played_safely(self, lambda: life.lives(self, wanted), list) if source is not None else []
            )
        return known[key]

    @cached_property
    def conversations(self) -> list[Conversation]:
        """What listeners of sockets do that were accepted without hibernation, in objects and in the Worker."""
        from wslint.play import listeners
        from wslint.play.safely import played_safely

        found = [life.conversation for life in self.lives if life.conversation is not None]
        if self.source is None or not any(b"accept" in file.data for file in self.source.files):
            return found
        wanted = [asked.text for asked in self.addresses]
        return found + played_safely(self, lambda: listeners.of_worker(self, wanted[:6]), list)

    @property
    def bound_classes(self) -> set[str]:
        """The classes of this Worker that its Durable Object bindings name."""
        return {
            binding.class_name.string
            for binding in self.config.local_durable_objects
            if binding.class_name is not None and binding.class_name.string
        }

    @property
    def known_flow(self) -> Flow | None:
        """The flow, if a rule has asked for it already."""
        return self.workspace.flows.get(id(self.source))

    @cached_property
    def stood_in(self) -> set[tuple[Path, int]]:
        """The imports of glue that is not built, where the crate that it will be built from was read instead."""
        from wslint.project.unbuilt import unbuilt_modules

        source, behind = self.source, self.behind
        if source is None or behind is None:
            return set()
        crates = {crate.folder for crate in behind.crates}
        modules = unbuilt_modules(source, self.wasm_builds, self.workspace.files)
        return {place for module in modules if module.crate.folder in crates for place in module.places}

    @cached_property
    def handlers(self) -> frozenset[str] | None:
        """The handlers that the entrypoint gives to the runtime; None where they can't all be known."""
        if self.source is None:
            return None
        from wslint.source.entry_handlers import entry_handlers

        return entry_handlers(self.source, self.workspace.files, self.document.folder)

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
        return is_initialised_at_load(self.source, glue.path, self.workspace.files, self.document.folder)

    @cached_property
    def wasm_builds(self) -> list[WasmBuild]:
        """The wasm-bindgen glue that the project's commands write."""
        from wslint.project.commands import commands_of
        from wslint.project.wasm_pack import wasm_builds

        files = self.workspace.files
        return wasm_builds(commands_of(self.config, files), files)

    def unbuilt_class(self, name: str) -> ClassFacts | None:
        """The Rust class that the entrypoint exports as `name` out of glue that is still to be built and that
        no module initialises while loading; None when it is none, and where the build is not known to be one
        for `--target web`."""
        source, behind = self.source, self.behind
        if source is None or behind is None or behind.source is None:
            return None
        from wslint.project.unbuilt import class_in, is_built_for_web, unbuilt_modules
        from wslint.source.wasm import is_initialised_at_load

        files = self.workspace.files
        for module in unbuilt_modules(source, self.wasm_builds, files):
            inner = name if "*" in module.names else module.names.get(name, "")
            cls = class_in(behind.source, inner)
            if cls is not None and not is_initialised_at_load(
                source, module.path, files, self.document.folder
            ):
                return cls if is_built_for_web(module.path, self.wasm_builds) else None
        return None

    def unbuilt_classes(self, cls: ClassFlow) -> list[RustClass]:
        """The classes of wasm-bindgen glue that is still to be built which a class of the project holds."""
        from wslint.project.unbuilt import held_by, unbuilt_modules

        behind, files = self.behind, self.workspace.files
        if self.source is None or behind is None or behind.source is None:
            return []
        return list(held_by(cls, unbuilt_modules(self.source, self.wasm_builds, files), behind.source, files))

    @cached_property
    def behind(self) -> Worker | None:
        """The Rust behind the wasm-bindgen glue that this Worker's JavaScript imports, as a Worker of its own.

        None where there is no glue, and where no crate of the project is surely what the glue was built from.
        """
        source = self.source
        if source is None or source.language not in ("javascript", "typescript"):
            return None
        known = self.workspace.rust_behind
        if id(source) not in known:
            from wslint.project.glue import is_glue, rust_behind

            glued = any(is_glue(file) or b".wasm" in file.data for file in source.files)
            known[id(source)] = rust_behind(source, self.wasm_builds, self.workspace.files) if glued else None
        found = known[id(source)]
        if found is None:
            return None
        facts, crates = found
        read = Reading(self.entrypoint, self.entrypoint, facts)
        return Worker(self.config, self.workspace, lambda _: read, self, tuple(crates))

    @cached_property
    def hands_on_requests(self) -> bool:
        """Whether the Rust behind glue gets the requests as they came."""
        from wslint.project.glue import passes_request

        return self.front is not None and passes_request(self.front.flow)

    @cached_property
    def rust_crate(self) -> RustCrate | None:
        """The crate that the Worker is built from; None for one that is not Rust, and where it is not found."""
        if self.source is None or self.source.language != "rust":
            return None
        if self.crates:
            # Each crate of a workspace builds with the version that its one lock file pins.
            versions = {crate.worker_version for crate in self.crates}
            return self.crates[0] if len(versions) == 1 else None
        from wslint.project.worker_build import crate_of

        return crate_of(self.config, self.workspace.files)

    def package_versions(self, name: str) -> Versions | None:
        """The versions that an npm package may have in this project; None when nothing tells."""
        from wslint.source.javascript.versions import versions_of

        return versions_of(name, self.document.folder, self.workspace.files)

    def package_name(self, name: str) -> str:
        """The package that the project imports under a name: `"name": "npm:package@…"` in its package.json gives
        one another name."""
        from wslint.source.javascript.versions import aliased

        return aliased(name, self.document.folder, self.workspace.files)

    def flag_enabled(self, flag: str) -> bool | None:
        """Whether a compatibility flag holds, by list, date or implication; None when undecidable."""
        from wslint.compatibility import enabled

        if not self.config.flags_known:
            return None
        return enabled(
            flag, self.config.compatibility_date, [value.string or "" for value in self.config.flags]
        )


class Reader(Protocol):
    """Reads what the environments of one configuration lead to; those with the same entrypoint share its facts."""

    def __call__(self, config: WorkerConfig) -> Reading: ...

    def forget(self) -> None: ...


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
    readers: list[Reader] = field(default_factory=list)
    held: int = 0
    """Bytes of source that were read for Workers since `forget`."""
    flows: dict[int, Flow | None] = field(default_factory=dict)
    """What `Worker.flow` worked out, by source."""
    handshakes: dict[object, Handshake] = field(default_factory=dict)
    """What `Worker.handshake` played."""
    lives: dict[object, list[Life]] = field(default_factory=dict)
    """What `Worker.lives` played, by source, bindings and date."""
    rust_behind: dict[int, tuple[SourceFacts, list[RustCrate]] | None] = field(default_factory=dict)
    """What `Worker.behind` found, by source."""

    def forget(self) -> None:
        """Let go of what was read and played: whoever asks for it again has it made again."""
        for worker in self.workers:
            worker.__dict__.clear()
        for reader in self.readers:
            reader.forget()
        for known in (self.flows, self.handshakes, self.lives, self.rust_behind):
            known.clear()
        self.files.forget()
        self.held = 0

    @cached_property
    def workers_by_name(self) -> dict[str, list[Worker]]:
        found: dict[str, list[Worker]] = {}
        for worker in self.workers:
            if worker.name:
                found.setdefault(worker.name, []).append(worker)
        return found

    @cached_property
    def callers(self) -> dict[str | None, list[ConfigDocument]]:
        """The configurations that bind a Worker of each name: its objects, or itself as a service."""
        found: dict[str | None, list[ConfigDocument]] = {}
        for worker in self.workers:
            named = [binding.script_name for binding in worker.config.durable_objects]
            named += [
                bound.value.get("service") for bound in worker.config.bindings if bound.kind == "services"
            ]
            for value in named:
                if value is not None:
                    found.setdefault(value.string, []).append(worker.document)
        return found

    @cached_property
    def tails(self) -> list[tuple[Worker, Value]]:
        """The Workers that others are traced by, each named by the one that is traced."""
        found: list[tuple[Worker, Value]] = []
        for worker in self.workers:
            tails = worker.config.value("tail_consumers")
            for table in tails.tables() if tails is not None else ():
                service = table.get("service")
                if service is not None:
                    found.append((worker, service))
        return found

    def owner(self, worker: Worker, binding: DurableObjectBinding) -> list[Worker]:
        """The Workers of the workspace that `script_name` may mean; empty when there is none."""
        script = binding.script_name
        if script is None or script.string is None:
            return [worker]
        return self.workers_by_name.get(script.string, [])
