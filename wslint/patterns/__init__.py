"""Regular expressions of the checked project, matched in bounded time.

A project's own pattern may be `(a|a)*$` or `(.*a){12}b`: Python's `re` tries every way through it. Here each
place of the pattern meets each place of the text at most once, so that the work is their product, and a budget
ends what is larger. Patterns are read as JavaScript or Python reads them; what the two read otherwise, or what
needs more than that (back references, look-behind), is not compiled: whether it matches is unknown then.

google-re2 would do it too, but its wheels leave out Alpine and older systems, and it reads a dialect of its own.
"""

from __future__ import annotations

from wslint.patterns.match import Match, Pattern, TooLong, compile_pattern

__all__ = ["Match", "Pattern", "TooLong", "compile_pattern"]
