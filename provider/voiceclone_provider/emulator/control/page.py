"""The web page: voices, states, quotas, the latest requests; play, fail or delete by a click."""

from __future__ import annotations

from importlib.resources import files

from aiohttp import web


async def show(_: web.Request) -> web.StreamResponse:
    text = files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    return web.Response(text=text, content_type="text/html")
