"""A real browser without a window, told what to do in JavaScript."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
import pytest
from yarl import URL

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "chrome-headless-shell",
)
Evaluate = Callable[[str], Awaitable[Any]]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[str]:
    """The address at which a browser takes commands (Chrome DevTools protocol)."""
    found = os.environ.get("CHROME") or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chrome or Chromium on PATH, and CHROME names none: the web page was not looked at")
    options = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --remote-debugging-port=0"
    played = "--autoplay-policy=no-user-gesture-required --mute-audio"
    rebound = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
    command = [
        found,
        *options.split(),
        *played.split(),
        rebound,
        f"--user-data-dir={tmp_path}",
        "about:blank",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as running:
        assert running.stderr is not None
        address = next((line for line in running.stderr if "DevTools listening" in line), "")
        port = re.search(r"ws://([\d.:]+)/", address)
        assert port, "the browser did not start"
        yield f"http://{port[1]}"
        running.kill()
        running.stderr.read()


def look(browser: str, url: str, what: Callable[[Evaluate], Awaitable[None]]) -> None:
    """Open a page and do something with it in JavaScript."""

    async def run() -> None:
        async with aiohttp.ClientSession() as session:
            async with session.put(URL(f"{browser}/json/new?{quote(url, safe='')}", encoded=True)) as reply:
                address = (await reply.json())["webSocketDebuggerUrl"]
            async with session.ws_connect(address, max_msg_size=0) as page:
                number = 0

                async def evaluate(script: str) -> Any:
                    nonlocal number
                    number += 1
                    parameters = {"expression": script, "awaitPromise": True, "returnByValue": True}
                    await page.send_json({"id": number, "method": "Runtime.evaluate", "params": parameters})
                    while (told := await page.receive_json(timeout=10)).get("id") != number:
                        pass
                    if "error" in told:  # the page before it has just gone
                        return None
                    assert "exceptionDetails" not in told["result"], told
                    return told["result"]["result"].get("value")

                await shown(evaluate, "location.host", lambda host: host == urlsplit(url).netloc)
                await what(evaluate)

    asyncio.run(run())


async def shown(evaluate: Evaluate, script: str, good: Callable[[Any], Any] = bool) -> Any:
    for _ in range(200):
        if good(seen := await evaluate(script)):
            return seen
        await asyncio.sleep(0.03)
    raise AssertionError(f"{script}: still {seen!r}")
