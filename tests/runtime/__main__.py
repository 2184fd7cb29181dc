"""`python -m tests.runtime WS401 [/ws/ABCDE]`: serve a rule's two examples and print what a client sees."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.pages import write
from tests.runtime.conversation import talk
from tests.runtime.examples import example
from tests.runtime.workerd import DidNotStart, NotServed, serve


def main(code: str, path: str = "/ws/ABCDE") -> None:
    for heading in ("Example", "Use instead"):
        print(f"== {code} {heading}")
        with tempfile.TemporaryDirectory() as folder:
            write(example(code, heading), Path(folder))
            try:
                with serve(Path(folder), verbose=True) as server:
                    print(talk(server.ws + path))
                    print(server.log)
            except (NotServed, DidNotStart) as reason:
                print(f"{type(reason).__name__}: {reason}")


main(*sys.argv[1:])
