export class MatchDO {
  constructor(state, env) {
    this.state = state;
    this.sockets = new Set();
  }

  async fetch(request) {
    const { headers } = request;
    if (headers.get("upgrade") !== "websocket") {
      return new Response(null, { status: 426 });
    }
    const pair = new WebSocketPair();
    await this.join(pair[1]);
    return new Response(null, { status: 101, webSocket: pair[0] });
  }

  async join(socket) {
    socket.accept();
    this.sockets.add(socket);
    socket.addEventListener("message", (event) => {
      this.broadcast(event.data);
    });
    socket.addEventListener("close", () => {
      this.sockets.delete(socket);
    });
  }

  broadcast(text) {
    for (const socket of [...this.sockets]) {
      try {
        socket.send(text);
      } catch (error) {
        this.sockets.delete(socket);
      }
    }
  }
}

async function handle(request, env) {
  const { pathname } = new URL(request.url);
  switch (pathname.split("/")[1]) {
    case "ws": {
      const code = pathname.split("/")[2];
      const object = env.MATCH.get(env.MATCH.idFromName(code));
      return object.fetch("https://match" + pathname, { headers: request.headers });
    }
    case "health":
      return new Response("ok");
    default:
      return new Response("not found", { status: 404 });
  }
}

export default {
  async fetch(request, env, ctx) {
    try {
      const response = await handle(request, env);
      if (response.webSocket) return response;
      const copy = new Response(response.body, response);
      copy.headers.set("X-Served-By", "lobby");
      return copy;
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
};
