"""What a worker crate exports and asks of `env`, form by form."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wslint.files import Files
from wslint.source.facts import SourceFacts
from wslint.source.rust.analyser import analyse
from wslint.source.rust.attributes import condition, parse
from wslint.source.rust.cargo import find_worker_crate, read_crate

CARGO = '[package]\nname = "game"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\nworker = "0.6"\n'


def write(folder: Path, sources: dict[str, str]) -> None:
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def facts_of(folder: Path, sources: dict[str, str] | str, manifest: str = CARGO) -> SourceFacts:
    """Write a crate (a text alone is its `src/lib.rs`) and analyse it."""
    write(folder, {"Cargo.toml": manifest})
    write(folder, {"src/lib.rs": sources} if isinstance(sources, str) else sources)
    facts = analyse(None, Files(folder), folder)
    assert facts is not None
    return facts


def kinds(facts: SourceFacts) -> dict[str, str]:
    return {name: export.kind for name, export in facts.exports.items()}


def uses(facts: SourceFacts) -> list[tuple[str, str | None, bool]]:
    return [(use.name, use.method, use.guarded) for use in facts.binding_uses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the forms of the attribute
        ("#[durable_object] pub struct Room;", {"Room": "class"}),
        ("#[durable_object] struct Room { state: State }", {"Room": "class"}),
        ("#[durable_object(fetch)] struct Room(State);", {"Room": "class"}),
        ("#[durable_object(alarm)] struct Room;", {"Room": "class"}),
        ("#[durable_object(websocket)] struct Room;", {"Room": "class"}),
        ("#[worker::durable_object] struct Room;", {"Room": "class"}),
        ("#[::worker::durable_object] struct Room;", {"Room": "class"}),
        ("use worker::durable_object as object; #[object] struct Room;", {"Room": "class"}),
        ("use crate::prelude::durable_object; #[durable_object] struct Room;", {"Room": "class"}),
        ("#[derive(Clone)] #[durable_object] #[allow(dead_code)] struct Room;", {"Room": "class"}),
        ("/// A room.\n#[durable_object]\n// its players\npub struct Room;", {"Room": "class"}),
        ("#[durable_object] pub struct Room<'a> { name: &'a str }", {"Room": "class"}),
        (
            "#[durable_object] pub struct Room; #[durable_object] impl DurableObject for Room {}",
            {"Room": "class"},
        ),
        ("mod a { mod b { #[durable_object] struct Room; } }", {"Room": "class"}),
        ("#[workflow] struct Job;", {"Job": "class"}),
        # what wasm-bindgen exports
        ("#[wasm_bindgen] pub struct Point;", {"Point": "class"}),
        ("#[wasm_bindgen::prelude::wasm_bindgen] pub struct Point;", {"Point": "class"}),
        ("#[wasm_bindgen(js_name = Room)] pub struct RoomObject;", {"Room": "class"}),
        ('#[wasm_bindgen(js_name = "Room")] pub struct RoomObject;', {"Room": "class"}),
        ("#[wasm_bindgen] pub fn add() {}", {"add": "function"}),
        ("#[wasm_bindgen] pub enum Side { Left }", {"Side": "object"}),
        ("#[wasm_bindgen(start)] pub fn start() {}", {}),
        ('#[wasm_bindgen] extern "C" { type Env; fn alert(); }', {}),
        # the default export
        ("#[event(fetch)] async fn main() {}", {"default": "object"}),
        ("#[event(fetch, respond_with_errors)] pub async fn main() {}", {"default": "object"}),
        ("#[worker::event(scheduled)] async fn tick() {}", {"default": "object"}),
        ("#[event(queue)] async fn consume() {}", {"default": "object"}),
        ("mod api { #[event(fetch)] async fn main() {} }", {"default": "object"}),
        ("#[event(start)] fn start() {}", {}),
        # configurations
        ("#[cfg(test)] #[durable_object] struct Room;", {}),
        ("#[cfg(test)] mod tests { #[durable_object] struct Room; }", {}),
        ('#[cfg(all(test, feature = "x"))] #[durable_object] struct Room;', {}),
        ('#[cfg(not(target_arch = "wasm32"))] #[durable_object] struct Room;', {}),
        ('#[cfg(target_arch = "wasm32")] #[durable_object] struct Room;', {"Room": "class"}),
        ('#[cfg(feature = "rooms")] #[durable_object] struct Room;', {"Room": "class"}),
        ('#[cfg_attr(target_arch = "wasm32", durable_object)] struct Room;', {"Room": "class"}),
        (
            '#[cfg_attr(target_arch = "wasm32", derive(Clone), worker::durable_object(fetch))] struct Room;',
            {"Room": "class"},
        ),
        ("#[cfg_attr(test, durable_object)] struct Room;", {}),
        (
            "mod a { #![cfg(test)] #[durable_object] struct Room; } #[durable_object] struct Lobby;",
            {"Lobby": "class"},
        ),
        # near misses
        ("pub struct Room;", {}),
        ("// #[durable_object]\npub struct Room;", {}),
        ("/* #[durable_object] */ pub struct Room;", {}),
        ('const A: &str = "#[durable_object] struct Room;";', {}),
        ("impl DurableObject for Room {}", {}),
        ("fn make() { #[derive(Debug)] struct Room; }", {}),
    ],
)
def test_exports(tmp_path: Path, text: str, expected: dict[str, str]) -> None:
    facts = facts_of(tmp_path, text)
    assert kinds(facts) == expected
    assert facts.open_exports == []
    for name, export in facts.exports.items():
        assert (export.cls is not None) == (export.kind == "class")
        if export.cls is not None:
            assert (export.cls.name, export.cls.generated_from) == (name, "rust")


@pytest.mark.parametrize(
    ("text", "open_at", "expected"),
    [
        ("#[ohkami::DurableObject] struct Room;", "#[ohkami::DurableObject]", {"Room": "unknown"}),
        ("use kit::object; #[object] #[derive(Clone)] struct Room;", "#[object]", {"Room": "unknown"}),
        ("#[object] struct Room;", "#[object]", {"Room": "unknown"}),
        ("use kit::durable_object; #[durable_object] struct Room;", "#[durable_object]", {"Room": "unknown"}),
        ("#[derive(kit::DurableObject)] struct Room;", "#[derive(kit::DurableObject)]", {"Room": "unknown"}),
        ("kit::rooms! { Room }", "kit::rooms! { Room }", {}),
        ('include!("generated.rs");', 'include!("generated.rs")', {}),
        (
            "macro_rules! room { ($n:ident) => { #[durable_object] struct $n; } } room!(Room);",
            "room!(Room)",
            {},
        ),
        (
            "macro_rules! item { ($i:item) => { $i } } item!(#[durable_object] struct Room;);",
            "item!(#[durable_object] struct Room;)",
            {},
        ),
    ],
)
def test_what_may_export_unseen(tmp_path: Path, text: str, open_at: str, expected: dict[str, str]) -> None:
    facts = facts_of(tmp_path, text)
    assert [unknown.span.text for unknown in facts.open_exports] == [open_at]
    assert kinds(facts) == expected
    assert facts.unknown[0] is facts.open_exports[0]


@pytest.mark.parametrize(
    "text",
    [
        "thread_local! { static A: u8 = 1; }",
        'macro_rules! log { ($e:expr) => { println!("{}", $e) } } log!(1);',
        '#[derive(Serialize)] #[serde(rename_all = "camelCase")] struct Message;',
        '#[derive(Parser)] #[command(name = "x")] struct Options;',
        "#[serde_with::serde_as] struct Message;",
        "#[async_trait::async_trait] impl Service for X {}",
        "#[kit::instrument] fn traced() {}",
    ],
)
def test_what_exports_nothing(tmp_path: Path, text: str) -> None:
    facts = facts_of(tmp_path, text)
    assert (facts.open_exports, kinds(facts)) == ([], {})


def test_spans(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        "use worker::*;\n\n#[durable_object]\npub struct Room;\n#[event(fetch)]\nasync fn main() {}\n",
    )
    room, default = facts.exports["Room"], facts.exports["default"]
    assert (room.span.text, room.span.first.line, room.span.first.column) == ("Room", 4, 12)
    assert room.declared == room.span
    assert (default.span.text, default.span.first.line) == ("main", 6)
    assert (facts.language, facts.entrypoint.name) == ("rust", "src/lib.rs")


MODULE_LAYOUTS = {
    "beside": {"src/lib.rs": "mod room;", "src/room.rs": "#[durable_object] struct Room;"},
    "folder": {"src/lib.rs": "mod room;", "src/room/mod.rs": "#[durable_object] struct Room;"},
    "below a file": {
        "src/lib.rs": "mod game;",
        "src/game.rs": "mod room;",
        "src/game/room.rs": "#[durable_object] struct Room;",
    },
    "below mod.rs": {
        "src/lib.rs": "mod game;",
        "src/game/mod.rs": "mod room;",
        "src/game/room.rs": "#[durable_object] struct Room;",
    },
    "in an inline module": {
        "src/lib.rs": "mod game { mod room; }",
        "src/game/room.rs": "#[durable_object] struct Room;",
    },
    "path": {
        "src/lib.rs": '#[path = "objects/the_room.rs"] mod room;',
        "src/objects/the_room.rs": "#[durable_object] struct Room;",
    },
    "path upwards": {
        "src/lib.rs": '#[path = "../other/room.rs"] mod room;',
        "other/room.rs": "#[durable_object] struct Room;",
    },
    "path, then beside it": {
        "src/lib.rs": '#[path = "objects/all.rs"] mod all;',
        "src/objects/all.rs": "mod room;",
        "src/objects/room.rs": "#[durable_object] struct Room;",
    },
    "path in an inline module": {
        "src/lib.rs": 'mod game { #[path = "r.rs"] mod room; }',
        "src/game/r.rs": "#[durable_object] struct Room;",
    },
    "raw name": {"src/lib.rs": "mod r#match;", "src/match.rs": "#[durable_object] struct Room;"},
}


@pytest.mark.parametrize("layout", MODULE_LAYOUTS)
def test_modules(tmp_path: Path, layout: str) -> None:
    facts = facts_of(tmp_path, MODULE_LAYOUTS[layout])
    assert kinds(facts) == {"Room": "class"}
    assert facts.open_exports == []
    assert [file.name for file in facts.files] == list(MODULE_LAYOUTS[layout])


def test_files_stand_in_the_order_of_their_declarations(tmp_path: Path) -> None:
    sources = {"src/lib.rs": "mod b; mod a;", "src/b.rs": "mod c;", "src/b/c.rs": "", "src/a.rs": ""}
    assert [file.name for file in facts_of(tmp_path, sources).files] == list(sources)


def test_a_missing_module_leaves_the_exports_open(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "mod room;\n#[durable_object] struct Lobby;")
    assert kinds(facts) == {"Lobby": "class"}
    assert [(one.span.text, one.what) for one in facts.open_exports] == [("room", "the module `room`")]


def test_a_missing_test_module_is_no_matter(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "#[cfg(test)] mod tests;").unknown == []


def test_a_module_in_an_unlikely_configuration_is_read(tmp_path: Path) -> None:
    sources = {
        "src/lib.rs": '#[cfg(feature = "x")] mod room;',
        "src/room.rs": "#[durable_object] struct Room;",
    }
    assert kinds(facts_of(tmp_path, sources)) == {"Room": "class"}


def test_library_path(tmp_path: Path) -> None:
    manifest = CARGO.replace("[lib]\n", '[lib]\npath = "worker/main.rs"\n')
    facts = facts_of(
        tmp_path,
        {"worker/main.rs": "mod room;", "worker/room.rs": "#[durable_object] struct Room;"},
        manifest,
    )
    assert (facts.entrypoint.name, kinds(facts)) == ("worker/main.rs", {"Room": "class"})


def test_without_a_library(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {"README.md": ""})
    assert facts.entrypoint.name == "Cargo.toml"
    assert [one.why for one in facts.open_exports] == ["`src/lib.rs` does not exist"]


# Crates


DEPENDENCY = '[package]\nname = "match-room"\n'


def with_dependency(
    library: str, declared: str = 'match-room = { path = "room" }', **more: str
) -> dict[str, str]:
    sources = {
        "Cargo.toml": CARGO + declared + "\n",
        "src/lib.rs": library,
        "room/Cargo.toml": DEPENDENCY,
        "room/src/lib.rs": "#[durable_object] pub struct Room;",
    }
    return sources | more


@pytest.mark.parametrize(
    ("library", "linked"),
    [
        ("pub use match_room::Room;", True),
        ("pub use match_room::*;", True),
        ("pub use ::match_room::Room;", True),
        ("use match_room as _;", True),
        ("use match_room;", True),
        ("use {match_room, worker};", True),
        ("extern crate match_room;", True),
        ("fn f() { match_room::start(); }", True),
        ("fn f() { log!(match_room::NAME); }", True),
        ("", False),
        ("// use match_room::Room;", False),
        ("/* match_room::Room */", False),
        ('const A: &str = "match_room::Room";', False),
        ("use match_rooms::Room;", False),
        ("const QUOTE: char = '\"'; // match_room::Room\nconst B: char = '\"';", False),
    ],
)
def test_a_dependency_is_linked_when_it_is_mentioned(tmp_path: Path, library: str, linked: bool) -> None:
    facts = facts_of(tmp_path, with_dependency(library), with_dependency(library)["Cargo.toml"])
    assert list(facts.classes) == ["Room"]
    assert kinds(facts) == ({"Room": "class"} if linked else {})
    assert facts.open_exports == []


def test_the_span_of_a_reexport_is_where_the_worker_writes_it(tmp_path: Path) -> None:
    sources = with_dependency("pub use match_room::{self, Room};")
    room = facts_of(tmp_path, sources, sources["Cargo.toml"]).exports["Room"]
    assert (room.span.file.name, room.span.text) == ("src/lib.rs", "Room")
    assert room.declared is not None
    assert room.declared.file.name == "room/src/lib.rs"


@pytest.mark.parametrize(
    ("declared", "library"),
    [
        ('room = { path = "room", package = "match-room" }', "use room::Room;"),
        ('match-room.path = "room"', "use match_room::Room;"),
        (
            '[target."cfg(target_arch = \\"wasm32\\")".dependencies]\nmatch-room = { path = "room" }',
            "use match_room::Room;",
        ),
    ],
)
def test_forms_of_a_path_dependency(tmp_path: Path, declared: str, library: str) -> None:
    sources = with_dependency(library, declared)
    assert kinds(facts_of(tmp_path, sources, sources["Cargo.toml"])) == {"Room": "class"}


@pytest.mark.parametrize("table", ["dev-dependencies", "build-dependencies"])
def test_dependencies_that_are_not_linked(tmp_path: Path, table: str) -> None:
    sources = with_dependency("use match_room::Room;", f'[{table}]\nmatch-room = {{ path = "room" }}')
    assert facts_of(tmp_path, sources, sources["Cargo.toml"]).classes == {}


def test_a_chain_of_crates(tmp_path: Path) -> None:
    sources = with_dependency(
        "use match_room::start;",
        **{
            "room/Cargo.toml": DEPENDENCY
            + '[dependencies]\ndeep = { path = "../deep" }\nspare = { path = "../spare" }\n',
            "room/src/lib.rs": "pub use deep::Deep;",
            "deep/Cargo.toml": '[package]\nname = "deep"\n[dependencies]\nmatch-room = { path = "../room" }',
            "deep/src/lib.rs": "use match_room::x; #[durable_object] pub struct Deep;",
            "spare/Cargo.toml": '[package]\nname = "spare"\n',
            "spare/src/lib.rs": "#[durable_object] pub struct Spare;",
        },
    )
    facts = facts_of(tmp_path, sources, sources["Cargo.toml"])
    assert (kinds(facts), sorted(facts.classes)) == ({"Deep": "class"}, ["Deep", "Spare"])


def test_a_crate_that_one_crate_mentions_and_another_does_not(tmp_path: Path) -> None:
    sources = with_dependency(
        "use other::start;",
        'match-room = { path = "room" }\nother = { path = "other" }',
        **{
            "other/Cargo.toml": '[package]\nname = "other"\n[dependencies]\nmatch-room = { path = "../room" }',
            "other/src/lib.rs": "use match_room::Room;",
        },
    )
    assert kinds(facts_of(tmp_path, sources, sources["Cargo.toml"])) == {"Room": "class"}


def test_a_class_of_the_worker_goes_before_an_unlinked_one(tmp_path: Path) -> None:
    sources = with_dependency("#[durable_object] pub struct Room;")
    facts = facts_of(tmp_path, sources, sources["Cargo.toml"])
    assert facts.classes["Room"].span.file.name == "src/lib.rs"


def test_a_macro_crate_exports_nothing_itself(tmp_path: Path) -> None:
    sources = with_dependency(
        "use match_room::object;", **{"room/Cargo.toml": DEPENDENCY + "[lib]\nproc-macro = true\n"}
    )
    facts = facts_of(tmp_path, sources, sources["Cargo.toml"])
    assert (facts.classes, facts.open_exports) == ({}, [])


def test_a_path_dependency_that_is_not_there(tmp_path: Path) -> None:
    manifest = CARGO + 'gone = { path = "../gone" }\n'
    facts = facts_of(tmp_path, "pub use gone::Room;", manifest)
    assert [(one.span.text, one.what) for one in facts.open_exports] == [
        ('gone = { path = "../gone" }', "the crate `gone`")
    ]


@pytest.mark.parametrize(
    ("library", "expected", "is_open"),
    [
        ("pub use rooms::Room;", {"Room": "unknown"}, False),
        ("pub use rooms::{Room as _, helper};", {"Room": "unknown"}, False),
        ("pub use rooms::*;", {}, True),
        ("use rooms::Room;", {}, False),
        ("pub use worker::Env;", {}, False),
        ("pub use std::rc::Rc;", {}, False),
        ("pub use crate::a::Room;", {}, False),
    ],
)
def test_reexports_from_the_registry(
    tmp_path: Path, library: str, expected: dict[str, str], is_open: bool
) -> None:
    facts = facts_of(tmp_path, library, CARGO + 'rooms = "1"\n')
    assert (kinds(facts), bool(facts.open_exports)) == (expected, is_open)


WORKSPACE = '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]\n[workspace.dependencies]\nworker = "0.5.2"\nroom = { path = "crates/room" }\n'
MEMBER = '[package]\nname = "{}"\n[lib]\ncrate-type = ["cdylib", "rlib"]\n[dependencies]\nworker.workspace = true\n'


def test_a_workspace_with_one_worker(tmp_path: Path) -> None:
    sources = {
        "crates/lobby/Cargo.toml": MEMBER.format("lobby") + "room = { workspace = true }\n",
        "crates/lobby/src/lib.rs": "pub use room::Room;",
        "crates/room/Cargo.toml": '[package]\nname = "room"\n[dependencies]\nworker = { workspace = true }\n',
        "crates/room/src/lib.rs": "#[durable_object] pub struct Room;",
        "crates/old/Cargo.toml": MEMBER.format("old"),
        "crates/old/src/lib.rs": "",
        "crates/notes/readme.md": "",
    }
    facts = facts_of(tmp_path, sources, WORKSPACE)
    assert (facts.entrypoint.name, kinds(facts)) == ("crates/lobby/src/lib.rs", {"Room": "class"})


def test_a_workspace_with_two_workers_is_undecided(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "Cargo.toml": WORKSPACE,
            "crates/a/Cargo.toml": MEMBER.format("a"),
            "crates/b/Cargo.toml": MEMBER.format("b"),
        },
    )
    files = Files(tmp_path)
    assert analyse(None, files, tmp_path) is None
    named = analyse(None, files, tmp_path, tmp_path / "crates" / "b")
    assert named is not None


def test_a_workspace_without_a_worker(tmp_path: Path) -> None:
    write(tmp_path, {"Cargo.toml": WORKSPACE, "crates/a/Cargo.toml": '[package]\nname = "a"\n'})
    assert analyse(None, Files(tmp_path), tmp_path) is None


def test_the_root_package_of_a_workspace(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"crates/b/Cargo.toml": MEMBER.format("b"), "crates/b/src/lib.rs": "#[durable_object] struct B;"},
    )
    assert kinds(facts_of(tmp_path, "#[durable_object] struct A;", CARGO + WORKSPACE)) == {"A": "class"}
    helper = '[package]\nname = "tool"\n' + WORKSPACE
    assert kinds(facts_of(tmp_path, {"src/main.rs": ""}, helper)) == {"B": "class"}


def test_no_manifest(tmp_path: Path) -> None:
    assert analyse(None, Files(tmp_path), tmp_path) is None


@pytest.mark.parametrize(
    "manifest",
    [
        "[package\nname =",
        "\xff",
        "[package]\nname = 1\n[dependencies]\nworker = 2\n[lib]\npath = 3\ncrate-type = 4\n",
    ],
)
def test_bad_manifests(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "Cargo.toml").write_bytes(manifest.encode("latin-1"))
    write(tmp_path, {"src/lib.rs": "#[durable_object] struct Room;"})
    facts = analyse(None, Files(tmp_path), tmp_path)
    assert facts is not None
    assert kinds(facts) == {"Room": "class"}
    assert bool(facts.open_exports) == ("name = 1" not in manifest)


def test_odd_values_in_a_manifest(tmp_path: Path) -> None:
    manifest = '[workspace]\nmembers = "a"\nexclude = 3\n[workspace.dependencies]\nworker = []\n'
    write(tmp_path, {"Cargo.toml": manifest})
    assert analyse(None, Files(tmp_path), tmp_path) is None


@pytest.mark.parametrize(
    ("worker", "lock", "expected", "locked"),
    [
        ('worker = "0.6"', "", (0, 6, 0), False),
        ('worker = "=0.5.3"', "", (0, 5, 3), False),
        ('worker = { version = "^0.7.1", features = ["http"] }', "", (0, 7, 1), False),
        ('worker = "*"', "", None, False),
        ('worker = { git = "https://x" }', "", None, False),
        ('cf = { package = "worker", version = ">=0.4" }', "", (0, 4, 0), False),
        ('worker = "0.6"', '[[package]]\nname = "worker"\nversion = "0.6.7"\n', (0, 6, 7), True),
        ('worker = "0.6"', '[[package]]\nname = "worker-kv"\nversion = "0.9.0"\n', (0, 6, 0), False),
        (
            'worker = "0.6"',
            '[[package]]\nname = "game"\nversion = "0.1.0"\ndependencies = [\n "serde",\n "worker 0.6.1",\n]\n'
            '[[package]]\nname = "worker"\nversion = "0.5.0"\n[[package]]\nname = "worker"\nversion = "0.6.1"\n',
            (0, 6, 1),
            True,
        ),
    ],
)
def test_worker_version(
    tmp_path: Path, worker: str, lock: str, expected: tuple[int, int, int] | None, locked: bool
) -> None:
    write(tmp_path, {"Cargo.toml": CARGO.replace('worker = "0.6"', worker)})
    if lock:
        write(tmp_path, {"Cargo.lock": "version = 4\n\n" + lock})
    crate = read_crate(tmp_path, Files(tmp_path))
    assert crate is not None
    assert (crate.worker_version, crate.worker_version_locked) == (expected, locked)
    assert crate.depends_on_worker


def test_the_lock_file_of_a_workspace(tmp_path: Path) -> None:
    lock = '[[package]]\nname = "worker"\nversion = "0.5.9"\n'
    write(tmp_path, {"Cargo.toml": WORKSPACE, "Cargo.lock": lock, "crates/a/Cargo.toml": MEMBER.format("a")})
    crate = find_worker_crate(tmp_path, Files(tmp_path))
    assert crate is not None
    assert (crate.name, crate.worker_version, crate.crate_types) == ("a", (0, 5, 9), ("cdylib", "rlib"))
    assert (crate.folder, crate.library) == (
        tmp_path / "crates" / "a",
        tmp_path / "crates" / "a" / "src" / "lib.rs",
    )
    (tmp_path / "Cargo.lock").unlink()
    inherited = find_worker_crate(tmp_path, Files(tmp_path))
    assert inherited is not None
    assert (inherited.worker_version, inherited.worker_version_locked) == ((0, 5, 2), False)


# Bindings


def body(statement: str) -> str:
    return f"async fn main(req: Request, env: Env, _ctx: Context) -> Result<Response> {{ {statement} }}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # receivers
        (body('env.durable_object("MATCH")?;'), [("MATCH", "durable_object", False)]),
        (
            body('env\n  .durable_object(\n "MATCH", )?\n .id_from_name("x")?;'),
            [("MATCH", "durable_object", False)],
        ),
        (
            'fn f(ctx: RouteContext<()>) { ctx.durable_object("MATCH")?; }',
            [("MATCH", "durable_object", False)],
        ),
        (
            'fn f(c: RouteContext<App>) { c.env.durable_object("MATCH")?; }',
            [("MATCH", "durable_object", False)],
        ),
        ('fn f(bindings: &worker::Env) { bindings.kv("KV")?; }', [("KV", "kv", False)]),
        ('fn f(shared: Arc<Env>) { shared.kv("KV")?; }', [("KV", "kv", False)]),
        ('fn f(mut e: Env) { e.kv("KV")?; }', [("KV", "kv", False)]),
        (
            'fn f() { router.get("/", |_, ctx| async move { ctx.d1("DB")?.prepare("x") }) }',
            [("DB", "d1", False)],
        ),
        ('fn f() { router.get("/", |_, c: RouteContext<()>| c.d1("DB")?) }', [("DB", "d1", False)]),
        ('fn f(ctx: RouteContext<()>) { let e = &ctx.env; e.kv("KV")?; }', [("KV", "kv", False)]),
        ('fn f(ctx: C) { let e = ctx.env.clone(); let g = &e; g.kv("KV")?; }', [("KV", "kv", False)]),
        ('fn f(req: R) { req.env().kv("KV")?; }', [("KV", "kv", False)]),
        ('fn f() { (&*env).kv("KV")?; }', [("KV", "kv", False)]),
        ('fn f(app_env: AppEnv) { app_env.kv("KV")?; }', [("KV", "kv", False)]),
        ('struct Room { env: Env } impl Room { fn f(&self) { self.env.kv("KV")?; } }', [("KV", "kv", False)]),
        ('struct Room { e: Env } impl Room { fn f(&self) { self.e.kv("KV")?; } }', [("KV", "kv", False)]),
        ('struct Room(State, Env); impl Room { fn f(&self) { self.1.kv("KV")?; } }', [("KV", "kv", False)]),
        # methods
        (
            body('env.service("S")?; env.queue("Q")?; env.bucket("B")?;'),
            [("S", "service", False), ("Q", "queue", False), ("B", "bucket", False)],
        ),
        (
            body('env.var("V")?; env.secret("X")?; env.assets("ASSETS")?;'),
            [("V", "var", False), ("X", "secret", False), ("ASSETS", "assets", False)],
        ),
        (body('env.get_binding::<Kv>("G")?;'), [("G", "get_binding", False)]),
        (body('env.kv(r"RAW")?;'), [("RAW", "kv", False)]),
        (body('env.kv(&"REF")?;'), [("REF", "kv", False)]),
        (body('console_log!("{}", env.var("V")?.to_string());'), [("V", "var", False)]),
        (body('console_log!("{:?}", env.var("V"));'), [("V", "var", True)]),
        (body('console_log!("{}", env.var("V").unwrap());'), [("V", "var", False)]),
        # names
        (
            'const MATCH: &str = "MATCH_DO"; fn f(env: Env) { env.durable_object(MATCH)?; }',
            [("MATCH_DO", "durable_object", False)],
        ),
        ('static MATCH: &str = "A"; fn f(env: Env) { ensure!(env.kv(MATCH)?); }', [("A", "kv", False)]),
        (
            'mod names { pub const MATCH: &str = "A"; } fn f(env: Env) { env.kv(names::MATCH)?; }',
            [("A", "kv", False)],
        ),
        (
            'use names::MATCH as M; mod names { pub const MATCH: &str = "A"; } fn f(env: Env) { env.kv(M)?; }',
            [("A", "kv", False)],
        ),
        ('const A: &str = B; const B: &str = "X"; fn f(env: Env) { env.kv(A)?; }', [("X", "kv", False)]),
        (
            'struct R; impl R { const N: &\'static str = "A"; fn f(env: Env) { env.kv(Self::N)?; } }',
            [("A", "kv", False)],
        ),
        (
            'struct Q; struct R; impl Q { const N: &str = "B"; } impl R { const N: &str = "A"; } fn f(env: Env) { env.kv(R::N)?; }',
            [("A", "kv", False)],
        ),
        (body('let name = "A"; env.kv(name)?;'), [("A", "kv", False)]),
        (body('let name = "A"; let name = "B"; env.kv(name)?;'), [("B", "kv", False)]),
        (body('let name: &str = &"A"; env.kv(&name)?;'), [("A", "kv", False)]),
        # near misses
        (body('std::env::var("HOME")?;'), []),
        (body('state.storage().kv(); storage.kv("K");'), []),
        (body('request.service("x"); req.var("y");'), []),
        ('fn f(ctx: EventContext) { ctx.queue("later"); }', []),
        ('struct Room { pool: Pool } impl Room { fn f(&self) { self.pool.queue("x"); } }', []),
        (body('// env.kv("KV")\n let a = r#"env.kv("KV")"#;'), []),
        ('#[cfg(test)] mod tests { fn f(env: Env) { env.kv("KV")?; } }', []),
        (
            'struct R; impl R { #[cfg(test)] fn f(env: Env) { env.kv("KV")?; } #[cfg(not(test))] fn g(env: Env) { env.kv("B")?; } }',
            [("B", "kv", False)],
        ),
        ('#[test] fn f() { env.kv("KV").unwrap(); }', []),
    ],
)
def test_binding_uses(tmp_path: Path, text: str, expected: list[tuple[str, str | None, bool]]) -> None:
    facts = facts_of(tmp_path, text)
    assert uses(facts) == expected
    assert [use.span.text for use in facts.binding_uses] == [name for name, _, _ in expected]
    assert facts.unknown == []


@pytest.mark.parametrize(
    ("expression", "guarded"),
    [
        ('env.kv("K")?;', False),
        ('env.kv("K").unwrap();', False),
        ('env.kv("K").expect("bound");', False),
        ('env.kv("K").map_err(|e| e)?;', False),
        ('let kv = env.kv("K")?;', False),
        ('let kv = env.kv("K").unwrap();', False),
        ('return env.kv("K");', False),
        ('let kv = env.kv("K"); kv?.get("x");', False),
        ('let kv = env.kv("K"); kv.unwrap();', False),
        ('if let Ok(kv) = env.kv("K") { }', True),
        ('while let Ok(kv) = env.kv("K") { }', True),
        ('let Ok(kv) = env.kv("K") else { return };', True),
        ('match env.kv("K") { Ok(_) => {} Err(_) => {} }', True),
        ('env.kv("K").ok();', True),
        ('env.kv("K").map(|k| k).ok();', True),
        ('if env.kv("K").is_ok() { }', True),
        ('env.var("K").map(|v| v.to_string()).unwrap_or_else(|_| d());', True),
        ('env.var("K").map_or(1, |v| 2);', True),
        ('let kv = env.kv("K"); if let Ok(kv) = kv { }', True),
        ('match other { Ok(_) => env.kv("K")?, Err(_) => x }', False),
    ],
)
def test_guards(tmp_path: Path, expression: str, guarded: bool) -> None:
    assert [(name, found) for name, _, found in uses(facts_of(tmp_path, body(expression)))] == [
        ("K", guarded)
    ]


def test_a_test_guards_the_uses_in_its_function_only(tmp_path: Path) -> None:
    text = 'fn f(env: Env) { if env.kv("K").is_ok() { env.kv("K")?; } }\nfn g(env: Env) { env.kv("K")?; }'
    assert [one[2] for one in uses(facts_of(tmp_path, text))] == [True, True, False]


@pytest.mark.parametrize(
    "call",
    [
        'stub(&env, "MATCH", 1)?;',
        'crate::stub(&env, "MATCH", 1)?;',
        'stub::<u8>(&env, "MATCH", 1)?;',
        "stub(&env, NAME, 1)?;",
        'outer(&env, "MATCH");',
    ],
)
def test_helpers_are_followed_to_their_callers(tmp_path: Path, call: str) -> None:
    text = (
        'const NAME: &str = "MATCH";'
        "fn stub(environment: &Env, binding: &str, n: u8) { environment.durable_object(binding)?; }"
        "fn outer(environment: &Env, name: &str) { stub(environment, name, 1) }"
    )
    facts = facts_of(tmp_path, text + body(call))
    assert uses(facts) == [("MATCH", "durable_object", False)]


def test_helper_methods_are_told_from_others_of_their_name(tmp_path: Path) -> None:
    text = (
        "struct Backend { env: Env } impl Backend {"
        " fn post(&self, binding: &str, path: &str) { self.env.durable_object(binding)?; }"
        ' fn run(&self) { self.post("lower", "/"); } }'
        'fn f(b: Backend) { b.post("MATCH", "/"); router.post("/x", handler); router.post("A", "b", "c"); post("X", "y"); }'
    )
    facts = facts_of(tmp_path, text)
    assert [name for name, _, _ in uses(facts)] == ["lower", "MATCH"]


@pytest.mark.parametrize(
    "text",
    [
        body('env.kv(&format!("{a}_KV"))?;'),
        body("env.kv(name)?;"),
        body('env.kv("a\\u{5f}b")?;'),
        "fn lone(env: &Env, name: &str) { env.kv(name)?; }",
        "use kit::NAME; " + body("env.kv(NAME)?;"),
        'mod a { const N: &str = "1"; } mod b { const N: &str = "2"; } ' + body("env.kv(c::N)?;"),
    ],
)
def test_computed_names_are_unknown(tmp_path: Path, text: str) -> None:
    facts = facts_of(tmp_path, text)
    assert uses(facts) == []
    assert [(one.what, one.span.text) for one in facts.unknown] == [("which binding this asks for", "kv")]


def test_constants_of_other_files(tmp_path: Path) -> None:
    sources = {
        "src/lib.rs": "mod names; mod other; use crate::names::MATCH; "
        + body("env.kv(MATCH)?; env.kv(names::TWICE)?;"),
        "src/names.rs": 'pub const MATCH: &str = "A"; pub const TWICE: &str = "B";',
        "src/other.rs": 'const TWICE: &str = "C";',
    }
    facts = facts_of(tmp_path, sources)
    assert uses(facts) == [("A", "kv", False)]  # two constants are called TWICE: undecided
    assert len(facts.unknown) == 1
    assert facts.binding_uses[0].span.file.name == "src/names.rs"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("impl Room { fn f(&self) { self.state.storage().sql().exec(); } }", "sql"),
        ("impl DurableObject for Room { fn f(&self) { let s = self.state.storage(); s.sql(); } }", "sql"),
        ("impl<'a> Room<'a> { fn f(&self) { self.state.storage().kv(); } }", "kv"),
        ("impl Other { fn f(&self) { self.state.storage().sql(); } }", None),
        ('impl Room { fn f(&self) { /* storage().sql() */ self.env.kv("K"); } }', None),
    ],
)
def test_uses_sql(tmp_path: Path, text: str, expected: str | None) -> None:
    cls = facts_of(tmp_path, "#[durable_object] pub struct Room;" + text).classes["Room"]
    assert (cls.uses_sql.text if cls.uses_sql is not None else None) == expected


def test_comments_for_wslint(tmp_path: Path) -> None:
    text = '// wslint: ignore[A] why\n// another\n/* wslint: x */\n/// wslint: doc\nfn f() { let a = "wslint: no"; }'
    facts = facts_of(tmp_path, text)
    assert [one.text for one in facts.comments] == [
        "// wslint: ignore[A] why",
        "/* wslint: x */",
        "/// wslint: doc",
    ]
    assert all(one.span.text == one.text for one in facts.comments)


# What must not break it


def test_a_syntax_error_at_the_top_level_leaves_the_exports_open(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "#[durable_object] pub struct Room;\nfn ( { ]] \n")
    assert kinds(facts).get("Room") in ("class", "unknown")
    assert facts.open_exports


def test_a_syntax_error_in_a_function_does_not(tmp_path: Path) -> None:
    text = 'fn bad(env: Env) { let = ; env.kv("A")?; }\n#[durable_object] pub struct Room;\n' + body(
        'env.kv("B")?;'
    )
    facts = facts_of(tmp_path, text)
    assert kinds(facts) == {"Room": "class"}
    assert facts.open_exports == []
    assert "B" in [use.name for use in facts.binding_uses]


DEEP = 10_000


@pytest.mark.parametrize(
    "text",
    [
        "mod a {" * DEEP + "#[durable_object] struct Deep;" + "}" * DEEP,
        body("{" * DEEP + 'env.kv("K")?;' + "}" * DEEP),
        body("x(" * DEEP + 'env.kv("K")?' + ")" * DEEP),
        "use a::" + "{b::" * DEEP + "C" + "}" * DEEP + ";",
        "#[cfg(" + "not(" * DEEP + "test" + ")" * DEEP + ")] #[durable_object] struct Deep;",
        "#[cfg_attr(a, " * 50 + "durable_object" + ")" * 50 + "] struct Deep;",
        "(" * DEEP,
        body("env" + ".clone()" * DEEP + '.kv("K")?;'),
        "const A: &str = " + "&" * DEEP + '"x";',
        "macro_rules! m { () => { " + "(" * DEEP + 'env.kv("K")' + ")" * DEEP + " } }",
    ],
)
def test_deep_nesting(tmp_path: Path, text: str) -> None:
    facts = facts_of(tmp_path, text + "\n#[durable_object] struct Room;\n")
    assert facts.files


def test_deep_modules_and_blocks_are_still_read(tmp_path: Path) -> None:
    deep = "mod a {" * DEEP + "#[durable_object] struct Deep;" + "}" * DEEP
    assert kinds(facts_of(tmp_path, deep)) == {"Deep": "class"}
    assert uses(facts_of(tmp_path, body("{" * DEEP + 'env.kv("K")?;' + "}" * DEEP))) == [("K", "kv", False)]


def test_crates_that_depend_on_each_other(tmp_path: Path) -> None:
    sources = with_dependency(
        "use match_room::Room;",
        **{
            "room/Cargo.toml": DEPENDENCY + '[dependencies]\ngame = { path = ".." }\n',
            "room/src/lib.rs": "use game::x; #[durable_object] struct Room;",
        },
    )
    assert kinds(facts_of(tmp_path, sources, sources["Cargo.toml"])) == {"Room": "class"}


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_symlink_loops_end(tmp_path: Path) -> None:
    write(tmp_path, {"Cargo.toml": CARGO, "src/lib.rs": "mod a;\n#[durable_object] struct Room;"})
    try:
        (tmp_path / "src" / "a.rs").symlink_to("lib.rs")
        (tmp_path / "src" / "a").symlink_to(".")
    except OSError:
        pytest.skip("needs the right to make links")
    facts = analyse(None, Files(tmp_path), tmp_path)
    assert facts is not None
    assert kinds(facts) == {"Room": "class"}


def test_a_module_that_is_its_own_path(tmp_path: Path) -> None:
    assert facts_of(tmp_path, '#[path = "lib.rs"] mod again;').open_exports == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe",
        b"\xef\xbb\xbf#[durable_object] struct Room;",
        b"#[",
        b"#[]",
        b"#![",
        b"use",
        b"use ;",
        b"mod ;",
    ],
)
def test_odd_bytes(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, {"Cargo.toml": CARGO, "src/lib.rs": ""})
    (tmp_path / "src" / "lib.rs").write_bytes(data)
    facts = analyse(None, Files(tmp_path), tmp_path)
    assert facts is not None
    assert ("Room" in facts.exports) == (b"Room" in data)


def test_every_prefix_of_a_file_is_read(tmp_path: Path) -> None:
    text = 'use worker::{self, *};\n#[path = "x.rs"] mod x;\n#[durable_object(fetch)]\npub struct Room { env: Env }\nimpl Room { const N: &str = "K"; fn f(&self) { self.env.kv(Self::N)?; self.env.var("V").ok(); } }\nm!(env.kv("Z")?);\n'
    write(tmp_path, {"Cargo.toml": CARGO})
    for end in range(len(text)):
        write(tmp_path, {"src/lib.rs": text[:end]})
        assert analyse(None, Files(tmp_path), tmp_path) is not None


def test_files_are_read_once_a_run(tmp_path: Path) -> None:
    write(tmp_path, {"Cargo.toml": CARGO, "src/lib.rs": "#[durable_object] struct Room;"})
    files = Files(tmp_path)
    first = analyse(None, files, tmp_path)
    kept = dict(files.cache)
    second = analyse(None, files, tmp_path)
    assert first is not None
    assert second is not None
    assert kinds(first) == kinds(second)
    assert all(files.cache[key] is value for key, value in kept.items())
    assert ("rust", str(tmp_path / "src" / "lib.rs")) in kept


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("test", False),
        ("not(test)", True),
        ('all(test, feature = "a")', False),
        ('any(test, feature = "a")', None),
        ('any(not(test), feature = "a")', True),
        ("all()", True),
        ("any()", False),
        ('target_arch = "wasm32"', True),
        ('target_arch = "x86_64"', False),
        ('target_family = "wasm"', True),
        ('feature = "a, b"', None),
        ("not()", None),
        ("", None),
    ],
)
def test_conditions(text: str, expected: bool | None) -> None:
    assert condition(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("derive(A, B(c, d))", [(("derive",), ["A", "B(c, d)"])]),
        ("a::b :: c", [(("a", "b", "c"), [])]),
        ('cfg_attr(feature = "x,y", one, two(3))', [(("one",), []), (("two",), ["3"])]),
        ("cfg_attr(test, one)", []),
        ("cfg_attr(not(test), cfg_attr(not(test), one))", [(("one",), [])]),
        ("", []),
    ],
)
def test_attributes(text: str, expected: list[tuple[tuple[str, ...], list[str]]]) -> None:
    assert [(one.path, one.arguments) for one in parse(text, 0, 0)] == expected
