"""Kinds of values on the command line, shared by the commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from datetime import date

    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # older ones than click 8.4 are not generic


class DateType(ParamType):
    """A day, as `2026-11-23` and in no other form."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from datetime import date

        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:  # 20261123 and 2026-W48-1 are ISO dates as well
            self.fail(f"{value} is no date of the form YYYY-MM-DD", param, ctx)
        return day


class RulesType(ParamType):
    """Rule codes, prefixes or names, separated by commas; completes codes."""

    name = "CODES"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        from wslint.settings import rule_names

        option = param.opts[0] if param is not None else "rules"
        return rule_names([part for part in value.split(",") if part.strip()], option)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        from wslint.rules import load_rules

        head, comma, last = incomplete.rpartition(",")
        return [
            click.shell_completion.CompletionItem(head + comma + code, help=loaded.summary)
            for code, loaded in load_rules().items()
            if code.startswith(last.upper())
        ]


def options(*decorators: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The options of a command as one decorator, in the order of its help."""

    def decorate(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate
