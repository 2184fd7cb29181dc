import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.names = new Map();
    for (const ws of ctx.getWebSockets()) {
      this.names.set(ws, ws.deserializeAttachment());
    }
  }

  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") {
      return new Response("expected a WebSocket", { status: 426, headers: { Upgrade: "websocket" } });
    }
    const pair = new WebSocketPair();
    const [client, server] = Object.values(pair);
    this.ctx.acceptWebSocket(server);
    const name = "player" + this.ctx.getWebSockets().length;
    server.serializeAttachment({ name });
    this.names.set(server, { name });
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(ws, message) {
    for (const other of this.ctx.getWebSockets()) {
      try {
        other.send(message);
      } catch (error) {
        console.log("a socket is gone", error);
      }
    }
  }

  async webSocketClose(ws, code, reason) {
    this.names.delete(ws);
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/health") {
      return new Response("ok");
    }
    if (url.pathname.startsWith("/ws/")) {
      const id = env.MATCH.idFromName(url.pathname.slice(4));
      const stub = env.MATCH.get(id);
      const response = await stub.fetch(request);
      return response;
    }
    return new Response("not found", { status: 404 });
  },
};
