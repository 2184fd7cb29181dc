"""Reads Workers written in Rust: the crate behind `build/worker/shim.mjs`, before it is built.

Nothing is imported here: `cargo.py` is asked whether there is a crate, for Workers that have none too.
"""
