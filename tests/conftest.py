"""On CI a test that is skipped is a failure: nothing there may be missing, but for what no registry has."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import nullcontext

import pytest

from tests.runtime import progress, survivors
from tests.runtime.tools import BUILT


def pytest_configure(config: pytest.Config) -> None:
    """Before the first test: the standard error is kept for long set-ups, and what tests start will end with them."""
    os.environ["WSLINT_STRICT"] = "1"  # a mistake of the machine's is one here
    # What tests run keeps its answers apart from those of whoever runs them; what tests build stays where it is.
    os.environ.setdefault(BUILT, os.environ.get("XDG_CACHE_HOME", ""))
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="wslint-cache-")
    capture = config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture is not None else nullcontext():
        progress.remember()
    survivors.watch()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(os.environ.pop("XDG_CACHE_HOME"), ignore_errors=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Turn a green run with skips into a red one where `WSLINT_REQUIRE_RUNTIME=1` says that all must run.

    The one exemption is workerd's own Pyodide bundle, which only Cloudflare's servers have: a test that needs it
    is marked `bundle`, and its skip tells so."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    required = os.environ.get("WSLINT_REQUIRE_RUNTIME") == "1"
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if required and exitstatus == 0 and any("bundle" not in report.keywords for report in skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
