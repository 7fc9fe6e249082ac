"""Kling's bearer: a JWT made of access key and secret key, or an API key (vendor's page "authentication")."""

from __future__ import annotations

import re

import jwt

from ..credentials import ACCESS_KEY, KLING_API_KEY, SECRET_KEY


class UnauthorisedError(Exception):
    """Five ways to be refused: 1000 failed, 1001 empty, 1002 invalid, 1003 not yet valid, 1004 expired."""

    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message


def authenticate(header: str | None) -> None:
    if not (header or "").strip():
        raise UnauthorisedError(1001, "Authorization is empty")
    found = re.fullmatch(r"Bearer\s+(\S+)", (header or "").strip())
    if found is None:
        raise UnauthorisedError(1002, "Authorization is invalid")
    if found[1] == KLING_API_KEY:
        return
    try:
        claims = jwt.decode(
            found[1],
            SECRET_KEY,
            algorithms=["HS256"],
            options={"require": ["exp", "iss"], "verify_aud": False, "verify_iat": False},
        )
    except jwt.InvalidSignatureError:
        raise UnauthorisedError(1000, "authentication failed") from None
    except jwt.ImmatureSignatureError:
        raise UnauthorisedError(1003, "Authorization is not yet valid") from None
    except jwt.ExpiredSignatureError:
        raise UnauthorisedError(1004, "Authorization has expired") from None
    except (jwt.PyJWTError, ValueError, TypeError):
        raise UnauthorisedError(1002, "Authorization is invalid") from None
    if claims["iss"] != ACCESS_KEY:
        raise UnauthorisedError(1000, "authentication failed")
