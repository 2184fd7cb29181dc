"""Runs in this process, as the cache keeps them, and edits of a project: what tests of the cache are made of."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from wslint import cache, start, system
from wslint.cache_write import needed
from wslint.check_command import run_check
from wslint.errors import CheckError

Said = tuple[int, list[tuple[str, str]]]


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def options(*words: str) -> tuple[tuple[Path, ...], dict[str, Any]]:
    """What the command line says, plainly."""
    found = start.plain(["check", *words])
    assert found is not None
    return found


def checked(folder: Path, *words: str) -> tuple[Said, bytes | None]:
    """What a check says in a folder, and the run as it is kept; None where it is not to be."""
    given, chosen = options(*words)
    system.record()
    with inside(folder), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        try:
            code = run_check(given, chosen)
        except CheckError as error:
            system.said("err", f"wslint: {error}\n")
            code = 2
        finally:
            record = system.recorded()
    assert record is not None
    body = None if record.spoilt or code == 2 else cache.packed(code, record.said, {}, needed(record))
    return (code, record.said), body


def answered(folder: Path, body: bytes) -> Said | None:
    """What is said of a kept run, if anything."""
    with inside(folder):
        return cache.unpacked(body)


Edit = Callable[[Path, random.Random], None]


def any_file(folder: Path, chance: random.Random) -> Path | None:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return chance.choice(found) if found else None


def any_folder(folder: Path, chance: random.Random) -> Path:
    found = sorted(path for path in folder.rglob("*") if path.is_dir() and ".git" not in path.parts)
    return chance.choice([folder, *found])


def append(folder: Path, chance: random.Random) -> None:
    path = any_file(folder, chance)
    if path is not None:
        with path.open("ab") as file:
            file.write(chance.choice([b"\n", b"\n// x\n", b"\n# x\n", b"(", b"\n[vars]\nX = 1\n"]))


def change(folder: Path, chance: random.Random) -> None:
    """A word in place of another one."""
    path = any_file(folder, chance)
    if path is not None:
        words = path.read_bytes().split(b" ")
        words[chance.randrange(len(words))] = chance.choice(words)
        path.write_bytes(b" ".join(words))


def cut(folder: Path, chance: random.Random) -> None:
    path = any_file(folder, chance)
    if path is not None:
        lines = path.read_bytes().splitlines(keepends=True)
        if lines:
            del lines[chance.randrange(len(lines))]
        path.write_bytes(b"".join(lines))


def remove(folder: Path, chance: random.Random) -> None:
    path = any_file(folder, chance)
    if path is not None:
        path.unlink()


def remove_folder(folder: Path, chance: random.Random) -> None:
    path = any_folder(folder, chance)
    if path != folder:
        shutil.rmtree(path, ignore_errors=True)


def rename(folder: Path, chance: random.Random) -> None:
    path = any_file(folder, chance)
    if path is not None:
        path.rename(path.with_name(chance.choice(NAMES)))


def link(folder: Path, chance: random.Random) -> None:
    """A file that becomes a link to another one, or to nowhere."""
    path, other = any_file(folder, chance), any_file(folder, chance)
    if path is not None and other is not None and path != other:
        path.unlink()
        path.symlink_to(chance.choice([other, folder / "nowhere", folder]))


NAMES = (
    *("wrangler.toml", "wrangler.json", "wrangler.jsonc", "wrangler.dev.toml", "package.json", "wslint.toml"),
    *(".gitignore", "vite.config.ts", "index.ts", "index.js", "index.html", "_redirects", ".assetsignore"),
    *("pyproject.toml", "pnpm-workspace.yaml", "README.md", "Cargo.toml", "build.rs", "README"),
)
TEXTS = (
    *("", "{}", "name = 'x'\nmain = 'index.js'\n", '{"workspaces": ["*"]}', "*\n", "src/\n", "dist\n"),
    *("ignore = ['ALL']\n", "[tool.wslint]\npedantic = true\n", "pedantic = true\n", "exclude = ['src']\n"),
    *("export default { fetch() { return new Response(null, { status: 101 }) } }\n", "npx wrangler deploy\n"),
)


def add(folder: Path, chance: random.Random) -> None:
    path = any_folder(folder, chance) / chance.choice(NAMES)
    if not path.exists() and not path.is_symlink():
        path.write_text(chance.choice(TEXTS), encoding="utf-8")


def add_folder(folder: Path, chance: random.Random) -> None:
    names = [".git", "node_modules", "dist", "functions", "public", "src", ".wrangler/deploy", "tests"]
    path = any_folder(folder, chance) / chance.choice(names)
    if not path.exists():
        path.mkdir(parents=True)


def touch(folder: Path, chance: random.Random) -> None:
    path = any_file(folder, chance)
    if path is not None:
        os.utime(path)


EDITS: tuple[Edit, ...] = (
    *(append, change, cut, remove, remove_folder, rename, link, add, add, add_folder, touch),
)
