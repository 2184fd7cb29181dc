import { DurableObject } from "cloudflare:workers";

export interface Env {
  MATCH: DurableObjectNamespace<Room>;
}

interface Player {
  id: string;
  joined: number;
}

const MINUTE = 60_000;

export class Room extends DurableObject<Env> {
  #players = new Map<WebSocket, Player>();
  #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    ctx.blockConcurrencyWhile(async () => {
      this.#sql.exec("CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, text TEXT)");
    });
    for (const socket of ctx.getWebSockets()) {
      const player = socket.deserializeAttachment() as Player | null;
      if (player) this.#players.set(socket, player);
    }
  }

  override async fetch(request: Request): Promise<Response> {
    const pair = new WebSocketPair();
    const [client, server] = [pair[0], pair[1]];
    const player: Player = { id: crypto.randomUUID(), joined: Date.now() };
    this.ctx.acceptWebSocket(server, ["player", player.id]);
    server.serializeAttachment(player);
    this.#players.set(server, player);
    server.send(JSON.stringify({ type: "welcome", players: this.#players.size }));
    if ((await this.ctx.storage.getAlarm()) === null) {
      await this.ctx.storage.setAlarm(Date.now() + 5 * MINUTE);
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    if (typeof message !== "string") {
      socket.send(message);
      return;
    }
    this.#sql.exec("INSERT INTO messages (text) VALUES (?)", message);
    const [{ count }] = this.#sql.exec<{ count: number }>("SELECT COUNT(*) AS count FROM messages").toArray();
    this.#broadcast({ type: "message", message, count });
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    this.#players.delete(socket);
    const answer = code === 1005 || code === 1006 || code === 1015 ? 1000 : code;
    socket.close(answer, reason);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#players.delete(socket);
  }

  override async alarm(): Promise<void> {
    if (this.ctx.getWebSockets("player").length === 0) {
      await this.ctx.storage.deleteAll();
    } else {
      await this.ctx.storage.setAlarm(Date.now() + 5 * MINUTE);
    }
  }

  #broadcast(event: object): void {
    const text = JSON.stringify(event);
    for (const socket of this.#players.keys()) {
      try {
        socket.send(text);
      } catch {
        this.#players.delete(socket);
      }
    }
  }
}
