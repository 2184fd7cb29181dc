"""The colours of a report, by what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from wslint.finding import Severity

Role = Literal["error", "warning", "info", "frame", "path", "strong", "good", "quiet", "plain"]
Paint = Callable[[Role, str], str]

SEVERITY_ROLE: dict[Severity, Role] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
}


def plain(_role: Role, text: str) -> str:
    """No colour at all."""
    return text


def painter(color: bool) -> Paint:
    """The painter to use; click is only imported when there is something to paint."""
    if not color:
        return plain

    from click import style

    def paint(role: Role, text: str) -> str:
        match role:
            case "plain":
                return text
            case "error":
                return style(text, fg="bright_red", bold=True)
            case "warning":
                return style(text, fg="yellow", bold=True)
            case "info" | "frame":
                # Plain blue on black is close to unreadable in most terminals.
                return style(text, fg="bright_blue", bold=True)
            case "good":
                return style(text, fg="green", bold=True)
            case "path" | "strong":
                return style(text, bold=True)
            case "quiet":
                return style(text, dim=True)

    return paint
