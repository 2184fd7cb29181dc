// Players by name in attachments and tags, a count in storage; memory is rebuilt when the object wakes.
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.players = new Map();
    for (const ws of ctx.getWebSockets()) {
      const player = ws.deserializeAttachment();
      if (player) this.players.set(ws, player);
    }
    ctx.blockConcurrencyWhile(async () => {
      this.rounds = (await ctx.storage.get("rounds")) ?? 0;
    });
  }

  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") {
      return new Response("expected a WebSocket", { status: 426 });
    }
    const name = new URL(request.url).searchParams.get("name") ?? "guest";
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [name]);
    const player = { name, said: 0 };
    server.serializeAttachment(player);
    this.players.set(server, player);
    this.tell({ type: "joined", name, players: this.names() });
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(ws, message) {
    const player = this.players.get(ws);
    if (!player) return;
    const move = this.parse(message);
    switch (move?.type) {
      case "say":
        player.said += 1;
        ws.serializeAttachment(player);
        this.tell({ type: "said", name: player.name, text: move.text, said: player.said });
        break;
      case "round":
        this.rounds += 1;
        await this.ctx.storage.put("rounds", this.rounds);
        this.tell({ type: "round", rounds: this.rounds });
        break;
      case "whisper":
        for (const other of this.ctx.getWebSockets(move.to)) {
          other.send(JSON.stringify({ type: "whispered", name: player.name, text: move.text }));
        }
        break;
      default:
        ws.send(JSON.stringify({ type: "error", text: "not understood" }));
    }
  }

  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
    this.leave(ws);
  }

  webSocketError(ws) {
    this.leave(ws);
  }

  parse(message) {
    if (typeof message !== "string") return null;
    try {
      return JSON.parse(message);
    } catch {
      return null;
    }
  }

  leave(ws) {
    const player = this.players.get(ws);
    if (!this.players.delete(ws)) return;
    this.tell({ type: "left", name: player.name, players: this.names() });
  }

  names() {
    return [...this.players.values()].map((player) => player.name);
  }

  tell(what) {
    const text = JSON.stringify(what);
    for (const ws of this.players.keys()) {
      try {
        ws.send(text);
      } catch {
        this.players.delete(ws);
      }
    }
  }
}

export default {
  async fetch(request, env) {
    const [, kind, code] = new URL(request.url).pathname.split("/");
    if (kind !== "ws" || !code) return new Response("not found", { status: 404 });
    return env.MATCH.get(env.MATCH.idFromName(code)).fetch(request);
  },
};
