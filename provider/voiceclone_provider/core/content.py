"""The content of a sample: a regular file of this machine, or what a URL gives; never more than is needed."""

from __future__ import annotations

import functools
import os
import stat
import threading
from collections import defaultdict
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

import requests
import urllib3

from . import transport
from .clock import SYSTEM
from .errors import CancelledError, PermanentError, TemporaryError

MAX_BYTES: Final = 10 * 1024 * 1024
FETCH_TIMEOUT: Final = (10.0, 60.0)
FETCH_DEADLINE: Final = 300.0

_PLAIN: Final = {"Accept-Encoding": "identity"}
_MOST_REDIRECTS: Final = 10
_NOTICE_CANCEL: Final = 0.1
NEVER: Final = threading.Event()


def read(path: str) -> bytes:
    """The content of a file, up to one byte over the limit. Raises `PermanentError` where it cannot be read,
    or is a pipe or a device, which might never end."""
    try:
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise PermanentError(f"cannot read {path}: not a regular file")
            return file.read(MAX_BYTES + 1)
    except ValueError:
        raise PermanentError(f"cannot read {path!r}: no file can have this name") from None
    except OSError as error:
        raise PermanentError(f"cannot read {path}: {(error.strerror or 'error').lower()}") from None


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for somebody to write to a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


_fetching: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def fetch(uri: str, stop: threading.Event = NEVER, seconds: float = FETCH_DEADLINE) -> bytes:
    """The content behind a remote asset, up to one byte over the limit; once for all who ask for it. Raises
    `CancelledError` when `stop` is set meanwhile."""
    exchange, done, results = transport.Exchange(), threading.Event(), list[bytes | Exception]()

    def work() -> None:
        try:
            exchange.begin()
            with _fetching[uri]:
                results.append(_fetch(uri))
        except Exception as error:  # raised by the caller's thread
            results.append(error)
        finally:
            done.set()

    deadline = SYSTEM.monotonic() + seconds
    threading.Thread(target=work, name="voiceclone-fetch", daemon=True).start()
    while not done.wait(_NOTICE_CANCEL):
        if stop.is_set():
            exchange.end()
            raise CancelledError("stopped while the sample was fetched")
        if SYSTEM.monotonic() > deadline:
            exchange.end()
            raise TemporaryError(f"cannot fetch {shown(uri)}: no end in time", accepted=False)
    (result,) = results
    if isinstance(result, Exception):
        raise result
    return result


def shown(uri: str) -> str:
    """A URI for people, without what may be secret."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@functools.lru_cache(maxsize=8)
def _fetch(uri: str) -> bytes:
    try:
        parts, name = urlsplit(uri), shown(uri)
    except ValueError:
        raise PermanentError("cannot fetch the sample: its URI is no URL") from None
    if parts.scheme == "file":
        return read(unquote(parts.path))
    if parts.scheme not in ("http", "https"):
        raise PermanentError(f"cannot fetch {name}: only http, https and file URIs can be read")
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, transport.Adapter())
    try:
        for _ in range(_MOST_REDIRECTS):
            with session.get(
                uri, headers=_PLAIN, auth=_Own(uri), timeout=FETCH_TIMEOUT, stream=True, allow_redirects=False
            ) as response:
                target = session.get_redirect_target(response)
                if target is None:
                    return _body(response, name)
            uri = _redirected(uri, target)
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
        raise TemporaryError(f"cannot fetch {name}: {type(error).__name__}", accepted=False) from None
    except ValueError as error:
        raise PermanentError(f"cannot fetch {name}: it is compressed as {error}") from None
    raise PermanentError(f"cannot fetch {name}: it redirects again and again")


def _body(response: requests.Response, name: str) -> bytes:
    if response.status_code == 429 or response.status_code >= 500:
        raise TemporaryError(f"cannot fetch {name}: HTTP {response.status_code}", accepted=False)
    if response.status_code != 200:
        raise PermanentError(f"cannot fetch {name}: HTTP {response.status_code}")
    data = bytearray()
    while len(data) <= MAX_BYTES and (chunk := response.raw.read(64 * 1024, decode_content=False)):
        data += chunk
    return transport.unpacked(bytes(data), response.headers.get("Content-Encoding"), MAX_BYTES)


def _redirected(uri: str, target: str) -> str:
    there = urljoin(uri, target)
    if uri.startswith("https:") and not there.startswith("https:"):
        raise PermanentError(f"cannot fetch {shown(uri)}: it redirects from https to http")
    return there


class _Own(requests.auth.AuthBase):
    """The credentials of the URI itself, and no others: `requests` would add those of the user's `.netrc`."""

    def __init__(self, uri: str) -> None:
        self._user, self._password = requests.utils.get_auth_from_url(uri)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._user:
            requests.auth.HTTPBasicAuth(self._user, self._password)(request)
        return request
