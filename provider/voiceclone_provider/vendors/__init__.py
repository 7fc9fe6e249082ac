"""The vendors, a folder each, and the seam between them and the lifecycle (`base`, `facts`, `models`).

A new one is a folder here, one in the emulator, and a line in each registry. Imports `core`.
"""

from __future__ import annotations

from typing import Any

from .base import Vendor

# isort: off
# One line a vendor. The order is that of schema.json.
from .volcengine import Volcengine as Volcengine
from .coze import Coze as Coze
from .qiniu import Qiniu as Qiniu
from .kling import Kling as Kling
# isort: on

VENDORS: dict[str, type[Vendor[Any]]] = {vendor.facts.key: vendor for vendor in Vendor.__subclasses__()}
"""Every vendor that is imported above."""
