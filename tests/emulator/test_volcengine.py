"""Volcengine's voice API: upload and status."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
import requests

from .audio import encoded, noise, silence, speech, spoken, wav
from .client import VOLC, Emulator, until
from .rules import ASSUMED, CLIENT, GIVEN, VENDOR, rule

UPLOAD = "given page, 上传音频训练"
STATUS = "given page, 查询训练状态"
PAGE = "vendor's page 1305191"


def code(reply: requests.Response) -> int:
    assert reply.status_code == 200, reply.text
    return reply.json()["BaseResp"]["StatusCode"]  # type: ignore[no-any-return]


def refused(id_: str, change: dict[str, Any], wanted: int, text: str, source: str, sure: str) -> Any:
    return pytest.param(change, wanted, id=id_, marks=rule("Volcengine", text, source, sure))


@rule("Volcengine", "An upload answers BaseResp with StatusCode 0 and the speaker_id", UPLOAD, GIVEN)
def test_upload_answers(emulator: Emulator) -> None:
    reply = emulator.upload()
    assert reply.json() == {"BaseResp": {"StatusCode": 0, "StatusMessage": ""}, "speaker_id": "S_emulator01"}


@rule("Volcengine", "Every reply names a log ID in X-Tt-Logid", PAGE, VENDOR)
def test_log_id(emulator: Emulator) -> None:
    assert emulator.upload().headers["X-Tt-Logid"] != emulator.status().headers["X-Tt-Logid"]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        refused("no-appid", {"appid": None}, 1001, "appid is required", UPLOAD, GIVEN),
        refused("no-speaker", {"speaker_id": None}, 1001, "speaker_id is required", UPLOAD, GIVEN),
        refused("no-audios", {"audios": None}, 1001, "audios is required", PAGE, VENDOR),
        refused("empty-audios", {"audios": []}, 1001, "audios is not empty", PAGE, VENDOR),
        refused("audios-no-list", {"audios": "x"}, 1001, "audios is a list", PAGE, VENDOR),
        refused("no-source", {"source": None}, 1001, "source is required", PAGE, VENDOR),
        refused("source-1", {"source": 1}, 1001, "source is always 2", PAGE, VENDOR),
        refused("no-bytes", {"audio_bytes": None}, 1001, "audio_bytes is required", PAGE, VENDOR),
        refused("no-base64", {"audio_bytes": "%%%"}, 1001, "audio_bytes is base64", PAGE, VENDOR),
        refused("format-flac", {"audio_format": "flac"}, 1001, "audio_format is one of six", PAGE, VENDOR),
        refused("text-number", {"text": 7}, 1001, "text is a string", PAGE, VENDOR),
        refused("model-5", {"model_type": 5}, 1001, "model_type is 0 to 4", PAGE, VENDOR),
        refused("language-6", {"language": 6}, 1001, "model 1 knows languages 0 to 5", PAGE, VENDOR),
        refused("language-8", {"model_type": 2, "language": 8}, 1001, "model 2 knows 0 to 7", PAGE, VENDOR),
        refused("language-2", {"model_type": 3, "language": 2}, 1001, "model 3 knows 0 and 1", PAGE, VENDOR),
        refused("language-zh", {"language": "zh"}, 1001, "in JSON language is a number", PAGE, VENDOR),
        refused("extra-object", {"extra_params": {}}, 1001, "extra_params is a string", PAGE, VENDOR),
        refused("extra-text", {"extra_params": "x"}, 1001, "extra_params holds a JSON object", PAGE, VENDOR),
        refused("empty", {"audio_bytes": ""}, 1101, "Empty audio is an AudioUploadError", PAGE, ASSUMED),
    ],
)
def test_upload_refuses(emulator: Emulator, change: dict[str, Any], wanted: int) -> None:
    assert code(emulator.upload(**change)) == wanted
    assert emulator.state()["volcengine"] == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            {"model_type": None},
            id="no-model",
            marks=rule("Volcengine", "model_type may be left out", PAGE, VENDOR),
        ),
        pytest.param(
            {"model_type": 2, "language": 7},
            id="french",
            marks=rule("Volcengine", "model 2 also knows 6 (de) and 7 (fr)", PAGE, VENDOR),
        ),
        pytest.param(
            {"audio_format": None},
            id="no-format",
            marks=rule("Volcengine", "audio_format may be left out for wav, mp3, ogg, aac", PAGE, VENDOR),
        ),
        pytest.param(
            {"extra_params": '{"enable_audio_denoise": true}', "text": "你好"},
            id="extra",
            marks=rule("Volcengine", "extra_params is a JSON object written as a string", PAGE, VENDOR),
        ),
        pytest.param(
            {"headers": VOLC | {"Authorization": "Bearer; emulator-token"}},
            id="space",
            marks=rule("Volcengine", "A space after `Bearer;` is taken", "vendor's page, prose", VENDOR),
        ),
        pytest.param(
            {"headers": VOLC | {"Resource-Id": "volc.megatts.voiceclone"}, "model_type": 4},
            id="old-resource",
            marks=rule("Volcengine", "The older Resource-Id goes with any model", PAGE, CLIENT),
        ),
        pytest.param(
            {"headers": VOLC | {"Resource-Id": "seed-icl-2.0"}, "model_type": 4},
            id="resource-2",
            marks=rule("Volcengine", "model 4 has Resource-Id seed-icl-2.0", PAGE, VENDOR),
        ),
    ],
)
def test_upload_takes(emulator: Emulator, change: dict[str, Any]) -> None:
    assert code(emulator.upload(**change)) == 0
    emulator.wait("volcengine", "S_emulator01")


@rule("Volcengine", "audios has exactly one item", PAGE, VENDOR)
def test_two_audios(emulator: Emulator) -> None:
    one = {"audio_bytes": base64.b64encode(spoken()).decode(), "audio_format": "wav"}
    assert code(emulator.upload(audios=[one, one])) == 1001


@rule("Volcengine", "A body that is no JSON object is a BadRequest", PAGE, ASSUMED)
def test_no_json(emulator: Emulator) -> None:
    for body in (b"{", b"[]", b"\xff", b""):
        reply = emulator.send(
            "POST",
            "/api/v1/mega_tts/audio/upload",
            data=body,
            headers=VOLC | {"Content-Type": "application/json"},
        )
        assert code(reply) == 1001


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param(
            {"Resource-Id": "seed-icl-1.0"},
            401,
            id="none",
            marks=rule("Volcengine", "No token is 401", PAGE, ASSUMED),
        ),
        pytest.param(
            VOLC | {"Authorization": "Bearer;wrong"},
            401,
            id="wrong",
            marks=rule("Volcengine", "A wrong token is 401, in the gateway's shape", PAGE, CLIENT),
        ),
        pytest.param(
            VOLC | {"Authorization": "Bearer emulator-token"},
            401,
            id="no-semicolon",
            marks=rule("Volcengine", "`Bearer` wants a semicolon, not a space", UPLOAD, GIVEN),
        ),
        pytest.param(
            {"Authorization": "Bearer;emulator-token"},
            403,
            id="no-resource",
            marks=rule("Volcengine", "JSON calls need a Resource-Id", PAGE, VENDOR),
        ),
        pytest.param(
            VOLC | {"Resource-Id": "volc.megatts.timbre"},
            403,
            id="wrong-resource",
            marks=rule(
                "Volcengine", "A Resource-Id not granted is 403, code 45000030", "clients' logs", CLIENT
            ),
        ),
    ],
)
def test_gateway(emulator: Emulator, headers: dict[str, str], status: int) -> None:
    for reply in (emulator.upload(headers=headers), emulator.status(headers=headers)):
        assert reply.status_code == status
        assert "BaseResp" not in reply.json()
        assert reply.json()["code"] == (45000030 if status == 403 else 45000010)
    assert emulator.state()["volcengine"] == []


@rule("Volcengine", "Another app's ID is not granted", "clients' logs", CLIENT)
def test_wrong_app(emulator: Emulator) -> None:
    assert emulator.upload(appid="other").status_code == 403
    assert emulator.status(appid="other").status_code == 403


@rule(
    "Volcengine",
    "Resource-Id seed-icl-1.0 does not go with model 4, seed-icl-2.0 with no other",
    PAGE,
    VENDOR,
)
def test_resource_and_model(emulator: Emulator) -> None:
    assert code(emulator.upload(model_type=4)) == 1001
    assert code(emulator.upload(model_type=1, headers=VOLC | {"Resource-Id": "seed-icl-2.0"})) == 1001
    emulator.switch(volcengine_strict_resource_id=False)
    assert code(emulator.upload(model_type=4)) == 0


@rule("Volcengine", "A slot that was not bought: SpeakerIDNotFound 1107", PAGE, VENDOR)
def test_not_bought(emulator: Emulator) -> None:
    assert code(emulator.upload("S_unknown")) == 1107
    assert code(emulator.status("S_unknown")) == 1107


@rule("Volcengine", "An ID that is no S_ one: HTTP 400, `please rename it`", "clients' logs", CLIENT)
def test_odd_speaker(emulator: Emulator) -> None:
    reply = emulator.upload("narrator")
    assert reply.status_code == 400
    assert "please rename it" in reply.json()["message"]


# The given page's form.


@rule("Volcengine", "The given page's multipart form is taken, without a Resource-Id", UPLOAD, GIVEN)
def test_form(emulator: Emulator) -> None:
    assert code(emulator.upload_form(model_type="1", language="zh", gender="female", text="你好")) == 0
    voice = emulator.wait("volcengine", "S_emulator01")
    assert voice["history"][0]["details"]["gender"] == "female"


@rule("Volcengine", "audio_data in the form may be in base64", UPLOAD, GIVEN)
def test_form_base64(emulator: Emulator) -> None:
    assert code(emulator.upload_form(audio=base64.b64encode(spoken()))) == 0
    raw = emulator.wait("volcengine", "S_emulator01")["audio_sha256"]
    emulator.upload_form("S_emulator02")
    assert emulator.wait("volcengine", "S_emulator02")["audio_sha256"] == raw


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({name: value}, id=id_, marks=rule("Volcengine", f"In the form {text}", UPLOAD, GIVEN))
        for id_, name, value, text in (
            ("no-appid", "appid", None, "appid is required"),
            ("no-speaker", "speaker_id", None, "speaker_id is required"),
            ("no-format", "audio_format", None, "audio_format is required"),
            ("language", "language", "fr", "language is zh or en"),
            ("gender", "gender", "other", "gender is male or female"),
            ("model", "model_type", "9", "model_type is a known number"),
        )
    ],
)
def test_form_refuses(emulator: Emulator, change: dict[str, Any]) -> None:
    assert code(emulator.upload_form(**change)) == 1001


@rule("Volcengine", "The form needs audio_data", UPLOAD, GIVEN)
def test_form_without_audio(emulator: Emulator) -> None:
    reply = emulator.send(
        "POST",
        "/api/v1/mega_tts/audio/upload",
        files={
            "appid": (None, "emulator-app"),
            "speaker_id": (None, "S_emulator01"),
            "audio_format": (None, "wav"),
        },
        headers=VOLC,
    )
    assert code(reply) == 1001


# The audio.


@pytest.mark.parametrize("container", ["mp3", "ogg", "m4a", "aac"])
@rule("Volcengine", "wav, mp3, ogg, m4a, aac and pcm are taken", PAGE, VENDOR)
def test_containers(emulator: Emulator, container: str) -> None:
    assert code(emulator.upload(audio=encoded(container), audio_format=container)) == 0
    emulator.wait("volcengine", "S_emulator01")


@rule("Volcengine", "pcm is 24 kHz, mono, 16 bit, without a header", PAGE, VENDOR)
def test_pcm(emulator: Emulator) -> None:
    assert code(emulator.upload(audio=speech(rate=24000), audio_format="pcm")) == 0
    assert code(emulator.upload("S_emulator02", audio=spoken(), audio_format="pcm")) == 1108


@rule("Volcengine", "m4a must be declared", PAGE, VENDOR)
def test_m4a_undeclared(emulator: Emulator) -> None:
    assert code(emulator.upload(audio=encoded("m4a"), audio_format=None)) == 1001


@rule("Volcengine", "pcm must be declared", PAGE, VENDOR)
def test_pcm_undeclared(emulator: Emulator) -> None:
    assert code(emulator.upload(audio=speech(rate=24000), audio_format=None)) == 1108


@rule("Volcengine", "Audio that is not what audio_format says: AudioConvertError 1108", PAGE, ASSUMED)
def test_mismatch(emulator: Emulator) -> None:
    assert code(emulator.upload(audio=encoded("mp3"), audio_format="wav")) == 1108


@rule("Volcengine", "What cannot be decoded: AudioConvertError 1108", PAGE, ASSUMED)
def test_undecodable(emulator: Emulator) -> None:
    assert code(emulator.upload(audio=b"no audio at all" * 100)) == 1108


@rule("Volcengine", "Audio over 10 MB (10 × 1024 × 1024 bytes) is refused, 10 MB are not", PAGE, VENDOR)
def test_largest(emulator: Emulator) -> None:
    largest = 10 * 1024 * 1024
    sample = speech(60.0)
    head = len(wav(b""))
    full = (sample * (largest // len(sample) + 1))[: largest - head]
    assert code(emulator.upload(audio=wav(full + b"\0\0"))) == 1101
    assert code(emulator.upload(audio=wav(full))) == 0


@rule("Volcengine", "Silence fails in the training: AEDError 1111", PAGE, VENDOR)
def test_silence(emulator: Emulator) -> None:
    assert code(emulator.upload(audio=wav(silence()))) == 0
    assert code(until(emulator.status, lambda reply: reply.json()["status"] == 3)) == 1111


@rule("Volcengine", "Noise fails in the training: SNRError 1112", PAGE, VENDOR)
def test_noise(emulator: Emulator) -> None:
    assert code(emulator.upload(audio=wav(noise()))) == 0
    assert code(until(emulator.status, lambda reply: reply.json()["status"] == 3)) == 1112


# Status in time.


@rule("Volcengine", "status is NotFound (0) for a slot that was never trained", PAGE, VENDOR)
def test_untrained(emulator: Emulator) -> None:
    assert emulator.status().json() == {
        "BaseResp": {"StatusCode": 0, "StatusMessage": ""},
        "speaker_id": "S_emulator01",
        "status": 0,
    }


@rule("Volcengine", "status goes from Training (1) to Success (2), as numbers", PAGE, VENDOR)
def test_states(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    emulator.upload()
    assert emulator.status().json()["status"] == 1
    emulator.finish("volcengine", "S_emulator01")
    assert emulator.status().json()["status"] == 2


@rule("Volcengine", "demo_audio is there on success only", PAGE, VENDOR)
def test_demo(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    emulator.upload()
    assert "demo_audio" not in emulator.status().json()
    emulator.finish("volcengine", "S_emulator01")
    url = emulator.status().json()["demo_audio"]
    assert emulator.http.get(url, timeout=5).content == spoken()


@rule("Volcengine", "create_time is in milliseconds", PAGE, VENDOR)
def test_create_time(emulator: Emulator) -> None:
    emulator.upload()
    assert abs(emulator.status().json()["create_time"] / 1000 - time.time()) < 5


@rule("Volcengine", "version is V and the number of trainings, and moves when a training ends", PAGE, VENDOR)
def test_version(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    emulator.upload()
    assert emulator.status().json()["version"] == ""
    emulator.finish("volcengine", "S_emulator01")
    assert emulator.status().json()["version"] == "V1"
    emulator.upload(audio=spoken(seed=1))
    assert emulator.status().json()["version"] == "V1"
    emulator.finish("volcengine", "S_emulator01")
    assert emulator.status().json()["version"] == "V2"


@rule("Volcengine", "GET with a query is served too", STATUS, GIVEN)
def test_get_status(emulator: Emulator) -> None:
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01")
    reply = emulator.send(
        "GET",
        "/api/v1/mega_tts/status",
        params={"appid": "emulator-app", "speaker_id": "S_emulator01"},
        headers={"Authorization": "Bearer;emulator-token"},
    )
    assert reply.json()["status"] == 2


@rule(
    "Volcengine",
    "status in words (Processing, Success, Failed): switch volcengine_status_strings",
    STATUS,
    GIVEN,
)
def test_words(emulator: Emulator) -> None:
    emulator.switch(volcengine_status_strings=True, training_seconds=60)
    emulator.upload()
    assert emulator.status().json()["status"] == "Processing"
    emulator.finish("volcengine", "S_emulator01")
    assert emulator.status().json()["status"] == "Success"


@rule(
    "Volcengine", "The key `creaet_time` of the vendor's sample: switch volcengine_creaet_time", PAGE, VENDOR
)
def test_misspelt(emulator: Emulator) -> None:
    emulator.switch(volcengine_creaet_time=True, training_seconds=60)
    emulator.upload()
    assert "creaet_time" in emulator.status().json()


@rule("Volcengine", "A failed training: status Failed (3) with its code in BaseResp", PAGE, ASSUMED)
def test_failed(emulator: Emulator) -> None:
    emulator.fault("train-fail", vendor="volcengine", code=1104, message="like a celebrity")
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01", "failed")
    reply = emulator.status()
    assert code(reply) == 1104
    assert reply.json()["status"] == 3
    assert "celebrity" in reply.json()["BaseResp"]["StatusMessage"]


@rule("Volcengine", "A failed training moves version; switch volcengine_failed_bumps_version", PAGE, ASSUMED)
def test_failed_version(emulator: Emulator) -> None:
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01")
    emulator.upload(audio=wav(silence()))
    emulator.wait("volcengine", "S_emulator01", "failed")
    assert emulator.status().json()["version"] == "V2"
    emulator.switch(volcengine_failed_bumps_version=False)
    assert emulator.status().json()["version"] == "V1"


@rule("Volcengine", "A failed slot can be trained again", PAGE, ASSUMED)
def test_failed_again(emulator: Emulator) -> None:
    emulator.upload(audio=wav(silence()))
    emulator.wait("volcengine", "S_emulator01", "failed")
    assert code(emulator.upload()) == 0
    emulator.wait("volcengine", "S_emulator01")


@rule("Volcengine", "A slot in training takes no upload (1001)", PAGE, ASSUMED)
def test_busy(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    assert code(emulator.upload()) == 0
    assert code(emulator.upload()) == 1001
    assert emulator.voice("volcengine", "S_emulator01")["trainings"] == 1


@rule("Volcengine", "Ten trainings a slot, the first included; then 1123", PAGE, VENDOR)
def test_ten(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0)
    assert [code(emulator.upload()) for _ in range(11)] == [0] * 10 + [1123]
    assert emulator.voice("volcengine", "S_emulator01")["trainings"] == 10


@rule("Volcengine", "A locked slot: status Active (4), still heard, never trained again", PAGE, VENDOR)
def test_locked(emulator: Emulator) -> None:
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01")
    emulator.control("POST", "voices/volcengine/S_emulator01/lock")
    assert emulator.status().json()["status"] == 4
    assert "demo_audio" in emulator.status().json()
    assert code(emulator.upload()) == 1001


@rule("Volcengine", "An expired slot takes no upload", PAGE, ASSUMED)
def test_expired(emulator: Emulator) -> None:
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01")
    emulator.control("POST", "voices/volcengine/S_emulator01/expire")
    assert code(emulator.upload()) == 1001


@rule("Volcengine", "A reclaimed slot is NotFound and takes no upload", PAGE, ASSUMED)
def test_reclaimed(emulator: Emulator) -> None:
    emulator.upload()
    emulator.wait("volcengine", "S_emulator01")
    emulator.control("DELETE", "voices/volcengine/S_emulator01")
    assert emulator.status().json()["status"] == 0
    assert code(emulator.upload()) == 1107


@rule(
    "Volcengine", "The old success is still shown for a while: switch volcengine_lag_seconds", PAGE, ASSUMED
)
def test_lag(emulator: Emulator) -> None:
    emulator.upload()
    emulator.switch(volcengine_lag_seconds=0.6, training_seconds=60)
    until(emulator.status, lambda reply: reply.json()["status"] == 2)
    emulator.upload(audio=spoken(seed=1))
    assert emulator.status().json()["status"] == 2
    until(emulator.status, lambda reply: reply.json()["status"] == 1)


@rule("Volcengine", "Too many trainings at a time: 429; switch volcengine_concurrency", PAGE, ASSUMED)
def test_concurrency(emulator: Emulator) -> None:
    emulator.switch(volcengine_concurrency=1, training_seconds=60)
    assert code(emulator.upload()) == 0
    assert emulator.upload("S_emulator02").status_code == 429


@rule(
    "Volcengine",
    "Too many requests a second: 429 in the gateway's shape; switch volcengine_qps",
    PAGE,
    ASSUMED,
)
def test_rate(emulator: Emulator) -> None:
    emulator.switch(volcengine_qps=1, retry_after=7)
    assert emulator.status().status_code == 200
    reply = emulator.status()
    assert reply.status_code == 429
    assert reply.headers["Retry-After"] == "7"


SHAPES = "the pages' list samples"


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        pytest.param(shape, wanted, id=shape, marks=rule("Volcengine", text, SHAPES, VENDOR))
        for shape, wanted, text in (
            ("counts", ["", "V1", "V2"], "Version counts the trainings (default of volcengine_version)"),
            ("stays", ["", "V1", "V1"], "Version stays V1: switch volcengine_version, stays"),
            ("starts-at-1", ["V1", "V1", "V2"], "An Unknown slot has V1: volcengine_version, starts-at-1"),
            ("steps-of-two", ["", "V1", "V3"], "Version may skip numbers: volcengine_version, steps-of-two"),
            ("absent", [None, None, None], "No Version at all: volcengine_version, absent"),
        )
    ],
)
def test_version_shapes(emulator: Emulator, shape: str, wanted: list[str | None]) -> None:
    emulator.switch(volcengine_version=shape, training_seconds=0)
    seen = [emulator.listed().get("Version")]
    for _ in range(2):
        assert code(emulator.upload()) == 0
        seen.append(emulator.listed().get("Version"))
    assert seen == wanted
    assert emulator.status().json().get("version") == wanted[-1]


@rule("Volcengine", "Before its first training ends: no Version, or V1 with starts-at-1", SHAPES, ASSUMED)
def test_version_while_training(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    emulator.upload()
    for shape, wanted in (("stays", ""), ("starts-at-1", "V1"), ("steps-of-two", "")):
        emulator.switch(volcengine_version=shape)
        assert emulator.status().json()["version"] == emulator.listed()["Version"] == wanted


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        pytest.param(shape, wanted, id=shape, marks=rule("Volcengine console", text, SHAPES, VENDOR))
        for shape, wanted, text in (
            ("counts", [9, 8], "9 left after the first of 10 trainings"),
            ("first-free", [10, 9], "10 left after the first: switch volcengine_trainings_left, first-free"),
            ("absent", [None, None], "No AvailableTrainingTimes: volcengine_trainings_left, absent"),
        )
    ],
)
def test_left_shapes(emulator: Emulator, shape: str, wanted: list[int | None]) -> None:
    emulator.switch(volcengine_trainings_left=shape, training_seconds=0)
    seen = []
    for _ in range(2):
        assert code(emulator.upload()) == 0
        seen.append(emulator.listed().get("AvailableTrainingTimes"))
    assert seen == wanted


@rule("Volcengine", "With first-free an eleventh training is taken, a twelfth refused", SHAPES, ASSUMED)
def test_first_free(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0, volcengine_trainings_left="first-free")
    assert [code(emulator.upload()) for _ in range(12)] == [0] * 11 + [1123]


@rule("Volcengine", "Up to 15 trainings a slot: switch trainings_per_voice", "vendor's order guide", VENDOR)
def test_fifteen(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0, trainings_per_voice=15)
    assert [code(emulator.upload()) for _ in range(16)] == [0] * 15 + [1123]


@rule(
    "Volcengine",
    "create_time moves with each training; switch volcengine_create_time: slot, absent",
    SHAPES,
    VENDOR,
)
def test_create_time_shapes(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0)
    emulator.upload()
    first = emulator.status().json()["create_time"]
    emulator.upload()
    assert emulator.status().json()["create_time"] == emulator.listed()["CreateTime"] > first
    emulator.switch(volcengine_create_time="slot")
    assert emulator.status().json()["create_time"] == emulator.listed()["CreateTime"] < first
    emulator.switch(volcengine_create_time="absent")
    assert "create_time" not in emulator.status().json()
    assert "CreateTime" not in emulator.listed()


@rule(
    "Volcengine",
    "status without create_time and version: switch volcengine_status_bare",
    STATUS,
    GIVEN,
)
def test_bare(emulator: Emulator) -> None:
    emulator.switch(volcengine_status_bare=True, training_seconds=0)
    emulator.upload()
    assert set(emulator.status().json()) == {"BaseResp", "speaker_id", "status", "demo_audio"}


@rule("Volcengine", "StatusMessage `success`: switch volcengine_success_message", UPLOAD, GIVEN)
def test_success_message(emulator: Emulator) -> None:
    emulator.switch(volcengine_success_message=True)
    for reply in (emulator.upload(), emulator.status()):
        assert reply.json()["BaseResp"] == {"StatusCode": 0, "StatusMessage": "success"}


@rule("Volcengine", "The caller chooses the S_ ID: switch volcengine_own_speakers", UPLOAD, GIVEN)
def test_own_speaker(emulator: Emulator) -> None:
    emulator.switch(volcengine_own_speakers=True)
    assert code(emulator.upload("S_mine", audio=b"no audio")) == 1108
    assert code(emulator.status("S_mine")) == 1107
    assert code(emulator.upload("S_mine")) == 0
    emulator.wait("volcengine", "S_mine")
    assert emulator.listed("S_mine")["State"] == "Success"


@rule("Volcengine", "20 MB of audio are taken: switch volcengine_audio_mb", "vendor's older page", VENDOR)
def test_larger(emulator: Emulator) -> None:
    emulator.switch(volcengine_audio_mb=1)
    sample = wav(speech(10.0) * 8)
    assert code(emulator.upload(audio=sample)) == 1101
    emulator.switch(volcengine_audio_mb=20)
    assert code(emulator.upload(audio=sample)) == 0
