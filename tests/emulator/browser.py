"""A real browser without a window, told what to do in JavaScript."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "chrome-headless-shell",
)
Evaluate = Callable[[str], Awaitable[Any]]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which a browser takes commands (Chrome DevTools protocol)."""
    found = find()
    if found is None:
        pytest.skip("no Chrome or Chromium on PATH, and CHROME names none: the web page was not looked at")
    with running(found, tmp_path_factory.mktemp("browser")) as address:
        yield address


def find() -> str | None:
    return os.environ.get("CHROME") or next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def running(chrome: str, profile: Path) -> Iterator[str]:
    options = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --remote-debugging-port=0"
    played = "--autoplay-policy=no-user-gesture-required --mute-audio --accept-lang=en-US"
    rebound = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
    command = [
        chrome,
        *options.split(),
        *played.split(),
        rebound,
        f"--user-data-dir={profile}",
        "about:blank",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        try:
            address = next((line for line in process.stderr if "DevTools listening" in line), "")
            port = re.search(r"ws://([\d.:]+)/", address)
            assert port, "the browser did not start"
            yield f"http://{port[1]}"
        finally:
            process.kill()
            process.stderr.read()


class Page:
    """A tab. Called with JavaScript, it evaluates that."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._number = socket, 0
        self.errors: list[str] = []
        """What the page's console has of errors; a refused request is none."""
        self.requested: list[str] = []
        """The URLs that were asked for, once the `Network` domain is enabled."""

    async def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        while (told := await self._socket.receive_json(timeout=10)).get("id") != self._number:
            self._note(told)
        return dict(told)

    def _note(self, told: dict[str, Any]) -> None:
        match told["method"], told["params"]:
            case "Runtime.exceptionThrown", {"exceptionDetails": details}:
                self.errors.append(str(details))
            case "Log.entryAdded", {"entry": {"level": "error", "source": source} as entry}:
                if source != "network":
                    self.errors.append(entry["text"])
            case "Network.requestWillBeSent", {"request": {"url": url}}:
                self.requested.append(url)

    async def __call__(self, script: str) -> Any:
        told = await self.command(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "error" in told:  # the page before it has just gone
            return None
        assert "exceptionDetails" not in told["result"], told
        return told["result"]["result"].get("value")

    async def type(self, text: str) -> None:
        await self.command("Input.insertText", text=text)

    async def press(self, key: str) -> None:
        code = {"Enter": 13, "Escape": 27, "Tab": 9}[key]
        known = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        await self.command("Input.dispatchKeyEvent", type="keyDown", text="\r" * (key == "Enter"), **known)
        await self.command("Input.dispatchKeyEvent", type="keyUp", **known)


def look(
    browser: str,
    url: str,
    what: Callable[[Page], Awaitable[None]],
    *,
    width: int = 1280,
    height: int = 900,
    dark: bool = False,
    language: str = "en-US",
) -> None:
    """Open a page in a window of this size and do something with it in JavaScript."""

    async def run() -> None:
        async with aiohttp.ClientSession() as session:
            async with session.put(f"{browser}/json/new?about:blank") as reply:
                tab = await reply.json()
            async with session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                page = Page(socket)
                at, scheme = urlsplit(url), "dark" if dark else "light"
                agent = (await page.command("Browser.getVersion"))["result"]["userAgent"]
                await page.command("Runtime.enable")
                await page.command("Log.enable")
                await page.command("Emulation.setFocusEmulationEnabled", enabled=True)
                await page.command(
                    "Storage.clearDataForOrigin", origin=f"{at.scheme}://{at.netloc}", storageTypes="all"
                )
                await page.command(
                    "Emulation.setDeviceMetricsOverride",
                    width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
                )  # fmt: skip
                await page.command(
                    "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
                )
                await page.command("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=language)
                await page.command("Page.navigate", url=url)
                there = "document.readyState === 'loading' ? '' : location.host"
                await shown(page, there, lambda host: host == at.netloc)
                await what(page)
            async with session.get(f"{browser}/json/close/{tab['id']}"):
                pass

    asyncio.run(run())


async def shown(evaluate: Evaluate, script: str, good: Callable[[Any], Any] = bool) -> Any:
    for _ in range(200):
        if good(seen := await evaluate(script)):
            return seen
        await asyncio.sleep(0.03)
    raise AssertionError(f"{script}: still {seen!r}")
