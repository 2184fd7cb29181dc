"""WS4: the handshake: forwarding the request, and the 101 response."""
