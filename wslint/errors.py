"""Errors that end a run: each becomes one line on stderr and exit code 2, never a traceback."""

from __future__ import annotations


class CheckError(Exception):
    """Nothing could be checked; the message says why and what to do."""
