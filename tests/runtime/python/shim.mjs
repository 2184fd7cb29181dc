// What npm's Pyodide needs to start at the top level of a Worker: there, workerd compiles no wasm, fetches
// nothing, has no timers and no randomness. After `started()` everything is the runtime's own again, but for
// the compiler (Pyodide makes small wasm modules as it goes).
import { env } from "cloudflare:workers";
import wasm from "pyodide.asm.wasm";
import stdlib from "python_stdlib.zip";

const compile = (bytes) => env.UNSAFE_EVAL.newWasmModule(bytes);
const instantiate = (module, imports) => ({ module, instance: new WebAssembly.Instance(module, imports) });
const { Module } = WebAssembly;
const own = {
  fetch: globalThis.fetch,
  setTimeout: globalThis.setTimeout,
  addEventListener: globalThis.addEventListener,
};
const getRandomValues = crypto.getRandomValues;

WebAssembly.Module = function (bytes) {
  return compile(bytes);
};
WebAssembly.Module.prototype = Module.prototype;
WebAssembly.Module.customSections = Module.customSections;
WebAssembly.compile = async (bytes) => compile(bytes);
WebAssembly.instantiateStreaming = async (_, imports) => instantiate(wasm, imports);
WebAssembly.instantiate = async (what, imports) =>
  what instanceof Module ? new WebAssembly.Instance(what, imports) : instantiate(compile(what), imports);

globalThis.location ??= "file:///pyodide/";
globalThis.setImmediate ??= (callback, ...rest) => globalThis.setTimeout(callback, 0, ...rest);
globalThis.setTimeout = (callback, _, ...rest) => void queueMicrotask(() => callback(...rest));
globalThis.addEventListener = () => {};
globalThis.fetch = async (url) => ({ ok: true, arrayBuffer: async () => (`${url}`.endsWith(".zip") ? stdlib : null) });
crypto.getRandomValues = (view) => view.fill(7);

export function started() {
  Object.assign(globalThis, own);
  crypto.getRandomValues = getRandomValues;
}
