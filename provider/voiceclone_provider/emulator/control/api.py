"""The control API under `/_emulator/`: look, misbehave, and do what a person in a vendor's console would."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from ..core.faults import BadFaultError
from ..core.store import now
from ..core.switches import BadSwitchError
from ..core.vendor import EmulatedVendor
from ..core.voices import Voice
from ..core.world import World
from ..registry import SLOT_VENDORS, VENDORS
from .actions import WrongError, act
from .audio import served
from .page import FILES, PAGES, show, table
from .preview import PREVIEWS, serve_preview
from .view import state

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(world: World) -> list[web.RouteDef]:
    control = Control(world)
    table: list[tuple[str, str, Handle]] = [
        *(("GET", page, show) for page in PAGES[1:]),
        *(("GET", f"/_emulator/{name}", handle) for name, handle in FILES.items()),
        ("GET", "/_emulator/page.json", control.page),
        ("GET", "/_emulator/state", control.state),
        ("GET", "/_emulator/requests", control.requests),
        ("POST", "/_emulator/reset", control.reset),
        ("GET", "/_emulator/faults", control.faults),
        ("POST", "/_emulator/faults", control.add_fault),
        ("DELETE", "/_emulator/faults", control.clear_faults),
        ("DELETE", "/_emulator/faults/{number:[0-9]+}", control.clear_faults),
        ("GET", "/_emulator/switches", control.switches),
        ("POST", "/_emulator/switches", control.put_switches),
        ("POST", "/_emulator/slots", control.buy_slots),
        ("POST", "/_emulator/voices/{vendor}/{id}/{verb}", control.act),
        ("DELETE", "/_emulator/voices/{vendor}/{id}", control.delete),
        ("GET", "/_emulator/samples/{name}", control.sample),
        ("PUT", "/_emulator/samples/{name}", control.put_sample),
        ("POST", "/_emulator/samples/{name}", control.put_sample),
        ("DELETE", "/_emulator/samples/{name}", control.drop_sample),
        ("GET", PREVIEWS, control.preview),
        ("*", r"/_emulator/{tail:[\s\S]*}", control.nothing),
    ]
    return [web.route(method, path, _guarded(handle)) for method, path, handle in table]


def _guarded(handle: Handle) -> Handle:
    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handle(request)
        except WrongError as bad:
            return web.json_response({"error": bad.message}, status=bad.status)
        except (BadFaultError, BadSwitchError) as bad:
            return web.json_response({"error": str(bad)}, status=400)

    return guarded


async def _object(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    if not body.strip():
        return {}
    try:
        doc = json.loads(body)
    except (ValueError, RecursionError):
        raise WrongError("the body is not JSON") from None
    if not isinstance(doc, dict):
        raise WrongError("the body is not a JSON object")
    return doc


class Control:
    def __init__(self, world: World) -> None:
        self.world = world

    async def nothing(self, request: web.Request) -> web.StreamResponse:
        raise WrongError(f"the control API has no {request.method} {request.path}", 404)

    async def page(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(table(self.world))

    async def state(self, request: web.Request) -> web.StreamResponse:
        previews = f"{request.scheme}://{request.host}" if "previews" in request.query else None
        return web.json_response(state(self.world, previews))

    async def requests(self, request: web.Request) -> web.StreamResponse:
        last = request.query.get("last", "")
        if last and not last.isdecimal():
            raise WrongError("last is a number")
        return web.json_response(self.world.store.requests(request.query.get("vendor"), int(last or 0)))

    async def reset(self, _: web.Request) -> web.StreamResponse:
        self.world.reset()
        for vendor in VENDORS.values():
            vendor.open_account(self.world)
        return web.json_response({})

    # Faults and switches.

    async def faults(self, _: web.Request) -> web.StreamResponse:
        return web.json_response([fault.to_json() for fault in self.world.faults.all()])

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self.world.faults.add(await _object(request)).to_json())

    async def clear_faults(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info.get("number")
        self.world.faults.clear(int(number) if number else None)
        return web.json_response({})

    async def switches(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(self.world.switches.all())

    async def put_switches(self, request: web.Request) -> web.StreamResponse:
        doc = await _object(request)
        for name, value in doc.items():
            self.world.switches.checked(name, value)  # all or none
        for name, value in doc.items():
            self.world.store.set(name, self.world.switches.put(name, value))
        return web.json_response(self.world.switches.all())

    # Voices.

    def _voice(self, request: web.Request) -> tuple[EmulatedVendor, Voice]:
        wanted, at = request.match_info["id"], now()
        vendor = VENDORS.get(request.match_info["vendor"])
        if vendor is None:
            raise WrongError(f"no vendor is called {request.match_info['vendor']}", 404)
        voices = [voice for voice in self.world.store.voices(vendor.key) if vendor.listed(voice, at)]
        for field in ("id", *vendor.ids):
            for voice in voices:
                if (voice.extra | {"id": voice.id}).get(field) == wanted:
                    return vendor, voice
        raise WrongError(f"{vendor.key} has no voice {wanted}", 404)

    def _save(self, voice: Voice) -> web.Response:
        self.world.store.save(voice)
        return web.json_response({})

    async def delete(self, request: web.Request) -> web.StreamResponse:
        _, voice = self._voice(request)
        voice.deleted_at = now()
        return self._save(voice)

    async def act(self, request: web.Request) -> web.StreamResponse:
        (vendor, voice), doc = self._voice(request), await _object(request)
        act(vendor, voice, request.match_info["verb"], doc, now())
        return self._save(voice)

    async def preview(self, request: web.Request) -> web.StreamResponse:
        return await serve_preview(self.world, request)

    async def buy_slots(self, request: web.Request) -> web.StreamResponse:
        doc = await _object(request)
        count, name = doc.get("count", 1), doc.get("vendor", SLOT_VENDORS[0].key)
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 10000:
            raise WrongError("count is 1 to 10000")
        vendor = VENDORS.get(name) if isinstance(name, str) else None
        if vendor is None or not vendor.sells:
            sellers = ", ".join(one.key for one in VENDORS.values() if one.sells)
            raise WrongError(f"vendor is one of {sellers}")
        service = doc.get("service", "")
        if service != "" and service not in vendor.services:
            raise WrongError(f"service is one of {', '.join(vendor.services) or 'none'}")
        return web.json_response({"slots": vendor.buy(self.world, count, service)})

    # Samples.

    async def sample(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        data = self.world.samples.get(name)
        if data is None:
            raise WrongError(f"there is no sample {name}", 404)
        return served(data)

    async def put_sample(self, request: web.Request) -> web.StreamResponse:
        self.world.store.put_sample(request.match_info["name"], await request.read())
        return web.json_response({})

    async def drop_sample(self, request: web.Request) -> web.StreamResponse:
        if not self.world.store.drop_sample(request.match_info["name"]):
            raise WrongError("no such sample was put here", 404)
        return web.json_response({})
