"""Makes the pictures of the documents, each by a function: `make pictures`, or `make pictures ONLY=emulator`.

Needs Chromium, and fonts for English and Chinese.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pictured_catalogue
from demo_world import ROOT
from demo_world import Emulator as Process
from emulator.browser import Page, find, look, running, shown
from emulator.client import Emulator

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 150_000  # bytes: they are kept in the repository
SAMPLES = ROOT / "examples" / "voices"


def emulator() -> None:
    """The emulator's page on a desktop."""
    _emulator_page("emulator.png", 1120, 800)


def emulator_phone() -> None:
    """The same on a phone, in the dark."""
    _emulator_page("emulator-phone.png", 360, 740, dark=True)


def emulator_zh() -> None:
    """The same in Chinese."""
    _emulator_page("emulator-zh.png", 1120, 800, language="zh-CN")


def catalogue() -> None:
    """The page of all voices on a desktop."""
    _catalogue_page("catalogue.png", 1000, 1060)


def catalogue_phone() -> None:
    """The same on a phone, in the dark and in Chinese."""
    _catalogue_page("catalogue-phone.png", 360, 740, dark=True, language="zh-CN")


PICTURES: dict[str, Callable[[], None]] = {
    "emulator": emulator,
    "emulator-phone": emulator_phone,
    "emulator-zh": emulator_zh,
    "catalogue": catalogue,
    "catalogue-phone": catalogue_phone,
}


def _emulator_page(
    file: str, width: int, height: int, *, dark: bool = False, language: str = "en-US"
) -> None:
    async def take(page: Page) -> None:
        await shown(page, "document.querySelectorAll('.voice').length === 6")
        await page("document.querySelector('.failed').closest('li').querySelector('details').open = true")
        await _save(page, file)

    if (chrome := find()) is None:
        raise SystemExit("no Chrome or Chromium on PATH, and CHROME names none")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = Process(Path(folder))
        process.start(training_seconds=0.05)
        try:
            _fill(Emulator(process.url))
            with running(chrome, Path(folder) / "browser") as browser:
                look(
                    browser, f"{process.url}/", take, width=width, height=height, dark=dark, language=language
                )
        finally:
            process.stop()


def _catalogue_page(
    file: str, width: int, height: int, *, dark: bool = False, language: str = "en-US"
) -> None:
    async def take(page: Page) -> None:
        await page.command("Emulation.setScrollbarsHidden", hidden=True)
        await shown(page, "document.querySelectorAll('#voices > li').length === 4")
        await _save(page, file)

    if (chrome := find()) is None:
        raise SystemExit("no Chrome or Chromium on PATH, and CHROME names none")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        address = pictured_catalogue.made(Path(folder))
        with running(chrome, Path(folder) / "browser") as browser:
            look(browser, address, take, width=width, height=height, dark=dark, language=language)


def _fill(vendors: Emulator) -> None:
    """Six voices, in as many states."""

    def sample(name: str) -> bytes:
        return (SAMPLES / name).read_bytes()

    def console(vendor: str, voice: str, verb: str, **doc: object) -> None:
        vendors.control("POST", f"voices/{vendor}/{voice}/{verb}", doc)

    for slot, name, file in (
        ("S_emulator01", "旁白", "narrator-zh.wav"),
        ("S_emulator02", "客服", "announcer-en.wav"),
    ):
        vendors.upload(slot, sample(file))
        vendors.wait("volcengine", slot)
        console("volcengine", slot, "rename", name=name)
    console("volcengine", "S_emulator02", "fail", code=1111, message="AEDError: no speech in the audio")
    vendors.cloned("host", audio=sample("announcer-en.wav"))
    vendors.qiniu_slot()
    vendors.kling_voice(audio=sample("announcer-en.wav"), voice_name="announcer")
    vendors.switch(training_seconds=60)
    guide = vendors.qiniu_voice("导览", sample("narrator-zh.wav"))
    vendors.qiniu("GET", f"/{guide}")
    vendors.fault("status", code=429, vendor="coze", times=2)


async def _save(page: Page, file: str) -> None:
    told = await page.command("Page.captureScreenshot", format="png")
    picture = base64.b64decode(told["result"]["data"])
    if len(picture) > LARGEST:
        raise SystemExit(f"{file} would have {len(picture)} bytes, more than {LARGEST}")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / file).write_bytes(picture)
    print(f"docs/pictures/{file}: {len(picture) // 1000} kB")


def main() -> None:
    wanted = sys.argv[1:] or list(PICTURES)
    if unknown := set(wanted) - set(PICTURES):
        raise SystemExit(f"no picture is called {', '.join(unknown)}; there are: {', '.join(PICTURES)}")
    for name in wanted:
        PICTURES[name]()


if __name__ == "__main__":
    main()
