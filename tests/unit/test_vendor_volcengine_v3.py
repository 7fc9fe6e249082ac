"""Volcengine's voice API V3: what is sent, and what is made of each answer."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from fake_vendor import Answer, FakeVendor
from pydantic import ValidationError
from volcengine_face import APP, ID, SAMPLE, TOKEN, order
from volcengine_face import connect as connect_v1

from voiceclone_provider.core.errors import (
    CredentialsError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    ThrottledError,
    UnconfirmedError,
)
from voiceclone_provider.vendors.base import Observation, Status
from voiceclone_provider.vendors.volcengine.client import Volcengine
from voiceclone_provider.vendors.volcengine.models import (
    VolcengineConfig,
    VolcengineInputs,
    VolcengineLanguage,
)

KEY = "volcengine-api-key"
TRAIN, STATUS = "/api/v3/tts/voice_clone", "/api/v3/tts/get_voice"
MINE = "grandma-reads"
SAMPLE_REPLY: dict[str, Any] = {
    "available_training_times": 15,
    "create_time": 1772026663000,
    "language": 0,
    "speaker_id": ID,
    "speaker_status": [
        {"demo_audio": "https://x.bytespeech.com/1", "model_type": 1},
        {"demo_audio": "https://x.bytespeech.com/4", "model_type": 4},
    ],
    "status": 2,
}
"""The page's own, which has no `code`."""


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


@pytest.fixture
def v3(fake: FakeVendor) -> Volcengine:
    return connect(fake)


def connect(fake: FakeVendor, **more: Any) -> Volcengine:
    given = {"volcengineApiKey": KEY, "volcengineAppId": None, "volcengineAccessToken": None, **more}
    return connect_v1(fake, **given)


def test_a_training_with_an_api_key(fake: FakeVendor, v3: Volcengine) -> None:
    fake.answers(SAMPLE_REPLY)
    v3.train(ID, order())
    sound = base64.b64encode(SAMPLE.data).decode()
    assert (fake.last.method, fake.last.path) == ("POST", TRAIN)
    assert fake.last.headers["X-Api-Key"] == KEY
    assert uuid.UUID(fake.last.headers["X-Api-Request-Id"]).version == 4
    assert not {"Authorization", "Resource-Id", "X-Api-App-Key"} & set(fake.last.headers)
    assert fake.last.json == {"speaker_id": ID, "audio": {"data": sound, "format": "wav"}}


def test_everything_that_a_training_carries(fake: FakeVendor, v3: Volcengine) -> None:
    fake.answers(SAMPLE_REPLY)
    v3.train(
        MINE,
        order(
            language="ko",
            text="words",
            demoText="hello",
            enableAudioDenoise=True,
            voiceCloneDenoiseModelId="VocalDiffusionV2_44k",
            voiceCloneEnableMss=False,
            enableCropByAsr=True,
            disableVolumeNormalization=False,
        ),
    )
    sent = fake.last.json
    assert (sent["speaker_id"], sent["custom_speaker_id"]) == ("custom_speaker_id", MINE)
    assert (sent["language"], sent["text"]) == (8, "words")
    assert sent["extra_params"] == {
        "demo_text": "hello",
        "enable_audio_denoise": True,
        "voice_clone_denoise_model_id": "VocalDiffusionV2_44k",
        "voice_clone_enable_mss": False,
        "enable_crop_by_asr": True,
        "disable_volume_normalization": False,
    }
    assert "model_type" not in sent, "the vendor answers HTTP 500"


NUMBERS = {"zh": 0, "en": 1, "ja": 2, "es": 3, "id": 4, "pt": 5, "de": 6, "fr": 7, "ko": 8, "it": 9, "th": 10}
NUMBERS |= {
    "vi": 11,
    "ru": 12,
    "fil": 13,
    "ms": 14,
    "ar": 15,
    "es-MX": 16,
    "pt-BR": 17,
    "pl": 19,
    "tr": 20,
    "sv": 21,
}


@pytest.mark.parametrize("language", VolcengineLanguage)
def test_languages(language: str, fake: FakeVendor, v3: Volcengine) -> None:
    fake.answers(SAMPLE_REPLY)
    v3.train(ID, order(language=language))
    assert fake.last.json["language"] == NUMBERS[language]


def test_the_old_console_s_keys(fake: FakeVendor) -> None:
    v3 = connect_v1(fake, volcengineApi="v3")
    fake.answers(SAMPLE_REPLY)
    v3.train(ID, order())
    assert fake.last.path == TRAIN
    assert (fake.last.headers["X-Api-App-Key"], fake.last.headers["X-Api-Access-Key"]) == (APP, TOKEN)
    assert (v3.account, v3.credential) == (APP, "")


def test_an_api_key_names_no_account(fake: FakeVendor, v3: Volcengine) -> None:
    assert (v3.account, v3.credential) == (fake.url, KEY)


def test_status(fake: FakeVendor, v3: Volcengine) -> None:
    fake.answers(SAMPLE_REPLY)
    seen = v3.observe([ID])[ID]
    assert (fake.last.path, fake.last.json) == (STATUS, {"speaker_id": ID})
    assert seen == Observation(
        ID,
        Status.READY,
        version="/15/1772026663000@v3",
        available_trainings=15,
        preview_url="https://x.bytespeech.com/4",
        created_at="2026-02-25T13:37:43Z",
        extras={"cluster": "volcano_icl"},
    )
    fake.answers({**SAMPLE_REPLY, "speaker_status": None, "code": 0, "status": 1})
    assert v3.observe([MINE])[MINE].status is Status.TRAINING
    assert fake.last.json == {"speaker_id": "custom_speaker_id", "custom_speaker_id": MINE}


@pytest.mark.parametrize(
    ("reported", "expected"),
    [(0, Status.PENDING), (1, Status.TRAINING), (3, Status.FAILED), (4, Status.LOCKED), (9, Status.TRAINING)],
)
def test_statuses(reported: int, expected: Status, fake: FakeVendor, v3: Volcengine) -> None:
    fake.answers({**SAMPLE_REPLY, "status": reported})
    assert v3.observe([ID])[ID].status is expected


@pytest.mark.parametrize("more", [{}, {"status": 3}, {"status": 3, "available_training_times": 14}])
def test_a_training_that_failed(more: dict[str, Any], fake: FakeVendor, v3: Volcengine) -> None:
    fake.answers(Answer({"code": 45001112, "message": "too noisy", **more}, 400))
    seen = v3.observe([ID])[ID]
    assert (seen.status, seen.error_code) == (Status.FAILED, "45001112")
    assert seen.error == "too noisy. The sample is too noisy: record it in a quiet room."


@pytest.mark.parametrize(
    ("status", "body", "wanted", "code", "advice"),
    [
        (400, {"code": 45001109, "message": "WERError"}, SampleRefusedError, "45001109", "leave it out"),
        (400, {"code": 45001123, "message": "no"}, PermanentError, "45001123", "another slot"),
        (400, {"code": 45001126, "message": "no"}, PermanentError, "45001126", "4 to 300"),
        (400, {"code": 45001127, "message": "no"}, SampleRefusedError, "45001127", "another recording"),
        (400, {"code": 45001107, "message": "no"}, NotFoundError, "45001107", "same project"),
        (400, {"code": 1001, "message": "please rename it"}, PermanentError, "45001001", "Check speakerId"),
        (
            403,
            {"header": {"code": 45000030, "message": "not granted"}},
            CredentialsError,
            "45000030",
            "post-paid",
        ),
        (
            400,
            {"header": {"code": 45000000, "message": "no key"}},
            CredentialsError,
            "45000000",
            "volcengineApiKey",
        ),
        (
            401,
            {"code": 45000010, "message": "Invalid X-Api-Key"},
            CredentialsError,
            "45000010",
            "volcengineApiKey",
        ),
        (500, {"code": 55000000, "message": "mismatched"}, PermanentError, "55000000", "same project"),
        (500, {"code": 55001302, "message": "insert"}, UnconfirmedError, "55001302", ""),
        (500, {"code": 55001307, "message": "clone"}, UnconfirmedError, "55001307", ""),
        (429, {"code": 45000292, "message": "quota"}, ThrottledError, "45000292", ""),
        (200, {"code": 45009999, "message": "what"}, UnconfirmedError, "45009999", ""),
        (400, {}, PermanentError, "400", ""),
    ],
)
def test_refused_trainings(
    status: int, body: Any, wanted: type[Exception], code: str, advice: str, fake: FakeVendor, v3: Volcengine
) -> None:
    fake.answers(Answer(body, status, {"X-Tt-Logid": "log-7"}))
    with pytest.raises(wanted) as caught:
        v3.train(ID, order())
    assert type(caught.value) is wanted
    assert f"Volcengine train {ID}" in str(caught.value)
    assert f"code {code}" in str(caught.value)
    assert "log-7" in str(caught.value)
    assert advice in str(caught.value)


def test_a_fault_of_the_vendor_s_does_not_fail_a_training(fake: FakeVendor, v3: Volcengine) -> None:
    fake.answers(Answer({"code": 55001301, "message": "query"}, 500))
    with pytest.raises(TemporaryError):
        v3.observe([ID])


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"code": 45001107, "message": "not found"}, 400),
        Answer({"code": 55000000, "message": "mismatched"}, 500),
        Answer({**SAMPLE_REPLY, "status": 0}),
    ],
)
def test_a_post_paid_voice_that_is_not_there_yet_can_be_made(
    answer: Answer, fake: FakeVendor, v3: Volcengine
) -> None:
    fake.answers(answer)
    assert v3.claim(order(customSpeakerId=MINE), (), reserve=False).status is Status.PENDING
    assert fake.last.json == {"speaker_id": "custom_speaker_id", "custom_speaker_id": MINE}


def test_a_post_paid_voice_that_is_there_is_not_trained_over(fake: FakeVendor, v3: Volcengine) -> None:
    fake.answers(SAMPLE_REPLY)
    with pytest.raises(PermanentError, match=f"pulumi import voiceclone:volcengine:Voice <name> {MINE}"):
        v3.claim(order(customSpeakerId=MINE), (), reserve=False)
    assert v3.claim(order(customSpeakerId=MINE, overwriteExisting=True), (), reserve=False).voice_id == MINE
    with pytest.raises(PermanentError, match="another resource of this program has the same ID"):
        v3.claim(order(customSpeakerId=MINE), (MINE,), reserve=False)


def test_only_the_vendor_s_word_says_that_a_voice_is_gone(fake: FakeVendor, v3: Volcengine) -> None:
    fake.answers(Answer({"code": 45001107, "message": "not found"}, 400))
    assert v3.is_gone(MINE)
    assert v3.observe([MINE]) == {}
    fake.answers(SAMPLE_REPLY)
    assert not v3.is_gone(MINE)
    for status, code in ((500, 55000000), (403, 45000030)):
        fake.answers(Answer({"code": code, "message": "no"}, status))
        with pytest.raises(PermanentError):
            v3.is_gone(MINE)


def test_no_console_is_asked_for_a_post_paid_voice(fake: FakeVendor) -> None:
    v3 = connect(fake, volcengineAccessKey="ak", volcengineSecretKey="sk")
    fake.answers(SAMPLE_REPLY)
    assert v3.observe([MINE])[MINE].status is Status.READY
    assert not v3.is_gone(MINE)
    assert {request.path for request in fake.requests} == {STATUS}


@pytest.mark.parametrize("name", ["grandma1", "Grandma_reads-2", "a" * 256])
def test_post_paid_ids(name: str) -> None:
    assert VolcengineInputs.model_validate({"customSpeakerId": name}).custom_speaker_id == name


@pytest.mark.parametrize(
    "name",
    [
        "short12",
        "a" * 257,
        "S_grandma1",
        "icl_grandma",
        "BVgrandma",
        "zh_grandma",
        "Mars_grandma",
        "grandma_tob",
        "1grandma",
        "grandma_",
        "grandma-",
        "grand ma1",
        "grandmä12",
        "grandma_bigtts",
    ],
)
def test_ids_that_the_vendor_refuses(name: str) -> None:
    with pytest.raises(ValidationError, match="must be 8 to 256 letters"):
        VolcengineInputs.model_validate({"customSpeakerId": name})


def test_credentials() -> None:
    def missing(**config: Any) -> str:
        with pytest.raises(CredentialsError) as caught:
            Volcengine.require_credentials(VolcengineConfig.model_validate(config))
        return str(caught.value)

    Volcengine.require_credentials(VolcengineConfig(volcengine_api_key="k"))
    Volcengine.require_credentials(
        VolcengineConfig.model_validate(
            {"volcengineAppId": "a", "volcengineAccessToken": "t", "volcengineApi": "v3"}
        )
    )
    assert "volcengineApiKey (VOLCENGINE_SPEECH_API_KEY)" in missing()
    assert "no application ID" in missing(volcengineApi="v1", volcengineApiKey="k")
    assert "no secret key" in missing(volcengineApiKey="k", volcengineAccessKey="a")


def test_a_voice_of_v1_is_upgraded_once(fake: FakeVendor, v3: Volcengine) -> None:
    """One of V3 speaks with several models; nothing is asked where the program does not say so."""
    one = {**SAMPLE_REPLY, "speaker_status": SAMPLE_REPLY["speaker_status"][:1]}
    fake.answers(Answer(one), Answer(SAMPLE_REPLY))
    assert v3.adjust(MINE, {"upgradeVoice": True})
    asked = {"speaker_id": "custom_speaker_id", "custom_speaker_id": MINE}
    assert [(request.path, request.json) for request in fake.requests] == [
        (STATUS, asked),
        ("/api/v3/tts/upgrade_voice", asked),
    ]
    fake.answers(SAMPLE_REPLY)
    assert not v3.adjust(ID, {"upgradeVoice": True})
    assert len(fake.requests) == 1
    for inputs in ({}, {"upgradeVoice": False}):
        assert not v3.adjust(ID, inputs)
    assert len(fake.requests) == 1
    fake.answers(Answer(one), Answer({"code": 45001001, "message": "no"}, 400))
    with pytest.raises(PermanentError, match=f"Volcengine upgrade {ID}"):
        v3.adjust(ID, {"upgradeVoice": True})


def test_a_post_paid_voice_needs_v3(fake: FakeVendor) -> None:
    """Under V1 nothing that is answered says whether it is there."""
    v1 = connect_v1(fake)
    fake.answers({"BaseResp": {"StatusCode": 1107, "StatusMessage": "not found"}})
    for ask in (v1.is_gone, lambda voice_id: v1.observe([voice_id])):
        with pytest.raises(PermanentError, match=r"needs API V3.*volcengineApiKey"):
            ask(MINE)


def test_a_post_paid_voice_may_show_late(fake: FakeVendor, v3: Volcengine) -> None:
    """Right after its training the vendor may not know the ID yet; that fails no wait, and proves nothing."""
    fake.answers(Answer({"code": 55000000, "message": "mismatched"}, 500))
    assert v3.observe([MINE]) == {}
    with pytest.raises(PermanentError):
        v3.observe([ID])


def test_a_slot_whose_retraining_failed_holds_a_voice(fake: FakeVendor, v3: Volcengine) -> None:
    """V3 has no counter: the time of the training says that there was one."""
    fake.answers({**SAMPLE_REPLY, "status": 3, "speaker_status": []})
    with pytest.raises(PermanentError, match="overwriteExisting"):
        v3.claim(order(speakerId=ID), (), reserve=False)


@pytest.mark.parametrize("code", [45001125, 45001126, 55001307])
def test_what_a_training_fails_on_later_is_no_fault_of_the_read(
    code: int, fake: FakeVendor, v3: Volcengine
) -> None:
    fake.answers(Answer({"code": code, "message": "no"}, 500 if code > 55000000 else 400))
    assert v3.observe([ID])[ID].status is Status.FAILED
