"""Kling's custom voices (given page: "自定义音色"; error codes from the vendor's page "error codes")."""

from __future__ import annotations

from ..core.store import now
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json, is_url, whole_number
from ..core.world import GOOD, Verdict, World
from .callbacks import follow
from .catalogue import PRESETS, VIDEOS
from .deletion import shown as shown_deletion
from .replies import done, refused
from .tasks import UNITS, brief, status, whole

_LONGEST_NAME = 20
_EXTENSIONS = (".mp3", ".wav", ".mp4", ".mov")
_CREATOR = "emulator-creator"


async def create(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "创建自定义音色"."""
    asked = _creation(incoming.json())
    url, video, external = asked["voice_url"], asked["video_id"], asked["external_task_id"]
    verdict: Verdict | None = GOOD
    digest = None
    if url:
        verdict, digest = await world.judge_url("kling", url, incoming.origin)
    elif reason := VIDEOS[video].refusal():
        verdict = Verdict("failed", 1201, f"video_id: {reason}")
    at = now()
    if external and _by_external(world, external) is not None:
        raise refused(1201, "external_task_id is already used")
    if world.full("kling"):
        raise refused(1303, "parallel task over resource pack limit", 429)
    if 0 <= world.switches.number("kling_units") < float(UNITS):
        raise refused(1102, "Account balance not enough", 429)
    voice = Voice(
        "kling",
        world.number(18, "9"),
        at,
        [(at, asked["voice_name"])],
        extra={
            "voice_id": world.number(18, "8"),
            "external_task_id": external,
            "callback_url": asked["callback_url"],
            "owned_by": _CREATOR,
        },
    )
    call.voice = voice.id
    training = world.train(
        call,
        incoming,
        voice,
        verdict,
        audio_sha256=digest,
        audio_url=url or None,
        details={"video_id": video},
    )
    follow(world, voice)
    if world.switches.number("kling_units") >= 0:
        world.spend("kling_units", float(UNITS))
    return done(brief(world, voice, training.started_at))


def _creation(body: Json) -> dict[str, str]:
    asked: dict[str, str] = {}
    for name in ("voice_name", "voice_url", "video_id", "callback_url", "external_task_id"):
        value = body.get(name)
        if value is not None and not isinstance(value, str):
            raise refused(1201, f"{name} is a string")
        asked[name] = value or ""  # the vendor's own example passes an empty video_id
    if not asked["voice_name"].strip():
        raise refused(1201, "voice_name is required")
    if len(asked["voice_name"]) > _LONGEST_NAME:
        raise refused(1201, f"voice_name is longer than {_LONGEST_NAME} characters")
    if bool(asked["voice_url"]) == bool(asked["video_id"]):
        raise refused(1201, "exactly one of voice_url and video_id is required")
    if asked["voice_url"] and not is_url(asked["voice_url"], _EXTENSIONS):
        raise refused(1201, f"voice_url is the URL of a file: {', '.join(_EXTENSIONS)}")
    if asked["video_id"] and asked["video_id"] not in VIDEOS:
        raise refused(1201, "video_id: no such video")
    if asked["callback_url"] and not is_url(asked["callback_url"]):
        raise refused(1201, "callback_url is not a URL")
    return asked


def _by_external(world: World, external: str) -> Voice | None:
    """A deleted task's own ID stays taken (assumed)."""
    named = (voice for voice in world.store.voices("kling") if voice.extra["external_task_id"] == external)
    return next(named, None)


def _by_voice(world: World, wanted: str, at: float) -> Voice | None:
    """The page names no such call; gateways to newer APIs have it."""
    if not world.switches.on("kling_get_by_voice_id"):
        return None
    named = (voice for voice in world.store.voices("kling") if voice.extra["voice_id"] == wanted)
    return next((voice for voice in named if status(voice, at) == "succeed"), None)


def _shown(world: World, voice: Voice, at: float) -> bool:
    if voice.created_at > at:
        return False
    return world.switches.on("kling_keep_deleted") or not voice.deleted(at)


async def get(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "查询自定义音色（单个）": by the task's ID or by one's own."""
    wanted, at = incoming.args["id"], world.read_at(call)
    voice = world.store.voice("kling", wanted) or _by_external(world, wanted) or _by_voice(world, wanted, at)
    if voice is None or not _shown(world, voice, at):
        if deletion := shown_deletion(world, wanted, at):
            return done(deletion)
        if world.switches.on("kling_not_found_1203"):
            raise refused(1203, "The requested resource does not exist", 404)
        raise refused(1201, "Task not found by id/external id")
    call.voice = voice.id
    return done(whole(world, incoming.origin, voice, at))


def _page(world: World, incoming: Incoming) -> slice:
    largest = int(world.switches.number("kling_max_page_size"))
    number = whole_number(incoming.param("pageNum") or "1", 1, 1000)
    size = whole_number(incoming.param("pageSize") or "30", 1, largest)
    if number is None:
        raise refused(1201, "pageNum is 1 to 1000")
    if size is None:
        raise refused(1201, f"pageSize is 1 to {largest}")
    return slice((number - 1) * size, number * size)


async def list_voices(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "查询自定义音色（列表）": the newest first (assumed)."""
    page, at = _page(world, incoming), world.read_at(call)
    voices = [voice for voice in reversed(world.store.voices("kling")) if _shown(world, voice, at)]
    return done([whole(world, incoming.origin, voice, at) for voice in voices[page]])


async def list_presets(world: World, call: Call, incoming: Incoming) -> Answer:
    """ "查询官方音色（列表）"."""
    return done(PRESETS[_page(world, incoming)])
