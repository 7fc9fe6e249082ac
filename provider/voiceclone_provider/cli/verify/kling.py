"""What Kling's documentation leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...core.call import Call
from .questions import (
    ABSENT,
    Exchanges,
    Question,
    Subject,
    answer,
    at_step,
    code,
    dig,
    items,
    kind,
    presence,
    together,
)
from .record import Exchange, Step

_TASKS: Final = "/v1/general/custom-voices"
_PAGE_SIZES: Final = ("501", "1000")


def _limits(base_url: str) -> tuple[Call, ...]:
    return tuple(
        Call("GET", f"{base_url}{_TASKS}", operation="list", params={"pageNum": "1", "pageSize": size})
        for size in _PAGE_SIZES
    )


def _code(exchange: Exchange) -> Any:
    return dig(exchange.body, "code")


def _good(exchange: Exchange) -> bool:
    return exchange.status is not None and exchange.status < 400 and str(_code(exchange)) == "0"


def _created(exchanges: Exchanges) -> str:
    """The task that was made."""
    made = (dig(exchange.body, "data", "task_id") for exchange in exchanges if exchange.operation == "create")
    return next((str(task_id) for task_id in made if task_id), "")


def _tasks(exchanges: Exchanges) -> Iterator[tuple[Exchange, Mapping[str, Any]]]:
    """Tasks as they are shown, with the exchange; a deletion's own task is none of them."""
    for exchange in exchanges:
        if exchange.operation in ("create", "read", "list") and _good(exchange):
            data = dig(exchange.body, "data")
            for task in items(data if isinstance(data, list) else [data]):
                yield exchange, task


def _voices(exchanges: Exchanges) -> Iterator[Mapping[str, Any]]:
    for _, task in _tasks(exchanges):
        yield from items(dig(task, "task_result", "voices"))


def _page_size(exchanges: Exchanges) -> str:
    asked = [exchange for exchange in exchanges if exchange.operation == "list" and exchange.status]
    return together(
        f"{exchange.query.get('pageSize')} "
        + ("is taken" if _good(exchange) else f"is refused: {answer(exchange, _code(exchange))}")
        for exchange in asked
        if exchange.step in (Step.LOOK, Step.LIMITS)
    )


def _deletion(exchanges: Exchanges) -> str:
    found = [exchange for exchange in exchanges if exchange.operation == "delete" and exchange.status]
    return together(
        code(dig(exchange.body, "data", "task_status") or ABSENT)
        if _good(exchange)
        else f"refused: {answer(exchange, _code(exchange))}"
        for exchange in found
    )


def _shape(task: Mapping[str, Any]) -> str:
    voices = list(items(dig(task, "task_result", "voices")))
    if not voices:
        return "stays, without voices"
    return f"stays, with its voice, whose status is {code(voices[0].get('status', 'absent'))}"


def _deleted_task(exchanges: Exchanges) -> str:
    task_id = _created(exchanges)
    reads = [
        exchange
        for exchange in at_step(exchanges, Step.AFTER)
        if exchange.operation == "read" and exchange.path.endswith(f"/{task_id}")
    ]
    if not task_id or not reads:
        return ""
    last = reads[-1]
    return _shape(dig(last.body, "data") or {}) if _good(last) else f"gone: {answer(last, _code(last))}"


def _deleted_listed(exchanges: Exchanges) -> str:
    task_id = _created(exchanges)
    lists = [
        exchange
        for exchange in at_step(exchanges, Step.AFTER)
        if exchange.operation == "list" and _good(exchange)
    ]
    if not task_id or not lists:
        return ""
    shown = [task for _, task in _tasks(lists[-1:]) if str(task.get("task_id")) == task_id]
    return together(map(_shape, shown)) or "gone"


def _missing(exchanges: Exchanges) -> str:
    return together(
        answer(exchange, _code(exchange)) for exchange in at_step(exchanges, Step.MISSING) if exchange.status
    )


def _refusal(exchanges: Exchanges) -> str:
    found = at_step(exchanges, Step.WRONG_KEYS)
    return together(answer(exchange, _code(exchange)) for exchange in found)


def _success(exchanges: Exchanges) -> str:
    words = (str(task.get("task_status")) for _, task in _tasks(exchanges))
    return together(code(word) for word in words if word.lower().startswith("succe"))


def _result(exchanges: Exchanges) -> str:
    running = [
        task
        for _, task in _tasks(exchanges)
        if str(task.get("task_status")).lower() in ("submitted", "processing")
    ]
    return together(code(task["task_result"]) if "task_result" in task else "absent" for task in running)


def _units(exchanges: Exchanges) -> str:
    return together(kind(task.get("final_unit_deduction")) for _, task in _tasks(exchanges))


def _voice_status(exchanges: Exchanges) -> str:
    return presence(_voices(exchanges), "status")


def _by_handle(exchanges: Exchanges) -> str:
    handles = {dig(exchange.sent, "external_task_id") for exchange in exchanges} - {None}
    return together(
        "found" if _good(exchange) else f"not found: {answer(exchange, _code(exchange))}"
        for exchange in at_step(exchanges, Step.CREATE)
        if exchange.operation == "read" and exchange.path.rpartition("/")[2] in handles
    )


SUBJECT = Subject(
    cost="It makes one voice, which the vendor bills.",
    missing="1" * 18,
    private=frozenset({"owned_by", "voice_name", "external_task_id"}),
    kept=("kling", "voiceclone-"),
    limits=_limits,
    questions=(
        Question("`pageSize`", ("at most 500 (older page)", "at most 1000 (newer page)"), _page_size),
        Question(
            "`task_status` of a deletion",
            ("`succeed` at once", "`submitted` or `processing`: not over yet", "`absent` (client)"),
            _deletion,
        ),
        Question("a deleted voice's task", ("gone", "stays, without voices"), _deleted_task),
        Question("a deleted voice in the list", ("gone", "stays, without voices"), _deleted_listed),
        Question("a task that does not exist", ("404, 1203 (table)", "400, 1201 (client)"), _missing),
        Question("wrong keys", ("HTTP 401, 1000 to 1004 (table)",), _refusal),
        Question("a task that succeeded", ("`succeed`", "`succeeded` (newer API)"), _success),
        Question("`task_result` while it runs", ("`{}` (client)", "absent (sample)"), _result),
        Question("`final_unit_deduction`", ("text", "number"), _units),
        Question("`status` of a task's voice", ("absent", "present (newer callback)"), _voice_status),
        Question("a task by `external_task_id`", ("found (page, client)", "not found"), _by_handle),
    ),
)
