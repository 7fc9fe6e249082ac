"""Every call to a plugin passes here: recorded, and with a chance to stop the engine before and after it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import grpc


class Killed(BaseException):
    """The engine was ended at once, as by SIGKILL. A hook raises it; nothing is saved or sent any more."""


@dataclass
class Call:
    """One call to a plugin.

    Arguments:
        plugin: the number of the plugin process in this command, from 0.
        request, response: protobuf messages. Without a response the call failed, or is under way.
    """

    plugin: int
    method: str
    request: Any
    response: Any = None
    error: grpc.RpcError | None = None

    @property
    def urn(self) -> str:
        return str(getattr(self.request, "urn", ""))

    @property
    def id(self) -> str:
        return str(getattr(self.request, "id", ""))

    @property
    def preview(self) -> bool:
        return bool(getattr(self.request, "preview", False))

    def __repr__(self) -> str:
        name = self.urn.rpartition("::")[2]
        return f"<{self.method}{' ' + name if name else ''}{' ' + self.id if self.id else ''}>"


class Hooks:
    """What a test does between any two things that the engine does. Each may raise `Killed`.

    They run in the thread that does the thing, and other threads go on meanwhile.
    """

    def before_call(self, call: Call) -> None:
        """The engine is about to call the plugin."""

    def after_call(self, call: Call) -> None:
        """The plugin has answered, and the engine has not looked at it yet."""

    def before_save(self, state: dict[str, Any]) -> None:
        """The engine is about to save. An `OSError` makes this save fail."""

    def after_save(self, state: dict[str, Any]) -> None:
        """The engine has saved, and done nothing else yet."""


@dataclass
class Line:
    """The command line's ear: what was called, told and saved in one command."""

    hooks: Hooks = field(default_factory=Hooks)
    calls: list[Call] = field(default_factory=list)
    killed: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def guard(self, hook: Callable[[Any], None], about: Any) -> None:
        """Run a hook, unless the engine is dead already."""
        if self.killed.is_set():
            raise Killed
        try:
            hook(about)
        except Killed:
            self.killed.set()
            raise

    def record(self, call: Call) -> None:
        with self._lock:
            self.calls.append(call)


class Stub:
    """The methods of one plugin."""

    def __init__(self, stub: Any, number: int, line: Line) -> None:
        self._stub = stub
        self._number = number
        self._line = line

    def __call__(self, method: str, request: Any, timeout: float | None = None) -> Any:
        """What the plugin answers; an `grpc.RpcError` where it fails."""
        call = Call(self._number, method, request)
        self._line.guard(self._line.hooks.before_call, call)
        self._line.record(call)
        try:
            call.response = getattr(self._stub, method)(request, timeout=timeout)
        except grpc.RpcError as error:
            call.error = error
        except ValueError:  # the channel was closed, because the engine was ended
            raise Killed from None
        self._line.guard(self._line.hooks.after_call, call)
        if call.error is not None:
            raise call.error
        return call.response
