import { DurableObject } from "cloudflare:workers";

/** One match: everybody who is connected hears what anybody says. */
export class MatchDO extends DurableObject {
  async fetch(_request: Request): Promise<Response> {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(from: WebSocket, message: string | ArrayBuffer): void {
    for (const socket of this.ctx.getWebSockets()) {
      if (socket === from || socket.readyState !== WebSocket.OPEN) continue;
      try {
        socket.send(message);
      } catch {
        // A socket that died a moment ago: its own close event follows.
      }
    }
  }

  webSocketClose(socket: WebSocket, code: number, reason: string): void {
    // 1005, 1006 and 1015 are never sent over the wire; a browser's close() arrives as 1005.
    const reserved = code === 1005 || code === 1006 || code === 1015;
    socket.close(reserved ? 1000 : code, reason);
  }
}
