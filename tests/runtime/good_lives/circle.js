// Sockets with listeners, kept in memory as long as they are open; a count is stored.
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  players = new Map();

  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") {
      return new Response("expected a WebSocket", { status: 426 });
    }
    const name = new URL(request.url).searchParams.get("name") ?? "guest";
    const pair = new WebSocketPair();
    const [client, server] = Object.values(pair);
    server.accept();
    server.binaryType = "arraybuffer";
    this.players.set(server, { name, said: 0 });
    server.addEventListener("message", (event) => this.heard(server, event.data));
    server.addEventListener("close", () => this.left(server));
    server.addEventListener("error", () => this.left(server));
    this.tell({ type: "joined", name, players: this.players.size });
    return new Response(null, { status: 101, webSocket: client });
  }

  async heard(socket, data) {
    const player = this.players.get(socket);
    if (typeof data !== "string") {
      socket.send(`${data.byteLength} bytes`);
      return;
    }
    let move;
    try {
      move = JSON.parse(data);
    } catch {
      socket.send("not understood");
      return;
    }
    if (move.type === "say") {
      player.said += 1;
      this.tell({ type: "said", name: player.name, text: move.text, said: player.said });
    } else if (move.type === "round") {
      const rounds = ((await this.ctx.storage.get("rounds")) ?? 0) + 1;
      await this.ctx.storage.put("rounds", rounds);
      this.tell({ type: "round", rounds });
    } else if (move.type === "whisper") {
      const found = [...this.players].find(([, other]) => other.name === move.to);
      found?.[0].send(JSON.stringify({ type: "whispered", text: move.text }));
    }
  }

  left(socket) {
    const player = this.players.get(socket);
    if (!player) return;
    this.players.delete(socket);
    this.tell({ type: "left", name: player.name, players: this.players.size });
  }

  tell(what) {
    const text = JSON.stringify(what);
    for (const socket of this.players.keys()) socket.send(text);
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (!url.pathname.startsWith("/ws/")) return new Response("not found", { status: 404 });
    const id = env.MATCH.idFromName(url.pathname.slice(4));
    return env.MATCH.get(id).fetch(request);
  },
};
