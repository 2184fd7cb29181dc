// Says what each exported function of a module gives, in the words of tests/machine/semantics.py.
const told = (value, seen = []) => {
  if (value === undefined) return { undefined: true };
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (typeof value === "bigint") return { bigint: String(value) };
  if (typeof value === "function") return { function: true };
  if (typeof value === "symbol") return { symbol: true };
  if (value === null || typeof value !== "object") return value;
  if (seen.includes(value)) return { cycle: true };
  const inner = [...seen, value];
  const list = (items) => Array.from(items, (item) => told(item, inner));
  if (Array.isArray(value)) return list(value);
  if (value instanceof Error) return { error: `${value.name}: ${value.message}` };
  if (value instanceof Map) return { map: list([...value].flat()) };
  if (value instanceof Set) return { set: list(value) };
  if (ArrayBuffer.isView(value) && "length" in value) return { bytes: list(value) };
  if (value instanceof Date) return { date: value.getTime() };
  return { object: Object.keys(value).map((key) => [key, told(value[key], inner)]) };
};

const module = await import(process.argv[2]);
const found = {};
for (const name of process.argv.slice(3)) {
  try {
    found[name] = told(await module[name]());
  } catch (error) {
    found[name] = { throws: error instanceof Error ? `${error.name}: ${error.message}` : told(error) };
  }
}
process.stdout.write(JSON.stringify(found), () => process.exit(0));
