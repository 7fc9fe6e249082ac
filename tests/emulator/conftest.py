"""One emulator for all tests, put back to the start before each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from voiceclone_provider.emulator.server import Server

from .audio import spoken
from .browser import browser as browser
from .client import Emulator


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rule(vendor, text, source, sure): a row of docs/emulator.md")


class _Running:
    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.server: Server | None = None
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        assert self.ready.wait(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.server = Server(training_seconds=0.04)
        self.loop.run_until_complete(self.server.start())
        self.ready.set()
        self.loop.run_forever()
        self.loop.run_until_complete(self.server.stop())

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    running = _Running()
    assert running.server is not None
    yield running.server.origin
    running.stop()


@pytest.fixture
def emulator(origin: str) -> Emulator:
    made = Emulator(origin)
    made.control("POST", "reset")
    return made


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/voice.wav"
        body = spoken() if found else b"not found"
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A web server that is not the emulator."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
