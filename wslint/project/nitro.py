"""Nitro, alone or in Nuxt: the preset decides what `.output/server/index.mjs` exports, and Nitro names it in `main`.

A wrangler configuration without `main` is right there. The configuration may stand in nitro.config or nuxt.config
itself (`cloudflare.wrangler`), with no wrangler file at all.
"""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.commands import Commands
from wslint.project.dependencies import depends_on
from wslint.project.inline import placeholder, value_of
from wslint.project.names import NITRO
from wslint.record import frozen
from wslint.source.javascript.literals import Script, config_named
from wslint.source.tree import Expression, Table
from wslint.text import Comment, SourceFile, Span
from wslint.worker import Entrypoint
from wslint.wrangler.config import ConfigDocument, WorkerConfig

CLASS = "$DurableObject"
_EXPORTED = {
    "cloudflare-module": frozenset({"default"}),
    "cloudflare-pages": frozenset({"default"}),
    "cloudflare-durable": frozenset({"default", CLASS}),
}
_PACKAGES = frozenset(
    {"nitropack", "nitro", "nuxt", "nitropack-nightly", "nitro-nightly", "@solidjs/start", "vinxi"}
)
_ENVIRONMENT = ("NITRO_PRESET", "SERVER_PRESET")
_CHANGES = ("entry", "hooks", "rollupConfig")
"""Options that may put something else into the entrypoint."""
_MORE_EXPORTS = "exports.cloudflare"


@frozen
class Settings:
    """Nitro's own part of a configuration script."""

    script: Script
    options: Expression | None

    @property
    def wrangler(self) -> Expression | None:
        return self.script.get(self.options, "cloudflare", "wrangler")


def settings_in(folder: Path, files: Files) -> Settings | None:
    """nitro.config, or the `nitro` table of nuxt.config."""
    script = config_named(folder, "nitro", files)
    if script is not None:
        return Settings(script, script.exported)
    script = config_named(folder, "nuxt", files)
    if script is not None:
        return Settings(script, script.get(script.exported, "nitro"))
    return None


def entrypoint_of(
    config: WorkerConfig, path: Path | None, commands: Commands, files: Files
) -> Entrypoint | None:
    folder = config.document.folder
    settings = settings_in(folder, files)
    if settings is None or not depends_on(_PACKAGES, folder, files):
        return None
    if path is not None and ".output" not in path.parts:
        return None
    text, span = _preset(settings)
    if text is None or _is_set_elsewhere(commands):
        return Entrypoint(
            "generated", config.main, path, "Nitro writes the entrypoint, and its preset is set elsewhere"
        )
    names = _EXPORTED.get(text.replace("_", "-"))
    more = _more_exports(settings, folder, files)
    changed = any(settings.script.get(settings.options, key) is not None for key in _CHANGES)
    if names is None or more is None or changed:
        return Entrypoint("generated", config.main, path, f"Nitro writes the entrypoint (preset `{text}`)")
    why = f"Nitro's preset `{text}` writes the entrypoint, which exports {_listed(names | more)} only"
    mend = f'set `preset: "cloudflare-durable"`, which exports `{CLASS}`'
    if CLASS in names:
        mend = f"export the class in `{_MORE_EXPORTS}.ts` beside the configuration"
    return Entrypoint("generated", config.main, path, why, names=names | more, decided=span, mend=mend)


def _preset(settings: Settings) -> tuple[str | None, Span | None]:
    node = settings.script.get(settings.options, "preset")
    text = settings.script.text(node)
    return text, settings.script.span(node) if node is not None else None


def _is_set_elsewhere(commands: Commands) -> bool:
    return any(name in _ENVIRONMENT for each in commands.found for name, _ in each.environment) or any(
        "--preset" in each.text for each in commands.found
    )


def _more_exports(settings: Settings, folder: Path, files: Files) -> frozenset[str] | None:
    """What the project adds to the exports by a file of its own; None where that can't be told."""
    from wslint.source.javascript.module import read_module

    named = settings.script.get(settings.options, "cloudflare", "exports")
    paths = [folder / f"{_MORE_EXPORTS}.{suffix}" for suffix in ("ts", "mts", "js", "mjs")]
    if named is not None:
        path = settings.script.path(named, folder)
        if path is None:
            return None
        paths = [path]
    for path in paths:
        file = files.read(path) if files.is_file(path) else None
        if file is not None:
            module = read_module(files, file)
            return frozenset(module.exports) if not module.stars and not module.hidden else None
    return frozenset() if named is None else None


def _listed(names: frozenset[str]) -> str:
    return " and ".join(["its default", *(f"`{each}`" for each in sorted(names - {"default"}))])


# A configuration without a wrangler file


def inline_config(folder: Path, files: Files) -> Path | None:
    """The script that holds the whole wrangler configuration of a folder (`cloudflare.wrangler`), if one does."""
    if files.listing(folder).isdisjoint(NITRO) or not depends_on(_PACKAGES, folder, files):
        return None
    settings = settings_in(folder, files)
    if settings is None or not isinstance(settings.wrangler, Table):
        return None
    return settings.script.file.path


def inline_document(file: SourceFile, files: Files) -> ConfigDocument | None:
    """The configuration that such a script holds. What Nitro adds by itself counts as there."""
    settings = settings_in(file.path.parent, files)
    if settings is None or settings.script.file.path != file.path or not isinstance(settings.wrangler, Table):
        return None
    script, table = settings.script, settings.wrangler
    root = value_of(script, table)
    start = script.span(table).head()
    for key in ("name", "compatibility_date"):
        root.entries.setdefault(key, placeholder(key, start))
    document = ConfigDocument(file, "json", root, _comments(script, files))
    document.added_by.append(file)
    return document


def _comments(script: Script, files: Files) -> list[Comment]:
    from wslint.source.javascript.module import read_module

    return read_module(files, script.file).comments
