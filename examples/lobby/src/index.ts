import { codeOf } from "./codes";

export { MatchDO } from "./match";

interface Env {
  MATCH: DurableObjectNamespace;
  CODE_LENGTH: string;
}

export default {
  async fetch(request, env): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/health") return new Response("ok");

    const code = codeOf(url.pathname, Number(env.CODE_LENGTH));
    if (code === null) return new Response("no such page", { status: 404 });
    if (request.headers.get("Upgrade") !== "websocket") {
      return new Response("expected a WebSocket", { status: 426, headers: { Upgrade: "websocket" } });
    }
    return env.MATCHES.getByName(code).fetch(request);
  },
} satisfies ExportedHandler<Env>;
