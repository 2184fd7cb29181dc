"""`python -m wslint`.

Python puts the current folder first among those it imports from. That may be a stranger's project with a
`tomli.py` of its own, so it is taken out before anything else is imported. What Python itself imports to run a module
(`importlib`, `contextlib`) comes before that: `python -P -m wslint`, or the program `wslint`, keep it out from the start.
"""

import os
import sys

if not getattr(sys.flags, "safe_path", False) and sys.path:
    try:
        here = os.getcwd()
    except OSError:  # it is gone
        here = ""
    if sys.path[0] in ("", here):
        del sys.path[0]

from wslint.start import run

if __name__ == "__main__":
    run()
