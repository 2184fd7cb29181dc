// A Python Worker on real workerd without the Pyodide bundle that workerd would download: npm's Pyodide of the
// same version, the real SDK, and the runtime's own objects on the JavaScript side. Only the step between is
// written here: which class a handler belongs to, and how its arguments and its result are handed over. It does
// what workerd 1.20261117.1 was seen to do with its own bundle.
import * as workers from "cloudflare:workers";
import { started } from "./shim.mjs";
import createPyodideModule from "./pyodide.asm.mjs";
import { loadPyodide, version } from "./pyodide.mjs";
import project from "project.json";

const DIRECT = ["alarm", "webSocketMessage", "webSocketClose", "webSocketError"];

const pyodide = await loadPyodide({
  indexURL: "file:///pyodide/",
  createPyodideModule,
  lockFileContents: { info: { ...project.lock, version }, packages: {} },
  env: { HOME: "/session", PYTHONDONTWRITEBYTECODE: "1" },
});
for (const [path, text] of Object.entries(project.files)) {
  pyodide.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
  pyodide.FS.writeFile(path, text);
}
pyodide.registerJsModule("_cloudflare_compat_flags", {});
pyodide.registerJsModule("_pyodide_entrypoint_helper", {
  cloudflareWorkersModule: workers,
  doAnImport: (name) => import(name),
  patchWaitUntil() {},
});
pyodide.pyimport("importlib").invalidate_caches();
const calls = pyodide.pyimport("_host_calls");
const main = pyodide.pyimport(project.main);
const found = calls.entrypoints(main);
started();

/** The class that workerd sees for a class of the Python module, or undefined when it would see none. */
export function entrypoint(name) {
  const kind = Object.hasOwn(found, name) ? found[name] : undefined;
  if (!kind) return undefined;
  return class extends workers[kind] {
    constructor(...args) {
      super(...args);
      const made = Promise.resolve(main[name].callWithOptions({ promising: true }, ...args));
      made.catch(() => {}); // reported by whichever handler awaits it
      return new Proxy(this, { get: (_, method) => (typeof method === "string" ? handler(made, method) : undefined) });
    }
  };

  function handler(made, method) {
    return async (...args) => {
      const instance = await made;
      if (typeof instance[method] !== "function") throw new TypeError(`Method ${method} does not exist`);
      if (kind === "DurableObject" && DIRECT.includes(method)) {
        return await instance[method].callWithOptions({ relaxed: true, promising: true }, ...args);
      }
      return await calls.call.callWithOptions({ promising: true }, instance, method, ...args);
    };
  }
}
