"""The bindings that a Worker uses, and the exports it reaches through its context."""

from __future__ import annotations

from wslint.source.facts import BindingUse
from wslint.source.javascript.flow import Flow
from wslint.source.javascript.graph import Graph
from wslint.source.javascript.seeds import plant
from wslint.text import Span


def follow_env(graph: Graph) -> tuple[list[BindingUse], list[Span]]:
    """All `env.NAME` and all `ctx.exports.NAME` in a Worker's modules, in reading order."""
    flow = Flow(graph)
    plant(flow)
    flow.run()
    order = {path: number for number, path in enumerate(graph.modules)}

    def place(span: Span) -> tuple[int, int]:
        return order.get(span.file.path, len(order)), span.start

    uses = sorted(flow.collected.binding_uses(), key=lambda use: place(use.span))
    return uses, sorted(flow.collected.exports.values(), key=place)
