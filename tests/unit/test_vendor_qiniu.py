"""Qiniu's wire: what each call sends, and what is made of each answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fake_clock import FakeClock
from fake_vendor import Answer, FakeVendor, assert_sent
from pydantic import ValidationError

from voiceclone_provider.core.errors import (
    CredentialsError,
    NotFoundError,
    PermanentError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    UnconfirmedError,
    VoiceError,
)
from voiceclone_provider.core.pace import limited
from voiceclone_provider.vendors.base import Given, Observation, Order, Status
from voiceclone_provider.vendors.qiniu.client import Qiniu
from voiceclone_provider.vendors.qiniu.models import QiniuConfig, QiniuInputs, QiniuLanguage

TOKEN = "qiniu-secret-token"
URL = "https://example.com/voice-sample.wav?e=1&token=x"
VOICES = "/v1/voice-clones"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def qiniu(fake: FakeVendor, clock: FakeClock) -> Qiniu:
    config = QiniuConfig(qiniu_token=TOKEN, qiniu_base_url=fake.url + "/")
    return Qiniu.connect(config, threading.Event(), clock)


def envelope(data: Any, **more: Any) -> dict[str, Any]:
    return {"code": 0, "reqid": "req_12345678", "data": data, **more}


def voice(state: str = "Success", **more: Any) -> dict[str, Any]:
    shape = {
        "id": "voice_clone_abc123",
        "name": "我的专属音色",
        "language": "zh",
        "demo_url": "https://example.com/demo.wav",
        "state": state,
    }
    return {**shape, **more}


def order(name: str = "narrator-0a1b2c3d", auto_named: bool = True, **inputs: Any) -> Order:
    return Order(QiniuInputs.model_validate({"audioUrl": URL, **inputs}), name, auto_named, "handle")


@pytest.mark.parametrize(
    ("inputs", "body"),
    [
        ({}, {}),
        ({"modelId": "QN_ACV"}, {"model_id": "QN_ACV"}),
        ({"language": "en"}, {"language": "en"}),
        ({"tier": "pro"}, {"tier": "pro"}),
        ({"language": "yue", "tier": "pro"}, {"language": "yue", "tier": "pro"}),
    ],
)
def test_create(inputs: Any, body: Any, fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope(voice("Init", name="复刻音色-A1B2C", language="", demo_url=""), msg=""))
    made = qiniu.create(order(**inputs))
    assert (fake.last.method, fake.last.path, fake.last.json) == ("POST", VOICES, body)
    assert fake.last.headers["Authorization"] == f"Bearer {TOKEN}"
    assert fake.last.headers["Content-Type"] == "application/json"
    assert made == Observation(
        "voice_clone_abc123", Status.PENDING, name="复刻音色-A1B2C", inputs={"name": "复刻音色-A1B2C"}
    )


MALFORMED = [
    Answer({"code": 400, "msg": "请求参数错误", "reqid": "r"}, 400),
    Answer({"code": 400, "msg": "请求参数错误", "reqid": "r"}),
    Answer({"code": 0, "msg": "请求参数错误"}, 400),
]
OLDER = {"model_id": "QN_ACV"}


@pytest.mark.parametrize("malformed", MALFORMED)
@pytest.mark.parametrize("inputs", [{}, {"language": "zh"}, {"tier": "free"}])
def test_an_account_of_the_older_api_is_sent_the_older_body(
    malformed: Answer, inputs: Any, fake: FakeVendor, qiniu: Qiniu
) -> None:
    fake.answers(malformed, envelope(voice("Init")))
    assert qiniu.create(order(**inputs)).voice_id == "voice_clone_abc123"
    assert [request.json for request in fake.requests] == [inputs, OLDER]
    qiniu.create(order(**inputs))
    assert [request.json for request in fake.requests] == [inputs, OLDER, OLDER]


@pytest.mark.parametrize("inputs", [{"language": "en"}, {"tier": "pro"}, {"tier": "pro", "language": "zh"}])
def test_no_choice_is_lost_to_the_older_body(inputs: Any, fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(MALFORMED[0], envelope(voice("Init")), MALFORMED[0])
    for _ in range(2):
        with pytest.raises(PermanentError, match="language and tier"):
            qiniu.create(order(**inputs))
        assert fake.last.json == inputs
        qiniu._older = True  # nor where the account is known to take the older body only
        fake.answers(MALFORMED[0])


def test_an_account_of_the_current_api_is_never_sent_the_older_body(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope(voice("Init")), MALFORMED[0])
    qiniu.create(order())
    with pytest.raises(PermanentError, match="请求参数错误"):
        qiniu.create(order())
    assert [request.json for request in fake.requests] == [{}, {}]


def test_a_body_that_is_refused_both_ways_is_an_error(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(MALFORMED[0], Answer({"code": 400, "msg": "no slot left"}, 400))
    with pytest.raises(PermanentError, match="请求参数错误; with the older API's body: no slot left"):
        qiniu.create(order())
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"code": 400, "msg": "x"}, 500),
        Answer({"code": 500, "msg": "x"}),
        Answer({"code": 403, "msg": "x"}, 403),
        Answer(b"<html>Bad Request</html>", 400),
        Answer(b"<html>Bad Gateway</html>", 502),
        Answer(envelope(None)),
        Answer(envelope(voice()), declared=10_000),
        Answer(broken="before"),
    ],
)
def test_nothing_but_a_refused_body_leads_to_the_older_one(
    answer: Answer, fake: FakeVendor, qiniu: Qiniu
) -> None:
    fake.answers(answer, envelope(voice("Init")))
    with pytest.raises(VoiceError):
        qiniu.create(order())
    assert [request.json for request in fake.requests] == [{}]


def test_a_lost_reply_to_the_older_body_is_unconfirmed(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(MALFORMED[0], Answer(broken="before"))
    with pytest.raises(UnconfirmedError):
        qiniu.create(order())
    assert [request.json for request in fake.requests] == [{}, OLDER]


def quota(tier: str, used: int, total: int, **more: Any) -> dict[str, Any]:
    package = {"type": tier, "period_unit": 1, "period_value": 1}
    shape = {
        "id": "quota_abc123",
        "resource_type": "linxi:api:voice_clone",
        "resource_package": package,
        "status": 0,
        "usage_count": used,
        "total_count": total,
        "expired_time": "2026-12-31T23:59:59Z",
    }
    return {**shape, **more}


def quotas(*found: dict[str, Any], cursor: str = "") -> dict[str, Any]:
    return envelope({"quotas": list(found), "next_cursor": cursor})


def test_what_is_left_is_summed_by_tier_over_all_pages(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(
        quotas(quota("free", 2, 10), quota("pro", 1, 4), cursor="next"),
        quotas(
            quota("pro", 2, 3),
            quota("pro", 5, 4),
            quota("pro", 0, 50, status=1),
            quota("pro", 0, 50, expired_time="2023-01-01T00:00:00Z"),
            quota("pro", 0, 50, resource_type="linxi:api:device"),
        ),
    )
    budgets = [qiniu.budget(inputs, None) for inputs in ({}, {"tier": "pro"}, {"tier": "free"})]
    assert [(budget.left, budget.of) for budget in budgets if budget] == [
        (8, "the account's quota of tier free"),
        (4, "the account's quota of tier pro"),
        (8, "the account's quota of tier free"),
    ]
    assert [(request.path, request.query) for request in fake.requests] == [
        ("/v1/quotas", {"resource_type": "1", "limit": "100"}),
        ("/v1/quotas", {"resource_type": "1", "limit": "100", "cursor": "next"}),
    ]


def test_quotas_are_asked_for_again_after_some_seconds(
    fake: FakeVendor, qiniu: Qiniu, clock: FakeClock
) -> None:
    fake.answers(quotas(quota("free", 2, 10)), quotas(quota("free", 3, 10)))
    left = []
    for _ in range(2):
        budget = qiniu.budget({}, None)
        left.append(budget and budget.left)
        clock.advance(11.0)
    assert left == [8, 7]


@pytest.mark.parametrize(
    ("inputs", "seen", "left"),
    [
        ({"tier": "pro"}, {}, 3),
        ({}, {"tier": "pro"}, 3),
        ({"tier": "free"}, {"tier": "pro"}, 3),
        ({"tier": "pro"}, {"tier": "free"}, None),
        ({}, {}, None),
    ],
)
def test_only_a_paid_voice_is_retrained_at_a_cost(
    inputs: Any, seen: Any, left: int | None, fake: FakeVendor, qiniu: Qiniu
) -> None:
    fake.answers(quotas(quota("free", 2, 10), quota("pro", 7, 10)))
    budget = qiniu.budget(inputs, Observation("v", Status.READY, inputs=seen))
    assert (budget and budget.left) == left


def test_a_tier_without_a_quota_is_not_known(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(quotas(quota("pro", 7, 10)))
    assert qiniu.budget({}, None) is None
    fake.answers(envelope({"quotas": None}))
    assert qiniu.budget({"tier": "pro"}, None) is not None


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"code": 404, "msg": "no"}, 404),
        Answer({"code": 403, "msg": "no"}, 403),
        Answer(b"<html></html>", 404),
        Answer(envelope(None)),
        Answer(envelope([])),
        Answer(envelope({"quotas": {}})),
        Answer(envelope({"quotas": [{}]})),
        Answer(quotas(quota("free", 0, 1, status="active"))),
        Answer(quotas(quota("free", 0, 1, total_count="many"))),
        Answer(quotas(quota("free", 0, 1), cursor="the same")),
    ],
)
def test_quotas_that_cannot_be_read_are_not_asked_for_by_each_voice(
    answer: Answer, fake: FakeVendor, qiniu: Qiniu
) -> None:
    fake.answers(answer)
    with pytest.raises(VoiceError):
        qiniu.budget({}, None)
    asked = len(fake.requests)
    assert asked <= 10
    assert qiniu.budget({}, None) is None
    assert len(fake.requests) == asked


def test_pages_of_quotas_without_end_are_left(
    fake: FakeVendor, qiniu: Qiniu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voiceclone_provider.vendors.qiniu.quotas.MOST_PAGES", 3)
    fake.answers(*(quotas(quota("free", 0, 1), cursor=str(number)) for number in range(5)))
    with pytest.raises(TemporaryError, match="does not end"):
        qiniu.budget({}, None)
    assert len(fake.requests) == 3


def test_train(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope(voice("Training")))
    qiniu.train("voice_clone_abc123", order("旁白"))
    assert (fake.last.method, fake.last.path) == ("PUT", f"{VOICES}/voice_clone_abc123")
    assert fake.last.json == {"key": URL, "name": "旁白"}


def test_rename_sends_no_key(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope(voice()))
    qiniu.rename("voice_clone_abc123", "新名字")
    assert (fake.last.method, fake.last.path) == ("PUT", f"{VOICES}/voice_clone_abc123")
    assert fake.last.json == {"name": "新名字"}


def test_delete(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers({"code": 0, "reqid": "r", "data": {}}, {"code": 0})
    for _ in range(2):
        qiniu.delete(Observation("voice_clone_abc123", Status.READY))
        assert (fake.last.method, fake.last.path) == ("DELETE", f"{VOICES}/voice_clone_abc123")
        assert fake.last.body == b""


def test_one_voice_is_got_and_several_are_listed(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope(voice()))
    assert set(qiniu.observe(["voice_clone_abc123"])) == {"voice_clone_abc123"}
    assert (fake.last.method, fake.last.path) == ("GET", f"{VOICES}/voice_clone_abc123")
    assert fake.last.headers["Authorization"] == f"Bearer {TOKEN}"

    fake.answers(envelope({"voices": [voice(id="a"), voice(id="b"), voice(id="c")]}))
    assert set(qiniu.observe(["a", "c", "gone"])) == {"a", "c"}
    assert [(r.method, r.path, r.query) for r in fake.requests] == [("GET", VOICES, {})]

    fake.answers(envelope({}))
    assert qiniu.observe([]) == {}
    assert fake.requests == []


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("Init", Status.PENDING),
        ("Training", Status.TRAINING),
        ("Success", Status.READY),
        ("success", Status.READY),
        ("Failed", Status.FAILED),
        ("Queued", Status.TRAINING),
    ],
)
def test_states(state: str, status: Status, fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope(voice(state, tier="pro")))
    seen = qiniu.observe(["voice_clone_abc123"])["voice_clone_abc123"]
    assert seen.status is status
    assert seen.name == "我的专属音色"
    assert seen.preview_url == "https://example.com/demo.wav"
    assert seen.inputs == {"name": "我的专属音色", "language": "zh", "tier": "pro"}
    assert seen.version == ""
    assert Qiniu.trainings_between("", "") is None
    assert ("gives no reason" in seen.error) == (status is Status.FAILED)


@pytest.mark.parametrize("voices", [None, []])
def test_an_account_without_voices(voices: Any, fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope({"voices": voices}))
    assert qiniu.listing() == []


def test_a_voice_listed_twice_is_one(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope({"voices": [voice(), voice()]}))
    assert len(qiniu.listing()) == 1


@pytest.mark.parametrize(
    "data", [{}, None, [], {"voices": {}}, {"voices": [{"id": "a"}]}, {"voices": [voice(id="")]}]
)
def test_an_odd_listing_is_no_empty_one(data: Any, fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope(data))
    with pytest.raises(TemporaryError, match="unknown shape"):
        qiniu.listing()


def test_a_create_whose_answer_cannot_be_read_is_unconfirmed(fake: FakeVendor, qiniu: Qiniu) -> None:
    for odd in (
        envelope(None),
        envelope({"state": "Init"}),
        envelope(voice("Init", id="")),
        {"data": voice()},
    ):
        fake.answers(odd)
        with pytest.raises(UnconfirmedError):
            qiniu.create(order())
        assert len(fake.requests) == 1


def test_gone_only_by_404(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope(voice("Failed")))
    assert qiniu.is_gone("v") is False
    fake.answers(Answer({"code": 404, "reqid": "r"}, 404))
    assert qiniu.is_gone("v") is True
    assert qiniu.observe(["v"]) == {}
    for status in (401, 403, 429, 500, 503):
        fake.answers(Answer({"code": status}, status))
        with pytest.raises(VoiceError):
            qiniu.is_gone("v")


@pytest.mark.parametrize("body", [{"detail": "Not Found"}, {}, b"<html>Not Found</html>", b""])
def test_another_servers_404_is_no_deleted_voice(body: Any, fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(Answer(body, 404))
    with pytest.raises(PermanentError) as caught:
        qiniu.is_gone("v")
    assert not isinstance(caught.value, NotFoundError)


def test_who_may_have_been_created(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(
        envelope(
            {
                "voices": [
                    voice("Init", id="before", name="复刻音色-AAAAA"),
                    voice("Init", id="new", name="复刻音色-BBBBB"),
                    voice("Training", id="trained", name="复刻音色-CCCCC"),
                    voice("Init", id="named", name="somebody's"),
                ]
            }
        )
    )
    assert [v.voice_id for v in qiniu.facts.recovery.created_by(qiniu, order(), frozenset({"before"}))] == [
        "new"
    ]


def test_only_an_automatic_name_is_a_mark(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope({"voices": [voice(id="a", name="narrator-0a1b2c3d"), voice(id="b", name="other")]}))
    look = qiniu.facts.recovery.look(qiniu, order())
    assert ([v.voice_id for v in look.marked], look.namesakes) == (["a"], [])
    look = qiniu.facts.recovery.look(qiniu, order(auto_named=False))
    assert ([v.voice_id for v in look.namesakes], look.marked) == (["a"], [])


ERRORS = [
    ("read", 400, PermanentError),
    ("read", 401, CredentialsError),
    ("read", 403, CredentialsError),
    ("read", 404, NotFoundError),
    ("read", 429, ThrottledError),
    ("read", 500, TemporaryError),
    ("read", 503, TemporaryError),
    ("list", 401, CredentialsError),
    ("list", 404, PermanentError),
    ("create", 403, CredentialsError),
    ("create", 404, PermanentError),
    ("create", 429, ThrottledError),
    ("create", 500, UnconfirmedError),
    ("train", 400, PermanentError),
    ("train", 404, NotFoundError),
    ("train", 429, ThrottledError),
    ("train", 500, UnconfirmedError),
    ("train", 502, UnconfirmedError),
    ("rename", 404, NotFoundError),
    ("delete", 401, CredentialsError),
    ("delete", 403, RefusedError),
    ("delete", 404, NotFoundError),
    ("delete", 500, UnconfirmedError),
]


def run(qiniu: Qiniu, operation: str) -> object:
    match operation:
        case "read":
            return qiniu._get("v")
        case "list":
            return qiniu.listing()
        case "create":
            return qiniu.create(order())
        case "train":
            qiniu.train("v", order())
        case "rename":
            qiniu.rename("v", "name")
        case _:
            qiniu.delete(Observation("v", Status.READY))
    return None


@pytest.mark.parametrize("where", ["both", "status only", "code only", "code as text"])
@pytest.mark.parametrize(("operation", "status", "error"), ERRORS)
def test_errors(
    where: str, operation: str, status: int, error: type[VoiceError], fake: FakeVendor, qiniu: Qiniu
) -> None:
    code: Any = {"status only": 0, "code as text": str(status)}.get(where, status)
    body = {"code": code, "msg": f"出错了 {TOKEN}", "reqid": "req_1", "data": None}
    fake.answers(Answer(body, 200 if where.startswith("code") else status))
    with pytest.raises(error) as caught, limited(FakeClock().monotonic() + 60, print):
        run(qiniu, operation)
    told = str(caught.value)
    assert type(caught.value) is error
    assert told.startswith(f"Qiniu {operation}")
    assert "出错了 [secret]" in told
    assert TOKEN not in told
    assert f"(code {status}, request ID req_1)" in told
    assert caught.value.advice
    if error is CredentialsError:
        assert "qiniuToken" in told
        assert "QINIU_XROBO_TOKEN" in told
    assert_sent(fake, caught.value)


def test_errors_without_a_code_or_message(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(Answer({"error": "x"}, 401))
    with pytest.raises(CredentialsError, match="gives no message"):
        qiniu.listing()
    fake.answers(Answer({"code": "E_QUOTA", "msg": "no quota"}, 200))
    with pytest.raises(UnconfirmedError, match="no quota") as caught:
        qiniu.create(order())
    assert caught.value.code == "E_QUOTA"


def test_success_is_read_leniently(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers({"code": "0", "data": voice(demo_url=None, language=None, unknown=[1])})
    seen = qiniu._get("v")
    assert (seen.preview_url, seen.inputs) == (None, {"name": "我的专属音色"})


def test_retries(fake: FakeVendor, qiniu: Qiniu, clock: FakeClock) -> None:
    fake.answers(Answer({"code": 429}, 429), envelope(voice("Init")))
    qiniu.create(order())
    assert len(fake.requests) == 2
    fake.answers(Answer({"code": 503}, 503), envelope(voice()))
    qiniu._get("v")
    assert len(fake.requests) == 2


def test_an_id_stays_inside_its_path(fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope(voice()))
    qiniu.observe(["a/b?c=d"])
    assert (fake.last.path, fake.last.query) == (f"{VOICES}/a%2Fb%3Fc%3Dd", {})


def test_configuration() -> None:
    assert [field.alias for field in QiniuConfig.model_fields.values()] == ["qiniuToken", "qiniuBaseUrl"]
    assert Qiniu.connect(QiniuConfig(), threading.Event()).account == "https://xrobo.qiniu.com"
    for token in (None, "", " \n"):
        with pytest.raises(CredentialsError) as caught:
            Qiniu.require_credentials(QiniuConfig(qiniu_token=token))
        assert "pulumi config set --secret voiceclone:qiniuToken" in str(caught.value)
        assert "QINIU_XROBO_TOKEN" in str(caught.value)
    Qiniu.require_credentials(QiniuConfig(qiniu_token=TOKEN))
    with pytest.raises(ValidationError):
        QiniuConfig(qiniu_base_url="xrobo.qiniu.com")


def test_a_pasted_line_break_is_not_part_of_the_token(fake: FakeVendor) -> None:
    config = QiniuConfig(qiniu_token=f"{TOKEN}\n", qiniu_base_url=fake.url)
    fake.answers(envelope({"voices": []}))
    Qiniu.connect(config, threading.Event()).listing()
    assert fake.last.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("inputs", "unknown", "wrong"),
    [
        ({}, (), []),
        ({"language": "ja"}, (), ["language"]),
        ({"language": "ja", "tier": "free"}, (), ["language"]),
        ({"language": QiniuLanguage.JAPANESE, "tier": "free"}, (), ["language"]),
        ({"language": "ja", "tier": "pro"}, (), []),
        ({"language": "ja"}, ("tier",), []),
        ({"language": "en", "tier": "free"}, (), []),
        ({"tier": "free"}, ("language",), []),
        ({"language": "klingon"}, (), []),
        ({"language": ["ja"], "tier": {}}, (), []),
        ({"modelId": "QN_ACV"}, (), []),
        ({"modelId": "QN_ACV", "language": "zh"}, (), ["modelId"]),
        ({"modelId": "QN_ACV", "tier": "pro"}, (), ["modelId"]),
        ({"modelId": "QN_ACV"}, ("tier",), ["modelId"]),
        ({"modelId": "QN_ACV", "language": "ja"}, (), ["modelId", "language"]),
        ({"modelId": "QN_ACV", "language": None, "tier": ""}, (), []),
    ],
)
def test_faults_between_inputs(inputs: Any, unknown: Any, wrong: list[str]) -> None:
    faults = Qiniu.cross_check(Given(inputs, frozenset(unknown)), QiniuConfig())
    assert [fault.property for fault in faults] == wrong
    for fault in faults:
        assert fault.reason.startswith("Qiniu: ")
        if fault.property == "language":
            assert "zh, en" in fault.reason


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("https://a.b/c.mp3", False),
        ("https://a.b/c.WAV?sign=1#x", False),
        ("https://a.b/c.m4a", True),
        ("https://a.b/c?file=c.mp3", True),
        (None, False),
    ],
)
def test_advice(url: str | None, warned: bool) -> None:
    assert bool(Qiniu.warnings({"audioUrl": url})) == warned


@pytest.mark.parametrize(
    "inputs",
    [
        {"audioUrl": "file:///voice.wav"},
        {"name": "二十一个字的名字二十一个字的名字二十一个字"},
        {"language": "xx"},
        {"tier": "lite"},
        {"modelId": "QN_2"},
        {"audio": "x"},
    ],
)
def test_inputs_that_cannot_be(inputs: Any) -> None:
    with pytest.raises(ValidationError):
        QiniuInputs.model_validate(inputs)


def test_twenty_characters_are_a_name_in_any_script() -> None:
    QiniuInputs.model_validate({"name": "二十个字的名字二十个字的名字二十个字的名"})


@pytest.mark.parametrize("voice_id", [".", ".."])
def test_an_id_that_is_a_path_is_not_sent(voice_id: str, fake: FakeVendor, qiniu: Qiniu) -> None:
    fake.answers(envelope([]))
    with pytest.raises(NotFoundError, match="there can be no voice"):
        qiniu._get(voice_id)
    assert fake.requests == []
