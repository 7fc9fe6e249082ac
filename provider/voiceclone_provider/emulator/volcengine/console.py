"""Volcengine's console API: slots (given page: "批量查询状态（控制台 API）"; vendor's page 2235883)."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Any

from ..core.store import now
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json, UnreadableError, whole_number
from ..core.world import World
from .credentials import APP
from .signature import DeniedError, verify
from .slots import create_time, left, list_state, shown, version

_VERSION = "2023-11-07"
_STATES = ("Unknown", "Training", "Success", "Active", "Expired", "Reclaimed")
_RESOURCE = {4: "seed-icl-2.0"}


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
        action = _ACTIONS.get(metadata["Action"])
        if action is None or metadata["Version"] != _VERSION or _offline(world, metadata["Action"]):
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


def _named(world: World, body: Json) -> list[Voice]:
    """The slots asked for. One wrong ID fails the whole call (seen by a client)."""
    asked = body.get("SpeakerIDs")
    if asked in (None, []):
        return world.store.voices("volcengine")
    if not isinstance(asked, list) or not all(isinstance(name, str) for name in asked):
        raise DeniedError("OperationDenied.InvalidParameter", "SpeakerIDs is a list of strings")
    found = [voice for name in dict.fromkeys(asked) if (voice := world.store.voice("volcengine", name))]
    if len(found) != len(set(asked)):
        raise DeniedError(
            "OperationDenied.InvalidSpeakerID", "SpeakerIDs names a speaker that is not this account's"
        )
    return found


def _number(body: Json, name: str, high: int, default: int) -> int:
    number = whole_number(body.get(name, default), 1, high)
    if number is None:
        raise DeniedError("OperationDenied.InvalidParameter", f"{name} is 1 to {high}")
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
    at = world.read_at(call)
    state = body.get("State")
    if state not in (None, "", *_STATES):
        raise DeniedError("OperationDenied.InvalidParameter", f"State is one of {', '.join(_STATES)}")
    page, size = _number(body, "PageNumber", 10**9, 1), _number(body, "PageSize", 100, 10)
    start = (page - 1) * size
    token = body.get("NextToken")
    if token not in (None, "") or "MaxResults" in body:
        start, size = _from_token(token), _number(body, "MaxResults", 100, size)
    window = {
        name: _moment(body, name)
        for name in ("OrderTimeStart", "OrderTimeEnd", "ExpireTimeStart", "ExpireTimeEnd")
    }
    voices = [
        voice
        for voice in _named(world, body)
        if voice.created_at <= at
        and (not state or list_state(world, voice, at) == state)
        and _within(voice.extra["ordered_at"], window["OrderTimeStart"], window["OrderTimeEnd"])
        and _within(voice.extra["expire_time"], window["ExpireTimeStart"], window["ExpireTimeEnd"])
    ]
    here = voices[start : start + size]
    more = start + size < len(voices)
    statuses = [_status(world, incoming, voice, at) for voice in here]
    if world.switches.on("volcengine_given_names"):
        return {"Total": len(voices), "Statuses": statuses}
    return {
        "AppID": app,
        "TotalCount": len(voices),
        "NextToken": base64.b64encode(str(start + size).encode()).decode() if more else "",
        "PageNumber": page,
        "PageSize": size,
        "Statuses": statuses,
    }


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
    model = int(known.details.get("model_type", 0)) if known else 0
    demo = world.preview(incoming.origin, voice, heard)
    status |= {
        **_capital(create_time(world, voice, at)),
        "DemoAudio": demo,
        "InstanceNO": f"S2S_Model_storage_g-{voice.id}",
        "IsActivatable" if given else "IsActivable": state == "Success",
        "ExpireTime": int((voice.expires_at or voice.extra["expire_time"]) * 1000),
        "OrderTime": int(voice.extra["ordered_at"] * 1000),
        "Alias": voice.name(at),
    }
    if world.switches.text("volcengine_trainings_left") != "absent":
        status["AvailableTrainingTimes"] = left(world, voice, at)
    resource = _RESOURCE.get(model, "seed-icl-1.0")
    if given:
        status["ResourceID"] = resource
    else:
        status["ModelTypeDetails"] = (
            [{"ModelType": model, "DemoAudio": demo, "IclSpeakerId": voice.id, "ResourceID": resource}]
            if heard
            else []
        )
    return status


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
    "BatchListMegaTTSTrainStatus": _list,
    "ListMegaTTSTrainStatus": _list,
    "ActivateMegaTTSTrainStatus": _activate,
}
