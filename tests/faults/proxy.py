"""What stands between the provider and its vendors, and does to their exchanges what gateways do.

Each connection of the provider's has a thread. A request is read whole, numbered and recorded. Then the fault
that is armed for its number decides whether the vendors get it, and what the provider gets.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from .http import Answer, BrokenError, Request, read_request, send_on


class Client:
    """The provider's end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.open = True

    def send(self, data: bytes) -> None:
        """What is sent to a client that has gone is lost."""
        with suppress(OSError):
            self._connection.sendall(data)

    def close(self) -> None:
        """End the connection in order."""
        self.open = False
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End it as a machine does that knows nothing of it."""
        self.open = False
        with suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def gone(self, seconds: float) -> bool:
        """Whether the client leaves within so many real seconds."""
        self._connection.settimeout(seconds)
        try:
            return self._connection.recv(1) == b""
        except OSError as error:
            return not isinstance(error, TimeoutError)
        finally:
            self._connection.settimeout(None)


@dataclass(frozen=True)
class Exchange:
    """One request of a command; numbers begin with 0."""

    number: int
    request: Request

    @property
    def name(self) -> str:
        """The same for every request of the same call."""
        request = self.request
        return f"{request.method} {request.path}{'?' + request.action if request.action else ''}"


class Meeting(Protocol):
    """What a fault does to an exchange."""

    def __call__(self, proxy: Proxy, exchange: Exchange, client: Client) -> None: ...


class Proxy:
    """Listens on a port of its own, which stays the same.

    Attributes:
        upstream: the vendors' port.
        exchanges: all since `begin`.
        meet: gives the fault for an exchange, or `None` where it is left alone.
        answered: what was answered to exchanges that were left alone, by number.
    """

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.exchanges: list[Exchange] = []
        self.answered: dict[int, Answer] = {}
        self.meet: Callable[[Exchange], Meeting | None] = lambda exchange: None
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.port = 0
        self.listen()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self, meet: Callable[[Exchange], Meeting | None] | None = None) -> None:
        """A new command: it is recorded from here on."""
        with self._lock:
            self.exchanges, self.answered = [], {}
            self.meet = meet or (lambda exchange: None)

    # -- listening -----------------------------------------------------------------------------------------

    @property
    def listens(self) -> bool:
        return self._listener is not None

    def listen(self) -> None:
        """Take connections, if that is not done already."""
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)
        self.port = int(listener.getsockname()[1])
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="proxy", daemon=True).start()

    def refuse(self) -> None:
        """Take no connections any more. Those that there are stay."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def close(self) -> None:
        """End everything."""
        self.refuse()
        with self._lock:
            left = list(self._connections)
        for connection in left:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), name="proxy", daemon=True).start()

    # -- exchanges -----------------------------------------------------------------------------------------

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)
        try:
            client = Client(connection)
            with connection.makefile("rb") as file:
                while client.open and self._exchange(client, file):
                    pass
        except (OSError, BrokenError):
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()

    def _exchange(self, client: Client, file: BinaryIO) -> bool:
        request = read_request(file)
        if request is None:
            return False
        with self._lock:
            exchange = Exchange(len(self.exchanges), request)
            self.exchanges.append(exchange)
        fault = self.meet(exchange)
        if fault is None:
            client.send(self.forward(exchange).encoded())
        else:
            fault(self, exchange, client)
        return True

    def forward(self, exchange: Exchange) -> Answer:
        """Let the vendors have the request, and keep what they answer."""
        answer = send_on(exchange.request, self.upstream)
        self.answered[exchange.number] = answer
        return answer
