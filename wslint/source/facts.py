"""The language-neutral model of a Worker's source.

An analyser reads one language and fills these classes; rules read them and know no syntax tree.
Every fact is yes, no or unknown. What an analyser could not follow it puts into `Unknown` with the
reason, and leaves the fact itself open (`None`, or a module's `open_exports`): a rule that needs an
open fact stays silent.
"""

from __future__ import annotations

from typing import Literal

from wslint.record import field, record
from wslint.text import Comment, SourceFile, Span

Language = Literal["javascript", "typescript", "rust", "python"]

ExportKind = Literal[
    "class",  # a class declaration or class expression
    "function",  # a function declaration, arrow or function expression
    "object",  # an object literal
    "value",  # another literal: a string, a number, an array, null …
    "unknown",  # a call, a parameter, something that could not be followed
]


@record
class Unknown:
    """Something static reading could not decide: what was not checked, and why.

    `span` is where it was met (an import that leads out of the tree, a generated file named in the
    config). `what` completes the sentence "not checked: …".
    """

    span: Span
    what: str
    why: str


@record
class ClassFacts:
    """One class as its source declares it.

    `bases` are the names of the base classes as they resolve: `cloudflare:workers.DurableObject`
    for a name imported from a module that wslint knows to exist outside the tree
    (`<module specifier>.<exported name>`), the plain name for a class of the project.
    `base_known` is False when some link of the chain could not be followed.
    `generated_from` is `"rust"` for a `#[durable_object]` struct and for wasm-bindgen glue.
    `constructs` is the name in the declaration of a class of such glue that this class's own constructor runs.
    """

    name: str
    span: Span  # the name in the declaration
    bases: tuple[str, ...] = ()
    base_known: bool = True
    generated_from: Literal["rust"] | None = None
    uses_sql: Span | None = None  # first use of storage.sql or storage.kv inside the class
    constructs: Span | None = None


@record
class ExportFact:
    """One name that leaves a module.

    `span` is the exported name where the entrypoint (or the module that starts the chain of
    re-exports) writes it; `declared` is where the value is declared, possibly in another file.
    `cls` is set when `kind` is `class` and the declaration was found.
    """

    name: str
    kind: ExportKind
    span: Span
    declared: Span | None = None
    cls: ClassFacts | None = None


@record
class BindingUse:
    """`env.NAME` in source.

    `method` is what is called on it right there (`idFromName` in `env.MATCH.idFromName(x)`), or
    None. `guarded` is True where the code itself allows for the binding's absence: `env.X?.…`,
    `if (env.X)`, `env.X ?? …`, `env.X && …`, `typeof`, `"X" in env`, `hasattr`, `getattr` with a
    default, `try` around it, Rust's `if let Ok(…)`.
    """

    name: str
    span: Span  # NAME
    method: str | None = None
    guarded: bool = False


@record
class ImportFact:
    """An import of something that is not a file of the project: `node:events`, `hono`."""

    specifier: str
    span: Span
    type_only: bool = False


@record
class SourceFacts:
    """Everything rules know of the code that a Worker's entrypoint reaches.

    `exports` maps exported name to fact; `default` is under the name `default`.
    `open_exports` holds the reasons why further names may be exported that were not seen
    (`export *` from a package, a syntax error at the top level); empty when the list is complete.
    `format` is `service-worker` when the entrypoint has no default export and registers a `fetch` listener.
    `files` are all files that were read, in reading order.
    `comments` holds only comments that contain `wslint:`.
    """

    language: Language
    entrypoint: SourceFile
    exports: dict[str, ExportFact] = field(default_factory=dict)
    open_exports: list[Unknown] = field(default_factory=list)
    format: Literal["modules", "service-worker", "unknown"] = "modules"
    service_worker_span: Span | None = None  # the addEventListener("fetch", …) call
    binding_uses: list[BindingUse] = field(default_factory=list)
    context_exports_uses: list[Span] = field(default_factory=list)  # `ctx.exports.X`
    imports: list[ImportFact] = field(default_factory=list)
    classes: dict[str, ClassFacts] = field(default_factory=dict)  # declared anywhere, by name
    files: list[SourceFile] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
