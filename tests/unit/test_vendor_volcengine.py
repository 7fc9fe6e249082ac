"""Volcengine's wire: what each call sends, and what is made of each answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from fake_vendor import Answer, FakeVendor, Request
from multipart import fields, parts
from pydantic import ValidationError

from voiceclone_provider.audio import Sample
from voiceclone_provider.errors import (
    CredentialsError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from voiceclone_provider.http import ATTEMPTS, Http
from voiceclone_provider.vendors import volcengine_signature
from voiceclone_provider.vendors.base import Observation, Order, Status
from voiceclone_provider.vendors.volcengine import Volcengine
from voiceclone_provider.vendors.volcengine_models import VolcengineConfig, VolcengineInputs
from voiceclone_provider.vendors.volcengine_signature import Signature
from voiceclone_provider.vendors.volcengine_wire import CONSOLE_ERRORS, ERRORS

APP = "9476442538"
TOKEN = "volcengine-secret-token"
AK, SK = "AKLTexample", "c2VjcmV0LWtleQ=="
ID = "S_TR0rbVuI1"
UPLOAD, STATUS = "/api/v1/mega_tts/audio/upload", "/api/v1/mega_tts/status"
SAMPLE = Sample(b"RIFF\x00\r\n\xff--sound", "wav", "Grandma's voice.wav")
OK = {"BaseResp": {"StatusCode": 0, "StatusMessage": ""}, "speaker_id": ID}


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(Http, "_sleep", lambda self, seconds: slept.append(seconds))
    return slept


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


def connect(fake: FakeVendor, **more: Any) -> Volcengine:
    given = {
        "volcengineAppId": APP,
        "volcengineAccessToken": f" {TOKEN}\n",
        "volcengineBaseUrl": fake.url + "/",
        "volcengineConsoleUrl": fake.url,
        **more,
    }
    return Volcengine.connect(VolcengineConfig.model_validate(given), threading.Event())


@pytest.fixture
def plain(fake: FakeVendor) -> Volcengine:
    """Without the console API's keys, and with a Resource-Id so that one is tried only."""
    return connect(fake, volcengineResourceId="volc.megatts.voiceclone")


@pytest.fixture
def keyed(fake: FakeVendor) -> Volcengine:
    return connect(fake, volcengineAccessKey=AK, volcengineSecretKey=SK)


def order(handle: str = "handle", **inputs: Any) -> Order:
    return Order(VolcengineInputs.model_validate(inputs), "narrator", True, handle, SAMPLE)


def status(told: Any = 2, code: Any = 0, message: str = "", **more: Any) -> dict[str, Any]:
    shape = {
        "BaseResp": {"StatusCode": code, "StatusMessage": message},
        "speaker_id": ID,
        "status": told,
        "version": "V1",
        "create_time": 1701055304000,
        "demo_audio": "https://example.com/demo.wav",
    }
    return {key: value for key, value in {**shape, **more}.items() if value is not None}


def slot(speaker_id: str = ID, state: str = "Success", **more: Any) -> dict[str, Any]:
    shape = {
        "SpeakerID": speaker_id,
        "State": state,
        "Version": "V1",
        "InstanceNO": "S2S_Model_storage_g-e_W094e4FDP1aq",
        "IsActivable": True,
        "DemoAudio": "https://example.com/demo.wav",
        "CreateTime": 1761400817000,
        "ExpireTime": 1792943999000,
        "Alias": "小茧",
        "AvailableTrainingTimes": 9,
        "ModelTypeDetails": [{"ModelType": 1, "ResourceID": "seed-icl-1.0"}],
    }
    return {key: value for key, value in {**shape, **more}.items() if value is not None}


def page(*statuses: Any, **more: Any) -> dict[str, Any]:
    metadata = {"RequestId": "2025req", "Action": "BatchListMegaTTSTrainStatus", "Version": "2023-11-07"}
    result = {"AppID": APP, "TotalCount": len(statuses), "Statuses": list(statuses), **more}
    return {"ResponseMetadata": metadata, "Result": {k: v for k, v in result.items() if v is not None}}


# Uploads


EVERYTHING: dict[str, Any] = {
    "language": "ja",
    "text": "你好呀",
    "modelType": "DIT_STANDARD",
    "gender": "female",
    "enableAudioDenoise": False,
    "voiceCloneDenoiseModelId": "model-1",
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
        "voice_clone_denoise_model_id": "model-1",
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
    volcengine = connect(fake, volcengineUploadEncoding="form")
    fake.answers(OK)
    for attempt in (
        lambda: volcengine.train(ID, order(enableCropByAsr=False)),
        lambda: volcengine.claim(order(enableCropByAsr=False, speakerId=ID), ()),
    ):
        with pytest.raises(PermanentError, match="enableCropByAsr cannot be sent"):
            attempt()
    assert fake.requests == []


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
        version="" if expected is Status.PENDING else "V1",
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


# The console


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("Unknown", Status.PENDING),
        ("Training", Status.TRAINING),
        ("Success", Status.READY),
        ("Active", Status.LOCKED),
        ("Expired", Status.EXPIRED),
        ("Reclaimed", Status.EXPIRED),
        ("Failed", Status.FAILED),
    ],
)
def test_listing(state: str, expected: Status, fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page(slot(state=state)))
    assert keyed.listing() == [
        Observation(
            ID,
            expected,
            version="" if expected is Status.PENDING else "V1",
            available_trainings=9,
            preview_url="https://example.com/demo.wav",
            created_at="2025-10-25T14:00:17Z",
            inputs={"modelType": "ICL_1_0"},
            extras={
                "cluster": "volcano_icl",
                "instanceNo": "S2S_Model_storage_g-e_W094e4FDP1aq",
                "alias": "小茧",
                "expiresAt": "2026-10-25T15:59:59Z",
                "resourceId": "seed-icl-1.0",
            },
            gone=state == "Reclaimed",
        )
    ]
    assert (fake.last.method, fake.last.path) == ("POST", "/")
    assert fake.last.query == {"Action": "BatchListMegaTTSTrainStatus", "Version": "2023-11-07"}
    assert fake.last.json == {"AppID": APP, "PageNumber": 1, "PageSize": 100}
    assert "Resource-Id" not in fake.last.headers


def test_listing_as_the_older_page_has_it(fake: FakeVendor, keyed: Volcengine) -> None:
    old = slot(
        IsActivable=None,
        IsActivatable=True,
        ModelTypeDetails=None,
        ResourceID="seed-icl-2.0",
        AvailableTrainingTimes=None,
    )
    fake.answers(page(old, TotalCount=None, Total=1))
    (seen,) = keyed.listing()
    assert seen.available_trainings is None
    assert seen.inputs == {"modelType": "ICL_2_0"}
    assert seen.extras["resourceId"] == "seed-icl-2.0"


def test_listing_of_little(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page({"SpeakerID": ID, "State": "Unknown", "Version": "V0"}))
    assert keyed.listing() == [Observation(ID, Status.PENDING, extras={"cluster": "volcano_icl"})]
    fake.answers(page(Statuses=None) | {"Result": {"TotalCount": 0, "Statuses": None}})
    assert keyed.listing() == []


def test_models_that_cannot_be_told(fake: FakeVendor, keyed: Volcengine) -> None:
    two = [{"ModelType": 1, "ResourceID": "seed-icl-1.0"}, {"ModelType": 4, "ResourceID": "seed-icl-2.0"}]
    fake.answers(
        page(slot(ModelTypeDetails=two), slot("S_2", ModelTypeDetails=None, ResourceID="seed-icl-1.0"))
    )
    assert [seen.inputs for seen in keyed.listing()] == [{}, {}]


@pytest.mark.parametrize("result", [{}, {"TotalCount": 3}, {"Statuses": [{}]}])
def test_listing_without_its_list(result: Any, fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page() | {"Result": result})
    with pytest.raises(TemporaryError, match="unknown shape"):
        keyed.listing()


@pytest.mark.parametrize("total", [250, None])
def test_paging(total: int | None, fake: FakeVendor, keyed: Volcengine) -> None:
    slots = [slot(f"S_{number}") for number in range(250)]
    chunks = [slots[:100], slots[100:200], slots[200:]]
    fake.answers(*(page(*chunk, TotalCount=total) for chunk in chunks))
    assert len(keyed.listing()) == 250
    assert [request.json["PageNumber"] for request in fake.requests] == [1, 2, 3]


def test_paging_that_repeats_itself_ends(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page(slot(), TotalCount=500))
    assert len(keyed.listing()) == 1
    assert len(fake.requests) == 2


def test_observe_many(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(
        page(*(slot(f"S_{number}") for number in range(100)), TotalCount=150),
        page(slot("S_100"), slot("S_101", "Failed"), TotalCount=102),
        status(3, 1111, "AEDError"),
        status(1),
    )
    seen = keyed.observe({"S_1": 0, "S_101": 0, "S_postpaid": 0})
    assert {voice_id: voice.status for voice_id, voice in seen.items()} == {
        "S_1": Status.READY,
        "S_101": Status.FAILED,
        "S_postpaid": Status.TRAINING,
    }
    assert seen["S_101"].error.startswith("AEDError. No speech was found")
    assert [request.path for request in fake.requests] == ["/", "/", STATUS, STATUS]
    fake.answers(page(slot("S_1"), TotalCount=1000))
    keyed.observe(["S_1"])
    assert len(fake.requests) == 1
    assert keyed.observe([]) == {}
    assert len(fake.requests) == 1


def test_listing_needs_keys(plain: Volcengine) -> None:
    with pytest.raises(PermanentError, match="VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY"):
        plain.listing()


def verified(request: Request) -> bool:
    """The console's check, written down once more from the vendor's words."""
    match = re.fullmatch(
        r"HMAC-SHA256 Credential=(\S+?)/(\d{8})/cn-north-1/speech_saas_prod/request, "
        r"SignedHeaders=(\S+), Signature=([0-9a-f]{64})",
        request.headers["Authorization"],
    )
    assert match
    access_key, date, names, signature = match.groups()
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert headers["x-content-sha256"] == hashlib.sha256(request.body).hexdigest()
    assert headers["x-date"].startswith(f"{date}T")
    query = "&".join(f"{name}={value}" for name, value in sorted(request.query.items()))
    signed = "".join(f"{name}:{headers[name]}\n" for name in names.split(";"))
    canonical = f"{request.method}\n{request.path}\n{query}\n{signed}\n{names}\n{headers['x-content-sha256']}"
    scope = f"{date}/cn-north-1/speech_saas_prod/request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = SK.encode()
    for part in (date, "cn-north-1", "speech_saas_prod", "request"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"HMAC-SHA256\n{headers['x-date']}\n{scope}\n{digest}"
    return access_key == AK and hmac.digest(key, text.encode(), "sha256").hex() == signature


def test_signature_on_the_wire(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page())
    keyed.listing()
    assert fake.last.headers["Host"] == fake.url.removeprefix("http://")
    assert verified(fake.last)


@pytest.mark.parametrize("url", ["https://open.volcengineapi.com", "https://open.volcengineapi.com:443/"])
def test_signature_as_the_vendors_own_client_signs(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The expected text was made with `SignerV4` of volcenginesdk-core 5.0.54."""
    monkeypatch.setattr(volcengine_signature, "_now", lambda: datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))
    request = requests.Request(
        "POST",
        url,
        params={"Version": "2023-11-07", "Action": "BatchListMegaTTSTrainStatus"},
        json={"AppID": APP, "PageNumber": 1, "PageSize": 100},
        auth=Signature(AK, SK),
    ).prepare()
    assert request.headers["X-Date"] == "20250102T030405Z"
    assert request.headers["Authorization"] == (
        "HMAC-SHA256 Credential=AKLTexample/20250102/cn-north-1/speech_saas_prod/request, "
        "SignedHeaders=content-type;host;x-content-sha256;x-date, "
        "Signature=9bcdd566f15f89f4254e99fc1ccf253f77f028c5d170551a1cdba4c3d3e8f98e"
    )


# Gone


@pytest.mark.parametrize(
    ("script", "gone"),
    [
        ([page(slot(state="Reclaimed"))], True),
        ([page(slot(state="Expired"))], False),
        ([page(slot(state="Success"))], False),
        ([page(slot(state="Unknown")), status(0)], True),
        ([page(slot(state="Unknown")), status(2)], False),
        ([page(slot("S_other")), status(2)], False),
        ([page(slot("S_other")), status(0)], True),
        ([page(), status(None, 1107)], True),
        ([page(), status(1)], False),
    ],
)
def test_is_gone(script: Any, gone: bool, fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(*script)
    assert keyed.is_gone(ID) is gone


def test_is_gone_under_both_resources(fake: FakeVendor) -> None:
    fake.answers(status(0), status(2))
    assert not connect(fake).is_gone(ID)
    fake.answers(status(0))
    assert connect(fake).is_gone(ID)
    assert len(fake.requests) == 2


@pytest.mark.parametrize("code", [401, 403, 429, 500, 503])
def test_an_error_proves_nothing(code: int, fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(Answer({"message": "no"}, code))
    with pytest.raises(VoiceError) as caught:
        plain.is_gone(ID)
    assert not isinstance(caught.value, NotFoundError)


# Slots


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (
            slot(),
            [
                "already holds a trained voice",
                f"voiceclone:volcengine:Voice <name> {ID}",
                "overwriteExisting",
            ],
        ),
        (slot(state="Training"), ["is in training", "overwriteExisting"]),
        (slot(state="Active"), ["locked", "pulumi import"]),
        (slot(state="Expired"), ["expired", "Renew"]),
        (slot(state="Reclaimed"), ["reclaimed"]),
    ],
)
def test_claim_refuses(shown: Any, words: list[str], fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page(shown))
    with pytest.raises(PermanentError) as caught:
        keyed.claim(order(speakerId=ID), ())
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    ("state", "allowed"),
    [("Success", True), ("Training", True), ("Active", False), ("Expired", False), ("Reclaimed", False)],
)
def test_claim_overwrites(state: str, allowed: bool, fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page(slot(state=state)))
    wanted = order(speakerId=ID, overwriteExisting=True)
    if allowed:
        assert keyed.claim(wanted, ()).version == "V1"
    else:
        with pytest.raises(PermanentError):
            keyed.claim(wanted, ())


def test_claim_of_a_failed_slot(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(status(3, version=""))
    assert plain.claim(order(speakerId=ID), ()).status is Status.FAILED
    fake.answers(status(3, version="V2"))
    with pytest.raises(PermanentError, match="overwriteExisting"):
        plain.claim(order(speakerId=ID), ())


def test_claim_without_keys(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(status(0))
    assert plain.claim(order(speakerId=ID), ()).voice_id == ID
    fake.answers(status(None, 1107))
    with pytest.raises(PermanentError, match="no such slot"):
        plain.claim(order(speakerId=ID), ())
    with pytest.raises(PermanentError, match=r"Give speakerId, or configure both volcengineAccessKey"):
        plain.claim(order(), ())


def test_claim_of_a_taken_slot(fake: FakeVendor, keyed: Volcengine) -> None:
    with pytest.raises(PermanentError, match="another resource"):
        keyed.claim(order(speakerId=ID), {ID})


def test_free_slots(fake: FakeVendor, keyed: Volcengine) -> None:
    free = [slot(f"S_{number}", "Unknown") for number in range(5)]
    rest = [slot("S_used"), slot("S_old", "Expired"), slot("S_spent", "Unknown", AvailableTrainingTimes=0)]
    taken: list[str] = []
    for _ in range(5):
        fake.answers(page(*rest, *free))
        chosen = keyed.claim(order(), taken)
        fake.answers(page(*reversed(free), *rest))
        assert keyed.claim(order(), taken) == chosen, "it depends on the order of the list"
        taken.append(chosen.voice_id)
    assert sorted(taken) == [f"S_{number}" for number in range(5)]
    fake.answers(page(*rest, *free))
    with pytest.raises(PermanentError) as caught:
        keyed.claim(order(), taken)
    assert "8 slots: 2 in use, 1 expired, 5 taken by other resources of this program" in str(caught.value)
    fake.answers(page(*free))
    others = {keyed.claim(order(handle=f"handle-{number}"), ()).voice_id for number in range(20)}
    assert len(others) > 1, "voices made side by side must not all want the same slot"
    fake.answers(page())
    with pytest.raises(PermanentError, match="no slots at all"):
        keyed.claim(order(), ())


# Errors


REFUSED = {1104, 1108, 1109, 1111, 1112, 1114, 1122}


@pytest.mark.parametrize("code", sorted({*ERRORS, 1999}))
@pytest.mark.parametrize("http_status", [200, 400])
def test_upload_errors(code: int, http_status: int, fake: FakeVendor, plain: Volcengine) -> None:
    answer = {"BaseResp": {"StatusCode": code, "StatusMessage": "not like that"}}
    fake.answers(Answer(answer, http_status, {"X-Tt-Logid": "log-1"}))
    with pytest.raises(PermanentError) as caught:
        plain.train(ID, order())
    expected = {1107: NotFoundError, 45000030: CredentialsError} | dict.fromkeys(REFUSED, SampleRefusedError)
    assert type(caught.value) is expected.get(code, PermanentError)
    text = str(caught.value)
    assert f"Volcengine train {ID}: not like that (code {code}, request ID log-1)." in text
    assert bool(caught.value.advice) is (code != 1999)
    assert len(fake.requests) == 1
    if code == 1123:
        assert "10 times" in text


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


@pytest.mark.parametrize("code", sorted({*CONSOLE_ERRORS, "InvalidParameter.State", "Something.New"}))
def test_console_errors(code: str, fake: FakeVendor, keyed: Volcengine) -> None:
    answer = {"ResponseMetadata": {"RequestId": "2025req", "Error": {"Code": code, "Message": f"no, {SK}"}}}
    fake.answers(Answer(answer, 400))
    with pytest.raises(VoiceError) as caught:
        keyed.listing()
    expected = CONSOLE_ERRORS.get(code) or CONSOLE_ERRORS.get(code.split(".")[0])
    text = str(caught.value)
    assert f"Volcengine list: no, [secret] (code {code}, request ID 2025req)." in text
    assert caught.value.advice == (expected[1] if expected else "")
    repeated = isinstance(caught.value, TemporaryError)
    assert len(fake.requests) == (ATTEMPTS if repeated else 1)
    if isinstance(caught.value, CredentialsError):
        assert "VOLCENGINE_" in text


@pytest.mark.parametrize(
    ("http_status", "error"),
    [
        (401, CredentialsError),
        (403, CredentialsError),
        (404, PermanentError),
        (429, TemporaryError),
        (500, TemporaryError),
    ],
)
def test_console_statuses(
    http_status: int, error: type[VoiceError], fake: FakeVendor, keyed: Volcengine
) -> None:
    fake.answers(Answer({"ResponseMetadata": {}}, http_status))
    with pytest.raises(error) as caught:
        keyed.listing()
    assert type(caught.value) is error


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


def test_reads_are_repeated(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(Answer({"ResponseMetadata": {}}, 503), Answer(b"", 502), page(slot()))
    assert len(keyed.listing()) == 1
    first, *_, last = fake.requests
    assert verified(first)
    assert verified(last)
    fake.answers(Answer({"message": "oops"}, 500), page(), status(2))
    keyed.observe([ID])
    assert len(fake.requests) == 3


# Without the network


@pytest.mark.parametrize(
    ("base", "version", "trainings"),
    [
        ("", "V1", 1),
        ("V1", "V1", 0),
        ("V1", "V2", 1),
        ("V9", "V10", 1),
        ("V1", "V4", 3),
        ("v1", "2", 1),
        ("", "", None),
        ("V1", "", None),
        ("V1", "new", None),
    ],
)
def test_trainings_between(base: str, version: str, trainings: int | None) -> None:
    assert Volcengine.trainings_between(base, version) == trainings


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
    faults = Volcengine.cross_check(inputs, frozenset())
    assert [fault.property for fault in faults] == ([] if allowed else ["language"])
    assert Volcengine.cross_check({"language": inputs.get("language")}, frozenset({"modelType"})) == []
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


def test_advice() -> None:
    (advice,) = Volcengine.advise({"gender": "male"})
    assert "volcengineUploadEncoding form" in advice
    assert Volcengine.advise({}) == []


def test_account() -> None:
    assert Volcengine.connect(VolcengineConfig(volcengine_app_id=APP), threading.Event()).account == APP
