"""A Volcengine slot in time: its state in the words of the two APIs, its version, who may train it."""

from __future__ import annotations

from ..core.voices import Training, Voice
from ..core.wire import Json
from ..core.world import World

_YEAR = 365 * 86400


SERVICES = {
    "volc.megatts.voiceclone": ("seed-icl-1.0",),
    "volc.seedicl.voiceclone": ("seed-icl-2.0",),
    "volc.dialog.voiceclone": ("seed-icl-1.0",),
}
"""The services that slots are of, and the models that a slot of each can be trained with by V1."""
REALTIME = "volc.dialog.voiceclone"


def new_slot(name: str, at: float, service: str = "") -> Voice:
    """A slot of one service; without one, of 1.0 and 2.0, which are ordered by one code."""
    times = {"ordered_at": at, "expire_time": at + _YEAR}
    return Voice("volcengine", name, at, [(at, "")], extra=times | {"service": service})


def post_paid(voice: Voice) -> bool:
    """Whether it is a voice with a name of the caller's own, made by V3 and billed when it is first used."""
    return bool(voice.extra.get("post_paid"))


def resource(model: int) -> str:
    return "seed-icl-2.0" if model in (4, 5) else "seed-icl-1.0"


def belongs(voice: Voice, wanted: str) -> bool:
    """Whether the slot is of this service, or can be used with this model."""
    service = voice.extra.get("service", "")
    if wanted in SERVICES:
        return service == wanted or (not service and wanted != REALTIME)
    return not service or wanted in SERVICES[service]


def models(world: World, training: Training) -> list[int]:
    """The models that a training made: V1's own, or, with V3, one of 1.0 and one of 2.0."""
    if training.details.get("v3"):
        return [1, int(world.switches.number("volcengine_v3_model"))]
    return [int(training.details.get("model_type", 0))]


def find_slot(world: World, name: str, at: float) -> Voice | None:
    """The slot with this ID. The given page lets the caller choose the ID; the vendor sells it."""
    voice = world.store.voice("volcengine", name)
    if voice is None and world.switches.on("volcengine_own_speakers"):
        return new_slot(name, at)
    return voice


def version(world: World, voice: Voice, at: float) -> Json:
    """`V` and the number of trainings that are over; it moves when a training ends, not when it starts.

    The vendor's samples contradict this and one another, hence the switch `volcengine_version`.
    """
    counted = (
        voice.finished(at) if world.switches.on("volcengine_failed_bumps_version") else voice.successes(at)
    )
    done = len(counted)
    match world.switches.text("volcengine_version"):
        case "absent":
            return {}
        case "stays":
            done = min(done, 1)
        case "starts-at-1":
            done = max(done, 1)
        case "steps-of-two":
            done = max(0, 2 * done - 1)
    return {"version": f"V{done}" if done else ""}


def create_time(world: World, voice: Voice, at: float) -> Json:
    """When the latest training began, in milliseconds; or the slot's own time, which never moves.

    In the vendor's list sample CreateTime is earlier than OrderTime, so it may be the slot's.
    """
    latest, shape = voice.latest(at), world.switches.text("volcengine_create_time")
    if shape == "absent":
        return {}
    moment = latest.started_at if latest and shape == "training" else voice.created_at
    return {"create_time": int(moment * 1000)}


def shown(voice: Voice, at: float) -> Training | None:
    """The training whose voice can be heard: the last that succeeded."""
    done = voice.successes(at)
    return done[-1] if done else None


def status_number(voice: Voice, at: float) -> int:
    """NotFound 0, Training 1, Success 2, Failed 3, Active 4."""
    if voice.deleted(at):
        return 0
    if voice.locked(at):
        return 4
    latest = voice.latest(at)
    if latest is None:
        return 0
    if not latest.over(at):
        return 1
    return 2 if latest.result == "success" else 3


def list_state(world: World, voice: Voice, at: float) -> str:
    """Unknown, Training, Success, Active, Expired, Reclaimed; how a failure shows is not on the page."""
    if voice.deleted(at):
        return "Reclaimed"
    if voice.expired(at) or voice.extra["expire_time"] <= at:
        return "Expired"
    if voice.locked(at):
        return "Active"
    if voice.latest(at) is None:
        return "Unknown"
    word = {1: "Training", 2: "Success"}.get(status_number(voice, at))
    return word or world.switches.text("volcengine_list_failed_as")


def left(world: World, voice: Voice, at: float) -> int:
    """AvailableTrainingTimes: 0 once the slot is locked."""
    if voice.locked(at) or voice.deleted(at):
        return 0
    allowed = int(world.switches.number("trainings_per_voice"))
    if voice.begun(at) and world.switches.text("volcengine_trainings_left") == "first-free":
        allowed += 1  # one page shows 10 left after the first training
    return voice.left(at, allowed)


def may_train(world: World, voice: Voice | None, at: float) -> tuple[int, str] | None:
    """Why a slot cannot be trained now."""
    if voice is None or voice.deleted(at):
        return 1107, "speaker id not found"
    state = list_state(world, voice, at)
    if state == "Expired":
        return 1001, "the speaker id has expired"
    if state == "Active":
        return 1001, "the speaker id is activated and cannot be trained again"
    if voice.training(at):
        return 1001, "the speaker id is being trained"
    if left(world, voice, at) <= 0:
        return 1123, "upload limit reached: a speaker id can be uploaded 10 times"
    return None
