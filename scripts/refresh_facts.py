"""Read the facts out of installed tools again, rewrite the tables, and show what changed.

    python scripts/refresh_facts.py [NODE_MODULES]

NODE_MODULES is a folder with workerd and wrangler; without it the tests' own tools are taken (and installed,
at the versions of tests/runtime/package-lock.json). Written are the tables in wslint/data, each with version
and date in its first line, and the two constants in wslint/compatibility.py. Exit code: 0 nothing changed, 1
something did, 2 a tool is not understood; then nothing is written.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import generate_wrangler_schema  # noqa: E402
import workerd_flags  # noqa: E402

DATA = ROOT / "wslint" / "data"

_READ_OTHERWISE = {"build": "inheritable"}
"""Keys that wrangler inherits without its usual two functions."""


class NotUnderstood(Exception):
    """An installed package that is not as expected; says what."""


def version_of(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])


def date_of(version: str) -> str:
    """The day that a workerd version names: 1.20261117.1 is of 2026-11-17."""
    match = re.fullmatch(r"1\.(\d{4})(\d\d)(\d\d)\.\d+", version)
    if match is None:
        raise NotUnderstood(f"workerd {version}: no date in its version")
    return "-".join(match.groups())


def flags_table(modules: Path) -> str:
    binary = next(iter(modules.glob("@cloudflare/workerd-*/bin/workerd")), None)
    if binary is None:
        raise NotUnderstood(f"{modules} has no workerd for this kind of machine")
    version = version_of(binary.parents[1])  # the binary's own: a newer `workerd` beside it would not count
    return workerd_flags.table(binary, version, date_of(version))


def keys_table(modules: Path) -> str:
    """Every top-level key, and what an environment has of it."""
    package = modules / "wrangler"
    schema = json.loads((package / "config-schema.json").read_text(encoding="utf-8"))["definitions"]
    top, environment = (set(schema[name]["properties"]) for name in ("RawConfig", "RawEnvironment"))
    source = (package / "wrangler-dist" / "cli.js").read_text(encoding="utf-8")
    never, inherited = _fields(source, "notInheritable"), _fields(source, "inheritable")
    lines = []
    for key in sorted(top | environment):
        if key not in environment:
            kind = "top-level only"
        elif (key in never) != (key in inherited):
            kind = "NOT inheritable" if key in never else "inheritable"
        elif key in _READ_OTHERWISE and key not in never:
            kind = _READ_OTHERWISE[key]
        else:
            raise NotUnderstood(f"wrangler {version_of(package)}: can't tell whether `{key}` is inherited")
        lines.append(f"{key}\t{kind}")
    day = re.search(r"\.(\d{4})(\d\d)(\d\d)\.", version_of(modules / "miniflare"))
    dated = f" ({'-'.join(day.groups())})" if day else ""
    header = f"# Generated from config-schema.json and cli.js of wrangler {version_of(package)}{dated}. Do not edit."
    return "\n".join([header, "key\tenv_inheritance", *lines]) + "\n"


def _fields(source: str, function: str) -> set[str]:
    """The fields that the calls of one of wrangler's functions name: their first text."""
    calls = re.finditer(rf"(?<!function )(?<!\w){function}\(([^\"';]{{0,200}})\"(\w+)\"", source)
    return {call[2] for call in calls}


def constants(modules: Path) -> str:
    """wslint/compatibility.py with the version and the date of the flags' table."""
    path = ROOT / "wslint" / "compatibility.py"
    version = version_of(modules / "workerd")
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'(?m)^TABLE_DATE = ".*"$', f'TABLE_DATE = "{date_of(version)}"', text)
    return re.sub(r'(?m)^TABLE_VERSION = ".*"$', f'TABLE_VERSION = "{version.rsplit(".", 1)[0]}"', text)


def wanted(modules: Path) -> dict[Path, str]:
    """Every generated text by its path. Raises NotUnderstood, NoSchema, ValueError and OSError."""
    return {
        DATA / "compatibility_flags.tsv": flags_table(modules),
        DATA / "wrangler_keys.tsv": keys_table(modules),
        DATA / "wrangler_schema.json": generate_wrangler_schema.table_of_package(modules / "wrangler"),
        ROOT / "wslint" / "compatibility.py": constants(modules),
    }


def difference(path: Path, new: str) -> str:
    """What changes in a file, in lines; for the schema, in lines of its parts."""
    old = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        old, new = (json.dumps(json.loads(text), indent=1, sort_keys=True) for text in (old, new))
    name = str(path.relative_to(ROOT))
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), name, name, lineterm="", n=1)
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    if arguments:
        modules = Path(arguments[0])
    else:
        from tests.runtime.tools import tools

        modules = tools().modules
    try:
        texts = wanted(modules)
    except (NotUnderstood, workerd_flags.NoSchema, ValueError, KeyError, OSError) as problem:
        print(f"{modules}: {problem}", file=sys.stderr)
        return 2
    changed = [path for path, text in texts.items() if path.read_text(encoding="utf-8") != text]
    for path in changed:
        print(difference(path, texts[path]))
        path.write_text(texts[path], encoding="utf-8")
    print(f"{len(changed)} of {len(texts)} files changed", file=sys.stderr)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
