"""What `wslint server` does: speak the language server protocol on stdin and stdout until the editor ends it."""

from __future__ import annotations

from wslint.errors import EXIT_CLEAN, CheckError

INSTALL = "server needs the package `pygls` beside wslint: pip install 'pygls>=2,<3' (or pipx inject wslint 'pygls>=2,<3')"


def run_server() -> int:
    """Serve, and return the exit code. Raises CheckError where the extra is not installed."""
    try:
        import pygls.lsp.server  # noqa: F401
    except ImportError:
        raise CheckError(INSTALL) from None
    from wslint.server.protocol import make_server

    make_server().start_io()
    return EXIT_CLEAN
