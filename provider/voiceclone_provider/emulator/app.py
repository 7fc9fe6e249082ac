"""One origin for four vendors: who a request is for, what it is recorded as, which fault meets it."""

from __future__ import annotations

import sys
import traceback
from typing import Any

from aiohttp import web

from .control.api import routes
from .control.page import show
from .core.store import now
from .core.wire import Answer, Call, Incoming, Route, Vendor
from .core.world import World
from .coze.api import Coze
from .kling import callbacks as kling_callbacks
from .kling import tasks as kling_tasks
from .kling.api import Kling
from .qiniu import api as qiniu
from .qiniu.api import Qiniu
from .replies import hang_up, made_up, plain, spoilt
from .volcengine.api import Volcengine

_LARGEST_BODY = 64 * 1024 * 1024
VENDORS: list[Vendor] = [Volcengine(), Coze(), Qiniu(), Kling()]
_RESUME: dict[str, Any] = {"qiniu": qiniu.resume, "kling": kling_tasks.resume}


class Front:
    def __init__(self, world: World) -> None:
        self.world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        pairs = list(request.query.items())
        vendor = next((one for one in VENDORS if one.owns(request.path, pairs)), None)
        if vendor is None:
            return web.json_response({"error": f"no vendor has {request.path}"}, status=404)
        arrived = now()
        route, args = _route(vendor, request)
        call = Call(vendor.name, route.action if route else "unknown", bool(route and route.changes))
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
            self._record(call, incoming, 0, arrived, None, refuse.kind)
            return hang_up(request)
        unreadable = 0
        try:
            incoming.body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            unreadable = 413
        except web.RequestPayloadError:
            unreadable = 400
        except ConnectionError:  # the client left in the middle of its request
            self._record(call, incoming, 0, arrived, None, None)
            return hang_up(request)
        faults = self.world.faults.take(call, incoming, self._aliases())
        call.lag = max((fault.seconds(3.0) for fault in faults if fault.kind == "stale"), default=0.0)
        spoils = next((fault for fault in faults if fault.kind != "stale"), None)
        answer: Answer | None = None
        if unreadable:
            answer = vendor.fault(incoming, unreadable, "the request cannot be read")
        elif spoils is None or spoils.applies_effect:
            answer = await self._serve(vendor, route, call, incoming)
        if spoils is None:
            assert answer is not None  # noqa: S101  served above
            self._record(
                call, incoming, answer.status, arrived, answer.code, faults[0].kind if faults else None
            )
            return plain(answer)
        sent = made_up(spoils) or (
            answer if spoils.kind in ("slow", "truncate", "content-type", "not-json") else None
        )
        self._record(
            call, incoming, sent.status if sent else 0, arrived, answer.code if answer else None, spoils.kind
        )
        return await spoilt(request, spoils, answer)

    async def _serve(self, vendor: Vendor, route: Route | None, call: Call, incoming: Incoming) -> Answer:
        if route is None:
            known = any(one.pattern.fullmatch(incoming.path) for one in vendor.routes)
            return vendor.fault(
                incoming, 405 if known else 404, "no such method" if known else "no such path"
            )
        if self.world.too_often(vendor.name):
            answer = vendor.fault(incoming, 429, "too many requests")
        else:
            try:
                answer = await route.handler(self.world, call, incoming)
            except Exception:  # a bug of the emulator: still the vendor's envelope for the client
                traceback.print_exc(file=sys.stderr)
                return vendor.fault(incoming, 500, "internal error")
        if answer.status == 429 and (after := int(self.world.switches.number("retry_after"))):
            answer.headers["Retry-After"] = str(after)
        return answer

    def _aliases(self) -> dict[str, set[str]]:
        return {voice: self.world.words_for(voice) for voice in self.world.faults.voices_named()}

    def _record(
        self, call: Call, incoming: Incoming, status: int, at: float, code: Any, fault: str | None
    ) -> None:
        self.world.store.record(
            call.vendor,
            {
                "vendor": call.vendor,
                "method": incoming.method,
                "path": incoming.path,
                "action": call.action,
                "status": status,
                "at": at,
                "changes": call.changes,
                "voice": call.voice,
                "code": code,
                "fault": fault,
            },
        )


def _route(vendor: Vendor, request: web.Request) -> tuple[Route | None, dict[str, str]]:
    for route in vendor.routes:
        if route.method == request.method and (found := route.pattern.fullmatch(request.path)):
            return route, found.groupdict()
    return None, {}


def resume(world: World) -> None:
    """Go on with what a kill interrupted."""
    for vendor, go_on in _RESUME.items():
        for voice in world.store.voices(vendor):
            for training in voice.trainings:
                if training.result is None:
                    go_on(world, voice, training)


def build(world: World, origin: str) -> web.Application:
    app = web.Application(client_max_size=_LARGEST_BODY)
    app.add_routes(routes(world))
    front = Front(world)

    async def root(request: web.Request) -> web.StreamResponse:
        if request.method == "GET" and "Action" not in request.query:
            return await show(request)
        return await front.handle(request)

    async def start(_: web.Application) -> None:
        resume(world)
        kling_callbacks.attach(world, origin)

    app.on_startup.append(start)
    app.router.add_route("*", "/", root)
    app.router.add_route("*", r"/{tail:[\s\S]*}", front.handle)
    return app
