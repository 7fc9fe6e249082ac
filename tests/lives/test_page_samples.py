"""The pages' own sample replies, word for word: each is understood, and nothing is paid twice under them."""

from __future__ import annotations

import hashlib
import json
import threading
import wave
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from emulator.page_samples import SAMPLES
from faults.clock import VirtualClock
from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.core.values import Asset, Properties
from voiceclone_provider.lifecycle import Lifecycle
from voiceclone_provider.vendors.base import Status
from voiceclone_provider.voice.journal import Journal

GIVEN = {(one.vendor, one.call): one.reply for one in SAMPLES if one.page == "given"}
V3 = next(one.reply for one in SAMPLES if one.call == "v3")
NEWER_LIST = next(one.reply for one in SAMPLES if one.page == "vendor's page 2235883")
NEWER_QINIU = {one.call: one.reply for one in SAMPLES if one.page == "vendor's newer page"}
URL = "https://example.com/voice-sample.wav"


class Silent:
    """A reporter that nobody reads."""

    def status(self, message: str) -> None: ...

    def info(self, message: str) -> None: ...

    def warning(self, message: str) -> None: ...

    def redact(self, text: str) -> str:
        return text


class Pages:
    """A vendor that answers with the samples alone; `changed` are the calls that change something."""

    def __init__(self) -> None:
        self.routes: list[tuple[str, str, Callable[[], str]]] = []
        self.changed: list[str] = []
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                for method, path, reply in pages.routes:
                    if self.command == method and self.path.startswith(path):
                        body = reply().encode()
                        self.send_response(200)
                        self.send_header("Content-Type", "application/json")
                        self.send_header("Content-Length", str(len(body)))
                        self.end_headers()
                        self.wfile.write(body)
                        return
                raise AssertionError(f"no page has an answer to {self.command} {self.path}")

            do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
                """Nothing: the tests look at what was asked."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answers(self, method: str, path: str, reply: Any, changes: str = "") -> None:
        def told() -> str:
            if changes:
                self.changed.append(changes)
            return json.dumps(reply, ensure_ascii=False)

        self.routes.append((method, path, told))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def pages() -> Iterator[Pages]:
    made = Pages()
    yield made
    made.close()


class Voice:
    """One resource whose provider talks to the pages."""

    def __init__(self, pages: Pages, folder: Path, key: str, **config: Any) -> None:
        self.pages, self.folder, self.key = pages, folder, key
        self.urn = f"urn:pulumi:dev::project::voiceclone:{key}:Voice::narrator"
        self.clock = VirtualClock()
        self.config = ProviderConfig.load(config, {})
        self.id, self.state, self.inputs = "", Properties(), Properties()

    def up(self, take: int, **inputs: Any) -> None:
        """One update, by a process of its own; nothing is asked of the user."""
        lifecycle = Lifecycle(self.config, Journal(self.folder / "journal"), self.clock)
        news = lifecycle.check(
            self.key, self.urn, self.inputs or None, {**self._sample(take), **inputs}
        ).inputs
        more: Any = {"timeout": 1e6, "preview": False, "reporter": Silent()}
        if not self.id:
            made = lifecycle.create(self.key, self.urn, news, **more)
            self.id, self.state = made.voice_id, made.state
        elif lifecycle.diff(self.key, self.urn, self.id, self.state, self.inputs, news).changes:
            self.state = lifecycle.update(self.key, self.urn, self.id, self.state, self.inputs, news, **more)
        self.inputs = news
        lifecycle.ended()
        assert self.state["status"] == Status.READY, self.state

    def refresh(self) -> None:
        """Nothing is found."""
        lifecycle = Lifecycle(self.config, Journal(self.folder / "journal"), self.clock)
        self.clock.advance(3600.0)
        found = lifecycle.read(self.key, self.urn, self.id, self.state, self.inputs)
        assert found is not None
        assert found.state == self.state

    def _sample(self, take: int) -> Properties:
        if self.key in ("qiniu", "kling"):
            return {"audioUrl": URL.replace("sample", f"sample-{take}")}
        path = self.folder / f"take-{take}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(24_000)
            file.writeframes(bytes([take, 0]) * 24_000)
        return {"audio": Asset(hash=hashlib.sha256(path.read_bytes()).hexdigest(), path=str(path))}


def lives(voice: Voice, **inputs: Any) -> None:
    """Two samples, each sent once, however often they are looked at."""
    for take in (1, 2):
        for _ in range(3):
            voice.up(take, **inputs)
            voice.refresh()


VOLCENGINE = {"volcengineAppId": "9476442538", "volcengineAccessToken": "token"}
KEY_PAIR = {"volcengineAccessKey": "ak", "volcengineSecretKey": "sk"}


@pytest.mark.parametrize(
    ("listed", "slot"),
    [(None, "S_xxx"), (GIVEN["volcengine", "list"], "S_TR0rbVuI1"), (NEWER_LIST, "S_VYBmqB0A")],
    ids=["voice API", "given list", "newer list"],
)
def test_volcengine(listed: Any, slot: str, pages: Pages, tmp_path: Path) -> None:
    """The samples never change: no version moves, and no training is ever seen."""
    pages.answers("POST", "/api/v1/mega_tts/audio/upload", GIVEN["volcengine", "upload"], "train")
    pages.answers("POST", "/api/v1/mega_tts/status", GIVEN["volcengine", "status"])
    config = {**VOLCENGINE, "volcengineBaseUrl": pages.url, "volcengineConsoleUrl": pages.url}
    if listed is not None:
        pages.answers("POST", "/?Action=BatchListMegaTTSTrainStatus", listed)
        config |= KEY_PAIR
    lives(Voice(pages, tmp_path, "volcengine", **config), speakerId=slot, overwriteExisting=True)
    assert pages.changed == ["train", "train"]


def test_volcengine_v3(pages: Pages, tmp_path: Path) -> None:
    pages.answers("POST", "/api/v3/tts/voice_clone", V3, "train")
    pages.answers("POST", "/api/v3/tts/get_voice", V3)
    voice = Voice(pages, tmp_path, "volcengine", volcengineApiKey="key", volcengineBaseUrl=pages.url)
    lives(voice, speakerId="S_xxx", overwriteExisting=True)
    assert pages.changed == ["train", "train"]


@pytest.mark.parametrize(
    "samples",
    [{call: GIVEN["qiniu", call] for call in NEWER_QINIU if ("qiniu", call) in GIVEN}, NEWER_QINIU],
    ids=["given", "newer"],
)
def test_qiniu(samples: dict[str, Any], pages: Pages, tmp_path: Path) -> None:
    voice_id = samples["create"]["data"]["id"]
    one = f"/v1/voice-clones/{voice_id}"
    pages.answers("PUT", one, samples["train"], "train")
    pages.answers("GET", one, samples["get"])
    pages.answers("GET", "/v1/voice-clones", GIVEN["qiniu", "list"])
    pages.answers("POST", "/v1/voice-clones", samples["create"], "create")
    voice = Voice(pages, tmp_path, "qiniu", qiniuToken="token", qiniuBaseUrl=pages.url)
    lives(voice, name="我的专属音色", allowSameName=True)  # the sample of the list has it too
    assert pages.changed == ["create", "train", "train"]
    assert voice.id == voice_id


def filled(sample: Any, status: str) -> Any:
    """Kling's samples have the names of types in place of values; of those, a status must be one."""
    return json.loads(json.dumps(sample).replace('"task_status": "string"', f'"task_status": "{status}"'))


def test_kling(pages: Pages, tmp_path: Path) -> None:
    path = "/v1/general/custom-voices"
    pages.answers("GET", f"{path}/string", filled(GIVEN["kling", "get"], "succeed"))
    pages.answers("GET", f"{path}/", {"code": 1201, "message": "Task not found by id/external id"})
    pages.answers("POST", path, filled(GIVEN["kling", "create"], "submitted"), "create")
    pages.answers("POST", "/v1/general/delete-voices", filled(GIVEN["kling", "delete"], "succeed"), "delete")
    pages.answers("GET", "/v1/general/presets-voices", filled(GIVEN["kling", "presets"], "succeed"))
    pages.answers("GET", path, filled(GIVEN["kling", "list"], "succeed"))
    voice = Voice(pages, tmp_path, "kling", klingApiKey="key", klingBaseUrl=pages.url)
    for _ in range(3):
        voice.up(1, name="announcer")
        voice.refresh()
    assert pages.changed == ["create"]
    lifecycle = Lifecycle(voice.config, Journal(tmp_path / "journal"), voice.clock)
    (preset,) = lifecycle.invoke("kling", "getPresetVoices", {}).properties["voices"]
    assert preset["voiceId"] == "string"
    lifecycle.delete("kling", voice.urn, voice.id, voice.state, voice.inputs, timeout=0.0, reporter=Silent())
    assert pages.changed == ["create", "delete"]


def test_coze(pages: Pages, tmp_path: Path) -> None:
    """The page has no sample of a list; this one has its fields, and those of the voice that was cloned."""
    listed: list[dict[str, Any]] = []
    cloned = GIVEN["coze", "clone"]["data"]["voice_id"]
    pages.answers("POST", "/v1/audio/voices/clone", GIVEN["coze", "clone"], "train")
    pages.routes.append(
        ("GET", "/v1/audio/voices", lambda: json.dumps({"code": 0, "msg": "", "data": shown()}))
    )

    def shown() -> dict[str, Any]:
        rows = [
            {
                "voice_id": cloned,
                "name": "host",
                "preview_audio": URL,
                "available_training_times": 10 - len(pages.changed),
            }
        ]
        return {"has_more": False, "voice_list": rows if pages.changed else listed}

    voice = Voice(pages, tmp_path, "coze", cozeToken="token", cozeBaseUrl=pages.url)
    lives(voice, name="host")
    assert pages.changed == ["train", "train"]
