"""From calls on `env` to binding uses: constants and helpers looked up across the files of all crates."""

from __future__ import annotations

from wslint.source.facts import BindingUse, SourceFacts, Unknown
from wslint.source.rust.bindings import ENVIRONMENT, HOPS, Candidate
from wslint.source.rust.helpers import Helper, calls_of
from wslint.source.rust.items import Constant, RustFile
from wslint.text import Span

Key = tuple[str | None, str]  # the type that a constant belongs to, and its name

HELPERS = 64
"""How many helper functions are followed to their callers."""


def add_binding_uses(facts: SourceFacts, read: list[RustFile]) -> None:
    """Adds the binding uses of these files, and what could not be followed."""
    constants = Constants(read)
    fields: dict[str, bool] = {}
    for file in read:
        for (_, field), declared in file.fields.items():
            fields[field] = fields.get(field, False) or ENVIRONMENT.search(declared) is not None
    waiting = [
        (file, candidate)
        for file in read
        for candidate in file.binding_uses
        if candidate.field is None or fields.get(candidate.field, False)
    ]
    named: list[tuple[Candidate, Span, RustFile]] = []
    followed: set[Helper] = set()
    for file, candidate in waiting:  # grows below
        span = candidate.name
        if span is None and candidate.reference is not None:
            span = constants.value(candidate.reference, candidate.owner, file)
        if span is not None:
            named.append((candidate, span, file))
            continue
        calls: list[tuple[RustFile, Candidate]] = []
        if candidate.parameter is not None and len(followed) < HELPERS:
            helper = Helper(candidate.parameter, candidate.method, candidate.guarded)
            if helper in followed:
                continue
            followed.add(helper)
            calls = calls_of(helper, read)
            waiting += calls
        if not calls:
            why = "its name is computed"
            facts.unknown.append(Unknown(candidate.span, "which binding this asks for", why))
    # A test for the binding guards every use of it in the same function.
    guarded = {(id(file), one.function, span.text) for one, span, file in named if one.guarded}
    for candidate, span, file in named:
        key = (id(file), candidate.function, span.text)
        facts.binding_uses.append(BindingUse(span.text, span, candidate.method, key in guarded))


class Constants:
    """Text constants of all crates, looked up from the place of use."""

    def __init__(self, read: list[RustFile]) -> None:
        self.everywhere: dict[Key, tuple[Constant, RustFile] | None] = {}  # None where they differ
        self.by_file: dict[int, dict[Key, Constant]] = {}
        for file in read:
            own = self.by_file.setdefault(id(file), {})
            for constant in file.constants:
                key = constant.owner, constant.name
                own.setdefault(key, constant)
                first = self.everywhere.setdefault(key, (constant, file))
                if first is not None and _value(first[0]) != _value(constant):
                    self.everywhere[key] = None

    def value(self, path: tuple[str, ...], owner: str | None, file: RustFile) -> Span | None:
        """The text that a path leads to; None when it leads out of the project or to several texts."""
        for _ in range(HOPS):
            found = self._find(path, owner, file)
            if found is None:
                return None
            constant, file = found
            if isinstance(constant.value, Span):
                return constant.value
            path, owner = constant.value, constant.owner
        return None

    def _find(
        self, path: tuple[str, ...], owner: str | None, file: RustFile
    ) -> tuple[Constant, RustFile] | None:
        resolved = file.resolve(path)
        name = resolved[-1]
        before = resolved[-2] if len(resolved) > 1 else ""
        of_type = owner if before == "Self" else before if before[:1].isupper() else None
        own = self.by_file[id(file)].get((of_type, name)) if len(path) == 1 or of_type else None
        return (own, file) if own is not None else self.everywhere.get((of_type, name))


def _value(constant: Constant) -> str:
    return constant.value.text if isinstance(constant.value, Span) else "::".join(constant.value)
