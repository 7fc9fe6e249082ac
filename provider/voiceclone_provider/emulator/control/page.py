"""The web page: its files, and what its script has to know of vendors, faults, switches and words."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from aiohttp import web

from ..core.faults import KINDS
from ..core.switches import Choice
from ..core.world import World
from ..registry import VENDORS

PAGES = ("/", "/_emulator", "/_emulator/")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


async def show(_: web.Request) -> web.StreamResponse:
    headers = {"Content-Security-Policy": _POLICY}
    return web.Response(text=_file("page.html"), content_type="text/html", headers=headers)


def _served(name: str, content_type: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(_: web.Request) -> web.StreamResponse:
        return web.Response(text=_file(name), content_type=content_type)

    return serve


FILES = {
    "page.js": _served("page.js", "text/javascript"),
    "page.css": _served("page.css", "text/css"),
}


def table(world: World) -> dict[str, Any]:
    """`texts` by language; the vendors in order; the faults' kinds; each switch's default and choices."""
    return {
        "texts": json.loads(_file("texts.json")),
        "vendors": [
            {
                "key": vendor.key,
                "title": vendor.title,
                "slots": bool(vendor.slots_at_start),
                "sells": vendor.sells,
                "services": vendor.services,
            }
            for vendor in VENDORS.values()
        ],
        "kinds": sorted(KINDS),
        "switches": {
            name: {"default": value, "words": value.words if isinstance(value, Choice) else None}
            for name, value in world.switches.defaults().items()
        },
    }


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
