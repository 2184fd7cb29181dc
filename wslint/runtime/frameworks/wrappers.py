"""Packages that watch a Worker: what they wrap answers handshakes as it did (@sentry/cloudflare 11.0.0 and
@microlabs/otel-cf-workers 0.9.1, run). The latter's `instrumentDO` is left out: it hands a Proxy to the constructor,
which `DurableObject` refuses in that version and not in others."""

from __future__ import annotations

from typing import Any

from wslint.values.host import Invocation
from wslint.values.value import Value

_WRAPPED = {"withSentry": 1, "instrumentDurableObjectWithSentry": 1, "instrument": 0}
"""Where each function's argument stands that it gives back."""


def imported(host: Any, value: Any, unit: Any) -> Value | None:
    return None


def called(host: Any, target: Any, call: Invocation) -> Value | None:
    place = _WRAPPED.get(target.name)
    return call.argument(place) if place is not None and not call.open else None
