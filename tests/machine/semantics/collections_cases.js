// Arrays, objects, Maps and Sets.
const people = [{ n: "b", age: 30 }, { n: "a", age: 25 }, { n: "c", age: 30 }];
export function mapFilterReduce() { return [[1, 2, 3].map((x) => x * 2), [1, 2, 3].filter((x) => x % 2), [1, 2, 3].reduce((a, x) => a + x), [1, 2].reduce((a, x) => a + x, "s"), [[1], [2]].reduceRight((a, x) => a.concat(x), [])]; }
export function mapArguments() { return [["a", "b"].map((x, i) => x + i), ["a"].map((x, i, all) => all.length), [1, 2, 3].filter((x, i) => i > 0), ["1", "2", "3"].map(Number), ["1", "2", "3"].map(parseInt), [1, 0, "a", ""].filter(Boolean), [1, 2].map(String)]; }
export function reduceArguments() { return [[5, 6].reduce((a, x, i, all) => [...a, x, i, all.length], []), [5, 6, 7].reduce((a, x, i) => a + i, 0), [7, 8, 9].reduce((a, x, i) => a * 10 + i)]; }
export function reduceRightIndex() { return ["a", "b"].reduceRight((acc, x, i) => acc + x + i, ""); }
export function reduceEmpty() { return [].reduce((a, b) => a + b); }
export function finds() { return [[1, 2, 3].find((x) => x > 1), [1].find((x) => x > 1), [1, 2, 3].findIndex((x) => x > 1), [1].findIndex((x) => x > 1), [1, 2, 3].findLast((x) => x < 3), [1, 2, 3].findLastIndex((x) => x < 3)]; }
export function someEvery() { return [[].some((x) => x), [].every((x) => x), [1, 2].some((x) => x > 1), [1, 2].every((x) => x > 1)]; }
export function someStops() { const seen = []; [1, 2, 3].some((x) => { seen.push(x); return x === 2; }); [1, 2, 3].every((x) => { seen.push(x); return x < 2; }); [7, 8].find((x) => { seen.push(x); return true; }); [1, 2, 3].findLast((x) => { seen.push(x); return true; }); return seen; }
export function flats() { return [[1, [2, [3, [4]]]].flat(), [1, [2, [3, [4]]]].flat(Infinity), [1, [2, [3]]].flat(2), [1, 2].flatMap((x) => [x, x * 2]), [1, 2].flatMap((x) => x), [[1], [2]].flatMap((x) => [x])]; }
export function sorts() { return [[3, 1, 2].sort(), [10, 9, 1].sort(), [10, 9, 1].sort((a, b) => a - b), ["b", "a", "C"].sort(), [3, 1].sort((a, b) => b - a), [true, false].sort(), [2, undefined, 1].sort()]; }
export function sortStable() { return people.slice().sort((a, b) => a.age - b.age).map((p) => p.n); }
export function sortByText() { return [...people].sort((a, b) => a.n.localeCompare(b.n)).map((p) => p.n); }
export function sortByTwo() { return [...people].sort((a, b) => b.age - a.age || (a.n < b.n ? -1 : 1)).map((p) => p.n); }
export function sortMutates() { const l = [2, 1]; const s = l.sort(); return [l, s === l]; }
export function sortedCopies() { const l = [2, 1, 3]; return [l.toSorted(), l.toReversed(), l.with(0, 9), l.toSpliced(1, 1, "x"), l]; }
export function reverses() { const l = [1, 2, 3]; const r = l.reverse(); return [l, r === l]; }
export function splices() { const l = [1, 2, 3, 4, 5]; const gone = l.splice(1, 2); const none = l.splice(1, 0, "a", "b"); const rest = l.splice(-1); return [l, gone, none, rest]; }
export function spliceAll() { const l = [1, 2, 3]; return [l.splice(0), l, [1, 2].splice(0, undefined), [1, 2, 3].splice(1), [1, 2, 3].splice(-2, 1)]; }
export function slices() { const l = [1, 2, 3, 4]; return [l.slice(), l.slice(1), l.slice(1, 3), l.slice(-2), l.slice(1, -1), l.slice(3, 1), l.slice(9), l.slice(0, 99), l.slice(undefined, 2), l.slice(1, undefined), l.slice(-99, 2)]; }
export function indices() { return [[1, 2, 1].indexOf(1), [1, 2, 1].lastIndexOf(1), [1].indexOf(5), [NaN].includes(NaN), [NaN].indexOf(NaN), [1, 2].includes(1, 1), [1, 2, 1].indexOf(1, 1), ["1"].includes(1)]; }
export function ats() { return [[1, 2, 3].at(-1), [1, 2].at(0), [1].at(5), [].at(-1), "abc".at(-1), [1, 2, 3].at()]; }
export function joins() { return [[1, 2].join(), [1, null, undefined, "a"].join("-"), [[1, 2], [3]].join(";"), [].join(), [1].join("x"), ["a", "b"].join("")]; }
export function concats() { return [[1].concat(2, [3, 4], [[5]]), [].concat("ab"), [1].concat()]; }
export function fills() { return [new Array(3).fill(0), Array(2).fill("x"), [1, 2, 3].fill(9, 1), [1, 2, 3, 4].fill(0, 1, 3), Array.from({ length: 2 }).fill(1)]; }
export function fillsShared() { const l = new Array(2).fill([]); l[0].push(1); return l; }
export function froms() { return [Array.from("abc"), Array.from({ length: 3 }, (_, i) => i * 2), Array.from(new Set([1, 1, 2])), Array.from(new Map([["a", 1]])), Array.from([1, 2], (x) => x + 1), Array.of(7, 8), Array.from({ length: 2, 0: "a", 1: "b" })]; }
export function arraysByLength() { return [new Array(3).length, Array(1, 2, 3), [...Array(2).keys()], [...Array(2)], new Array("a"), new Array(2).join("-"), [, 1].length]; }
export function views() { return [[...["a", "b"].keys()], [...["a"].entries()], [...["a"].values()], Object.keys(["x", "y"]), Object.entries(["x"]), Object.values("ab")]; }
export function pushes() { const l = []; const n = l.push(1, 2); const m = l.unshift(0); const p = l.pop(); const s = l.shift(); return [l, n, m, p, s, [].pop(), [].shift()]; }
export function lengthWritten() { const l = [1, 2, 3]; l.length = 1; l[l.length] = "x"; const m = [1]; m.length = 0; return [l, m]; }
export function writesPastEnd() { const l = []; l[2] = "c"; return [l.length, l[0], l[2], l.filter(() => true), l.map(() => 1).length]; }
export function writesIndex() { const l = [1, 2]; l[0] += 5; l["1"] = "t"; return l; }
export function copyWithins() { return [1, 2, 3, 4, 5].copyWithin(0, 3); }
export function arrayEquality() { return [[1] == "1", [1, 2] == "1,2", [] == "", [] == 0, [1].toString()]; }
export function arrayDeletes() { const l = [1, 2, 3]; delete l[1]; return [l.length, l[1]]; }
export function arrayProperties() { return [[1, 2].length, "length" in [], Array.isArray([]), Array.isArray({ length: 1 }), Array.isArray("a"), typeof [], [0] ? 1 : 2]; }
export function matrices() { const m = Array.from({ length: 2 }, () => Array(2).fill(0)); m[0][1] = 5; return m; }
export function unique() { return [[...new Set([3, 1, 3])], [1, 1, 2].filter((x, i, l) => l.indexOf(x) === i)]; }
export function chunks() { const l = [1, 2, 3, 4, 5]; const out = []; for (let i = 0; i < l.length; i += 2) out.push(l.slice(i, i + 2)); return out; }
export function countsByKey() { return ["a", "b", "a"].reduce((acc, k) => ({ ...acc, [k]: (acc[k] || 0) + 1 }), {}); }
export function countsInPlace() { const c = {}; for (const w of "the cat the dog".split(" ")) c[w] = (c[w] ?? 0) + 1; return c; }
export function groups() { return [Object.groupBy([1, 2, 3], (x) => (x % 2 ? "odd" : "even")), Map.groupBy([1, 2, 3], (x) => x % 2)].map((g) => (g instanceof Map ? [...g] : { ...g })); }
export function zips() { const a = [1, 2], b = ["x", "y"]; return a.map((x, i) => [x, b[i]]); }
export function partition() { return [1, 2, 3, 4].reduce(([e, o], x) => (x % 2 ? [e, [...o, x]] : [[...e, x], o]), [[], []]); }
export function removesWhileIterating() { const l = [1, 2, 3]; l.forEach((x, i) => { if (x === 1) l.splice(i, 1); }); return l; }
export function objectViews() { const o = { b: 1, a: 2 }; return [Object.keys(o), Object.values(o), Object.entries(o), Object.fromEntries(Object.entries(o).map(([k, v]) => [k, v * 2])), Object.fromEntries(new Map([["x", 1]]))]; }
export function objectFromEntriesKeys() { return Object.fromEntries([[1, "a"], [null, "b"], ["x", "c"]]); }
export function objectAssign() { const t = { a: 1 }; const r = Object.assign(t, { b: 2 }, null, { a: 3 }, undefined); return [t, r === t]; }
export function objectHas() { const o = { a: undefined }; return [Object.hasOwn(o, "a"), Object.hasOwn(o, "b"), o.hasOwnProperty("a"), o.hasOwnProperty("toString"), "toString" in o, Object.hasOwn([1], 0)]; }
export function objectIs() { return [Object.is(NaN, NaN), Object.is(0, -0), Object.is("a", "a"), Object.is({}, {})]; }
export function objectEmpty() { return [Object.keys({}).length === 0, JSON.stringify({}) === "{}", Object.entries({ a: 1 }).length]; }
export function objectSealed() { const o = Object.seal({ a: 1 }); o.a = 2; return [o, Object.isSealed(o)]; }
export function objectSortKeys() { const o = { c: 1, a: 2, b: 3 }; return Object.fromEntries(Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1))); }
export function objectPick() { const pick = (o, ...ks) => Object.fromEntries(ks.filter((k) => k in o).map((k) => [k, o[k]])); return pick({ a: 1, b: 2, c: 3 }, "a", "c", "z"); }
export function objectOmit() { const { a, ...rest } = { a: 1, b: 2 }; return rest; }
export function objectInvert() { return Object.entries({ a: "x", b: "y" }).reduce((o, [k, v]) => { o[v] = k; return o; }, {}); }
export function objectDynamic() { const o = {}; for (const k of ["x", "y"]) o[k] = k.toUpperCase(); o["a-b"] = 1; o[1] = 2; return [o, o["x"], o["1"], o[1]]; }
export function objectNested() { const o = { a: { b: [1, { c: 2 }] } }; o.a.b[1].c += 1; o["a"]["d"] = 4; return o; }
export function objectDefaults() { const f = (options = {}) => ({ retries: 3, ...options }); return [f(), f({ retries: 1, x: 2 }), f({ retries: undefined })]; }
export function objectCompare() { return JSON.stringify({ a: 1, b: 2 }) === JSON.stringify({ b: 2, a: 1 }); }
export function prototypeNames() { const o = {}; return [o.constructor === Object, typeof o.toString, o["hasOwnProperty"] !== undefined, o.missing]; }
export function mapBasics() { const m = new Map(); m.set("a", 1).set("b", 2).set("a", 3); return [m.get("a"), m.get("z"), m.has("b"), m.size, m.delete("b"), m.delete("b"), m.size, [...m], m]; }
export function mapKeys() { const k = {}; const m = new Map([[k, "o"], [1, "n"], ["1", "t"], [NaN, "nan"], [null, "nil"], [undefined, "un"], [true, "b"]]); return [m.get(k), m.get({}), m.get(1), m.get("1"), m.get(NaN), m.get(null), m.get(undefined), m.get(true), m.size]; }
export function mapViews() { const m = new Map([["x", 1], ["y", 2]]); return [[...m.keys()], [...m.values()], [...m.entries()], Array.from(m, ([k, v]) => k + v), Object.fromEntries(m), [...m].map(([k]) => k)]; }
export function mapOrder() { const m = new Map([["a", 1], ["b", 2]]); m.set("a", 5); m.delete("b"); m.set("b", 6); m.delete("a"); m.set("a", 7); return [...m]; }
export function mapForEach() { const out = []; new Map([["a", 1]]).forEach((v, k, m) => out.push(v, k, m.size)); return out; }
export function mapUndefinedValues() { const m = new Map([["a", undefined]]); return [m.has("a"), m.get("a"), m.size]; }
export function mapOfMaps() { const m = new Map(); const add = (a, b) => { if (!m.has(a)) m.set(a, new Set()); m.get(a).add(b); }; add("x", 1); add("x", 2); add("y", 1); return [...m].map(([k, s]) => [k, [...s]]); }
export function mapSizeAfterClear() { const m = new Map([["a", 1]]); m.clear(); return [m.size, m.get("a"), [...m]]; }
export function mapFirst() { const m = new Map([["a", 1], ["b", 2]]); return [m.keys().next().value, [...m.values()][0], m.entries().next().value]; }
export function mapCopy() { const a = new Map([["k", [1]]]); const b = new Map(a); b.set("z", 1); b.get("k").push(2); return [a, b]; }
export function mapSort() { return [...new Map([["b", 1], ["a", 2]])].sort(([a], [b]) => a.localeCompare(b)); }
export function mapLru() { const m = new Map(); const put = (k) => { m.delete(k); m.set(k, 1); if (m.size > 2) m.delete(m.keys().next().value); }; ["a", "b", "a", "c"].forEach(put); return [...m.keys()]; }
export function setBasics() { const s = new Set([1, 2, 2, "2"]); return [s.size, s.has(2), s.has("3"), s.add(3) === s, s.delete(1), s.delete(9), [...s]]; }
export function setAlgebra() { const a = new Set([1, 2, 3]), b = new Set([2, 3, 4]); return [[...a.union(b)], [...a.intersection(b)], [...a.difference(b)], a.isSubsetOf(b), [...a].filter((x) => b.has(x)), [...a.symmetricDifference(b)]]; }
export function setViews() { const s = new Set(["a", "b"]); return [[...s.keys()], [...s.values()], [...s.entries()], Array.from(s).join()]; }
export function setOfText() { return [new Set("hello").size, [...new Set("aab")]]; }
export function setObjects() { const o = {}; const s = new Set([o, o, {}]); return [s.size, s.has(o), s.has({})]; }
export function weakCollections() { const k = {}; const m = new WeakMap([[k, 1]]); const s = new WeakSet([k]); return [m.get(k), m.has({}), m.delete(k), m.has(k), s.has(k)]; }
export function nanAndZero() { const s = new Set([NaN, NaN, 0, -0]); return s.size; }
export function stackAndQueue() { const s = [], q = []; s.push(1); s.push(2); q.push(1); q.push(2); return [s.pop(), q.shift(), s, q]; }
export function deepCopy() { const a = { x: { y: [1] }, d: new Map([["k", { v: 1 }]]) }; const b = structuredClone(a); b.x.y.push(2); b.d.get("k").v = 9; return [a, b]; }
export function deepCopyByJson() { const a = { x: { y: [1] } }; const b = JSON.parse(JSON.stringify(a)); b.x.y.push(2); return [a, b]; }
export function cloneOfFunction() { try { return structuredClone({ f() {} }); } catch (e) { return e.name; } }
export function shallowClone() { const a = [[1]]; const b = [...a], c = a.slice(), d = Array.from(a); a[0].push(2); a.push(3); return [b, c, d]; }
export function searchesObjects() { return [people.find((p) => p.age > 26)?.n, people.find((p) => p.age > 99)?.n, people.findIndex((p) => p.n === "c"), people.filter((p) => p.age === 30).length, people.some((p) => p.n === "z")]; }
export function sumsOfObjects() { return [people.reduce((s, p) => s + p.age, 0), Math.max(...people.map((p) => p.age)), people.map(({ n }) => n).join("")]; }
export function optionalMethods() { const h = { a: (x) => x + 1 }; return ["a", "b"].map((k) => h[k]?.(1) ?? "none"); }
export function dispatchTable() { const on = { add: (s, x) => [...s, x], clear: () => [] }; return [["add", 1], ["add", 2], ["clear"], ["add", 3]].reduce((s, [k, x]) => on[k](s, x), []); }
export function recursionOverTree() { const t = { v: 1, c: [{ v: 2, c: [{ v: 3, c: [] }] }] }; const sum = (n) => n.v + n.c.reduce((s, x) => s + sum(x), 0); return sum({ v: 5, c: [{ v: 1, c: [] }] }) + sum(t.c[0]); }
export function holes() { const l = [1, , 3]; return [l.length, l[1], 1 in l, l.indexOf(undefined), l.includes(undefined)]; }
export function comparatorBooleans() { return [3, 1, 2].sort((a, b) => (a > b ? 1 : -1)); }
export function nestedSpreadUpdate() { const s = { a: { b: 1, c: 2 }, l: [{ id: 1 }, { id: 2 }] }; const t = { ...s, a: { ...s.a, b: 9 }, l: s.l.map((x) => (x.id === 2 ? { ...x, on: true } : x)) }; return [s, t]; }
