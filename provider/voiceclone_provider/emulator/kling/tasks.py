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
    return stage(at, task.started_at, task.finishes_at or task.started_at + 10)


def stage(at: float, began: float, ends: float) -> str:
    """The status of a task that runs."""
    return "submitted" if at < began + _SUBMITTED * (ends - began) else "processing"


def spelt(world: World, state: str) -> str:
    """The given page says `succeed`, the vendor's newer APIs `succeeded`."""
    return "succeeded" if state == "succeed" and world.switches.on("kling_succeeded") else state


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


def brief(world: World, voice: Voice, at: float) -> Json:
    return {
        "task_id": voice.id,
        "task_info": task_info(voice),
        "task_status": spelt(world, status(voice, at)),
        "created_at": int(voice.created_at * 1000),
        "updated_at": int(_updated(voice, at) * 1000),
    }


def whole(world: World, origin: str, voice: Voice, at: float) -> Json:
    """The task with its result: `{}` while it runs; without voices once they are deleted, by default."""
    state, task = status(voice, at), voice.latest(at)
    result: Json = {}
    if state == "succeed":
        made = {
            "voice_id": voice.extra["voice_id"],
            "voice_name": voice.name(at),
            "trial_url": world.preview(origin, voice, task),
            "owned_by": voice.extra["owned_by"],
        }
        hidden = voice.deleted(at) and not world.switches.on("kling_deleted_keeps_result")
        result = {"voices": [] if hidden else [made]}
    units = UNITS if state == "succeed" else "0"
    balance = {"final_balance_deduction": {"quota": units, "list_price": units}}
    return {
        "task_id": voice.id,
        "task_status": spelt(world, state),
        "task_status_msg": task.message if task and state == "failed" else "",
        "final_unit_deduction": units,
        **(balance if world.switches.on("kling_balance_deduction") else {}),
        "task_info": task_info(voice),
        "task_result": result,
        "created_at": int(voice.created_at * 1000),
        "updated_at": int(_updated(voice, at) * 1000),
    }
