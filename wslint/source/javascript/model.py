"""What one module says, as plain data: no syntax tree is kept alive by it.

Names are resolved inside the module only. What another module is needed for is left as a name
(`Reference`) or a specifier, and answered by `graph`.
"""

from __future__ import annotations

from typing import Literal

from wslint.record import field, record
from wslint.source.facts import ExportKind
from wslint.text import Comment, SourceFile, Span

Reference = tuple[str, ...]
"""A name as written, split at its dots: `("Room",)`, `("workers", "DurableObject")`."""


@record
class Class:
    """One class as written. `base` is None when there is none or when it is no plain name."""

    name: str
    span: Span  # the name
    start: int
    end: int
    base: Reference | None = None
    has_base: bool = False
    generated_from: Literal["rust"] | None = None
    uses_sql: Span | None = None


@record
class Declaration:
    """A value declared at the top level of a module, or exported without a name.

    `kind` is `alias` when the value is another name (`target`). `start` and `end` delimit the
    value: the class, the function, the object literal.
    """

    name: str
    kind: ExportKind | Literal["alias"]
    span: Span
    start: int
    end: int
    target: Reference = ()
    cls: Class | None = None


@record
class Import:
    """An import statement, a re-export, `import()` or `require()`.

    `names` maps the local name to the name in the other module: `default`, or `*` for the whole
    module. `type_only` holds for imports that leave nothing in the compiled code, which includes
    TypeScript imports that are only used as types.
    """

    specifier: str
    span: Span  # the specifier with its quotes
    names: dict[str, str] = field(default_factory=dict)
    type_only: bool = False


@record
class Export:
    """One exported name: of a declaration here, of a local name, or of another module's export."""

    name: str
    span: Span
    declaration: Declaration | None = None
    local: str | None = None
    source: Import | None = None
    imported: str = ""


@record
class Module:
    """One file, read.

    `types` are the names that exist as types only; `exported_types` the exported ones.
    `hidden` are places that may hold exports that were not seen, with the reason.
    """

    file: SourceFile
    imports: list[Import] = field(default_factory=list)
    imported: dict[str, tuple[Import, str]] = field(default_factory=dict)
    declarations: dict[str, Declaration] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    exports: dict[str, Export] = field(default_factory=dict)
    exported_types: set[str] = field(default_factory=set)
    stars: list[Import] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    hidden: list[tuple[Span, str]] = field(default_factory=list)
    commonjs: Span | None = None
    listener: Span | None = None  # the addEventListener("fetch", …) call
    comments: list[Comment] = field(default_factory=list)
