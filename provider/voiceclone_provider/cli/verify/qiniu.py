"""What Qiniu's documentation leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .questions import (
    Exchanges,
    Question,
    Subject,
    answer,
    at_step,
    code,
    dig,
    items,
    presence,
    together,
)
from .record import Exchange, Step

_DEFAULT_NAME: Final = "复刻音色-"


def _code(exchange: Exchange) -> Any:
    return dig(exchange.body, "code")


def _good(exchange: Exchange) -> bool:
    return exchange.status is not None and exchange.status < 400 and str(_code(exchange)) == "0"


def _creates(exchanges: Exchanges) -> list[Exchange]:
    return [exchange for exchange in exchanges if exchange.operation == "create"]


def _new(exchanges: Exchanges) -> Iterator[Mapping[str, Any]]:
    """Voices that were never trained."""
    for exchange in exchanges:
        data = dig(exchange.body, "data")
        shown = [*items([data]), *items(dig(data, "voices"))]
        yield from (voice for voice in shown if str(voice.get("state")).lower() == "init")


def _create(exchanges: Exchanges) -> str:
    return together(
        f"{code(', '.join(sorted(exchange.sent or {})))} "
        + ("is taken" if _good(exchange) else f"is refused: {answer(exchange, _code(exchange))}")
        for exchange in _creates(exchanges)
        if exchange.status is not None
    )


def _refusals(exchanges: Exchanges) -> str:
    refused = [exchange for exchange in exchanges if exchange.status is not None and not _good(exchange)]
    return together(f"{exchange.step}: {answer(exchange, _code(exchange))}" for exchange in refused)


def _default_name(exchanges: Exchanges) -> str:
    forms = []
    for voice in _new(exchanges):
        name, voice_id = str(voice.get("name") or ""), str(voice.get("id") or "")
        ending = name.removeprefix(_DEFAULT_NAME)
        if name == ending:
            forms.append("another form")
        elif ending and voice_id.endswith(ending):
            forms.append(f"the last {len(ending)} of the ID")
        else:
            forms.append(f"{len(ending)} characters that are not the end of the ID")
    return together(forms)


def _language(exchanges: Exchanges) -> str:
    return together(code(voice["language"]) for voice in _new(exchanges) if "language" in voice)


def _tier(exchanges: Exchanges) -> str:
    return presence(_new(exchanges), "tier")


def _message(exchanges: Exchanges) -> str:
    return presence((exchange.body for exchange in exchanges if _good(exchange)), "msg")


def _id(exchanges: Exchanges) -> str:
    ids = [str(dig(exchange.body, "data", "id") or "") for exchange in _creates(exchanges)]
    return together(
        "`voice_clone_…`" if voice_id.startswith("voice_clone_") else f"{len(voice_id)} characters"
        for voice_id in ids
        if voice_id
    )


def _name(exchanges: Exchanges) -> str:
    """Whether the first training's reply has the name that was sent with it."""
    trainings = [exchange for exchange in exchanges if exchange.operation == "train" and _good(exchange)]
    return together(
        "the new one" if dig(seen.body, "data", "name") == dig(seen.sent, "name") else "the old one"
        for seen in trainings[:1]
    )


def _delete(exchanges: Exchanges) -> str:
    found = [exchange for exchange in exchanges if exchange.operation == "delete"]
    tier = next((str(voice["tier"]) for voice in _new(_creates(exchanges)) if voice.get("tier")), "")
    slot = f" (tier {code(tier)})" if tier else ""
    return together(
        ("taken" if _good(exchange) else f"refused: {answer(exchange, _code(exchange))}") + slot
        for exchange in found
    )


def _afterwards(exchanges: Exchanges) -> str:
    reads = [exchange for exchange in at_step(exchanges, Step.AFTER) if exchange.operation == "read"]
    return together(answer(exchange, _code(exchange)) for exchange in reads[-1:])


SUBJECT = Subject(
    cost="It takes one voice slot of the tier; in a paid one, each training uses quota and the slot stays.",
    missing="0" * 32,
    private=frozenset({"name", "user_id"}),
    kept=(_DEFAULT_NAME,),
    questions=(
        Question("body of the create", ("`language`, `tier` (newer)", "`model_id` (older page)"), _create),
        Question("status codes", ("HTTP status and `code`", "HTTP 200, and `code` alone"), _refusals),
        Question(
            "default name, after `复刻音色-`",
            ("the last 5 of the ID (newer sample)", "5 random characters (older text)"),
            _default_name,
        ),
        Question("`language` before the training", ("`zh` (newer page)", "empty (older page)"), _language),
        Question("`tier` of a voice", ("present (newer page)", "absent (older page)"), _tier),
        Question("`msg` of a success", ("present (table)", "absent (samples)"), _message),
        Question("ID", ("`voice_clone_…` (samples)", "32 characters (clients)"), _id),
        Question("`name` in a training's reply", ("the new one", "the old one (newer sample)"), _name),
        Question("delete", ("always taken (older page)", "403 for a paid slot (newer page)"), _delete),
        Question("a deleted voice", ("HTTP 404, code 404", "HTTP 200, code 404"), _afterwards),
    ),
)
