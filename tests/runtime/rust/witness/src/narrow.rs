//! RS02: the attribute exports no `alarm`.

use std::cell::Cell;
use std::time::Duration;

use worker::*;

#[durable_object(websocket)]
pub struct Narrow {
    state: State,
    asked: Cell<u32>,
}

impl DurableObject for Narrow {
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
        let WebSocketIncomingMessage::String(text) = message else {
            return Ok(());
        };
        if text != "alarm" {
            return ws.send_with_str(text);
        }
        match self.state.storage().set_alarm(Duration::from_millis(1)).await {
            Ok(()) => ws.send_with_str("set"),
            Err(error) => ws.send_with_str(error.to_string()),
        }
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        let code = if matches!(code, 1005 | 1006 | 1015) { 1000 } else { code };
        ws.close(Some(code as u16), Some(reason))
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }
}
