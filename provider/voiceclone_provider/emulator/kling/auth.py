"""Kling's bearer: a JWT made of access key and secret key, or an API key (vendor's page "authentication")."""

from __future__ import annotations

import re

import jwt

from .replies import refused

ACCESS_KEY = "emulator-ak"
SECRET_KEY = "emulator-sk"  # noqa: S105  a published one
API_KEY = "emulator-token"


def authenticate(header: str | None) -> None:
    """Five ways to be refused: 1000 failed, 1001 empty, 1002 invalid, 1003 not yet valid, 1004 expired."""
    if not (header or "").strip():
        raise refused(1001, "Authorization is empty", 401)
    found = re.fullmatch(r"Bearer\s+(\S+)", (header or "").strip())
    if found is None:
        raise refused(1002, "Authorization is invalid", 401)
    if found[1] == API_KEY:
        return
    try:
        claims = jwt.decode(
            found[1],
            SECRET_KEY,
            algorithms=["HS256"],
            options={"require": ["exp", "iss"], "verify_aud": False, "verify_iat": False},
        )
    except jwt.InvalidSignatureError:
        raise refused(1000, "authentication failed", 401) from None
    except jwt.ImmatureSignatureError:
        raise refused(1003, "Authorization is not yet valid", 401) from None
    except jwt.ExpiredSignatureError:
        raise refused(1004, "Authorization has expired", 401) from None
    except (jwt.PyJWTError, ValueError, TypeError):
        raise refused(1002, "Authorization is invalid", 401) from None
    if claims["iss"] != ACCESS_KEY:
        raise refused(1000, "authentication failed", 401)
