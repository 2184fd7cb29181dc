// Reads paths of configurations from standard input, one a line, and prints what wrangler's own reader makes of
// each: a line of JSON with its errors and warnings. Usage: node read_configs.mjs <node_modules>
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(process.argv[2] + "/x.js");
const wrangler = require("wrangler");
let warnings = "";
console.warn = console.error = console.log = (...parts) => (warnings += parts.join(" ") + "\n");

for await (const line of createInterface({ input: process.stdin })) {
  const [path, env] = line.split("\t");
  warnings = "";
  let errors = "";
  try {
    const config = wrangler.unstable_readConfig({ config: path, env: env || undefined });
    wrangler.unstable_getDurableObjectClassNameToUseSQLiteMap(config.migrations);
  } catch (error) {
    errors = String(error.message);
  }
  process.stdout.write(JSON.stringify({ errors, warnings }) + "\n");
}
