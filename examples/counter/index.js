import { DurableObject } from "cloudflare:workers";

/** Counts the messages of its clients, in memory: that is its mistake. */
export class Counter extends DurableObject {
  count = 0;

  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(ws, message) {
    this.count += 1;
    ws.send(JSON.stringify({ count: this.count }));
  }

  webSocketClose(ws, code, reason) {
    ws.close(code, reason);
  }
}

export default {
  fetch: (request, env) => env.COUNTER.getByName("all").fetch(request),
};
