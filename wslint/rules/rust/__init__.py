"""WS8: Rust and wasm."""
