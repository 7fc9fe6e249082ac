"""The page of all voices: of two stacks, made by the command and looked at in a real browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from emulator.browser import Page, look, shown
from engine.emulator import Emulator
from engine.stack import SAMPLES, Stack

HOSTILE = "<script>document.title='run'</script>"
SHOWN = "[...document.querySelectorAll('#voices > li')].filter(card => !card.hidden).length"


def voice(vendor: str, **properties: Any) -> dict[str, Any]:
    return {"type": f"voiceclone:{vendor}:Voice", "properties": properties}


def two_stacks(stack: Stack, emulator: Emulator) -> None:
    """One with a voice on each vendor; another with a hostile name, and a token in its configuration."""
    for sample in ("host-en.mp3", "narrator-zh.wav"):
        shutil.copy(SAMPLES / sample, stack.folder)
    host = {"audio": {"fn::fileAsset": "host-en.mp3"}, "language": "en"}
    narrator = {"audio": {"fn::fileAsset": "narrator-zh.wav"}, "language": "zh"}
    urls = {file: emulator.sample_url(file) for file in ("guide-zh.mp3", "announcer-en.wav")}
    stack.program(
        {
            "host": {**voice("coze", name="旁白", **host), "options": {"protect": True}},
            "narrator": {**voice("volcengine", **narrator), "options": {"dependsOn": ["${host}"]}},
            "guide": voice("qiniu", name="guide", audioUrl=urls["guide-zh.mp3"], language="zh"),
            "announcer": voice("kling", name="announcer", audioUrl=urls["announcer-en.wav"]),
        }
    )
    stack.up()
    stack.program({"other": voice("coze", name=HOSTILE, **host)})
    stack.must("stack", "init", "prod", "--no-select")
    stack.must("config", "set", "--secret", "voiceclone:cozeToken", "emulator-token", "--stack", "prod")
    stack.up("--stack", "prod")


def catalogue(stack: Stack, out: Path, **environment: str) -> tuple[int, dict[str, Any]]:
    """How the command ended, and the voices that it wrote, by their resources' names."""
    path = f"{Path(stack.command[0]).parent}:{stack.environment['PATH']}"
    command = [sys.executable, "-m", "voiceclone_provider", "catalogue", ".:test", ".:prod", "--json"]
    done = subprocess.run(
        [*command, "--out", str(out)],
        cwd=stack.folder,
        env={**stack.environment, "PATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    voices = json.loads((out / "voices.json").read_text("utf-8"))["voices"]
    return done.returncode, {voice["resource"]: voice for voice in voices}


def test_all_voices_are_on_a_page_to_listen_to(
    cli: Path, stack: Stack, emulator: Emulator, browser: str, tmp_path: Path
) -> None:
    two_stacks(stack, emulator)
    out = tmp_path / "voices"
    code, voices = catalogue(stack, out)
    assert code == 0
    assert {name: voice["preview"]["file"] is not None for name, voice in voices.items()} == dict.fromkeys(
        ("host", "narrator", "guide", "announcer", "other"), True
    )
    assert [name for name, voice in voices.items() if voice["sample"]["file"]] == [
        "other",
        "host",
        "narrator",
    ]
    assert voices["host"]["usedBy"] == [{"type": "voiceclone:volcengine:Voice", "name": "narrator"}]
    assert (voices["host"]["protected"], voices["guide"]["protected"]) == (True, False)
    for file in out.rglob("*.*"):
        for secret in (b"x-signature", b"emulator-token"):
            assert secret not in file.read_bytes()
    _looked_at(browser, out)

    # Each stack's voices are asked for with its own credentials; the page is made without what is missing.
    code, voices = catalogue(stack, out, COZE_API_TOKEN="wrong")
    assert code == 1
    assert [name for name, voice in voices.items() if not voice["preview"]["file"]] == ["host"]


def _looked_at(browser: str, out: Path) -> None:
    url = f"{out.as_uri()}/index.html"

    async def desktop(page: Page) -> None:
        await page.command("Network.enable")
        await page.command("Page.reload")
        await _shown(page)
        assert await page("document.title") == "Voices"
        assert await page(f"document.body.innerText.includes({json.dumps(HOSTILE)})")
        await _heard(page)
        await _found(page)
        await _translated(page)
        assert page.requested
        assert [url for url in page.requested if not url.startswith((out.as_uri(), "data:"))] == []
        assert page.errors == []

    async def phone(page: Page) -> None:
        await _shown(page)
        assert await page("document.title") == "音色"
        assert await page("document.documentElement.scrollWidth <= innerWidth && innerWidth === 360")
        assert await page("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 26)"
        await _named(page)
        assert page.errors == []

    look(browser, url, desktop)
    look(browser, url, phone, width=360, height=740, dark=True, language="zh-CN")


async def _shown(page: Page) -> None:
    await shown(page, SHOWN, lambda cards: cards == 5)


async def _heard(page: Page) -> None:
    """Every recording decodes; one that begins stops the others."""
    players = await page("document.querySelectorAll('audio').length")
    assert players == 8
    for number in range(players):
        player = f"document.querySelectorAll('audio')[{number}]"
        await page(f"{player}.play()")
        await shown(page, f"{player}.currentTime", lambda at: at > 0)
        assert 10 < await page(f"{player}.duration") < 20
    assert await page("[...document.querySelectorAll('audio')].filter(one => !one.paused).length") == 1


async def _found(page: Page) -> None:
    for field, value, left in (
        ("search", "NARRATOR", 2),  # its own card, and the voice that it depends on
        ("search", "旁白", 1),
        ("search", "voices/test kling", 1),
        ("search", "nobody", 0),
        ("search", "", 5),
        ("vendor", "coze", 2),
        ("vendor", "", 5),
        ("stack", "voices/prod", 1),
        ("stack", "", 5),
        ("status", "Ready", 5),
    ):
        chosen = f"document.getElementById('{field}')"
        await page(f"{chosen}.value = {json.dumps(value)}")
        await page(f"{chosen}.dispatchEvent(new Event('input', {{ bubbles: true }}))")
        assert await page(f"{chosen}.value") == value
        assert await page(SHOWN) == left, (field, value)


async def _translated(page: Page) -> None:
    assert await page("Object.keys(TEXTS.zh).join() === Object.keys(TEXTS.en).join()")
    await page("document.getElementById('language').click()")
    assert await page("document.title") == "音色"
    assert await page("document.documentElement.lang") == "zh-CN"
    assert "样本在网址上" in await page("document.body.innerText")
    await page.command("Page.reload")
    await shown(page, "document.title", lambda title: title == "音色")  # it is remembered
    await page("document.getElementById('language').click()")
    assert await page("document.title") == "Voices"
    await page("localStorage.clear()")


async def _named(page: Page) -> None:
    """A screen reader has a name for everything that can be used."""
    nodes = (await page.command("Accessibility.getFullAXTree"))["result"]["nodes"]
    controls = [
        node for node in nodes if node["role"]["value"] in ("button", "searchbox", "combobox", "Audio")
    ]
    assert {node["role"]["value"] for node in controls} == {"button", "searchbox", "combobox", "Audio"}
    assert [node for node in controls if not node["name"]["value"]] == []
