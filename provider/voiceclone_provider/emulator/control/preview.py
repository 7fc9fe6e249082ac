"""Preview URLs: signed, good for a while, and real audio is behind them."""

from __future__ import annotations

import hmac
import io
import math
import wave
from array import array

from aiohttp import web

from ..core.store import now
from ..core.world import World
from .audio import served

PREVIEWS = "/_emulator/previews/{vendor}/{id}/{file}"


async def serve_preview(world: World, request: web.Request) -> web.StreamResponse:
    """What was trained on is what the voice sounds like."""
    expires, signature = request.query.get("x-expires", ""), request.query.get("x-signature", "")
    if not expires.isdecimal() or len(expires) > 12:
        return web.Response(status=403, text="AccessDenied")
    if not hmac.compare_digest(
        world.sign(request.raw_path.partition("?")[0], int(expires)).encode(), signature.encode()
    ):
        return web.Response(status=403, text="SignatureDoesNotMatch")
    if int(expires) < now():
        return web.Response(status=403, text="RequestExpired")
    kept = world.store.audio(request.match_info["file"].removesuffix(".wav"))
    if kept is None:  # trained in the console or from a video: nobody here has the recording
        return served(_wav(_tone(), 8000))
    container, data = kept
    return served(_wav(data, 24000) if container == "pcm" else data)


def _wav(samples: bytes, rate: int) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return made.getvalue()


def _tone() -> bytes:
    return array(
        "h", (int(8000 * math.sin(at * 0.3) * abs(math.sin(at / 900))) for at in range(16000))
    ).tobytes()
