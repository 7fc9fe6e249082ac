"""The web page: voices, states, quotas, the latest requests; play, fail or delete by a click."""

from __future__ import annotations

import json
from importlib.resources import files

from aiohttp import web

from ..registry import SLOT_VENDORS, VENDORS, titles

_VALUES = {
    "{{vendors}}": titles([*VENDORS.values()]),
    "{{slot vendors}}": titles(SLOT_VENDORS),
    "{{keys}}": json.dumps([*VENDORS]),
}


async def show(_: web.Request) -> web.StreamResponse:
    text = files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    for mark, value in _VALUES.items():
        text = text.replace(mark, value)
    return web.Response(text=text, content_type="text/html")
