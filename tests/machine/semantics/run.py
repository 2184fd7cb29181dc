"""Says what each function of a module gives, in the words of tests/machine/semantics.py."""

import asyncio
import collections
import enum
import importlib.util
import inspect
import json
import math
import sys


def told(value, seen=()):
    if value is None or (isinstance(value, (bool, str)) and not isinstance(value, enum.Enum)):
        return value
    if isinstance(value, enum.Enum):
        return {"enum": value.name}
    if isinstance(value, (int, float)):
        return value if math.isfinite(value) else {"number": str(value)}
    if any(value is one for one in seen):
        return {"cycle": True}
    inner = (*seen, value)
    if isinstance(value, (list, collections.deque)):
        return [told(item, inner) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [told(item, inner) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted((told(item, inner) for item in value), key=repr)}
    if isinstance(value, dict):
        return {"map": [told(item, inner) for pair in value.items() for item in pair]}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": list(value)}
    if isinstance(value, BaseException):
        return {"error": f"{type(value).__name__}: {value}"}
    if callable(value):
        return {"function": True}
    return {"object": [[key, told(held, inner)] for key, held in vars(value).items()]}


specification = importlib.util.spec_from_file_location("cases", sys.argv[1])
module = importlib.util.module_from_spec(specification)
sys.modules["cases"] = module
specification.loader.exec_module(module)
found = {}
for name in sys.argv[2:]:
    try:
        given = getattr(module, name)()
        found[name] = told(asyncio.run(given) if inspect.iscoroutine(given) else given)
    except Exception as error:
        found[name] = {"throws": f"{type(error).__name__}: {error}" if str(error) else type(error).__name__}
print(json.dumps(found))
