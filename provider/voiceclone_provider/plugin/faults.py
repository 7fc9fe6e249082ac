"""Errors in the form that the engine takes them."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import grpc

from ..core.errors import (
    CancelledError,
    CredentialsError,
    InitFailedError,
    NotFoundError,
    ProviderBugError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from ..core.redaction import Secrets
from . import codec
from .protos import provider_pb2, status_pb2

if TYPE_CHECKING:
    from .engine import Engine

# Never UNKNOWN, INTERNAL or DATA_LOSS for a fault that left nothing behind: the engine takes those to mean
# that the resource may be in any state.
_CODES: Final[list[tuple[type[VoiceError], grpc.StatusCode]]] = [
    (CredentialsError, grpc.StatusCode.UNAUTHENTICATED),
    (NotFoundError, grpc.StatusCode.NOT_FOUND),
    (TemporaryError, grpc.StatusCode.UNAVAILABLE),
    (UnconfirmedError, grpc.StatusCode.ABORTED),
    (CancelledError, grpc.StatusCode.CANCELLED),
    (VoiceError, grpc.StatusCode.FAILED_PRECONDITION),
]

_DETAILS: Final = "grpc-status-details-bin"

T = TypeVar("T")


def _abort(context: grpc.ServicerContext, code: grpc.StatusCode, text: str) -> NoReturn:
    context.abort(code, text)
    raise AssertionError  # abort has raised; its type does not say so


def _abort_not_ready(context: grpc.ServicerContext, error: InitFailedError, secrets: Secrets) -> NoReturn:
    """End the RPC so that the engine keeps the resource, and calls Update in the next run."""
    text = error.text(secrets.redact)
    details = provider_pb2.ErrorResourceInitFailed(
        id=error.voice_id,
        properties=codec.encode(secrets.state(error.state), secrets.names),
        reasons=[text],
        inputs=None if error.inputs is None else codec.encode(error.inputs, secrets.names),
    )
    # Two is UNKNOWN: the engine reads the details under no other code.
    status = status_pb2.Status(code=2, message=text)
    status.details.add().Pack(details)
    context.set_trailing_metadata(((_DETAILS, status.SerializeToString()),))
    _abort(context, grpc.StatusCode.UNKNOWN, text)


def _where(error: BaseException) -> str:
    """Type and place of a fault. Not its text, which may quote anything, credentials too."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"Unexpected {type(error).__name__}{place}"


def _trace(error: BaseException) -> str:
    """The way to a fault and to what caused it: files, lines and types, no texts."""
    lines: list[str] = []
    seen: Any = error
    while seen is not None:
        lines += [f"{type(seen).__name__} at\n", *traceback.format_tb(seen.__traceback__)]
        seen = seen.__cause__ or seen.__context__
    return "".join(lines)


def answered(context: grpc.ServicerContext, engine: Engine, secrets: Secrets, call: Callable[[], T]) -> T:
    """The call's result; a fault ends the RPC with a text that a user can read.

    Arguments:
        secrets: what is redacted, and is marked in the partial state of a voice that is not ready.
    """
    try:
        return call()
    except InitFailedError as error:
        _abort_not_ready(context, error, secrets)
    except VoiceError as error:
        code = next(code for kind, code in _CODES if isinstance(error, kind))
        _abort(context, code, error.text(secrets.redact))
    except ProviderBugError as error:
        engine.debug(_trace(error))
        _abort(context, grpc.StatusCode.INTERNAL, str(error))
    except Exception as error:
        engine.debug(_trace(error))
        _abort(context, grpc.StatusCode.INTERNAL, str(ProviderBugError(_where(error))))
