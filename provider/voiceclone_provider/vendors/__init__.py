"""The vendors, a folder each, and the seam between them and the lifecycle (`base`, `facts`, `models`).

A new one is a folder here, one in the emulator, and a line in each registry. Imports `core`.
"""

from __future__ import annotations

from typing import Any

from .base import Vendor
from .coze import Coze
from .kling import Kling
from .qiniu import Qiniu
from .volcengine import Volcengine

_ALL: tuple[type[Vendor[Any]], ...] = (Volcengine, Coze, Qiniu, Kling)

VENDORS: dict[str, type[Vendor[Any]]] = {vendor.facts.key: vendor for vendor in _ALL}
