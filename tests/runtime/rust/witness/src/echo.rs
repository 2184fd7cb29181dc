//! RS17: the code that was received is sent back, the error returned.

use std::cell::Cell;

use worker::*;

#[durable_object]
pub struct Echo {
    state: State,
    asked: Cell<u32>,
}

impl DurableObject for Echo {
    fn new(state: State, _env: Env) -> Self {
        let asked = Cell::new(0);
        Self { state, asked }
    }

    async fn fetch(&self, req: Request) -> Result<Response> {
        if req.headers().get("Upgrade")?.as_deref() != Some("websocket") {
            self.asked.set(self.asked.get() + 1);
            return Response::ok(self.asked.get().to_string());
        }
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
    }

    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        if let WebSocketIncomingMessage::String(text) = message {
            ws.send_with_str(text)?;
        }
        Ok(())
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        ws.close(Some(code as u16), Some(reason))
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }
}
