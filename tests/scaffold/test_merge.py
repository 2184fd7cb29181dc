"""Merging three texts: what only one side changed is taken, what both changed is marked, and nothing is lost."""

from __future__ import annotations

from collections import Counter

import tomli
from hypothesis import given
from hypothesis import strategies as st

from wslint.scaffold_merge import MIDDLE, MINE, THEIRS, TOML_MARK, merge_text, merge_toml

LINES = st.lists(st.sampled_from("abcdef"), max_size=12).map(lambda lines: "".join(f"{x}\n" for x in lines))


@given(LINES, LINES)
def test_what_one_side_changed_is_taken(base: str, other: str) -> None:
    for merged in (merge_text(base, base, other), merge_text(base, other, base)):
        assert (merged.text, merged.conflicts) == (other, 0)
    both = merge_text(base, other, other)
    assert (both.text, both.conflicts) == (other, 0)


@given(LINES, LINES, LINES)
def test_nothing_is_lost(base: str, mine: str, theirs: str) -> None:
    """Each line that a side has and the others had not is there, and its own text can be read out of the marked one."""
    merged = merge_text(base, mine, theirs)
    assert merged.text.count(MINE) == merged.text.count(THEIRS) == merged.conflicts
    written = Counter(merged.text.splitlines())
    for side in (mine, theirs):
        added = Counter(side.splitlines()) - Counter(base.splitlines())
        assert not added - written, (base, mine, theirs, merged.text)


def test_far_apart_is_no_conflict_and_the_same_place_is_one() -> None:
    base = "one\ntwo\nthree\nfour\nfive\n"
    merged = merge_text(base, base.replace("one", "ONE"), base.replace("five", "FIVE"))
    assert (merged.text, merged.conflicts) == ("ONE\ntwo\nthree\nfour\nFIVE\n", 0)
    merged = merge_text(base, base.replace("three", "mine"), base.replace("three", "theirs"))
    marked = f"one\ntwo\n{MINE}\nmine\n{MIDDLE}\ntheirs\n{THEIRS}\nfour\nfive\n"
    assert (merged.text, merged.conflicts) == (marked, 1)
    merged = merge_text("one", "mine", "theirs")
    assert merged.text == f"{MINE}\nmine\n{MIDDLE}\ntheirs\n{THEIRS}\n"


BASE = """\
name = "duel"
compatibility_date = "2026-11-17"

# a limiter
[[ratelimits]]
name = "CREATE_LIMIT"
simple = { limit = 20, period = 60 }

[observability]
enabled = true
"""


def test_toml_is_merged_by_key_and_keeps_its_comments() -> None:
    mine = BASE.replace('name = "duel"\n', 'name = "arena" # ours\n').replace(
        "enabled = true", "enabled = false"
    )
    mine += '\n# where it lives\n[env.staging]\nname = "arena-staging"\n'
    theirs = BASE.replace("enabled = true", "enabled = true\nhead_sampling_rate = 0.5").replace(
        "11-17", "11-30"
    )
    theirs += "\n[limits]\ncpu_ms = 50\n"
    merged = merge_toml(BASE, mine, theirs)
    assert merged.conflicts == 0, merged.text
    found = tomli.loads(merged.text)
    assert found["name"] == "arena" and found["compatibility_date"] == "2026-11-30"
    assert found["observability"] == {"enabled": False, "head_sampling_rate": 0.5}
    assert found["limits"] == {"cpu_ms": 50} and found["env"]["staging"]["name"] == "arena-staging"
    assert found["ratelimits"] == [{"name": "CREATE_LIMIT", "simple": {"limit": 20, "period": 60}}]
    assert all(comment in merged.text for comment in ("# ours", "# a limiter", "# where it lives"))


def test_a_key_that_both_changed_keeps_its_value_and_is_marked() -> None:
    merged = merge_toml(
        BASE, BASE.replace("limit = 20", "limit = 99"), BASE.replace("limit = 20", "limit = 30")
    )
    assert merged.conflicts == 1 and merged.text.startswith(f"{TOML_MARK} ratelimits = ")
    assert tomli.loads(merged.text)["ratelimits"][0]["simple"]["limit"] == 99
    gone = BASE.replace("\n[observability]\nenabled = true\n", "")
    merged = merge_toml(BASE, BASE.replace("enabled = true", "enabled = false"), gone)
    assert (
        merged.conflicts == 1 and "observability is gone" in merged.text and "enabled = false" in merged.text
    )
    assert tomli.loads(merge_toml(BASE, BASE + "\n[a]\nb = 1\n", gone).text).keys() >= {"a", "name"}


def test_a_key_that_is_gone_on_one_side_is_gone() -> None:
    gone = BASE.replace("\n[observability]\nenabled = true\n", "")
    assert "observability" not in merge_toml(BASE, BASE.replace("duel", "arena"), gone).text
    assert "observability" not in merge_toml(BASE, gone, BASE.replace("duel", "arena")).text


def test_what_is_no_toml_is_merged_by_lines() -> None:
    merged = merge_toml(BASE, "[broken\n" + BASE, BASE.replace("true", "false"))
    assert merged.text == "[broken\n" + BASE.replace("true", "false")
