"""A vendor of a few lines on a local port: it gives scripted answers and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from voiceclone_provider.core.errors import TemporaryError, ThrottledError, VoiceError
from voiceclone_provider.core.http import ATTEMPTS


@dataclass(frozen=True)
class Request:
    """What arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """What is sent back.

    Arguments:
        body: JSON unless it is bytes.
        declared: the `Content-Length` to claim; more than there is cuts the answer short.
        broken: breaks the connection instead of, or (`after`) once a few bytes were sent of, an answer.
        hold: waits for this event first.
    """

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    declared: int | None = None
    broken: Literal["", "before", "after"] = ""
    hold: threading.Event | None = None


class FakeVendor:
    """Answers in the order of `script`; the last answer is repeated for ever."""

    def __init__(self) -> None:
        self.script: deque[Answer] = deque()
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
                pass

            def _serve(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                parts = urlsplit(self.path)
                request = Request(
                    self.command,
                    parts.path,
                    dict(parse_qsl(parts.query)),
                    dict(self.headers.items()),
                    self.rfile.read(size),
                )
                fake._send(self, fake._next(request))

            do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the parent's names

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A connection broken on purpose is no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> FakeVendor:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answers(self, *script: Answer | dict[str, Any]) -> None:
        """Replace the script and forget the requests; a dict is a body with HTTP 200."""
        with self._lock:
            self.script = deque(a if isinstance(a, Answer) else Answer(a) for a in script)
            self.requests = []

    @property
    def last(self) -> Request:
        return self.requests[-1]

    def _next(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            return self.script.popleft() if len(self.script) > 1 else self.script[0]

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        if answer.hold:
            answer.hold.wait(10)
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        try:
            if answer.broken != "before":
                handler.send_response(answer.status)
                for key, value in {"Content-Type": "application/json", **answer.headers}.items():
                    handler.send_header(key, value)
                handler.send_header("Content-Length", str(answer.declared or len(body)))
                handler.end_headers()
                handler.wfile.write(body[: len(body) // 2] if answer.broken else body)
                handler.wfile.flush()
            if answer.broken:
                # Lingering for no time makes the close a reset.
                handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                handler.connection.close()
            if answer.broken or answer.declared:
                handler.close_connection = True
        except OSError:
            handler.close_connection = True


def assert_sent(fake: FakeVendor, error: VoiceError) -> None:
    """How often a call that ended so was sent: a fault a few times, a refusal for the rate for longer."""
    if isinstance(error, ThrottledError):
        assert len(fake.requests) > ATTEMPTS
    else:
        assert len(fake.requests) == (ATTEMPTS if isinstance(error, TemporaryError) else 1)
