"""One evaluator for JavaScript, TypeScript, Python and Rust over the lowered tree."""
