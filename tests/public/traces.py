"""`python -m tests.public.traces`: trace what the code of the project in this folder names, as JSON.

`wslint trace --all` also tries an address where no code names one; that says nothing of the project.
"""

from __future__ import annotations

import gc
from pathlib import Path

from wslint import trace_command
from wslint.files import Files
from wslint.play.addresses import addresses
from wslint.trace import predict, render


def main() -> None:
    gc.disable()
    workspace, findings = predict.open_folder([Path()], Files(Path()))
    traced = [
        predict.trace_worker(worker, asked.text, findings)
        for worker in trace_command._chosen(workspace, None)
        for asked in addresses(worker)
        if asked.named
    ]
    print(render.as_json(traced, several=True))


if __name__ == "__main__":
    main()
