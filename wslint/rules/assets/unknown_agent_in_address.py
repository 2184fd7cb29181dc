"""A client that asks for an agent that no binding names.

## What it does
Compares the agent or party that the project's own clients name (`useAgent`, `AgentClient`, `usePartySocket`,
`PartySocket`) with the Durable Object bindings of the Worker that routes them with `routeAgentRequest` or
`routePartykitRequest`.

## Why it fails
The name goes into the address, and the router looks it up among the names of the *bindings*, both in kebab case. A
class name is not asked for. Where none fits, the handshake answers 400 `Invalid request`.

## Example
```toml wrangler.toml
name = "match"
main = "src/index.ts"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "CHAT", class_name = "ChatAgent" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["ChatAgent"] }]
```
```ts src/index.ts
import { Agent, routeAgentRequest } from "agents";

export class ChatAgent extends Agent {
  onMessage(connection, message) {
    connection.send(message);
  }
}

export default {
  async fetch(request, env) {
    return (await routeAgentRequest(request, env)) ?? new Response(null, { status: 404 });
  },
};
```
```tsx src/client.tsx
import { useAgent } from "agents/react";

export function Chat() {
  const agent = useAgent({ agent: "ChatAgent" });
  return <button onClick={() => agent.send("hello")}>hello</button>;
}
```

## Use instead
```toml wrangler.toml
name = "match"
main = "src/index.ts"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "CHAT", class_name = "ChatAgent" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["ChatAgent"] }]
```
```ts src/index.ts
import { Agent, routeAgentRequest } from "agents";

export class ChatAgent extends Agent {
  onMessage(connection, message) {
    connection.send(message);
  }
}

export default {
  async fetch(request, env) {
    return (await routeAgentRequest(request, env)) ?? new Response(null, { status: 404 });
  },
};
```
```tsx src/client.tsx
import { useAgent } from "agents/react";

export function Chat() {
  const agent = useAgent({ agent: "chat" });
  return <button onClick={() => agent.send("hello")}>hello</button>;
}
```

## Not a finding when
- The names differ only in their case, `-` and `_`: the SDKs have treated those in more than one way.
- The name is not written out, or the client gives a `host`, `path`, `basePath` or `prefix` too.
- The project has several Workers.

## Source
- https://github.com/cloudflare/agents/issues/69
- workerd 1.20261117.1, run with partyserver 0.5.10; agents 0.32.0, its routing.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.agents import named_agents
from wslint.worker import Worker

RULE = Rule("WS721", "unknown-agent-in-address", Severity.ERROR, causes=("R06",), languages=("javascript",))

_ROUTERS = {"agent": b"routeAgentRequest", "party": b"routePartykitRequest"}


def check(worker: Worker) -> Iterator[Outcome]:
    source = worker.source
    if source is None or len(worker.workspace.documents) > 1 or not worker.config.durable_objects:
        return
    kinds = {kind for kind, router in _ROUTERS.items() if any(router in file.data for file in source.files)}
    bindings = [
        binding.name
        for config in worker.document.environments
        for binding in config.durable_objects
        if binding.name is not None
    ]
    if not kinds or any(name.is_placeholder for name in bindings):
        return
    known = {_plain(name.string or "") for name in bindings}
    for agent in named_agents([worker.document.folder], worker.workspace.files):
        if agent.kind in kinds and _plain(agent.name) not in known:
            names = ", ".join(dict.fromkeys(f"`{name.string}`" for name in bindings))
            yield RULE.finding(
                agent.place,
                f"the handshake answers 400 `Invalid request`: `{agent.name}` fits no Durable Object binding, the "
                f"bindings are {names}",
                labels=tuple(Label(name.span, "bound under this name") for name in bindings[:3]),
                help="name the binding, in kebab case, not the class",
            )


def _plain(name: str) -> str:
    """A name without what the SDKs' versions treat differently."""
    return "".join(sign for sign in name.lower() if sign.isalnum())
