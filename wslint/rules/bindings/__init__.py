"""WS2: entrypoint, bindings and exports."""
