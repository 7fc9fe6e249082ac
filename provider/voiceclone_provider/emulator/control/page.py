"""The web page: voices, states, quotas, the latest requests; play, fail or delete by a click."""

from __future__ import annotations

from importlib.resources import files

from aiohttp import web

from ..registry import SLOT_VENDORS, VENDORS, titles

PAGES = ("/", "/_emulator", "/_emulator/")

_VALUES = {
    "{{vendors}}": titles([*VENDORS.values()]),
    "{{slot vendors}}": titles(SLOT_VENDORS),
    "{{keys}}": " ".join(VENDORS),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


async def show(_: web.Request) -> web.StreamResponse:
    text = _file("page.html")
    for mark, value in _VALUES.items():
        text = text.replace(mark, value)
    return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": _POLICY})


async def script(_: web.Request) -> web.StreamResponse:
    return web.Response(text=_file("page.js"), content_type="text/javascript")


async def style(_: web.Request) -> web.StreamResponse:
    return web.Response(text=_file("page.css"), content_type="text/css")


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
