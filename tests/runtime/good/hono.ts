import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";
import { cors } from "hono/cors";

type Bindings = { MATCH: DurableObjectNamespace<MatchDO> };

const app = new Hono<{ Bindings: Bindings }>();

app.use("/api/*", cors());

app.get("/health", (c) => c.json({ ok: true }));

app.get("/ws/:code", async (c) => {
  if (c.req.header("Upgrade") !== "websocket") {
    return c.text("expected a WebSocket", 426);
  }
  const stub = c.env.MATCH.get(c.env.MATCH.idFromName(c.req.param("code")));
  return stub.fetch(c.req.raw);
});

app.notFound((c) => c.text("no such page", 404));

app.onError((error, c) => {
  console.error(error);
  return c.text("broken", 500);
});

export class MatchDO extends DurableObject<Bindings> {
  private ready = false;

  async fetch(request: Request) {
    if (!this.ready) {
      await this.ctx.storage.put("started", Date.now());
      this.ready = true;
    }
    const pair = new WebSocketPair();
    this.ctx.acceptWebSocket(pair[1]);
    return new Response(null, { status: 101, webSocket: pair[0] });
  }

  async webSocketMessage(ws: WebSocket, message: string | ArrayBuffer) {
    const others = this.ctx.getWebSockets().filter((other) => other !== ws);
    ws.send(message);
    others.forEach((other) => {
      if (other.readyState === WebSocket.OPEN) other.send(message);
    });
  }

  async webSocketClose(ws: WebSocket, code: number, reason: string) {
    ws.close(code === 1005 ? 1000 : code === 1006 ? 1000 : code, reason);
  }
}

export default app;
