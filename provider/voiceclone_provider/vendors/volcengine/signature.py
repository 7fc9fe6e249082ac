"""Volcengine's console API signs each request with the account's key pair (V4, HMAC-SHA256)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

import requests

from ...core.clock import Clock

REGION = "cn-north-1"
SERVICE = "speech_saas_prod"
ALGORITHM = "HMAC-SHA256"
SIGNED_HEADERS = ("content-type", "host", "x-content-sha256", "x-date")


class Signature:
    """Signs a prepared request; anew for every attempt, because a signature is only valid for minutes."""

    def __init__(self, access_key: str, secret_key: str, clock: Clock, region: str = REGION) -> None:
        self._clock = clock
        self._region = region
        self._access_key = access_key
        self._secret_key = secret_key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        date = datetime.fromtimestamp(self._clock.now(), UTC).strftime("%Y%m%dT%H%M%SZ")
        parts = urlsplit(request.url or "")
        body = request.body or b""
        payload = hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()
        # Set, and not left to the HTTP library: what is signed must be what is sent, with the port.
        request.headers["Host"] = _host(parts)
        request.headers["X-Date"] = date
        request.headers["X-Content-Sha256"] = payload
        request.headers.setdefault("Content-Type", "application/json")
        canonical = "\n".join(
            (
                request.method or "",
                parts.path or "/",
                _query(parts.query),
                *(f"{name}:{str(request.headers[name]).strip()}" for name in SIGNED_HEADERS),
                "",
                ";".join(SIGNED_HEADERS),
                payload,
            )
        )
        scope = f"{date[:8]}/{self._region}/{SERVICE}/request"
        text = "\n".join((ALGORITHM, date, scope, hashlib.sha256(canonical.encode()).hexdigest()))
        signature = hmac.new(self._key(scope), text.encode(), hashlib.sha256).hexdigest()
        request.headers["Authorization"] = (
            f"{ALGORITHM} Credential={self._access_key}/{scope}, "
            f"SignedHeaders={';'.join(SIGNED_HEADERS)}, Signature={signature}"
        )
        return request

    def _key(self, scope: str) -> bytes:
        """The secret key itself begins the chain, without the prefix that other clouds put before it."""
        key = self._secret_key.encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key


def _host(parts: SplitResult) -> str:
    """With the port, unless it is the scheme's own: vendors' gateways leave that out when they check."""
    usual = ":443" if parts.scheme == "https" else ":80"
    return parts.netloc.rpartition("@")[2].removesuffix(usual)


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return "&".join(f"{name}={value}" for name, value in sorted((_quoted(n), _quoted(v)) for n, v in pairs))


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")
