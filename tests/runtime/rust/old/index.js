import { DurableObject } from "cloudflare:workers";
import { fetch as rust, initSync } from "./pkg/glue.js";
import module from "./pkg/glue_bg.wasm";

initSync({ module });

export class Room extends DurableObject {
  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    server.send("hello");
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default { fetch: (request, env, ctx) => rust(request, env, ctx) };
