//! One Durable Object class a file: each makes one mistake of the catalogue, `Mended` and `Stores` make none.
//!
//! `/CLASS/ws` opens a socket of that class's one object; any other path answers how often the object was
//! asked since it was made: the count starts again at 1 when what it holds in memory is lost.

mod borrows;
mod echo;
mod echo_unwrap;
mod mended;
mod narrow;
mod panics;
mod stores;
mod unimplemented;

use worker::*;

#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    let path = req.path();
    let class = path.split('/').nth(1).unwrap_or_default();
    let stub = match class {
        "Borrows" => env.durable_object("Borrows")?.get_by_name("one")?,
        "Echo" => env.durable_object("Echo")?.get_by_name("one")?,
        "EchoUnwrap" => env.durable_object("EchoUnwrap")?.get_by_name("one")?,
        "Narrow" => env.durable_object("Narrow")?.get_by_name("one")?,
        "Panics" => env.durable_object("Panics")?.get_by_name("one")?,
        "Stores" => env.durable_object("Stores")?.get_by_name("one")?,
        "Unimplemented" => env.durable_object("Unimplemented")?.get_by_name("one")?,
        _ => env.durable_object("Mended")?.get_by_name("one")?,
    };
    stub.fetch_with_request(req).await
}
