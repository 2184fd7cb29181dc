"""The grammars of tree-sitter, loaded when the first file needs one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tree_sitter import Language


@cache
def grammar(package: str, name: str = "language") -> Language:
    """A grammar of an installed package."""
    from tree_sitter import Language

    return Language(getattr(_binding(package), name)())


@cache
def _binding(package: str) -> Any:
    """The package's extension alone: importing the whole package takes as long as parsing a dozen files, for
    `importlib.resources`, which only its queries need."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    whole = PathFinder.find_spec(package)
    places = whole.submodule_search_locations if whole is not None else None
    spec = PathFinder.find_spec(f"{package}._binding", places) if places else None
    if spec is None or spec.loader is None:
        from importlib import import_module

        return import_module(package)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
