"""What a web page beside the emulator must not do: a browser carries any page's requests here.

Two rules, kept before a request is read, recorded or meets a fault:

- It names this machine as its host. A page whose own name was made to lead here (DNS rebinding) names itself.
- No browser sent it for a page of another origin. The vendors' clients are no browsers: they send neither
  `Origin` nor `Sec-Fetch-Site`.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web

from .control.page import PAGES
from .control.preview import PREVIEWS

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::[0-9]*)?", re.IGNORECASE)

_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For whatever is opened as a page of its own: nothing in it is run, and it is nobody's origin."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guard:
    """Answers for this machine's loopback names, and for the host that the emulator was told to listen on."""

    def __init__(self, host: str, address: str) -> None:
        self._names = {host.lower()}
        self._addresses = {address}
        self._everywhere = ip_address(address).is_unspecified
        if self._everywhere:
            self._names.add(socket.gethostname().lower())

    def knows(self, host: str) -> bool:
        """Whether a `Host` header is one of these.

        Where it listens on every address, any will do (an address cannot be rebound), and the machine's name.
        """
        if (found := _HOST.fullmatch(host)) is None:
            return False
        name = (found[1] or found[2]).lower()
        if name == "localhost" or name.endswith(".localhost") or name in self._names:
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or self._everywhere or str(address) in self._addresses

    def refusal(self, request: web.Request) -> str | None:
        hosts = request.headers.getall("Host", [])
        if len(hosts) != 1 or not self.knows(hosts[0]):
            return "the Host header does not name this machine; see --host"
        if _foreign(request) and not _open(request):
            return "a web page of another origin has no business here"
        return None


def _foreign(request: web.Request) -> bool:
    """Whether a browser sent it for a page of another origin: another port is one, and so is `null`."""
    own = f"{request.scheme}://{request.host}".lower()
    if any(origin.lower() != own for origin in request.headers.getall("Origin", [])):
        return True
    return request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")


def _open(request: web.Request) -> bool:
    """What other pages may do: link to the emulator's page, and play a preview, whose URL is signed."""
    if request.method != "GET":
        return False
    if request.path in PAGES and not request.query_string:
        return request.headers.get("Sec-Fetch-Dest") == "document"
    resource = request.match_info.route.resource
    return resource is not None and resource.canonical == PREVIEWS


def install(app: web.Application, guard: Guard) -> None:
    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if reason := guard.refusal(request):
            return web.json_response({"error": reason}, status=403)
        return await handler(request)

    async def protect(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Content-Security-Policy", _POLICY)

    app.middlewares.append(guarded)
    app.on_response_prepare.append(protect)
