"""What the editor offers at a finding: its fix, named as unsafe where it is one, and a comment that silences it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from wslint.finding import Edit, Finding, Fix
from wslint.fix import spliced
from wslint.record import frozen
from wslint.server.diagnostics import SOURCE
from wslint.server.project import State
from wslint.suppress_edit import suppression

if TYPE_CHECKING:
    from wslint.server.session import Session

MOST_COMMENTS = 4
"""Each is tried in a check of its own."""


@frozen
class Wanted:
    """What the editor asks for: the lines, the kinds of actions, the diagnostics that it shows there."""

    range: types.Range
    only: tuple[types.CodeActionKind | str, ...] = ()
    diagnostics: tuple[types.Diagnostic, ...] = ()


def offered(state: State, path: Path, wanted: Wanted, session: Session) -> list[types.CodeAction]:
    """The actions for the findings whose first lines the range touches, safe fixes first."""
    if wanted.only and not any(_is_quick(kind) for kind in wanted.only):
        return []
    safe: list[types.CodeAction] = []
    unsafe: list[types.CodeAction] = []
    silent: list[types.CodeAction] = []
    here = [
        finding
        for finding in state.proved().findings
        if finding.span.file.path == path and _touches(finding, wanted.range, session)
    ]
    for finding in here:
        fix = finding.fix
        if fix is not None and fix.edits and fix.applicability == "safe":
            safe.append(_action(finding, fix, wanted, session, preferred=True))
        elif fix is not None and fix.edits and fix.applicability == "unsafe":
            unsafe.append(_action(finding, fix, wanted, session))
    for finding in here[:MOST_COMMENTS]:
        edit = suppression(finding)
        if edit is not None and _silences(state, finding, edit):
            title = f"ignore {finding.code} here, with a reason"
            silent.append(_action(finding, Fix(title, "display", (edit,)), wanted, session))
    return safe + unsafe + silent


def _is_quick(kind: types.CodeActionKind | str) -> bool:
    text = str(getattr(kind, "value", kind))
    return text in ("", "quickfix")


def _touches(finding: Finding, asked: types.Range, session: Session) -> bool:
    shown = session.places.range(finding.span.head())
    return shown.start.line <= asked.end.line and asked.start.line <= shown.end.line


def _action(
    finding: Finding, fix: Fix, wanted: Wanted, session: Session, preferred: bool = False
) -> types.CodeAction:
    title = (
        f"{fix.title} ({finding.code}, unsafe: look at it)" if fix.applicability == "unsafe" else fix.title
    )
    shown = session.places.range(finding.span.head())
    answered = [
        each
        for each in wanted.diagnostics
        if each.source == SOURCE and each.code == finding.code and each.range == shown
    ]
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=answered or None,
        is_preferred=preferred or None,
        edit=_edit(fix.edits, session),
    )


def _edit(edits: tuple[Edit, ...], session: Session) -> types.WorkspaceEdit:
    """The edits by file; for an editor that can tell versions apart, of the version that they were made for."""
    by_path: dict[Path, list[types.TextEdit]] = {}
    for edit in edits:
        by_path.setdefault(edit.span.file.path, []).append(
            types.TextEdit(session.places.range(edit.span), edit.text)
        )
    if not session.versioned_edits:
        return types.WorkspaceEdit(
            changes={session.places.uri(path): found for path, found in by_path.items()}
        )
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(
                    session.places.uri(path), session.version(path)
                ),
                found,
            )
            for path, found in by_path.items()
        ]
    )


def _silences(state: State, finding: Finding, edit: Edit) -> bool:
    """Whether the comment does what it says, and nothing else: it may have come to stand in a text."""
    file = edit.span.file
    after = state.again({file.path: spliced(file.data, [edit])})
    before = state.result
    kinds = sorted((each.code, str(each.span.file.path)) for each in before.findings)
    kinds.remove((finding.code, str(finding.span.file.path)))
    left = sorted((each.code, str(each.span.file.path)) for each in after.findings)
    return left == kinds and after.suppressed == before.suppressed + 1
