"""Rust on this machine: cargo, and what makes a Worker of a crate for workerd.

wasm32 needs its standard library. A toolchain that has it (`rustup target add wasm32-unknown-unknown`) is
taken as it is. Otherwise one that has the library's source (rustup's rust-src, Debian's rustc-web with
rust-web-src) builds it, once, into a folder of the user's cache. worker-build and wasm-bindgen come from
crates.io at the versions of the scaffold's Cargo.lock, once too; worker-build's other downloads are
replaced: esbuild is npm's, wasm-opt is left out. What they rest on is pinned as well: worker-build's by the
lock file that it comes with, wasm-bindgen's by the one in wasm_bindgen/, since its own names crates that are gone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.runtime import progress
from tests.runtime.tools import MissingTools, built, missing, tools

TARGET = "wasm32-unknown-unknown"
LOCK = Path(__file__).parents[3] / "templates/match-worker/rust/Cargo.lock.jinja"
BINDGEN = Path(__file__).with_name("wasm_bindgen")
EMPTY = '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n'


@dataclass(frozen=True, slots=True)
class Wasm:
    """What builds a crate for workerd. `versions` is by tool, `standard_library` says where that came from."""

    worker_build: Path
    wasm_bindgen: Path
    environment: dict[str, str]
    versions: dict[str, str]
    standard_library: str


def locked(crate: str) -> str:
    """The version of a crate in the scaffold's Cargo.lock."""
    text = LOCK.read_text(encoding="utf-8")
    found = re.search(rf'name = "{re.escape(crate)}"\nversion = "([^"]+)"', text)
    assert found is not None, crate
    return found[1]


def require_cargo() -> dict[str, str]:
    """The environment to call `cargo` in. Without cargo the test is skipped, or failed where it is required."""
    if shutil.which("cargo") is None:
        missing("there is no cargo, so the Rust project was not built")
    return {**os.environ, "CARGO_TARGET_DIR": os.fspath(built("rust") / f"host-{_key(['rustc'])}")}


def require_wasm() -> Wasm:
    """What builds for workerd; without it the test is skipped, or failed where it is required."""
    try:
        return wasm()
    except MissingTools as reason:
        missing(f"no Worker can be built from Rust here: {reason}")


@cache
def wasm() -> Wasm:
    """Find, or build once, all that is needed. Raises MissingTools."""
    if shutil.which("cargo") is None:
        raise MissingTools("there is no cargo")
    with _alone():
        compiler, environment, library = _compiler()
        worker_build = _installed("worker-build", locked("worker"), f"worker-build@{locked('worker')}")
        pins = hashlib.sha256((BINDGEN / "Cargo.lock").read_bytes()).hexdigest()[:12]
        wasm_bindgen = _installed("wasm-bindgen", pins, "--path", os.fspath(BINDGEN))
    path = os.pathsep.join([os.fspath(compiler.parent), os.environ.get("PATH", "")])
    environment = {
        **os.environ,
        **environment,
        "PATH": path,
        "CARGO_TARGET_DIR": os.fspath(built("rust") / f"wasm-{_key([os.fspath(compiler)])}"),
        "WASM_BINDGEN_BIN": os.fspath(wasm_bindgen),
        "ESBUILD_BIN": os.fspath(tools().esbuild),
        "NO_MINIFY": "1",
    }
    versions = {
        "rustc": _run([os.fspath(compiler), "--version"]).split()[1],
        "worker": locked("worker"),
        "worker-build": locked("worker"),
        "wasm-bindgen": locked("wasm-bindgen"),
        "workerd": tools().versions["workerd"],
    }
    return Wasm(worker_build, wasm_bindgen, environment, versions, library)


def build(folder: Path, *options: str) -> None:
    """Run worker-build in a project's folder: `build/` appears. The crates come from the scaffold's lock file."""
    if not (folder / "Cargo.lock").exists():
        shutil.copy(LOCK, folder / "Cargo.lock")
    found = wasm()
    command = [os.fspath(found.worker_build), "--release", "--no-opt", *options]
    with _alone():  # wasm-bindgen reads what cargo has written, after cargo has let go of its lock
        _run(command, cwd=folder, environment=found.environment)


def _compiler() -> tuple[Path, dict[str, str], str]:
    """A rustc that knows wasm32, what else must be in the environment, and where the library came from."""
    candidates = [Path(found) for found in dict.fromkeys([shutil.which("rustc"), "/usr/bin/rustc"]) if found]
    candidates = [rustc for rustc in candidates if rustc.exists()]
    for rustc in candidates:
        libraries = Path(_run([os.fspath(rustc), "--print", "target-libdir", "--target", TARGET]).strip())
        if next(libraries.glob("libstd-*.rlib"), None) is not None:
            return rustc, {}, "installed"
    for rustc in candidates:
        sysroot = Path(_run([os.fspath(rustc), "--print", "sysroot"]).strip())
        if (sysroot / "lib/rustlib/src/rust/library/Cargo.toml").exists():
            linker = _linker(candidates)
            key = f"CARGO_TARGET_{TARGET.upper().replace('-', '_')}_LINKER"
            return _sysroot(rustc, sysroot, linker), {key: os.fspath(linker)}, "built from its source"
    raise MissingTools(
        f"no rustc has the standard library of {TARGET}, or its source (rustup target add {TARGET}; "
        "on Debian: apt-get install rustc-web rust-web-src)"
    )


def _linker(candidates: list[Path]) -> Path:
    for rustc in candidates:
        sysroot = Path(_run([os.fspath(rustc), "--print", "sysroot"]).strip())
        found = next(sysroot.glob("lib/rustlib/*/bin/rust-lld"), None)
        if found is not None:
            return found
    for name in ("rust-lld", "wasm-ld", "wasm-ld-19", "wasm-ld-14"):
        path = shutil.which(name)
        if path is not None:
            return Path(path)
    raise MissingTools("no linker for wasm: neither rust-lld nor wasm-ld (on Debian: apt-get install lld)")


def _sysroot(rustc: Path, sysroot: Path, linker: Path) -> Path:
    """A rustc whose sysroot has wasm32 too: the compiler's own, with the library built from its source."""
    target = built("rust") / f"sysroot-{_key([os.fspath(rustc)])}"
    wrapper = target / "bin/rustc"
    if wrapper.exists():
        return wrapper
    shutil.rmtree(target, ignore_errors=True)
    crate = target / "empty"
    (crate / "src").mkdir(parents=True)
    (crate / "Cargo.toml").write_text(EMPTY)
    (crate / "src/lib.rs").write_text("")
    flags = f"-Cembed-bitcode=yes -Clinker={linker}"  # the bitcode is for crates that ask for lto
    environment = {**os.environ, "RUSTC": os.fspath(rustc), "RUSTC_BOOTSTRAP": "1", "RUSTFLAGS": flags}
    environment["CARGO_TARGET_DIR"] = os.fspath(crate / "target")
    command = ["cargo", "build", "-Zbuild-std=std,panic_abort,proc_macro", "--release", "--target", TARGET]
    _set_up(f"std for {TARGET}", command, cwd=crate, env=environment)
    own = target / "lib/rustlib"
    (own / TARGET / "lib").mkdir(parents=True)
    for library in (crate / f"target/{TARGET}/release/deps").glob("*.rlib"):
        if not library.name.startswith("libempty-"):
            shutil.copy(library, own / TARGET / "lib")
    for path in (sysroot / "lib/rustlib").iterdir():
        if path.name not in (TARGET, "src", "etc"):
            (own / path.name).symlink_to(path)
    shutil.rmtree(crate)
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nexec "{rustc}" --sysroot "{target}" "$@"\n')
    wrapper.chmod(0o755)
    return wrapper


def _installed(program: str, version: str, *source: str) -> Path:
    root = built("rust") / f"{program}-{version}"
    found = root / "bin" / program
    if not found.exists():
        target = os.fspath(built("rust") / "install")
        options = ["--locked", "--root", os.fspath(root), "--target-dir", target]
        _set_up(program, ["cargo", "install", *options, *source])
        shutil.rmtree(target, ignore_errors=True)
    return found


def _set_up(what: str, command: list[str], **options: Any) -> None:
    """A step that takes minutes, once. When it fails, one line says so and names the log."""
    log = built("rust") / f"{what}.log"
    if progress.run(f"{what} for the Rust tests", command, log, **options) != 0:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        error = next((line for line in lines if line.startswith("error")), lines[-1] if lines else "")
        raise MissingTools(f"{what} could not be built: {error.strip()} (the rest is in {log})")


@contextmanager
def _alone() -> Iterator[None]:
    with open(built("rust") / "lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _key(compiler: list[str]) -> str:
    about = _run([*compiler, "-vV"]) + LOCK.read_text(encoding="utf-8")
    return hashlib.sha256(about.encode()).hexdigest()[:12]


def _run(command: list[str], *, cwd: Path | None = None, environment: dict[str, str] | None = None) -> str:
    ran = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise MissingTools(f"`{' '.join(command[:3])}` failed: {(ran.stderr or ran.stdout).strip()[-1500:]}")
    return ran.stdout
