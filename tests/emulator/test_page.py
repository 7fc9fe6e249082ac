"""The web page, in a real browser without a window."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from .client import Emulator, until
from .rules import OURS, rule

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
    command = [found, *options.split(), *played.split(), f"--user-data-dir={tmp_path}", "about:blank"]
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
            async with session.put(f"{browser}/json/new?{url}") as reply:
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
                    assert "exceptionDetails" not in told["result"], told
                    return told["result"]["result"].get("value")

                await what(evaluate)

    asyncio.run(run())


async def shown(evaluate: Evaluate, script: str, good: Callable[[Any], Any] = bool) -> Any:
    for _ in range(200):
        if good(seen := await evaluate(script)):
            return seen
        await asyncio.sleep(0.03)
    raise AssertionError(f"{script}: still {seen!r}")


@rule("Control", "The page shows voices, states, quotas and the latest requests", "docs/emulator.md", OURS)
def test_shows(emulator: Emulator, browser: str) -> None:
    made = emulator.cloned("旁白")

    async def see(evaluate: Evaluate) -> None:
        row = await shown(evaluate, f"document.querySelector('[data-voice=\"{made}\"]')?.innerText ?? ''")
        assert row.split("\t")[:6] == ["coze", made, "旁白", "ready", "1", "9"]
        assert "20 Volcengine slots" in await evaluate("document.getElementById('slots').innerText")
        assert "/v1/audio/voices/clone" in await evaluate("document.getElementById('requests').innerText")

    look(browser, f"{emulator.origin}/", see)


@rule("Control", "The page plays a voice's preview", "docs/emulator.md", OURS)
def test_plays(emulator: Emulator, browser: str) -> None:
    emulator.cloned()

    async def play(evaluate: Evaluate) -> None:
        await shown(evaluate, "!!document.querySelector('audio')")
        await evaluate("document.querySelector('audio').play()")
        await shown(evaluate, "document.querySelector('audio').currentTime", lambda at: at > 0)
        assert abs(await evaluate("document.querySelector('audio').duration") - 12) < 0.1

    look(browser, f"{emulator.origin}/_emulator/", play)


@rule("Control", "A click on the page fails or deletes a voice", "docs/emulator.md", OURS)
def test_clicks(emulator: Emulator, browser: str) -> None:
    made = emulator.cloned()

    async def click(evaluate: Evaluate) -> None:
        button = f"document.querySelector('[data-voice=\"{made}\"] [data-act=%s]')"
        await shown(evaluate, f"!!{button % 'fail'}")
        await evaluate(f"{button % 'fail'}.click()")
        await shown(evaluate, "!!document.querySelector('.failed')")
        assert emulator.voice("coze", made)["status"] == "failed"
        await evaluate(f"{button % 'delete'}.click()")
        await shown(evaluate, f"!{button % 'delete'}")

    look(browser, f"{emulator.origin}/_emulator/", click)
    assert until(lambda: emulator.state()["coze"] == [])


@rule(
    "Control",
    "The page is at / and at /_emulator/; an Action at / is the console's",
    "docs/emulator.md",
    OURS,
)
def test_addresses(emulator: Emulator) -> None:
    for path in ("/", "/_emulator/", "/_emulator"):
        reply = emulator.send("GET", path)
        assert reply.headers["Content-Type"].startswith("text/html")
        assert "voiceclone emulator" in reply.text
    assert "ResponseMetadata" in emulator.send("GET", "/?Action=Nothing").json()


@rule("Control", "Names are shown as text: no markup of theirs is run", "docs/emulator.md", OURS)
def test_escaped(emulator: Emulator, browser: str) -> None:
    made = emulator.cloned("<img src=x onerror=document.title='run'>")

    async def see(evaluate: Evaluate) -> None:
        await shown(evaluate, f"!!document.querySelector('[data-voice=\"{made}\"]')")
        assert await evaluate("document.querySelectorAll('td img').length") == 0
        assert await evaluate("document.title") == "voiceclone emulator"

    look(browser, f"{emulator.origin}/", see)
