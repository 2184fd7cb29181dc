// Classes, inheritance, private and static members, symbols.
export function fieldsInOrder() { class A { a = 1; b = this.a + 1; constructor() { this.c = this.b + 1; } } return new A(); }
export function fieldsWithoutValue() { class A { a; b = null; } const x = new A(); return [x.a, x.b, "a" in x]; }
export function fieldsPerInstance() { class A { list = []; } const x = new A(), y = new A(); x.list.push(1); return [x.list, y.list]; }
export function fieldArrow() { class A { n = 3; f = () => this.n; } const { f } = new A(); return f(); }
export function methodLosesThis() { class A { n = 3; f() { return this === undefined ? "lost" : this.n; } } const { f } = new A(); return f(); }
export function privateFields() { class A { #n = 1; up() { this.#n++; return this; } get n() { return this.#n; } static has(o) { return #n in o; } } const a = new A().up().up(); return [a.n, A.has(a), A.has({}), Object.keys(a), JSON.stringify(a)]; }
export function privateMethods() { class A { #twice(x) { return x * 2; } get #half() { return 4; } run() { return [this.#twice(3), this.#half]; } static #make() { return "made"; } static go() { return A.#make(); } } return [new A().run(), A.go()]; }
export function privateStatic() { class A { static #count = 0; constructor() { A.#count++; } static get count() { return A.#count; } } new A(); new A(); return A.count; }
export function staticMembers() { class A { static all = []; static make(n) { const a = new A(); a.n = n; A.all.push(a); return a; } static size() { return this.all.length; } } A.make(1); A.make(2); return [A.size(), A.all.map((a) => a.n)]; }
export function staticBlock() { class A { static x = 1; static { this.y = this.x + 1; A.z = 3; } } return [A.x, A.y, A.z]; }
export function staticInherited() { class A { static kind = "a"; static make() { return new this(); } } class B extends A { static kind = "b"; } return [B.make() instanceof B, B.kind, A.make() instanceof B, Object.keys(A)]; }
export function staticThis() { class A { static n = 2; static f() { return this.n; } static g = () => this.n; } return [A.f(), A.g()]; }
export function staticSeesLater() { class A { static a = 1; static b = A.a + 1; } return A.b; }
export function accessors() { class T { #c = 0; get f() { return this.#c * 9 / 5 + 32; } set f(v) { this.#c = (v - 32) * 5 / 9; } get c() { return this.#c; } } const t = new T(); t.f = 212; return [t.c, t.f]; }
export function accessorInherited() { class A { v = 1; get x() { return this.v; } set x(n) { this.v = n; } } class B extends A { get x() { return super.x * 10; } set x(n) { super.x = n + 1; } } const b = new B(); b.x = 4; return [b.x, b.v]; }
export function getterOnlyWrite() { class A { get x() { return 1; } } const a = new A(); try { a.x = 2; } catch (e) { return [e.name, a.x]; } return "no"; }
export function inherits() { class A { constructor(n) { this.n = n; } hi() { return `A${this.n}`; } } class B extends A { hi() { return `B${super.hi()}`; } } class C extends B {} return [new B(1).hi(), new C(2).hi(), new C(3) instanceof A]; }
export function inheritsFields() { class A { x = 1; show() { return [this.x, this.y]; } } class B extends A { x = 2; y = 3; } return new B().show(); }
export function constructionOrder() { const out = []; class A { a = out.push("A field"); constructor() { out.push("A ctor"); this.init(); } init() { out.push("A init"); } } class B extends A { b = out.push("B field"); constructor() { out.push("B before"); super(); out.push("B ctor"); } init() { out.push(`B init ${this.b}`); } } new B(); return out; }
export function superInArrow() { class A { f() { return "A"; } } class B extends A { f() { return ["x"].map(() => super.f())[0]; } } return new B().f(); }
export function superStatic() { class A { static f() { return "A"; } } class B extends A { static f() { return `B${super.f()}`; } } return B.f(); }
export function superInObject() { const a = { f() { return "a"; } }; const b = { __proto__: a, f() { return `b${super.f()}`; } }; return b.f(); }
export function superMissing() { class A {} class B extends A { constructor() { this.x = 1; } } return new B(); }
export function superReturnsNothing() { class A { f() {} } class B extends A { g() { return super.f(); } } return new B().g(); }
export function newTarget() { class A { constructor() { this.made = new.target.name; this.abstract = new.target === A; } } class B extends A {} return [new A(), new B()]; }
export function abstractClass() { class Shape { constructor() { if (new.target === Shape) throw new TypeError("abstract"); } } class Dot extends Shape {} try { new Shape(); } catch (e) { return [e.message, new Dot() instanceof Shape]; } }
export function constructorReturns() { class A { constructor() { return { other: true }; } } return new A(); }
export function constructorName() { class Room {} return [new Room().constructor.name, Room.name, new Room().constructor === Room, (class {}).name, [].constructor.name, ({}).constructor.name]; }
export function classExpression() { const A = class Inner { who() { return Inner.name; } }; return [new A().who(), A.name]; }
export function classFactory() { const mixin = (Base) => class extends Base { extra() { return "extra" + this.n; } }; class A { n = 1; } const B = mixin(A); return new B().extra(); }
export function extendsExpression() { const bases = { A: class { f() { return "dyn"; } } }; class B extends bases.A {} return new B().f(); }
export function extendsNothing() { class A extends null { static f() { return 1; } } return A.f(); }
export function extendsBuiltins() { class List extends Array { sum() { return this.reduce((a, b) => a + b, 0); } } class Reg extends Map { count(k) { this.set(k, (this.get(k) ?? 0) + 1); return this; } } const l = new List(); l.push(1, 2); return [l.sum(), l.length, new Reg().count("a").count("a").get("a")]; }
export function computedMethods() { const k = "run"; class A { [k]() { return 1; } static [`${k}All`]() { return 2; } [k + "Field"] = 3; } const a = new A(); return [a.run(), A.runAll(), a.runField]; }
export function toStringMethod() { class P { constructor(x) { this.x = x; } toString() { return `P(${this.x})`; } } const p = new P(1); return [`${p}`, "" + p, String(p), [p, p].join()]; }
export function toJsonMethod() { class P { x = 1; toJSON() { return { px: this.x }; } } return JSON.stringify({ p: new P(), l: [new P()] }); }
export function toPrimitive() { const o = { [Symbol.toPrimitive](hint) { return hint === "number" ? 7 : "txt"; } }; return [+o, `${o}`, o * 2]; }
export function methodChaining() { class B { parts = []; add(x) { this.parts.push(x); return this; } build() { return this.parts.join("-"); } } return new B().add(1).add(2).build(); }
export function instanceMethodsAreShared() { class A { f() {} g = () => 1; } const a = new A(), b = new A(); return [a.f === b.f, a.g === b.g, a.hasOwnProperty("f"), a.hasOwnProperty("g"), Object.keys(a)]; }
export function classesAsValues() { const kinds = { a: class { v = "A"; }, b: class { v = "B"; } }; return ["a", "b"].map((k) => new kinds[k]().v); }
export function enumPattern() { class Color { static RED = new Color("red"); static BLUE = new Color("blue"); constructor(n) { this.n = n; } static of(n) { return Object.values(Color).find((c) => c.n === n); } } return [Color.of("blue") === Color.BLUE, Color.of("x")]; }
export function singleton() { class S { static #one; static get() { return (S.#one ??= new S()); } } return S.get() === S.get(); }
export function symbolsAsKeys() { const k = Symbol("k"); const o = { [k]: 1, a: 2 }; return [o[k], Object.keys(o), k in o, JSON.stringify(o), k.description, k.toString(), Symbol.for("a") === Symbol.for("a"), Symbol("a") === Symbol("a")]; }
export function prototypeMethods() { function P(n) { this.n = n; } P.prototype.twice = function () { return this.n * 2; }; const p = new P(4); return [p.twice(), p instanceof P, Object.keys(p)]; }
export function objectCreate() { const proto = { hi() { return this.n; } }; const o = Object.create(proto); o.n = 4; return [o.hi(), Object.keys(o), Object.getPrototypeOf(o) === proto]; }
export function protoAssign() { const base = { a: 1, b: 1 }; const o = Object.setPrototypeOf({ b: 2 }, base); return [o.a, o.b]; }
export function nullPrototype() { const o = Object.create(null); o.a = 1; return ["toString" in o, o.toString, o.a]; }
export function instanceofCustom() { class Even { static [Symbol.hasInstance](n) { return n % 2 === 0; } } return [2 instanceof Even, 3 instanceof Even]; }
export function getterLazy() { class A { get v() { const v = [1]; Object.defineProperty(this, "v", { value: v }); return v; } } const a = new A(); return a.v === a.v; }
export function asyncMethods() { class A { async f() { return 1; } static async g() { return 2; } } return [new A().f() instanceof Promise, A.g() instanceof Promise]; }
export function missingMethod() { class A {} return new A().run(); }
export function missingField() { class A {} return new A().list.length; }
export function privateMissing() { class A { #x = 1; static read(o) { return o.#x; } } return A.read({}); }
export function useBeforeClass() { const a = new Later(); class Later {} return a; }
export function deleteField() { class A { x = 1; } const a = new A(); delete a.x; return [a.x, "x" in a]; }
export function assignOverMethod() { class A { f() { return 1; } } const a = new A(); a.f = () => 2; const before = a.f(); delete a.f; return [before, a.f()]; }
export function stateMachine() { class M { state = "idle"; go(e) { const next = { idle: { start: "run" }, run: { stop: "idle" } }[this.state]?.[e]; if (!next) throw new Error(`bad ${e} in ${this.state}`); this.state = next; return this; } } const m = new M(); m.go("start"); try { m.go("start"); } catch (e) { return [m.state, e.message]; } }
export function taggedUnions() { const area = (s) => { switch (s.kind) { case "circle": return s.r ** 2; case "rect": return s.w * s.h; default: throw new Error(`unknown ${s.kind}`); } }; return [area({ kind: "circle", r: 2 }), area({ kind: "rect", w: 2, h: 3 })]; }
export function eventEmitter() { class E { #on = new Map(); on(k, f) { const l = this.#on.get(k) ?? []; l.push(f); this.#on.set(k, l); return () => this.#on.set(k, l.filter((g) => g !== f)); } emit(k, ...a) { for (const f of this.#on.get(k) ?? []) f(...a); } } const e = new E(); const out = []; const off = e.on("x", (v) => out.push(v)); e.emit("x", 1); off(); e.emit("x", 2); e.emit("y"); return out; }
