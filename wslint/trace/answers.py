"""From a rule to the answer that a handshake gets where its finding lies on the way.

The one place that says so; of a code that it does not have the message decides, if it names a status. The status that a message names (`the handshake answers 500: …`) is that of
the runs in the rule's *Source*.
"""

from __future__ import annotations

import re
from typing import Literal

from wslint.finding import Finding, Severity

Effect = int | Literal[
    "says",  # the message names the status
    "keeps",  # the answer stays what it is: the failure comes after it, or is one that the trace works out
    "refused",  # nothing is deployed
]  # fmt: skip


def _each(effect: Effect, codes: str) -> dict[str, Effect]:
    return {f"WS{code}": effect for code in codes.split()}


EFFECTS: dict[str, Effect] = {
    **_each("refused", "001 006 008 009 011 015 016 017 101 102 103 104 106 107 108 110 111 112"),
    **_each("refused", "203 204 209 210 212 213 216 217 218 220 221"),
    **_each("refused", "301 302 303 304 305 306 307 308 309 310 314 315 316 317 318"),
    **_each("refused", "622 701 702 703 809"),
    # What the trace works out from the code itself, path by path.
    **_each("keeps", "201 408 416 417 443 450 451 453 454 530 532 711 712 713 714 715 716 721"),
    **_each("says", "407 412"),
    **_each(500, "113 207 208 313 439 452 531 630"),
    **_each(500, "403 404 405 406 410 411 413 418 419 420 421 422 423 426 428 429 430 435 437 438"),
    **_each("says", "401 409 431 546"),
    **_each(200, "402"),
    # 101, and then nothing works.
    **_each(101, "425 427 432 433 434"),
    **_each("keeps", "501 502 503 504 505 506 507 510 515 516 517 547 608 609 614 621 645 802 803 811 902"),
    **_each(500, "513 514 605 613 615 616 618 619 620"),
    **_each(500, "801 804 901 904 905 906 907 908 909 910 911 912"),
}
_SAYS = re.compile(r"\banswers (?:a |an )?(?:empty )?(?P<status>[1-5]\d\d)\b")


def effect_of(finding: Finding) -> Effect | None:
    """What a finding on the way does to the answer; None where that is not known. Only errors do."""
    if finding.severity < Severity.ERROR or finding.confidence != "high":
        return "keeps"
    effect = EFFECTS.get(finding.code, "says")
    if effect == "says":
        match = _SAYS.search(finding.message)
        if match is not None:
            return int(match["status"])
        if finding.message.startswith("this throws"):
            return 500
        return 101 if re.search(r"gets a 101|right after the handshake", finding.message) else None
    return effect
