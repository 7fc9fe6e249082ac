"""Deleting a Kling voice is a task too (given page: "删除自定义音色"): `submitted` is no deletion yet."""

from __future__ import annotations

from typing import Any

from ..core.store import now
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json
from ..core.world import World
from .catalogue import PRESET_IDS
from .replies import done, refused
from .tasks import spelt, stage, status

_FIELD = "deletion"  # of `Voice.extra`: the latest delete task


async def delete(world: World, call: Call, incoming: Incoming) -> Answer:
    """A POST, by the ID of the voice, not of the task; only one's own."""
    wanted, at = incoming.json().get("voice_id"), now()
    if not isinstance(wanted, str) or not wanted:
        raise refused(1201, "voice_id is required")
    if wanted in PRESET_IDS:
        raise refused(1201, "only a custom voice can be deleted")
    for voice in world.store.voices("kling"):
        # Until the task has succeeded the voice's ID is not known outside.
        if voice.extra["voice_id"] != wanted or status(voice, at) != "succeed":
            continue
        call.voice = voice.id
        if voice.exists(at):
            return _answer(world, _begin(world, voice, at), at)
        if world.switches.on("kling_already_deleted"):
            raise refused(1201, f"Element already be deleted for id: {wanted}")
    raise refused(1201, "Voice id not found")


def _begin(world: World, voice: Voice, at: float) -> Json:
    """Start the task; while one runs, that one goes on (assumed)."""
    known: Json | None = voice.extra.get(_FIELD)
    if known is not None and at < known["until"]:
        return known
    seconds = max(0.0, world.switches.number("kling_delete_seconds"))
    fails = world.switches.on("kling_delete_fails")
    task: Json = {
        "task_id": world.number(18, "9") if seconds else voice.id,
        "at": at,
        "until": at + seconds,
        "fails": fails,
    }
    voice.extra[_FIELD] = task
    if not fails:
        voice.deleted_at = at + seconds
    world.store.save(voice)
    return task


def _answer(world: World, task: Json, at: float) -> Answer:
    if world.switches.on("kling_delete_bare"):
        return done(None)
    return done({"task_id": task["task_id"], "task_status": spelt(world, _stage(task, at))})


def _stage(task: Json, at: float) -> str:
    if at < task["until"]:
        return stage(at, task["at"], task["until"])
    return "failed" if task["fails"] else "succeed"


def shown(world: World, wanted: str, at: float) -> Json | None:
    """The delete task by its ID. No page names a call for it; with the switch it is asked for like any."""
    if not world.switches.on("kling_delete_task_shown"):
        return None
    tasks = (voice.extra.get(_FIELD) for voice in world.store.voices("kling"))
    task: dict[str, Any] | None = next((one for one in tasks if one and one["task_id"] == wanted), None)
    if task is None:
        return None
    state = _stage(task, at)
    return {
        "task_id": task["task_id"],
        "task_status": spelt(world, state),
        "task_status_msg": "the voice cannot be deleted" if state == "failed" else "",
        "task_info": {},
        "task_result": {},
        "created_at": int(task["at"] * 1000),
        "updated_at": int(min(at, max(task["at"], task["until"])) * 1000),
    }
