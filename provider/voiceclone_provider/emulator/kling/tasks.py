"""A Kling voice is the result of a task; this is how its replies show one (given page: "自定义音色")."""

from __future__ import annotations

from ..core.voices import Voice
from ..core.wire import Json
from ..core.world import World

_SUBMITTED = 0.2  # of a training's time the task is `submitted`, then `processing`
UNITS = "0.05"


def status(voice: Voice, at: float) -> str:
    task = voice.latest(at)
    if task is None:
        return "submitted"
    if task.over(at):
        return "succeed" if task.result == "success" else "failed"
    span = (task.finishes_at or task.started_at + 10) - task.started_at
    return "submitted" if at < task.started_at + _SUBMITTED * span else "processing"


def _updated(voice: Voice, at: float) -> float:
    task = voice.latest(at)
    if task is None:
        return voice.created_at
    if task.over(at) and task.finishes_at is not None:
        return task.finishes_at
    return task.started_at


def task_info(voice: Voice) -> Json:
    external = voice.extra.get("external_task_id")
    return {"external_task_id": external} if external else {}


def brief(voice: Voice, at: float) -> Json:
    return {
        "task_id": voice.id,
        "task_info": task_info(voice),
        "task_status": status(voice, at),
        "created_at": int(voice.created_at * 1000),
        "updated_at": int(_updated(voice, at) * 1000),
    }


def whole(world: World, origin: str, voice: Voice, at: float) -> Json:
    """The task with its result: `{}` while it runs, without voices once they are deleted."""
    state, task = status(voice, at), voice.latest(at)
    result: Json = {}
    if state == "succeed":
        made = {
            "voice_id": voice.extra["voice_id"],
            "voice_name": voice.name(at),
            "trial_url": world.preview(origin, voice, task),
            "owned_by": voice.extra["owned_by"],
        }
        result = {"voices": [] if voice.deleted(at) else [made]}
    return {
        "task_id": voice.id,
        "task_status": state,
        "task_status_msg": task.message if task and state == "failed" else "",
        "final_unit_deduction": UNITS if state == "succeed" else "0",
        "task_info": task_info(voice),
        "task_result": result,
        "created_at": int(voice.created_at * 1000),
        "updated_at": int(_updated(voice, at) * 1000),
    }
