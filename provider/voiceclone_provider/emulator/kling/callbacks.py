"""Kling reports a task's status to `callback_url` (vendor's page "callback"): the bare task, signed.

The signature is that of Standard Webhooks: HMAC-SHA256 over ID, time and body.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import uuid

import aiohttp

from ..core.store import now
from ..core.voices import Voice
from ..core.world import World
from .tasks import status, whole

_ATTEMPTS = 5
_LOOK = 0.05
_REPORTED = "told"  # the field of `Voice.extra` with the last status that was reported
_ENDED = ("succeed", "failed")


def follow(world: World, voice: Voice) -> None:
    """Follow the task, if it asks for it."""
    if voice.extra.get("callback_url") and voice.extra.get(_REPORTED) not in _ENDED:
        world.spawn(_follow(world, voice))


async def _follow(world: World, voice: Voice) -> None:
    """Report each status once, from `processing` on."""
    while not voice.deleted(now()) and voice.extra.get(_REPORTED) not in _ENDED:
        seen = status(voice, now())
        if seen in ("submitted", voice.extra.get(_REPORTED)):
            await asyncio.sleep(_LOOK)
            continue
        task = whole(world, world.origin, voice, now())
        await _report(world, voice, json.dumps(task, ensure_ascii=False).encode())
        voice.extra[_REPORTED] = seen
        world.store.save(voice)


async def _report(world: World, voice: Voice, body: bytes) -> None:
    """Until somebody answers 2xx, with growing pauses; then give up."""
    name, pause = f"msg_{uuid.uuid4().hex}", world.switches.number("kling_callback_seconds")
    for attempt in range(_ATTEMPTS):
        if attempt:
            await asyncio.sleep(pause * 2 ** (attempt - 1))
        headers = signed(world.switches.text("kling_webhook_secret"), name, int(now()), body)
        try:
            timeout = aiohttp.ClientTimeout(total=10)
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
                session.post(
                    voice.extra["callback_url"], data=body, headers=headers, allow_redirects=False
                ) as reply,
            ):
                if 200 <= reply.status < 300:
                    return
        except (TimeoutError, aiohttp.ClientError, ValueError, OSError):
            continue


def signed(secret: str, name: str, at: int, body: bytes) -> dict[str, str]:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = secret.encode()
    made = hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
    }
