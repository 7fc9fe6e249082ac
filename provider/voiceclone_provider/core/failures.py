"""What a request that failed on its way says, without headers, object addresses and secrets in a URL."""

from __future__ import annotations

import socket
from http.client import RemoteDisconnected
from urllib.parse import urlsplit

import requests

from .errors import CredentialsError, PermanentError, TemporaryError, VoiceError


def unsendable() -> VoiceError:
    """For errors whose own text holds the header, and so the secret."""
    return CredentialsError(
        "the credentials hold a character that cannot be sent",
        advice="Check the provider's configuration: a key or token was pasted with a line break or with a "
        "character that is not ASCII.",
    )


def unreachable(url: str, reason: str) -> VoiceError:
    """No connection was made, so nothing was sent."""
    return TemporaryError(f"{_origin(url)} cannot be reached: {reason}", accepted=False)


def not_sent(error: Exception, url: str, reason: str) -> VoiceError:
    """The error of a request of which no byte was sent."""
    exceptions = requests.exceptions
    if isinstance(error, exceptions.InvalidURL | exceptions.MissingSchema | exceptions.InvalidSchema):
        return PermanentError(
            "the base URL cannot be used", advice="Check the base URL in the provider's configuration."
        )
    if isinstance(error, exceptions.SSLError) and "EOF" not in str(error):
        return PermanentError(
            f"the connection to {_origin(url)} is not secure: {reason}",
            advice="Check the base URL and this machine's certificates.",
        )
    return unreachable(url, reason)


def _origin(url: str) -> str:
    """A URL without user, path and query: any of these may hold a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def root_cause(error: BaseException) -> str:
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
