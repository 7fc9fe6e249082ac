"""One request to a vendor, and its reply."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from .errors import NotFoundError

READ_TIMEOUT = 30.0
UPLOAD_TIMEOUT = 120.0  # an upload was seen to take longer than a gateway's 15 s, and to have its effect
SLOWEST_UPLOAD = 32 * 1024  # bytes a second; a slower line gets no further
LONGEST_RETRY_AFTER = 60.0


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

    @property
    def seconds(self) -> float:
        """How long the whole exchange may take once it is connected."""
        size = sum(len(data) for _, data, _ in (self.files or {}).values())
        usual = UPLOAD_TIMEOUT if self.changes else READ_TIMEOUT
        return (self.timeout or usual) + size / SLOWEST_UPLOAD


@dataclass(frozen=True)
class Reply:
    """A vendor's answer: the body is JSON, or `None` where it is not."""

    status: int
    headers: Mapping[str, str]
    body: Any
    text: str

    @property
    def retry_after(self) -> float | None:
        """Seconds the vendor asks us to wait, `LONGEST_RETRY_AFTER` at most; `None` where it does not ask."""
        asked = self.headers.get("Retry-After", "")
        try:
            seconds = float(asked)
        except ValueError:
            # A date is by the clock that the answer is dated by, which need not agree with this machine's.
            until, now = _unix(asked), _unix(self.headers.get("Date", ""))
            seconds = math.nan if until is None or now is None else until - now
        return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _unix(date: str) -> float | None:
    """The Unix time of a date as HTTP writes it; `None` where it is none."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None


def segment(text: str) -> str:
    """An ID as one segment of a path. Raises `NotFoundError` for one that would lead to another path."""
    if text.strip(".") == "":
        raise NotFoundError(f"there can be no voice with the ID {text!r}")
    return quote(text, safe="")
