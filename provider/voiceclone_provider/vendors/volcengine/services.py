"""Which service a slot was bought for: a voice can only be trained in a slot of its model's.

批量查询状态 shows it for trained slots at most. An older page has a filter (`ResourceIDs`), which is asked;
the newest page does not have it, and whoever ignores it answers every question with all slots. So a slot
counts as one of a service only where the question for another service leaves it out.
"""

from __future__ import annotations

from ...core.errors import PermanentError
from ..base import Observation
from .console import BAD_PARAMETER, Console
from .models import VolcengineModelType
from .slots import is_free, refused
from .wire import SEED_2

CLONING_1 = "volc.megatts.voiceclone"
CLONING_2 = "volc.seedicl.voiceclone"
REALTIME = "volc.dialog.voiceclone"
NAMES = {CLONING_1: "声音复刻 1.0", CLONING_2: "声音复刻 2.0"}

_REALTIME_ORDER = "S2S_"


def service_of(model: VolcengineModelType) -> str:
    """The service that a model's slots are bought for."""
    return CLONING_2 if model is VolcengineModelType.ICL_2_0 else CLONING_1


def slots_for_any_model(console: Console) -> list[Observation]:
    """The slots that a training for every model (API V3) may use: all but those of the realtime service."""
    listed = console.listing()
    realtime = _ids(_listed_as(console, REALTIME) or [])
    if realtime == _ids(listed):
        realtime = set()  # the filter is ignored, or there is nothing else
    return [slot for slot in listed if slot.voice_id not in realtime and not _is_realtime(slot)]


def slots_for(console: Console, model: VolcengineModelType) -> list[Observation]:
    """The slots of the model's service. Raises `PermanentError` where there are free slots and none can be
    told to be of it."""
    service = service_of(model)
    listed, elsewhere = _asked(console, service)
    told = [slot for slot in listed if not is_free(slot) or _is_of(slot, service, elsewhere)]
    if not any(is_free(slot) for slot in told) and len(told) < len(listed):
        raise refused(
            "",
            f"the console does not show which service the {len(listed) - len(told)} free slots belong to",
            f"Give the speakerId of a slot of {NAMES[service]}, the service of modelType {model}.",
        )
    return told


def _asked(console: Console, service: str) -> tuple[list[Observation], set[str]]:
    """The slots that the console lists for a service, and the IDs of those that it lists for another one
    too."""
    listed = _listed_as(console, service)
    elsewhere = None if listed is None else _listed_as(console, REALTIME)
    if listed is None or elsewhere is None:
        listed = elsewhere = console.listing()
    return listed, _ids(elsewhere)


def _listed_as(console: Console, service: str) -> list[Observation] | None:
    """The slots that the console lists for a service; `None` where it does not take the filter."""
    if not console.lists_services:
        return None
    try:
        return console.listing({"ResourceIDs": [service]})
    except PermanentError as error:
        if not error.code.startswith(BAD_PARAMETER):
            raise
        return None


def _ids(slots: list[Observation]) -> set[str]:
    return {slot.voice_id for slot in slots}


def _is_of(slot: Observation, service: str, elsewhere: set[str]) -> bool:
    if _is_realtime(slot):
        return False
    if slot.extras.get("resourceId") == SEED_2:  # the realtime service has the other one, too
        return service == CLONING_2
    return slot.voice_id not in elsewhere


def _is_realtime(slot: Observation) -> bool:
    return str(slot.extras.get("instanceNo", "")).startswith(_REALTIME_ORDER)
