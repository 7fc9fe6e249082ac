"""The web page, in a real browser without a window."""

from __future__ import annotations

from .browser import Evaluate, look, shown
from .client import Emulator, until
from .rules import OURS, rule


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
