"""The vendors of the emulator. A new one is a folder or a module with its class, and a line here."""

from __future__ import annotations

from .core.switches import defaults
from .core.vendor import EmulatedVendor
from .coze.vendor import Coze
from .kling.vendor import Kling
from .qiniu.vendor import Qiniu
from .volcengine.vendor import Volcengine

_ALL: tuple[EmulatedVendor, ...] = (Volcengine(), Coze(), Qiniu(), Kling())

VENDORS = {vendor.key: vendor for vendor in _ALL}
SLOT_VENDORS = [vendor for vendor in _ALL if vendor.slots_at_start]
SWITCHES = defaults({vendor.key: vendor.switches for vendor in _ALL})


def titles(vendors: list[EmulatedVendor]) -> str:
    *first, last = [vendor.title for vendor in vendors]
    return f"{', '.join(first)} and {last}" if first else last
