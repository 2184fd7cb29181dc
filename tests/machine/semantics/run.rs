// Says what each function of a module gives, in the words of tests/machine/semantics.
#![allow(warnings)]
mod cases;

trait Told { fn told(&self) -> String; }
macro_rules! plain { ($($kind:ty),*) => { $(impl Told for $kind { fn told(&self) -> String { format!("{self}") } })* } }
plain!(i32, i64, u8, u32, usize, f64, bool);
impl Told for &str { fn told(&self) -> String { format!("\"{}\"", self.replace('\\', "\\\\").replace('"', "\\\"")) } }
impl Told for String { fn told(&self) -> String { self.as_str().told() } }
impl<T: Told> Told for Vec<T> { fn told(&self) -> String { format!("[{}]", self.iter().map(Told::told).collect::<Vec<_>>().join(",")) } }
impl<T: Told> Told for Option<T> { fn told(&self) -> String { self.as_ref().map_or("null".into(), Told::told) } }
impl<T: Told, E: Told> Told for Result<T, E> {
    fn told(&self) -> String { match self { Ok(held) => held.told(), Err(held) => format!("{{\"err\":{}}}", held.told()) } }
}
impl<A: Told, B: Told> Told for (A, B) { fn told(&self) -> String { format!("[{},{}]", self.0.told(), self.1.told()) } }
impl<A: Told, B: Told, C: Told> Told for (A, B, C) {
    fn told(&self) -> String { format!("[{},{},{}]", self.0.told(), self.1.told(), self.2.told()) }
}
impl<A: Told, B: Told, C: Told, D: Told> Told for (A, B, C, D) {
    fn told(&self) -> String { format!("[{},{},{},{}]", self.0.told(), self.1.told(), self.2.told(), self.3.told()) }
}

fn say<T: Told>(name: &str, run: impl FnOnce() -> T + std::panic::UnwindSafe) {
    let told = match std::panic::catch_unwind(run) {
        Ok(held) => held.told(),
        Err(_) => "{\"throws\":\"RuntimeError: unreachable\"}".into(),
    };
    println!("\"{name}\": {told},");
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    println!("{{");
    // CASES
    println!("\"\": null}}");
}
