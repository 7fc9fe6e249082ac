"""Pulumi's protocol buffers, without the rest of its SDK where that can be spared.

`import pulumi.runtime.proto` first runs `pulumi/__init__.py`, which loads the whole program-side SDK
(0.2 s, paid several times in every command). The generated modules import each other relatively, so
they can be loaded from the very same files as a package of our own. Where `pulumi` is loaded already, or
ever lays its files out differently, the ordinary import is used.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

_ALIAS = f"{__name__}_files"


def _folder() -> str | None:
    spec = importlib.util.find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        return None
    return f"{next(iter(spec.submodule_search_locations))}/runtime/proto"


def _package() -> str:
    """The name of the package that holds the generated modules."""
    if "pulumi" not in sys.modules and (folder := _folder()) is not None:
        package = ModuleType(_ALIAS)
        package.__path__ = [folder]
        sys.modules[_ALIAS] = package
        try:
            importlib.import_module(f"{_ALIAS}.provider_pb2")
        except ImportError:
            del sys.modules[_ALIAS]
        else:
            return _ALIAS
    return "pulumi.runtime.proto"


if TYPE_CHECKING:
    from pulumi.runtime.proto import (
        engine_pb2,
        engine_pb2_grpc,
        plugin_pb2,
        provider_pb2,
        provider_pb2_grpc,
        status_pb2,
    )

else:
    _name = _package()
    engine_pb2: Any = importlib.import_module(f"{_name}.engine_pb2")
    engine_pb2_grpc: Any = importlib.import_module(f"{_name}.engine_pb2_grpc")
    plugin_pb2: Any = importlib.import_module(f"{_name}.plugin_pb2")
    provider_pb2: Any = importlib.import_module(f"{_name}.provider_pb2")
    provider_pb2_grpc: Any = importlib.import_module(f"{_name}.provider_pb2_grpc")
    status_pb2: Any = importlib.import_module(f"{_name}.status_pb2")

__all__ = [
    "engine_pb2",
    "engine_pb2_grpc",
    "plugin_pb2",
    "provider_pb2",
    "provider_pb2_grpc",
    "status_pb2",
]
