"""What reading the vendors' answers has in common."""

from __future__ import annotations

from collections.abc import Callable

from ..core.errors import PermanentError, TemporaryError, VoiceError

Verdict = tuple[Callable[..., VoiceError], str]
"""The error that an answer stands for, and what the user should do."""


def unlisted(status: int, later: str) -> Verdict:
    """The verdict on a code that no table has. Only a client error (HTTP 4xx) says that nothing happened:
    with another status, a change may have had its effect."""
    if 400 <= status < 500:
        return PermanentError, ""
    return TemporaryError, later if status >= 500 else ""
