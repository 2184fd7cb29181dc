"""A `main` that names no file.

## What it does
Looks for the file that `main` names, relative to the configuration. For a Rust crate that is built by
`worker-build` and nothing else, it compares `main` with the two paths that `worker-build` writes.

## Why it fails
`wrangler deploy` and `wrangler dev` end with "The entry-point file at … was not found".

## Example
```toml wrangler.toml
name = "match"
main = "src/index.js"
compatibility_date = "2026-07-01"
```
```ts src/index.ts
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "src/index.ts"
compatibility_date = "2026-07-01"
```
```ts src/index.ts
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- `build.command` or a folder that builds write to (`dist`, `.open-next`) says that the file is made.
- `main` names a package or a virtual module, which a bundler plugin resolves.
- `main` leaves out the suffix of an existing file: wrangler tries .ts, .tsx, .js and .jsx.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 on this project.
- https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys
- https://github.com/cloudflare/workers-rs/blob/main/worker-build/src/main.rs (what worker-build writes)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wslint import system
from wslint.finding import Fix, Severity
from wslint.project.entrypoint import SCRIPT_SUFFIXES
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.settings import nearest
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS209", "missing-entrypoint", Severity.ERROR, fix="unsafe")

BUILT_BY_WORKER_BUILD = ("build/index.js", "build/worker/shim.mjs")
_WORKER_BUILD = regex(r"(?:^|&&|;)\s*worker-build(?:\s+--(?:release|dev))?\s*$")


def check(worker: Worker) -> Iterator[Outcome]:
    main, path = worker.config.main, worker.entrypoint.path
    if main is None or path is None or worker.document.is_pages:
        return
    if worker.entrypoint.kind == "missing":
        near = _near(worker, path)
        written = _written(worker, near) if near is not None else None
        yield RULE.finding(
            main.span,
            f"wrangler refuses to deploy: the entrypoint `{worker.config.main_path}` does not exist",
            help=f"there is `{written}`" if written else "write the path relative to this file",
            fix=Fix(f"name `{written}`", "unsafe", (edit.replace_string(main, written),))
            if written
            else None,
        )
        return
    written = _other_output(worker, path) if worker.entrypoint.kind in ("rust", "generated") else None
    if written is not None:
        yield RULE.finding(
            main.span,
            f"wrangler refuses to deploy: after the build there is no `{main.string}`, as worker-build writes"
            f" `{written}`",
            fix=Fix(f"name `{written}`", "unsafe", (edit.replace_string(main, written),)),
        )


def _near(worker: Worker, path: Path) -> Path | None:
    """A file that may be meant: the same name with another suffix, a near name, the same name nearby."""
    files = worker.workspace.files
    readable = SCRIPT_SUFFIXES | {".py"}
    beside = sorted(name for name in files.listing(path.parent) if Path(name).suffix in readable)
    beside = [name for name in beside if not name.endswith((".d.ts", ".d.mts"))]
    same = [name for name in beside if Path(name).stem == path.stem]
    if len(same) == 1:
        return path.with_name(same[0])
    near = nearest(path.name, beside)
    if near is not None and files.is_file(path.with_name(near)):
        return path.with_name(near)
    folder = worker.document.folder
    nearby = [folder / part / (path.stem + suffix) for part in (".", "src") for suffix in sorted(readable)]
    found = [candidate for candidate in nearby if files.is_file(candidate)]
    return found[0] if len(found) == 1 else None


def _written(worker: Worker, path: Path) -> str | None:
    """The path as `main` would name it; None outside the configuration's folder."""
    try:
        return path.relative_to(system.resolved(worker.document.folder)).as_posix()
    except ValueError:
        return None


def _other_output(worker: Worker, path: Path) -> str | None:
    """What the build writes in place of `main`, where it is `worker-build` and nothing else."""
    files, config = worker.workspace.files, worker.config
    build, command = config.value("build"), config.build_command or ""
    if (
        build is None
        or build.get("cwd") is not None
        or files.is_file(path)
        or not _WORKER_BUILD.search(command)
    ):
        return None
    from wslint.project.commands import commands_of

    run = next(
        (each for each in commands_of(config, files).named("worker-build") if each.text == command), None
    )
    if run is None or not files.is_file(run.folder / "Cargo.toml"):
        return None
    written = [run.folder / each for each in BUILT_BY_WORKER_BUILD]
    return None if path in written else _written(worker, written[0])
