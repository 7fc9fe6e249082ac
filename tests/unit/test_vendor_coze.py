"""Coze's wire: what each call sends, and what is made of each answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_clock import FakeClock
from fake_vendor import Answer, FakeVendor
from multipart import fields, parts
from pydantic import ValidationError

from voiceclone_provider.core.audio import Sample
from voiceclone_provider.core.errors import (
    CredentialsError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from voiceclone_provider.core.http import ATTEMPTS
from voiceclone_provider.core.values import Asset
from voiceclone_provider.vendors.base import Observation, Order, Status
from voiceclone_provider.vendors.coze.client import MOST_EMPTY_PAGES, Coze
from voiceclone_provider.vendors.coze.models import CozeConfig, CozeInputs
from voiceclone_provider.vendors.coze.wire import ERRORS

TOKEN = "pat_coze-secret-token"
ID = "7348293334459318316"
CLONE = "/v1/audio/voices/clone"
VOICES = "/v1/audio/voices"
SAMPLE = Sample(b"RIFF\x00\r\n\xff--sound", "wav", "Grandma's voice.wav")
PREVIEW = "你好，我是你的专属AI克隆声音，希望未来可以一起好好相处哦"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def coze(fake: FakeVendor, clock: FakeClock) -> Coze:
    config = CozeConfig(coze_token=f" {TOKEN}\n", coze_base_url=fake.url + "/")
    return Coze.connect(config, threading.Event(), clock)


def envelope(data: Any, **more: Any) -> dict[str, Any]:
    return {"code": 0, "msg": "", "data": data, "detail": {"logid": "20241210152726467C48"}, **more}


def cloned(voice_id: Any = ID) -> dict[str, Any]:
    return envelope({"voice_id": voice_id})


def voice(voice_id: str = ID, **more: Any) -> dict[str, Any]:
    shape = {
        "voice_id": voice_id,
        "name": "narrator",
        "is_system_voice": False,
        "language_code": "zh",
        "language_name": "中文",
        "preview_text": PREVIEW,
        "preview_audio": "https://example.com/preview.mp3?x-expires=1",
        "available_training_times": 9,
        "create_time": 1729686510,
        "update_time": 1729686515,
        "model_type": "big",
        "state": "cloned",
    }
    return {key: value for key, value in {**shape, **more}.items() if value is not None}


def page(*voices: Any, more: Any = False) -> dict[str, Any]:
    return envelope({"voice_list": list(voices), "has_more": more})


def order(name: str = "narrator", auto_named: bool = False, **inputs: Any) -> Order:
    return Order(CozeInputs.model_validate(inputs), name, auto_named, "handle", SAMPLE)


EVERYTHING: dict[str, Any] = {
    "language": "ja",
    "text": "你好呀",
    "previewText": "Hello",
    "description": "warm",
    "spaceId": "7361638276870530001",
}
EVERYTHING_SENT = {
    "voice_name": "narrator",
    "audio_format": "wav",
    "language": "ja",
    "text": "你好呀",
    "preview_text": "Hello",
    "description": "warm",
    "space_id": "7361638276870530001",
}


@pytest.mark.parametrize(
    ("inputs", "sent"),
    [({}, {"voice_name": "narrator", "audio_format": "wav"}), (EVERYTHING, EVERYTHING_SENT)],
)
def test_create(inputs: Any, sent: Any, fake: FakeVendor, coze: Coze) -> None:
    fake.answers(cloned())
    made = coze.create(order(**inputs))
    assert (fake.last.method, fake.last.path) == ("POST", CLONE)
    assert fake.last.headers["Authorization"] == f"Bearer {TOKEN}"
    assert fields(fake.last) == sent
    assert parts(fake.last)["file"] == ("sample.wav", SAMPLE.data)
    assert made == Observation(ID, Status.TRAINING, name="narrator")


def test_train(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(cloned())
    coze.train(ID, order(**EVERYTHING))
    assert fields(fake.last) == {**EVERYTHING_SENT, "voice_id": ID}


def test_a_bought_voice_is_claimed_by_its_id(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(page(voice("1"), voice(state="init", available_training_times=10)))
    claimed = coze.claim(order(voiceId=ID), set(), reserve=True)
    assert claimed is not None
    assert (claimed.voice_id, claimed.status) == (ID, Status.PENDING)
    assert [request.method for request in fake.requests] == ["GET"]
    fake.answers(page())
    assert coze.claim(order(), set(), reserve=True) is None
    assert fake.requests == []


@pytest.mark.parametrize(
    ("listed", "taken", "told"),
    [
        ([voice()], {ID}, "another resource of this program has the same voiceId"),
        ([voice("1")], set(), "shows no such voice.*Check voiceId, and cozeToken"),
        ([voice()], set(), f"pulumi import voiceclone:coze:Voice <name> {ID}.*overwriteExisting"),
        ([voice(state="being cloned")], set(), "overwriteExisting"),
        ([voice(is_system_voice=True, state="init")], set(), "shows no such voice"),
    ],
)
def test_what_may_not_be_claimed(listed: Any, taken: Any, told: str, fake: FakeVendor, coze: Coze) -> None:
    fake.answers(page(*listed))
    with pytest.raises(PermanentError, match=told) as caught:
        coze.claim(order(voiceId=ID), taken, reserve=False)
    assert str(caught.value).startswith(f"Coze create {ID}: ")


def test_a_trained_voice_is_trained_over_where_the_inputs_say_so(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(page(voice()))
    claimed = coze.claim(order(voiceId=ID, overwriteExisting=True), set(), reserve=False)
    assert claimed is not None
    assert claimed.status is Status.READY


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (4000, "One voice|one voice"),
        (4011, "credit.*top it up"),
        (4019, "credit.*top it up"),
        (4022, "credit.*top it up"),
        (4101, "`createVoice`.*企业版"),
        (4200, "Check voiceId and spaceId"),
    ],
)
def test_a_clone_that_is_refused_says_what_a_clone_needs(
    code: int, told: str, fake: FakeVendor, coze: Coze
) -> None:
    fake.answers(envelope(None, code=code, msg="no"))
    for call in (lambda: coze.create(order()), lambda: coze.train(ID, order())):
        with pytest.raises(PermanentError, match=told) as caught:
            call()
        for part in ("企业版", "音色复刻扩容包", "voiceId"):
            assert part in caught.value.advice
    assert len(fake.requests) == 2, "none of them goes away by itself"
    with pytest.raises(PermanentError) as caught:
        coze.listing()
    assert "企业版" not in caught.value.advice


def test_train_that_made_another_voice_is_told(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(cloned("7000000000000000001"))
    with pytest.raises(PermanentError, match="7000000000000000001"):
        coze.train(ID, order())


def test_full_object_and_numeric_id(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(envelope(voice() | {"voice_id": int(ID)}))
    assert coze.create(order()).voice_id == ID


def test_listing(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(page(voice()))
    assert coze.listing() == [
        Observation(
            ID,
            Status.READY,
            version="9/1729686515",
            name="narrator",
            available_trainings=9,
            preview_url="https://example.com/preview.mp3?x-expires=1",
            created_at="2024-10-23T12:28:30Z",
            updated_at="2024-10-23T12:28:35Z",
            inputs={"name": "narrator", "language": "zh"},
            extras={"modelType": "big"},
        )
    ]
    assert (fake.last.method, fake.last.path, fake.last.body) == ("GET", VOICES, b"")
    assert fake.last.query == {
        "filter_system_voice": "true",
        "voice_state": "all",
        "page_num": "1",
        "page_size": "100",
    }


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"state": "init"}, {"status": Status.PENDING}),
        ({"state": None}, {"status": Status.READY}),
        ({"state": "something new"}, {"status": Status.TRAINING}),
        ({"available_training_times": None}, {"version": "/1729686515", "available_trainings": None}),
        ({"available_training_times": "8"}, {"version": "8/1729686515", "available_trainings": 8}),
        (
            {"available_training_times": None, "update_time": 0, "create_time": 0},
            {"version": "", "updated_at": None, "created_at": None},
        ),
        ({"preview_audio": ""}, {"preview_url": None}),
        (
            {"preview_text": "Hi", "language_code": "xx"},
            {"inputs": {"name": "narrator", "previewText": "Hi"}},
        ),
        ({"language_code": "pt-BR"}, {"inputs": {"name": "narrator", "language": "pt"}}),
        ({"model_type": None}, {"extras": {}}),
        ({"model_name": "大模型"}, {"extras": {"modelType": "big", "modelName": "大模型"}}),
        (
            {"support_emotions": [{"emotion": "happy", "display_name": "开心"}, {"display_name": "?"}]},
            {"extras": {"modelType": "big", "supportEmotions": ["happy"]}},
        ),
        ({"support_emotions": []}, {"extras": {"modelType": "big"}}),
    ],
)
def test_lenient_reading(more: Any, expected: Any, fake: FakeVendor, coze: Coze) -> None:
    fake.answers(page(voice(**more)))
    (seen,) = coze.listing()
    assert {name: getattr(seen, name) for name in expected} == expected


def test_paging_and_system_voices(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(
        page(voice("1"), voice("0", is_system_voice=True), more=True),
        page(more=True),  # all of it were system voices
        page(voice("1"), voice("2"), more=False),
    )
    assert [seen.voice_id for seen in coze.listing()] == ["1", "2"]
    assert [request.query["page_num"] for request in fake.requests] == ["1", "2", "3"]


def test_paging_without_has_more(fake: FakeVendor, coze: Coze) -> None:
    full = [voice(str(number)) for number in range(100)]
    fake.answers(envelope({"voice_list": full}), envelope({"voice_list": [voice("100")]}))
    assert len(coze.listing()) == 101
    assert len(fake.requests) == 2


def test_observe_stops_early(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(page(voice("1"), more=True), page(voice("2"), more=True), page(voice("3")))
    assert set(coze.observe(["2", "1"])) == {"1", "2"}
    assert len(fake.requests) == 2
    assert coze.observe([]) == {}
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    ("answer", "requests"), [(page(voice(), more=True), 2), (page(more=True), MOST_EMPTY_PAGES)]
)
def test_endless_listing(answer: Any, requests: int, fake: FakeVendor, coze: Coze) -> None:
    fake.answers(answer)
    with pytest.raises(TemporaryError, match="does not end"):
        coze.listing()
    assert len(fake.requests) == requests


@pytest.mark.parametrize("data", [{}, {"has_more": False}, None, []])
def test_listing_without_its_list(data: Any, fake: FakeVendor, coze: Coze) -> None:
    fake.answers(envelope(data))
    with pytest.raises(TemporaryError, match="unknown shape"):
        coze.is_gone(ID)


def test_is_gone(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(page(voice("1")))
    assert coze.is_gone(ID)
    assert len(fake.requests) == 2
    fake.answers(page(voice("1")), page(voice("1"), voice(ID)))
    assert not coze.is_gone(ID)


@pytest.mark.parametrize("script", [[page()], [page(voice("1")), page()]])
def test_empty_listing_proves_nothing(script: Any, fake: FakeVendor, coze: Coze) -> None:
    fake.answers(*script)
    with pytest.raises(PermanentError, match="COZE_API_TOKEN"):
        coze.is_gone(ID)


def test_lost_create_is_found_by_name(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(page(voice("1"), voice("2"), voice("3", name="other")))
    recovery = coze.facts.recovery
    assert [seen.voice_id for seen in recovery.created_by(coze, order(), frozenset({"1"}))] == ["2"]
    look = recovery.look(coze, order(auto_named=True))
    assert [seen.voice_id for seen in look.marked] == ["1", "2"]
    assert not look.namesakes
    assert look.before == {"1", "2", "3"}
    fake.answers(page(voice("1")))
    look = recovery.look(coze, order(auto_named=False))
    assert [seen.voice_id for seen in look.namesakes] == ["1"]
    assert not look.marked
    assert look.before == {"1"}
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("base", "version", "trainings"),
    [
        ("9/100", "9/100", 0),
        ("9/100", "8/100", 1),
        ("9/100", "8/160", 1),
        ("9/100", "6/160", 3),
        ("9/100", "9/160", 1),
        ("9/100", "10/160", 0),
        ("/100", "/160", 1),
        ("/100", "9/100", 0),
        ("", "9/100", None),
        ("9/100", "", None),
        ("V1", "9/100", None),
    ],
)
def test_trainings_between(base: str, version: str, trainings: int | None) -> None:
    assert Coze.trainings_between(base, version) == trainings


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (4000, PermanentError),
        (4100, CredentialsError),
        (4101, CredentialsError),
        (700012006, CredentialsError),
        (1104, SampleRefusedError),
        (1108, SampleRefusedError),
        (1109, SampleRefusedError),
        (1111, SampleRefusedError),
        (1112, SampleRefusedError),
        (1114, SampleRefusedError),
        (1122, SampleRefusedError),
        (1123, PermanentError),
        (987654, PermanentError),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_error_codes(code: int, error: type[VoiceError], status: int, fake: FakeVendor, coze: Coze) -> None:
    if (code, status) == (987654, 200):
        error = UnconfirmedError  # no table has it, so nobody knows what it means
    fake.answers(Answer(envelope(None, code=code, msg="not like that"), status))
    with pytest.raises(error) as caught:
        coze.create(order())
    assert type(caught.value) is error
    text = str(caught.value)
    assert "Coze create narrator: not like that" in text
    assert f"code {code}, request ID 20241210152726467C48" in text
    assert TOKEN not in text
    assert "{" not in text
    assert len(fake.requests) == 1
    assert code == 987654 or caught.value.advice


def test_error_table_is_covered() -> None:
    samples = {1104, 1108, 1109, 1111, 1112, 1114, 1122}
    rates, credit = {4008, 4009, 4013, 4020}, {4011, 4019, 4022}
    assert set(ERRORS) == {*samples, *rates, *credit, 1123, 4000, 4100, 4101, 4200, 700012006}


@pytest.mark.parametrize(
    ("status", "error"), [(401, CredentialsError), (403, CredentialsError), (404, PermanentError)]
)
def test_http_statuses(status: int, error: type[VoiceError], fake: FakeVendor, coze: Coze) -> None:
    fake.answers(Answer({"message": f"no, {TOKEN}"}, status, {"X-Tt-Logid": "log-1"}))
    with pytest.raises(error, match=r"no, \[secret\] \(code \d+, request ID log-1\)") as caught:
        coze.listing()
    assert type(caught.value) is error
    assert TOKEN not in str(caught.value)


def test_permissions_are_named(fake: FakeVendor, coze: Coze) -> None:
    fake.answers(envelope(None, code=4101, msg="no permission"))
    with pytest.raises(CredentialsError, match=r"`createVoice`.*cozeToken.*COZE_API_TOKEN"):
        coze.train(ID, order())
    with pytest.raises(CredentialsError, match="`listVoice`"):
        coze.listing()


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"code": 4013, "msg": "slow down"}),
        Answer({"code": "4008", "msg": "slow down"}, 400),
        Answer({"code": 4009, "msg": "slow down"}),
        Answer({"code": 4020, "msg": "slow down"}),
        Answer({"msg": "slow down"}, 429, {"Retry-After": "3"}),
        Answer(b"slow down", 429),
    ],
)
def test_not_accepted_is_sent_again(answer: Answer, fake: FakeVendor, coze: Coze) -> None:
    fake.answers(answer, answer, cloned())
    assert coze.create(order()).voice_id == ID
    assert len(fake.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [
        Answer(envelope(None, code=5000, msg="oops"), 500),
        Answer(b"<html>bad gateway</html>", 502),
        Answer(broken="before"),
        Answer(cloned(), broken="after"),
        Answer(envelope({})),
        Answer(cloned("")),
        Answer({"data": {"voice_id": ID}}),
    ],
)
def test_uncertain_clone_is_sent_once(answer: Answer, fake: FakeVendor, coze: Coze) -> None:
    fake.answers(answer)
    with pytest.raises(UnconfirmedError) as caught:
        coze.create(order())
    assert len(fake.requests) == 1
    assert TOKEN not in str(caught.value)


def test_reads_are_repeated(fake: FakeVendor, coze: Coze, clock: FakeClock) -> None:
    down = Answer(envelope(None, code=5000, msg="oops"), 503)
    fake.answers(down, Answer(b"", 502), page(voice()))
    assert len(coze.listing()) == 1
    fake.answers(down)
    with pytest.raises(TemporaryError):
        coze.listing()
    assert len(fake.requests) == ATTEMPTS
    assert len(clock.pauses) == 2 + ATTEMPTS - 1


def test_credentials() -> None:
    Coze.require_credentials(CozeConfig(coze_token=TOKEN))
    for token in (None, "", "  "):
        with pytest.raises(CredentialsError) as caught:
            Coze.require_credentials(CozeConfig(coze_token=token))
        assert str(caught.value) == (
            "Coze: no access token is configured. Run `pulumi config set --secret voiceclone:cozeToken "
            "<token>`, or set the environment variable COZE_API_TOKEN."
        )


def test_account() -> None:
    assert Coze.connect(CozeConfig(), threading.Event()).account == "https://api.coze.cn"
    config = CozeConfig(coze_base_url="https://api.coze.com/")
    assert Coze.connect(config, threading.Event()).account == "https://api.coze.com"


@pytest.mark.parametrize(
    ("inputs", "fault"),
    [
        ({"name": "音" * 43}, "129 bytes"),
        ({"text": "x" * 1025}, "1,025 bytes"),
        ({"name": ""}, "is empty"),
        ({"spaceId": ""}, "at least 1 character"),
        ({"language": "de"}, "'zh', 'en', 'ja', 'es', 'id' or 'pt'"),
        ({"audio": "file.wav"}, "must be an asset"),
        ({"speakerId": "S_1"}, "Extra inputs"),
    ],
)
def test_limits(inputs: Any, fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        CozeInputs.model_validate(inputs)
    CozeInputs.model_validate({"name": "音" * 42, "text": "x" * 1024})


def test_advice(tmp_path: Path) -> None:
    import wave

    path = tmp_path / "short.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000 * 2))
    (advice,) = Coze.warnings({"audio": Asset(path=str(path))})
    assert "2.0 s long" in advice
    assert "10 to 30 s" in advice
    assert Coze.warnings({"audio": Asset(path=str(tmp_path / "missing.wav"))}) == []
    assert Coze.warnings({"audio": Asset(uri="https://example.com/a.wav")}) == []
