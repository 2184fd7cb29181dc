"""`main` as the name of a package's module: what that exports, where it is known.

Such a module is a framework's own server entry. It knows nothing of the project's classes, so none can leave
through it; what is not listed here may take the project's code in by ways of its own, and stays unknown.
"""

from __future__ import annotations

import re

from wslint.files import Files
from wslint.project.names import VITE
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

EXPORTED: dict[str, frozenset[str]] = {
    "@astrojs/cloudflare/entrypoints/server": frozenset({"default"}),
    "@tanstack/react-start/server-entry": frozenset({"default", "createServerEntry"}),
    "@tanstack/solid-start/server-entry": frozenset({"default", "createServerEntry"}),
    "@tanstack/vue-start/server-entry": frozenset({"default", "createServerEntry"}),
}
"""Seen in builds of each (@astrojs/cloudflare 14, @tanstack/react-start 1.169; the other two are its twins)."""

_MEND = "name a module of your own in `main` that exports the class and hands everything else to the package's entry"
_INSTEAD = {
    "@astrojs/cloudflare": "name a module of your own in `main` that exports the class, with `handle` of"
    " `@astrojs/cloudflare/handler` for the pages",
    "@tanstack/react-start": "name a module of your own in `main`, such as `src/server.ts`, that exports the class and"
    " hands everything else to `@tanstack/react-start/server-entry`",
}
_ASTRO_WITHOUT_OPTION = (13, 0, 0)


def entrypoint_of(config: WorkerConfig, files: Files) -> Entrypoint | None:
    main = config.main
    text = main.string if main is not None else None
    if main is None or text is None or text not in EXPORTED:
        return None
    if _may_be_replaced(text, config, files):
        return Entrypoint(
            "generated", main, None, f"`{text}` may stand for a server entry of the project's own"
        )
    why = f"`{text}` is the package's own entry, which exports {_listed(EXPORTED[text])} only"
    option = ignored_option(config, files) if text.startswith("@astrojs/") else ""
    if option:
        why += f"; `{option}` is ignored since @astrojs/cloudflare 13"
    from wslint.source.javascript.packages import split

    parts = split(text)
    mend = _INSTEAD.get(parts[0], _MEND) if parts is not None else _MEND
    return Entrypoint("generated", main, None, why, names=EXPORTED[text], mend=mend)


def _may_be_replaced(text: str, config: WorkerConfig, files: Files) -> bool:
    """Whether a TanStack project has a server entry of its own, which its plugin may take in the default's place."""
    folder = config.document.folder
    if not text.startswith("@tanstack/"):
        return False
    script = next((folder / name for name in files.listing(folder) if name in VITE), None)
    file = files.read(script) if script is not None else None
    own = any(name.startswith("server.") for name in files.listing(folder / "src"))
    return own or (file is not None and re.search(rb"\bentry\b", file.data) is not None)


def ignored_option(config: WorkerConfig, files: Files) -> str:
    """Astro's `workerEntryPoint`, where the adapter is too new to read it."""
    from wslint.source.javascript.literals import config_named
    from wslint.source.javascript.versions import versions_of

    script = config_named(config.document.folder, "astro", files)
    versions = versions_of("@astrojs/cloudflare", config.document.folder, files)
    if script is None or versions is None or not versions.all_from(_ASTRO_WITHOUT_OPTION):
        return ""
    for call in script.calls("@astrojs/cloudflare"):
        if script.get(script.argument(call), "workerEntryPoint") is not None:
            return "workerEntryPoint"
    return ""


def _listed(names: frozenset[str]) -> str:
    others = sorted(names - {"default"})
    return " and ".join(["its default", *(f"`{each}`" for each in others)])
