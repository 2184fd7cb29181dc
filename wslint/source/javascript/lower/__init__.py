"""JavaScript and TypeScript lowered to the language-neutral `tree`.

`lowering` dispatches on a node's type to the functions of the other modules and bounds the depth;
`chains` has what nests to the left (`a.b().c`, `a + b + c`), `operators` and `literals` the other
expressions, `functions`, `patterns` and `classes` what they say, `statements`, `branches` (`if`,
`switch`) and `modules` (imports, exports, namespaces) the statements.
"""

from __future__ import annotations

from wslint.files import Files
from wslint.source import tree
from wslint.source.javascript.lower import (
    branches,
    chains,
    classes,
    functions,
    literals,
    modules,
    operators,
    statements,
)
from wslint.source.javascript.lower.lowering import Lowering
from wslint.source.javascript.lower.relevance import needs_lowering
from wslint.source.javascript.syntax import syntax_of
from wslint.text import SourceFile

__all__ = ["lower", "needs_lowering"]

_EXPRESSIONS = {
    **chains.EXPRESSIONS,
    **classes.EXPRESSIONS,
    **functions.EXPRESSIONS,
    **literals.EXPRESSIONS,
    **operators.EXPRESSIONS,
}
_STATEMENTS = {
    **branches.STATEMENTS,
    **classes.STATEMENTS,
    **functions.STATEMENTS,
    **modules.STATEMENTS,
    **statements.STATEMENTS,
}


def lower(file: SourceFile, files: Files) -> tree.Module:
    """The file as a `tree.Module`, made once a run. Never raises for what is in the file.

    A file that the parser refuses is one `Opaque` error.
    """
    key = ("javascript lowered", str(file.path))
    known = files.cache.get(key)
    if isinstance(known, tree.Module):
        return known
    syntax = syntax_of(files, file)
    module = tree.Module([], [])
    if syntax is None:
        end = len(file.data)
        module.body.append(tree.Do(0, end, tree.Opaque(0, end, is_error=True)))
    else:
        lowering = Lowering(file.data, syntax.root, _EXPRESSIONS, _STATEMENTS)
        modules.program(lowering, syntax.root, module.body)
        module.imports = lowering.imports
        modules.with_aliases(module, lowering.aliases)
    files.cache[key] = module
    return module
