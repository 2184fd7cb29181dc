"""Tracing a handshake: `explore.trace` gives the hops and the predicted answer."""
