"""A script that is named to wrangler on the command line: `wrangler deploy --minify src/index.ts`."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.commands import Command, commands_of
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

_WITH_VALUE = (
    "-c", "--config", "-e", "--env", "--env-file", "--name", "--outdir", "--outfile", "--assets", "--site", "--site-include",
    "--site-exclude", "--compatibility-date", "--compatibility-flag", "--compatibility-flags", "--latest", "--var",
    "--define", "--alias", "--triggers", "--routes", "--route", "--domains", "--domain", "--jsx-factory",
    "--jsx-fragment", "--tsconfig", "--port", "--ip", "--host", "--inspector-port", "--local-protocol", "--persist-to",
    "--log-level", "--dispatch-namespace", "--tag", "--message", "--cwd",
)  # fmt: skip
_SUFFIXES = frozenset({".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".py"})


def entrypoint_of(config: WorkerConfig, files: Files) -> Entrypoint | None:
    """The one script that the project's own commands deploy, or else run; None where none or several are named."""
    calls = list(commands_of(config, files).named("wrangler"))
    for names in (("deploy", "publish"), ("dev",)):
        given = {path for command in calls for path in _scripts(command, names)}
        found = [path for path in given if path.suffix in _SUFFIXES and files.is_file(path)]
        if given:
            return Entrypoint("source", None, found[0]) if len(given) == len(found) == 1 else None
    return None


def _scripts(command: Command, names: tuple[str, ...]) -> list[Path]:
    words = command.plain(*_WITH_VALUE)
    if len(words) < 2 or words[0] not in names or command.option("-c", "--config") is not None:
        return []
    return [command.path(words[1])]
