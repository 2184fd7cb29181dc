"""Writing to stdout, which may be full or gone."""

from __future__ import annotations

import os
import sys

import click

from wslint.errors import CheckError


def write(text: str, color: bool = False) -> None:
    """Write a result to stdout. Raises CheckError when the device is full; a closed pipe is click's affair."""
    try:
        click.echo(text, nl=False, color=True if color else None)
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is left in the buffer goes nowhere, else Python complains about it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CheckError(f"the output can't be written: {error.strerror or error}") from None
