"""A small syntax tree that JavaScript, TypeScript, Python and Rust are all lowered to.

The handshake's rules ask what a value becomes: which end of a pair was accepted, what happens to a
stub's response. That question is the same in every language, so each analyser only *lowers* its
syntax to these nodes and one interpreter (`flow`) follows the values. What a language has no
counterpart for becomes `Opaque`: its parts are visited, its value is unknown.

`start` and `end` are byte offsets in the module's file.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from wslint.record import field, record


@record
class Node:
    start: int
    end: int


@record
class Aside:
    """Nodes that stand elsewhere in the tree too: a walk over all nodes does not come to them from here."""

    held: dict[int, Node]


@record
class Name(Node):
    """A variable. `self` and `this` are both called `this`."""

    name: str


@record
class Member(Node):
    """`object.name`. A private `#name` keeps its `#`. `name_start` is where the name begins.

    `optional` is `?.`. Rust's `Type::name` is a member too.
    """

    object: Expression
    name: str
    name_start: int
    optional: bool = False


@record
class Attribute(Member):
    """Python's `getattr(object, "name")`, with a `default` where one is given."""

    default: Expression | None = None


@record
class Index(Node):
    """`object[index]`; `optional` is `?.[`."""

    object: Expression
    index: Expression
    optional: bool = False


@record
class NumberedField(Index):
    """Rust's `object.0`: a part that its type has, unlike `object[0]`."""


@record
class AttributeIndex(Index):
    """Python's `getattr(object, index)`, with a `default` where one is given."""

    default: Expression | None = None


@record
class Slice(Node):
    """`lower:upper:step`, the index of Python's slices."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None


@record
class Call(Node):
    """`function(arguments)`, `new function(arguments)` where `new` is set.

    Python's keyword arguments are `keywords`. Pyodide's `X.new(…)` is lowered as `new` of `X`.
    """

    function: Expression
    arguments: list[Expression]
    new: bool = False
    optional: bool = False
    keywords: list[TableEntry] = field(default_factory=list)


@record
class Tagged(Call):
    """``tag`text ${value}` ``: a call whose one argument is the template. `raw` are its fixed parts as written."""

    raw: list[str] = field(default_factory=list)


@record
class Keys(Call):
    """`for (… in value)`: the call of `Object.keys` that it comes close to. Of null there are none."""


@record
class Clause(Node):
    """One more `for target in iterable` of a comprehension, or an `if test`."""

    target: Pattern | None
    iterable: Expression | None
    test: Expression | None = None
    is_async: bool = False


@record
class Comprehension(Call):
    """Python's `[value for x in y]` as the call that JavaScript has for it: `y.map((x) => value)`.

    What `map` has no place for follows: `clauses` are the first `for`'s conditions and all that comes after them,
    `key` is a dict's.
    """

    kind: Literal["list", "set", "dict", "generator"] = "list"
    clauses: list[Clause] = field(default_factory=list)
    key: Expression | None = None


@record
class Text(Node):
    """A string or template. `parts` alternates between fixed text and expressions; `value` is the
    whole text when nothing is substituted."""

    value: str | None
    parts: list[str | Expression] = field(default_factory=list)


@record
class Number(Node):
    value: float


@record
class BigInt(Number):
    """`10n`, which is no number."""


@record
class Constant(Node):
    """`null` (also `None`), `undefined`, `true`, `false`."""

    value: Literal["null", "undefined", "true", "false"]


@record
class TableEntry(Node):
    """`key: value` in an object literal or a keyword argument. `key` is None where it is `computed`,
    and for a spread, whose `value` is then a `Spread`. An `accessor` that is a getter is the call of its function."""

    key: str | None
    key_start: int
    key_end: int
    value: Expression
    computed: Expression | None = None
    accessor: Literal["", "getter", "setter"] = ""


@record
class Table(Node):
    """An object or dict literal. Methods are entries whose value is a `Function`."""

    entries: list[TableEntry]

    def get(self, key: str) -> TableEntry | None:
        """The last entry of this key: later ones win."""
        return next((entry for entry in reversed(self.entries) if entry.key == key), None)

    @property
    def closed(self) -> bool:
        """Whether every key is known: no spread, no computed key."""
        return all(entry.key is not None for entry in self.entries)


@record
class Enumeration(Table):
    """The members of a TypeScript enum; one without a value is `Opaque`, and one more than the one before."""


@record
class Array(Node):
    """An array, list, tuple or set literal; `kind` is Python's name for it."""

    items: list[Expression]
    kind: Literal["", "list", "tuple", "set"] = ""


@record
class Spread(Node):
    """`...value`, `*value`, `**value`."""

    value: Expression


@record
class Parameter(Node):
    """One parameter. `pattern` is a `Name`, `ArrayPattern` or `TablePattern`; `rest` for `...x`.

    `type_name` is the written type's last name (`Request`, `WebSocket`), None without one. Python's parameters
    after `*` are `keyword` ones, and `**x` is `rest` too.
    """

    pattern: Pattern
    default: Expression | None = None
    rest: bool = False
    type_name: str | None = None
    keyword: bool = False


@record
class Function(Node):
    """A function, method, arrow, lambda or closure. An arrow's expression body is one `Return`.

    `name_start` is where the name (of a function or method) begins, or the function itself.
    """

    name: str | None
    name_start: int
    parameters: list[Parameter]
    body: list[Statement]
    is_async: bool = False
    is_arrow: bool = False
    is_generator: bool = False
    receiver: str | None = None
    """What a method of Python's calls its first parameter, which is not among `parameters`."""
    decorators: list[Expression] = field(default_factory=list)
    """Python's, outermost first; not those that say what kind of method it is."""
    outer: list[tuple[str, str]] = field(default_factory=list)
    """The names that Python's `global` and `nonlocal` declare, each with which of the two."""
    encloses: bool = True
    """Whether functions inside it may see its names after it has ended."""


@record
class ClassMember(Node):
    """A member of a class: a method (`value` is a `Function`), or a field with its initial value."""

    name: str
    name_start: int
    kind: Literal["method", "field", "getter", "setter"]
    static: bool
    private: bool  # really private: `#name`; TypeScript's `private` is erased
    value: Expression | None


@record
class Class(Node):
    """A class; for Rust a struct with the methods of its impl blocks. Rust's `impl Trait` names go
    into `traits`, attributes such as `durable_object(fetch)` into `attributes` as written."""

    name: str | None
    name_start: int
    bases: list[Expression]
    members: list[ClassMember]
    traits: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    decorators: list[Expression] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    """Of a struct of Rust: its fields, with their types as written."""
    variants: dict[str, int] = field(default_factory=dict)
    """Of an enum: how many items each variant has, -1 for named fields."""

    @cached_property
    def member_names(self) -> frozenset[str]:
        return frozenset([item.name for item in self.members])


@record
class Assign(Node):
    """`target = value`; `operator` is `=`, `+=`, `??=` …"""

    target: Pattern
    value: Expression
    operator: str = "="


@record
class Update(Assign):
    """`target++`, `--target`: an assignment of 1 more or less. `postfix` where its value is the one before."""

    postfix: bool = False


@record
class Default(Assign):
    """What a default inside of a pattern amounts to, close enough, as a statement after it: `target ??= value`. Who
    binds the pattern with its own `defaults` has nothing to do here."""


@record
class Operation(Node):
    """Any operator over its operands: `!`, `===`, `&&`, `??`, `?:`, `in`, `not`, `-`, `typeof`…

    Names are JavaScript's: Python's `not`, `and`, `or`, `is`, `==` are `!`, `&&`, `||`, `===`, `===`.
    """

    operator: str
    operands: list[Expression]


@record
class IdentityTest(Operation):
    """Python's `is` (`===`) and `is not` (`!==`) between two things of which neither is None, True or False."""


@record
class InstanceTest(Operation):
    """Python's `isinstance(value, cls)`. Its operands are what JavaScript asks for a text: `typeof value ===
    "string"`."""

    cls: Expression | None = None


@record
class Yield(Node):
    """`yield value`; `each` is `yield*` and `yield from`."""

    value: Expression | None
    each: bool = False


@record
class Await(Node):
    """`await value`, `value.await`."""

    value: Expression


@record
class Opaque(Node):
    """Something with no counterpart here (JSX, a macro, an error in the source)."""

    parts: list[Expression] = field(default_factory=list)
    is_error: bool = False


@record
class ArrayPattern(Node):
    """`[a, b]`; a hole is None. `defaults` are by place."""

    items: list[Pattern | None]
    defaults: Aside | None = None


@record
class TablePattern(Node):
    """`{ key: pattern }`; `rest` is the name that `...rest` binds, `filled` whether the first entry has a default.
    `defaults` and `computed` keys are by place."""

    entries: list[tuple[str, Pattern]]
    rest: str | None = None
    filled: bool = False
    defaults: Aside | None = None
    computed: Aside | None = None


# What only Rust has: patterns that may not fit, and expressions that hold statements.


@record
class CasePattern(Node):
    """`Some(x)`, `Kind::Text(x)`, `Player { name, .. }`: by the path's parts, with items or fields inside."""

    path: list[str]
    items: list[Pattern] = field(default_factory=list)
    fields: list[tuple[str, Pattern]] = field(default_factory=list)


@record
class ValuePattern(Node):
    """A literal or a constant: fits what equals it."""

    value: Expression


@record
class RangePattern(Node):
    """`low..=high`; either end may be open."""

    low: Expression | None
    high: Expression | None
    inclusive: bool


@record
class EitherPattern(Node):
    """`a | b`."""

    items: list[Pattern]


@record
class AliasPattern(Node):
    """`name @ pattern`."""

    name: str
    pattern: Pattern


@record
class RestPattern(Node):
    """`..` among the items of a slice or a tuple."""


@record
class IsCase(Node):
    """Whether a value fits a pattern (`if let`, an arm of a `match`). The pattern's names are bound in the scope
    around it."""

    value: Expression
    pattern: Pattern


@record
class Propagate(Node):
    """`value?`: `None` and `Err` leave the function. `option` is set where it gives an Option."""

    value: Expression
    option: bool = False


@record
class Block(Node):
    """Statements as a value: the one of the `break` that names its label."""

    body: list[Statement]
    label: str | None = None


@record
class Build(Node):
    """`Type { name: value }`; `variant` is the variant's name where the type is an enum."""

    type: Expression
    variant: str
    fields: Table


@record
class Lend(Node):
    """`&mut place`: whoever gets it may write to the place."""

    place: Expression


Pattern = (
    Name | ArrayPattern | TablePattern | Member | Index | Opaque | CasePattern | ValuePattern | RangePattern
    | EitherPattern | AliasPattern | RestPattern
)  # fmt: skip
Expression = (
    Name | Member | Index | Call | Text | Number | Constant | Table | Array | Spread | Function | Class | Assign
    | Operation | Await | Yield | Opaque | Slice | IsCase | Propagate | Block | Build | Lend
)  # fmt: skip


@record
class Declare(Node):
    """`const pattern = value`; functions and classes declare their name this way too."""

    pattern: Pattern
    value: Expression | None
    kind: Literal["const", "let", "var", "function", "class"] = "let"


@record
class Initial(Declare):
    """What a `for` declares, in front of its loop. The loop has it too, in a scope of its own."""


@record
class Do(Node):
    """An expression as a statement."""

    value: Expression


@record
class Return(Node):
    """`return value`; Rust's last expression of a function too."""

    value: Expression | None


@record
class Throw(Node):
    value: Expression | None


@record
class Jump(Node):
    """`break` or `continue`, of the innermost loop or of the one that `label` names. `value` is what the labelled
    block or loop then is."""

    kind: Literal["break", "continue"] = "break"
    label: str | None = None
    value: Expression | None = None


@record
class If(Node):
    """`if`, and every arm of a `switch` or `match` as a chain of them.

    The first arm of a chain has its `subject`: the value that all its arms test, which is read once. A `break`
    without a label leaves a JavaScript `switch`. `binds` is set where the test has names of its own.
    """

    test: Expression
    then: list[Statement]
    otherwise: list[Statement]
    subject: Expression | None = None
    binds: bool = False


@record
class Loop(Node):
    """Any loop. `target` and `iterable` are set for loops over something.

    The last `steps` statements of the body are what a `for` does after each round, `continue` or not.
    `runs_once` is a `do … while`: its test comes after the body. `otherwise` is Python's `else`, which runs
    where no `break` ended the loop. `initial` are the declarations of a `for`, whose names are new in each round where
    something in the loop `captures` them.
    """

    target: Pattern | None
    iterable: Expression | None
    test: Expression | None
    body: list[Statement]
    steps: int = 0
    runs_once: bool = False
    label: str | None = None
    otherwise: list[Statement] = field(default_factory=list)
    initial: Aside | None = None
    captures: bool = False


@record
class Catch(Node):
    """One `except`: the exceptions that it takes (None: all), the name that it binds, and how many of the handler's
    statements are its own."""

    types: Expression | None
    name: str | None
    count: int


@record
class Try(Node):
    """`try`/`except`/`finally`. `handled` is False for a `try … finally` alone.

    `catches` are Python's handlers in order; their bodies stand in `handler`, one after the other. The last
    `otherwise` statements of the body are Python's `else`, which no handler guards.
    """

    body: list[Statement]
    handler: list[Statement]
    final: list[Statement]
    handled: bool
    catches: list[Catch] = field(default_factory=list)
    otherwise: int = 0


@record
class Managed(Try):
    """Python's `with value as target`: its body, whose first statement is what `as` binds. `manager` holds the value
    at 0 and the target at 1."""

    manager: Aside | None = None


@record
class Scoped(Try):
    """A block that is a scope of its own, or a statement with a `label` that `break` may leave: a `try` that guards
    nothing."""

    label: str | None = None


Statement = Declare | Do | Return | Throw | Jump | If | Loop | Try


STAR = "export * from "
"""How the local name of an import begins that stands for `export * from "…"`: no name of a program does."""


@record
class Import(Node):
    """One imported name: `import { imported as local } from "specifier"`.

    `imported` is `default`, `*` for the whole module, or a name.
    """

    specifier: str
    imported: str
    local: str


@record
class Module:
    """One lowered file: its imports and its top-level statements."""

    imports: list[Import]
    body: list[Statement]
