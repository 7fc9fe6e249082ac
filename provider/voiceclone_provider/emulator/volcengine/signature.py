"""Volcengine's V4 signature (HMAC-SHA256) on the console API, checked as the vendor does.

Vendor's signature page: canonical request, scope `date/region/service/request`, key chain from the raw secret
key. The list of signed headers is the client's choice and is taken from the header.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime
from urllib.parse import quote

from ..core.wire import Incoming
from .credentials import ACCESS_KEY, SECRET_KEY

_SKEW = 15 * 60
_SERVICE = "speech_saas_prod"
_SHAPE = re.compile(
    r"HMAC-SHA256\s+Credential=(?P<ak>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[\w-]+)/(?P<service>\w+)/request,\s*"
    r"SignedHeaders=(?P<headers>[\w;-]+),\s*Signature=(?P<signature>[0-9a-fA-F]{64})"
)


class DeniedError(Exception):
    """The console API's word for what is wrong."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        self.code, self.message, self.status = code, message, status


def verify(incoming: Incoming, at: float) -> str:
    """The region that was signed for, or `DeniedError`."""
    header = incoming.headers.get("authorization", "")
    if not header:
        raise DeniedError("MissingAuthenticationToken", "The request has no authentication token.", 401)
    found = _SHAPE.fullmatch(header.strip())
    if found is None:
        raise DeniedError("InvalidAuthorization", "The Authorization header is malformed.")
    if found["ak"] != ACCESS_KEY:
        raise DeniedError("InvalidAccessKey", "The access key does not exist.", 401)
    moment = incoming.headers.get("x-date", "")
    try:
        sent = datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise DeniedError("InvalidTimestamp", "X-Date is not of the form 20060102T150405Z.") from None
    if abs(sent - at) > _SKEW:
        raise DeniedError("InvalidTimestamp", "The request was signed too long ago or in the future.")
    mismatch = DeniedError("SignatureDoesNotMatch", "The signature we calculated does not match yours.", 401)
    names = found["headers"].split(";")
    if found["date"] != moment[:8] or found["service"] != _SERVICE:
        raise mismatch
    if "x-date" not in names or any(name not in incoming.headers for name in names):
        raise mismatch
    digest = hashlib.sha256(incoming.body).hexdigest()
    if incoming.headers.get("x-content-sha256", digest).lower() != digest:
        raise mismatch
    scope = f"{found['date']}/{found['region']}/{found['service']}/request"
    canonical = "\n".join(
        [
            incoming.method,
            incoming.raw_path or "/",
            canonical_query(incoming.query),
            *(f"{name}:{' '.join(incoming.headers[name].split())}" for name in names),
            "",
            found["headers"],
            digest,
        ]
    )
    to_sign = "\n".join(["HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = SECRET_KEY.encode()
    for step in (found["date"], found["region"], found["service"], "request"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    expected = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, found["signature"].lower()):
        raise mismatch
    return found["region"]


def canonical_query(query: list[tuple[str, str]]) -> str:
    return "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(query)
    )
