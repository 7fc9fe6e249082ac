"""What reading the vendors' answers has in common."""

from __future__ import annotations

from collections.abc import Callable

from ..core.call import Reply
from ..core.errors import PermanentError, TemporaryError, VoiceError

Verdict = tuple[Callable[..., VoiceError], str]
"""The error that an answer stands for, and what the user should do."""

LATER = "The vendor has a fault: try again later."
SLOWER = "The vendor limits the rate of requests: try again later."
NO_MESSAGE = "the vendor gives no message"


def unlisted(status: int, later: str = LATER) -> Verdict:
    """The verdict on a code that no table has. Only a client error (HTTP 4xx) says that nothing happened:
    with another status, a change may have had its effect."""
    if 400 <= status < 500:
        return PermanentError, ""
    return TemporaryError, later if status >= 500 else ""


def code_of(reply: Reply) -> tuple[int | None, str]:
    """The code in an envelope's `code`, which is a number or the text of one, and how an error shows it: as
    the HTTP status where it says nothing. Raises `ValueError` where a good answer has no `code`."""
    reported = reply.body.get("code")
    if reported is None and reply.status < 400:
        raise ValueError("no code")
    code = int(reported) if isinstance(reported, int | str) and str(reported).isdecimal() else None
    return code, str(reply.status if reported in (None, "", 0, "0") else reported)
