"""The web page, in a real browser without a window."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from voiceclone_provider.emulator import control
from voiceclone_provider.emulator.control.actions import VERBS

from .browser import Page, look, shown
from .client import Emulator, until
from .rules import OURS, rule

VOICE = "document.querySelector('[data-voice=\"%s\"]')"
DIALOG = "document.getElementById('dialog')"


def page(text: str) -> pytest.MarkDecorator:
    return rule("Control", text, "docs/emulator.md", OURS)


async def card(seen: Page, voice: str, wanted: str) -> str:
    """The text of the voice's card in one line, once it has these words."""
    text = f"({VOICE % voice}?.innerText ?? '').replace(/\\s+/g, ' ')"
    return str(await shown(seen, text, lambda text: wanted in text))


async def click(seen: Page, within: str, text: str) -> None:
    """Click the button with this text, like a person: only where it can be seen."""
    buttons = f"[...({within})?.querySelectorAll('button, summary') ?? []]"
    found = f"{buttons}.find(one => one.innerText.trim() === {json.dumps(text)} && one.checkVisibility())"
    await shown(seen, f"!!{found}")
    await seen(f"{found}.focus(), {found}.click()")


async def fill(seen: Page, **values: object) -> None:
    for name, value in values.items():
        field = f"{DIALOG}.querySelector('[name={name}]')"
        await shown(seen, f"!!{field}")
        changed = "dispatchEvent(new Event('change', {bubbles: true}))"
        await seen(f"{field}.value = {json.dumps(str(value))}; {field}.{changed}")


async def send(seen: Page) -> None:
    await seen("document.getElementById('dialog-go').click()")
    await shown(seen, f"!{DIALOG}.open")


@page(
    "The page shows each voice's vendor, name, ID, status, trainings, expiry; slots and the latest requests"
)
def test_shows(emulator: Emulator, browser: str) -> None:
    made = emulator.cloned("旁白")
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01")

    async def see(seen: Page) -> None:
        text = await card(seen, made, "ready")
        assert text.startswith(f"Coze 旁白 ready ID {made} Trainings 1 done, 9 left Latest training ")
        assert "Expires" not in text
        assert "Volcengine (no name) ready" in await card(seen, "S_emulator01", "Expires")
        assert await seen("document.getElementById('slots').innerText") == "Free Volcengine slots: 19"
        assert "/v1/audio/voices/clone" in await seen("document.getElementById('requests').innerText")
        assert await seen("document.getElementById('count').innerText") == "2 of 2"
        assert seen.errors == []

    look(browser, f"{emulator.origin}/", see)


@page("A training's progress is live, with the seconds left; a failure has the vendor's code and words")
def test_progress(emulator: Emulator, browser: str) -> None:
    emulator.switch(training_seconds=60)
    emulator.fault("train-forever", vendor="kling")
    endless = emulator.kling_create().json()["data"]["task_id"]
    emulator.upload()

    async def see(seen: Page) -> None:
        text = await card(seen, "S_emulator01", "s left")
        assert 50 <= int(re.findall(r"(\d+) s left", text)[0]) <= 60
        bar = f"{VOICE % 'S_emulator01'}.querySelector('progress').value"
        before = await shown(seen, bar)
        await shown(seen, bar, lambda value: value > before)
        await card(seen, endless, "never ends (a fault)")
        failure = {"code": 1111, "message": "AEDError: <no> speech"}
        emulator.control("POST", "voices/volcengine/S_emulator01/fail", failure)
        text = await card(seen, "S_emulator01", "failed Vendor's reason 1111: AEDError: <no> speech")
        assert "left" not in text.replace("9 left", "")

    look(browser, f"{emulator.origin}/", see)


@page("The page plays a voice's preview, and goes on while the page changes")
def test_plays(emulator: Emulator, browser: str) -> None:
    made = emulator.cloned()

    async def play(seen: Page) -> None:
        audio = f"{VOICE % made}.querySelector('audio')"
        await shown(seen, f"!!{VOICE % made}")
        await seen(f"{audio}.play()")
        await shown(seen, f"{audio}.currentTime", lambda at: at > 0)
        assert abs(await seen(f"{audio}.duration") - 12) < 0.1
        emulator.control("POST", f"voices/coze/{made}/rename", {"name": "teller"})
        await card(seen, made, "teller")
        assert not await seen(f"{audio}.paused")

    look(browser, f"{emulator.origin}/_emulator/", play)


@page("Every action of the control API is on the page, where it makes sense")
def test_actions(emulator: Emulator, browser: str) -> None:
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01")
    emulator.v3_train("custom_speaker_id", custom_speaker_id="own_voice")
    emulator.wait("volcengine", "own_voice")
    clicked = set()

    async def act(seen: Page, verb: str, after: str, voice: str = "S_emulator01", **values: object) -> None:
        clicked.add(verb)
        word = TEXTS[verb]["en"]
        await click(seen, VOICE % voice, word)
        if await seen(f"{DIALOG}.open"):
            await fill(seen, **values)
            await send(seen)
        await card(seen, voice, after)
        said = await shown(seen, "document.getElementById('said').innerText")
        assert said.startswith(f"{word}: done")

    async def run(seen: Page) -> None:
        for voice in ("S_emulator01", "own_voice"):
            await click(seen, VOICE % voice, "Actions")
        await act(seen, "rename", "小茧", name="小茧")
        await act(seen, "quota", "1 done, 3 left", left=3)
        await act(seen, "retrain", "training", seconds=60)
        await act(seen, "finish", "ready")
        await act(seen, "fail", "failed Vendor's reason 1112: too noisy", code="1112", message="too noisy")
        assert emulator.voice("volcengine", "S_emulator01")["error"]["code"] == 1112
        await act(seen, "lock", "locked")
        await act(seen, "restore", "failed")
        await act(seen, "expire", "expired")
        await act(seen, "delete", "reclaimed")
        await act(seen, "use", "locked", voice="own_voice")
        assert seen.errors == []

    look(browser, f"{emulator.origin}/", run)
    assert clicked == {*VERBS, "delete"}
    assert emulator.voice("volcengine", "S_emulator01")["name"] == "小茧"


@page("The page offers no action that a voice's vendor or status excludes")
def test_offered(emulator: Emulator) -> None:
    kling = emulator.kling_voice()
    assert kling["actions"] == ["fail", "rename", "delete"]
    emulator.upload()
    slot = emulator.wait("volcengine", "S_emulator01")
    assert slot["actions"] == ["retrain", "fail", "rename", "quota", "lock", "expire", "delete"]
    emulator.control("DELETE", "voices/volcengine/S_emulator01")
    assert emulator.voice("volcengine", "S_emulator01")["actions"] == ["restore"]
    assert emulator.voice("volcengine", "S_emulator01")["expires_at"] > slot["created_at"] + 86400


@page("A delete is confirmed first; what cannot be done is said in words")
def test_delete(emulator: Emulator, browser: str) -> None:
    made, other = emulator.cloned("one"), emulator.cloned("two")

    async def run(seen: Page) -> None:
        await click(seen, VOICE % made, "Actions")
        await click(seen, VOICE % made, "Delete")
        assert await seen(f"{DIALOG}.querySelector('h2').innerText") == "Delete: one"
        await click(seen, DIALOG, "Cancel")
        assert len(emulator.state()["coze"]) == 2
        assert await seen("document.activeElement.innerText") == "Delete"
        await click(seen, VOICE % made, "Delete")
        await send(seen)
        await shown(seen, f"!{VOICE % made}")
        await shown(seen, "document.activeElement.id === 'voices-title'")

        await click(seen, VOICE % other, "Actions")
        await click(seen, VOICE % other, "Rename")
        emulator.control("DELETE", f"voices/coze/{other}")
        await fill(seen, name="three")
        await seen("document.getElementById('dialog-go').click()")
        told = await shown(seen, "document.getElementById('dialog-wrong').innerText")
        assert told == f"Rename failed: coze has no voice {other}"
        await click(seen, DIALOG, "Cancel")
        assert seen.errors == []

    look(browser, f"{emulator.origin}/_emulator/", run)
    assert until(lambda: emulator.state()["coze"] == [])


@page("An action that needs no dialog says in words why it failed")
def test_refused(emulator: Emulator, browser: str) -> None:
    emulator.v3_train("custom_speaker_id", custom_speaker_id="own_voice")
    emulator.wait("volcengine", "own_voice")

    async def run(seen: Page) -> None:
        await click(seen, VOICE % "own_voice", "Actions")
        await seen(f"use = {VOICE % 'own_voice'}.querySelector('[data-key=use]'); 0")
        emulator.control("POST", "reset")
        await seen("use.click()")
        told = "First use failed: volcengine has no voice own_voice"
        await shown(seen, "document.getElementById('said').innerText", lambda said: told in said)

    look(browser, f"{emulator.origin}/", run)


@page("Voices are filtered by vendor, status, name and ID")
def test_filter(emulator: Emulator, browser: str) -> None:
    emulator.cloned("narrator")
    emulator.kling_voice(voice_name="teller", external_task_id="mine")
    emulator.qiniu_slot()

    async def run(seen: Page) -> None:
        names = "[...document.querySelectorAll('.voice [data-show=name]')].map(one => one.innerText)"
        await shown(seen, names, lambda names: len(names) == 3)

        async def narrow(field: str, value: str) -> list[str]:
            at = f"document.getElementById('{field}')"
            await seen(f"{at}.value = '{value}'; {at}.dispatchEvent(new Event('input'))")
            return list(await seen(names))

        assert await narrow("vendor", "coze") == ["narrator"]
        assert await narrow("status", "pending") == []
        assert await seen("document.getElementById('none').checkVisibility()")
        await click(seen, "document", "Show all voices")
        assert len(await seen(names)) == 3
        assert len(await narrow("status", "ready")) == 2
        assert await narrow("wanted", "MINE") == ["teller"]
        assert await seen("document.getElementById('count').innerText") == "1 of 3"

    look(browser, f"{emulator.origin}/", run)


@page("Without a voice, the page shows the first commands, with its port, and copies them")
def test_empty(emulator: Emulator, browser: str) -> None:
    port = urlsplit(emulator.origin).port
    commands = f'eval "$(python -m voiceclone_provider.emulator --env --port {port})"\npulumi up'

    async def run(seen: Page) -> None:
        await shown(seen, "document.getElementById('empty').checkVisibility()")
        assert await seen("document.getElementById('command').innerText") == commands
        await seen.command("Browser.grantPermissions", permissions=["clipboardReadWrite"])
        await click(seen, "document", "Copy")
        await shown(seen, "document.getElementById('said').innerText", lambda said: "Copied." in said)
        assert await seen("navigator.clipboard.readText()") == commands
        assert not await seen("document.getElementById('filter').checkVisibility()")
        emulator.cloned()
        await shown(seen, "!document.getElementById('empty').checkVisibility()")

    look(browser, f"{emulator.origin}/", run)


@page("Faults and switches that are on are listed, set and turned off on the page")
def test_misbehaviour(emulator: Emulator, browser: str) -> None:
    part = "document.getElementById('misbehaviour')"

    async def run(seen: Page) -> None:
        emulator.fault("slow", vendor="kling", times=0)
        await shown(seen, "document.getElementById('on').innerText", lambda text: text == "(1 on)")
        await click(seen, part, "Faults and switches (1 on)")
        await click(seen, part, "Set a fault")
        await fill(seen, kind="status", code=503, vendor="coze", times=2)
        await send(seen)
        wanted = "status · Coze · 503 · met 0 of 2 requests"
        await shown(seen, f"{part}.innerText", lambda text: wanted in text and "slow · Kling" in text)
        assert emulator.clone().status_code == 503
        for left in (1, 0):
            await click(seen, f"{part}.querySelector('#faults li')", "Turn off")
            await shown(seen, f"{part}.querySelectorAll('#faults li').length === {left}")
        assert "No fault is set." in await seen(f"{part}.innerText")
        assert emulator.control("GET", "faults") == []

        for name, value in (("qiniu_paid", "true"), ("coze_credit", "spent"), ("preview_seconds", 60)):
            await click(seen, part, "Set a switch")
            await fill(seen, switch=name)
            await fill(seen, value=value)
            await send(seen)
        lines = f"{part}.querySelector('#switches').innerText"
        await shown(seen, lines, lambda text: "coze_credit = spent · default: positive" in text)
        switches = emulator.control("GET", "switches")
        assert (switches["qiniu_paid"], switches["preview_seconds"]) == (True, 60)
        for left in (2, 1, 0):
            await click(seen, f"{part}.querySelector('#switches li')", "Turn off")
            await shown(seen, f"{part}.querySelectorAll('#switches li').length === {left}")
        assert emulator.control("GET", "switches")["qiniu_paid"] is False

        await click(seen, part, "Set a fault")
        await fill(seen, kind="html", path="(")
        await seen("document.getElementById('dialog-go').click()")
        told = await shown(seen, "document.getElementById('dialog-wrong').innerText")
        assert told.startswith("Set a fault failed: path is neither a path nor a regular expression")
        assert seen.errors == []

    look(browser, f"{emulator.origin}/", run)


@page("Voices are bought, and the account is reset, on the page")
def test_account(emulator: Emulator, browser: str) -> None:
    async def run(seen: Page) -> None:
        await click(seen, "document", "Buy voices")
        await fill(seen, vendor="coze", count=2)
        assert not await seen(f"!!{DIALOG}.querySelector('[name=service]')")
        await fill(seen, vendor="volcengine", service="volc.seedicl.voiceclone")
        await send(seen)
        await shown(seen, "document.getElementById('slots').innerText", lambda text: text.endswith(": 22"))
        await click(seen, "document", "Reset")
        await send(seen)
        await shown(seen, "document.getElementById('slots').innerText", lambda text: text.endswith(": 20"))
        assert seen.errors == []

    look(browser, f"{emulator.origin}/", run)
    assert emulator.requests() == []


@page("What a person is at stays while voices change: focus, open menus, a dialog half filled")
def test_live(emulator: Emulator, browser: str) -> None:
    first, made = emulator.cloned("first"), emulator.cloned("second")

    async def run(seen: Page) -> None:
        await click(seen, VOICE % made, "Actions")
        await seen(f"{VOICE % made}.querySelector('summary').focus()")
        emulator.control("DELETE", f"voices/coze/{first}")
        await shown(seen, f"!{VOICE % first}")
        assert await seen(f"{VOICE % made}.querySelector('summary') === document.activeElement")
        assert await seen(f"{VOICE % made}.querySelector('details').open")
        await click(seen, VOICE % made, "Rename")
        assert await seen("document.activeElement.name") == "name"
        await seen("document.activeElement.select()")
        await seen.command("Input.insertText", text="third")
        emulator.control("POST", f"voices/coze/{made}/fail", {"message": "no"})
        await card(seen, made, "failed")
        await seen.press("Enter")
        await card(seen, made, "third")
        assert not await seen(f"{DIALOG}.open")
        await click(seen, VOICE % made, "Delete")
        await seen.press("Escape")
        assert not await seen(f"{DIALOG}.open")
        assert await seen(f"{VOICE % made}.querySelector('details').open")

    look(browser, f"{emulator.origin}/", run)


@page("When the emulator is gone, the page says so, and goes on when it is back")
def test_gone(emulator: Emulator, browser: str) -> None:
    made = emulator.cloned("one")

    async def run(seen: Page) -> None:
        await card(seen, made, "one")
        said = "document.getElementById('said').innerText"
        await seen("real = fetch; fetch = () => Promise.reject(new TypeError('Failed to fetch')); 0")
        await shown(seen, said, lambda said: "The emulator does not answer." in said)
        await seen("fetch = real; 0")
        await shown(seen, "document.getElementById('said').hidden")
        assert seen.errors == []

    look(browser, f"{emulator.origin}/", run)


TEXTS: dict[str, dict[str, str]] = json.loads(files(control).joinpath("texts.json").read_text("utf-8"))


@page("The page speaks English and Chinese, the browser's or the chosen one")
def test_languages(emulator: Emulator, browser: str) -> None:
    made = emulator.cloned("旁白")

    async def chinese(seen: Page) -> None:
        text = await card(seen, made, "可用")
        assert "已用 1 次，剩余 9 次" in text
        assert await seen("document.documentElement.lang") == "zh-CN"
        empty = "[...document.querySelectorAll('[data-text]')].filter(one => !one.textContent).length"
        assert await seen(empty) == 0
        await click(seen, VOICE % made, "操作")
        language = "document.getElementById('language')"
        await seen(f"{language}.value = 'en'; {language}.dispatchEvent(new Event('change'))")
        assert "1 done, 9 left" in await card(seen, made, "ready")
        assert "Actions Train again" in await card(seen, made, "Actions")
        await seen.command("Page.reload")
        await card(seen, made, "1 done, 9 left")
        assert seen.errors == []

    look(browser, f"{emulator.origin}/", chinese, language="zh-CN,zh,en")


def test_texts_are_complete() -> None:
    """Every text is there in both languages, with the same values in it, and has its use."""
    for key, text in TEXTS.items():
        assert set(text) == {"en", "zh"}, key
        assert all(text.values()), key
        values = [sorted(re.findall(r"\{\w+\}", one)) for one in text.values()]
        assert values[0] == values[1], key
        assert not re.search("[\u4e00-\u9fff]", text["en"]), key
    own = files(control)
    html, script = (own.joinpath(name).read_text("utf-8") for name in ("page.html", "page.js"))
    named = set(re.findall(r'data-(?:text|label)="([^"]+)"', html)) | set(re.findall(r'"([a-z.-]+)"', script))
    fields = {f"field.{name}" for name in re.findall(r'(?:name: |number\(|yesOrNo\()"(\w+)"', script)}
    dialogs = set(re.findall(r'name: "([a-z-]+)",\n? *(?:danger|fields)', script))
    actions = {*VERBS, "delete", *dialogs}
    used = named | fields | actions | {f"{name}.help" for name in actions}
    used |= {
        f"status.{name}"
        for name in re.findall(r'"(\w+)"', script.partition("STATUSES = [")[2].partition("]")[0])
    }
    assert sorted(set(TEXTS) - used) == []
    literal = set(re.findall(r'\bt\("([^"]+)"', script)) | set(
        re.findall(r'data-(?:text|label)="([^"]+)"', html)
    )
    assert sorted((literal | actions | {f"{name}.help" for name in actions}) - set(TEXTS)) == []


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)])
@page("The page fits a phone of 360 pixels, has a dark face, and names all that can be used")
def test_fits(emulator: Emulator, browser: str, width: int, dark: bool) -> None:
    made = emulator.cloned("a-very-long-name-" * 7)
    emulator.switch(training_seconds=60, coze_credit="spent")
    emulator.fault("status", code=500, path="/a/very/long/path/that/has/no/end/" * 3, vendor="qiniu")
    emulator.upload()

    async def measure(seen: Page) -> None:
        await card(seen, made, "ready")
        await seen("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert await seen("document.documentElement.scrollWidth") <= width
        await click(seen, VOICE % made, "Fail training")
        assert await seen(f"{DIALOG}.getBoundingClientRect().right") <= width
        assert await seen(f"{DIALOG}.scrollWidth <= {DIALOG}.clientWidth")
        await click(seen, DIALOG, "Cancel")
        red = await seen("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
        assert (red < 64) == dark
        tree = (await seen.command("Accessibility.getFullAXTree"))["result"]["nodes"]
        used = ("button", "combobox", "textbox", "searchbox", "progressbar", "Audio", "DisclosureTriangle")
        roles = [(node["role"]["value"], node["name"]["value"]) for node in tree if not node["ignored"]]
        assert [role for role, name in roles if role in used and not name] == []
        assert {"button", "combobox", "searchbox", "progressbar"} <= {role for role, _ in roles}
        assert seen.errors == []

    look(browser, f"{emulator.origin}/", measure, width=width, height=740, dark=dark)


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


@page("Names are shown as text: no markup of theirs is run")
def test_escaped(emulator: Emulator, browser: str) -> None:
    evil = "<img src=x onerror=document.title='run'>"
    made = emulator.cloned(evil)
    emulator.control("POST", f"voices/coze/{made}/fail", {"code": evil, "message": evil})
    emulator.fault("html", voice=evil, action=evil)
    emulator.switch(kling_webhook_secret=evil)
    emulator.send("GET", f"/v1/voice-clones/{evil}")

    async def see(seen: Page) -> None:
        await card(seen, made, f"{evil}: {evil}")
        await shown(seen, "document.querySelectorAll('#switches li').length")
        await seen("document.getElementById('misbehaviour').open = true")
        await click(seen, VOICE % made, "Actions")
        await click(seen, VOICE % made, "Delete")
        assert evil in await seen(f"{DIALOG}.innerText")
        assert await seen("document.querySelectorAll('img').length") == 0
        assert await seen("document.title") == "voiceclone emulator"
        assert seen.errors == []

    look(browser, f"{emulator.origin}/", see)
