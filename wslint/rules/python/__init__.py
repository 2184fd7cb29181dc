"""WS9: Python."""
