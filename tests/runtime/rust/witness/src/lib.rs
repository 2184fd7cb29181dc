//! One Durable Object class for each mistake of the catalogue, and one, `Mended`, that makes none.
//!
//! `/CLASS/ws` opens a socket of that class's one object; any other path answers how often the object was
//! asked since it was made: the count starts again at 1 when what it holds in memory is lost.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use worker::*;

#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    let path = req.path();
    let class = path.split('/').nth(1).unwrap_or_default();
    let stub = env.durable_object(class)?.get_by_name("one")?;
    stub.fetch_with_request(req).await
}

fn answer(state: &State, asked: &Cell<u32>, req: &Request) -> Result<Response> {
    if !req.path().ends_with("/ws") {
        asked.set(asked.get() + 1);
        return Response::ok(asked.get().to_string());
    }
    let pair = WebSocketPair::new()?;
    state.accept_web_socket(&pair.server);
    Response::from_websocket(pair.client)
}

macro_rules! object {
    ($name:ident, $($handler:item)*) => {
        #[durable_object]
        pub struct $name {
            state: State,
            asked: Cell<u32>,
        }

        impl DurableObject for $name {
            fn new(state: State, _env: Env) -> Self {
                Self { state, asked: Cell::new(0) }
            }

            async fn fetch(&self, req: Request) -> Result<Response> {
                answer(&self.state, &self.asked, &req)
            }

            $($handler)*
        }
    };
}

fn echo(ws: &WebSocket, message: &WebSocketIncomingMessage) -> Result<()> {
    match message {
        WebSocketIncomingMessage::String(text) => ws.send_with_str(text),
        WebSocketIncomingMessage::Binary(_) => Ok(()),
    }
}

fn mapped(code: usize) -> u16 {
    if matches!(code, 1005 | 1006 | 1015) {
        1000
    } else {
        code as u16
    }
}

/// `alarm` sets one that is due at once, and answers whether that could be done.
async fn set_alarm(state: &State, ws: &WebSocket, message: &WebSocketIncomingMessage) -> Result<()> {
    if !matches!(message, WebSocketIncomingMessage::String(text) if text == "alarm") {
        return echo(ws, message);
    }
    match state.storage().set_alarm(Duration::from_millis(1)).await {
        Ok(()) => ws.send_with_str("set"),
        Err(error) => ws.send_with_str(error.to_string()),
    }
}

// RS02: the trait's own websocket_close, websocket_error and alarm.
object! { Unimplemented,
    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        set_alarm(&self.state, &ws, &message).await
    }
}

/// The same handlers, and an attribute that exports no alarm.
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
        answer(&self.state, &self.asked, &req)
    }

    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        set_alarm(&self.state, &ws, &message).await
    }
}

// RS17: the code that was received is sent back; the error is returned.
object! { Echo,
    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        console_log!("closed with {code}");
        ws.close(Some(code as u16), Some(reason))
    }
}

// RS17: the same, unwrapped.
object! { EchoUnwrap,
    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        ws.close(Some(code as u16), Some(reason)).unwrap();
        Ok(())
    }
}

// RS08: a parse of the message, unwrapped; the text `err` returns an `Err` instead.
object! { Panics,
    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let WebSocketIncomingMessage::String(text) = message else {
            return Ok(());
        };
        if text == "err" {
            return Err("refused".into());
        }
        let number: u32 = text.parse().unwrap();
        ws.send_with_str(number.to_string())
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        ws.close(Some(mapped(code)), Some(reason))
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }
}

object! { Mended,
    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        echo(&ws, &message)
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        ws.close(Some(mapped(code)), Some(reason))
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }
}

/// RS06: a message names what to wait for while the borrow is held; `x` borrows without waiting.
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
        answer(&self.state, &Cell::new(0), &req)
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
        ws.close(Some(mapped(code)), Some(reason))
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
            "get" => drop(storage.get::<String>("last").await?),
            "get_multiple" => drop(storage.get_multiple(vec!["last", "next"]).await?),
            "list" => drop(storage.list().await?),
            "put" => storage.put("last", what).await?,
            "delete" => drop(storage.delete("last").await?),
            "get_alarm" => drop(storage.get_alarm().await?),
            "set_alarm" => storage.set_alarm(Duration::from_secs(3600)).await?,
            "delete_alarm" => storage.delete_alarm().await?,
            "delete_all" => storage.delete_all().await?,
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
