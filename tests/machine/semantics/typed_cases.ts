// TypeScript: what is erased, and what is not.
enum Direction { Up, Down = 5, Left }
enum Level { Low = "low", High = "high" }
const enum Bit { A = 1 << 0, B = 1 << 1, Both = A | B }
enum Mixed { No = 0, Yes = "yes".length }
namespace Tools { export const version = 3; export function twice(x: number): number { return x * 2; } const hidden = 1; export namespace Inner { export const deep = hidden + 1; } }
type Shape = { kind: "circle"; r: number } | { kind: "square"; side: number };
interface Named { name: string; age?: number }
abstract class Base<T> { protected items: T[] = []; constructor(private readonly label: string, public count = 0) {} abstract describe(): string; add(item: T): this { this.items.push(item); this.count++; return this; } get size(): number { return this.items.length; } title(): string { return this.label; } }
class Numbers extends Base<number> { declare count: number; override describe() { return `${this.title()}:${this.items.join()}`; } }
export function enumNumbers() { return [Direction.Up, Direction.Down, Direction.Left, Direction[5], Direction[Direction.Up]]; }
export function enumTexts() { return [Level.Low, Level.High, Object.values(Level), Level["High"]]; }
export function enumConst() { return [Bit.A, Bit.B, Bit.Both, Bit.Both & Bit.A]; }
export function enumComputed() { return [Mixed.No, Mixed.Yes]; }
export function enumSwitch() { const f = (d: Direction) => { switch (d) { case Direction.Up: return "up"; case Direction.Down: return "down"; default: return "other"; } }; return [f(Direction.Up), f(Direction.Down), f(Direction.Left)]; }
export function enumTruth() { return [Direction.Up ? 1 : 2, Direction.Down ? 1 : 2, Mixed.No || "zero"]; }
export function enumAsKeys() { const m: Record<Level, number> = { [Level.Low]: 1, [Level.High]: 2 }; return [m.low, m[Level.High]]; }
export function enumIncludes() { return [Object.values(Level).includes("low" as Level), Object.keys(Direction).length, "High" in Level]; }
export function namespaceMembers() { return [Tools.version, Tools.twice(4), Tools.Inner.deep]; }
export function asserted() { const x = { a: 1 } as { a: number; b?: string }; const y = <any>x; const z = x.b!; const w = { k: "v" } satisfies Record<string, string>; const c = ["a", "b"] as const; return [x.a, y.a, z, w.k, c[1], (x as any).zzz?.q]; }
export function nonNullChains() { const m = new Map<string, { v: number }>([["a", { v: 1 }]]); return [m.get("a")!.v, m.get("b")?.v, m.get("a")!["v"]!]; }
export function nonNullThrows() { const m = new Map<string, { v: number }>(); return m.get("b")!.v; }
export function parameterProperties() { const n = new Numbers("n", 0); return [n.add(1).add(2).describe(), n.size, n.count, Object.keys(n)]; }
export function parameterPropertyDefault() { class P { constructor(public x: number, private readonly y = x + 1, protected z?: string) {} sum() { return this.x + this.y; } } return [new P(1).sum(), new P(1, 5).sum(), Object.keys(new P(1))]; }
export function parameterPropertyBeforeBody() { class P { constructor(readonly n: number) { this.twice = this.n * 2; } twice: number; } return new P(4).twice; }
export function fieldUsesParameterProperty() { class P { list = this.n + 1; constructor(private n: number) {} } return new P(3).list; }
export function generics() { function first<T>(l: readonly T[]): T | undefined { return l[0]; } const id = <T,>(x: T): T => x; return [first<number>([1, 2]), first([]), id<string>("a"), new Map<string, number[]>([["k", [1]]]).get("k")]; }
export function guards() { const isShape = (x: unknown): x is Shape => typeof x === "object" && x !== null && "kind" in x; const area = (s: Shape) => (s.kind === "circle" ? s.r * 3 : s.side ** 2); return [isShape({ kind: "circle" }), isShape(null), isShape("a"), area({ kind: "square", side: 3 })]; }
export function exhaustive() { const never = (x: never): never => { throw new Error(`unexpected ${JSON.stringify(x)}`); }; const f = (s: Shape) => { switch (s.kind) { case "circle": return 1; case "square": return 2; default: return never(s); } }; try { return [f({ kind: "circle", r: 1 }), f({ kind: "other" } as any)]; } catch (e) { return (e as Error).message; } }
export function overloads() { function f(x: string): string; function f(x: number): number; function f(x: any): any { return typeof x === "string" ? x + "!" : x + 1; } return [f("a"), f(1)]; }
export function optionalParameters() { const f = (a: number, b?: number, ...c: number[]) => [a, b ?? "none", c.length]; return [f(1), f(1, 2, 3, 4)]; }
export function thisParameter() { function f(this: { n: number }, x: number) { return this.n + x; } return f.call({ n: 2 }, 3); }
export function definite() { let x!: number; const set = () => { x = 4; }; set(); return x; }
export function indexSignatures() { const m: { [k: string]: number } = {}; m["a"] = 1; m.b = 2; return [m, Object.keys(m) as string[]]; }
export function privateModifier() { class A { private x = 1; private static y = 2; static z() { return A.y; } } return [(new A() as any).x, A.z(), JSON.stringify(new A())]; }
export function abstractInstance() { abstract class A { abstract f(): number; g() { return this.f() + 1; } } class B extends A { f() { return 1; } } return new B().g(); }
export function implementing() { interface Runs { run(): string } class A implements Runs { run() { return "ran"; } } const a: Runs = new A(); return a.run(); }
export function typedCatch() { try { throw new TypeError("x"); } catch (e: unknown) { if (e instanceof TypeError) return e.message; return "other"; } }
export function tupleTypes() { const pair: [string, number] = ["a", 1]; const [k, v]: [string, number] = pair; return { k, v }; }
export function keyofAccess() { const get = <T, K extends keyof T>(o: T, k: K): T[K] => o[k]; return get({ a: 1, b: "x" }, "b"); }
export function mappedRecord() { const names = ["a", "b"] as const; const r = Object.fromEntries(names.map((n, i) => [n, i])) as Record<(typeof names)[number], number>; return r; }
export function accessorKeyword() { class A { static readonly MAX = 3; readonly max = A.MAX * 2; get half(): number { return this.max / 2; } } return [A.MAX, new A().max, new A().half]; }
export function typeArguments() { const l = new Array<number>(); l.push(1); const s = new Set<string>(["a"]); const p = JSON.parse('{"name":"n"}') as Named; return [l, s.has("a"), p.name, p.age]; }
export function optionalCallTyped() { const o: { f?: (x: number) => number } = {}; return [o.f?.(1), o.f?.(1) ?? "none", (o.f as any)?.call?.(null)]; }
export async function asyncTyped() { const f = async <T,>(x: T): Promise<T> => x; return (await f<number>(3)) + 1; }
export function discriminated() { type R = { ok: true; value: number } | { ok: false; error: string }; const f = (x: string): R => { const n = Number(x); return Number.isNaN(n) ? { ok: false, error: `bad ${x}` } : { ok: true, value: n }; }; return ["1", "x"].map((x) => { const r = f(x); return r.ok ? r.value : r.error; }); }
export function usingDeclared() { const log: string[] = []; class R { [Symbol.dispose]() { log.push("disposed"); } } { using r = new R(); log.push("used"); } return log; }
