"""One origin for all vendors: who a request is for, what it is recorded as, which fault meets it."""

from __future__ import annotations

import sys
import traceback
from typing import Any

from aiohttp import web

from .control.api import routes
from .control.page import show
from .core.faults import Fault
from .core.store import now
from .core.vendor import EmulatedVendor, Route
from .core.wire import Answer, Call, Incoming, RefusedError, UnreadableError
from .core.world import World
from .guard import Guard, install
from .registry import VENDORS
from .replies import hang_up, plain, spoilt, status

_LARGEST_BODY = 64 * 1024 * 1024


class Front:
    def __init__(self, world: World) -> None:
        self.world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        pairs = list(request.query.items())
        vendor = next((one for one in VENDORS.values() if one.owns(request.path, pairs)), None)
        if vendor is not None:
            return await self._handle(vendor, request, pairs)
        if (request.method, request.path) == ("GET", "/"):
            return await show(request)
        return web.json_response({"error": f"no vendor has {request.path}"}, status=404)

    async def _handle(
        self, vendor: EmulatedVendor, request: web.Request, pairs: list[tuple[str, str]]
    ) -> web.StreamResponse:
        arrived = now()
        route, args = _route(vendor, request)
        call = Call(vendor.key, route.action if route else "unknown", bool(route and route.changes))
        incoming = Incoming(
            method=request.method,
            path=request.path,
            raw_path=request.raw_path.partition("?")[0],
            query=pairs,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=b"",
            origin=f"{request.scheme}://{request.host}",
            args=args,
        )
        vendor.classify(call, incoming)
        if refuse := self.world.faults.early(call, request.method, request.path):
            self._record(call, incoming, arrived, 0, None, refuse)
            return hang_up(request)
        unreadable = 0
        try:
            incoming.body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            unreadable = 413
        except web.RequestPayloadError:
            unreadable = 400
        except ConnectionError:  # the client left in the middle of its request
            self._record(call, incoming, arrived, 0, None, None)
            return hang_up(request)
        faults = self.world.faults.take(call, incoming, self._aliases())
        call.lag = max((fault.seconds(3.0) for fault in faults if fault.kind == "stale"), default=0.0)
        spoils = next((fault for fault in faults if fault.kind != "stale"), None)
        answer: Answer | None = None
        if unreadable:
            answer = vendor.fault(incoming, unreadable, "the request cannot be read")
        elif spoils is None or spoils.applies_effect:
            answer = vendor.finished(self.world, await self._serve(vendor, route, call, incoming))
        if spoils is not None:
            self._record(call, incoming, arrived, status(spoils, answer), answer, spoils)
            return await spoilt(request, spoils, answer)
        assert answer is not None  # noqa: S101  served above
        self._record(call, incoming, arrived, answer.status, answer, faults[0] if faults else None)
        return plain(answer)

    async def _serve(
        self, vendor: EmulatedVendor, route: Route | None, call: Call, incoming: Incoming
    ) -> Answer:
        if route is None:
            known = any(one.pattern.fullmatch(incoming.path) for one in vendor.routes)
            return vendor.fault(
                incoming, 405 if known else 404, "no such method" if known else "no such path"
            )
        try:
            if self.world.too_often(vendor.key):
                answer = vendor.fault(incoming, 429, "too many requests")
            else:
                vendor.authenticate(self.world, incoming)
                answer = await route.handler(self.world, call, incoming)
        except RefusedError as bad:
            answer = bad.answer
        except UnreadableError as bad:
            answer = vendor.unreadable(self.world, incoming, str(bad))
        except Exception:  # a bug of the emulator: still the vendor's envelope for the client
            traceback.print_exc(file=sys.stderr)
            return vendor.fault(incoming, 500, "internal error")
        if answer.status == 429 and (after := int(self.world.switches.number("retry_after"))):
            answer.headers["Retry-After"] = str(after)
        return answer

    def _aliases(self) -> dict[str, set[str]]:
        return {voice: self.world.words_for(voice) for voice in self.world.faults.voices_named()}

    def _record(
        self,
        call: Call,
        incoming: Incoming,
        at: float,
        status: int,
        answer: Answer | None,
        fault: Fault | None,
    ) -> None:
        """`status` is what the client gets, `answer` what the vendor said."""
        doc: dict[str, Any] = {
            "vendor": call.vendor,
            "method": incoming.method,
            "path": incoming.path,
            "action": call.action,
            "status": status,
            "at": at,
            "changes": call.changes,
            "voice": call.voice,
            "code": answer.code if answer else None,
            "fault": fault.kind if fault else None,
        }
        self.world.store.record(call.vendor, doc)


def _route(vendor: EmulatedVendor, request: web.Request) -> tuple[Route | None, dict[str, str]]:
    for route in vendor.routes:
        if route.method == request.method and (found := route.pattern.fullmatch(request.path)):
            return route, found.groupdict()
    return None, {}


def build(world: World, guard: Guard) -> web.Application:
    app = web.Application(client_max_size=_LARGEST_BODY)
    install(app, guard)
    app.add_routes(routes(world))

    async def start(_: web.Application) -> None:
        for vendor in VENDORS.values():
            vendor.open_account(world)
            vendor.start(world)

    app.on_startup.append(start)
    app.router.add_route("*", r"/{tail:[\s\S]*}", Front(world).handle)
    return app
