"""What a vendor's module sees of a request, and what it answers: no web framework in sight."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.parser import HeaderParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .world import World

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


Handler = Callable[["World", Call, Incoming], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    action: str
    changes: bool
    handler: Handler


def route(method: str, path: str, action: str, handler: Handler, *, changes: bool = False) -> Route:
    """`{id}` in the path stands for one segment."""
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return Route(method, re.compile(pattern), action, changes, handler)


class Vendor(Protocol):
    """One vendor's API: its routes, and its own way of saying that something is wrong with a request."""

    name: str
    routes: list[Route]

    def owns(self, path: str, query: list[tuple[str, str]]) -> bool: ...

    def classify(self, call: Call, incoming: Incoming) -> None:
        """Name the call where the route alone cannot."""

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        """400, 404, 405, 413, 429 and 500 in the vendor's envelope."""


def whole_number(value: Any, low: int, high: int) -> int | None:
    """An integer within bounds, given as a number or as digits; otherwise nothing."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        return None
    return value
