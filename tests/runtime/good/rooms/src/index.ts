import type { Env } from "./room";
import { failure, notFound, wantsUpgrade } from "./http";

export { Room } from "./room";

type Handler = (request: Request, env: Env, url: URL) => Promise<Response> | Response;

const routes: [RegExp, Handler][] = [
  [/^\/health$/, () => new Response("ok")],
  [/^\/ws\/(?<code>[A-Z]{5})$/, join],
];

async function join(request: Request, env: Env, url: URL): Promise<Response> {
  if (!wantsUpgrade(request)) return failure(426, "expected a WebSocket");
  const id = env.MATCH.idFromName(url.pathname.slice("/ws/".length));
  return await env.MATCH.get(id, { locationHint: "weur" }).fetch(request);
}

export default {
  async fetch(request, env): Promise<Response> {
    const url = new URL(request.url);
    try {
      for (const [pattern, handler] of routes) {
        if (pattern.test(url.pathname)) {
          return await handler(request, env, url);
        }
      }
      return notFound(url);
    } catch (error) {
      console.error("request failed", error);
      return failure(500, error instanceof Error ? error.message : "unknown");
    }
  },
} satisfies ExportedHandler<Env>;
