use worker::*;

/// RS01: `/direct` is answered here, everything else by the object.
#[event(fetch)]
pub async fn main(req: Request, env: Env, _ctx: worker::Context) -> Result<Response> {
    if req.path() == "/direct" {
        let pair = WebSocketPair::new()?;
        pair.server.accept()?;
        pair.server.send_with_str("hello")?;
        return Response::from_websocket(pair.client);
    }
    let stub = env.durable_object("ROOM")?.id_from_name("one")?.get_stub()?;
    stub.fetch_with_request(req).await
}
