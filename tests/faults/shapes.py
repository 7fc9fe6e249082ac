"""Answers as they should not be: turned from what a vendor really said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from .http import Answer

_LISTS = ("voice_list", "voices", "Statuses")


def entries(body: Any) -> tuple[Any, Any] | None:
    """Where in an answer its list of voices is: what holds it, and under which key."""
    if not isinstance(body, dict):
        return None
    for holder in (body, body.get("data"), body.get("Result")):
        if isinstance(holder, dict):
            for key in _LISTS:
                if isinstance(holder.get(key), list):
                    return holder, key
    return (body, "data") if isinstance(body.get("data"), list) else None


def with_entries(turn: Callable[[list[Any]], list[Any]], **also: Any) -> Callable[[Answer], Answer]:
    """The list of voices changed; `also` are other fields of the same object, where it has them."""

    def turned(answer: Answer) -> Answer:
        body = answer.json
        found = entries(body)
        if found is None:
            return answer
        holder, key = found
        holder[key] = turn(holder[key])
        holder.update({name: value for name, value in also.items() if name in holder})
        return answer.with_json(body)

    return turned


def without(others: Collection[str]) -> Callable[[list[Any]], list[Any]]:
    """Only the voices that have one of these IDs."""
    return lambda voices: [voice for voice in voices if any(other in json.dumps(voice) for other in others)]


def counted(total: int) -> Callable[[Answer], Answer]:
    """Another total."""
    return with_entries(lambda voices: voices, Total=total, TotalCount=total)


def more(voices: Callable[[list[Any]], list[Any]]) -> Callable[[Answer], Answer]:
    """A page that says that there is another."""
    return with_entries(voices, has_more=True)


def code(answer: Answer) -> Answer:
    """The vendor's envelope with a code that no page of its has."""
    body = answer.json
    if not isinstance(body, dict):
        return answer
    return answer.with_json(odd_code(body))


def odd_code(body: dict[str, Any] | None = None) -> dict[str, Any]:
    """A business error; without the true answer, in the words of all vendors at once."""
    error = {"Code": "Odd.NotListed", "Message": "odd"}
    odd: dict[str, Any] = {
        "code": 987654,
        "msg": "odd",
        "message": "odd",
        "BaseResp": {"StatusCode": 987654, "StatusMessage": "odd"},
        "ResponseMetadata": {"RequestId": "odd", "Error": error},
    }
    if body is None:
        return odd
    kept = {key: value for key, value in body.items() if key not in ("data", "Result")}
    changed = {key: value for key, value in odd.items() if key in body}
    return {**kept, **changed}


def empty_data(answer: Answer) -> Answer:
    body = answer.json
    if isinstance(body, dict):
        body.update({key: None for key in ("data", "Result", "BaseResp") if key in body})
    return answer.with_json(body)


def odd_data(answer: Answer) -> Answer:
    body = answer.json
    if isinstance(body, dict):
        body.update({key: "odd" for key in ("data", "Result", "BaseResp") if key in body})
    return answer.with_json(body)


def numbers(answer: Answer) -> Answer:
    """Numbers as texts, and texts of digits as numbers."""

    def turned(value: Any) -> Any:
        match value:
            case dict():
                return {key: turned(item) for key, item in value.items()}
            case list():
                return [turned(item) for item in value]
            case int() if not isinstance(value, bool):
                return str(value)
            case str() if value.isdecimal() and not value.startswith("0"):
                return int(value)
        return value

    return answer.with_json(turned(answer.json))


def written(encoding: str) -> Callable[[Answer], Answer]:
    """In another encoding, and said so."""

    def turned(answer: Answer) -> Answer:
        headers = tuple(each for each in answer.headers if each[0].lower() != "content-type")
        kind = ("Content-Type", f"application/json; charset={encoding.removesuffix('-sig')}")
        return replace(
            answer, headers=(*headers, kind), body=answer.body.decode().encode(encoding, "replace")
        )

    return turned


def zipped(answer: Answer) -> Answer:
    return replace(answer, body=gzip.compress(answer.body)).with_header("Content-Encoding", "gzip")


def said_zipped(answer: Answer) -> Answer:
    return answer.with_header("Content-Encoding", "gzip")
