"""Which files are worth lowering."""

from __future__ import annotations

import re

_SIGNS = re.compile(
    rb"[wW]eb[sS]ocket|Upgrade|upgrade|\b101\b|Durable[Oo]bject|durable-objects"
    rb"|[iI]dFrom(?:Name|String)|newUniqueId|get(?:Server|Agent)?ByName|jurisdiction"
    rb"|\bfetch\b|new (?:Response|Request|Headers)\b|Response\.(?:json|redirect)"
    rb"|(?:get|set|delete)Alarm|\balarm\b|blockConcurrencyWhile|waitUntil|\.storage\b|Attachment\b"
    rb"|\.accept\b|cloudflare:|\bhono\b|\bitty-|party(?:server|kit)|PartyServer|\bagents\b|[aA]gentRequest"
)


def needs_lowering(data: bytes) -> bool:
    """Whether a file may have to do with a handshake, a stub, an alarm or a response at all.

    A file without any of these words can only pass values on that it doesn't name.
    """
    return _SIGNS.search(data) is not None
