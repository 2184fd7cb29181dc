"""OpenNext: `.open-next/worker.js`, which exports its own three classes and the default."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.commands import Commands
from wslint.project.dependencies import depends_on
from wslint.project.output import additions
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

EXPORTED = frozenset({"default", "DOQueueHandler", "DOShardedTagCache", "BucketCachePurge"})
"""Read in the template of @opennextjs/cloudflare 1.20; older ones have some of them."""

_PACKAGES = frozenset({"@opennextjs/cloudflare"})
_MEND = (
    "name a module of your own in `main` that exports the class beside what it takes from `./.open-next/worker.js`"
    " (OpenNext calls it a custom Worker)"
)


def entrypoint_of(config: WorkerConfig, path: Path, commands: Commands, files: Files) -> Entrypoint | None:
    if path.parent.name != ".open-next" or path.name not in ("worker.js", "worker.ts"):
        return None
    if not depends_on(_PACKAGES, config.document.folder, files):
        return Entrypoint(
            "generated", config.main, path, "OpenNext writes `main`, and nothing tells which version of it"
        )
    added = additions(path, commands, files)
    if added is None:
        return Entrypoint(
            "generated", config.main, path, "OpenNext writes `main`, and the build changes it afterwards"
        )
    why = "OpenNext writes `.open-next/worker.js`, which exports its own classes only"
    return Entrypoint("generated", config.main, path, why, names=EXPORTED | added, mend=_MEND)
