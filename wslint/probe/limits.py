"""How much of an answer is read and kept. Whatever a server sends, a probe ends in bounded memory."""

HEAD = 64 * 1024
"""Bytes of all heads together, interim answers included."""

INTERIM = 8
"""Interim answers that are kept; their number is bounded by `HEAD` alone."""

BODY = 64 * 1024
"""Bytes of a refused handshake's body that are kept; the rest is not read."""

RECEIVE = 64 * 1024

MESSAGE = 8 * 1024 * 1024
"""Bytes of one message or frame; at a larger one the probe stops listening."""

MESSAGE_SHOWN = 4 * 1024
MESSAGES_SHOWN = 20

FRAMES = 10_000
STREAM = 16 * 1024 * 1024
"""Frames and bytes after the 101 past which the probe stops listening."""

SETTLE = 0.3
"""Seconds that an open socket is watched: the runtime drops one that it can't couple within 0.1 s."""
