"""A request as a vendor sees it, and the answer it gives: no web framework here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import HeaderParser
from email.policy import HTTP
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


class UnreadableError(ValueError):
    """The body is not what its content type promises."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart form."""

    name: str
    filename: str | None
    data: bytes

    @property
    def text(self) -> str:
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError as bad:
            raise UnreadableError(f"the form field {self.name} is not UTF-8") from bad


@dataclass(slots=True)
class Incoming:
    """A request, read whole. Header names are in lower case."""

    method: str
    path: str
    raw_path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    origin: str
    args: Mapping[str, str] = field(default_factory=dict)

    def param(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    @property
    def bearer(self) -> str | None:
        found = re.fullmatch(r"Bearer\s+(\S+)", self.headers.get("authorization", ""))
        return found[1] if found else None

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def json(self) -> Json:
        try:
            read = json.loads(self.body)
        except (ValueError, RecursionError) as bad:
            raise UnreadableError("the body is not JSON") from bad
        if not isinstance(read, dict):
            raise UnreadableError("the body is not a JSON object")
        return read

    def form(self) -> list[Part]:
        """The parts of a multipart/form-data body, in the order they were sent."""
        kind = HeaderParser(policy=HTTP).parsestr(
            f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n"
        )
        boundary = kind.get_boundary()
        if kind.get_content_type() != "multipart/form-data" or not boundary:
            raise UnreadableError("the body is not multipart/form-data")
        pieces = (b"\r\n" + self.body).split(b"\r\n--" + boundary.encode("utf-8", "surrogateescape"))
        if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
            raise UnreadableError("the multipart body has no end")
        return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, gap, data = piece.partition(b"\r\n\r\n")
    if not gap:
        raise UnreadableError("a part of the multipart body has no headers")
    try:
        headers = HeaderParser(policy=HTTP).parsestr(head.strip().decode("utf-8"))
        name = headers.get_param("name", header="content-disposition")
        filename = headers.get_filename()
    except (UnicodeDecodeError, ValueError, AttributeError, IndexError, TypeError) as bad:
        raise UnreadableError("a part of the multipart body has unreadable headers") from bad
    if not isinstance(name, str) or not name:
        raise UnreadableError("a part of the multipart body has no name")
    return Part(name, filename, data)


@dataclass(slots=True)
class Answer:
    status: int
    payload: Any
    headers: dict[str, str] = field(default_factory=dict)
    code: int | str | None = None
    """The vendor's business code, for the record of requests."""

    def body(self) -> bytes:
        return json.dumps(self.payload, ensure_ascii=False).encode("utf-8", "replace")


@dataclass(slots=True)
class Call:
    """What is known of a request while it is served; ends up in the record of requests."""

    vendor: str
    action: str
    changes: bool
    voice: str | None = None
    lag: float = 0.0
    """How many seconds the reads of this call are behind, besides the vendor's own lag."""


class RefusedError(Exception):
    """The vendor refuses the request, with this answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def is_url(text: str, extensions: tuple[str, ...] = ("",)) -> bool:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
    return good and len(text) <= 4096 and parts.path.lower().endswith(extensions)


def whole_number(value: Any, low: int, high: int) -> int | None:
    """An integer within bounds, given as a number or as digits; otherwise nothing."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        return None
    return value
