// Destructuring, spread, parameters, scopes, closures, hoisting.
export function destructureDefaults() { const { a = 1, b = 2, c = 3, d = 4 } = { a: null, b: undefined, c: 0 }; return [a, b, c, d]; }
export function destructureRenamed() { const { a: x, b: { c: y = 5 } = {}, ...rest } = { a: 1, d: 2, e: 3 }; return [x, y, rest]; }
export function destructureNested() { const { user: { name, tags: [first, , third = "t"] } } = { user: { name: "n", tags: ["a", "b"] } }; return [name, first, third]; }
export function destructureComputed() { const key = "k"; const { [key]: value, [`${key}2`]: other = "d" } = { k: 1 }; return [value, other]; }
export function destructureComputedRest() { const key = "k"; const { [key]: gone, ...rest } = { k: 1, l: 2 }; return [gone, rest]; }
export function destructureArray() { const [a, b = 2, ...c] = [1, undefined, 3, 4]; return [a, b, c]; }
export function destructureArrayNullDefault() { const [a = 1, [b] = [7]] = [null]; return [a, b]; }
export function destructureHoles() { const [, b, , d] = [1, 2, 3, 4]; return [b, d]; }
export function destructureText() { const [a, b, ...c] = "hello"; return [a, b, c]; }
export function destructureMap() { const out = []; for (const [k, { v = 9 }] of new Map([["a", { v: 1 }], ["b", {}]])) out.push([k, v]); return out; }
export function destructureLength() { const { length } = "abc"; const { length: n, 0: first } = [7, 8]; return [length, n, first]; }
export function destructureSwap() { let a = 1, b = 2; [a, b] = [b, a]; return [a, b]; }
export function destructureSwapItems() { const l = [1, 2, 3]; [l[0], l[2]] = [l[2], l[0]]; return l; }
export function destructureAssignObject() { let a, b; ({ a, b = 5 } = { a: 1 }); return [a, b]; }
export function destructureAssignMembers() { const o = {}; ({ x: o.p, y: o["q"] = 3 } = { x: 1 }); [o.r, o.s = 2] = [7]; return o; }
export function destructureAssignRest() { let a, rest; [a, ...rest] = [1, 2, 3]; let others; ({ a, ...others } = { a: 9, b: 8 }); return [a, rest, others]; }
export function destructureAssignGives() { let a; const whole = ({ a } = { a: 1, b: 2 }); return [a, whole]; }
export function destructureDefaultIsLazy() { let n = 0; const { a = n++ } = { a: 1 }; const { b = ++n } = {}; return [a, b, n]; }
export function destructureDefaultSeesEarlier() { const { a = 1, b = a + 1 } = {}; const [c, d = c * 2] = [4]; return [a, b, c, d]; }
export function destructureInLoop() { const out = []; for (const { id, name: { first = "?" } = {} } of [{ id: 1, name: { first: "f" } }, { id: 2 }]) out.push(id + first); return out; }
export function destructureEntries() { return Object.entries({ a: 1, b: 2 }).map(([k, v]) => `${k}=${v}`); }
export function destructureParameter() { const f = ({ a, b = 2 } = {}, [c] = [3]) => [a, b, c]; return [f(), f({ a: 1 }), f({ b: null }, [9])]; }
export function destructureCatch() { try { throw { code: 7, info: { m: "x" } }; } catch ({ code, info: { m } }) { return [code, m]; } }
export function destructureFunctionResult() { const f = () => ({ ok: true, list: [1, 2] }); const { ok, list: [, second] } = f(); return [ok, second]; }
export function destructureGenerator() { function* g() { yield 1; yield 2; yield 3; } const [a, b] = g(); return [a, b]; }
export function destructureSet() { const [a, b] = new Set(["x", "y"]); return [a, b]; }
export function parameterDefaults() { const f = (a, b = a + 1, c = b * 2) => [a, b, c]; return [f(1), f(1, 5), f(1, undefined, 0), f(1, null)]; }
export function parameterRest() { const f = (a, ...rest) => [a, rest]; return [f(), f(1), f(1, 2, 3)]; }
export function argumentsObject() { function f() { return [arguments.length, arguments[1], [...arguments]]; } return f(1, 2); }
export function callSpread() { const f = (...a) => a; return f(...[1, 2], 3, ...new Set([4]), ..."ab"); }
export function mathSpread() { return [Math.max(...[1, 5, 3]), Math.min(...[4, 2]), Math.max(), Math.min()]; }
export function functionLength() { return [((a, b) => 1).length, (function (a, b = 1) {}).length, (() => 1).name, (function named() {}).name]; }
export function spreadCopiesShallow() { const a = { x: { y: 1 }, l: [1] }; const b = { ...a }; b.x.y = 2; b.z = 1; b.l.push(2); return [a, b]; }
export function spreadOverrides() { const d = { a: 1, b: 2 }; return [{ ...d, a: 3 }, { a: 3, ...d }, { ...d, ...{ b: undefined } }]; }
export function spreadConditional() { const on = true, off = false; return { ...(on && { a: 1 }), ...(off && { b: 2 }), ...(off ? {} : { c: 3 }) }; }
export function spreadArrays() { const a = [1, 2]; return [[...a, 3], [0, ...a], [...a, ...a], [..."ab"], [...new Map([["k", 1]])], [...[].keys()]]; }
export function spreadRuns() { return [...(function* () { yield 1; yield 2; })()]; }
export function keyOrder() { const o = { b: 1, 2: "x", a: 2, 1: "y" }; o.c = 3; o[0] = "z"; return [Object.keys(o), JSON.stringify(o)]; }
export function keyOrderAfterDelete() { const o = { a: 1, b: 2 }; delete o.a; o.a = 3; return Object.keys(o); }
export function keyOrderAfterWrite() { const o = { a: 1, b: 2, c: 3 }; o.a = 9; return Object.entries(o); }
export function computedMembers() { const k = "x"; const n = 1; return { [k]: 1, [k + n]: 2, [`${k}-${n}`]() { return 3; }, [n]: 4 }["x-1"](); }
export function shorthand() { const a = 1, b = "t"; return { a, b, c: { a } }; }
export function duplicateKeys() { return { a: 1, b: 2, a: 3 }; }
export function getterInLiteral() { let n = 0; const o = { get next() { return ++n; }, base: 1, get twice() { return this.base * 2; } }; o.base = 5; return [o.next, o.next, o.twice]; }
export function setterInLiteral() { const o = { held: 0, set value(v) { this.held = v * 2; }, get value() { return this.held + 1; } }; o.value = 5; return [o.held, o.value]; }
export function setterOnlyRead() { const o = { set a(v) { this.b = v; } }; o.a = 3; return [o.a, o.b]; }
export function getterSpread() { let n = 0; const o = { get a() { return ++n; } }; const c = { ...o }; return [c.a, c.a, n]; }
export function methodThis() { const o = { n: 1, f() { return this?.n; }, g: function () { return this?.n; }, h() { return (() => this.n)(); } }; const { f } = o; return [o.f(), o.g(), o.h(), f()]; }
export function arrowKeepsThis() { function T() { this.n = 4; this.f = () => this.n; } const t = new T(); const { f } = t; return [f(), t.f()]; }
export function bindCallApply() { function f(a, b) { return [this.n, a, b]; } const o = { n: 1 }; const g = f.bind(o, 2); return [f.call(o, 1, 2), f.apply(o, [3, 4]), g(5), g.call({ n: 9 }, 6)]; }
export function bindOfMethod() { const o = { n: 1, f() { return this.n; } }; const f = o.f.bind(o); const g = o.f.bind({ n: 2 }); return [f(), g()]; }
export function callbackThis() { class A { n = 2; all(l) { return l.map((x) => x * this.n); } } return new A().all([1, 2]); }
export function closureCounter() { const make = () => { let n = 0; return { up: () => ++n, down: () => --n, get: () => n }; }; const a = make(), b = make(); a.up(); a.up(); b.down(); return [a.get(), b.get()]; }
export function closureInLetLoop() { const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); return fs.map((f) => f()); }
export function closureInLetLoopWritten() { const fs = []; for (let i = 0; i < 4; i++) { fs.push(() => i); i++; } return fs.map((f) => f()); }
export function closureInVarLoop() { const fs = []; for (var i = 0; i < 3; i++) fs.push(() => i); return fs.map((f) => f()); }
export function closureInOfLoop() { const fs = []; for (const x of [1, 2]) fs.push(() => x); return fs.map((f) => f()); }
export function closureSeesLaterWrites() { let x = 1; const f = () => x; x = 2; return f(); }
export function closureInWhile() { const fs = []; let i = 0; while (i < 2) { const j = i; fs.push(() => j); i++; } return fs.map((f) => f()); }
export function closureWritesOuter() { let total = 0; [1, 2, 3].forEach((x) => { total += x; }); return total; }
export function shadowing() { const a = 1; const out = []; { const a = 2; out.push(a); { let a = 3; out.push(a); } } out.push(a); return out; }
export function shadowedParameter() { const a = 1; const f = (a) => { a = 5; return a; }; return [f(2), a]; }
export function shadowInCatch() { const e = 1; try { throw 2; } catch (e) { return [e]; } }
export function varHoists() { const before = v; if (true) { var v = 5; } return [before, v]; }
export function varInLoop() { for (var i = 0; i < 3; i++) { var last = i; } return [i, last]; }
export function varTwice() { var a = 1; var a; return a; }
export function functionHoists() { return f(); function f() { return "hoisted"; } }
export function functionInBlock() { if (true) { function inner() { return 1; } } return inner(); }
export function letInBlock() { let a = 1; if (true) { let a = 2; a++; } return a; }
export function letInSwitch() { switch (1) { case 1: { let a = 5; return a; } default: return 0; } }
export function namedFunctionExpression() { const f = function fact(n) { return n < 2 ? 1 : n * fact(n - 1); }; return f(3); }
export function immediatelyCalled() { return [(() => 1)(), (function () { return 2; })(), (async () => 3)() instanceof Promise]; }
export function defaultUsesFunction() { const make = () => []; const f = (x, list = make()) => { list.push(x); return list; }; return [f(1), f(2)]; }
export function currying() { const add = (a) => (b) => (c) => a + b + c; return add(1)(2)(3); }
export function compose() { const pipe = (...fs) => (x) => fs.reduce((v, f) => f(v), x); return pipe((x) => x + 1, (x) => x * 2)(3); }
export function memoize() { const cache = new Map(); let runs = 0; const f = (n) => { if (!cache.has(n)) { runs++; cache.set(n, n * n); } return cache.get(n); }; return [f(2), f(2), f(3), runs]; }
export function recursion() { const sum = ([h, ...t]) => (h === undefined ? 0 : h + sum(t)); return sum([1, 2]); }
export function returnWithoutValue() { const f = () => {}; const g = () => ({}); function h() { return; } return [f(), g(), h()]; }
export function returnInLoop() { for (const x of [1, 2, 3]) if (x > 1) return x; return 0; }
export function objectMutation() { const f = (o) => { o.a = 2; o = { a: 3 }; return o; }; const o = { a: 1 }; return [f(o).a, o.a]; }
export function frozen() { const o = Object.freeze({ a: 1, l: [1] }); o.l.push(2); try { o.a = 2; } catch (e) { return [o, e.name, Object.isFrozen(o)]; } return o; }
export function frozenArray() { const l = Object.freeze([1]); try { l.push(2); } catch (e) { return [l, e.name]; } return l; }
export function definedProperty() { const o = {}; Object.defineProperty(o, "x", { value: 1, enumerable: false }); Object.defineProperty(o, "y", { get: () => 2, enumerable: true }); return [o.x, o.y, Object.keys(o)]; }
export function usingLabels() { const out = []; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j === 1) continue outer; if (i === 2) break outer; out.push([i, j]); } } return out; }
