// Texts, templates, regular expressions, JSON, numbers.
export function cases() { return ["aB".toUpperCase(), "aB".toLowerCase(), "ß".toUpperCase(), "a".localeCompare("b"), "a".localeCompare("a"), "b".localeCompare("a")]; }
export function trims() { return [" a ".trim(), " a ".trimStart(), " a ".trimEnd(), "\n\ta\u00a0".trim(), "xax".trim()]; }
export function cuts() { const t = "abcdef"; return [t.slice(1, 3), t.slice(-2), t.slice(2), t.slice(3, 1), t.slice(0, -1), t.substring(3, 1), t.substring(-1, 2), t.substr(1, 2), t.substr(-2), t.slice(), t.slice(NaN, 2), t.slice(-99, 2), t.substring(2)]; }
export function finds() { const t = "a-b-c"; return [t.indexOf("-"), t.lastIndexOf("-"), t.indexOf("z"), t.indexOf("-", 2), t.includes("b-"), t.includes("a", 1), t.startsWith("a"), t.startsWith("b", 2), t.endsWith("c"), t.endsWith("a", 1), t.search(/b/), t.indexOf("")]; }
export function characters() { return ["abc".charAt(1), "abc".charAt(9), "abc"[1], "abc"[9], "abc"[-1], "abc".at(-1), "abc".charCodeAt(0), "abc".charCodeAt(9), "😀".length, "😀".codePointAt(0), "😀".charCodeAt(0), [..."😀a"].length, String.fromCharCode(65, 66), String.fromCodePoint(128512), "a".codePointAt(5)]; }
export function splits() { return ["a,b,,c".split(","), "abc".split(""), "abc".split(), "".split(","), "".split(""), "a,b,c".split(",", 2), "a1b2".split(/\d/), "a1b2".split(/(\d)/), " a  b ".split(/\s+/), "a|b".split("|"), "/ws/room".split("/")]; }
export function splitDestructured() { const [, kind, id = "none"] = "/ws".split("/"); return [kind, id]; }
export function replaces() { return ["aaa".replace("a", "b"), "aaa".replaceAll("a", "b"), "aaa".replace(/a/g, "b"), "a.b.c".replaceAll(".", "/"), "abc".replace("z", "y"), "abc".replace("b", "[$&]"), "john smith".replace(/(\w+) (\w+)/, "$2 $1"), "x".replace("x", "$$"), "a-b".replace(/(?<l>\w)-(?<r>\w)/, "$<r>-$<l>")]; }
export function replacesWithFunction() { return ["a1b2".replace(/\d/g, (d) => d * 2), "abc".replace("b", (m, at, all) => `${m}${at}${all}`), "k=v".replace(/(\w)=(\w)/, (m, k, v) => v + k), "a-b-c".replace(/-(.)/g, (_, c) => c.toUpperCase()), "aa".replaceAll("a", () => "x")]; }
export function pads() { return ["5".padStart(3, "0"), "5".padEnd(3), "abc".padStart(2), "x".padStart(5, "ab"), "ab".repeat(3), "".repeat(5), "a".repeat(0)]; }
export function concats() { return ["a".concat("b", 1, null), "a" + "b", `${"a"}${1}`, ["a", "b"].join("")]; }
export function escapes() { return ["\n\t\\\"'\u0041\x42\u{43}\0", '\'', `\``, "a\
b"]; }
export function templates() { const a = 1; return [`${a + 1}`, `${`in${a}`}`, `${[1, 2]}`, `${{}}`, `${null} ${undefined} ${true}`, `a
b`, `\${}`, `${() => 1}`.length > 0]; }
export function tags() { const tag = (parts, ...values) => [parts.length, [...parts], values]; return tag`a${1}b${2}`; }
export function tagRaw() { const tag = (parts) => [parts.raw[0], parts[0]]; return [tag`a\nb`, String.raw`a\n${1}`]; }
export function tagSql() { const sql = (parts, ...v) => ({ text: parts.join("?"), v }); return sql`select ${1} from ${"t"}`; }
export function textComparisons() { return ["a" < "b", "a" < "B", "Z" < "a", "10" < "2", "abc" < "abd", "" < "a", "a" === "a"]; }
export function textIteration() { return [[..."ab"], Array.from("ab", (c) => c + c), "ab".split("").reverse().join(""), Object.keys("ab"), [..."aab"].filter((c) => c === "a").length]; }
export function textIsImmutable() { const t = "abc"; try { t[0] = "z"; } catch (e) { return e.name; } return t; }
export function textLength() { return ["".length, "ab".length, "\n".length, "é".length, "e\u0301".normalize("NFC").length]; }
export function textConversions() { return [String(12.5), String(-0), (255).toString(16), (255).toString(2), (0.5).toString(), (1e21).toString(), (1e-7).toString(), (123456789012345680000).toString(), String(0.1 + 0.2), (35).toString(36), String(1e15), String(123.0)]; }
export function uriParts() { return [encodeURIComponent("a b&c/é"), decodeURIComponent("a%20b%C3%A9"), encodeURI("a b/c?d=é"), decodeURI("a%20b%2F")]; }
export function uriBad() { return decodeURIComponent("%"); }
export function base64() { return [btoa("hello"), atob("aGVsbG8="), btoa(""), atob(btoa("a:b"))]; }
export function base64Bad() { try { return atob("***"); } catch (e) { return e.name; } }
export function wellFormed() { return ["ab".isWellFormed(), "ab".toWellFormed()]; }
export function regexTest() { return [/a/.test("cat"), /^a/.test("cat"), /A/i.test("cat"), /^\d{3}$/.test("123"), /^\d{3}$/.test("1234"), /^[a-z0-9_-]{1,8}$/.test("room_1"), /\bfoo\b/.test("a foo b"), /a.c/.test("a\nc"), /a.c/s.test("a\nc"), /^b/m.test("a\nb")]; }
export function regexExec() { const m = /(\d+)-(\w+)/.exec("x 12-ab y"); return [m[0], m[1], m[2], m.index, m.length, m.input, /z/.exec("a")]; }
export function regexGroups() { const { groups: { y, m }, index } = /(?<y>\d{4})-(?<m>\d\d)/.exec("on 2024-05"); return [y, m, index]; }
export function regexOptionalGroup() { const m = "ab".match(/a(x)?b(?<n>y)?/); return [m[1], m.groups.n, m.length]; }
export function regexMatch() { return ["a1b22".match(/\d+/g), "abc".match(/\d/g), "abc".match(/\d/), "abc".match(/b/)[0], "abc".match("c")?.index, "/ws/AB12".match(/^\/ws\/([A-Z0-9]+)$/)?.[1]]; }
export function regexMatchAll() { return [[..."a1b2".matchAll(/([a-z])(\d)/g)].map((m) => [m[1], m[2], m.index]), Array.from("k=v;l=w".matchAll(/(?<k>\w)=(?<v>\w)/g), (m) => m.groups.k + m.groups.v)]; }
export function regexMatchAllNeedsGlobal() { return [..."ab".matchAll(/a/)].length; }
export function regexGlobalState() { const r = /a/g; return [r.test("aa"), r.lastIndex, r.test("aa"), r.test("aa"), r.lastIndex]; }
export function regexExecLoop() { const r = /\d/g; const out = []; let m; while ((m = r.exec("1a2b3")) !== null) out.push(m[0] + m.index); return out; }
export function regexSticky() { const r = /a/y; return [r.test("ba"), r.lastIndex, r.test("ab"), r.lastIndex]; }
export function regexProperties() { const r = /a\/b/gi; return [r.source, r.flags, r.global, r.ignoreCase, String(r), new RegExp("x+", "m").flags]; }
export function regexBuilt() { const word = "a.b"; const r = new RegExp(`^${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`); return [r.test("a.b"), r.test("axb"), new RegExp("\\d+").test("a1"), new RegExp(/a/g, "i").flags]; }
export function regexBad() { try { return new RegExp("("); } catch (e) { return e.name; } }
export function regexLookaround() { return [/(?<=\$)\d+/.exec("a $42")[0], /a(?!b)/.test("ab"), /a(?=b)/.exec("ab")[0], "1234567".replace(/\B(?=(\d{3})+$)/g, ",")]; }
export function regexBackreference() { return [/(a)\1/.test("aa"), /(?<q>['"]).*\k<q>/.test(`"x"`), /^(?:a|b)+$/.test("abba")]; }
export function regexUnicode() { return [/\p{L}+/u.exec("héllo!")[0], /^.$/u.test("😀"), /^.$/.test("😀")]; }
export function routes() { const f = (p) => { const m = p.match(/^\/rooms\/([^/]+)(?:\/(\w+))?\/?$/); return m && [m[1], m[2] ?? "index"]; }; return [f("/rooms/a"), f("/rooms/a/ws"), f("/rooms/a/ws/x"), f("/rooms/")]; }
export function jsonTexts() { return [JSON.stringify("a\"b\n"), JSON.stringify(1.50), JSON.stringify(null), JSON.stringify(true), JSON.stringify([1, "a", null]), JSON.stringify({ a: { b: [] } }), JSON.stringify("é😀")]; }
export function jsonUndefined() { return [JSON.stringify(undefined), JSON.stringify({ a: undefined, b: () => 1, c: Symbol("x"), d: NaN, e: Infinity, f: -0 }), JSON.stringify([undefined, () => 1, NaN])]; }
export function jsonReplacer() { return [JSON.stringify({ a: 1, b: 2, c: { a: 3, d: 4 } }, ["a", "c"]), JSON.stringify({ a: 1, b: "x" }, (k, v) => (typeof v === "number" ? v * 2 : v)), JSON.stringify({ a: 1, b: 2 }, (k, v) => (k === "a" ? undefined : v))]; }
export function jsonIndent() { return [JSON.stringify({ a: [1, { b: 2 }], c: {} , d: [] }, null, 2), JSON.stringify([1], null, "\t"), JSON.stringify([], null, 2)]; }
export function jsonSpecials() { return [JSON.stringify(new Map([["a", 1]])), JSON.stringify(new Set([1])), JSON.stringify(new Date(0)), JSON.stringify({ d: new Date(1000) }), JSON.stringify(Object.create({ inherited: 1 })), JSON.stringify(new Error("x"))]; }
export function jsonToJson() { return JSON.stringify({ a: { toJSON() { return "custom"; } }, b: { toJSON: () => undefined } }); }
export function jsonCycle() { const a = {}; a.self = a; try { return JSON.stringify(a); } catch (e) { return e.name; } }
export function jsonBigint() { try { return JSON.stringify({ a: 1n }); } catch (e) { return e.name; } }
export function jsonParses() { return [JSON.parse("1"), JSON.parse('"a"'), JSON.parse("null"), JSON.parse("[1,{\"a\":[]}]"), JSON.parse(' {"a" : true} '), JSON.parse("1e3"), JSON.parse('"\\u0041\\n"'), JSON.parse('{"a":1,"a":2}')]; }
export function jsonReviver() { return JSON.parse('{"a":1,"b":{"c":2}}', (k, v) => (typeof v === "number" ? v + 1 : v)); }
export function jsonBad() { const out = []; for (const t of ["{", "", "{'a':1}", "[1,]", "undefined", "NaN", "01", '{"a":1}x', "tru"]) { try { JSON.parse(t); out.push("ok"); } catch (e) { out.push(e.name); } } return out; }
export function jsonParseOfValues() { return [JSON.parse(null), JSON.parse(5), JSON.parse(true), JSON.parse(["1"])]; }
export function jsonRoundTrip() { const v = { a: [1, "two", null, { b: false }], d: new Date(0), u: undefined }; return JSON.parse(JSON.stringify(v)); }
export function jsonProto() { return Object.keys(JSON.parse('{"__proto__":1,"a":2}')); }
export function jsonNumbersAsKeys() { return JSON.parse('{"b":1,"2":2,"1":3}'); }
export function jsonEnvelope() { const raw = JSON.stringify({ type: "join", data: { id: 7 } }); const { type, data: { id } = {} } = JSON.parse(raw); return [type, id, raw.length]; }
export function numbersParsed() { return [Number("12"), Number(""), Number(" 5 "), Number("5px"), Number(null), Number(undefined), Number(true), Number([]), Number([7]), Number([1, 2]), Number({}), Number("0x1f"), Number("1e3"), Number("-Infinity"), Number("0b11"), Number("."), Number("1_000"), Number("inf"), Number("nan"), Number(), Number(new Date(5))]; }
export function parseInts() { return [parseInt("12px"), parseInt("px"), parseInt("3.9"), parseInt("-7"), parseInt("0x1f"), parseInt("11", 2), parseInt("z", 36), parseInt("08"), parseInt(""), parseInt("  42 "), parseInt(5.99), parseInt(null), parseInt("1e3"), parseInt("9", 8), parseInt("+5"), parseInt("٣")]; }
export function parseFloats() { return [parseFloat("3.14abc"), parseFloat(".5"), parseFloat("abc"), parseFloat("1e2x"), parseFloat("-0.0"), parseFloat("  7"), parseFloat("1.2.3"), parseFloat(""), parseFloat("Infinityx"), parseFloat("1_0")]; }
export function isNaNs() { return [isNaN("a"), isNaN(""), isNaN(undefined), isNaN(null), isNaN("1"), Number.isNaN("a"), Number.isNaN(NaN), isFinite("5"), isFinite(Infinity), Number.isFinite("5"), Number.isFinite(5), isNaN({}), isNaN([])]; }
export function integers() { return [Number.isInteger(5), Number.isInteger(5.0), Number.isInteger(5.5), Number.isInteger("5"), Number.isSafeInteger(2 ** 53), Number.isSafeInteger(2 ** 53 - 1), Number.MAX_SAFE_INTEGER, Number.EPSILON > 0, Number.MAX_VALUE > 1e300, Number.MIN_VALUE > 0]; }
export function toFixeds() { return [(1.005).toFixed(2), (2.5).toFixed(0), (1.45).toFixed(1), (3).toFixed(2), (0).toFixed(), (-1.5).toFixed(0), (1234.5678).toFixed(1), (1e21).toFixed(2), (0.000001).toFixed(3)]; }
export function toPrecisions() { return [(123.456).toPrecision(4), (0.00001).toPrecision(1), (1234.5).toExponential(2)]; }
export function maths() { return [Math.floor(-1.5), Math.ceil(-1.5), Math.round(2.5), Math.round(-2.5), Math.round(0.5), Math.trunc(-1.9), Math.abs(-3), Math.sign(-2), Math.sqrt(16), Math.pow(2, 5), Math.hypot(3, 4), Math.max(1, "3", 2), Math.min(1, NaN), Math.max(), Math.cbrt(27), Math.PI > 3, Math.log2(8), Math.log10(1000), Math.max(...[]), Math.round(1.4999)]; }
export function mathClamp() { const clamp = (x, a, b) => Math.min(Math.max(x, a), b); return [clamp(5, 0, 3), clamp(-1, 0, 3), clamp(2, 0, 3)]; }
export function floats() { return [0.1 + 0.2, 0.1 * 3, 1 / 3, 9007199254740993, 5e-324, 1e308 * 10, 0.1 + 0.2 === 0.3, Math.abs(0.3 - (0.1 + 0.2)) < Number.EPSILON]; }
export function numberLiterals() { return [0xff, 0b101, 0o17, 1_000, .5, 5., 1e3, 0xFFn === 255n]; }
export function numberMembers() { return [(5).toString(), 5..toString(), (5).constructor === Number, Number("5").toString().length, (25).toString(36), (1234.5).toLocaleString === undefined]; }
export function booleans() { return [Boolean(""), Boolean("a"), Boolean(0), Boolean([]), Boolean({}), Boolean(null), !!NaN, true + true, true.toString()]; }
export function dates() { const d = new Date(Date.UTC(2024, 0, 31, 12, 30, 5, 7)); return [d.getTime(), d.toISOString(), d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCDay(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCMilliseconds(), d.toJSON(), +d, d.valueOf()]; }
export function datesParsed() { return [new Date("2024-02-29T00:00:00Z").getTime(), Date.parse("2024-01-01"), new Date("2024-01-01").toISOString(), new Date(0).toISOString().slice(0, 10), isNaN(new Date("nope")), new Date("nope").getTime(), Date.UTC(1970, 0, 1)]; }
export function datesMoved() { const d = new Date(0); d.setUTCDate(d.getUTCDate() + 40); const e = new Date(d.getTime() + 86400000); return [d.toISOString(), e - d, e > d, new Date(d) - d]; }
export function datesBad() { return new Date("nope").toISOString(); }
export function datesNow() { return [typeof Date.now(), Date.now() > 0, new Date() instanceof Date, typeof new Date().getTime()]; }
export function bytes() { const u = new Uint8Array([1, 2, 300]); u[0] = 255; u[9] = 1; return [u.length, u[0], u[2], u[9], [...u], Array.from(u), u.byteLength, u.at(-1), u.indexOf(2)]; }
export function bytesMethods() { const u = new Uint8Array(4); u.set([1, 2], 1); return [[...u], [...u.subarray(1, 3)], [...u.slice(0, 2)], [...u.map((x) => x * 2)], u.includes(2), u.reduce((a, b) => a + b), Array.isArray(u), u.join("-")]; }
export function bytesShared() { const b = new ArrayBuffer(4); const u = new Uint8Array(b); const v = new DataView(b); v.setUint16(0, 258); return [[...u], v.getUint8(1), v.getUint16(0), v.getUint16(0, true), b.byteLength, u.buffer === b]; }
export function bytesOfText() { const e = new TextEncoder(), d = new TextDecoder(); const u = e.encode("é1"); return [[...u], d.decode(u), u.length, d.decode(new Uint8Array([104, 105])), d.decode(e.encode("abc").slice(1)), e.encode("abc").byteLength]; }
export function bytesHex() { return [[...new Uint8Array([0, 15, 255])].map((b) => b.toString(16).padStart(2, "0")).join(""), Uint8Array.from("ab", (c) => c.charCodeAt(0)).length, Uint8Array.from([1, 2])[1], new Uint8Array([1, 2]).toString()]; }
export function bytesInstance() { const b = new ArrayBuffer(2); return [b instanceof ArrayBuffer, new Uint8Array(b) instanceof ArrayBuffer, ArrayBuffer.isView(new Uint8Array(b)), b.slice(1).byteLength, typeof b]; }
export function int32s() { const i = new Int32Array(2); i[0] = 2 ** 31; const f = new Float32Array([0.1]); return [[...i], f[0] === 0.1, new Uint16Array([65536])[0], new Uint8ClampedArray([300])[0], new Int8Array([200])[0]]; }
export function bytesCompared() { const u = new Uint8Array([1, 0]); return [u[0] === 1, u[1] === 1, u[1] ? "yes" : "no", u.length === 2, u[7] === undefined, new ArrayBuffer(0).byteLength ? 1 : 2]; }
export function datesCompared() { const d = new Date(5); return [d.getTime() === 5, d > 4, d.getTime() ? 1 : 2, new Date(0).getTime() ? 1 : 2]; }
export function encoderParts() { return [new TextEncoder().encoding === "utf-8", new TextDecoder().fatal ? 1 : 2, new AbortController().signal.aborted === false, new AbortController().signal.reason === undefined]; }
export function plainMembers() { const b = new Blob(["abc"]); return [b.size === 3, b.type === "", b.nothing === undefined]; }
