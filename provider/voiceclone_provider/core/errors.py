"""The faults the core knows.

    VoiceError                 what a user reads: vendor, operation, voice, code, request ID, advice
    ├── PermanentError         will not go away by itself: the user must change something
    │   ├── CredentialsError   a key or token is missing or refused
    │   │   └── CannotListError   the credentials are not of the kind that an account's voices are listed with
    │   ├── NotFoundError      the vendor says that there is no such voice
    │   ├── SampleRefusedError the vendor will not train on this sample, however often it is sent
    │   ├── RefusedError       the vendor keeps a voice that it was asked to delete
    │   └── HandleTakenError   the vendor knows the handle of a create already
    ├── TemporaryError         worth another try; `accepted` says whether the vendor may have acted
    │   └── ThrottledError     the vendor limits the rate or the number of requests; it did not act
    ├── UnconfirmedError       the request may have had its effect: never sent again before looking
    ├── CancelledError         the user pressed Ctrl-C, or the engine is shutting down
    └── InitFailedError        the voice exists but is not ready: its state must be kept
    ProviderBugError           our own mistake: the text asks to report it

Vendors map their codes to this tree as data; `lifecycle` decides what each means for a voice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

_LONGEST_TEXT = 500


def shortened(text: str) -> str:
    """A vendor's words, no longer than a user reads."""
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


class About(TypedDict):
    """Whose fault it is, for several faults of one operation."""

    vendor: str
    operation: str
    voice: str


class VoiceError(Exception):
    """An error that is not ours, in words that say what to do next.

    Arguments:
        message: what happened, one clause, no full stop.
        vendor: the vendor's name as people write it (`Coze`).
        operation: what was being done (`train`, `read`, …).
        voice: the voice's ID or, before it has one, its name.
        code: the vendor's own code, as text.
        request_id: the vendor's request or log ID, which its support asks for.
        advice: what to do next, a full sentence.
    """

    def __init__(
        self,
        message: str,
        *,
        vendor: str = "",
        operation: str = "",
        voice: str = "",
        code: str = "",
        request_id: str = "",
        advice: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.vendor = vendor
        self.operation = operation
        self.voice = voice
        self.code = code
        self.request_id = request_id
        self.advice = advice

    def __str__(self) -> str:
        return self.text(lambda text: text)

    def text(self, redact: Callable[[str], str]) -> str:
        """The whole error in one line, without secrets. A vendor's words are redacted before they are
        cut: the rest of a secret that was cut would not be found."""
        where = " ".join(part for part in (self.vendor, self.operation, self.voice) if part)
        details = [f"code {self.code}"] if self.code else []
        if self.request_id:
            details.append(f"request ID {self.request_id}")
        message = shortened(redact(self.message))
        text = redact(f"{where}: " if where else "") + message
        if details:
            text += redact(f" ({', '.join(details)})")
        if not text.endswith((".", "!", "?", "。")):
            text += "."
        return f"{text} {redact(self.advice)}" if self.advice else text


class PermanentError(VoiceError):
    """Will not go away by itself."""


class CredentialsError(PermanentError):
    """A key or token is missing, or the vendor refuses it."""


class CannotListError(CredentialsError):
    """The credentials can read voices, but not list those of the account. No request was sent."""


class NotFoundError(PermanentError):
    """The vendor says that there is no such voice. Not yet a proof that it is gone."""


class SampleRefusedError(PermanentError):
    """The vendor will not train on this sample: sending it again would cost and change nothing."""


class RefusedError(PermanentError):
    """The vendor keeps a voice that it was asked to delete (a paid slot)."""


class HandleTakenError(PermanentError):
    """The vendor has seen this create's handle before and made nothing now."""


class TemporaryError(VoiceError):
    """Worth another try.

    Arguments:
        accepted: `False` when the vendor certainly did not act on the request, so that even a
            create may be sent again; `True` when it may have acted.
        retry_after: seconds the vendor asked us to wait, if it did.
    """

    def __init__(
        self, message: str, *, accepted: bool = True, retry_after: float | None = None, **details: str
    ) -> None:
        super().__init__(message, **details)
        self.accepted = accepted
        self.retry_after = retry_after


class ThrottledError(TemporaryError):
    """The vendor limits the rate of requests, or the number of trainings at a time; it did not act."""

    def __init__(self, message: str, *, retry_after: float | None = None, **details: str) -> None:
        super().__init__(message, accepted=False, retry_after=retry_after, **details)


class UnconfirmedError(VoiceError):
    """A request that costs money may have had its effect, and no read shows whether."""


class CancelledError(VoiceError):
    """Ctrl-C, or the engine is shutting down."""


class InitFailedError(VoiceError):
    """The voice exists at the vendor but is not ready: keep its ID, and let the next run go on.

    Arguments:
        voice_id: the resource ID.
        state: outputs to keep.
        inputs: inputs to keep; only `read` gives them.
        cause: the fault that this one carries to the user.
    """

    def __init__(
        self,
        voice_id: str,
        state: Mapping[str, Any],
        cause: VoiceError,
        inputs: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(str(cause))
        self.voice_id = voice_id
        self.state = dict(state)
        self.inputs = None if inputs is None else dict(inputs)
        self.cause = cause

    def text(self, redact: Callable[[str], str]) -> str:
        return self.cause.text(redact)


class ProviderBugError(Exception):
    """Our own mistake."""

    def __init__(self, message: str) -> None:
        super().__init__(
            f"{message}. This is a bug in the voiceclone provider: please report it with what you were doing."
        )


def contradictory(about: About, kept: str = "") -> TemporaryError:
    """The fault of a voice that one read does not show and another does; `kept` says what was not touched."""
    return TemporaryError(
        "the vendor's answers about this voice contradict each other",
        advice=f"{kept}Run the command again in a minute.",
        **about,
    )
