"""`python -m wslint`.

Python puts the current folder first among those it imports from. That may be a stranger's project with a
`tomli.py` of its own, so it is taken out before anything else is imported. (`python -P -m wslint` keeps it out
from the start.)
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
