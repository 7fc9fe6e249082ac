"""HTTP connections that know whether a request was handed over.

Exceptions do not say it: behind a proxy, urllib3 reports a reply that was lost like a connection that was
never made. The connection itself knows when it sends the first byte of a request. What opens it (TCP, a
proxy's tunnel, TLS) is not the request.
"""

from __future__ import annotations

import threading
from typing import Any

import requests
import requests.adapters
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_exchange = threading.local()


def begin() -> None:
    """An exchange begins in this thread."""
    _exchange.handed_over = False


def handed_over() -> bool:
    """Whether any byte of the request of this thread's exchange was given to the operating system to send."""
    return bool(getattr(_exchange, "handed_over", True))


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
        if not self._opening:
            _exchange.handed_over = True
        super().send(data)


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}


class _Adapter(requests.adapters.HTTPAdapter):
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
    """A session whose exchanges `handed_over` knows of."""
    made = _Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter())
    return made
