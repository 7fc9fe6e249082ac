"""One vendor account's HTTP: time-outs, retries, size limits and redaction.

A request is sent again only where that cannot cost anything: reads, and changes that certainly did not
reach the vendor or that it says it did not accept. A change whose fate is not known raises
`UnconfirmedError`; what to do then is the lifecycle's to decide.
"""

from __future__ import annotations

import json
import math
import re
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import requests
import tenacity
import urllib3

from .. import __version__
from . import transport
from .call import Call, Reply
from .clock import SYSTEM, Clock
from .errors import (
    CancelledError,
    PermanentError,
    TemporaryError,
    ThrottledError,
    UnconfirmedError,
    VoiceError,
)
from .failures import not_sent, root_cause, unreachable, unsendable
from .pace import Pace, limit
from .redaction import redactor

CONNECT_TIMEOUT = 10.0
MAX_RESPONSE_BYTES = 8 * 1024 * 1024
ATTEMPTS = 5
LONGEST_PAUSE = 20.0
BUDGET = 100
"""Retries that may be outstanding per account; a success gives one back."""

_NOTICE_CANCEL = 0.1
_CANCEL_GRACE = 0.7
"""How long a change that was sent may still be answered after Ctrl-C: knowing its fate is worth it."""

_SIGNATURES_KEPT = 64
_SOON = 1.0
"""Seconds before a request is sent within which the caller knows when it was sent."""
_LEAST_SECRET = 8
"""Characters of a credential that is redacted in replies: a shorter one would be found in names and IDs."""

_UNDERSTANDING_FAILS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, OSError)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

T = TypeVar("T")
Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]


def bearer(token: str, scheme: str = "Bearer ") -> Auth:
    """The usual `Authorization` header."""

    def auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"{scheme}{token}"
        return request

    return auth


class Http:
    """The HTTP of one account.

    Arguments:
        title: the vendor's name for people.
        auth: signs a prepared request. Given as a callable, not as a header, so that `requests` never
            replaces it with an entry of the user's `.netrc`.
        secrets: texts that never appear in an error; what `auth` puts into the `Authorization` header is
            kept out as well.
        cancelled: set when the user stops; ends every pause.

    Attributes:
        witness: is told of every request that was sent, or was about to be, and what came of it: the answer,
            or why there is none. It must not raise. What it is told is not redacted.
    """

    witness: Callable[[Call, Reply | VoiceError], None] | None = None

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
        self._pace = Pace(clock)
        self._budget = BUDGET
        self._budget_lock = threading.Lock()

    def call(self, call: Call, understand: Callable[[Reply], T], *, auth: Auth | None = None) -> T:
        """Send the call and return what `understand` makes of the reply.

        `understand` raises the error that the vendor's code stands for. Gateways' answers (HTTP 5xx and
        429 without the vendor's envelope, bodies that are not JSON) are judged here, before it.
        """
        retrying = tenacity.Retrying(
            stop=self._spent,
            wait=self._pause,
            retry=tenacity.retry_if_exception(lambda error: self._may_repeat(call, error)),
            before_sleep=self._spend,
            sleep=self._sleep,
            reraise=True,
        )
        self._local.asked = self.clock.monotonic()
        try:
            result: T = retrying(self._once, call, understand, auth or self._auth)
        except VoiceError as error:
            raise self._described(error, call) from None
        with self._budget_lock:
            self._budget = min(self._budget + 1, BUDGET)
        return result

    def _once(self, call: Call, understand: Callable[[Reply], T], auth: Auth) -> T:
        """Send the call at the account's pace, and again where the vendor refused it for the rate."""
        since = self.clock.monotonic()
        while True:
            sent = self._pace.turn(call.changes, self._cancelled)
            if sent is None or self._cancelled.is_set():
                raise CancelledError("stopped before the request was sent")
            if call.changes and limit.sending is not None and sent - self._local.asked > _SOON:
                limit.sending()
                self._local.asked = self.clock.monotonic()
            try:
                return self._answer(call, understand, auth)
            except ThrottledError as error:
                self._pace.refused(sent, error.retry_after)
                if self._pace.next_turn > min(self._pace.patient_until(call.changes, since), limit.until):
                    raise
                if limit.report is not None:
                    limit.report(f"waiting to send the request again: {error.message}")

    def _answer(self, call: Call, understand: Callable[[Reply], T], auth: Auth) -> T:
        reply = self._witnessed(call, auth)
        taken = True
        try:
            return understand(reply)
        except TemporaryError as error:
            taken = not isinstance(error, ThrottledError)
            if error.retry_after is None:
                error.retry_after = reply.retry_after
            if call.changes and error.accepted:
                raise UnconfirmedError(
                    error.message, code=error.code, request_id=error.request_id, advice=error.advice
                ) from None
            raise
        except _UNDERSTANDING_FAILS as error:
            raise self._odd(call, reply, f"an answer of an unknown shape ({type(error).__name__})") from None
        finally:
            if taken:
                self._pace.answered(call.changes)

    def _witnessed(self, call: Call, auth: Auth) -> Reply:
        try:
            reply = self._send(call, auth)
        except VoiceError as error:
            if self.witness is not None:
                self.witness(call, error)
            raise
        if self.witness is not None:
            self.witness(call, reply)
        return reply

    def _send(self, call: Call, auth: Auth) -> Reply:
        """Send on a thread of its own, so that Ctrl-C need not wait for a vendor that does not answer, nor
        anybody for a vendor whose answer does not end."""
        session = self._session(call)
        exchange = transport.Exchange()
        done = threading.Event()
        replies: list[Reply] = []
        errors: list[Exception] = []

        def work() -> None:
            try:
                exchange.begin()
                replies.append(self._exchange(call, auth, session, exchange))
            except Exception as error:  # raised by the caller's thread
                errors.append(error)
            finally:
                done.set()

        deadline = self.clock.monotonic() + 2 * CONNECT_TIMEOUT  # a host may have two addresses
        sent = False
        threading.Thread(target=work, name="voiceclone-http", daemon=True).start()
        while not done.wait(_NOTICE_CANCEL):
            if exchange.handed_over and not sent:
                sent, deadline = True, self.clock.monotonic() + call.seconds
            stopped = self._cancelled.is_set()
            if stopped and call.changes and done.wait(_CANCEL_GRACE):
                break
            if stopped or self.clock.monotonic() > deadline:
                self._local.session = None  # its connection may be in use for ever
                raise self._given_up(call, stopped=stopped, handed_over=exchange.end())
        if errors:
            raise errors[0]
        return replies[0]

    def _given_up(self, call: Call, *, stopped: bool, handed_over: bool) -> VoiceError:
        if not stopped:
            missing = unreachable(call.url, "no connection in time")
            return self._lost(call, "no answer in time") if handed_over else missing
        if call.changes and handed_over:
            return UnconfirmedError("stopped before the answer came")
        return CancelledError("stopped while waiting for the answer")

    def _exchange(
        self, call: Call, auth: Auth, session: requests.Session, exchange: transport.Exchange
    ) -> Reply:
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
                timeout=(CONNECT_TIMEOUT, call.seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                status, headers = response.status_code, response.headers
                body = b"" if 300 <= status < 400 else self._body(call, response)
        except requests.exceptions.InvalidHeader:
            raise unsendable() from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            raise self._broken(call, error, exchange) from None
        except ValueError:
            raise unsendable() from None
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
        parsed = self._parsed(text)
        if not isinstance(parsed, dict):
            raise self._odd(call, Reply(status, headers, None, text), "an answer that is not a JSON object")
        return Reply(status, headers, parsed, text)

    def _parsed(self, text: str) -> Any:
        """The JSON, without our own credentials and without characters that no text has: what a vendor quotes
        may end in a state or on a screen. `None` where it is not JSON."""
        texts = {*self._secrets, *self._signatures}
        redact = redactor(text for text in texts if len(text) >= _LEAST_SECRET)

        def clean(value: Any) -> Any:
            if isinstance(value, str):
                return redact(_CONTROL.sub("\ufffd", value))
            if isinstance(value, dict):
                return {key: clean(item) for key, item in value.items()}
            return [clean(item) for item in value] if isinstance(value, list) else value

        try:
            return clean(json.loads(text, parse_float=_finite, parse_constant=_finite))
        except (ValueError, RecursionError):
            return None

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

    def _body(self, call: Call, response: requests.Response) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while chunk := response.raw.read(64 * 1024, decode_content=False):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_RESPONSE_BYTES:
                raise self._lost(call, f"an answer larger than {MAX_RESPONSE_BYTES // 2**20} MB")
        packed, encoding = b"".join(chunks), response.headers.get("Content-Encoding")
        try:
            body = transport.unpacked(packed, encoding, MAX_RESPONSE_BYTES)
        except ValueError:
            odd = Reply(response.status_code, response.headers, None, "")
            raise self._odd(call, odd, f"an answer that is compressed as {encoding}") from None
        if len(body) > MAX_RESPONSE_BYTES:
            raise self._lost(call, f"an answer larger than {MAX_RESPONSE_BYTES // 2**20} MB")
        return body

    def _broken(self, call: Call, error: Exception, exchange: transport.Exchange) -> VoiceError:
        reason = root_cause(error)
        if not exchange.handed_over:
            return not_sent(error, call.url, reason)
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
            return ThrottledError("too many requests", code=code, retry_after=reply.retry_after)
        if call.changes:
            return UnconfirmedError(f"{what} (HTTP {reply.status})", code=code)
        return TemporaryError(f"{what} (HTTP {reply.status})", code=code, retry_after=reply.retry_after)

    def _may_repeat(self, call: Call, error: BaseException) -> bool:
        if not isinstance(error, TemporaryError) or isinstance(error, ThrottledError):
            return False
        return self._budget > 0 and not (call.changes and error.accepted)

    def _spent(self, state: tenacity.RetryCallState) -> bool:
        late = self.clock.monotonic() + state.upcoming_sleep > limit.until
        return late or state.attempt_number >= ATTEMPTS

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
        redact = redactor({*self._secrets, *self._signatures})
        error.message, error.code = redact(error.message), redact(error.code)
        error.request_id = redact(error.request_id)
        error.args = (error.message,)
        return error


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
