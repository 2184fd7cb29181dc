// Promises, URLs and headers.
const later = (value) => new Promise((resolve) => setTimeout(() => resolve(value), 1));
export async function awaits() { return [await 1, await Promise.resolve(2), await (async () => 3)(), await { then(f) { f(4); } }]; }
export async function awaitRejects() { try { await Promise.reject(new Error("no")); } catch (e) { return e.message; } return "yes"; }
export async function asyncThrows() { const f = async () => { throw new TypeError("t"); }; try { await f(); } catch (e) { return [e.name, e.message]; } }
export async function asyncThrowsNotAwaited() { const f = async () => { throw new Error("t"); }; let caught = false; let p; try { p = f(); } catch { caught = true; } await p.catch(() => {}); return caught; }
export async function returnWithoutAwait() { const bad = async () => { throw new Error("x"); }; const f = async () => { try { return bad(); } catch { return "caught"; } }; const g = async () => { try { return await bad(); } catch { return "caught"; } }; return [await f().catch(() => "outside"), await g()]; }
export async function uncaughtRejection() { await Promise.reject(new RangeError("far")); }
export async function thenChain() { return Promise.resolve(1).then((x) => x + 1).then((x) => { throw new Error(`e${x}`); }).then(() => "skipped").catch((e) => e.message).finally(() => "ignored").then((x) => [x]); }
export async function thenTwoArguments() { return [await Promise.reject(1).then(() => "ok", (e) => `bad${e}`), await Promise.resolve(1).then(null, () => "bad"), await Promise.resolve(5).then("not a function")]; }
export async function thenReturnsPromise() { return Promise.resolve(1).then((x) => Promise.resolve(x + 1)).then((x) => x * 10); }
export async function catchThrowsAgain() { return Promise.reject(1).catch((e) => { throw e + 1; }).catch((e) => e); }
export async function finallyThrows() { return Promise.resolve(1).finally(() => { throw new Error("f"); }).catch((e) => e.message); }
export async function finallyGetsNothing() { let got; await Promise.resolve(1).finally((...a) => { got = a.length; }); return got; }
export async function allOf() { return [await Promise.all([1, Promise.resolve(2), later(3)]), await Promise.all([]), await Promise.all([1, 2].map(async (x) => x * 2))]; }
export async function allRejects() { try { return await Promise.all([Promise.resolve(1), Promise.reject(new Error("b"))]); } catch (e) { return e.message; } }
export async function allSettledOf() { return Promise.allSettled([1, Promise.reject("x"), Promise.resolve(2)]); }
export async function allSettledFiltered() { const r = await Promise.allSettled([Promise.resolve(1), Promise.reject(new Error("b"))]); return [r.filter((x) => x.status === "fulfilled").map((x) => x.value), r.find((x) => x.status === "rejected").reason.message]; }
export async function raceOf() { return [await Promise.race([Promise.resolve(1), Promise.resolve(2)]), await Promise.race([5, later(1)]), await Promise.race([new Promise(() => {}), Promise.resolve("first")])]; }
export async function raceRejects() { return Promise.race([Promise.reject(new Error("r")), later(1)]).catch((e) => e.message); }
export async function anyOf() { return [await Promise.any([Promise.reject(1), Promise.resolve(2)]), await Promise.any([Promise.reject(1)]).catch((e) => e.name)]; }
export async function promiseConstructor() { const p = new Promise((resolve, reject) => { resolve(1); reject(2); resolve(3); }); return [await p, await new Promise((_, reject) => reject(4)).catch((e) => e), await new Promise(() => { throw new Error("in"); }).catch((e) => e.message), await new Promise((r) => r(Promise.resolve(9)))]; }
export async function deferred() { let resolve; const p = new Promise((r) => { resolve = r; }); resolve("done"); return p; }
export async function withResolvers() { const { promise, resolve } = Promise.withResolvers(); resolve(7); return promise; }
export async function microtaskOrder() { const out = []; const p = Promise.resolve().then(() => out.push("then")); out.push("sync"); await p; out.push("after"); return out; }
export async function asyncOrder() { const out = []; const f = async () => { out.push("start"); await null; out.push("resumed"); }; const p = f(); out.push("caller"); await p; return out; }
export async function asyncOrderOfTwo() { const out = []; const f = async (n) => { out.push(`${n}a`); await null; out.push(`${n}b`); }; await Promise.all([f(1), f(2)]); return out; }
export async function sequentialLoop() { const out = []; for (const x of [1, 2]) out.push(await later(x * 2)); return out; }
export async function forEachAsync() { const out = []; [1, 2].forEach(async (x) => { await null; out.push(x); }); const before = out.length; await later(); return [before, out]; }
export async function mutexOrder() { let n = 0; const add = async () => { const v = n; await null; n = v + 1; }; await Promise.all([add(), add()]); return n; }
export async function promiseIdentity() { const p = Promise.resolve(1); return [Promise.resolve(p) === p, p instanceof Promise, typeof p.then, String(p), JSON.stringify(p)]; }
export async function thenables() { const t = { then(resolve, reject) { reject("bad"); } }; try { return await t; } catch (e) { return e; } }
export async function asyncArrowInMap() { const out = [1, 2].map(async (x) => x); return [out[0] instanceof Promise, await out[1]]; }
export async function asyncIteratorByHand() { const it = { [Symbol.asyncIterator]() { let n = 0; return { async next() { return n < 2 ? { value: n++, done: false } : { done: true }; } }; } }; const out = []; for await (const x of it) out.push(x); return out; }
export async function awaitInConditions() { const yes = async () => true; return [(await yes()) ? 1 : 2, (await yes()) && "and", !(await yes())]; }
export async function promiseIsTruthy() { const no = async () => false; return [no() ? "truthy" : "falsy", (await no()) ? "truthy" : "falsy"]; }
export async function retry() { let n = 0; const f = async () => { if (++n < 3) throw new Error("again"); return n; }; for (let i = 0; i < 5; i++) { try { return await f(); } catch { continue; } } return "none"; }
export async function timeout() { const limit = (p, ms) => Promise.race([p, new Promise((_, no) => setTimeout(() => no(new Error("slow")), ms))]); return limit(Promise.resolve("fast"), 50); }
export async function queueMicrotasks() { const out = []; queueMicrotask(() => out.push("micro")); out.push("sync"); await null; return out; }
export async function finallyInAsync() { const out = []; const f = async () => { try { await null; return "r"; } finally { out.push("f"); } }; return [await f(), out]; }
export async function asyncGeneratorLoop() { async function* g(n) { for (let i = 0; i < n; i++) { await null; yield i; } } const out = []; for await (const x of g(3)) out.push(x); return out; }
export async function promiseReduce() { return [1, 2, 3].reduce((p, x) => p.then((s) => s + x), Promise.resolve(0)); }
export async function voidPromise() { const out = []; const f = async () => { out.push("ran"); }; void f(); return out; }
export function urlParts() { const u = new URL("https://user:pw@example.com:8443/a/b%20c/?q=1&r=2&q=3#frag"); return [u.href, u.origin, u.protocol, u.host, u.hostname, u.port, u.pathname, u.search, u.hash, u.username, u.password, String(u)]; }
export function urlDefaults() { const u = new URL("HTTPS://Example.COM:443"); return [u.href, u.port, u.pathname, u.search, u.hash, u.host]; }
export function urlRelative() { return [new URL("/x?y", "https://a.b/c/d").href, new URL("x", "https://a.b/c/d").href, new URL("../x", "https://a.b/c/d/e").href, new URL("//other/x", "https://a.b").href, new URL("?q=1", "https://a.b/c").href, new URL("https://z.z/", "https://a.b").href]; }
export function urlBad() { try { return new URL("not a url"); } catch (e) { return e.name; } }
export function urlCanParse() { return [URL.canParse("https://a.b"), URL.canParse("nope"), URL.canParse("/x", "https://a.b")]; }
export function urlWritten() { const u = new URL("https://a.b/c?x=1"); u.pathname = "/d e"; u.searchParams.set("x", "2"); u.searchParams.append("y", "z z"); u.hash = "h"; u.protocol = "wss:"; return [u.href, u.search]; }
export function urlSearchRead() { const p = new URL("https://a.b/?a=1&b=&c&a=2&d=x%20y+z").searchParams; return [p.get("a"), p.getAll("a"), p.get("b"), p.get("c"), p.get("z"), p.has("c"), p.get("d"), [...p.keys()], p.size]; }
export function searchParams() { const p = new URLSearchParams({ a: "1", b: "x y" }); p.append("a", "2"); p.delete("b"); p.sort(); return [p.toString(), [...p], Object.fromEntries(p), new URLSearchParams("?q=1&q=2").getAll("q"), new URLSearchParams([["k", "v"]]).get("k"), String(new URLSearchParams("a=%26"))]; }
export function urlSegments() { const { pathname } = new URL("https://a.b/rooms/AB/ws"); const [, kind, id, tail] = pathname.split("/"); return [kind, id, tail, pathname.startsWith("/rooms"), pathname.split("/").filter(Boolean).length]; }
export function urlEncoding() { return [new URL("https://a.b/é ü").pathname, decodeURIComponent(new URL("https://a.b/%C3%A9").pathname), new URL("https://a.b/a/../b/./c").pathname, new URL("https://a.b//x").pathname]; }
export function headersBasics() { const h = new Headers({ "Content-Type": "text/plain", "X-A": "1" }); h.append("x-a", "2"); h.set("X-B", "b"); h.delete("content-type"); return [h.get("X-A"), h.get("x-b"), h.get("nope"), h.has("content-type"), [...h], Object.fromEntries(h)]; }
export function headersForms() { return [new Headers([["a", "1"]]).get("A"), new Headers(new Headers({ k: "v" })).get("k"), new Headers().get("a"), [...new Headers({ b: "1", a: "2" }).keys()]]; }
export function headersBad() { try { new Headers({ "bad name": "x" }); } catch (e) { return e.name; } return "fine"; }
export async function responses() { const r = new Response("hi", { status: 201, headers: { a: "b" } }); return [r.status, r.ok, r.headers.get("a"), await r.text(), r.bodyUsed, new Response(null, { status: 404 }).ok]; }
export async function responseJson() { const r = Response.json({ a: 1 }, { status: 202 }); return [r.status, r.headers.get("content-type"), await r.json()]; }
export async function responseTwice() { const r = new Response("x"); await r.text(); try { await r.text(); } catch (e) { return e.name; } return "read"; }
export async function responseClone() { const r = new Response('{"a":[1]}'); const c = r.clone(); return [await r.text(), await c.json()]; }
export async function requests() { const q = new Request("https://a.b/c?d=1", { method: "POST", body: "text", headers: { x: "y" } }); return [q.method, q.url, q.headers.get("X"), await q.text(), new URL(q.url).searchParams.get("d")]; }
export async function requestJson() { const q = new Request("https://a.b/", { method: "PUT", body: JSON.stringify({ k: [1] }) }); return q.json(); }
export async function requestDefaults() { const q = new Request("https://a.b"); return [q.method, q.url, q.body, await q.text()]; }
export async function requestCopied() { const a = new Request("https://a.b/x", { headers: { k: "v" } }); const b = new Request(a, { method: "DELETE" }); const c = new Request("https://z.z/", a); return [b.method, b.url, b.headers.get("k"), c.url, c.headers.get("k")]; }
export async function responseBadJson() { try { return await new Response("nope").json(); } catch (e) { return e.name; } }
export function abortSignals() { const c = new AbortController(); const before = c.signal.aborted; c.abort(); return [before, c.signal.aborted]; }
export function cryptoShapes() { const a = crypto.randomUUID(); return [a.length, typeof a, a === crypto.randomUUID(), a.split("-").length]; }
export function randomRanges() { const r = Math.random(); return [r >= 0 && r < 1, Math.floor(r), typeof r]; }
