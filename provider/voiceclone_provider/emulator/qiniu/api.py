"""Qiniu's voice clones: a slot is made first and trained with a second call (given page: "音色克隆API").

The page gives its codes as status codes without saying where; they are both the HTTP status and `code`.
"""

from __future__ import annotations

import secrets
from typing import Any

from ..core.store import now
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json, RefusedError, is_url, whole_number
from ..core.world import GOOD, World

_LONGEST_NAME = 20
_FREE = ("zh", "en")
_PAID = (*_FREE, "ja", "ko", "es", "pt", "id", "de", "fr", "ar", "hi", "it", "tr", "yue")
_TIERS = {"free": _FREE, "lite": _PAID, "pro": _PAID}
_UNLIMITED = 1_000_000
_PAID_TIERS = ("lite", "pro")


def answer(world: World | None, status: int, message: str, data: Any = None) -> Answer:
    code = 0 if status == 200 else status
    payload: Json = {"code": code, "msg": message, "reqid": f"req_{secrets.token_hex(8)}"}
    if data is not None:
        payload["data"] = data
    if world is not None and not world.switches.on("qiniu_http_status"):
        status = 200
    return Answer(status, payload, {}, code)


def refused(world: World, status: int, message: str) -> RefusedError:
    return RefusedError(answer(world, status, message))


def _body(incoming: Incoming) -> Json:
    return incoming.json() if incoming.body.strip() else {}


def _state(voice: Voice, at: float) -> str:
    latest = voice.latest(at)
    if latest is None:
        return "Init"
    if not latest.over(at):
        return "Training"
    return "Success" if latest.result == "success" else "Failed"


def _shown(world: World, incoming: Incoming, voice: Voice, at: float) -> Json:
    heard = voice.successes(at)
    return {
        "id": voice.id,
        "name": voice.name(at),
        # The given page shows none on a slot made its way, until that is trained.
        "language": "" if voice.extra["given"] and not voice.begun(at) else voice.extra["language"],
        "demo_url": world.preview(incoming.origin, voice, heard[-1]) if heard else "",
        "state": _state(voice, at),
        "tier": voice.extra["tier"],
    }


async def create(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "创建音色栏位": the given page's `model_id`, or the newer `language` and `tier`."""
    body, at = _body(incoming), now()
    tier, language = _plan(world, body)
    if 0 < world.switches.number("qiniu_slots") <= len(world.present("qiniu", at)):
        raise refused(world, 403, "no voice slot left")
    number = secrets.token_hex(16)
    voice = Voice(
        "qiniu",
        number,
        at,
        [(at, f"复刻音色-{number[-5:]}")],
        extra={"language": language, "tier": tier, "given": "model_id" in body},
    )
    world.store.save(voice)
    call.voice = voice.id
    return answer(world, 200, "", _shown(world, incoming, voice, at))


def _plan(world: World, body: Json) -> tuple[str, str]:
    if "model_id" in body:
        if body["model_id"] != "QN_ACV":
            raise refused(world, 400, "model_id is QN_ACV")
    elif not {"language", "tier"} & set(body):
        raise refused(world, 400, "model_id is missing")
    tier, language = body.get("tier", "free"), body.get("language", "zh")
    if not isinstance(tier, str) or tier not in _TIERS:
        raise refused(world, 400, "tier is free, lite or pro")
    if not isinstance(language, str) or language not in _TIERS[tier]:
        raise refused(world, 400, f"language of tier {tier} is one of {', '.join(_TIERS[tier])}")
    return tier, language


def _found(world: World, call: Call, incoming: Incoming, at: float) -> Voice:
    call.voice = incoming.args["id"]
    voice = world.find("qiniu", call.voice, at)
    if voice is None:
        raise refused(world, 404, "the voice does not exist")
    return voice


async def change(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "训练音色": with `key` a training, without it a new name; `name` is always needed."""
    body = _body(incoming)
    call.action = "train" if body.get("key") else "rename"
    _found(world, call, incoming, now())
    name, key = body.get("name"), body.get("key")
    if not isinstance(name, str) or not name.strip():
        raise refused(world, 400, "name is required")
    if len(name) > _LONGEST_NAME:
        raise refused(world, 400, f"name is longer than {_LONGEST_NAME} characters")
    if key not in (None, "") and not (isinstance(key, str) and is_url(key)):
        raise refused(world, 400, "key is the URL of an audio file")
    voice = await _apply(world, call, incoming, name, str(key or ""))
    return answer(world, 200, "", _shown(world, incoming, voice, now()))


async def _apply(world: World, call: Call, incoming: Incoming, name: str, key: str) -> Voice:
    verdict, digest = await world.judge_url("qiniu", key, incoming.origin) if key else (GOOD, None)
    at = now()
    voice = _found(world, call, incoming, at)
    if key and voice.training(at):
        raise refused(world, 400, "the voice is being trained")
    if key and world.full("qiniu"):
        raise refused(world, 429, "too many voices are being trained")
    if voice.name(at) != name:
        voice.rename(at, name)
    if not key:
        world.store.save(voice)
        return voice
    world.train(call, incoming, voice, verdict, audio_sha256=digest, audio_url=key)
    return voice


async def get(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "获取音色信息"."""
    at = world.read_at(call)
    return answer(world, 200, "", _shown(world, incoming, _found(world, call, incoming, at), at))


async def list_voices(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "获取音色列表": all voices in all states; no paging."""
    at = world.read_at(call)
    voices = [_shown(world, incoming, voice, at) for voice in world.present("qiniu", at)]
    return answer(world, 200, "", {"voices": voices})


async def delete(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "删除音色": for good; a paid slot cannot be deleted (newer page)."""
    at = now()
    voice = _found(world, call, incoming, at)
    if world.switches.on("qiniu_paid") or voice.extra["tier"] in _PAID_TIERS:
        raise refused(world, 403, "a paid voice slot cannot be deleted")
    voice.deleted_at = at
    world.store.save(voice)
    return answer(world, 200, "", {})


async def quotas(world: World, call: Call, incoming: Incoming) -> Answer:
    """The newer page's quotas: one resource package a tier."""
    if incoming.param("resource_type") != "1":
        raise refused(world, 400, "resource_type is 1")
    limit = whole_number(incoming.param("limit") or "20", 1, 100)
    first = whole_number(incoming.param("cursor") or "0", 0, 10**6)
    if limit is None or first is None:
        raise refused(world, 400, "limit or cursor is not valid")
    at = world.read_at(call)
    packages = [_package(world, tier, at) for tier in _TIERS]
    following = first + limit
    cursor = str(following) if following < len(packages) else ""
    return answer(world, 200, "", {"quotas": packages[first:following], "next_cursor": cursor})


def _package(world: World, tier: str, at: float) -> Json:
    voices = [voice for voice in world.present("qiniu", at) if voice.extra["tier"] == tier]
    used = len(voices) if tier == "free" else sum(len(voice.begun(at)) for voice in voices)
    return {
        "resource_package": {"type": tier},
        "usage_count": used,
        "total_count": int(world.switches.number("qiniu_slots")) or _UNLIMITED,
        "status": "active",
        "expired_time": "2099-12-31T23:59:59Z",
    }
