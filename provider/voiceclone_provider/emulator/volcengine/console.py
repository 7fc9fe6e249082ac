"""Volcengine's console API: slots (given page: "批量查询状态（控制台 API）"; vendor's page 2235883)."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from typing import Any

from ..core.store import now
from ..core.voices import Training, Voice
from ..core.wire import Answer, Call, Incoming, Json, UnreadableError, whole_number
from ..core.world import World
from .credentials import APP
from .signature import DeniedError, verify
from .slots import (
    REALTIME,
    SERVICES,
    belongs,
    create_time,
    left,
    list_state,
    models,
    post_paid,
    resource,
    shown,
    version,
)

_OLD, _NEW = "2023-11-07", "2025-05-21"
_PROJECT = "default"
_STATES = ("Unknown", "Training", "Success", "Active", "Expired", "Reclaimed")


def _metadata(incoming: Incoming) -> Json:
    return {
        "RequestId": f"{now():.0f}{secrets.token_hex(12).upper()}",
        "Action": incoming.param("Action") or "",
        "Version": incoming.param("Version") or "",
        "Service": "speech_saas_prod",
    }


def fault(incoming: Incoming, status: int, message: str) -> Answer:
    code = {
        400: "InvalidParameter",
        404: "InvalidActionOrVersion",
        405: "InvalidActionOrVersion",
        413: "InvalidParameter",
        429: "FlowLimitExceeded",
    }
    denied = DeniedError(code.get(status, "InternalError.NotCaptured"), message, status)
    return _denied(_metadata(incoming), denied)


def _denied(metadata: Json, why: DeniedError) -> Answer:
    metadata["Error"] = {"Code": why.code, "Message": why.message}
    return Answer(why.status, {"ResponseMetadata": metadata}, code=why.code)


async def serve(world: World, call: Call, incoming: Incoming) -> Answer:
    metadata = _metadata(incoming)
    try:
        metadata["Region"] = verify(incoming, now())
        version = metadata["Version"]
        action = _ACTIONS.get((version, metadata["Action"]))
        if action is None or (version == _OLD and _offline(world, metadata["Action"])):
            raise DeniedError("InvalidActionOrVersion", "The action or version does not exist.", 404)
        result = action(world, call, incoming, _body(incoming))
    except DeniedError as bad:
        return _denied(metadata, bad)
    return Answer(200, {"ResponseMetadata": metadata, "Result": result}, code=0)


def _offline(world: World, action: str) -> bool:
    """The vendor has taken it offline; the given page still lists it."""
    return action == "ListMegaTTSTrainStatus" and world.switches.on("volcengine_list_offline")


def _body(incoming: Incoming) -> Json:
    if incoming.method == "GET":
        return {key: value for key, value in incoming.query if key not in ("Action", "Version")}
    try:
        return incoming.json()
    except UnreadableError as bad:
        raise DeniedError("InvalidParameter", str(bad)) from None


def _app(body: Json) -> str:
    if body.get("AppID") != APP:
        raise DeniedError("InvalidParameter.AppID", "AppID is missing or not one of this account")
    return APP


def _project(body: Json) -> None:
    if body.get("ProjectName") != _PROJECT:
        raise DeniedError("InvalidParameter.ProjectName", "ProjectName is missing or not one of this account")


def _named(world: World, body: Json) -> list[Voice]:
    """The slots asked for. One wrong ID fails the whole call (seen by a client)."""
    slots = [voice for voice in world.store.voices("volcengine") if not post_paid(voice)]
    asked = body.get("SpeakerIDs")
    if asked in (None, []):
        return slots
    if not isinstance(asked, list) or not all(isinstance(name, str) for name in asked):
        raise DeniedError("OperationDenied.InvalidParameter", "SpeakerIDs is a list of strings")
    known = {voice.id: voice for voice in slots}
    if not set(asked) <= set(known):
        raise DeniedError(
            "OperationDenied.InvalidSpeakerID", "SpeakerIDs names a speaker that is not this account's"
        )
    return [known[name] for name in dict.fromkeys(asked)]


def _of_resources(world: World, body: Json) -> list[str]:
    """`ResourceIDs`, services or models: an older page has this filter, the newest has not."""
    asked = body.get("ResourceIDs")
    if not asked or not world.switches.on("volcengine_resource_filter"):
        return []
    if not isinstance(asked, list) or not set(map(str, asked)) <= {*SERVICES, "seed-icl-1.0", "seed-icl-2.0"}:
        raise DeniedError("OperationDenied.InvalidParameter", "ResourceIDs is a list of known resources")
    return [str(one) for one in asked]


def _number(body: Json, name: str, high: int, default: int, low: int = 1) -> int:
    number = whole_number(body.get(name, default), low, high)
    if number is None:
        raise DeniedError("OperationDenied.InvalidParameter", f"{name} is {low} to {high}")
    return number


def _moment(body: Json, name: str) -> int | None:
    if (value := body.get(name)) is None:
        return None
    number = whole_number(value, 0, 10**15)
    if number is None:
        raise DeniedError("OperationDenied.InvalidParameter", f"{name} is in milliseconds")
    return number


def _list(world: World, call: Call, incoming: Incoming, body: Json) -> Json:
    app = _app(body)
    asked = body | {"State": body.get("State") or ""}
    listing = _listing(world, call, asked, _of_resources(world, body), pages=10**9, size=100)
    statuses = [_status(world, incoming, voice, listing.at) for voice in listing.here]
    if world.switches.on("volcengine_given_names"):
        return {"Total": listing.total, "Statuses": statuses}
    return {"AppID": app, **listing.reply(), "Statuses": statuses}


def _list_project(world: World, call: Call, incoming: Incoming, body: Json) -> Json:
    """Version 2025-05-21: by project; State has to be there, and one that is empty is any (client seen)."""
    _project(body)
    if body.get("MaxResults") == 0:  # allowed there: no limit of its own
        body = {name: value for name, value in body.items() if name != "MaxResults"}
    listing = _listing(world, call, body, [], pages=10000, size=1000)
    statuses = [_project_status(world, incoming, voice, listing.at) for voice in listing.here]
    return {**listing.reply(), "Statuses": statuses}


@dataclass(frozen=True, slots=True)
class _Listing:
    at: float
    here: list[Voice]
    total: int
    page: int
    size: int
    next_token: str

    def reply(self) -> Json:
        return {
            "TotalCount": self.total,
            "NextToken": self.next_token,
            "PageNumber": self.page,
            "PageSize": self.size,
        }


def _listing(
    world: World, call: Call, body: Json, resources: list[str], *, pages: int, size: int
) -> _Listing:
    at, largest = world.read_at(call), size
    state = body.get("State")
    if state not in ("", *_STATES):
        raise DeniedError("OperationDenied.InvalidParameter", f"State is one of {', '.join(_STATES)}")
    page, size = _number(body, "PageNumber", pages, 1), _number(body, "PageSize", largest, 10)
    start = (page - 1) * size
    token = body.get("NextToken")
    if token not in (None, "") or "MaxResults" in body:
        start, size = _from_token(token), _number(body, "MaxResults", largest, size)
    window = {
        name: _moment(body, name)
        for name in ("OrderTimeStart", "OrderTimeEnd", "ExpireTimeStart", "ExpireTimeEnd")
    }
    voices = [
        voice
        for voice in _named(world, body)
        if voice.created_at <= at
        and (not state or list_state(world, voice, at) == state)
        and (not resources or any(belongs(voice, one) for one in resources))
        and _within(voice.extra["ordered_at"], window["OrderTimeStart"], window["OrderTimeEnd"])
        and _within(voice.extra["expire_time"], window["ExpireTimeStart"], window["ExpireTimeEnd"])
    ]
    more = start + size < len(voices)
    token = base64.b64encode(str(start + size).encode()).decode() if more else ""
    return _Listing(at, voices[start : start + size], len(voices), page, size, token)


def _from_token(token: Any) -> int:
    if token in (None, ""):
        return 0
    try:
        start = whole_number(base64.b64decode(token, validate=True).decode(), 0, 10**9)
    except (TypeError, ValueError, binascii.Error, UnicodeDecodeError):
        start = None
    if start is None:
        raise DeniedError("OperationDenied.InvalidParameter", "NextToken is not one that was given out")
    return start


def _within(moment: float, start: int | None, end: int | None) -> bool:
    at = int(moment * 1000)
    return (start is None or start <= at) and (end is None or at <= end)


def _status(world: World, incoming: Incoming, voice: Voice, at: float) -> Json:
    state = list_state(world, voice, at)
    status: Json = {"SpeakerID": voice.id, "State": state, **_capital(version(world, voice, at))}
    if state == "Unknown":
        return status  # a slot that was never trained has nothing else
    given = world.switches.on("volcengine_given_names")
    latest, heard = voice.latest(at), shown(voice, at)
    known = heard or latest
    resources = [resource(model) for model in models(world, known)] if known else ["seed-icl-1.0"]
    activable: bool | str = state == "Success"
    if world.switches.on("volcengine_activable_string"):
        activable = str(activable).lower()
    prefix = "S2S_" if voice.extra.get("service") == REALTIME else ""
    status |= {
        **_capital(create_time(world, voice, at)),
        "DemoAudio": world.preview(incoming.origin, voice, heard),
        "InstanceNO": f"{prefix}Model_storage_{voice.id}",
        "IsActivatable" if given else "IsActivable": activable,
        "ExpireTime": int((voice.expires_at or voice.extra["expire_time"]) * 1000),
        "OrderTime": int(voice.extra["ordered_at"] * 1000),
        "Alias": voice.name(at),
    }
    if world.switches.text("volcengine_trainings_left") != "absent":
        status["AvailableTrainingTimes"] = left(world, voice, at)
    if given:
        status["ResourceID"] = resources[-1]
    else:
        status["ModelTypeDetails"] = _details(world, incoming, voice, heard)
    return status


def _details(world: World, incoming: Incoming, voice: Voice, heard: Training | None) -> list[Json]:
    if heard is None:
        return []
    demo = world.preview(incoming.origin, voice, heard)
    return [
        {"ModelType": model, "DemoAudio": demo, "IclSpeakerId": voice.id, "ResourceID": resource(model)}
        for model in models(world, heard)
    ]


def _project_status(world: World, incoming: Incoming, voice: Voice, at: float) -> Json:
    """A row of version 2025-05-21: as the vendor's SDK types it, or with all that a client saw live."""
    status = _status(world, incoming, voice, at)
    if "Version" in status:
        status["Version"] = status["Version"].lower()  # seen by a client
    if "InstanceNO" not in status:
        return status
    if world.switches.text("volcengine_project_rows") == "typed":
        for name in ("ModelTypeDetails", "ResourceID"):
            status.pop(name, None)
        return status
    details = status.get("ModelTypeDetails") or _details(world, incoming, voice, shown(voice, at))
    if "IsActivable" in status:
        status["IsActivatable"] = status.pop("IsActivable")
    of = details[-1]["ResourceID"] if details else "seed-icl-1.0"
    return status | {"InstanceStatus": "active", "ResourceID": of, "ModelTypeDetails": details}


_NAMES = {"version": "Version", "create_time": "CreateTime"}


def _capital(fields: Json) -> Json:
    return {_NAMES[name]: value for name, value in fields.items()}


def _activate(world: World, call: Call, incoming: Incoming, body: Json) -> Json:
    """Lock slots: they can be used as before and never be trained again."""
    app = _app(body)
    if not body.get("SpeakerIDs"):
        raise DeniedError("OperationDenied.InvalidParameter", "SpeakerIDs is missing")
    voices, at = _named(world, body), now()
    if any(list_state(world, voice, at) != "Success" for voice in voices):
        raise DeniedError("OperationDenied.InvalidSpeakerID", "only state Success can be activated")
    for voice in voices:
        voice.locked_at = at
        world.store.save(voice)
    call.voice = voices[0].id
    return {"AppID": app, "Statuses": [_status(world, incoming, voice, at) for voice in voices]}


_ACTIONS = {
    (_OLD, "BatchListMegaTTSTrainStatus"): _list,
    (_OLD, "ListMegaTTSTrainStatus"): _list,
    (_OLD, "ActivateMegaTTSTrainStatus"): _activate,
    (_NEW, "BatchListMegaTTSTrainStatus"): _list_project,
    (_NEW, "ListMegaTTSTrainStatus"): _list_project,
}
