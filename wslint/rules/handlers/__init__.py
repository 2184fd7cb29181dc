"""WS5: handlers, messages and the life of a socket."""
