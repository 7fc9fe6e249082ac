"""Qiniu's voice clones: a slot is made first and trained with a second call (given page: "音色克隆API").

The page gives its codes as status codes without saying where; they are both the HTTP status and `code`.
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from ..core.store import now
from ..core.voices import Training, Voice
from ..core.wire import Answer, Call, Incoming, Json, UnreadableError, route, whole_number
from ..core.world import GOOD, Heard, Verdict, World
from ..credentials import TOKEN

_LONGEST_NAME = 20
_FREE = ("zh", "en")
_PAID = (*_FREE, "ja", "ko", "es", "pt", "id", "de", "fr", "ar", "hi", "it", "tr", "yue")
_TIERS = {"free": _FREE, "lite": _PAID, "pro": _PAID}
_UNLIMITED = 1_000_000
_PAID_TIERS = ("lite", "pro")


class RefusedError(Exception):
    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message


def _answer(world: World | None, status: int, message: str, data: Any = None) -> Answer:
    code = 0 if status == 200 else status
    payload: Json = {"code": code, "msg": message, "reqid": f"req_{secrets.token_hex(8)}"}
    if data is not None:
        payload["data"] = data
    if world is not None and not world.switches.on("qiniu_http_status"):
        status = 200
    return Answer(status, payload, {}, code)


def _serve(world: World, incoming: Incoming) -> None:
    found = re.fullmatch(r"Bearer\s+(\S+)", incoming.headers.get("authorization", ""))
    if found is None or found[1] != TOKEN:
        raise RefusedError(401, "unauthorized")


def _body(incoming: Incoming) -> Json:
    if not incoming.body.strip():
        return {}
    try:
        return incoming.json()
    except UnreadableError as bad:
        raise RefusedError(400, str(bad)) from None


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
    try:
        _serve(world, incoming)
        body, at = _body(incoming), now()
        tier, language = _plan(body)
        if 0 < world.switches.number("qiniu_slots") <= len(_present(world, at)):
            raise RefusedError(403, "no voice slot left")
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
        return _answer(world, 200, "", _shown(world, incoming, voice, at))
    except RefusedError as bad:
        return _answer(world, bad.status, bad.message)


def _plan(body: Json) -> tuple[str, str]:
    if "model_id" in body:
        if body["model_id"] != "QN_ACV":
            raise RefusedError(400, "model_id is QN_ACV")
    elif not {"language", "tier"} & set(body):
        raise RefusedError(400, "model_id is missing")
    tier, language = body.get("tier", "free"), body.get("language", "zh")
    if not isinstance(tier, str) or tier not in _TIERS:
        raise RefusedError(400, "tier is free, lite or pro")
    if not isinstance(language, str) or language not in _TIERS[tier]:
        raise RefusedError(400, f"language of tier {tier} is one of {', '.join(_TIERS[tier])}")
    return tier, language


def _present(world: World, at: float) -> list[Voice]:
    return [voice for voice in world.store.voices("qiniu") if voice.exists(at)]


def _found(world: World, call: Call, incoming: Incoming, at: float) -> Voice:
    call.voice = incoming.args["id"]
    voice = world.find("qiniu", call.voice, at)
    if voice is None:
        raise RefusedError(404, "the voice does not exist")
    return voice


async def change(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "训练音色": with `key` a training, without it a new name; `name` is always needed."""
    try:
        _serve(world, incoming)
        body = _body(incoming)
        call.action = "train" if body.get("key") else "rename"
        _found(world, call, incoming, now())
        name, key = body.get("name"), body.get("key")
        if not isinstance(name, str) or not name.strip():
            raise RefusedError(400, "name is required")
        if len(name) > _LONGEST_NAME:
            raise RefusedError(400, f"name is longer than {_LONGEST_NAME} characters")
        if key not in (None, "") and not _is_url(key):
            raise RefusedError(400, "key is the URL of an audio file")
        voice = await _apply(world, call, incoming, name, str(key or ""))
        return _answer(world, 200, "", _shown(world, incoming, voice, now()))
    except RefusedError as bad:
        return _answer(world, bad.status, bad.message)


def _is_url(key: Any) -> bool:
    if not isinstance(key, str) or len(key) > 4096:
        return False
    try:
        parts = urlsplit(key)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


async def _apply(world: World, call: Call, incoming: Incoming, name: str, key: str) -> Voice:
    verdict: Verdict | None = GOOD
    digest = None
    if key:
        verdict, digest = await world.judge_url(key, incoming.origin, judge(world))
    at = now()
    voice = _found(world, call, incoming, at)
    if key and voice.training(at):
        raise RefusedError(400, "the voice is being trained")
    if key and world.full("qiniu"):
        raise RefusedError(429, "too many voices are being trained")
    if voice.name(at) != name:
        voice.rename(at, name)
    if not key:
        world.store.save(voice)
        return voice
    training = world.train(call, incoming, voice, verdict, audio_sha256=digest, audio_url=key)
    if training.result is None:
        world.fetch_later(voice, training, key, judge(world))
    return voice


def judge(world: World) -> Any:
    """10 to 60 seconds is advice; what is no audio, or nobody speaking, fails. No reason is ever given."""

    def verdict(heard: Heard) -> Verdict:
        if heard.sound is None:
            return Verdict("failed", None, heard.reason)
        if heard.sound.verdict != "speech" and world.switches.on("judge_audio"):
            return Verdict("failed", None, f"the audio is {heard.sound.verdict}")
        return GOOD

    return verdict


def resume(world: World, voice: Voice, training: Training) -> None:
    """Go on with a sample that was being fetched when the emulator was killed."""
    if training.audio_url:
        world.fetch_later(voice, training, training.audio_url, judge(world))


async def get(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "获取音色信息"."""
    try:
        _serve(world, incoming)
        at = world.read_at(call)
        return _answer(world, 200, "", _shown(world, incoming, _found(world, call, incoming, at), at))
    except RefusedError as bad:
        return _answer(world, bad.status, bad.message)


async def list_voices(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "获取音色列表": all voices in all states; no paging."""
    try:
        _serve(world, incoming)
        at = world.read_at(call)
        voices = [_shown(world, incoming, voice, at) for voice in _present(world, at)]
        return _answer(world, 200, "", {"voices": voices})
    except RefusedError as bad:
        return _answer(world, bad.status, bad.message)


async def delete(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "删除音色": for good; a paid slot cannot be deleted (newer page)."""
    try:
        _serve(world, incoming)
        at = now()
        voice = _found(world, call, incoming, at)
        if world.switches.on("qiniu_paid") or voice.extra["tier"] in _PAID_TIERS:
            raise RefusedError(403, "a paid voice slot cannot be deleted")
        voice.deleted_at = at
        world.store.save(voice)
        return _answer(world, 200, "", {})
    except RefusedError as bad:
        return _answer(world, bad.status, bad.message)


async def quotas(world: World, call: Call, incoming: Incoming) -> Answer:
    """The newer page's quotas: one resource package a tier."""
    try:
        _serve(world, incoming)
        if incoming.param("resource_type") != "1":
            raise RefusedError(400, "resource_type is 1")
        limit = whole_number(incoming.param("limit") or "20", 1, 100)
        first = whole_number(incoming.param("cursor") or "0", 0, 10**6)
        if limit is None or first is None:
            raise RefusedError(400, "limit or cursor is not valid")
        at = world.read_at(call)
        packages = [_package(world, tier, at) for tier in _TIERS]
        following = first + limit
        cursor = str(following) if following < len(packages) else ""
        return _answer(world, 200, "", {"quotas": packages[first:following], "next_cursor": cursor})
    except RefusedError as bad:
        return _answer(world, bad.status, bad.message)


def _package(world: World, tier: str, at: float) -> Json:
    voices = [voice for voice in _present(world, at) if voice.extra["tier"] == tier]
    used = len(voices) if tier == "free" else sum(len(voice.begun(at)) for voice in voices)
    return {
        "resource_package": {"type": tier},
        "usage_count": used,
        "total_count": int(world.switches.number("qiniu_slots")) or _UNLIMITED,
        "status": "active",
        "expired_time": "2099-12-31T23:59:59Z",
    }


class Qiniu:
    name = "qiniu"
    routes = [  # noqa: RUF012
        route("POST", "/v1/voice-clones", "create", create, changes=True),
        route("GET", "/v1/voice-clones", "list", list_voices),
        route("PUT", "/v1/voice-clones/{id}", "train", change, changes=True),
        route("GET", "/v1/voice-clones/{id}", "get", get),
        route("DELETE", "/v1/voice-clones/{id}", "delete", delete, changes=True),
        route("GET", "/v1/quotas", "quotas", quotas),
    ]

    def owns(self, path: str, query: list[tuple[str, str]]) -> bool:
        return path in ("/v1/voice-clones", "/v1/quotas") or path.startswith("/v1/voice-clones/")

    def classify(self, call: Call, incoming: Incoming) -> None:
        call.voice = incoming.args.get("id")

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        return _answer(None, status, message)
