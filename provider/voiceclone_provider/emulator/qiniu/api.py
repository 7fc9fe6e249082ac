"""Qiniu's voice clones: a slot is made first and trained with a second call (given page: "音色克隆API").

The page gives its codes as status codes without saying where; they are both the HTTP status and `code`.
"""

from __future__ import annotations

import secrets
import string
from typing import Any

from ..core.store import now
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json, RefusedError, is_url
from ..core.world import GOOD, World

_LONGEST_NAME = 20
_FREE = ("zh", "en")
_PAID = (*_FREE, "ja", "ko", "es", "pt", "id", "de", "fr", "ar", "hi", "it", "tr", "yue")
_TIERS = {"free": _FREE, "pro": _PAID}


def answer(world: World | None, status: int, message: str, data: Any = None) -> Answer:
    code = 0 if status == 200 else status
    payload: Json = {"code": code, "msg": message, "reqid": f"req_{secrets.token_hex(8)}"}
    if status == 200 and world is not None and not world.switches.on("qiniu_msg"):
        del payload["msg"]
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
    state = _state(voice, at)
    shown: Json = {
        "id": voice.id,
        "name": voice.name(at),
        "language": _language(world, voice, at),
        "demo_url": _demo(world, incoming, voice, at),
        "state": state,
        "tier": voice.extra["tier"],
    }
    if world.switches.text("qiniu_create") == "given":
        del shown["tier"]
    return shown


def _language(world: World, voice: Voice, at: float) -> str:
    """The given page shows none on a slot made its way, until that is trained."""
    unseen = voice.extra["given"] and not voice.begun(at)
    if unseen or (voice.training(at) and not world.switches.on("qiniu_training_language")):
        return ""
    return str(voice.extra["language"])


def _demo(world: World, incoming: Incoming, voice: Voice, at: float) -> str:
    """While a voice is trained the pages' samples have one with a URL and one without."""
    heard, shape = voice.successes(at), world.switches.text("qiniu_training_demo")
    if voice.training(at) and shape != "former":
        return world.preview(incoming.origin, voice, voice.latest(at)) if shape == "always" else ""
    return world.preview(incoming.origin, voice, heard[-1]) if heard else ""


def _id(world: World) -> str:
    if world.switches.text("qiniu_ids") == "prefixed":
        return f"voice_clone_{secrets.token_hex(6)}"
    return secrets.token_hex(16)


def _default_name(world: World, number: str) -> str:
    if world.switches.text("qiniu_default_name") == "random":
        return "复刻音色-" + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(5))
    return f"复刻音色-{number[-5:]}"


async def create(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "创建音色栏位": `language` and `tier` as on the current page, or the given page's `model_id`."""
    body, at = _body(incoming), now()
    tier, language = _plan(world, body)
    if 0 < world.switches.number("qiniu_slots") <= len(world.present("qiniu", at)):
        raise refused(world, 403, "no voice slot left")
    number = _id(world)
    voice = Voice(
        "qiniu",
        number,
        at,
        [(at, _default_name(world, number))],
        extra={"language": language, "tier": tier, "given": "model_id" in body},
    )
    world.store.save(voice)
    call.voice = voice.id
    return answer(world, 200, "", _shown(world, incoming, voice, at))


def _plan(world: World, body: Json) -> tuple[str, str]:
    page = world.switches.text("qiniu_create")
    if page == "given" and (set(body) & {"language", "tier"} or "model_id" not in body):
        raise refused(world, 400, "the body is model_id alone")
    if page == "current" and "model_id" in body:
        raise refused(world, 400, "there is no model_id")
    if body.get("model_id", "QN_ACV") != "QN_ACV":
        raise refused(world, 400, "model_id is QN_ACV")
    tier, language = body.get("tier", "free"), body.get("language", "zh")
    if not isinstance(tier, str) or tier not in _TIERS:
        raise refused(world, 400, f"tier is {' or '.join(_TIERS)}")
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
    former = _found(world, call, incoming, now()).name(now())
    name, key = body.get("name"), body.get("key")
    if not isinstance(name, str) or not name.strip():
        raise refused(world, 400, "name is required")
    if len(name) > _LONGEST_NAME:
        raise refused(world, 400, f"name is longer than {_LONGEST_NAME} characters")
    if key not in (None, "") and not (isinstance(key, str) and is_url(key)):
        raise refused(world, 400, "key is the URL of an audio file")
    voice = await _apply(world, call, incoming, name, str(key or ""))
    shown = _shown(world, incoming, voice, now())
    if world.switches.on("qiniu_put_former_name"):
        shown["name"] = former
    return answer(world, 200, "", shown)


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
    if world.switches.on("qiniu_paid") or voice.extra["tier"] != "free":
        raise refused(world, 403, "a paid voice slot cannot be deleted")
    voice.deleted_at = at
    world.store.save(voice)
    return answer(world, 200, "", {})
