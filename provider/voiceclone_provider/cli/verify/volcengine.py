"""What Volcengine's documentation leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .questions import (
    ABSENT,
    Exchanges,
    Question,
    Subject,
    answer,
    at_step,
    code,
    course,
    dig,
    items,
    kind,
    spelling,
    together,
)
from .record import Exchange, Step

_STATUS_PATHS: Final = ("/mega_tts/status", "/get_voice")
_UPLOAD_PATHS: Final = ("/mega_tts/audio/upload", "/voice_clone")
_UNTRAINED: Final = ("Unknown", "unknown")


def _code(exchange: Exchange) -> Any:
    """The code of any of the vendor's envelopes."""
    body = exchange.body
    found = (
        dig(body, "BaseResp", "StatusCode"),
        dig(body, "code"),
        dig(body, "header", "code"),
        dig(body, "ResponseMetadata", "Error", "Code"),
    )
    return next((reported for reported in found if reported is not None), None)


def _good(exchange: Exchange) -> bool:
    return exchange.status is not None and exchange.status < 400 and _code(exchange) in (None, 0)


def _statuses(exchanges: Exchanges) -> list[Exchange]:
    """Answers to the question for one voice's status."""
    return [
        exchange
        for exchange in exchanges
        if exchange.path.endswith(_STATUS_PATHS) and isinstance(exchange.body, Mapping)
    ]


def _asked(exchange: Exchange) -> str:
    """Which voice a request is about."""
    return str(dig(exchange.sent, "speaker_id") or exchange.query.get("speaker_id") or "")


def _pages(exchanges: Exchanges) -> Iterator[Mapping[str, Any]]:
    pages = (dig(exchange.body, "Result") for exchange in exchanges)
    yield from (page for page in pages if isinstance(page, Mapping))


def _slots(exchanges: Exchanges) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every slot that a list shows, with the step."""
    for exchange in exchanges:
        for slot in items(dig(exchange.body, "Result", "Statuses")):
            yield exchange.step, slot


def _details(exchanges: Exchanges) -> list[Mapping[str, Any]]:
    """Slots that the list shows with more than their state."""
    return [slot for _, slot in _slots(exchanges) if "State" in slot and len(slot) > 3]


def _uploads(exchanges: Exchanges) -> list[Exchange]:
    return [exchange for exchange in exchanges if exchange.path.endswith(_UPLOAD_PATHS)]


def _trained(exchanges: Exchanges) -> str:
    """The slot that was trained."""
    return next((_asked(upload) for upload in _uploads(exchanges)), "")


def _untrained(exchanges: Exchanges) -> set[str]:
    """Slots that the list showed as never trained before anything was sent."""
    return {
        str(slot.get("SpeakerID"))
        for step, slot in _slots(exchanges)
        if step == Step.LOOK and slot.get("State") in _UNTRAINED
    }


def _status(exchanges: Exchanges) -> str:
    words = [found.body["status"] for found in _statuses(exchanges) if "status" in found.body]
    return together(f"{'number' if kind(word) == 'number' else 'word'} {code(word)}" for word in words)


def _creation_time(exchanges: Exchanges) -> str:
    return spelling((found.body for found in _statuses(exchanges)), "create_time", "creaet_time")


def _total(exchanges: Exchanges) -> str:
    return spelling(_pages(exchanges), "TotalCount", "Total")


def _activable(exchanges: Exchanges) -> str:
    return together(
        f"{code(name)}: {kind(slot[name])}"
        for slot in _details(exchanges)
        for name in ("IsActivable", "IsActivatable")
        if name in slot
    )


def _resource(exchanges: Exchanges) -> str:
    return spelling(_details(exchanges), "ModelTypeDetails", "ResourceID")


def _new_slot_listed(exchanges: Exchanges) -> str:
    return together(
        ", ".join(
            f"{name} {code(slot[name]) if name in slot else 'absent'}"
            for name in ("State", "Version", "AvailableTrainingTimes")
        )
        for _, slot in _slots(exchanges)
        if slot.get("State") in _UNTRAINED
    )


def _new_slot_asked(exchanges: Exchanges) -> str:
    untrained = _untrained(exchanges)
    found = [seen for seen in _statuses(at_step(exchanges, Step.LOOK)) if _asked(seen) in untrained]
    return together(
        f"{answer(seen, _code(seen))}, `status` "
        + (code(seen.body["status"]) if "status" in seen.body else "absent")
        for seen in found
    )


def _resource_id(exchanges: Exchanges) -> str:
    """What each Resource-Id shows of voices that some answer shows as trained."""
    usable = ("2", "4", "success", "active")
    statuses = [seen for seen in _statuses(exchanges) if "status" in seen.body]
    trained = {_asked(seen) for seen in statuses if str(seen.body["status"]).lower() in usable}
    return together(
        f"{code(seen.sent_headers.get('Resource-Id', 'none'))} shows `status` {code(seen.body['status'])}"
        for seen in statuses
        if _asked(seen) in trained and seen.step == Step.LOOK
    )


def _version(exchanges: Exchanges) -> str:
    voice = _trained(exchanges)
    listed = [
        (step, slot.get("Version")) for step, slot in _slots(exchanges) if slot.get("SpeakerID") == voice
    ]
    asked = [(seen.step, seen.body.get("version")) for seen in _statuses(exchanges) if _asked(seen) == voice]
    texts = (("list", course(listed)), ("status", course(asked)))
    return together(f"{where}: {text}" for where, text in texts if voice and text)


def _left(exchanges: Exchanges) -> str:
    voice = _trained(exchanges)
    listed = [
        (step, slot.get("AvailableTrainingTimes"))
        for step, slot in _slots(exchanges)
        if slot.get("SpeakerID") == voice
    ]
    asked = [
        (seen.step, seen.body.get("available_training_times"))
        for seen in _statuses(exchanges)
        if _asked(seen) == voice
    ]
    return course(listed) or course(asked) if voice else ""


def _upload(exchanges: Exchanges) -> str:
    return together(
        f"{'JSON' if 'audio_data' not in (upload.sent or {}) else 'form'} at {code(upload.path)} "
        + ("is taken" if _good(upload) else f"is refused: {answer(upload, _code(upload))}")
        for upload in _uploads(exchanges)
        if upload.status is not None
    )


def _newer_code(exchanges: Exchanges) -> str:
    good = [seen.body for seen in exchanges if "/api/v3/" in seen.path and _good(seen)]
    return together(code(body["code"]) if "code" in body else ABSENT for body in good)


def _failed(exchanges: Exchanges) -> str:
    failed = {
        _asked(seen)
        for seen in _statuses(exchanges)
        if str(seen.body.get("status")).lower() in ("3", "failed")
    }
    last = {str(slot.get("SpeakerID")): slot.get("State") for _, slot in _slots(exchanges)}
    return together(code(last[voice]) for voice in sorted(failed) if voice in last)


def _missing(exchanges: Exchanges) -> str:
    found = [seen for seen in at_step(exchanges, Step.MISSING) if seen.path.endswith(_STATUS_PATHS)]
    return together(answer(seen, _code(seen)) for seen in found)


def _refusal(exchanges: Exchanges) -> str:
    return together(
        f"{'console' if 'Action' in seen.query else 'voice API'}: {answer(seen, _code(seen))}"
        for seen in at_step(exchanges, Step.WRONG_KEYS)
    )


SUBJECT = Subject(
    cost="It uses two of the trainings of a slot that was bought before.",
    missing="S_voiceclone0",
    private=frozenset({"appid", "alias", "instanceno", "accountid", "projectname"}),
    questions=(
        Question("`status` of a voice", ("number (newer page)", "word (older page)"), _status),
        Question("creation time", ("`create_time` (table)", "`creaet_time` (sample)"), _creation_time),
        Question("count in the list", ("`TotalCount` (newer page)", "`Total` (older page)"), _total),
        Question(
            "whether a slot can be locked",
            (
                "`IsActivable`: boolean (newer page)",
                "`IsActivable`: text (SDK)",
                "`IsActivatable` (older page)",
            ),
            _activable,
        ),
        Question(
            "a slot's resource",
            ("in `ModelTypeDetails` (newer page)", "`ResourceID` of the slot (older page)"),
            _resource,
        ),
        Question(
            "a slot that was never trained, in the list",
            ("no `Version`", "`Version` `V1` (sample)"),
            _new_slot_listed,
        ),
        Question(
            "a slot that was never trained, asked for alone",
            ("`status` 0", "code 1107 or 45001107"),
            _new_slot_asked,
        ),
        Question(
            "`Version`",
            ("counts trainings: `V1` after the first, one more each time", "stays `V1` (samples)"),
            _version,
        ),
        Question(
            "`AvailableTrainingTimes`",
            ("one less with each training", "10 after the first (sample)"),
            _left,
        ),
        Question(
            "`Resource-Id` of a status call, for a trained voice",
            ("must be that of the model (newer page)", "unknown (older page)"),
            _resource_id,
        ),
        Question("upload", ("JSON with base64 (newer page)", "form (older page)"), _upload),
        Question("`code` of a success at `/api/v3`", ("absent (sample)", "0 (table)"), _newer_code),
        Question(
            "`State` of a slot whose training failed",
            ("none is documented",),
            _failed,
        ),
        Question("a voice that does not exist", ("code 1107", "HTTP 4xx or 5xx"), _missing),
        Question("wrong credentials", ("HTTP 401 or 403 (clients)", "HTTP 200 with a code"), _refusal),
    ),
)
