"""Errors that end a run: each becomes one line on stderr and exit code 2, never a traceback."""

from __future__ import annotations

EXIT_CLEAN, EXIT_FINDINGS, EXIT_FAILED, EXIT_INTERRUPTED, EXIT_TERMINATED = 0, 1, 2, 130, 143


class CheckError(Exception):
    """Nothing could be checked; the message says why and what to do."""
