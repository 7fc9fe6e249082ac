"""One vendor account's HTTP: time-outs, retries, size limits and redaction.

A request is sent again only where that cannot cost anything: reads, and changes that certainly did not
reach the vendor or that it says it did not accept. A change whose fate is not known raises
`UnconfirmedError`; what to do then is the lifecycle's to decide.
"""

from __future__ import annotations

import json
import math
import re
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import RemoteDisconnected
from typing import Any, TypeVar

import requests
import tenacity
import urllib3

from .. import __version__
from . import transport
from .clock import SYSTEM, Clock
from .errors import (
    CancelledError,
    CredentialsError,
    PermanentError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 30.0
UPLOAD_TIMEOUT = 120.0  # an upload was seen to take longer than a gateway's 15 s, and to have its effect
MAX_RESPONSE_BYTES = 8 * 1024 * 1024
ATTEMPTS = 5
LONGEST_PAUSE = 20.0
LONGEST_RETRY_AFTER = 60.0
BUDGET = 100
"""Retries that may be outstanding per account; a success gives one back."""

_NOTICE_CANCEL = 0.1
_CANCEL_GRACE = 0.7
"""How long a change that was sent may still be answered after Ctrl-C: knowing its fate is worth it."""

_SIGNATURES_KEPT = 64

T = TypeVar("T")
Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]


def bearer(token: str, scheme: str = "Bearer ") -> Auth:
    """The usual `Authorization` header."""

    def auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"{scheme}{token}"
        return request

    return auth


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
            seconds = float(self.headers.get("Retry-After", ""))
        except ValueError:
            return None
        return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


class Http:
    """The HTTP of one account.

    Arguments:
        title: the vendor's name for people.
        auth: signs a prepared request. Given as a callable, not as a header, so that `requests` never
            replaces it with an entry of the user's `.netrc`.
        secrets: texts that never appear in an error; what `auth` puts into the `Authorization` header is
            kept out as well.
        cancelled: set when the user stops; ends every pause.
    """

    def __init__(
        self,
        title: str,
        auth: Auth,
        secrets: tuple[str, ...],
        cancelled: threading.Event,
        clock: Clock = SYSTEM,
    ) -> None:
        self.clock = clock
        self._title = title
        self._auth = auth
        self._secrets = tuple(secret for secret in secrets if secret)
        self._signatures: tuple[str, ...] = ()
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
            before_sleep=self._spend,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            result: T = retrying(self._once, call, understand, auth or self._auth)
        except VoiceError as error:
            raise self._described(error, call) from None
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
                raise UnconfirmedError(
                    error.message, code=error.code, request_id=error.request_id, advice=error.advice
                ) from None
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._odd(call, reply, f"an answer of an unknown shape ({type(error).__name__})") from None

    def _send(self, call: Call, auth: Auth) -> Reply:
        """Send on a thread of its own, so that Ctrl-C need not wait for a vendor that does not answer."""
        session = self._session(call)
        done = threading.Event()
        replies: list[Reply] = []
        errors: list[Exception] = []

        def work() -> None:
            try:
                replies.append(self._exchange(call, auth, session))
            except Exception as error:  # raised by the caller's thread
                errors.append(error)
            finally:
                done.set()

        threading.Thread(target=work, name="voiceclone-http", daemon=True).start()
        while not done.wait(_NOTICE_CANCEL):
            if not self._cancelled.is_set():
                continue
            if not call.changes:
                raise CancelledError("stopped while waiting for the answer")
            if not done.wait(_CANCEL_GRACE):
                raise UnconfirmedError("stopped before the answer came")
        if errors:
            raise errors[0]
        return replies[0]

    def _exchange(self, call: Call, auth: Auth, session: requests.Session) -> Reply:
        limit = call.timeout or (UPLOAD_TIMEOUT if call.changes else READ_TIMEOUT)
        deadline = self.clock.monotonic() + limit
        transport.begin()
        try:
            with session.request(
                call.method,
                call.url,
                params=call.params,
                headers={
                    "User-Agent": f"voiceclone/{__version__}",
                    "Accept-Encoding": "identity",
                    **(call.headers or {}),
                },
                json=call.json,
                data=call.form,
                files=call.files,
                auth=self._remembering(auth),
                timeout=(CONNECT_TIMEOUT, limit),
                allow_redirects=False,
                stream=True,
            ) as response:
                status, headers = response.status_code, response.headers
                body = b"" if 300 <= status < 400 else self._body(call, response, deadline)
        except requests.exceptions.InvalidHeader:
            raise _unsendable() from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            raise self._broken(call, error) from None
        except ValueError:
            raise _unsendable() from None
        finally:
            if call.changes:
                session.close()
        if 300 <= status < 400:
            raise PermanentError(
                f"answered with a redirect (HTTP {status}), which is not followed",
                code=str(status),
                advice="Check the base URL in the provider's configuration.",
            )
        text = body.decode("utf-8-sig", "replace")
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise self._odd(call, Reply(status, headers, None, text), "an answer that is not a JSON object")
        return Reply(status, headers, parsed, text)

    def _remembering(self, auth: Auth) -> Auth:
        """The same signature, kept so that a vendor that repeats it in a message does not give it away."""

        def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
            signed = auth(request)
            value = str(signed.headers.get("Authorization") or "")
            found = {value, re.sub(r"^[\w-]+[\s;]+", "", value)} - {"", *self._signatures}
            self._signatures = (*found, *self._signatures)[:_SIGNATURES_KEPT]
            return signed

        return sign

    def _session(self, call: Call) -> requests.Session:
        """A change gets a connection of its own: one that idled may be closed by the vendor just as
        it is used, and then it is not known whether the request arrived."""
        if call.changes:
            return transport.session()
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = transport.session()
        return session

    def _body(self, call: Call, response: requests.Response, deadline: float) -> bytes:
        """Whatever has arrived is taken at once: a body that trickles would else outlive every time-out.

        Nothing is unpacked: a few hundred bytes, packed several times, keep a processor busy for minutes.
        """
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            refused = Reply(response.status_code, response.headers, None, "")
            raise self._odd(call, refused, "a compressed answer, which was not asked for")
        chunks: list[bytes] = []
        size = 0
        while chunk := response.raw.read1(64 * 1024, decode_content=False):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_RESPONSE_BYTES:
                raise self._lost(call, f"an answer larger than {MAX_RESPONSE_BYTES // 2**20} MB")
            if self.clock.monotonic() > deadline:
                raise self._lost(call, "an answer that did not end in time")
        return b"".join(chunks)

    def _broken(self, call: Call, error: Exception) -> VoiceError:
        reason = _root_cause(error)
        if not transport.handed_over():
            return _not_sent(error, reason)
        if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError):
            return self._lost(call, "no answer in time")
        return self._lost(call, f"the connection broke: {reason}")

    def _lost(self, call: Call, what: str) -> VoiceError:
        if call.changes:
            return UnconfirmedError(what)
        return TemporaryError(what)

    def _odd(self, call: Call, reply: Reply, what: str) -> VoiceError:
        """An answer that is not the vendor's: a gateway's page, or a body cut short."""
        code = str(reply.status)
        if 400 <= reply.status < 500 and reply.status not in (408, 429, 499):
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
        return self._budget > 0

    def _spend(self, state: tenacity.RetryCallState) -> None:
        with self._budget_lock:
            self._budget -= 1

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, TemporaryError) else None
        jittered = tenacity.wait_random_exponential(multiplier=0.5, max=LONGEST_PAUSE)(state)
        return max(asked, jittered) if asked is not None else jittered

    def _sleep(self, seconds: float) -> None:
        if self.clock.pause(seconds, self._cancelled):
            raise CancelledError("stopped while waiting to try again")

    def _described(self, error: VoiceError, call: Call) -> VoiceError:
        error.vendor = error.vendor or self._title
        error.operation = error.operation or call.operation
        error.voice = error.voice or call.voice
        for secret in sorted({*self._secrets, *self._signatures}, key=len, reverse=True):
            error.message = error.message.replace(secret, "[secret]")
            error.request_id = error.request_id.replace(secret, "[secret]")
            error.code = error.code.replace(secret, "[secret]")
        error.args = (error.message,)
        return error


def _unsendable() -> VoiceError:
    """For errors whose own text holds the header, and so the secret."""
    return CredentialsError(
        "the credentials hold a character that cannot be sent",
        advice="Check the provider's configuration: a key or token was pasted with a line break or with a "
        "character that is not ASCII.",
    )


def _not_sent(error: Exception, reason: str) -> VoiceError:
    """The error of a request of which no byte was sent."""
    exceptions = requests.exceptions
    if isinstance(error, exceptions.InvalidURL | exceptions.MissingSchema | exceptions.InvalidSchema):
        return PermanentError(
            "the base URL cannot be used", advice="Check the base URL in the provider's configuration."
        )
    if isinstance(error, exceptions.SSLError) and "EOF" not in str(error):
        return PermanentError(
            f"the connection is not secure: {reason}",
            advice="Check the base URL and this machine's certificates.",
        )
    return TemporaryError(f"cannot be reached: {reason}", accepted=False)


def _root_cause(error: BaseException) -> str:
    """The operating system's words, without the URL (it may carry a query) and without object addresses."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, socket.gaierror):
            return "the host name is not known"
        if isinstance(seen, OSError) and seen.strerror:
            return seen.strerror.lower()
        if isinstance(seen, RemoteDisconnected):
            return "closed without an answer"
        inner = getattr(seen, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((item for item in seen.args if isinstance(item, BaseException)), None)
        seen = inner or seen.__cause__ or seen.__context__
    return type(error).__name__
