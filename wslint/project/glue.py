"""The Rust behind wasm-bindgen glue: which crate a module was built from, and what that crate says.

A glue module is tied to a crate by where it lies and what it is called, as wasm-pack writes it, and by its
classes or functions, which the crate must declare. What can't be tied together is left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING

from wslint.files import Files
from wslint.project.wasm_pack import WasmBuild
from wslint.regex import regex
from wslint.source.facts import SourceFacts
from wslint.source.flow.uses import ClassFlow, Flow, Use
from wslint.source.flow.values import Instance, Pending, RequestValue
from wslint.source.rust.cargo import RustCrate, members_above, read_crate
from wslint.text import SourceFile

if TYPE_CHECKING:
    from wslint.worker import Worker

_GLUE = (b"__wbg", b"__wbindgen")
_HANDLERS = ("fetch", "alarm", "webSocketMessage", "webSocketClose", "webSocketError")
_EXPORTED = regex(rb"\bexport\s+(?:async\s+)?(?:class|function)\s+(\w+)")


def is_glue(file: SourceFile) -> bool:
    """Whether wasm-bindgen wrote this module."""
    return b"wasm" in file.data and any(mark in file.data for mark in _GLUE)


def crate_named(glue: Path, files: Files) -> RustCrate | None:
    """The crate of the project that a glue module is built from, by its place and name; None when none is."""
    name = glue.name.removesuffix(".js").removesuffix(".mjs").removesuffix("_bg")
    for crate in _candidates(glue.parent, files):
        if crate.depends_on_worker and not crate.problem and crate.name.replace("-", "_") == name:
            return crate
    return None


def _candidates(folder: Path, files: Files) -> Iterator[RustCrate]:
    """The package above a folder, then those of the workspace around it."""
    for each in (folder, *folder.parents):
        if each != files.base and not each.is_relative_to(files.base):
            return
        if files.is_file(each / "Cargo.toml"):
            crate = read_crate(each, files)
            if crate is not None:
                yield crate
            yield from members_above(each, files)


def rust_behind(
    facts: SourceFacts, builds: list[WasmBuild], files: Files
) -> tuple[SourceFacts, list[RustCrate]] | None:
    """The facts of the crates behind a JavaScript Worker's glue, in one; None where no crate was found.

    Its entrypoint is the root of the crate that has the `fetch` event, else of the first.
    """
    from wslint.project.unbuilt import unbuilt_modules
    from wslint.source.rust import analyser

    found: list[SourceFacts] = []
    crates: dict[str, RustCrate] = {}
    for crate, names in (
        *_built(facts, builds, files),
        *((one.crate, one.imported) for one in unbuilt_modules(facts, builds, files)),
    ):
        if os.fspath(crate.folder) in crates:
            continue
        read = analyser.analyse(None, files, crate.folder, crate.folder)
        if read is None or not _declares(read, names):
            continue
        crates[os.fspath(crate.folder)] = crate
        found.append(read)
    if not found:
        return None
    return _joined(found), list(crates.values())


def _built(facts: SourceFacts, builds: list[WasmBuild], files: Files) -> Iterator[tuple[RustCrate, set[str]]]:
    """The crates of the glue that is there, each with what the glue exports."""
    from wslint.project.unbuilt import crate_behind

    for file in facts.files:
        crate = crate_behind(file.path, builds, files) if is_glue(file) else None
        if crate is not None:
            yield crate, {name.decode() for name in _EXPORTED.findall(file.data)}


def _declares(facts: SourceFacts, names: set[str]) -> bool:
    """Whether a crate declares something that its glue exports; a `fetch` event becomes a function `fetch`."""
    return bool(names & (set(facts.exports) | set(facts.classes))) or (
        "fetch" in names and "default" in facts.exports
    )


def _joined(several: list[SourceFacts]) -> SourceFacts:
    several = sorted(several, key=lambda facts: "default" not in facts.exports)
    joined = SourceFacts("rust", several[0].entrypoint)
    seen: set[Path] = set()
    for facts in several:
        joined.exports = {**facts.exports, **joined.exports}
        joined.classes = {**facts.classes, **joined.classes}
        joined.unknown += facts.unknown
        for file in facts.files:
            if file.path not in seen:
                seen.add(file.path)
                joined.files.append(file)
        places = {use.span for use in joined.binding_uses}
        joined.binding_uses += [use for use in facts.binding_uses if use.span not in places]
        known = {comment.span for comment in joined.comments}
        joined.comments += [comment for comment in facts.comments if comment.span not in known]
    return joined


# What the JavaScript in front does


def passes_request(flow: Flow | None) -> bool:
    """Whether the code in front hands its request to code that it does not have, and never one of its own."""
    uses = flow.uses if flow is not None else []
    given = [use for use in uses if use.action == "escape" and isinstance(use.value, RequestValue)]
    return bool(given) and all(isinstance(use.value, RequestValue) and use.value.incoming for use in given)


def tied_classes(front: Worker, files: Files) -> set[str]:
    """The glue's classes whose handlers the runtime reaches: they are exported themselves, or a class of the
    project forwards to them each handler that they have."""
    from wslint.project.unbuilt import unbuilt_modules

    source, flow = front.source, front.flow
    if source is None:
        return set()
    tied = {
        fact.cls.name
        for fact in source.exports.values()
        if fact.cls is not None and fact.cls.generated_from == "rust"
    }
    for unbuilt in unbuilt_modules(source, front.wasm_builds, files):
        tied.update(unbuilt.names.values())
    for cls in flow.classes.values() if flow is not None else ():
        for inner in wrapped(cls):
            if _forwards_all(cls, {member.name for member in inner.cls.node.members}):
                tied.add(inner.cls.node.name or "")
        for held in front.unbuilt_classes(cls):
            if _forwards_all(cls, held.members):
                tied.add(held.name)
    return tied


def wrapped(cls: ClassFlow) -> Iterator[Instance]:
    """The objects that the fields of a class hold, awaited or not."""
    for values in cls.fields.values():
        for value in values:
            for item in value.inner if isinstance(value, Pending) else (value,):
                if isinstance(item, Instance):
                    yield item


def _forwards_all(wrapper: ClassFlow, members: Set[str]) -> bool:
    """Whether a wrapper has each handler of the object inside and calls the one of the same name."""
    from wslint.source import tree
    from wslint.source.nodes import nodes_in

    for name in _HANDLERS:
        if name not in members:
            continue
        own = wrapper.members.get(name)
        if own is None or own.function is None:
            return False
        calls = (node for node in nodes_in(own.function.body) if isinstance(node, tree.Call))
        if not any(isinstance(call.function, tree.Member) and call.function.name == name for call in calls):
            return False
    return True


def only(flow: Flow, tied: set[str]) -> Flow:
    """A flow without the classes that are not tied to the glue."""
    left_out = {name for name, cls in flow.classes.items() if cls.is_durable == "yes" and name not in tied}

    def stays(use: Use) -> bool:
        return use.where.cls not in left_out

    flow.classes = {name: cls for name, cls in flow.classes.items() if name not in left_out}
    flow.uses = [use for use in flow.uses if stays(use)]
    return flow
