//! RS06: a message names what to wait for while the borrow is held; `x` borrows without waiting.

use std::cell::RefCell;
use std::time::Duration;

use worker::*;

#[durable_object]
pub struct Borrows {
    state: State,
    env: Env,
    names: RefCell<Vec<String>>,
}

impl DurableObject for Borrows {
    fn new(state: State, env: Env) -> Self {
        let names = RefCell::default();
        Self { state, env, names }
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

impl Borrows {
    async fn wait(&self, what: &str) -> Result<()> {
        let storage = self.state.storage();
        match what {
            "sync" => {
                storage.put("last", what).await?;
                storage.sync().await?;
            }
            "delay" => Delay::from(Duration::from_millis(200)).await,
            "stub" => {
                let stub = self.env.durable_object("Mended")?.get_by_name("one")?;
                drop(stub.fetch_with_str("https://mended/count").await?);
            }
            _ => {}
        }
        Ok(())
    }
}
