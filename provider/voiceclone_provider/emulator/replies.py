"""Sending answers, whole or spoilt by a fault."""

from __future__ import annotations

import asyncio
import json
import time

from aiohttp import web

from .core.faults import Fault
from .core.wire import Answer

_CODES = {"status": 500, "html": 502, "redirect": 307, "endless": 200}
_KEEP_STATUS = ("slow", "truncate", "content-type", "not-json")
_HTML = "<html><head><title>{code}</title></head><body><h1>{code} Bad Gateway</h1></body></html>"


def plain(answer: Answer) -> web.Response:
    return web.Response(
        status=answer.status,
        body=answer.body(),
        content_type="application/json",
        charset="utf-8",
        headers=answer.headers,
    )


def hang_up(request: web.Request) -> web.Response:
    """Reset the connection. What is returned never leaves."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def hold(request: web.Request, seconds: float | None = None) -> None:
    """Say nothing until the client has gone, or for so long."""
    until = None if seconds is None else time.monotonic() + seconds
    while request.transport is not None and not request.transport.is_closing():
        left = 0.1 if until is None else min(0.1, until - time.monotonic())
        if left <= 0:
            return
        await asyncio.sleep(left)


def status(fault: Fault, answer: Answer | None) -> int:
    """The HTTP status that the client gets of a spoilt reply; 0 for none."""
    if fault.kind in _CODES:
        return _code(fault)
    return answer.status if answer and fault.kind in _KEEP_STATUS else 0


async def spoilt(request: web.Request, fault: Fault, answer: Answer | None) -> web.StreamResponse:
    """The reply a fault wants. `answer` is the true one, if the request had its effect."""
    match fault.kind:
        case "refuse" | "reset-before" | "reset-after":
            return hang_up(request)
        case "timeout-before" | "timeout-after":
            await hold(request)
            return hang_up(request)
        case "status":
            return _status(fault)
        case "html":
            code = _code(fault)
            body = str(fault.options.get("body", _HTML.format(code=code)))
            return web.Response(status=code, text=body, content_type="text/html", headers=_headers(fault))
        case "redirect":
            headers = {
                "Location": str(fault.options.get("location", "http://127.0.0.1:9/")),
                **_headers(fault),
            }
            return web.Response(status=_code(fault), headers=headers)
        case "endless":
            return await _endless(request, fault)
    whole = answer or Answer(500, None)
    match fault.kind:
        case "slow":
            return await _slow(request, fault, whole)
        case "truncate":
            return await _truncated(request, whole)
        case "content-type":
            return web.Response(
                status=whole.status, body=whole.body(), content_type="text/plain", headers=whole.headers
            )
    return web.Response(
        status=whole.status,
        text="upstream says hello",
        content_type="application/json",
        headers=whole.headers,
    )


def _code(fault: Fault) -> int:
    code = fault.options.get("code")
    return code if isinstance(code, int) else _CODES[fault.kind]


def _headers(fault: Fault) -> dict[str, str]:
    return {str(name): str(value) for name, value in fault.options.get("headers", {}).items()}


def _status(fault: Fault) -> web.Response:
    body, headers = fault.options.get("body", ""), _headers(fault)
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "text/plain; charset=utf-8" if isinstance(body, str) else "application/json"
    return web.Response(status=_code(fault), body=text.encode("utf-8", "replace"), headers=headers)


async def _slow(request: web.Request, fault: Fault, whole: Answer) -> web.StreamResponse:
    """Late headers (`seconds`), then a body in drops (over `body_seconds`)."""
    await hold(request, fault.seconds(2.0))
    drip = float(fault.options.get("body_seconds", 0))
    body = whole.body()
    reply = _open(whole, len(body))
    await reply.prepare(request)
    piece = max(1, len(body) // 20)
    for at in range(0, len(body), piece):
        await reply.write(body[at : at + piece])
        if drip:
            await hold(request, drip / 20)
    await reply.write_eof()
    return reply


async def _truncated(request: web.Request, whole: Answer) -> web.StreamResponse:
    body = whole.body()
    reply = _open(whole, len(body))
    await reply.prepare(request)
    await reply.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return reply


def _open(whole: Answer, length: int) -> web.StreamResponse:
    reply = web.StreamResponse(status=whole.status, headers=whole.headers)
    reply.content_type = "application/json"
    reply.content_length = length
    return reply


async def _endless(request: web.Request, fault: Fault) -> web.StreamResponse:
    """A body that goes on until the client leaves, or for so many `bytes`."""
    reply = web.StreamResponse(status=_code(fault))
    reply.content_type = "application/json"
    await reply.prepare(request)
    left = fault.options.get("bytes")
    await reply.write(b'{"data": "')
    while left is None or left > 0:
        await reply.write(b"a" * 65536)
        left = None if left is None else left - 65536
        await asyncio.sleep(0)
    await reply.write_eof()
    return reply
