// Small programs as Workers have them.
class Room {
  #players = new Map(); seats = 2; log = [];
  join(id, { name = "anon", color } = {}) {
    if (this.#players.has(id)) throw new Error(`already ${id}`);
    if (this.#players.size >= this.seats) return { ok: false, reason: "full" };
    this.#players.set(id, { name, color, score: 0 });
    this.log.push(["join", id]);
    return { ok: true, seat: this.#players.size };
  }
  leave(id) { const had = this.#players.delete(id); if (had) this.log.push(["leave", id]); return had; }
  score(id, by = 1) { const p = this.#players.get(id); if (!p) return null; p.score += by; return p.score; }
  get names() { return [...this.#players.values()].map((p) => p.name).sort(); }
  get best() { let best; for (const [id, p] of this.#players) if (!best || p.score > best.score) best = { id, ...p }; return best; }
  snapshot() { return Object.fromEntries([...this.#players].map(([id, { score }]) => [id, score])); }
}
export function roomPlayed() { const r = new Room(); return [r.join("a", { name: "Ann" }), r.join("b"), r.join("c"), r.score("a"), r.score("a", 5), r.score("z"), r.names, r.best?.id, r.leave("a"), r.leave("a"), r.snapshot(), r.log]; }
export function roomRefuses() { const r = new Room(); r.join("a"); r.join("a"); }
export function roomEmpty() { const r = new Room(); return [r.best, r.best?.name ?? "none", r.names.length]; }
const handlers = { add: (s, { x, y }) => ({ ...s, sum: x + y }), echo(s, data) { return { ...s, last: data, by: this?.label }; }, label: "h", async later(s) { return { ...s, later: true }; } };
export async function dispatched() { let s = { n: 0 }; for (const [type, data] of [["add", { x: 1, y: 2 }], ["echo", "hi"], ["nope", 1], ["later"]]) { const h = handlers[type]; if (typeof h !== "function") { s.unknown = type; continue; } s = await handlers[type](s, data); s.n++; } return s; }
export function parsed() { const read = (raw) => { try { const m = JSON.parse(raw); if (typeof m !== "object" || m === null || Array.isArray(m)) return { error: "shape" }; const { type, ...rest } = m; return typeof type === "string" ? { type, rest } : { error: "type" }; } catch (e) { return { error: e instanceof SyntaxError ? "json" : "other" }; } }; return ['{"type":"a","x":1}', "[1]", "null", '{"x":1}', "{", '"t"', "5", ""].map(read); }
export function routed() { const routes = [["GET", /^\/$/, () => "home"], ["GET", /^\/rooms\/(?<id>\w+)$/, ({ id }) => `room ${id}`], ["POST", /^\/rooms$/, () => "made"]]; const go = (m, p) => { for (const [method, re, f] of routes) { const found = p.match(re); if (found && method === m) return f(found.groups ?? {}); } return 404; }; return [go("GET", "/"), go("GET", "/rooms/AB"), go("POST", "/rooms"), go("POST", "/rooms/AB"), go("GET", "/x")]; }
export function queryRead() { const u = new URL("https://x.y/ws?room=AB&limit=5&flag"); const q = u.searchParams; const limit = Math.min(Number(q.get("limit") ?? 10), 100); return [q.get("room") || "lobby", limit, q.has("flag"), q.get("none") ?? "default", parseInt(q.get("bad") ?? "", 10) || 3]; }
export function validated() { const ok = (c) => /^[A-Z0-9]{4,8}$/.test(c ?? ""); return ["ABCD", "abc", "", undefined, "TOOLONGCODE", "AB12"].map(ok); }
export function rateLimited() { const hits = new Map(); const allow = (id, now) => { const list = (hits.get(id) ?? []).filter((t) => now - t < 10); if (list.length >= 2) return false; hits.set(id, [...list, now]); return true; }; return [allow("a", 0), allow("a", 1), allow("a", 2), allow("b", 2), allow("a", 11), hits.get("a")]; }
export function historyKept() { let list = []; const add = (m) => { list.push(m); if (list.length > 3) list = list.slice(-3); if (list.length > 2) list.shift(); }; [1, 2, 3, 4].forEach(add); return list; }
export function turnsTaken() { const order = ["a", "b", "c"]; let at = 0; const next = () => order[at++ % order.length]; return [next(), next(), next(), next(), at]; }
export function boardWon() { const lines = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]]; const winner = (b) => { for (const [a, c, d] of lines) if (b[a] && b[a] === b[c] && b[a] === b[d]) return b[a]; return b.every(Boolean) ? "draw" : null; }; const b = Array(9).fill(null); for (const [i, m] of ["X", "O", "X", "O", "X", "O", "X"].entries()) b[i] = m; return [winner(b), winner(Array(9).fill(null)), winner([..."XOXXOOOXX"].map((c) => c))]; }
export function boardMoved() { const board = Array.from({ length: 3 }, () => Array(3).fill("")); const move = (r, c, m) => { if (board[r]?.[c] !== "") return false; board[r][c] = m; return true; }; return [move(0, 0, "X"), move(0, 0, "O"), move(9, 9, "X"), move(1, 2, "O"), board]; }
export function tagsCounted() { const tags = ["a:1", "b:2", "a:3"]; const by = {}; for (const t of tags) { const [k, v] = t.split(":"); by[k] = (by[k] ?? 0) + Number(v); } return by; }
export function queueDrained() { const q = [1, 2, 3]; const out = []; while (q.length) { const x = q.shift(); out.push(x); if (x === 2) q.push(9); } return [out, q]; }
export function stateCopied() { const state = { players: { a: { hp: 3 } }, turn: 0 }; const next = structuredClone(state); next.players.a.hp--; next.turn++; return [state.players.a.hp, next.players.a.hp, next.turn]; }
export function diffed() { const diff = (a, b) => Object.keys({ ...a, ...b }).filter((k) => a[k] !== b[k]).sort(); return diff({ x: 1, y: 2, z: 3 }, { x: 1, y: 5, w: 1 }); }
export function versioned() { const migrate = (d) => { d = { ...d }; while ((d.v ?? 0) < 3) { switch (d.v) { case undefined: d.v = 1; break; case 1: d.list = []; d.v = 2; break; default: d.v++; } } return d; }; return [migrate({}), migrate({ v: 2, list: [1] }), migrate({ v: 3 })]; }
export function optionsMerged() { const merge = ({ retries = 3, headers = {}, ...rest } = {}) => ({ retries, headers: { accept: "json", ...headers }, ...rest }); return [merge(), merge({ retries: 0, headers: { accept: "x", a: 1 }, timeout: 5 }), merge({ retries: null })]; }
export async function retried() { let tries = 0; const flaky = async () => { if (++tries < 3) throw new Error(`try ${tries}`); return "ok"; }; const errors = []; for (let i = 0; i < 5; i++) { try { return [await flaky(), tries, errors]; } catch (e) { errors.push(e.message); } } }
export async function batched() { const out = []; const chunk = (l, n) => l.length ? [l.slice(0, n), ...chunk(l.slice(n), n)] : []; for (const part of chunk([1, 2, 3, 4, 5], 2)) out.push(await Promise.all(part.map(async (x) => x * 10))); return out; }
export async function cached() { const cache = new Map(); let loads = 0; const load = async (k) => { loads++; return k.toUpperCase(); }; const get = (k) => { let p = cache.get(k); if (!p) cache.set(k, (p = load(k))); return p; }; return [await get("a"), await get("a"), await get("b"), loads]; }
export async function errorsMapped() { class NotFound extends Error { status = 404; } const handle = async (f) => { try { return { status: 200, body: await f() }; } catch (e) { return { status: e.status ?? 500, body: e instanceof NotFound ? "missing" : e.message }; } }; return [await handle(() => "x"), await handle(() => { throw new NotFound("n"); }), await handle(async () => { throw new TypeError("boom"); })]; }
export function middleware() { const stack = []; const use = (f) => stack.push(f); use((c, next) => { c.log.push("a"); const r = next(); c.log.push("a2"); return r; }); use((c, next) => (c.stop ? "stopped" : next())); use((c) => { c.log.push("end"); return "done"; }); const run = (c, i = 0) => stack[i]?.(c, () => run(c, i + 1)); const one = { log: [] }, two = { log: [], stop: true }; return [run(one), one.log, run(two), two.log]; }
export function subscribed() { const subs = new Set(); const on = (f) => { subs.add(f); return () => subs.delete(f); }; const got = []; const off = on((x) => got.push(x)); on((x) => got.push(x * 2)); subs.forEach((f) => f(1)); off(); for (const f of subs) f(2); return [got, subs.size]; }
export function socketsSwept() { const sockets = [{ id: 1, open: true }, { id: 2, open: false }, { id: 3, open: true }]; const gone = []; for (let i = sockets.length - 1; i >= 0; i--) { if (!sockets[i].open) gone.push(...sockets.splice(i, 1)); } return [sockets.map((s) => s.id), gone.length]; }
export function presence() { const users = new Map(); const touch = (id) => { const u = users.get(id) ?? { n: 0 }; u.n += 1; users.set(id, u); }; ["a", "b", "a"].forEach(touch); const drop = (id) => { const u = users.get(id); if (u && --u.n === 0) users.delete(id); return users.size; }; return [drop("a"), drop("a"), drop("z"), [...users.keys()]]; }
export function shuffledFixed() { const rng = ((seed) => () => (seed = (seed * 16807) % 2147483647) / 2147483647)(42); const l = [1, 2, 3, 4]; for (let i = l.length - 1; i > 0; i--) { const j = Math.floor(rng() * (i + 1)); [l[i], l[j]] = [l[j], l[i]]; } return l; }
export function hashed() { let h = 0; for (const c of "room") h = ((h << 5) - h + c.charCodeAt(0)) | 0; return [h, (h >>> 0).toString(16), Math.abs(h) % 7]; }
export function bytesPacked() { const pack = (type, n) => [(type << 4) | (n >> 8), n & 0xff]; const unpack = ([a, b]) => ({ type: a >> 4, n: ((a & 0xf) << 8) | b }); return [pack(3, 700), unpack(pack(3, 700))]; }
export function timesFormatted() { const fmt = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`; return [fmt(5), fmt(65), fmt(600)]; }
export function gettersOnPrototype() { class V { constructor(x) { this.x = x; } get len() { return Math.abs(this.x); } static get zero() { return new V(0); } with(x) { return new V(x); } } const v = new V(-3); return [v.len, V.zero.len, v.with(7).len, Object.keys(v), "len" in v]; }
export function lazily() { class L { #v; get v() { return (this.#v ??= { made: true }); } } const l = new L(); return [l.v === l.v, l.v.made]; }
export function freezesConfig() { const C = Object.freeze({ MAX: 2, KINDS: ["a", "b"] }); return [C.MAX, C.KINDS.includes("b"), C.KINDS.indexOf("z"), Object.keys(C).length]; }
export function nestedTernaryTypes() { const kind = (m) => typeof m === "string" ? "text" : m instanceof ArrayBuffer ? "buffer" : Array.isArray(m) ? "list" : m === null ? "null" : typeof m; return ["a", new ArrayBuffer(1), [1], null, undefined, 5, {}].map(kind); }
export function labelsInParse() { const tokens = []; const text = "a1,b22;c"; let i = 0; outer: while (i < text.length) { const c = text[i]; if (/[a-z]/.test(c)) { let j = i + 1; while (j < text.length && /\d/.test(text[j])) j++; tokens.push(text.slice(i, j)); i = j; continue outer; } i++; } return tokens; }
export function recursionWalked() { const walk = (n, f, d = 0) => { f(n.v, d); n.kids?.forEach((k) => walk(k, f, d + 1)); }; const out = []; walk({ v: 1, kids: [{ v: 2, kids: [] }, { v: 3 }] }, (v, d) => out.push(`${d}${v}`)); return out; }
export function enumLike() { const S = { IDLE: 0, RUN: 1, 0: "IDLE", 1: "RUN" }; return [S[S.RUN], S[0], S.IDLE || "zero", S["RUN"] === 1]; }
export function defaultsFromOther() { function f(a, { b = a, c = b + 1 } = {}, ...[d = c]) { return [a, b, c, d]; } return [f(1), f(1, { c: 5 }), f(1, {}, 9)]; }
export function swapsInObject() { const o = { a: 1, b: 2 }; [o.a, o.b] = [o.b, o.a]; ({ a: o.b, b: o.a } = { ...o }); return o; }
export function sparseUpdate() { const grid = {}; const set = (x, y, v) => { (grid[x] ??= {})[y] = v; }; set(1, 2, "a"); set(1, 3, "b"); set(0, 0, "c"); return [grid, grid[1]?.[3], grid[9]?.[0]]; }
export function stringBuilders() { let s = ""; for (const [i, c] of [..."abc"].entries()) s += i ? `-${c}` : c; return [s, s.split("-").reverse().join(""), s.at(-1), s.length]; }
