"""One vendor account's HTTP: time-outs, retries, size limits and redaction.

A request is sent again only where that cannot cost anything: reads, and changes that certainly did not
reach the vendor or that it says it did not accept. A change whose fate is not known raises
`UnconfirmedError`; what to do then is the lifecycle's to decide.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import requests
import tenacity
import urllib3

from . import __version__
from .errors import CancelledError, PermanentError, TemporaryError, UnconfirmedError, VoiceError

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 30.0
UPLOAD_TIMEOUT = 120.0  # an upload was seen to take longer than a gateway's 15 s, and to have its effect
MAX_RESPONSE_BYTES = 8 * 1024 * 1024
ATTEMPTS = 5
LONGEST_PAUSE = 20.0
LONGEST_RETRY_AFTER = 60.0
BUDGET = 100
"""Retries that may be outstanding per account; a success gives one back."""

T = TypeVar("T")
Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]


@dataclass(frozen=True)
class Call:
    """One request to a vendor.

    Arguments:
        operation: for people (`train`, `read`, …).
        voice: whose it is, for people; an ID or a name.
        changes: whether it can change anything at the vendor, so that it is not blindly repeated.
    """

    method: str
    url: str
    operation: str
    voice: str = ""
    changes: bool = False
    headers: Mapping[str, str] | None = None
    params: Mapping[str, str] | None = None
    json: Any = None
    form: Mapping[str, str] | None = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None
    timeout: float | None = None


@dataclass(frozen=True)
class Reply:
    """A vendor's answer: the body is JSON, or `None` where it is not."""

    status: int
    headers: Mapping[str, str]
    body: Any
    text: str

    @property
    def retry_after(self) -> float | None:
        """Seconds the vendor asks us to wait; dates are not used by any vendor here."""
        try:
            return min(max(float(self.headers.get("Retry-After", "")), 0.0), LONGEST_RETRY_AFTER)
        except ValueError:
            return None


class Http:
    """The HTTP of one account.

    Arguments:
        title: the vendor's name for people.
        auth: signs a prepared request. Given as a callable, not as a header, so that `requests` never
            replaces it with an entry of the user's `.netrc`.
        secrets: texts that never appear in an error.
        cancelled: set when the user stops; ends every pause.
    """

    def __init__(
        self,
        title: str,
        auth: Auth,
        secrets: tuple[str, ...],
        cancelled: threading.Event,
    ) -> None:
        self._title = title
        self._auth = auth
        self._secrets = tuple(secret for secret in secrets if secret)
        self._cancelled = cancelled
        self._local = threading.local()
        self._budget = BUDGET
        self._budget_lock = threading.Lock()

    def call(self, call: Call, understand: Callable[[Reply], T], *, auth: Auth | None = None) -> T:
        """Send the call and return what `understand` makes of the reply.

        `understand` raises the error that the vendor's code stands for. Gateways' answers (HTTP 5xx and
        429 without the vendor's envelope, bodies that are not JSON) are judged here, before it.
        """
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=self._pause,
            retry=tenacity.retry_if_exception(lambda error: self._may_repeat(call, error)),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            result: T = retrying(self._once, call, understand, auth or self._auth)
        except VoiceError as error:
            raise self._told(error, call) from None
        with self._budget_lock:
            self._budget = min(self._budget + 1, BUDGET)
        return result

    def _once(self, call: Call, understand: Callable[[Reply], T], auth: Auth) -> T:
        if self._cancelled.is_set():
            raise CancelledError("stopped before the request was sent")
        reply = self._send(call, auth)
        try:
            return understand(reply)
        except TemporaryError as error:
            if error.retry_after is None:
                error.retry_after = reply.retry_after
            if call.changes and error.accepted:
                raise UnconfirmedError(error.message, code=error.code, request_id=error.request_id) from None
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._odd(call, reply, f"an answer of an unknown shape ({type(error).__name__})") from None

    def _send(self, call: Call, auth: Auth) -> Reply:
        limit = call.timeout or (UPLOAD_TIMEOUT if call.changes else READ_TIMEOUT)
        deadline = time.monotonic() + limit
        session = self._session(call)
        try:
            with session.request(
                call.method,
                call.url,
                params=call.params,
                headers={"User-Agent": f"voiceclone/{__version__}", **(call.headers or {})},
                json=call.json,
                data=call.form,
                files=call.files,
                auth=auth,
                timeout=(CONNECT_TIMEOUT, limit),
                allow_redirects=False,
                stream=True,
            ) as response:
                reply = Reply(response.status_code, response.headers, None, "")
                body = self._body(call, response, deadline)
        except requests.exceptions.RequestException as error:
            raise self._broken(call, error) from None
        finally:
            if call.changes:
                session.close()
        if 300 <= reply.status < 400:
            raise PermanentError(
                f"answered with a redirect (HTTP {reply.status}), which is not followed",
                code=str(reply.status),
                advice="Check the base URL in the provider's configuration.",
            )
        text = body.decode("utf-8", "replace")
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = None
        reply = Reply(reply.status, reply.headers, parsed, text)
        if not isinstance(parsed, dict):
            raise self._odd(call, reply, "an answer that is not JSON")
        return reply

    def _session(self, call: Call) -> requests.Session:
        """A change gets a connection of its own: one that idled may be closed by the vendor just as
        it is used, and then nobody can tell whether the request arrived."""
        if call.changes:
            return requests.Session()
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
        return session

    def _body(self, call: Call, response: requests.Response, deadline: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_content(64 * 1024):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_RESPONSE_BYTES:
                raise self._lost(call, f"an answer larger than {MAX_RESPONSE_BYTES // 2**20} MB")
            if time.monotonic() > deadline:
                raise self._lost(call, "an answer that did not end in time")
        return b"".join(chunks)

    def _broken(self, call: Call, error: requests.exceptions.RequestException) -> VoiceError:
        reason = _root_cause(error)
        if isinstance(error, requests.exceptions.SSLError):
            return PermanentError(
                f"the connection is not secure: {reason}",
                advice="Check the base URL and this machine's certificates.",
            )
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
            return PermanentError(f"the base URL cannot be used: {reason}")
        if _never_connected(error):
            return TemporaryError(f"cannot be reached: {reason}", accepted=False)
        if isinstance(error, requests.exceptions.Timeout):
            return self._lost(call, "no answer in time")
        return self._lost(call, f"the connection broke: {reason}")

    def _lost(self, call: Call, what: str) -> VoiceError:
        if call.changes:
            return UnconfirmedError(what)
        return TemporaryError(what)

    def _odd(self, call: Call, reply: Reply, what: str) -> VoiceError:
        """An answer that is not the vendor's: a gateway's page, or a body cut short."""
        code = str(reply.status)
        if reply.status in (401, 403, 404, 405, 413):
            return PermanentError(
                f"{what} (HTTP {reply.status})", code=code, advice="Check the base URL and the credentials."
            )
        if reply.status == 429:
            return TemporaryError(
                "too many requests", accepted=False, code=code, retry_after=reply.retry_after
            )
        if call.changes:
            return UnconfirmedError(f"{what} (HTTP {reply.status})", code=code)
        return TemporaryError(f"{what} (HTTP {reply.status})", code=code, retry_after=reply.retry_after)

    def _may_repeat(self, call: Call, error: BaseException) -> bool:
        if not isinstance(error, TemporaryError) or (call.changes and error.accepted):
            return False
        with self._budget_lock:
            if self._budget <= 0:
                return False
            self._budget -= 1
            return True

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, TemporaryError) else None
        jittered = tenacity.wait_random_exponential(multiplier=0.5, max=LONGEST_PAUSE)(state)
        return max(asked, jittered) if asked is not None else jittered

    def _sleep(self, seconds: float) -> None:
        if self._cancelled.wait(seconds):
            raise CancelledError("stopped while waiting to try again")

    def _told(self, error: VoiceError, call: Call) -> VoiceError:
        error.vendor = error.vendor or self._title
        error.operation = error.operation or call.operation
        error.voice = error.voice or call.voice
        for secret in self._secrets:
            error.message = error.message.replace(secret, "[secret]")
            error.request_id = error.request_id.replace(secret, "[secret]")
        error.args = (error.message,)
        return error


def _never_connected(error: requests.exceptions.RequestException) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _root_cause(error: BaseException) -> str:
    """The operating system's words, without the URL (it may carry a query) and without object addresses."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, socket.gaierror):
            return "the host name is not known"
        if isinstance(seen, OSError) and seen.strerror:
            return seen.strerror.lower()
        inner = getattr(seen, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((item for item in seen.args if isinstance(item, BaseException)), None)
        seen = inner or seen.__cause__ or seen.__context__
    return type(error).__name__
