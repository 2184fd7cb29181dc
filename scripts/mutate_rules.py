"""Mutation testing of the rules: which changes of a rule's logic does its test page not notice?

Usage: python scripts/mutate_rules.py [CODE …]

Each mutant changes one thing in a rule's functions: a comparison, a boolean operator, a negation, a
`continue` or an early `return`, a call of `any` or `all`. It survives when the rule still finds exactly
what its page says. Only the rule itself is run again, on workspaces that are loaded once.
"""

from __future__ import annotations

import ast
import copy
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.pages import TODAY, read_page, write
from wslint.check import attach_committed
from wslint.files import Files
from wslint.finding import Finding
from wslint.rules import LoadedRule, load_rules
from wslint.worker import Workspace
from wslint.workspace import add_shadowed, discover, load

PAGES = Path(__file__).parent.parent / "tests" / "rules"
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.Gt: ast.GtE,
    ast.LtE: ast.Lt,
    ast.GtE: ast.Gt,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Mutant:
    """One changed copy of a rule's module; `what` says what was changed on which line."""

    what: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    original = ast.parse(source)
    total = sum(1 for _ in ast.walk(original))
    for index in range(total):
        tree = copy.deepcopy(original)
        node = next(node for place, node in enumerate(ast.walk(tree)) if place == index)
        what = _mutate(node, tree)
        if what:
            yield Mutant(f"line {getattr(node, 'lineno', '?')}: {what}", ast.fix_missing_locations(tree))


def _mutate(node: ast.AST, tree: ast.Module) -> str:
    """Change a node in place; says how, or nothing where there is nothing to change."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        before = type(node.ops[0])
        node.ops[0] = SWAPS[before]()  # type: ignore[call-overload]
        return f"{before.__name__} became {type(node.ops[0]).__name__}"
    if isinstance(node, ast.BoolOp):
        before = type(node.op)
        node.op = SWAPS[before]()  # type: ignore[assignment]
        return f"{before.__name__} became {type(node.op).__name__}"
    if isinstance(node, ast.If) and isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not):
        node.test = node.test.operand
        return "`not` dropped"
    if (
        isinstance(node, ast.If)
        and len(node.body) == 1
        and isinstance(node.body[0], (ast.Continue, ast.Return))
    ):
        node.body = [ast.Pass()]
        return "early exit dropped"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("any", "all"):
        node.func.id = "all" if node.func.id == "any" else "any"
        return f"became `{node.func.id}`"
    return ""


def workspaces(loaded: LoadedRule, folder: Path) -> list[tuple[Workspace, set[tuple[str, int]]]]:
    """The page's projects, loaded, each with the places that the rule must report."""
    page = PAGES / f"{loaded.rule.code}-{loaded.rule.name}.md"
    found = []
    for number, project in enumerate(read_page(page.read_text(encoding="utf-8"))):
        if project.options:
            continue
        root = folder / str(number)
        write(project.files, root)
        files = Files(root)
        seen = discover([root], files)
        workspace = load(seen.configs, files, TODAY)
        add_shadowed(workspace, seen, files)
        attach_committed(workspace)
        wanted = {(item.path, item.line) for item in project.expected if item.code == loaded.rule.code}
        found.append((workspace, wanted))
    return found


def findings(check: object, reads: str, workspace: Workspace) -> set[tuple[str, int]]:
    """Where a check function reports something in a workspace."""
    subjects: dict[str, list[object]] = {
        "worker": list(workspace.workers),
        "document": list(workspace.documents),
        "workspace": [workspace],
        "unreadable": list(workspace.unreadable),
        "shadowed": list(workspace.shadowed),
    }
    return {
        (outcome.span.file.name, outcome.span.first.line)
        for subject in subjects.get(reads, [])
        for outcome in check(subject)  # type: ignore[operator]
        if isinstance(outcome, Finding)
    }


def survivors(loaded: LoadedRule) -> tuple[list[str], int]:
    """The mutants that the rule's page does not notice, and how many were tried."""
    left: list[str] = []
    count = 0
    source = Path(loaded.path).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        projects = workspaces(loaded, Path(name).resolve())
        for mutant in mutants(source):
            count += 1
            module = ModuleType(f"mutant_{loaded.rule.code}")
            module.__file__ = loaded.path
            try:
                exec(compile(mutant.tree, loaded.path, "exec"), module.__dict__)
                check = module.__dict__["check"]
                same = all(
                    findings(check, loaded.reads, workspace) == wanted for workspace, wanted in projects
                )
            except Exception:
                same = False
            if same:
                left.append(mutant.what)
    return left, count


def main(codes: list[str]) -> int:
    """Print the survivors of each rule and the totals."""
    tried = lived = 0
    for code, loaded in load_rules().items():
        if loaded.reads == "suppression" or (codes and code not in codes):
            continue
        left, count = survivors(loaded)
        tried, lived = tried + count, lived + len(left)
        print(f"{code} {loaded.rule.name}: {count - len(left)} of {count} noticed")
        for what in left:
            print(f"    {what}")
    print(f"{tried} mutants, {tried - lived} noticed, {lived} survived")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
