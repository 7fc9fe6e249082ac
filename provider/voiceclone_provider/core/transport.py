"""HTTP connections that know whether a request was handed over.

Exceptions do not say it: behind a proxy, urllib3 reports a reply that was lost like a connection that was
never made. The connection itself knows when it sends the first byte of a request. What opens it (TCP, a
proxy's tunnel, TLS) is not the request.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from typing import Any

import requests
import requests.adapters
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_here = threading.local()


class Exchange:
    """One request and its reply. The thread that waits for it may end it at any moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: Any = None
        self._handed_over = False
        self._ended = False

    @property
    def handed_over(self) -> bool:
        """Whether any byte of the request was given to the operating system to send."""
        return self._handed_over

    def begin(self) -> None:
        """This thread's next request is this exchange."""
        _here.exchange = self

    def hand_over(self, connection: HTTPConnection) -> None:
        """The first byte is about to be sent. Raises `ConnectionAbortedError` where it was ended."""
        with self._lock:
            if self._ended:
                raise ConnectionAbortedError("given up before it was sent")
            # Kept, because the connection gives it up when the headers of the last reply are there.
            self._socket = getattr(connection.sock, "socket", connection.sock)
            self._handed_over = True

    def end(self) -> bool:
        """Give up: nothing more is sent. Returns whether any byte was handed over."""
        with self._lock:
            self._ended = True
        if isinstance(self._socket, socket.socket):
            with contextlib.suppress(OSError):
                # Wakes the thread that reads from it. Not TLS's own, which would leave a plain socket behind.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        return self.handed_over


class _Connection(HTTPConnection):
    _opening = False

    def connect(self) -> None:
        self._opening = True
        try:
            super().connect()
        finally:
            self._opening = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange: Exchange | None = getattr(_here, "exchange", None)
        if exchange is not None and not self._opening:
            exchange.hand_over(self)
        super().send(data)


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}


class Adapter(requests.adapters.HTTPAdapter):
    """Makes connections that know the exchange of the thread that uses them."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """To no answer, else `requests` reads a redirect's body whole before anybody can limit it."""


def session() -> requests.Session:
    """A session whose connections know the exchange of the thread that uses them."""
    made = _Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, Adapter())
    return made


def unpacked(body: bytes, encoding: str | None, limit: int) -> bytes:
    """A body as it was before it was compressed, no longer than `limit` and one byte. Raises `ValueError` for
    what was compressed more than once, of which a few bytes can take minutes, or in another way."""
    name = (encoding or "identity").strip().lower()
    if name in ("", "identity"):
        return body[: limit + 1]
    if name not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(name)
    try:
        return zlib.decompressobj(wbits=47).decompress(body, limit + 1)  # 47: gzip or zlib
    except zlib.error as error:
        raise ValueError(name) from error
