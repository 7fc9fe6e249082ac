"""What Coze's documentation leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .questions import (
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
    presence,
    together,
)
from .record import Exchange, Step


def _made(exchanges: Exchanges) -> Iterator[Mapping[str, Any]]:
    """`data` of each clone that was accepted."""
    for exchange in exchanges:
        data = dig(exchange.body, "data")
        if exchange.operation in ("create", "train") and isinstance(data, Mapping) and data:
            yield data


def _listed(exchanges: Exchanges) -> Iterator[tuple[Exchange, Mapping[str, Any]]]:
    for exchange in exchanges:
        for voice in items(dig(exchange.body, "data", "voice_list")):
            yield exchange, voice


def _ours(exchanges: Exchanges) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The voice that was made, as each listing shows it, with the step."""
    ids = {str(data.get("voice_id")) for data in _made(exchanges)}
    for exchange, voice in _listed(exchanges):
        if str(voice.get("voice_id")) in ids:
            yield exchange.step, voice


def _reply(exchanges: Exchanges) -> str:
    return together(
        "`voice_id` alone" if set(data) == {"voice_id"} else f"{code(', '.join(sorted(data)))}"
        for data in _made(exchanges)
    )


def _refusal(exchanges: Exchanges) -> str:
    found = at_step(exchanges, Step.WRONG_KEYS)
    return together(answer(exchange, dig(exchange.body, "code")) for exchange in found)


def _has_state(exchanges: Exchanges) -> str:
    return presence((voice for _, voice in _listed(exchanges)), "state")


def _state_in_training(exchanges: Exchanges) -> str:
    steps = {"create": Step.CREATE, "retraining": Step.RETRAIN}
    states = {
        word: list(dict.fromkeys(str(voice.get("state")) for at, voice in _ours(exchanges) if at == step))
        for word, step in steps.items()
    }
    return together(f"{word}: {', then '.join(map(code, seen))}" for word, seen in states.items() if seen)


def _left(exchanges: Exchanges) -> str:
    return course((step, voice.get("available_training_times")) for step, voice in _ours(exchanges))


def _updated(exchanges: Exchanges) -> str:
    times = {step: voice.get("update_time") for step, voice in _ours(exchanges)}
    if not {Step.CREATE, Step.RETRAIN} <= times.keys():
        return ""
    return "stays" if times[Step.CREATE] == times[Step.RETRAIN] else "moves"


def _time(exchanges: Exchanges) -> str:
    times = [voice["create_time"] for _, voice in _listed(exchanges) if voice.get("create_time")]
    return together(f"{kind(time)} of {len(str(time))} digits" for time in times)


def _id(exchanges: Exchanges) -> str:
    ids = [voice.get("voice_id") for _, voice in _listed(exchanges)]
    return together(f"{kind(voice_id)} of {len(str(voice_id))} characters" for voice_id in ids if voice_id)


def _more(exchanges: Exchanges) -> str:
    pages = (dig(exchange.body, "data") for exchange in exchanges if exchange.operation == "list")
    return presence((page for page in pages if isinstance(page, Mapping)), "has_more")


SUBJECT = Subject(
    cost="It takes one of the account's voices, and two of that voice's trainings.",
    private=frozenset({"name", "voice_name", "description", "preview_text", "space_id", "user_id"}),
    questions=(
        Question("the clone's reply", ("`voice_id` alone (API page)", "the whole voice (SDK)"), _reply),
        Question("a wrong token", ("HTTP 200, 700012006 (clients)", "HTTP 401, 4100 (table)"), _refusal),
        Question("`state` in the list", ("present (table)", "absent (sample)"), _has_state),
        Question(
            "`state` during a training",
            ("`init` until it is over", "`cloned` at once, and all through a retraining"),
            _state_in_training,
        ),
        Question(
            "`available_training_times`",
            ("10 in all, one less each time (API page)", "the first training is not counted"),
            _left,
        ),
        Question("`update_time` after a retraining", ("moves", "stays (not documented)"), _updated),
        Question("`create_time`", ("11 digits (table)", "10 digits: seconds (sample)"), _time),
        Question("`voice_id`", ("text of 19 digits", "number"), _id),
        Question("`has_more` in the list", ("present", "absent (older sample)"), _more),
    ),
)
