"""The vendors. A new one is a module here, one in the emulator, and a line in this registry."""

from __future__ import annotations

from typing import Any

from .base import Vendor
from .coze.client import Coze
from .kling.client import Kling
from .qiniu.client import Qiniu
from .volcengine.client import Volcengine

_ALL: tuple[type[Vendor[Any]], ...] = (Volcengine, Coze, Qiniu, Kling)

VENDORS: dict[str, type[Vendor[Any]]] = {vendor.facts.key: vendor for vendor in _ALL}
