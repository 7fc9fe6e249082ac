"""Clients that nobody here wrote: the vendors' own SDKs, pointed at the emulator."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from .audio import spoken
from .client import Emulator
from .rules import CLIENT, rule


@pytest.fixture
def cozepy() -> Any:
    return pytest.importorskip("cozepy", reason="cozepy is not installed: Coze's own SDK was not tried")


@pytest.fixture
def sdk() -> Any:
    reason = "volcenginesdk-core is not installed: Volcengine's own SDK was not tried"
    return pytest.importorskip("volcenginesdkcore", reason=reason)


@pytest.fixture
def coze(emulator: Emulator, cozepy: Any) -> Any:
    return cozepy.Coze(auth=cozepy.TokenAuth("emulator-token"), base_url=emulator.origin)


@rule("Coze", "cozepy clones, in full-object mode", "cozepy 0.20", CLIENT)
def test_cozepy_clone(emulator: Emulator, cozepy: Any, coze: Any, tmp_path: Path) -> None:
    emulator.switch(coze_clone_full_object=True)
    (tmp_path / "voice.wav").write_bytes(spoken())
    voice = coze.audio.voices.clone(
        voice_name="旁白",
        file=tmp_path / "voice.wav",
        audio_format=cozepy.AudioFormat.WAV,
        language="zh",
    )
    assert voice.name == "旁白"
    assert emulator.wait("coze", voice.voice_id)["trainings"] == 1
    again = coze.audio.voices.clone(
        voice_name="旁白",
        file=tmp_path / "voice.wav",
        audio_format=cozepy.AudioFormat.WAV,
        voice_id=voice.voice_id,
    )
    assert again.voice_id == voice.voice_id


@rule("Coze", "cozepy lists and pages", "cozepy 0.20", CLIENT)
def test_cozepy_list(emulator: Emulator, coze: Any) -> None:
    made = {emulator.cloned(f"voice {at}") for at in range(3)}
    listed = list(coze.audio.voices.list(filter_system_voice=True, page_size=2))
    assert {voice.voice_id for voice in listed} == made
    assert {voice.available_training_times for voice in listed} == {9}
    assert any(voice.is_system_voice for voice in coze.audio.voices.list())


@rule("Coze", "cozepy raises its own error for a wrong token", "cozepy 0.20", CLIENT)
def test_cozepy_token(emulator: Emulator, cozepy: Any) -> None:
    wrong = cozepy.Coze(auth=cozepy.TokenAuth("wrong"), base_url=emulator.origin)
    with pytest.raises(cozepy.CozeAPIError) as told:
        list(wrong.audio.voices.list())
    assert told.value.code == 700012006
    assert told.value.logid


def client(sdk: Any, emulator: Emulator, region: str, secret: str = "emulator-sk") -> Any:  # noqa: S107
    configuration = sdk.Configuration()
    configuration.ak, configuration.sk = "emulator-ak", secret
    configuration.host, configuration.scheme = urlsplit(emulator.origin).netloc, "http"
    configuration.region = region
    configuration.auto_retry = False
    return sdk.ApiClient(configuration)


def console(sdk: Any, emulator: Emulator, secret: str = "emulator-sk") -> Any:  # noqa: S107
    return sdk.UniversalApi(client(sdk, emulator, "cn-north-1", secret))


def ask(sdk: Any, api: Any, action: str, **body: Any) -> Any:
    info = sdk.UniversalInfo(
        method="POST",
        service="speech_saas_prod",
        version="2023-11-07",
        action=action,
        content_type="application/json",
    )
    return api.do_call(info, {"AppID": "emulator-app", **body})


@rule("Volcengine console", "Volcengine's SDK signs and lists", "volcenginesdk-core 5", CLIENT)
def test_sdk_list(emulator: Emulator, sdk: Any) -> None:
    emulator.upload("S_emulator03")
    emulator.wait("volcengine", "S_emulator03")
    reply = ask(sdk, console(sdk, emulator), "BatchListMegaTTSTrainStatus", State="Success")
    assert [status["SpeakerID"] for status in reply["Statuses"]] == ["S_emulator03"]


@rule("Volcengine console", "Volcengine's SDK locks a slot", "volcenginesdk-core 5", CLIENT)
def test_sdk_activate(emulator: Emulator, sdk: Any) -> None:
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01")
    ask(sdk, console(sdk, emulator), "ActivateMegaTTSTrainStatus", SpeakerIDs=["S_emulator01"])
    assert emulator.voice("volcengine", "S_emulator01")["status"] == "locked"


@rule(
    "Volcengine console",
    "Volcengine's SDK reads the error of a wrong secret key",
    "volcenginesdk-core 5",
    CLIENT,
)
def test_sdk_wrong_key(emulator: Emulator, sdk: Any) -> None:
    with pytest.raises(sdk.rest.ApiException) as told:
        ask(sdk, console(sdk, emulator, "wrong"), "BatchListMegaTTSTrainStatus")
    assert told.value.status == 401
    assert "SignatureDoesNotMatch" in str(told.value.body)


@pytest.fixture
def typed() -> Any:
    name = "volcenginesdk-speechsaasprod20250521"
    return pytest.importorskip(name.replace("-", ""), reason=f"{name} is not installed: it was not tried")


def by_project(typed: Any, sdk: Any, emulator: Emulator, **wanted: Any) -> Any:
    api = typed.SPEECHSAASPROD20250521Api(client(sdk, emulator, "cn-beijing"))
    request = typed.BatchListMegaTTSTrainStatusRequest(project_name="default", **wanted)
    return api.batch_list_mega_tts_train_status(request)


@rule(
    "Volcengine console",
    "Volcengine's SDK of 2025-05-21 lists a project's slots",
    "volcenginesdk-speechsaasprod20250521 5",
    CLIENT,
)
def test_typed_sdk(emulator: Emulator, sdk: Any, typed: Any) -> None:
    emulator.upload("S_emulator03")
    emulator.wait("volcengine", "S_emulator03")
    trained = by_project(typed, sdk, emulator, state="Success")
    assert (trained.total_count, [slot.speaker_id for slot in trained.statuses]) == (1, ["S_emulator03"])
    (slot,) = trained.statuses
    assert slot.state == "Success"
    assert slot.available_training_times == 9
    assert slot.demo_audio
    bought = by_project(typed, sdk, emulator, state="Unknown", page_number=2, page_size=10)
    assert (bought.total_count, len(bought.statuses)) == (19, 9)


@rule(
    "Volcengine console",
    "Volcengine's SDK of 2025-05-21 reads IsActivable as a text: switch volcengine_activable_string",
    "volcenginesdk-speechsaasprod20250521 5",
    CLIENT,
)
def test_typed_sdk_activable(emulator: Emulator, sdk: Any, typed: Any) -> None:
    emulator.switch(volcengine_activable_string=True)
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01")
    (trained,) = by_project(typed, sdk, emulator, state="Success").statuses
    assert trained.is_activable == "true"


@rule(
    "Volcengine console",
    "Volcengine's SDK of 2025-05-21 reads the error of a project that is not there",
    "volcenginesdk-speechsaasprod20250521 5",
    CLIENT,
)
def test_typed_sdk_refused(emulator: Emulator, sdk: Any, typed: Any) -> None:
    api = typed.SPEECHSAASPROD20250521Api(client(sdk, emulator, "cn-beijing"))
    request = typed.BatchListMegaTTSTrainStatusRequest(project_name="theirs", state="Success")
    with pytest.raises(sdk.rest.ApiException) as told:
        api.batch_list_mega_tts_train_status(request)
    assert "InvalidParameter.ProjectName" in str(told.value.body)


@pytest.fixture
def javascript(emulator: Emulator, tmp_path: Path) -> dict[str, Any]:
    """What the JavaScript clients got."""
    folder = Path(__file__).parent / "clients"
    if shutil.which("node") is None or not (folder / "node_modules").is_dir():
        pytest.skip(f"`npm install` in {folder.name}/ was not run: the JavaScript clients were not tried")
    (tmp_path / "voice.wav").write_bytes(spoken())
    command = ["node", "clients.mjs", emulator.origin, str(tmp_path / "voice.wav")]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)  # type: ignore[no-any-return]


@rule(
    "Coze",
    "@coze/api clones (fields before the file), lists, and raises for a wrong token",
    "coze-js 1",
    CLIENT,
)
def test_coze_js(javascript: dict[str, Any]) -> None:
    got = javascript["coze"]
    assert got["listed"] == [got["made"]]
    assert got["refused"] == 700012006


@rule("Volcengine console", "@volcengine/openapi signs without the host", "@volcengine/openapi 1", CLIENT)
def test_volcengine_js(javascript: dict[str, Any]) -> None:
    assert javascript["signed"] == {"status": 200, "total": 20}
    assert javascript["unsigned"] == {"status": 401, "error": "SignatureDoesNotMatch"}
