"""Volcengine's wire: what uploads and status calls send, and what is made of each answer."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fake_vendor import Answer, FakeVendor
from multipart import fields, parts
from pydantic import ValidationError
from volcengine_face import (
    AK,
    APP,
    ID,
    OK,
    SAMPLE,
    SK,
    STATUS,
    TOKEN,
    UPLOAD,
    connect,
    order,
    status,
)

from voiceclone_provider.core.errors import (
    CredentialsError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from voiceclone_provider.vendors.base import Given, Observation, Status
from voiceclone_provider.vendors.volcengine.client import Volcengine
from voiceclone_provider.vendors.volcengine.models import (
    VolcengineConfig,
    VolcengineInputs,
    VolcengineUploadEncoding,
)
from voiceclone_provider.vendors.volcengine.wire import ERRORS


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


@pytest.fixture
def plain(fake: FakeVendor) -> Volcengine:
    """Without the console API's keys, and with a Resource-Id so that one is tried only."""
    return connect(fake, volcengineResourceId="volc.megatts.voiceclone")


# Uploads


EVERYTHING: dict[str, Any] = {
    "language": "ja",
    "text": "你好呀",
    "modelType": "DIT_STANDARD",
    "gender": "female",
    "enableAudioDenoise": False,
    "voiceCloneDenoiseModelId": "VocalDiffusionV2",
    "voiceCloneEnableMss": True,
    "enableCropByAsr": False,
}


def test_upload_as_json(fake: FakeVendor) -> None:
    volcengine = connect(fake)
    fake.answers(OK)
    volcengine.train(ID, order())
    sound = base64.b64encode(SAMPLE.data).decode()
    assert (fake.last.method, fake.last.path, fake.last.query) == ("POST", UPLOAD, {})
    assert fake.last.headers["Authorization"] == f"Bearer;{TOKEN}"
    assert fake.last.headers["Resource-Id"] == "seed-icl-1.0"
    assert fake.last.headers["Content-Type"] == "application/json"
    assert fake.last.json == {
        "appid": APP,
        "speaker_id": ID,
        "audios": [{"audio_bytes": sound, "audio_format": "wav"}],
        "source": 2,
        "model_type": 1,
    }
    volcengine.train(ID, order(**EVERYTHING))
    sent = fake.last.json
    assert json.loads(sent.pop("extra_params")) == {
        "enable_audio_denoise": False,
        "voice_clone_denoise_model_id": "VocalDiffusionV2",
        "voice_clone_enable_mss": True,
        "enable_crop_by_asr": False,
    }
    assert sent == {
        "appid": APP,
        "speaker_id": ID,
        "audios": [{"audio_bytes": sound, "audio_format": "wav", "text": "你好呀"}],
        "source": 2,
        "model_type": 2,
        "language": 2,
    }


@pytest.mark.parametrize(
    ("language", "number"),
    [("zh", 0), ("en", 1), ("ja", 2), ("es", 3), ("id", 4), ("pt", 5), ("de", 6), ("fr", 7)],
)
def test_languages_as_json(language: str, number: int, fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(OK)
    plain.train(ID, order(language=language, modelType="DIT_STANDARD"))
    assert fake.last.json["language"] == number


@pytest.mark.parametrize(
    ("model", "number", "resource"),
    [
        ("ICL_1_0", 1, "seed-icl-1.0"),
        ("DIT_STANDARD", 2, "seed-icl-1.0"),
        ("DIT_RESTORATION", 3, "seed-icl-1.0"),
        ("ICL_2_0", 4, "seed-icl-2.0"),
    ],
)
def test_models(model: str, number: int, resource: str, fake: FakeVendor) -> None:
    volcengine = connect(fake)
    fake.answers(OK)
    volcengine.train(ID, order(modelType=model))
    assert fake.last.json["model_type"] == number
    assert fake.last.headers["Resource-Id"] == resource
    fake.answers(status(1))
    volcengine.observe([ID])
    assert [request.headers["Resource-Id"] for request in fake.requests] == [resource]


def test_configured_resource_wins(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(OK)
    plain.train(ID, order(modelType="ICL_2_0"))
    assert fake.last.headers["Resource-Id"] == "volc.megatts.voiceclone"


def test_upload_as_form(fake: FakeVendor) -> None:
    volcengine = connect(fake, volcengineUploadEncoding="form")
    fake.answers(OK)
    volcengine.train(ID, order())
    assert (fake.last.method, fake.last.path) == ("POST", UPLOAD)
    assert fake.last.headers["Authorization"] == f"Bearer;{TOKEN}"
    least = {"appid": APP, "speaker_id": ID, "audio_format": "wav", "model_type": "1"}
    assert fields(fake.last) == least
    assert parts(fake.last)["audio_data"] == ("sample.wav", SAMPLE.data)
    volcengine.train(ID, order(modelType="ICL_2_0", language="en", gender="male", text="你好呀"))
    assert fields(fake.last) == {
        **least,
        "model_type": "4",
        "language": "en",
        "gender": "male",
        "text": "你好呀",
    }


def test_form_carries_no_options(fake: FakeVendor) -> None:
    """It takes fewer languages and formats, too."""
    form = VolcengineConfig(volcengine_upload_encoding=VolcengineUploadEncoding.FORM)
    assert refused({"enableCropByAsr": False}, form) == ["enableCropByAsr"]
    assert refused({"language": "ja"}, form) == ["language"]
    assert refused({"language": "en", "gender": "male"}, form) == []
    volcengine = connect(fake, volcengineUploadEncoding="form")
    fake.answers(OK)
    sample = replace(SAMPLE, format="m4a")
    with pytest.raises(
        PermanentError, match="the sample is m4a, but volcengineUploadEncoding form takes wav"
    ):
        volcengine.train(ID, replace(order(), sample=sample))
    assert fake.requests == []


def refused(inputs: dict[str, Any], config: VolcengineConfig, **olds: Any) -> list[str]:
    return [fault.property for fault in Volcengine.cross_check(Given(inputs, olds=olds), config)]


def test_gender_is_for_the_form_alone() -> None:
    """Whoever has it already is not stopped: it was left out then."""
    assert refused({"gender": "male"}, VolcengineConfig()) == ["gender"]
    assert refused({"gender": "male"}, VolcengineConfig(), gender="male") == []
    assert refused({"gender": "male"}, VolcengineConfig(), gender="female") == ["gender"]


def test_what_belongs_to_one_api() -> None:
    v1, v3 = VolcengineConfig(volcengine_app_id="1"), VolcengineConfig(volcengine_api_key="key")
    for name, value in {
        "customSpeakerId": "grandma",
        "demoText": "你好吗？",
        "disableVolumeNormalization": True,
    }.items():
        assert (refused({name: value}, v1), refused({name: value}, v3)) == ([name], [])
    assert refused({"language": "ko"}, v1) == ["language"]
    assert refused({"language": "ko"}, v3) == []
    assert refused({"modelType": "ICL_2_0"}, v3) == ["modelType"]
    assert refused({"modelType": "ICL_2_0"}, v3, modelType="ICL_2_0") == [], "a stack of V1 goes on"
    assert refused({"modelType": "ICL_1_0", "gender": "male"}, v3) == ["gender"]
    for given in ({"customSpeakerId": "grandma"}, {"demoText": "你好吗？"}, {"language": "ko"}):
        assert refused(given, VolcengineConfig()) == []  # a preview without credentials
    both = ["speakerId", "customSpeakerId"]
    assert refused({"speakerId": "S_1", "customSpeakerId": "grandma-1"}, v3) == both


# Status


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (0, Status.PENDING),
        (1, Status.TRAINING),
        (2, Status.READY),
        (3, Status.FAILED),
        (4, Status.LOCKED),
        ("0", Status.PENDING),
        ("2", Status.READY),
        (2.0, Status.READY),
        ("NotFound", Status.PENDING),
        ("Training", Status.TRAINING),
        ("Processing", Status.TRAINING),
        ("Success", Status.READY),
        ("Failed", Status.FAILED),
        ("Active", Status.LOCKED),
        (9, Status.TRAINING),
    ],
)
def test_status(told: Any, expected: Status, fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(status(told))
    seen = plain.observe([ID])[ID]
    assert seen == Observation(
        ID,
        expected,
        version={Status.PENDING: "", Status.LOCKED: "V1"}.get(expected, "V1//1701055304000@voice"),
        preview_url="https://example.com/demo.wav",
        created_at="2023-11-27T03:21:44Z",
        extras={"cluster": "volcano_icl"},
    )
    assert (fake.last.method, fake.last.path) == ("POST", STATUS)
    assert fake.last.json == {"appid": APP, "speaker_id": ID}
    assert fake.last.headers["Authorization"] == f"Bearer;{TOKEN}"
    assert fake.last.headers["Resource-Id"] == "volc.megatts.voiceclone"


def test_status_with_get(fake: FakeVendor) -> None:
    volcengine = connect(fake, volcengineUploadEncoding="form")
    fake.answers(status("Success", version=None, create_time=None))
    seen = volcengine.observe([ID])[ID]
    assert (seen.status, seen.version, seen.created_at) == (Status.READY, "", None)
    assert (fake.last.method, fake.last.path, fake.last.body) == ("GET", STATUS, b"")
    assert fake.last.query == {"appid": APP, "speaker_id": ID}


def test_status_misspelt_time(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(status(create_time=None, creaet_time=1701055304000))
    assert plain.observe([ID])[ID].created_at == "2023-11-27T03:21:44Z"


@pytest.mark.parametrize(
    "answer",
    [
        status(3, 1109, "WERError"),
        status("Failed", "1109", "WERError"),
        status(None, 1109, "WERError", version=None),
        status(0, 1109, "WERError"),
    ],
)
def test_failed_training_is_no_failed_call(answer: Any, fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(answer)
    seen = plain.observe([ID])[ID]
    assert (seen.status, seen.error_code) == (Status.FAILED, "1109")
    assert seen.error == (
        "WERError. What is said in the sample differs too much from text: correct text, or leave it out."
    )


def test_failed_for_an_unknown_reason(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(status(3, 1999, "who knows"))
    assert plain.observe([ID])[ID].error == "who knows."


def test_unknown_slot_is_left_out(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(status(None, 1107, "SpeakerIDNotFound"))
    assert plain.observe([ID]) == {}


@pytest.mark.parametrize(
    "answer", [{}, {"status": 2}, {"BaseResp": {}}, {"BaseResp": {"StatusCode": 0}}, {"BaseResp": None}]
)
def test_odd_status(answer: Any, fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(answer)
    with pytest.raises(TemporaryError, match="unknown shape"):
        plain.observe([ID])


def test_unknown_resource_is_tried_out(fake: FakeVendor) -> None:
    volcengine = connect(fake)
    fake.answers(status(0), status(2))
    assert volcengine.observe([ID])[ID].status is Status.READY
    assert [r.headers["Resource-Id"] for r in fake.requests] == ["seed-icl-1.0", "seed-icl-2.0"]
    assert volcengine.observe([ID])[ID].status is Status.READY
    assert fake.last.headers["Resource-Id"] == "seed-icl-2.0"
    assert len(fake.requests) == 3


NOT_GRANTED = Answer(
    {"code": 45000030, "message": "[resource_id=seed-icl-1.0] requested resource not granted"}, 403
)


def test_resource_that_is_not_granted(fake: FakeVendor) -> None:
    fake.answers(NOT_GRANTED, status(2))
    assert connect(fake).observe([ID])[ID].status is Status.READY
    fake.answers(status(0), NOT_GRANTED)
    assert connect(fake).observe([ID])[ID].status is Status.PENDING
    fake.answers(status(0), NOT_GRANTED)
    with pytest.raises(CredentialsError):
        connect(fake).is_gone(ID)
    fake.answers(NOT_GRANTED)
    with pytest.raises(CredentialsError, match="VOLCENGINE_SPEECH_RESOURCE_ID"):
        connect(fake).observe([ID])


# Errors


REFUSED = {1104, 1108, 1109, 1111, 1112, 1114, 1122}


@pytest.mark.parametrize("code", sorted({*ERRORS, 1999}))
@pytest.mark.parametrize("http_status", [200, 400])
def test_upload_errors(code: int, http_status: int, fake: FakeVendor, plain: Volcengine) -> None:
    answer = {"BaseResp": {"StatusCode": code, "StatusMessage": "not like that"}}
    fake.answers(Answer(answer, http_status, {"X-Tt-Logid": "log-1"}))
    with pytest.raises(VoiceError) as caught:
        plain.train(ID, order())
    expected = {1107: NotFoundError, 45000030: CredentialsError} | dict.fromkeys(REFUSED, SampleRefusedError)
    # A code that no table has says that nothing happened only beside HTTP 4xx.
    usual = UnconfirmedError if (code, http_status) == (1999, 200) else PermanentError
    assert type(caught.value) is expected.get(code, usual)
    text = str(caught.value)
    assert f"Volcengine train {ID}: not like that (code {code}, request ID log-1)." in text
    assert bool(caught.value.advice) is (code != 1999)
    assert len(fake.requests) == 1


def test_gateway_errors(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(Answer({"code": 1001, "message": f"invalid speaker_id {ID}, please rename it"}, 400))
    with pytest.raises(PermanentError, match=r"please rename it \(code 1001\)\. Check speakerId"):
        plain.train(ID, order())
    fake.answers(Answer({"message": f"{TOKEN} is not Bearer;{TOKEN}"}, 401))
    with pytest.raises(CredentialsError, match="VOLCENGINE_SPEECH_ACCESS_TOKEN") as caught:
        plain.train(ID, order())
    assert TOKEN not in str(caught.value)
    fake.answers(Answer({"error": "no route"}, 404))
    with pytest.raises(PermanentError, match="VOLCENGINE_SPEECH_BASE_URL") as told:
        plain.observe([ID])
    assert type(told.value) is PermanentError


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"message": "oops"}, 500),
        Answer({"BaseResp": {"StatusCode": 0}}, 503),
        Answer(b"<html>gateway time-out</html>", 504),
        Answer(broken="before"),
        Answer(OK, broken="after"),
        Answer({}),
        Answer({"BaseResp": {}}),
        Answer({"base_resp": {"status_code": 0}}),
    ],
)
def test_uncertain_upload_is_sent_once(answer: Answer, fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(answer)
    with pytest.raises(UnconfirmedError) as caught:
        plain.train(ID, order())
    assert len(fake.requests) == 1
    assert TOKEN not in str(caught.value)


def test_upload_that_was_not_accepted_is_sent_again(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(Answer({"message": "slow down"}, 429), Answer(b"", 429), OK)
    plain.train(ID, order())
    assert len(fake.requests) == 3


# Without the network


@pytest.mark.parametrize(
    ("missing", "key", "variable"),
    [
        ("volcengine_app_id", "voiceclone:volcengineAppId", "VOLCENGINE_SPEECH_APP_ID"),
        (
            "volcengine_access_token",
            "--secret voiceclone:volcengineAccessToken",
            "VOLCENGINE_SPEECH_ACCESS_TOKEN",
        ),
        ("volcengine_access_key", "voiceclone:volcengineAccessKey", "VOLCENGINE_ACCESS_KEY"),
        ("volcengine_secret_key", "--secret voiceclone:volcengineSecretKey", "VOLCENGINE_SECRET_KEY"),
    ],
)
def test_credentials(missing: str, key: str, variable: str) -> None:
    whole = {
        "volcengine_app_id": APP,
        "volcengine_access_token": TOKEN,
        "volcengine_access_key": AK,
        "volcengine_secret_key": SK,
    }
    Volcengine.require_credentials(VolcengineConfig(volcengine_app_id=APP, volcengine_access_token=TOKEN))
    Volcengine.require_credentials(VolcengineConfig.model_validate(whole))
    with pytest.raises(CredentialsError) as caught:
        Volcengine.require_credentials(VolcengineConfig.model_validate({**whole, missing: " "}))
    assert f"`pulumi config set {key} <value>`" in str(caught.value)
    assert f"environment variable {variable}." in str(caught.value)


@pytest.mark.parametrize(
    ("inputs", "allowed"),
    [
        ({"language": "pt"}, True),
        ({"language": "de"}, False),
        ({"language": "de", "modelType": "DIT_STANDARD"}, True),
        ({"language": "ja", "modelType": "DIT_RESTORATION"}, False),
        ({"language": "en", "modelType": "DIT_RESTORATION"}, True),
        ({"language": "ja", "modelType": "ICL_2_0"}, False),
        ({"language": "zh", "modelType": "ICL_2_0"}, True),
        ({"modelType": "ICL_2_0"}, True),
        ({"language": "xx"}, True),  # told by the model
        ({"language": "de", "modelType": "xx"}, True),
    ],
)
def test_language_and_model(inputs: Any, allowed: bool) -> None:
    v1 = VolcengineConfig(volcengine_app_id="1")
    faults = Volcengine.cross_check(Given(inputs), v1)
    assert [fault.property for fault in faults] == ([] if allowed else ["language"])
    unknown = Given({"language": inputs.get("language")}, frozenset({"modelType"}))
    assert Volcengine.cross_check(unknown, v1) == []
    if faults:
        assert f"'{inputs['language']}'" in faults[0].reason
        assert inputs.get("modelType", "ICL_1_0") in faults[0].reason


@pytest.mark.parametrize(
    ("inputs", "fault"),
    [
        ({"speakerId": "S_"}, "S_ followed by"),
        ({"speakerId": "narrator"}, "S_ followed by"),
        ({"speakerId": "S_a-b"}, "S_ followed by"),
        ({"text": ""}, "at least 1 character"),
        ({"gender": "child"}, "'male' or 'female'"),
        ({"modelType": 1}, "ICL_1_0"),
        ({"name": "narrator"}, "Extra inputs"),
    ],
)
def test_limits(inputs: Any, fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        VolcengineInputs.model_validate(inputs)
    assert VolcengineInputs.model_validate({"speakerId": ID}).model_type == "ICL_1_0"


def test_account() -> None:
    assert Volcengine.connect(VolcengineConfig(volcengine_app_id=APP), threading.Event()).account == APP
