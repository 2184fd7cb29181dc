// Optional chains, nullish values, logical assignment, conversions.
const nothing = undefined;
const nil = null;
const room = { name: "a", count: 0, empty: "", players: [{ id: 1, tags: ["x", "y"] }], find(id) { return this.players.find((p) => p.id === id); }, deep: { a: { b: { c: 5 } } } };
let calls = [];
const note = (what, value) => { calls.push(what); return value; };
const noted = (run) => { calls = []; const value = run(); return [value, calls]; };

export function chainOfMembers() { return [room?.deep?.a?.b?.c, room?.none?.a.b.c, nil?.a, nothing?.a.b.c.d]; }
export function chainOfCalls() { return [room.find?.(1)?.id, room.find?.(2)?.id, room.none?.(1), room.none?.().x.y]; }
export function chainOfIndices() { return [room?.players?.[0]?.tags?.[1], room.players[3]?.tags[0], nil?.[0][1]]; }
export function chainSkipsArguments() { return noted(() => nil?.call(note("a", 1))); }
export function chainSkipsIndex() { return noted(() => nil?.[note("a", 1)].b); }
export function chainKeepsThis() { return [room["find"](1).id, room?.["find"]?.(1)?.id, (room.find)(1).id]; }
export function chainEndsAtParentheses() { try { return (nil?.a).b; } catch (error) { return error instanceof TypeError; } }
export function chainOnFalsy() { return [""?.length, (0)?.toFixed(1), false?.toString()]; }
export function chainDelete() { const a = { b: { c: 1, d: 2 } }; delete a?.b?.c; delete a?.x?.y; return a; }
export function chainCallOfResult() { const make = () => () => 3; return [make?.()?.(), make()()]; }
export function chainOfTemplate() { return `${room?.none?.name}-${room?.name}`; }
export function nullishOnly() { return [0 ?? 1, "" ?? 1, false ?? 1, null ?? 1, undefined ?? 1, NaN ?? 1]; }
export function orOnly() { return [0 || 1, "" || 1, false || 1, null || 1, NaN || 1, "a" || 1, [] || 1]; }
export function andOnly() { return [0 && 1, "a" && 1, null && 1, [] && 2, {} && 3, "" && 4]; }
export function nullishThenOr() { return (null ?? 0) || "x"; }
export function nullishIsLazy() { return noted(() => 1 ?? note("never", 2)); }
export function assignNullish() { const a = { x: null, y: 0, z: undefined }; a.x ??= 1; a.y ??= 2; a.z ??= 3; a.w ??= 4; return a; }
export function assignOr() { const a = { x: "", y: 5 }; a.x ||= "set"; a.y ||= 6; return a; }
export function assignAnd() { const a = { x: 1, y: 0 }; a.x &&= 7; a.y &&= 8; return a; }
export function assignLogicalIsLazy() { return noted(() => { const a = { x: 1 }; a.x ??= note("no", 2); a.x ||= note("no", 3); return a.x; }); }
export function assignLogicalGives() { let a; const b = (a ??= 5); return [a, b]; }
export function assignIndexNullish() { const m = {}; for (const k of ["a", "b", "a"]) (m[k] ??= []).push(k); return m; }
export function plusWithStrings() { return [1 + "2", "1" + 2 + 3, 1 + 2 + "3", "a" + null, "a" + undefined, "a" + true, "a" + 1.5]; }
export function plusWithNothing() { return [1 + null, 1 + true, 1 + undefined, null + null, true + true]; }
export function minusWithStrings() { return ["5" - 2, "5" * "2", "10" / "4", "a" - 1, null * 5, "7" % 4, true - 1]; }
export function plusOfArrays() { return ["" + [1, 2], [] + "", "a" + {}, [1] + [2], "" + [[1, 2], 3], "" + [null, undefined]]; }
export function looseEquality() { return [1 == "1", 0 == "", 0 == false, null == undefined, null == 0, "" == false, "1" == true, NaN == NaN, "a" == "A", "01" == 1]; }
export function strictEquality() { return [1 === 1.0, "a" === "a", null === undefined, NaN === NaN, 0 === -0, [] === []]; }
export function objectIdentity() { const a = {}; const b = a; return [a === b, a == b, {} === {}, [a].includes(b), [a].indexOf({})]; }
export function comparisons() { return [1 < 2, "a" < "b", "10" < "9", "10" < 9, null >= 0, undefined >= 0, "b" > "a", NaN < 1, 2 >= 2, true > false]; }
export function unaryPlus() { return [+"5", +"", +" 7 ", +"a", +true, +null, +undefined, +"0x10", +"1e3", +"-3", +"Infinity", +"1_0"]; }
export function unaryMinus() { return [-"5", -true, -null, -(-3), - "x"]; }
export function notOperator() { return [!0, !"", !"0", ![], !null, !!1, !!"false", !NaN]; }
export function voidAndComma() { let a = 1; const b = (a++, a + 1); return [void 0, void "x", b, a]; }
export function prefixAndPostfix() { let a = 1; const b = a++; const c = ++a; const d = a--; const e = --a; return [a, b, c, d, e]; }
export function postfixOfMember() { const o = { n: 5, l: [1] }; const a = o.n++; const b = o.l[0]--; const c = ++o.n; return [a, b, c, o]; }
export function postfixAsIndex() { const list = ["a", "b", "c"]; let i = 0; return [list[i++], list[i++], i]; }
export function postfixOfText() { let a = "5"; const b = a++; return [a, b]; }
export function postfixOfMissing() { const seen = {}; seen.a = (seen.a ?? 0) + 1; seen.b++; return seen; }
export function compoundAssignment() { let a = 10; a += 5; a -= 3; a *= 2; a /= 4; a %= 4; a **= 3; return a; }
export function compoundBits() { let a = 5; a |= 2; a &= 6; a ^= 1; a <<= 2; a >>= 1; return a; }
export function compoundTexts() { let a = "x"; a += 1; a += null; a += [2, 3]; return a; }
export function exponent() { return [2 ** 10, 2 ** -1, (-2) ** 2, 2 ** 3 ** 2, 9 ** 0.5]; }
export function remainder() { return [5 % 3, -5 % 3, 5 % -3, 5.5 % 2, 1 % 0, 0 % 5]; }
export function division() { return [1 / 2, 1 / 0, -1 / 0, 0 / 0, 7 / 2 | 0]; }
export function bits() { return [5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, -9 >> 1, -1 >>> 28, 1 << 31, 2 ** 32 | 0, ~~3.7, ~~-3.7, 1.9 | 0, "7" & 3]; }
export function bitFlags() { const READ = 1, WRITE = 2; let p = 0; p |= READ | WRITE; p &= ~READ; return [p, (p & WRITE) !== 0, (p & READ) !== 0]; }
export function ternaries() { const f = (n) => (n > 10 ? "big" : n > 5 ? "mid" : "small"); return [f(11), f(7), f(1)]; }
export function typeofAll() { return [typeof 1, typeof "", typeof true, typeof undefined, typeof null, typeof {}, typeof [], typeof (() => 1), typeof class {}, typeof Symbol("a"), typeof 1n, typeof missing, typeof Math, typeof JSON, typeof Math.max, typeof NaN, typeof parseInt, typeof Date]; }
export function inOperator() { const o = { a: undefined, b: { c: 1 } }; return ["a" in o, "z" in o, "c" in o.b, 0 in [1], 1 in [1], "length" in [], "toString" in o]; }
export function inAfterDelete() { const o = { a: 1 }; delete o.a; return ["a" in o, o.a, Object.keys(o)]; }
export function instanceofAll() { return [[] instanceof Array, {} instanceof Object, [] instanceof Object, new Map() instanceof Map, new Error("x") instanceof Error, new TypeError("x") instanceof Error, new TypeError("x") instanceof RangeError, "a" instanceof String, null instanceof Object, (() => 1) instanceof Function, new Date(0) instanceof Date, /a/ instanceof RegExp, Promise.resolve() instanceof Promise, new Uint8Array(1) instanceof Uint8Array]; }
export function deleteGives() { const o = { a: 1 }; return [delete o.a, delete o.b, o]; }
export function spreadOfNothing() { return [{ ...null, ...undefined, a: 1 }, { ...("ab") }, { ...[1, 2] }, { ...false }]; }
export function memberOfNull() { return nil.name; }
export function memberOfUndefined() { return room.none.name; }
export function callOfUndefined() { return room.none(); }
export function callOfValue() { return room.name(); }
export function nestedCallOfUndefined() { return room.deep.a.none(1); }
export function callOfUndefinedName() { const f = undefined; return f(); }
export function indexOfUndefined() { const list = undefined; return list[0]; }
export function writeToNull() { nil.x = 1; }
export function writeIndexToUndefined() { const map = undefined; map["x"] = 1; }
export function missingName() { return notDeclaredAnywhere; }
export function missingFunction() { return notDeclaredAnywhere(); }
export function iterateNothing() { for (const x of undefined) return x; }
export function iterateNumber() { const [a] = 5; return a; }
export function iterateObject() { for (const x of { a: 1 }) return x; }
export function spreadNothing() { const a = undefined; return [...a]; }
export function spreadObjectIntoArray() { const a = {}; return [...a]; }
export function destructureNothing() { const { a } = undefined; return a; }
export function destructureNull() { const { a } = nil; return a; }
export function newOfNonConstructor() { const f = 5; return new f(); }
export function newOfArrow() { const f = () => 1; return new f(); }
export function constReassigned() { const a = 1; a = 2; return a; }
export function constIncremented() { const a = 1; a++; return a; }
export function readBeforeLet() { const value = early; let early = 1; return value; }
export function typeofBeforeLet() { return typeof early; let early = 1; }
export function classWithoutNew() { class A {} return A(); }
export function inOfText() { return "a" in "abc"; }
export function instanceofNothing() { return {} instanceof undefined; }
export function bigints() { return [1n + 2n, 2n ** 64n, 7n / 2n, BigInt(5) === 5n, 1n < 2, typeof 5n, 1n == 1, String(10n)]; }
export function bigintMixed() { return 1n + 1; }
export function conditionalOnZeroLength() { const list = []; return [list.length ? "some" : "none", !list.length, list.length > 0 && list[0].x]; }
export function stringNumbersInConditions() { return ["0" ? 1 : 2, " " ? 1 : 2, "" ? 1 : 2]; }
export function shortCircuitCalls() { return noted(() => (note("a", 0) && note("b", 1)) || note("c", 2)); }
export function evaluationOrder() { return noted(() => { const o = { [note("k1", "x")]: note("v1", 1), [note("k2", "y")]: note("v2", 2) }; return o; }); }
export function evaluationOrderOfCall() { return noted(() => note("f", (a, b) => a + b)(note("a", 1), note("b", 2))); }
export function evaluationOrderOfAssign() { return noted(() => { const o = {}; o[note("key", "k")] = note("value", 1); return o; }); }
export function chainedAssignment() { let a, b; a = b = 3; const o = {}; o.x = o.y = a; return [a, b, o]; }
export function assignmentInCondition() { let m; const out = []; const list = [1, 2, 0, 3]; while ((m = list.shift())) out.push(m); return [out, list]; }
export function toStringOfValues() { return [String(null), String(undefined), String([1, [2]]), String({}), String(true), `${[1, 2]}`, (12).toString(), [1, 2].toString(), ({}).toString(), true.toString()]; }
export function objectsAsKeys() { const o = {}; o[{}] = 1; o[[1, 2]] = 2; o[null] = 3; o[undefined] = 4; o[1.5] = 5; o[true] = 6; return o; }
export function valueOfObjects() { const o = { valueOf() { return 4; } }; return [o + 1, o * 2, o > 3, `${{ toString() { return "t"; } }}`]; }
