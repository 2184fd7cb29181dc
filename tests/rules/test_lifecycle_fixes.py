"""Fixes of the WS3 rules: the texts before and after, and that one run leaves nothing to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import TODAY, write
from wslint.check import Options, run
from wslint.files import Files
from wslint.finding import Finding
from wslint.fix import apply
from wslint.settings import Settings

HEAD = 'name = "match"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
BIND = 'durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }] # us\n'
V1 = '\n[[migrations]] # first\ntag = "v1"\nnew_sqlite_classes = ["Match"]\n'
JSON = '{\n  "name": "match", // us\n  "main": "index.js",\n  "compatibility_date": "2026-07-01",\n'
LIVE = '"type": "durable-object", "storage": "sqlite"'
JSON_BIND = '  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "Match" }] },\n'


def code(*classes: str) -> str:
    lines = "".join(f"export class {name} {{}}\n" for name in classes)
    return lines + 'export default { fetch: () => new Response("ok") };\n'


def found(folder: Path, rule: str) -> tuple[Finding, ...]:
    options = Options(Settings(select=(rule, "WS001")), today=TODAY, pedantic=True)
    return run([folder], options, Files(folder)).findings


def fixed(folder: Path, rule: str, files: dict[str, str], *, unsafe: bool = False) -> str:
    """The configuration after the fixes of one rule; they must leave nothing of it."""
    write(files, folder)
    findings = found(folder, rule)
    assert {finding.code for finding in findings} == {rule}
    texts, count = apply(findings, unsafe)
    assert count, "no fix was applied"
    for path, data in texts.items():
        path.write_bytes(data)
    assert not found(folder, rule)
    return next((folder / name).read_text() for name in files if name.startswith("wrangler"))


@pytest.mark.parametrize(("first", "second"), [("", "v1"), ("v1", "v2"), ("0001", "0002"), ("begin", "v2")])
def test_a_class_is_created_under_the_next_tag(tmp_path: Path, first: str, second: str) -> None:
    before = V1.replace("Match", "Old").replace("v1", first) if first else ""
    files = {"wrangler.toml": HEAD + BIND + before, "index.js": code("Match", "Old")}
    after = fixed(tmp_path, "WS301", files, unsafe=True)
    added = f'\n[[migrations]]\ntag = "{second}"\nnew_sqlite_classes = ["Match"]\n'
    assert after == HEAD + BIND + before + added


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_migration_in_the_middle_of_a_file(tmp_path: Path, line_end: str) -> None:
    old, rest = V1.replace("Match", "Old"), "\n# the rest\n[observability]\nenabled = true\n"
    text = (HEAD + BIND + old + rest).replace("\n", line_end)
    write({"wrangler.toml": text, "index.js": code("Match", "Old")}, tmp_path)
    texts, _ = apply(found(tmp_path, "WS301"), unsafe=True)
    added = '\n[[migrations]]\ntag = "v2"\nnew_sqlite_classes = ["Match"]\n'
    expected = (HEAD + BIND + old + added + rest).replace("\n", line_end)
    assert texts[tmp_path / "wrangler.toml"].decode() == expected


def test_a_migration_after_a_file_without_a_last_line_end(tmp_path: Path) -> None:
    text = (HEAD + BIND + V1.replace("Match", "Old")).rstrip()
    files = {"wrangler.toml": text, "index.js": code("Match", "Old")}
    after = fixed(tmp_path, "WS301", files, unsafe=True)
    assert after == text + '\n\n[[migrations]]\ntag = "v2"\nnew_sqlite_classes = ["Match"]\n'


def test_a_migration_after_one_with_tables_of_its_own(tmp_path: Path) -> None:
    old = V1.replace("Match", "Old") + '\n[[migrations]]\ntag = "v2"\n'
    renames = '[[migrations.renamed_classes]]\nfrom = "Old"\nto = "New" # new\n'
    rest = "\n[observability]\nenabled = true\n"
    files = {"wrangler.toml": HEAD + BIND + old + renames + rest, "index.js": code("Match", "New")}
    after = fixed(tmp_path, "WS301", files, unsafe=True)
    added = '\n[[migrations]]\ntag = "v3"\nnew_sqlite_classes = ["Match"]\n'
    assert after == HEAD + BIND + old + renames + added + rest


def test_a_class_is_created_in_json(tmp_path: Path) -> None:
    files = {"wrangler.jsonc": JSON + JSON_BIND + "}\n", "index.js": code("Match")}
    after = fixed(tmp_path, "WS301", files, unsafe=True)
    assert '"tag": "v1"' in after
    assert "// us" in after


def test_top_and_environment_share_the_new_migration(tmp_path: Path) -> None:
    files = {"wrangler.toml": HEAD + BIND + "\n[env.staging]\n" + BIND, "index.js": code("Match")}
    after = fixed(tmp_path, "WS301", files, unsafe=True)
    assert after.count("[[migrations]]") == 1


def test_an_environment_gets_a_migration_of_its_own_where_it_has_a_list(tmp_path: Path) -> None:
    own = "\n[env.staging]\nmigrations = [] # none\n" + BIND
    files = {"wrangler.toml": HEAD + BIND + V1.replace("\n[[", "\n[[") + own, "index.js": code("Match")}
    after = fixed(tmp_path, "WS301", files, unsafe=True)
    assert 'migrations = [{ tag = "v1", new_sqlite_classes = ["Match"] }] # none' in after


def test_a_class_is_declared_in_exports(tmp_path: Path) -> None:
    entry = '"exports": {\n    "Old": { "type": "durable-object", "storage": "sqlite" },\n  },\n}\n'
    files = {"wrangler.jsonc": JSON + JSON_BIND + "  " + entry, "index.js": code("Match", "Old")}
    after = fixed(tmp_path, "WS301", files, unsafe=True)
    assert after.count("durable-object") == 2


def committed(files: dict[str, str]) -> dict[str, str]:
    """The project whose HEAD has no migrations yet: what is added since can't be deployed."""
    return {"HEAD:wrangler.toml": HEAD, **files}


def applicability(folder: Path, rule: str, files: dict[str, str]) -> list[str]:
    write(files, folder)
    return [finding.fix.applicability if finding.fix else "none" for finding in found(folder, rule)]


def test_a_second_mention_is_dropped(tmp_path: Path) -> None:
    twice = V1.replace('["Match"]', '["Match", "Match"] # twice')
    files = committed({"wrangler.toml": HEAD + BIND + twice, "index.js": code("Match")})
    assert fixed(tmp_path, "WS302", files) == HEAD + BIND + V1.replace('["Match"]', '["Match"] # twice')


@pytest.mark.parametrize(("written", "unsafe"), [("match", False), ("MATCH", False), ("Matsh", True)])
def test_the_bound_name_is_written_into_the_migration(tmp_path: Path, written: str, unsafe: bool) -> None:
    files = committed(
        {"wrangler.toml": HEAD + BIND + V1.replace("Match", written), "index.js": code("Match")}
    )
    assert fixed(tmp_path, "WS303", files, unsafe=unsafe) == HEAD + BIND + V1


UNTAGGED = V1.replace('tag = "v1"\n', "")


@pytest.mark.parametrize(
    ("rule", "migrations"),
    [
        ("WS302", V1.replace('["Match"]', '["Match", "Match"]')),
        ("WS303", V1.replace("Match", "match")),
        ("WS310", UNTAGGED),
        ("WS003", V1.replace("new_sqlite_classes", "new_sqlite_class")),
        ("WS003", V1.replace("new_sqlite_classes", "removed_classes")),
    ],
)
def test_a_migration_that_may_be_deployed_is_not_changed_safely(
    tmp_path: Path, rule: str, migrations: str
) -> None:
    files = {"wrangler.toml": HEAD + BIND + migrations, "index.js": code("Match")}
    assert applicability(tmp_path / "without-git", rule, files) == ["unsafe"]
    in_head = {"HEAD:wrangler.toml": files["wrangler.toml"], **files}
    assert applicability(tmp_path / "in-head", rule, in_head) == ["unsafe"]


def test_a_tag_that_was_lost_since_head_is_not_replaced_safely(tmp_path: Path) -> None:
    files = {"HEAD:wrangler.toml": HEAD + BIND + V1, "wrangler.toml": HEAD + BIND + UNTAGGED}
    assert applicability(tmp_path, "WS310", {**files, "index.js": code("Match")}) == ["unsafe"]


def test_the_new_name_is_bound(tmp_path: Path) -> None:
    steps = '\n[[migrations]]\ntag = "v2"\nrenamed_classes = [{ from = "Match", to = "Hall" }]\n'
    more = '\n[[migrations]]\ntag = "v3"\nrenamed_classes = [{ from = "Hall", to = "Room" }]\n'
    files = {"wrangler.toml": HEAD + BIND + V1 + steps + more, "index.js": code("Match", "Room")}
    after = fixed(tmp_path, "WS305", files)
    assert after == HEAD + BIND.replace('"Match"', '"Room"') + V1 + steps + more


def test_a_misspelt_source_of_a_rename(tmp_path: Path) -> None:
    rename = '\n[[migrations]]\ntag = "v2"\nrenamed_classes = [{ from = "match", to = "Room" }]\n'
    files = {"wrangler.toml": HEAD + V1 + rename, "index.js": code("Room")}
    after = fixed(tmp_path, "WS306", files, unsafe=True)
    assert after == HEAD + V1 + rename.replace('"match"', '"Match"')


def test_a_misspelt_deletion_is_left_alone(tmp_path: Path) -> None:
    delete = '\n[[migrations]]\ntag = "v2"\ndeleted_classes = ["match"]\n'
    write({"wrangler.toml": HEAD + V1 + delete, "index.js": code("Match")}, tmp_path)
    assert [finding.fix for finding in found(tmp_path, "WS306")] == [None]


@pytest.mark.parametrize("committed", [True, False])
def test_a_second_tag_is_renamed(tmp_path: Path, committed: bool) -> None:
    again = '\n[[migrations]]\ntag = "v1" # again\nnew_sqlite_classes = ["Room"]\n'
    files = {"wrangler.toml": HEAD + BIND + V1 + again, "index.js": code("Match", "Room")}
    if committed:  # HEAD has the tag once: nothing is deployed under the second
        files = {"HEAD:wrangler.toml": HEAD + BIND + V1, **files}
    write(files, tmp_path)
    (finding,) = found(tmp_path, "WS309")
    assert finding.fix is not None
    assert finding.fix.applicability == ("safe" if committed else "unsafe")
    texts, _ = apply([finding], unsafe=True)
    assert texts[tmp_path / "wrangler.toml"].decode().endswith(again.replace('"v1"', '"v2"'))


def test_a_tag_is_added(tmp_path: Path) -> None:
    untagged = '\n[[migrations]] # none\nnew_sqlite_classes = ["Match"]\n'
    files = committed({"wrangler.toml": HEAD + BIND + untagged, "index.js": code("Match")})
    after = fixed(tmp_path, "WS310", files)
    assert after == HEAD + BIND + untagged + 'tag = "v1"\n'


def test_a_tag_is_added_in_json(tmp_path: Path) -> None:
    rows = '  "migrations": [\n    { "new_sqlite_classes": ["Match"] }, // none\n  ],\n}\n'
    files = {"HEAD:wrangler.jsonc": JSON + "}", "wrangler.jsonc": JSON + JSON_BIND + rows}
    after = fixed(tmp_path, "WS310", {**files, "index.js": code("Match")})
    assert '{ "new_sqlite_classes": ["Match"], "tag": "v1" }, // none' in after


def test_storage_is_switched_before_the_first_commit(tmp_path: Path) -> None:
    older = V1.replace("new_sqlite_classes", "new_classes")
    files = {"wrangler.toml": HEAD + BIND + older, "index.js": code("Match")}
    assert fixed(tmp_path, "WS312", files, unsafe=True) == HEAD + BIND + V1


def test_storage_of_a_committed_class_is_left_alone(tmp_path: Path) -> None:
    older = HEAD + BIND + V1.replace("new_sqlite_classes", "new_classes")
    files = {"HEAD:wrangler.toml": older, "wrangler.toml": older, "index.js": code("Match")}
    write(files, tmp_path)
    assert not found(tmp_path, "WS312")


def test_migrations_are_dropped_where_exports_says_the_same(tmp_path: Path) -> None:
    both = '  "exports": { "Match": { "type": "durable-object", "storage": "sqlite" } }, // new\n'
    rows = '  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Match"] }],\n'
    files = {"wrangler.jsonc": JSON + JSON_BIND + rows + both + "}\n", "index.js": code("Match")}
    assert fixed(tmp_path, "WS314", files, unsafe=True) == JSON + JSON_BIND + both + "}\n"


def test_migrations_stay_where_exports_says_something_else(tmp_path: Path) -> None:
    both = '  "exports": { "Room": { "type": "durable-object", "storage": "sqlite" } },\n'
    rows = '  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Match"] }],\n'
    files = {"wrangler.jsonc": JSON + JSON_BIND + rows + both + "}\n", "index.js": code("Match", "Room")}
    write(files, tmp_path)
    assert [finding.fix for finding in found(tmp_path, "WS314")] == [None]


@pytest.mark.parametrize(
    ("before", "after", "unsafe"),
    [
        ('"type": "durable_object", "storage": "sqlite"', LIVE, False),
        ('"type": "durable-object", "storage": "SQLite"', LIVE, False),
        ('"type": "durable-object"', LIVE, True),
        ('"storage": "sqlite"', '"storage": "sqlite", "type": "durable-object"', False),
        (
            '"type": "durable-object", "state": "deleted", "storage": "sqlite"',
            '"type": "durable-object", "state": "deleted"',
            False,
        ),
        (
            '"type": "durable-object", "state": "Renamed", "renamed_to": "Room"',
            '"type": "durable-object", "state": "renamed", "renamed_to": "Room"',
            False,
        ),
        (
            '"type": "durable-object", "state": "renamed", "renamedTo": "Room"',
            '"type": "durable-object", "state": "renamed", "renamed_to": "Room"',
            False,
        ),
    ],
)
def test_entries_of_exports(tmp_path: Path, before: str, after: str, unsafe: bool) -> None:
    def text(entry: str) -> str:
        return f'{JSON}  "exports": {{ "Match": {{ {entry} }} }}, // it\n}}\n'

    files = {"wrangler.jsonc": text(before), "index.js": code("Match")}
    assert fixed(tmp_path, "WS315", files, unsafe=unsafe) == text(after)


def test_an_entry_takes_the_bound_name(tmp_path: Path) -> None:
    entry = '  "exports": { "match": { "type": "durable-object", "storage": "sqlite" } },\n}\n'
    files = {"wrangler.jsonc": JSON + JSON_BIND + entry, "index.js": code("Match")}
    after = fixed(tmp_path, "WS316", files, unsafe=True)
    assert after == JSON + JSON_BIND + entry.replace('"match"', '"Match"')


def test_a_rename_gets_its_target(tmp_path: Path) -> None:
    old = '\n[exports.Match]\ntype = "durable-object"\nstate = "renamed"\nrenamed_to = "Room" # new\n'
    files = {"wrangler.toml": HEAD + old, "index.js": code("Room")}
    after = fixed(tmp_path, "WS318", files, unsafe=True)
    assert after.startswith(HEAD + old)
    assert '[exports.Room]\ntype = "durable-object"\nstorage = "sqlite"\n' in after


def test_an_applied_tag_comes_back(tmp_path: Path) -> None:
    files = {
        "HEAD:wrangler.toml": HEAD + BIND + V1,
        "wrangler.toml": HEAD + BIND + V1.replace('"v1"', '"v2"'),
        "index.js": code("Match"),
    }
    assert fixed(tmp_path, "WS319", files, unsafe=True) == HEAD + BIND + V1


def test_a_misspelt_step_that_would_create_a_class_again_is_not_mended(tmp_path: Path) -> None:
    older = V1.replace("new_sqlite_classes", "new_classes")
    again = '\n[[migrations]]\ntag = "v2"\nclasses_with_sqlite = ["Match"]\n'
    write({"wrangler.toml": HEAD + BIND + older + again, "index.js": code("Match")}, tmp_path)
    (finding,) = found(tmp_path, "WS003")
    assert finding.fix is None
    assert "`Match` exists since `v1`" in finding.help
