"""The process that Pulumi runs dynamic providers in, and what is made better in it.

It is `python -m pulumi.dynamic`, with the engine's address as its last argument. It answers with four
threads, ignores Cancel, reports every exception as a stack trace, and stays behind for ever when the engine
is killed. Each can be put right from within by a hook that its libraries leave open. Where a release of
theirs does not have the hook, Pulumi's own behaviour is what remains: less comfortable, never less safe.
"""

from __future__ import annotations

import functools
import os
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent import futures
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ..core.ports import Reporter
    from ..plugin.engine import Engine

THREADS: Final = 64
"""As many voices can be waited for at the same time."""

_ENGINE_CHECK: Final = 2.0
_HOST: Final = "pulumi.dynamic.__main__"
_LONG: Final = ("Create", "Update", "Read", "Delete")


class UserError(Exception):
    """An error in one sentence for the user."""


def prepare(cancel: Callable[[], None]) -> None:
    """Put right what can be, in the process that this is called in. `cancel` must return at once."""
    module = sys.modules.get("__main__")
    if module is None or getattr(getattr(module, "__spec__", None), "name", "") != _HOST:
        return
    _quiet(module)
    servicer = getattr(module, "DynamicResourceProviderServicer", None)
    waiting = futures.ThreadPoolExecutor(THREADS, thread_name_prefix="voiceclone")
    for name in _LONG:
        _run_on(servicer, name, waiting)
    _run_on(servicer, "Cancel", _Cancelling(cancel))
    address = _engine_address()
    if address:
        threading.Thread(target=_end_with, args=(address,), daemon=True).start()


def reporter(urn: str) -> Reporter:
    """How to talk to the user about this resource."""
    from ..plugin.engine import EngineReporter

    return EngineReporter(_engine(), urn)


@functools.cache
def _engine() -> Engine:
    from ..plugin.engine import Engine

    address = _engine_address()
    return Engine("{}:{}".format(*address) if address else None)


def _engine_address() -> tuple[str, int] | None:
    host, _, port = sys.argv[-1].rpartition(":") if len(sys.argv) > 1 else ("", "", "")
    return (host, int(port)) if host and port.isdigit() else None


def _end_with(engine: tuple[str, int]) -> None:
    """End this process when the engine is gone: nobody will take an answer, nor stop it. What it was doing is
    in the journal. (Its parent cannot be watched: it is a shell, which stays behind too.)"""
    pause = threading.Event()
    while True:
        try:
            socket.create_connection(engine, _ENGINE_CHECK).close()
        except ConnectionRefusedError:
            os._exit(1)
        except OSError:  # busy, or no connection to be had just now
            pass
        pause.wait(_ENGINE_CHECK)


def _run_on(servicer: Any, name: str, pool: futures.ThreadPoolExecutor) -> None:
    """Let a call be answered by threads of its own: gRPC looks for them where the method is."""
    method = getattr(servicer, name, None)
    if method is not None:
        method.experimental_thread_pool = pool


class _Cancelling(futures.ThreadPoolExecutor):
    """The thread that answers Cancel; all waits end before it does."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        super().__init__(1, thread_name_prefix="voiceclone-cancel")
        self._cancel = cancel

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> futures.Future[Any]:
        self._cancel()
        return super().submit(fn, *args, **kwargs)


def _quiet(module: ModuleType) -> None:
    """Let our errors be reported without the stack trace that Pulumi gives every exception."""
    if getattr(module, "traceback", None) is traceback:
        module.traceback = _Traceback()  # type: ignore[attr-defined]


class _Traceback:
    """`traceback`, for the one module that is given this in its place."""

    def format_exc(self, *args: Any, **kwargs: Any) -> str:
        error = sys.exc_info()[1]
        return str(error) if isinstance(error, UserError) else traceback.format_exc(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)
