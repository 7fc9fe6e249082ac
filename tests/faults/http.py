"""HTTP messages on sockets, as far as a proxy must understand them."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit


class BrokenError(Exception):
    """The other end left in the middle of a message."""


@dataclass(frozen=True)
class Request:
    """One request, with its body."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def action(self) -> str:
        """The call that an API with one path is told by its query."""
        return parse_qs(urlsplit(self.target).query).get("Action", [""])[0]

    def encoded(self) -> bytes:
        """As it is sent on: on a connection of its own."""
        kept = [(name, value) for name, value in self.headers if name.lower() != "connection"]
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in kept)]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True)
class Answer:
    """One whole answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, status: int, body: Any = "", headers: Mapping[str, str] | None = None) -> Answer:
        """JSON, or a text as it is."""
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        kind = "text/html; charset=utf-8" if text.startswith("<") else "application/json"
        return cls(status, (("Content-Type", kind), *(headers or {}).items()), text.encode())

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def with_json(self, body: Any) -> Answer:
        return replace(self, body=json.dumps(body, ensure_ascii=False).encode())

    def with_header(self, name: str, value: str) -> Answer:
        return replace(self, headers=(*self.headers, (name, value)))

    def head(self, length: int | str | None) -> bytes:
        """Status line and headers; without a length, the body ends with the connection."""
        lines = [f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Odd')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines.append("Connection: close" if length is None else f"Content-Length: {length}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def encoded(self) -> bytes:
        return self.head(len(self.body)) + self.body


_REASONS = {
    200: "OK",
    204: "No Content",
    429: "Too Many Requests",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


def read_request(file: BinaryIO) -> Request | None:
    """The next request; `None` where the client has no more."""
    first = file.readline()
    if not first.strip():
        return None
    method, target, _ = first.decode("latin-1").split(" ", 2)
    headers = _headers(file)
    length = _header(headers, "content-length")
    return Request(method, target, headers, _exactly(file, int(length or 0)))


def read_answer(file: BinaryIO) -> Answer:
    first = file.readline()
    if not first:
        raise BrokenError("closed without an answer")
    status = int(first.split(b" ", 2)[1])
    headers = _headers(file)
    if (_header(headers, "transfer-encoding") or "").lower() == "chunked":
        return Answer(status, _kept(headers), _chunks(file))
    length = _header(headers, "content-length")
    body = file.read() if length is None else _exactly(file, int(length))
    return Answer(status, _kept(headers), body)


def send_on(request: Request, port: int) -> Answer:
    """What the server at this port of this machine answers."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as upstream:
            upstream.sendall(request.encoded())
            return read_answer(upstream.makefile("rb"))
    except OSError as error:
        raise BrokenError(str(error)) from None


def _headers(file: BinaryIO) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    while (line := file.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        found.append((name.strip(), value.strip()))
    if not line:
        raise BrokenError("closed within the headers")
    return tuple(found)


def _kept(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Without those that are of one connection."""
    left_out = ("content-length", "transfer-encoding", "connection")
    return tuple(header for header in headers if header[0].lower() not in left_out)


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _exactly(file: BinaryIO, length: int) -> bytes:
    body = file.read(length)
    if len(body) < length:
        raise BrokenError("closed within the body")
    return body


def _chunks(file: BinaryIO) -> bytes:
    body = b""
    while size := int(file.readline().split(b";")[0] or b"0", 16):
        body += _exactly(file, size)
        file.readline()
    file.readline()
    return body
