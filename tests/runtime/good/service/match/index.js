import { DurableObject, WorkerEntrypoint, env } from "cloudflare:workers";

export class Match extends DurableObject {
  names = new Map();
  started = Date.now();

  fetch = async (request) => {
    const upgrade = request.headers.get("Upgrade") ?? "";
    if (upgrade.toLowerCase() !== "websocket") {
      return new Response("upgrade", { status: 426 });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.join(server);
    return new Response(null, { status: 101, webSocket: client });
  };

  join(server) {
    const name = `player${this.names.size + 1}`;
    server.accept();
    this.names.set(server, name);
    server.addEventListener("message", ({ data }) => this.say(data));
    server.addEventListener("close", (event) => {
      this.names.delete(server);
      server.close(1000, event.reason);
    });
  }

  say(data) {
    const text = typeof data === "string" ? data : "binary";
    this.names.forEach((name, socket) => {
      try {
        socket.send(text);
      } catch {
        this.names.delete(socket);
      }
    });
  }
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    const code = new URL(request.url).pathname.split("/").pop();
    const stub = env.MATCH.getByName(code);
    return stub.fetch(request);
  }
}
