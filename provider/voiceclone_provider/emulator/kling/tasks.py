"""A Kling voice is the result of a task; this is how its replies show one (given page: "自定义音色")."""

from __future__ import annotations

from ..core.sound import Sound
from ..core.voices import Voice
from ..core.wire import Json
from ..core.world import GOOD, Heard, Verdict, World

_CONTAINERS = ("wav", "mp3", "mp4", "m4a", "mov")
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


def judge(world: World, heard: Heard) -> Verdict:
    """Given page: .mp3, .wav, .mp4, .mov; 5 to 30 seconds; clean, of one voice."""
    if heard.sound is None:
        return Verdict("failed", 1201, f"voice_url: {heard.reason}")
    if heard.sound.container not in _CONTAINERS:
        return Verdict("failed", 1201, f"voice_url: {heard.sound.container} is not supported")
    if reason := _length(heard.sound):
        return Verdict("failed", 1201, reason)
    if heard.sound.verdict != "speech" and world.switches.on("judge_audio"):
        return Verdict("failed", 1201, "the audio has no clear human voice")
    return GOOD


def _length(sound: Sound) -> str | None:
    if sound.seconds < 4.95:
        return f"the audio is {sound.seconds:.1f} seconds long, shorter than 5 seconds"
    if sound.seconds > 30.05:
        return f"the audio is {sound.seconds:.1f} seconds long, longer than 30 seconds"
    return None
