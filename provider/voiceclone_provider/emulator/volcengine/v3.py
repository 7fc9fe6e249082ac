"""Volcengine's voice API with keys, V3 (vendor's pages 2534906, 2535742, 2535751): train, read, upgrade.

It works on the same slots as V1. Besides, it makes voices with names of the caller's own (post-paid): they
are billed when they are first used, and deleted when that does not happen within some days.
"""

from __future__ import annotations

from ..core.store import now
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json
from ..core.world import World
from .credentials import API_KEY, APP, TOKEN
from .sample import BadAudioError, listen
from .slots import REALTIME, may_train, new_slot, post_paid, status_number
from .v3_fields import check_name, fields, speaker
from .v3_replies import refused, shown_voice, turned_away

_DAY = 86400
_V1_CODES = 45000000
"""V3's codes are V1's and this."""


def _authenticate(world: World, incoming: Incoming) -> None:
    """An API key of the new console, or app ID and token of the old one. V1's bearer is nothing here."""
    key, app = incoming.headers.get("x-api-key"), incoming.headers.get("x-api-app-key")
    if not key and not app:
        raise turned_away(world, 400, 45000000, "app key not found in header")
    pair = (app, incoming.headers.get("x-api-access-key"))
    if (key != API_KEY) if key else (pair != (APP, TOKEN)):
        raise turned_away(world, 401, 45000010, "Invalid X-Api-Key" if key else "requested grant not found")
    if world.switches.on("volcengine_v3_request_id") and not incoming.headers.get("x-api-request-id"):
        raise refused(45001001, "X-Api-Request-Id is missing")


def _asked(world: World, call: Call, incoming: Incoming) -> tuple[Json, str, bool]:
    _authenticate(world, incoming)
    body = incoming.json()
    name, own = speaker(body)
    call.voice = name
    if own and not world.switches.on("volcengine_post_paid"):
        message = "[resource_id=volc.megatts.timbre] requested resource not granted"
        raise turned_away(world, 403, 45000030, message)
    if own:
        check_name(name)
    elif not name.startswith("S_"):
        raise refused(55000000)  # a name of one's own where a slot's ID belongs; seen by a client
    return body, name, own


def _find(world: World, name: str, own: bool, at: float) -> Voice:
    voice = world.store.voice("volcengine", name)
    if voice is None or voice.deleted(at) or post_paid(voice) != own:
        raise refused(55000000 if world.switches.on("volcengine_v3_unknown_500") else 45001107)
    return voice


async def train(world: World, call: Call, incoming: Incoming) -> Answer:
    """`voice_clone`."""
    body, name, own = _asked(world, call, incoming)
    told = fields(world, incoming, body)
    _trainable(world, name, own, told)
    try:
        heard = await listen(world, told.pop("audio"), told["audio_format"])
    except BadAudioError as bad:
        raise refused(_V1_CODES + bad.code, bad.message) from None
    # Looked at again: others may have come first while the audio was decoded.
    voice = _trainable(world, name, own, told)
    if world.full("volcengine"):
        raise turned_away(world, 429, 45000292, "quota exceeded for types: concurrency")
    verdict = world.judge("volcengine", heard)
    details = told | {"v3": True}
    world.train(call, incoming, voice, verdict, audio_sha256=heard.sha256, details=details)
    return shown_voice(world, incoming, voice, now())


def _trainable(world: World, name: str, own: bool, told: Json) -> Voice:
    at = now()
    known = world.store.voice("volcengine", name)
    if own and (known is None or known.deleted(at)):
        return _new(world, name, at)
    voice = _find(world, name, own, at)
    if why := may_train(world, voice, at):
        raise refused(_V1_CODES + why[0], why[1])
    if voice.extra.get("service") == REALTIME and told["language"] not in (0, 1):
        raise refused(45001001, "language is 0 or 1 for a realtime voice")
    return voice


def _new(world: World, name: str, at: float) -> Voice:
    """A post-paid voice: on trial until it is used."""
    voice = new_slot(name, at)
    voice.extra["post_paid"] = True
    voice.deleted_at = at + _DAY * world.switches.number("volcengine_trial_days")
    return voice


async def get(world: World, call: Call, incoming: Incoming) -> Answer:
    """`get_voice`."""
    _, name, own = _asked(world, call, incoming)
    at = world.read_at(call)
    voice = _find(world, name, own, at)
    unseen = world.switches.on("volcengine_v3_untrained_1107") and not status_number(voice, at)
    if unseen or voice.created_at > at:
        raise refused(45001107)
    return shown_voice(world, incoming, voice, at)


async def upgrade(world: World, call: Call, incoming: Incoming) -> Answer:
    """`upgrade_voice`: a voice of V1 becomes one of V3's, for all models; no training is used (assumed)."""
    _, name, own = _asked(world, call, incoming)
    at = now()
    voice = _find(world, name, own, at)
    heard = voice.successes(at)
    if not heard or voice.training(at):
        raise refused(45001001, "the voice has no finished training")
    heard[-1].details["v3"] = True
    world.store.save(voice)
    return shown_voice(world, incoming, voice, at)
