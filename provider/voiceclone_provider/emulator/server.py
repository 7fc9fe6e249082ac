"""The emulator running: a listening socket, a state file, an event loop."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import ssl
from pathlib import Path

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from .app import build
from .core.samples import Samples, default_folder
from .core.store import Store
from .core.switches import Switches
from .core.world import World
from .guard import Guard
from .registry import SWITCHES, VENDORS


class Server:
    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        training_seconds: float = 5.0,
        state: Path | None = None,
        samples: Path | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
            self.origin = origin(host, int(self._socket.getsockname()[1]), tls is not None)
            self._store = Store(state)
        except BaseException:
            self._socket.close()
            raise
        self.world = World(
            self._store,
            Switches(SWITCHES | {"training_seconds": training_seconds}, self._store.settings()),
            Samples(self._store, samples or default_folder(), {int(self._socket.getsockname()[1])}),
            self.origin,
            VENDORS,
        )
        self._tls = tls
        self._runner = web.AppRunner(
            build(self.world, Guard(host, str(self._socket.getsockname()[0]))),
            access_log=None,
            logger=_quiet(),
            auto_decompress=False,  # no vendor says that it takes a compressed request
            shutdown_timeout=0.1,  # requests that a fault holds on purpose must not hold up the end
        )

    async def start(self) -> None:
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket, ssl_context=self._tls, backlog=1024).start()

    async def stop(self) -> None:
        for task in list(self.world.tasks):
            task.cancel()
        await self._runner.cleanup()
        self._store.close()
        self._socket.close()

    async def run(self) -> None:
        """Serve until a signal ends it."""
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        try:
            await self.start()
            print(f"listening on {self.origin}", flush=True)
            await ended.wait()
        finally:
            await self.stop()


def _quiet() -> logging.Logger:
    """Clients that send no HTTP or leave early are not worth a traceback."""

    def worth_it(record: logging.LogRecord) -> bool:
        cause = record.exc_info[1] if record.exc_info else None
        return not isinstance(cause, HttpProcessingError | ConnectionError | web.RequestPayloadError)

    logger = logging.getLogger(__name__)
    logger.addFilter(worth_it)
    return logger


def origin(host: str, port: int, tls: bool) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{shown}:{port}"
