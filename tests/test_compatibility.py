"""The table of flags, and what holds at a date."""

from __future__ import annotations

import re
from datetime import date

import pytest

from wslint.compatibility import (
    _TABLE,
    DATE,
    TABLE_DATE,
    TABLE_VERSION,
    Flag,
    disabling,
    enabled,
    features,
    flags,
    is_known,
    misspelt,
    newest_date,
    resembling,
)

HEADER, _, *LINES = _TABLE.read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES]


def test_every_row_is_read_once() -> None:
    assert len(ROWS) == len(flags()) > 200
    assert [row[0] for row in ROWS] == list(flags())
    names = [*flags(), *disabling()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_-]+", name) for name in names)


def test_the_header_names_the_version_and_date() -> None:
    assert TABLE_VERSION in HEADER
    assert TABLE_DATE in HEADER


@pytest.mark.parametrize("flag", flags().values(), ids=lambda flag: flag.enable)
def test_a_flag_is_sane(flag: Flag) -> None:
    for text in (flag.default_from, flag.implied_from):
        assert not text or (DATE.fullmatch(text) and date.fromisoformat(text))
    assert bool(flag.implied_by) == bool(flag.implied_from)
    assert not (flag.always_on and flag.default_from)
    assert set(flag.implied_by) <= set(flags())
    assert flag.enable != flag.disable


def test_chains_of_implication_end() -> None:
    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, above
        for parent in flags()[name].implied_by:
            walk(parent, (*above, name))

    for name in flags():
        walk(name, ())


def test_later_dates_only_turn_more_on() -> None:
    dates = sorted({flag.default_from or flag.implied_from for flag in flags().values()} - {""})
    for listed in ([], ["nodejs_compat"], ["no_nodejs_compat"], ["python_workers"], ["pedantic_wpt"]):
        before: frozenset[str] = frozenset()
        for day in dates:
            now = features(day, listed)
            assert before <= now
            before = now


@pytest.mark.parametrize(
    ("name", "day", "listed", "expected"),
    [
        # each row run on workerd 1.20261117
        ("nodejs_compat", "2026-07-01", [], False),
        ("nodejs_compat", "2026-08-04", [], True),
        ("nodejs_compat_v2", "2026-07-01", ["nodejs_compat"], True),
        ("nodejs_compat_v2", "2024-01-01", ["nodejs_compat"], False),
        ("nodejs_compat_v2", "2026-07-01", ["nodejs_compat", "no_nodejs_compat_v2"], False),
        ("nodejs_compat_v2", "2026-09-01", ["no_nodejs_compat"], True),
        ("nodejs_compat", "2026-09-01", ["no_nodejs_compat_v2"], True),
        ("enable_ctx_exports", "2025-11-16", [], False),
        ("enable_ctx_exports", "2025-11-17", [], True),
        ("enable_ctx_exports", "2025-11-16", ["enable_ctx_exports"], True),
        ("enable_ctx_exports", "2026-07-01", ["disable_ctx_exports"], False),
        # an always-on feature can be turned off, and implications follow one another
        ("r2_public_beta_bindings", "2021-11-02", [], True),
        ("r2_public_beta_bindings", "2026-07-01", ["r2_internal_beta_bindings"], False),
        ("enable_nodejs_http_server_modules", "2025-09-01", ["nodejs_compat"], True),
        (
            "enable_nodejs_http_server_modules",
            "2025-09-01",
            ["nodejs_compat", "disable_nodejs_http_modules"],
            False,
        ),
        ("python_workers", "2026-11-01", [], False),
        ("python_workers_20250116", "2025-09-29", ["python_workers"], True),
    ],
)
def test_enabled(name: str, day: str, listed: list[str], expected: bool) -> None:
    assert enabled(name, day, listed) is expected


def test_enabled_without_a_date() -> None:
    assert enabled("nodejs_compat", None, []) is None
    assert enabled("nodejs_compat", "2026-7-1", []) is None
    assert enabled("nodejs_compat", None, ["nodejs_compat"]) is True
    assert enabled("nodejs_compat", None, ["no_nodejs_compat"]) is False
    assert enabled("python_workers", None, []) is False, "no date turns it on"
    assert enabled("nodejs_zlib", None, []) is None, "through nodejs_compat"
    with pytest.raises(KeyError):
        enabled("no_such_flag", None, [])


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("2026-07-01", True),
        ("2026-02-30", True),
        ("2019-01-01", True),
        ("2026-7-1", False),
        ("07/01/2026", False),
        ("2026-07-01T00:00:00Z", False),
        ("2026-13-01", False),
        ("2026-00-01", False),
        ("2026-01-00", False),
        ("2026-01-32", False),
        ("1999-01-01", False),
        (" 2026-07-01", False),
        ("", False),
        ("\uff12026-07-01", False),
        ("202\u0666-07-01", False),
    ],
)
def test_dates_as_workerd_takes_them(text: str, taken: bool) -> None:
    assert bool(DATE.fullmatch(text)) is taken


def test_newest_date_is_never_in_the_future() -> None:
    assert newest_date(date(2025, 1, 2)) == "2025-01-02"
    assert newest_date(date(2030, 1, 2)) == TABLE_DATE


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("nodejs-compat", "nodejs_compat"),
        ("nodeJsCompat", "nodejs_compat"),
        ("NODEJS_COMPAT", "nodejs_compat"),
        ("nodejs_compat ", "nodejs_compat"),
        ("node_compat", "nodejs_compat"),
        ("nodejs_comapt", "nodejs_compat"),
        ("nodejs_compatibility", "nodejs_compat"),
        ("python_worker", "python_workers"),
        ("global_fetch_strict_public", "global_fetch_strictly_public"),
        ("websocket_compression", "web_socket_compression"),
        ("no_websocket_compression", "no_web_socket_compression"),
        ("nodejs_compat_v2", None),  # known
        ("nodejs_compat_v3", None),
        ("python_workers_20270101", None),
        ("nodejs_process_version_26", None),
        ("remove_nodejs_compat_eol_v25", None),
        ("enable_nodejs_qs_module", None),
        ("kv_binding_jsrpc", None),
        ("no_python_workers", None),
        ("experimental:nodejs_compat_v2", None),
        ("", None),
    ],
)
def test_misspelt(written: str, meant: str | None) -> None:
    assert misspelt(written) == meant


def test_no_known_flag_is_misspelt_and_all_survive_other_separators() -> None:
    for name in (*flags(), *disabling()):
        assert is_known(name)
        assert misspelt(name) is None
        assert misspelt(name.upper().replace("_", "-")) == name


def test_resembling_never_suggests_the_opposite() -> None:
    assert resembling("nodejs_compat_populate_env") == "nodejs_compat_populate_process_env"
    assert resembling("no_enable_ctx_exports") != "enable_ctx_exports"
    assert resembling("frobnicate") is None
