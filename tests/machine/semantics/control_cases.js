// Loops, switch, labels, try, generators, iterators.
export function switchFallsThrough() { const f = (x) => { const out = []; switch (x) { case 1: out.push("one"); case 2: out.push("two"); break; case 3: out.push("three"); default: out.push("other"); } return out; }; return [f(1), f(2), f(3), f(4)]; }
export function switchDefaultInTheMiddle() { const f = (x) => { const out = []; switch (x) { case 1: out.push("one"); break; default: out.push("other"); case 2: out.push("two"); } return out; }; return [f(1), f(2), f(3)]; }
export function switchDefaultFirst() { const f = (x) => { switch (x) { default: return "d"; case "a": return "A"; } }; return [f("a"), f("b")]; }
export function switchSharedCases() { const f = (x) => { switch (x) { case "a": case "b": return 1; case "c": default: return 2; } }; return [f("a"), f("b"), f("c"), f("z")]; }
export function switchBreakInsideIf() { const f = (x, y) => { const out = []; switch (x) { case 1: if (y) break; out.push("not left"); case 2: out.push("two"); } out.push("end"); return out; }; return [f(1, true), f(1, false), f(2, true)]; }
export function switchBreakInsideBlock() { const f = (x) => { let r = "none"; switch (x) { case 1: { r = "one"; break; } case 2: { r = "two"; break; } default: { r = "d"; } } return r; }; return [f(1), f(2), f(3)]; }
export function switchContinuesLoop() { const out = []; for (const x of [1, 2, 3]) { switch (x) { case 2: continue; default: out.push(x); } out.push("after"); } return out; }
export function switchBreakInLoop() { const out = []; for (const x of [1, 2, 3]) { switch (x) { case 2: break; default: out.push(x); } out.push("after"); } return out; }
export function switchReturnsInLoop() { for (const x of [1, 2, 3]) { switch (x) { case 2: return "two"; } } return "none"; }
export function switchIsStrict() { const f = (x) => { switch (x) { case 1: return "number"; case "1": return "text"; case null: return "null"; case undefined: return "undefined"; } }; return [f("1"), f(1), f(null), f()]; }
export function switchOnTrue() { const f = (n) => { switch (true) { case n < 0: return "neg"; case n === 0: return "zero"; default: return "pos"; } }; return [f(-1), f(0), f(1)]; }
export function switchOnCall() { let n = 0; const next = () => ++n; switch (next()) { case 0: return "a"; case 1: return ["b", n]; case 2: return "c"; } }
export function switchScope() { switch (2) { case 1: var a = 1; case 2: a = a ?? "set"; return a; } }
export function switchLabelled() { const out = []; loop: while (true) { switch (out.length) { case 2: break loop; default: out.push(1); } } return out; }
export function switchNested() { const f = (a, b) => { switch (a) { case 1: switch (b) { case 1: return "11"; } return "1x"; case 2: return "2"; } return "end"; }; return [f(1, 1), f(1, 2), f(2), f(3)]; }
export function switchEmptyLast() { const f = (x) => { let r = "none"; switch (x) { case 1: r = "one"; break; case 2: default: } return r; }; return [f(1), f(2), f(3)]; }
export function switchInsideTry() { try { switch (1) { case 1: throw new Error("x"); } } catch (e) { return e.message; } finally { void 0; } }
export function labelledBlock() { const out = []; block: { out.push(1); if (out.length) break block; out.push(2); } out.push(3); return out; }
export function labelledContinue() { const out = []; rows: for (const r of [1, 2, 3]) { for (const c of [1, 2, 3]) { if (c === r) continue rows; out.push(`${r}${c}`); } } return out; }
export function labelledWhile() { let n = 0; outer: while (true) { while (true) { n++; if (n > 3) break outer; if (n > 1) continue outer; } } return n; }
export function labelledIf() { out: if (true) { if (true) break out; return "no"; } return "yes"; }
export function forClassic() { let s = 0; for (let i = 0; i < 5; i++) { if (i === 1) continue; if (i === 4) break; s += i; } return s; }
export function forTwoVariables() { const out = []; for (let i = 0, j = 5; i < j; i++, j--) out.push([i, j]); return out; }
export function forWithoutParts() { let i = 0; for (;;) { if (i++ > 2) break; } return i; }
export function forDownwards() { const out = []; for (let i = 3; i--; ) out.push(i); return out; }
export function forOuterVariable() { let i; for (i = 0; i < 3; i++); return i; }
export function forBodyScope() { let i = 10; for (let i = 0; i < 2; i++) { void i; } return i; }
export function whileLoops() { let n = 5; const out = []; while (n > 0) { n -= 2; if (n === 1) continue; out.push(n); } return out; }
export function doWhile() { let n = 0; do { n++; } while (n < 3); let m = 10; do { m++; } while (false); return [n, m]; }
export function doWhileContinue() { let n = 0; do { n++; if (n < 3) continue; break; } while (n < 10); return n; }
export function forIn() { const out = []; for (const k in { b: 1, a: 2, 1: 3 }) out.push(k); return out; }
export function forInArray() { const out = []; for (const i in ["x", "y"]) out.push(i, typeof i); return out; }
export function forInInherited() { const base = { a: 1 }; const o = Object.create(base); o.b = 2; const out = []; for (const k in o) out.push(k); return [out, Object.keys(o), o.a]; }
export function forInText() { const out = []; for (const i in "ab") out.push(i); return out; }
export function forInNothing() { const out = []; for (const k in null) out.push(k); for (const k in undefined) out.push(k); return out; }
export function forOfText() { const out = []; for (const c of "añ😀") out.push(c); return out; }
export function forOfWhilePushing() { const list = [1, 2]; const out = []; for (const x of list) { out.push(x); if (list.length < 4) list.push(x * 10); } return out; }
export function forOfWhileRemoving() { const list = [1, 2, 3, 4]; const out = []; for (const x of list) { out.push(x); list.shift(); } return [out, list]; }
export function forOfEntries() { const out = []; for (const [i, x] of ["a", "b"].entries()) out.push(i + x); return out; }
export function forOfBreakValue() { let found; for (const x of [1, 2, 3]) { if (x === 2) { found = x; break; } } return found; }
export function tryReturnsFinally() { const out = []; const f = () => { try { out.push("try"); return 1; } finally { out.push("finally"); } }; return [f(), out]; }
export function finallyOverrides() { const f = () => { try { return 1; } finally { return 2; } }; const g = () => { try { throw new Error("x"); } finally { return 3; } }; return [f(), g()]; }
export function finallyAfterThrow() { const out = []; try { try { throw new Error("a"); } finally { out.push("f"); } } catch (e) { out.push(e.message); } return out; }
export function finallyDoesNotChangeReturned() { const f = () => { let x = 1; try { return x; } finally { x = 2; } }; return f(); }
export function finallyInLoop() { const out = []; for (const x of [1, 2, 3]) { try { if (x === 1) continue; if (x === 3) break; out.push(x); } finally { out.push(`f${x}`); } } return out; }
export function catchRethrows() { try { try { throw new TypeError("inner"); } catch (e) { throw new Error("outer", { cause: e }); } } catch (e) { return [e.message, e.cause.message, e.cause instanceof TypeError]; } }
export function catchWithoutBinding() { try { JSON.parse("{"); } catch { return "bad"; } return "good"; }
export function catchByType() { const f = (e) => { try { throw e; } catch (x) { if (x instanceof TypeError) return "type"; if (x instanceof RangeError) return "range"; if (x instanceof Error) return "error"; return "other"; } }; return [f(new TypeError()), f(new RangeError()), f(new Error()), f("text"), f(new SyntaxError("s"))]; }
export function throwsValues() { const out = []; for (const v of [1, "a", null, undefined, { code: 4 }]) { try { throw v; } catch (e) { out.push(e); } } return out; }
export function errorParts() { const e = new RangeError("msg"); return [e.name, e.message, String(e), `${e}`, e.toString(), e instanceof Error, typeof e.stack, new Error().message, Error("called").message]; }
export function errorOwnProperties() { const e = new Error("m"); e.status = 404; e.name = "Custom"; return [e.status, e.name, String(e), Object.keys(e)]; }
export function errorClass() { class HttpError extends Error { constructor(status, message) { super(message); this.name = "HttpError"; this.status = status; } } try { throw new HttpError(404, "no"); } catch (e) { return [e instanceof HttpError, e instanceof Error, e.status, e.message, e.name, String(e)]; } }
export function errorClassDefaultName() { class MyError extends Error {} const e = new MyError("x"); return [e.name, e.message, e.constructor.name, e instanceof MyError]; }
export function errorUncaught() { throw new RangeError("out"); }
export function errorUncaughtClass() { class BadThing extends Error { constructor(m) { super(m); this.name = "BadThing"; } } throw new BadThing("w"); }
export function errorUncaughtText() { throw "just text"; }
export function errorInCallback() { try { [1].forEach(() => { throw new Error("in"); }); } catch (e) { return e.message; } }
export function aggregate() { const e = new AggregateError([new Error("a")], "all"); return [e.message, e.errors.length, e.errors[0].message]; }
export function generatorSimple() { function* g() { yield 1; const x = yield 2; return x; } const i = g(); return [i.next(), i.next(), i.next("back"), i.next()]; }
export function generatorLoop() { function* range(a, b) { for (let i = a; i < b; i++) yield i; } return [[...range(0, 3)], Array.from(range(2, 4))]; }
export function generatorLazy() { const out = []; function* g() { out.push("start"); yield 1; out.push("mid"); yield 2; out.push("end"); } const i = g(); out.push("made"); i.next(); out.push("got"); i.next(); return out; }
export function generatorEndless() { function* ids() { let n = 0; while (true) yield ++n; } const i = ids(); return [i.next().value, i.next().value]; }
export function generatorEndlessTaken() { function* ids() { let n = 0; while (true) yield ++n; } const out = []; for (const x of ids()) { if (x > 3) break; out.push(x); } return out; }
export function generatorDelegates() { function* a() { yield 1; return "r"; } function* b() { const r = yield* a(); yield r; yield* [5, 6]; } return [...b()]; }
export function generatorFinally() { const out = []; function* g() { try { yield 1; yield 2; } finally { out.push("closed"); } } for (const x of g()) { out.push(x); break; } return out; }
export function generatorReturn() { function* g() { yield 1; yield 2; } const i = g(); i.next(); return [i.return(9), i.next()]; }
export function generatorThrow() { function* g() { try { yield 1; } catch (e) { yield `caught ${e}`; } } const i = g(); i.next(); return i.throw("x").value; }
export function generatorMethod() { class T { *[Symbol.iterator]() { yield "a"; yield "b"; } *items() { yield* [1, 2]; } } return [[...new T()], [...new T().items()]]; }
export function iteratorByHand() { const it = { from: 1, to: 3, [Symbol.iterator]() { let at = this.from, to = this.to; return { next: () => (at <= to ? { value: at++, done: false } : { value: undefined, done: true }) }; } }; return [[...it], Math.max(...it), Array.from(it, (x) => x * 2)]; }
export function iteratorOfArray() { const i = [1, 2][Symbol.iterator](); return [i.next(), i.next(), i.next()]; }
export function iteratorOfMap() { const i = new Map([["a", 1]]).entries(); return [i.next().value, i.next().done]; }
export function iteratorConsumed() { const i = new Set([1, 2, 3]).values(); const first = i.next().value; return [first, [...i], [...i]]; }
export function iteratorHelpers() { return [new Set([1, 2, 3]).values().map((x) => x * 2).toArray(), [1, 2, 3].values().filter((x) => x > 1).toArray(), [1, 2, 3].values().take(2).toArray(), [1, 2].values().some((x) => x === 2)]; }
export async function forAwait() { async function* g() { yield 1; yield 2; } const out = []; for await (const x of g()) out.push(x); for await (const x of [Promise.resolve(3), 4]) out.push(x); return out; }
export async function asyncGeneratorNext() { async function* g() { yield "a"; } const i = g(); return [await i.next(), await i.next()]; }
export function mapWhileDeleting() { const m = new Map([["a", 1], ["b", 2], ["c", 3]]); const out = []; for (const [k] of m) { out.push(k); m.delete("b"); } return [out, m]; }
export function mapWhileAdding() { const m = new Map([["a", 1]]); const out = []; for (const [k, v] of m) { out.push(k); if (v < 3) m.set(k + v, v + 1); } return out; }
export function setWhileDeletingSelf() { const s = new Set([1, 2, 3]); for (const x of s) if (x !== 2) s.delete(x); return s; }
export function setForEachDeleting() { const s = new Set([1, 2, 3]); const out = []; s.forEach((x) => { out.push(x); s.delete(x + 1); }); return out; }
export function commaInFor() { let a = 0; for (let i = 0, n = 3; i < n; i++) a += i; return a; }
export function ifElseChains() { const f = (x) => { if (x === 1) return "a"; else if (x === 2) { return "b"; } else return "c"; }; return [f(1), f(2), f(3)]; }
export function earlyReturns() { const f = (x) => { if (!x) return "none"; if (typeof x === "string") return "text"; if (Array.isArray(x)) return "list"; return "other"; }; return [f(), f(""), f("a"), f([]), f({})]; }
export function nestedTryReturn() { const f = () => { try { try { return "inner"; } finally { void 0; } } finally { void 0; } }; return f(); }
export function loopWithTryContinue() { const out = []; for (const t of ["1", "x", "3"]) { let v; try { v = JSON.parse(t); } catch { continue; } out.push(v); } return out; }
