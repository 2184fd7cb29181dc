"""One finding a line, as the same object that `json` has in its list: for streams and `jq`."""

from __future__ import annotations

import json

from wslint.report.json import finding_object
from wslint.report.model import Result


def render(result: Result) -> str:
    """The findings alone: nothing at all when there are none."""
    return "".join(f"{json.dumps(finding_object(finding))}\n" for finding in result.findings)
