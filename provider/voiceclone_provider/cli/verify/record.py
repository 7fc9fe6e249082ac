"""What was exchanged with a vendor, without secrets and audio: fit for pasting into an issue."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, Final, TextIO
from urllib.parse import parse_qsl, unquote, urlsplit

from ...core.call import Call, Reply
from ...core.clock import Clock
from ...core.errors import VoiceError
from ...core.redaction import redactor

_SENT_HEADERS: Final = frozenset({"resource-id", "x-api-resource-id"})
_HEADERS: Final = frozenset({"content-type", "date", "retry-after", "x-request-id", "x-tt-logid"})
"""Headers are left out unless they are named here: others may hold credentials."""

_LONGEST: Final = 2000
"""Characters; what is longer is audio, or might be."""
_LEAST_SECRET: Final = 4
_LEAST_PARAMETER: Final = 8
"""Characters of a URL's parameter that is a secret wherever it is quoted: shorter ones are flags."""

_URL: Final = re.compile(r"https?://[^\s\"'<>]+")
_HIDDEN: Final = "[private]"


class Step(StrEnum):
    """What the walk was doing."""

    LOOK = "look"
    WRONG_KEYS = "wrong credentials"
    MISSING = "missing voice"
    LIMITS = "limits"
    CREATE = "create"
    RETRAIN = "retrain"
    DELETE = "delete"
    AFTER = "after the deletion"


@dataclass(frozen=True)
class Exchange:
    """One request and what came of it, as it is recorded.

    Arguments:
        step: what the walk was doing.
        operation: what the provider was doing (`list`, `train`, …).
        at: seconds since the walk began.
        sent: the body: JSON, or a form's fields and files.
        status: the HTTP status; `None` where no answer came.
        error: why there is no answer, or none that is a JSON object.
    """

    step: str
    operation: str
    at: float
    method: str
    url: str
    query: Mapping[str, Any]
    sent_headers: Mapping[str, str]
    sent: Any
    status: int | None = None
    headers: Mapping[str, str] | None = None
    body: Any = None
    error: str = ""

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


class Recorder:
    """Takes down every exchange, in memory and, line by line, in a file.

    Arguments:
        secrets: texts that are replaced wherever they are, in every form in which they may be quoted.
        private: keys whose values say whose account it is, or what its voices are called, in lower case.
        kept: beginnings of such values that are the vendor's own, or the walk's.
        audio: the sample, which is replaced by its length and hash however short it is.
        file: gets a JSON object a line. A fault in writing it is kept in `broken`, and stops nothing: a voice
            that was just made must not be lost for it.
    """

    def __init__(
        self,
        secrets: Iterable[str],
        clock: Clock,
        *,
        private: Collection[str] = (),
        kept: tuple[str, ...] = (),
        audio: bytes = b"",
        file: TextIO | None = None,
    ) -> None:
        self.step = Step.LOOK
        self.exchanges: list[Exchange] = []
        self.broken = ""
        self._redact = redactor({secret for secret in secrets if len(secret) >= _LEAST_SECRET})
        self._clock = clock
        self._began = clock.monotonic()
        self._private = frozenset(private)
        self._kept = kept
        self._audio = base64.b64encode(audio).decode()
        self._file = file

    def note(self, call: Call, answer: Reply | VoiceError) -> None:
        """Take down one exchange; what `Http.witness` is."""
        came: dict[str, Any]
        if isinstance(answer, Reply):
            came = {
                "status": answer.status,
                "headers": self._headers(answer.headers, _HEADERS),
                "body": self._clean(answer.body),
            }
        else:
            came = {"error": self.shown(answer.message)}
        exchange = Exchange(
            step=str(self.step),
            operation=call.operation,
            at=round(self._clock.monotonic() - self._began, 2),
            method=call.method,
            url=self.shown(call.url),
            query=self._clean(dict(call.params or {})),
            sent_headers=self._headers(call.headers or {}, _SENT_HEADERS),
            sent=self._sent(call),
            **came,
        )
        self.exchanges.append(exchange)
        self.write({name: value for name, value in asdict(exchange).items() if value not in (None, "", {})})

    def write(self, line: Mapping[str, Any]) -> None:
        """Add a line to the file, if there is one."""
        if self._file is None or self.broken:
            return
        try:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            self.broken = error.strerror or type(error).__name__

    def _headers(self, headers: Mapping[str, str], known: frozenset[str]) -> dict[str, str]:
        return {name: self.shown(value) for name, value in headers.items() if name.lower() in known}

    def _sent(self, call: Call) -> Any:
        if call.json is not None:
            return self._clean(call.json)
        files = {
            name: {"file": filename, **_digest(data), "type": kind}
            for name, (filename, data, kind) in (call.files or {}).items()
        }
        return {**self._clean(dict(call.form or {})), **files} or None

    def _clean(self, value: Any, key: str = "") -> Any:
        if isinstance(value, Mapping):
            return {self.shown(str(name)): self._clean(item, str(name)) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(item, key) for item in value]
        if key.lower() in self._private and value not in (None, "", True, False):
            return value if isinstance(value, str) and value.startswith(self._kept) else _HIDDEN
        if not isinstance(value, str):
            return value
        if len(value) > _LONGEST or (value and value == self._audio):
            return _digest(_decoded(value))
        return self.shown(_without_path(value) if _URL.fullmatch(value) else value)

    def shown(self, text: str) -> str:
        """The text without secrets, and without what signs the URLs in it."""
        return _URL.sub(lambda found: _without_query(found[0]), self._redact(text))


def _digest(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _decoded(text: str) -> bytes:
    """The bytes that a long text stands for."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")


def _without_query(url: str) -> str:
    """The URL without what may sign it or name its user."""
    base, mark, _ = url.partition("?")
    scheme, _, rest = base.partition("#")[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}{'?[removed]' if mark else ''}"


def _without_path(url: str) -> str:
    """The URL of a recording, which may be anybody's to fetch, without its place on the host."""
    base, _, path = re.sub(r"[?#].*", "", url).partition("://")[2].partition("/")
    extension = PurePosixPath(path).suffix
    return f"{url.partition('://')[0]}://{base}/[removed]{extension}" if path else url


def url_secrets(url: str) -> set[str]:
    """What is secret in a URL that the user gave: who may fetch it, what signs it, and where it is."""
    parts = urlsplit(url)
    values = {value for _, value in parse_qsl(parts.query) if len(value) >= _LEAST_PARAMETER}
    user = {part for part in parts.netloc.rpartition("@")[0].split(":") if part}
    place = {text for text in (parts.path, unquote(parts.path)) if len(text) >= _LEAST_PARAMETER}
    found = {parts.query, parts.fragment} | place | values | user | {unquote(part) for part in user}
    return {text for text in found if text}


def create(path: str) -> TextIO:
    """A new file that only its owner may read; one that is there is not written over. Raises `OSError`."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return open(handle, "w", encoding="utf-8", errors="backslashreplace")
