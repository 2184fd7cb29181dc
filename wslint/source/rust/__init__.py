"""Reads Workers written in Rust: the crate behind `build/worker/shim.mjs`, before it is built."""

from __future__ import annotations

from wslint.source.rust.analyser import analyse

__all__ = ["analyse"]
