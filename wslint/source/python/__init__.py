"""Reads Workers written in Python: the entry module and the modules beside it."""

from __future__ import annotations

from wslint.source.python.analyser import analyse

__all__ = ["analyse"]
