// Everything is in SQL and attachments; the object keeps nothing in memory.
import { DurableObject } from "cloudflare:workers";

interface Env {
  MATCH: DurableObjectNamespace<MatchDO>;
}

interface Player {
  name: string;
  seat: number;
}

type Move = { type: "say"; text: string } | { type: "round" } | { type: "whisper"; to: string; text: string };

export class MatchDO extends DurableObject<Env> {
  private sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS lines (id INTEGER PRIMARY KEY, name TEXT, text TEXT)");
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  async fetch(request: Request): Promise<Response> {
    if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
      return new Response("expected a WebSocket", { status: 426 });
    }
    const url = new URL(request.url);
    const name = url.searchParams.get("name") || "guest";
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    const seat = this.ctx.getWebSockets().length;
    server.serializeAttachment({ name, seat } satisfies Player);
    server.send(JSON.stringify({ type: "history", lines: this.history() }));
    this.tell({ type: "joined", name, seat });
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const player = ws.deserializeAttachment() as Player;
    if (message instanceof ArrayBuffer) {
      ws.send(message.slice(0, 1));
      return;
    }
    let move: Move;
    try {
      move = JSON.parse(message);
    } catch {
      ws.send("not understood");
      return;
    }
    if (move.type === "say") {
      this.sql.exec("INSERT INTO lines (name, text) VALUES (?, ?)", player.name, move.text);
      this.tell({ type: "said", name: player.name, text: move.text });
    } else if (move.type === "round") {
      const rounds = ((await this.ctx.storage.get<number>("rounds")) ?? 0) + 1;
      await this.ctx.storage.put("rounds", rounds);
      this.tell({ type: "round", rounds });
    } else if (move.type === "whisper") {
      for (const other of this.ctx.getWebSockets()) {
        const to = other.deserializeAttachment() as Player | null;
        if (to?.name === move.to) other.send(JSON.stringify({ type: "whispered", text: move.text }));
      }
    } else {
      ws.send("not understood");
    }
  }

  async webSocketClose(ws: WebSocket, code: number, reason: string): Promise<void> {
    const player = ws.deserializeAttachment() as Player | null;
    try {
      ws.close(code === 1005 ? 1000 : code, reason);
    } catch {
      // the connection is lost: nobody waits
    }
    if (player) this.tell({ type: "left", name: player.name }, ws);
  }

  private history(): unknown[] {
    return this.sql.exec("SELECT name, text FROM lines ORDER BY id").toArray();
  }

  private tell(what: unknown, except?: WebSocket): void {
    const text = JSON.stringify(what);
    for (const ws of this.ctx.getWebSockets()) {
      if (ws === except || ws.readyState !== WebSocket.READY_STATE_OPEN) continue;
      ws.send(text);
    }
  }
}

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const found = pathname.match(/^\/ws\/([A-Z]{5})$/);
    if (!found) return new Response("not found", { status: 404 });
    const stub = env.MATCH.getByName(found[1]);
    return stub.fetch(request);
  },
} satisfies ExportedHandler<Env>;
