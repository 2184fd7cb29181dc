"""hono: a request's way through its handlers, and the context that they get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.trace import calls, responses, routers
from wslint.trace.values import (
    UNDEFINED,
    EnvV,
    GaveUp,
    Global,
    Native,
    Obj,
    Promise,
    Req,
    Resp,
    Scope,
    Thrown,
    Unknown,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine


def run(machine: Machine, app: routers.App, request: Req, rest: list[Val]) -> Val:
    steps = [
        (route, params, handler)
        for route, params in routers.matching(app, request)
        for handler in route.handlers
    ]
    state = _Request(machine, app, request, rest, steps)
    try:
        return state.run(0)
    except Thrown as thrown:
        if app.on_error is not None:
            error = thrown.value or Obj({"message": Unknown("the message")}, True)
            return machine.awaited(
                calls.apply(machine, app.on_error, [error, state.context({})], app.span, state.scope)
            )
        raise


class _Request:
    """One request's way through hono's handlers."""

    def __init__(self, machine: Machine, app: routers.App, request: Req, rest: list[Val],
                 steps: list[tuple[routers.Route, dict[str, str | None], Val]]) -> None:  # fmt: skip
        self.machine, self.app, self.request, self.rest, self.steps = machine, app, request, rest, steps
        self.scope = Scope(app.span.file, None)  # type: ignore[arg-type]
        self.shared: dict[str, Val] = {}
        self.result: Val = UNDEFINED
        self.wrote_headers = False

    def run(self, index: int) -> Val:
        """What the handlers from `index` on give; hono's own 404 behind the last."""
        if index >= len(self.steps):
            if self.app.not_found is not None:
                return self.machine.awaited(
                    calls.apply(
                        self.machine, self.app.not_found, [self.context({})], self.app.span, self.scope
                    )
                )
            return Resp(404, None, note="hono's own 404: no route matches")
        route, params, handler = self.steps[index]
        routers.route_hop(self.machine, route)

        def following(given: list[Val]) -> Val:
            try:
                self.result = self.run(index + 1)
            except Thrown as thrown:
                return Promise(UNDEFINED, thrown)
            context.fields["res"] = self.result
            return Promise(UNDEFINED)

        context = self.context(params)
        if isinstance(handler, Unknown | Global):
            raise GaveUp("a handler of the route is not read", route.span.head())
        found = self.machine.awaited(
            calls.apply(self.machine, handler, [context, Native("next", following)], route.span, self.scope)
        )
        if isinstance(found, Resp):
            if self.wrote_headers and found.headers.immutable:
                raise GaveUp("hono writes headers over a response that was fetched", route.span.head())
            self.result = found
        elif isinstance(found, Unknown):
            raise GaveUp("what a handler returns is not known", route.span.head())
        elif self.result is UNDEFINED and len(self.steps) == 1:
            return self.run(index + 1)  # a single handler that returns nothing: hono's 404
        elif self.result is UNDEFINED:
            raise Thrown("Error: Context is not finalized. Did you forget to return a Response object or `await next()`?",
                         route.span.head())  # fmt: skip
        return self.result

    def context(self, params: dict[str, str | None]) -> Obj:
        """`c`."""
        request = Req(
            self.request.url,
            self.request.method,
            self.request.headers,
            "hono",
            {"params": routers.params_of(params)},
        )
        env = next((item for item in self.rest if isinstance(item, EnvV)), Unknown("`c.env`"))

        def answer(default: int) -> Any:
            def make(given: list[Val]) -> Val:
                second = given[1] if len(given) > 1 else UNDEFINED
                if isinstance(second, float):
                    return Resp(int(second), self.app.span)
                if isinstance(second, Obj):
                    return responses.build(
                        "x" if default else given[0] if given else None, second, self.app.span
                    )
                if second is not UNDEFINED:
                    return Resp(Unknown("a status"), self.app.span)
                return Resp(200, self.app.span)

            return make

        def header(given: list[Val]) -> Val:
            self.wrote_headers = True
            return UNDEFINED

        def redirect(given: list[Val]) -> Val:
            return Resp(
                int(given[1]) if len(given) > 1 and isinstance(given[1], float) else 302, self.app.span
            )

        def store(given: list[Val]) -> Val:
            if given and isinstance(given[0], str):
                self.shared[given[0]] = given[1] if len(given) > 1 else UNDEFINED
            return UNDEFINED

        def stored(given: list[Val]) -> Val:
            return (
                self.shared.get(given[0], UNDEFINED)
                if given and isinstance(given[0], str)
                else Unknown("a variable")
            )

        def missing(given: list[Val]) -> Val:
            return Resp(404, self.app.span)

        natives = {
            "json": answer(1), "text": answer(1), "html": answer(1), "body": answer(0), "newResponse": answer(0),
            "redirect": redirect, "header": header, "status": header, "set": store, "get": stored, "notFound": missing,
        }  # fmt: skip
        fields: dict[str, Val] = {name: Native(f"c.{name}", call) for name, call in natives.items()}
        context = next(
            (item for item in self.rest if not isinstance(item, EnvV)), Unknown("`c.executionCtx`")
        )
        fields |= {"req": request, "env": env, "executionCtx": context, "var": Obj(self.shared)}
        fields["res"] = self.result if isinstance(self.result, Resp) else Unknown("`c.res`")
        return Obj(fields)
