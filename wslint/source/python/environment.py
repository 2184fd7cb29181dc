"""Follows `env` through the modules of a Worker, from where the runtime hands it over."""

from __future__ import annotations

from collections.abc import Iterator

from wslint.source.python import flow
from wslint.source.python.flow import Computed, Event, Kept, Passed, Read, Returned
from wslint.source.python.model import Class, Function, Module
from wslint.source.python.resolve import Project
from wslint.text import Span

HANDLERS = frozenset({"fetch", "scheduled", "queue", "email", "tail", "trace", "test"})
FAMILY = 64
"""How many subclasses a call on `self` is followed to."""

ALIASES = 32
"""How many names for `env` are followed in one function."""


def reads_of_environment(modules: Project, exported: set[int]) -> tuple[list[Read], list[Span]]:
    """Every read of a binding, by module and place, and the reads whose names could not be followed.

    `exported` has the ids of the exported classes' facts.
    """
    tracker = _Tracker(modules)
    for module in modules.order:
        tracker.seed(module, exported)
    tracker.run()
    tracker.join()
    order = {id(module.file): position for position, module in enumerate(modules.order)}
    unique = {(order[id(read.name.file)], read.name.start): read for read in tracker.reads}
    lost = {(order[id(span.file)], span.start): span for span in tracker.lost}
    return [unique[key] for key in sorted(unique)], [lost[key] for key in sorted(lost)]


class _Tracker:
    def __init__(self, modules: Project) -> None:
        self.modules = modules
        self.reads: list[Read] = []
        self.lost: list[Span] = []
        self.computed: list[tuple[Module, Computed]] = []
        self.calls: dict[int, list[tuple[Passed, int, Module]]] = {}
        self.waiting: list[tuple[Module, list[Event]]] = []
        self.seen: set[tuple[int, str]] = set()
        self.names: dict[int, int] = {}
        self._names_of: dict[int, list[tuple[Module, str]]] | None = None
        self.place: dict[int, Module] = {}
        self.derived: dict[int, list[Class]] = {}
        self.ancestors: dict[int, list[Class]] = {}
        for module in modules.order:
            for cls in module.classes:
                self.place[id(cls)] = module
                above = [one for one, _ in modules.ancestors(cls, module)]
                self.ancestors[id(cls)] = above
                for one in above:
                    self.derived.setdefault(id(one), []).append(cls)

    def seed(self, module: Module, exported: set[int]) -> None:
        """Where `env` comes from: entrypoint classes, `on_*` handlers, `workers.env`, ASGI's scope."""
        for cls in module.classes:
            facts = self.modules.class_facts(cls, module)
            of_runtime = any(base.startswith("workers.") for base in facts.bases)
            if of_runtime or (not facts.base_known and id(facts) in exported):
                self.attribute(cls, "env")
                for one in [cls, *self.ancestors[id(cls)]]:
                    for method in one.methods.values():
                        if method.name.removeprefix("on_") in HANDLERS or method.name == "__init__":
                            self.parameter(method, 2, self.place[id(one)])
        for name, definitions in module.names.items():
            for definition in definitions:
                if definition.function is not None and name.startswith("on_"):
                    self.parameter(definition.function, 1, module)
        for names in (module.names, {name: [one] for name, one in module.local_names.items()}):
            for name, definitions in names.items():
                imported = definitions[-1].imported
                if imported is None or imported.level or imported.module != "workers":
                    continue
                if imported.name == "env":
                    self.waiting.append((module, flow.scan_name(module, None, name)))
                elif imported.name is None:
                    self.waiting.append((module, flow.scan_member(module, name, "env")))
        self.waiting.append((module, flow.scan_scope(module)))

    def run(self) -> None:
        while self.waiting:
            module, events = self.waiting.pop()
            for event in events:
                if isinstance(event, Read):
                    self.reads.append(event)
                elif isinstance(event, Computed):
                    self.computed.append((module, event))
                elif isinstance(event, Kept):
                    self.kept(module, event)
                elif isinstance(event, Returned):
                    self.returned(module, event)
                else:
                    self.passed(module, event)

    def join(self) -> None:
        """Finds the names that `def value(env, name)` reads in the calls that hand `env` to it."""
        for module, event in self.computed:
            function = module.function_at(event.span.start)
            calls = self.calls.get(id(function), [])
            names = function.parameters if function is not None else ()
            if not calls or event.variable not in names:
                self.lost.append(event.span)
                continue
            for passed, skipped, caller in calls:
                texts = dict(passed.texts)
                name = texts.get(event.variable) or texts.get(names.index(event.variable) - skipped)
                if name is None:
                    self.lost.append(event.span)
                else:
                    around = caller.function_at(passed.offset)
                    scope = around.start if around is not None else -1
                    self.reads.append(Read(name, event.method, event.guarded, scope))

    def returned(self, module: Module, event: Returned) -> None:
        """What calls a function that returns `env`, by any name it has in the project's modules."""
        function = module.function_at(event.offset)
        if function is None or not self.once(id(function), "return"):
            return
        if function.owner is not None:
            for one in [function.owner, *self.derived.get(id(function.owner), [])]:
                place = self.place[id(one)]
                self.waiting.append((place, flow.scan_call(place, f"self.{function.name}")))
            return
        for place, name in self.names_of().get(id(function), []):
            self.waiting.append((place, flow.scan_call(place, name)))

    def names_of(self) -> dict[int, list[tuple[Module, str]]]:
        """Every name that a function has in some module, by function."""
        if self._names_of is None:
            self._names_of = {}
            for place in self.modules.order:
                for name in {**place.names, **place.local_names}:
                    found = self.modules.path(place, (name,))
                    if found is not None and found.function is not None:
                        self._names_of.setdefault(id(found.function), []).append((place, name))
        return self._names_of

    def kept(self, module: Module, event: Kept) -> None:
        cls = module.class_at(event.offset)
        function = module.function_at(event.offset)
        if event.attribute:
            if cls is not None:
                self.attribute(cls, event.name)
        elif function is not None:
            self.name(function, event.name, module)
        elif cls is None and self.once(id(module), event.name):
            self.waiting.append((module, flow.scan_name(module, None, event.name)))

    def passed(self, module: Module, event: Passed) -> None:
        for function, skipped, place in self.callees(module, event):
            self.calls.setdefault(id(function), []).append((event, skipped, module))
            if event.keyword is not None:
                if event.keyword in function.keywords:
                    self.name(function, event.keyword, place)
            elif event.position is not None:
                self.parameter(function, event.position + skipped, place)

    def callees(self, module: Module, event: Passed) -> Iterator[tuple[Function, int, Module]]:
        """The functions of the project that a call may run, with how many parameters come by themselves."""
        callee = event.callee
        cls = module.class_at(event.offset)
        if callee[0] in ("self", "cls", "super") and cls is not None:
            if len(callee) == 2:
                family = [cls] if callee[0] != "super" else []
                for one in [*family, *self.ancestors[id(cls)], *self.derived.get(id(cls), [])[:FAMILY]]:
                    method = one.methods.get(callee[1])
                    if method is not None:
                        yield method, 0 if method.static else 1, self.place[id(one)]
            return
        found = self.modules.path(module, callee)
        if found is None or found.module is None:
            return
        if found.function is not None:
            bound = found.function.owner is not None and not found.function.static
            takes_class = bound and found.function.parameters[:1] == ("cls",)
            yield found.function, 1 if takes_class else 0, found.module
        elif found.cls is not None:
            yield from self.constructors(found.cls, event)

    def constructors(self, cls: Class, event: Passed) -> Iterator[tuple[Function, int, Module]]:
        for one in [cls, *self.ancestors.get(id(cls), [])]:
            method = one.methods.get("__init__")
            if method is not None:
                yield method, 1, self.place[id(one)]
                return
        taken = [field for one in reversed([cls, *self.ancestors.get(id(cls), [])]) for field in one.fields]
        if event.keyword in taken:
            self.attribute(cls, event.keyword or "")
        elif event.position is not None and event.position < len(taken):
            self.attribute(cls, taken[event.position])

    def parameter(self, function: Function, position: int, module: Module) -> None:
        if position < len(function.parameters):
            self.name(function, function.parameters[position], module)

    def name(self, function: Function, name: str, module: Module) -> None:
        count = self.names.get(id(function), 0)
        if count < ALIASES and self.once(id(function), name):
            self.names[id(function)] = count + 1
            self.waiting.append((module, flow.scan_name(module, function, name)))

    def attribute(self, cls: Class, name: str) -> None:
        """An attribute of a class is one of its whole family: mixins and subclasses read it too."""
        for one in [cls, *self.ancestors.get(id(cls), []), *self.derived.get(id(cls), [])]:
            if self.once(id(one), name):
                module = self.place[id(one)]
                self.waiting.append((module, flow.scan_attribute(module, one, name)))

    def once(self, key: int, name: str) -> bool:
        if (key, name) in self.seen:
            return False
        self.seen.add((key, name))
        return True
