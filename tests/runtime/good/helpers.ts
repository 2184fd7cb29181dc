import { WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  MATCH: DurableObjectNamespace;
}

const json = (body: unknown, status = 200) => Response.json(body, { status });

function isUpgrade(request: Request): boolean {
  return request.headers.get("Upgrade")?.toLowerCase() === "websocket";
}

async function forward(request: Request, { MATCH }: Env, code: string): Promise<Response> {
  if (!isUpgrade(request)) return json({ error: "upgrade" }, 426);
  const stub = MATCH.getByName(code);
  return stub.fetch(new Request(request.url, request));
}

export class MatchDO implements DurableObject {
  private readonly state: DurableObjectState;

  constructor(state: DurableObjectState, private readonly env: Env) {
    this.state = state;
    this.state.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  async fetch(request: Request): Promise<Response> {
    const { 0: client, 1: server } = new WebSocketPair();
    this.state.acceptWebSocket(server, ["player"]);
    server.send("welcome");
    return new Response(null, { status: 101, webSocket: client, headers: { "X-Room": "1" } });
  }

  webSocketMessage = async (ws: WebSocket, message: string | ArrayBuffer) => {
    if (typeof message !== "string") return;
    const count = ((await this.state.storage.get<number>("count")) ?? 0) + 1;
    await this.state.storage.put("count", count);
    for (const peer of this.state.getWebSockets("player")) {
      if (peer.readyState !== 1) continue;
      try {
        peer.send(JSON.stringify({ message, count }));
      } catch {}
    }
  };

  webSocketClose(ws: WebSocket, code: number, reason: string, wasClean: boolean) {
    try {
      ws.close(code, reason);
    } catch {
      ws.close(1000, "bye");
    }
  }

  webSocketError(ws: WebSocket, error: unknown) {
    console.error(error);
  }
}

export default class extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    const match = new URL(request.url).pathname.match(/^\/ws\/([A-Z0-9]+)$/);
    if (match) {
      return forward(request, this.env, match[1]);
    }
    return json({ error: "not found" }, 404);
  }
}
