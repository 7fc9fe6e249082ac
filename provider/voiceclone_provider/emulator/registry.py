"""The vendors of the emulator. A new one is a folder with its class, and a line here."""

from __future__ import annotations

from .core.switches import defaults
from .core.vendor import EmulatedVendor

# isort: off
# One line a vendor. The order is that of the page and of the switches.
from .volcengine.vendor import Volcengine as Volcengine
from .coze.vendor import Coze as Coze
from .qiniu.vendor import Qiniu as Qiniu
from .kling.vendor import Kling as Kling
# isort: on

_ALL = tuple(vendor() for vendor in EmulatedVendor.__subclasses__())

VENDORS = {vendor.key: vendor for vendor in _ALL}
SLOT_VENDORS = [vendor for vendor in _ALL if vendor.slots_at_start]
SWITCHES = defaults({vendor.key: vendor.switches for vendor in _ALL})


def titles(vendors: list[EmulatedVendor]) -> str:
    *first, last = [vendor.title for vendor in vendors]
    return f"{', '.join(first)} and {last}" if first else last
