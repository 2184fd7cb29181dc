use worker::*;

#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    let stub = env.durable_object("ROOM")?.get_by_name("one")?;
    stub.fetch_with_request(req).await
}
