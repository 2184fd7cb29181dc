"""The Python side of host.mjs: which classes a module exports, and a call with the SDK's own conversions."""

import inspect

import workers
from pyodide.code import relaxed_call
from pyodide.ffi import to_js


def entrypoints(module):
    """The exported classes by name, with the SDK's class that they extend."""
    names = getattr(module, "__all__", [name for name in dir(module) if not name.startswith("_")])
    found = {}
    for name in names:
        value = getattr(module, name)
        for kind in ("DurableObject", "WorkerEntrypoint"):
            base = getattr(workers, kind)
            if inspect.isclass(value) and issubclass(value, base) and value is not base:
                found[value.__name__] = kind
    return to_js(found)


async def call(instance, method, *args):
    converted = [workers.python_from_rpc(arg) for arg in args]
    function = getattr(instance, method)
    result = relaxed_call(function, *converted) if method == "fetch" else function(*converted)
    if inspect.isawaitable(result):
        result = await result
    return workers.python_to_rpc(result)
