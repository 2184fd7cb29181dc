//! Like `Borrows`, but nothing is waited for except for storage: no other event comes in.

use std::cell::RefCell;
use std::time::Duration;

use worker::*;

#[durable_object]
pub struct Stores {
    state: State,
    names: RefCell<Vec<String>>,
}

impl DurableObject for Stores {
    fn new(state: State, _env: Env) -> Self {
        let names = RefCell::default();
        Self { state, names }
    }

    async fn fetch(&self, req: Request) -> Result<Response> {
        if req.headers().get("Upgrade")?.as_deref() != Some("websocket") {
            return Response::error("expected a WebSocket", 426);
        }
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
    }

    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let WebSocketIncomingMessage::String(text) = message else {
            return Ok(());
        };
        {
            let mut names = self.names.borrow_mut();
            self.wait(&text).await?;
            names.push(text);
        }
        ws.send_with_str(self.names.borrow().len().to_string())
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        let code = if matches!(code, 1005 | 1006 | 1015) { 1000 } else { code };
        ws.close(Some(code as u16), Some(reason))
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }

    async fn alarm(&self) -> Result<Response> {
        Response::empty()
    }
}

impl Stores {
    async fn wait(&self, what: &str) -> Result<()> {
        let storage = self.state.storage();
        match what {
            "get" => drop(storage.get::<String>("last").await?),
            "get_multiple" => drop(storage.get_multiple(vec!["last", "next"]).await?),
            "list" => drop(storage.list().await?),
            "put" => storage.put("last", what).await?,
            "delete" => drop(storage.delete("last").await?),
            "delete_all" => storage.delete_all().await?,
            "get_alarm" => drop(storage.get_alarm().await?),
            "set_alarm" => storage.set_alarm(Duration::from_secs(3600)).await?,
            "delete_alarm" => storage.delete_alarm().await?,
            _ => {}
        }
        Ok(())
    }
}
