import { DurableObject } from "cloudflare:workers";
function members(object) {
  const names = new Set();
  for (let at = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
  }
  return [...names].sort();
}
export class Probe extends DurableObject {
  async fetch(request) {
    const pair = new WebSocketPair();
    let transaction;
    await this.ctx.storage.transaction(async (txn) => { transaction = members(txn); });
    return Response.json({
      DurableObjectState: members(this.ctx),
      DurableObjectStorage: members(this.ctx.storage),
      DurableObjectTransaction: transaction,
      SqlStorage: members(this.ctx.storage.sql),
      SyncKvStorage: members(this.ctx.storage.kv),
      WebSocket: members(pair[0]),
      Request: members(request),
      Response: members(new Response()),
      Headers: members(new Headers()),
    });
  }
}
export default {
  async fetch(request, env, ctx) {
    const inner = await (await env.OBJECT.getByName("x").fetch(request)).json();
    return Response.json({ ...inner, DurableObjectNamespace: members(env.OBJECT), ExecutionContext: members(ctx), DurableObjectId: members(env.OBJECT.newUniqueId()) });
  },
};
