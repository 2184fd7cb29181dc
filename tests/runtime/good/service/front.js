const CORS = { "Access-Control-Allow-Origin": "*" };

async function proxy(request, env) {
  const response = await env.MATCHES.fetch(request);
  if (response.status === 101) {
    return response;
  }
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(CORS)) {
    headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers });
}

export default {
  async fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (request.method === "OPTIONS") {
      return new Response(null, { status: 204, headers: CORS });
    }
    if (url.pathname === "/health") {
      return Response.json({ ok: true });
    }
    if (url.pathname.startsWith("/ws/")) {
      return proxy(request, env);
    }
    return new Response("not found", { status: 404 });
  },
};
