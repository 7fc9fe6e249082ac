"""Kling's wire: what each call sends, and what is made of each answer."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from fake_clock import FakeClock
from fake_vendor import Answer, FakeVendor, assert_sent
from pydantic import ValidationError

from voiceclone_provider.core.clock import SYSTEM, Clock
from voiceclone_provider.core.errors import (
    CredentialsError,
    HandleTakenError,
    NotFoundError,
    PermanentError,
    ProviderBugError,
    SampleRefusedError,
    TemporaryError,
    ThrottledError,
    UnconfirmedError,
    VoiceError,
)
from voiceclone_provider.core.pace import limited
from voiceclone_provider.vendors.base import Given, Observation, Order, Status
from voiceclone_provider.vendors.kling import client as module
from voiceclone_provider.vendors.kling.client import Kling
from voiceclone_provider.vendors.kling.models import KlingConfig, KlingInputs, KlingOutputs

ACCESS_KEY, SECRET_KEY, API_KEY = "an-access-key", "a-secret-key-of-thirty-two-bytes", "an-api-key"
TASK, VOICE = "930801301486305328", "850087542757535834"
HANDLE = "voiceclone-0123456789abcdef0123456789abcdef"
URL = "https://example.com/voice.mp3?sign=1"
CUSTOM = "/v1/general/custom-voices"
MISSING = Answer({"code": 1201, "message": "Task not found by id/external id", "request_id": "r"}, 400)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


def connect(fake: FakeVendor, clock: Clock | None = None, **keys: str) -> Kling:
    keys = keys or {"kling_api_key": API_KEY}
    config = KlingConfig(kling_base_url=fake.url, **keys)
    return Kling.connect(config, threading.Event(), clock or FakeClock())


@pytest.fixture
def kling(fake: FakeVendor) -> Kling:
    return connect(fake)


def envelope(data: Any) -> dict[str, Any]:
    return {"code": 0, "message": "SUCCEED", "request_id": "req-1", "data": data}


def task(task_id: str = TASK, voice_id: str = VOICE, **more: Any) -> dict[str, Any]:
    shape = {
        "task_id": task_id,
        "task_status": "succeed",
        "task_status_msg": "",
        "final_unit_deduction": "0.05",
        "task_info": {"external_task_id": "narrator-7"},
        "task_result": {
            "voices": [
                {
                    "voice_id": voice_id,
                    "voice_name": "旁白",
                    "trial_url": "https://example.com/trial.mp3",
                    "owned_by": "1234",
                }
            ]
        },
        "created_at": 1722769557708,
        "updated_at": 1722769567708,
    }
    return {**shape, **more}


def running(**more: Any) -> dict[str, Any]:
    shape = {"task_id": TASK, "task_status": "submitted", "task_info": {}, "created_at": 1722769557708}
    return {**shape, **more}


def order(**inputs: Any) -> Order:
    given = {"audioUrl": URL, **inputs}
    handle = inputs.get("externalTaskId", HANDLE)
    ours = "externalTaskId" not in inputs
    inputs_ = KlingInputs.model_validate(given)
    return Order(inputs_, "narrator-0a1b2c3d", True, handle, handle_is_ours=ours)


@pytest.mark.parametrize(
    ("inputs", "body"),
    [
        ({}, {"voice_url": URL, "external_task_id": HANDLE}),
        ({"videoId": ""}, {"voice_url": URL, "external_task_id": HANDLE}),
        ({"audioUrl": None, "videoId": "88"}, {"video_id": "88", "external_task_id": HANDLE}),
        (
            {"callbackUrl": "https://a.b/c", "externalTaskId": "narrator-7"},
            {"voice_url": URL, "callback_url": "https://a.b/c", "external_task_id": "narrator-7"},
        ),
    ],
)
def test_create(inputs: Any, body: Any, fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(running()))
    made = kling.create(order(**inputs))
    assert (fake.last.method, fake.last.path, fake.last.query) == ("POST", CUSTOM, {})
    assert fake.last.json == {"voice_name": "narrator-0a1b2c3d", **body}
    assert fake.last.headers["Authorization"] == f"Bearer {API_KEY}"
    assert fake.last.headers["Content-Type"] == "application/json"
    assert made == Observation(
        TASK,
        Status.TRAINING,
        name="narrator-0a1b2c3d",
        created_at="2024-08-04T11:05:57Z",
        extras={"taskId": TASK, "voiceId": ""},
    )


def test_one_voice_is_got(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(task()))
    assert kling.observe([TASK]) == {
        TASK: Observation(
            TASK,
            Status.READY,
            name="旁白",
            preview_url="https://example.com/trial.mp3",
            created_at="2024-08-04T11:05:57Z",
            updated_at="2024-08-04T11:06:07Z",
            inputs={"name": "旁白", "externalTaskId": "narrator-7"},
            extras={"taskId": TASK, "voiceId": VOICE, "ownedBy": "1234", "unitsCharged": "0.05"},
        )
    }
    assert [(r.method, r.path, r.query) for r in fake.requests] == [("GET", f"{CUSTOM}/{TASK}", {})]


def test_the_outputs_have_a_place_for_every_extra(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(task()))
    names = {field.alias for field in KlingOutputs.model_fields.values()}
    assert set(kling.observe([TASK])[TASK].extras) <= names


def test_an_id_of_our_own_making_is_no_input(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(task(task_info={"external_task_id": HANDLE})))
    assert kling.observe([TASK])[TASK].inputs == {"name": "旁白"}


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("submitted", Status.TRAINING),
        ("processing", Status.TRAINING),
        ("succeed", Status.READY),
        ("succeeded", Status.READY),
        ("failed", Status.FAILED),
        ("queued", Status.TRAINING),
    ],
)
def test_states(told: str, status: Status, fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(task(task_status=told, task_status_msg="two voices")))
    seen = kling.observe([TASK])[TASK]
    assert seen.status is status
    assert seen.error == ("two voices" if status is Status.FAILED else "")
    assert seen.version == ""


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"task_result": {}, "task_info": None, "task_status_msg": None},
        {"task_result": {"voices": []}, "final_unit_deduction": None, "created_at": None},
        {"task_result": {"voices": None}, "created_at": "1722769557708", "new": {"field": 1}},
    ],
)
def test_a_running_task_is_read_leniently(more: Any, fake: FakeVendor, kling: Kling) -> None:
    fake.answers({**envelope(running(**more)), "code": "0"})
    seen = kling.observe([TASK])[TASK]
    assert (seen.status, seen.gone, seen.extras) == (Status.TRAINING, False, {"taskId": TASK, "voiceId": ""})


def test_numbers_for_ids_are_kept_digit_by_digit(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(task(task_id=int(TASK), voice_id=int(VOICE))))  # type: ignore[arg-type]
    seen = kling.observe([TASK])[TASK]
    assert (seen.voice_id, seen.extras["voiceId"]) == (TASK, VOICE)


def page(first: int, count: int) -> dict[str, Any]:
    return envelope([task(f"t{n}", f"v{n}") for n in range(first, first + count)])


def test_several_voices_are_listed_until_all_are_found(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(page(0, 500), page(500, 500), page(1000, 3))
    assert set(kling.observe(["t1", "t501"])) == {"t1", "t501"}
    queries = [{"pageNum": "1", "pageSize": "500"}, {"pageNum": "2", "pageSize": "500"}]
    assert [(r.path, r.query) for r in fake.requests] == [(CUSTOM, query) for query in queries]


def test_a_voice_that_no_page_has_is_asked_for(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(page(0, 2), envelope(task("late")), MISSING)
    assert set(kling.observe(["t1", "late", "missing"])) == {"t1", "late"}
    assert [r.path for r in fake.requests] == [CUSTOM, f"{CUSTOM}/late", f"{CUSTOM}/missing"]


def test_a_voice_listed_as_deleted_is_asked_for(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope([task("t1"), task("t2", task_result={"voices": []})]), envelope(task("t2")))
    assert kling.observe(["t1", "t2"])["t2"].gone is False


@pytest.mark.parametrize("cap", [500, 100, 30])
def test_the_listing_is_complete_whatever_the_vendor_puts_on_a_page(
    cap: int, fake: FakeVendor, kling: Kling
) -> None:
    fake.answers(page(0, cap), page(cap, cap), page(2 * cap, 5))
    assert len(kling.listing()) == 2 * cap + 5
    assert len(fake.requests) == 3


def test_a_listing_that_repeats_itself_ends(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(page(0, 500))
    assert len(kling.listing()) == 500
    assert len(fake.requests) == 2


def test_a_listing_without_end_is_an_error(
    fake: FakeVendor, kling: Kling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LAST_PAGE", 2)
    fake.answers(page(0, 40), page(40, 40), page(80, 1))
    with pytest.raises(PermanentError, match="more voices than the vendor lists"):
        kling.listing()


@pytest.mark.parametrize("data", [None, []])
def test_an_account_without_voices(data: Any, fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(data))
    assert kling.listing() == []


@pytest.mark.parametrize("data", [{}, "x", [{"task_id": "t"}], ["x"], [task(task_id="")]])
def test_an_odd_listing_is_no_empty_one(data: Any, fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(data))
    with pytest.raises(TemporaryError, match="unknown shape"):
        kling.listing()


@pytest.mark.parametrize(
    ("script", "gone"),
    [
        ([MISSING], True),
        ([Answer({"code": 1203, "message": "no"}, 404)], True),
        ([envelope(task(task_result={"voices": []}))], True),
        ([envelope(task(task_result={}))], True),
        ([envelope(task(task_result={"voices": [{"voice_id": VOICE, "status": "deleted"}]}))], True),
        ([envelope(running())], False),
        ([envelope(running(task_status="failed"))], False),
        ([envelope(task()), envelope([task()])], False),
        ([envelope(task()), envelope([task("other")])], True),
        ([envelope(task()), envelope([task(task_result={"voices": []})])], True),
        ([envelope(task()), envelope([])], False),
        ([envelope(task(task_result=None))], False),
    ],
)
def test_gone_only_when_proved(script: Any, gone: bool, fake: FakeVendor, kling: Kling) -> None:
    fake.answers(*script)
    assert kling.is_gone(TASK) is gone


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"code": 1000, "message": "no"}, 401),
        Answer({"code": 1302, "message": "no"}, 429),
        Answer({"code": 5000, "message": "no"}, 500),
        Answer({"code": 1201, "message": "wrong parameter"}, 400),
        Answer({"code": 1202, "message": "method not found"}, 404),
        Answer({"detail": "Not Found"}, 404),
        Answer(b"Not Found", 404),
        Answer(envelope([])),
        Answer(envelope({})),
        Answer(envelope(None)),
        Answer({}),
    ],
)
def test_everything_else_is_an_error_and_no_deletion(answer: Answer, fake: FakeVendor, kling: Kling) -> None:
    fake.answers(answer)
    for read in (lambda: kling.is_gone(TASK), lambda: kling.observe([TASK])):
        with pytest.raises(VoiceError) as caught:
            read()
        assert not isinstance(caught.value, NotFoundError)


def test_a_voice_deleted_in_the_history_is_seen(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(task(task_result={"voices": []})))
    seen = kling.observe([TASK])[TASK]
    assert seen.gone
    with pytest.raises(NotFoundError):
        kling.delete(seen)


READY = Observation(TASK, Status.READY, extras={"taskId": TASK, "voiceId": VOICE})


@pytest.mark.parametrize(
    ("data", "over"),
    [
        ({"task_id": "1", "task_status": "succeed"}, True),
        ({"task_id": "1", "task_status": "submitted"}, False),
        ({"task_id": "1", "task_status": "processing"}, False),
        ({"task_id": "1", "task_status": "queued"}, False),
        ({}, True),
        (None, True),
    ],
)
def test_a_deletion_whose_task_runs_is_not_over(
    data: Any, over: bool, fake: FakeVendor, kling: Kling
) -> None:
    fake.answers(envelope(data))
    assert kling.delete(READY) is over
    assert (fake.last.method, fake.last.path) == ("POST", "/v1/general/delete-voices")
    assert fake.last.json == {"voice_id": VOICE}


def test_a_deletion_that_failed_is_an_error(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope({"task_id": "1", "task_status": "failed"}))
    with pytest.raises(PermanentError, match=r"deletion task failed.*stays in the stack"):
        kling.delete(READY)


@pytest.mark.parametrize("words", ["The voice is being deleted", "音色正在删除"])
def test_a_voice_that_is_being_deleted_may_be_deleted_again(
    words: str, fake: FakeVendor, kling: Kling
) -> None:
    fake.answers(Answer({"code": 1201, "message": words}, 400))
    assert kling.delete(READY) is False
    fake.answers(Answer({"code": 1201, "message": "only custom voices can be deleted"}, 400))
    with pytest.raises(PermanentError, match="only custom"):
        kling.delete(READY)


@pytest.mark.parametrize("words", ["Voice already be deleted for id: 8", "has been deleted", "音色已删除"])
def test_a_voice_that_was_deleted_before_is_not_found(words: str, fake: FakeVendor, kling: Kling) -> None:
    fake.answers(Answer({"code": 1201, "message": words}, 400))
    with pytest.raises(NotFoundError):
        kling.delete(READY)


def test_what_has_no_voice_is_not_deleted(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope({}))
    kling.delete(Observation(TASK, Status.FAILED, extras={"voiceId": ""}))
    with pytest.raises(PermanentError, match="still being made"):
        kling.delete(Observation(TASK, Status.TRAINING, extras={"voiceId": ""}))
    assert fake.requests == []


def test_created_and_marked_by_the_external_id(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(task(task_info={"external_task_id": HANDLE})))
    assert [v.voice_id for v in kling.facts.recovery.created_by(kling, order(), frozenset())] == [TASK]
    assert fake.last.path == f"{CUSTOM}/{HANDLE}"
    assert [v.voice_id for v in kling.facts.recovery.look(kling, order()).marked] == [TASK]
    assert kling.facts.recovery.created_by(kling, order(), frozenset({TASK})) == []

    fake.answers(envelope(task()))
    explicit = order(externalTaskId="narrator-7")
    assert [v.voice_id for v in kling.facts.recovery.created_by(kling, explicit, frozenset())] == [TASK]
    assert fake.last.path == f"{CUSTOM}/narrator-7"
    assert kling.facts.recovery.look(kling, explicit).marked == []
    assert len(fake.requests) == 1

    fake.answers(envelope(task()))  # found by something else than its external ID
    assert kling.facts.recovery.look(kling, order()).marked == []
    fake.answers(MISSING)
    assert kling.facts.recovery.created_by(kling, order(), frozenset()) == []
    fake.answers(envelope(task(task_info={}, task_result={"voices": []})))
    assert [v.gone for v in kling.facts.recovery.look(kling, order()).marked] == [True]


def test_resolve(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope(task()))
    assert kling.resolve(TASK) == TASK
    assert kling.resolve("narrator-7") == TASK
    fake.answers(MISSING, envelope([task("other", "v0"), task()]))
    assert kling.resolve(VOICE) == TASK
    fake.answers(MISSING, envelope([task("other", "v0")]))
    with pytest.raises(NotFoundError, match="no voice with this ID"):
        kling.resolve("123")


def test_presets(fake: FakeVendor, kling: Kling) -> None:
    preset = {"voice_id": "p1", "voice_name": "Ada", "trial_url": "u", "owned_by": "kling"}
    another = {"voice_id": "p2", "voice_name": "Bob", "trial_url": "", "owned_by": "kling"}
    fake.answers(
        envelope([{"task_id": "1", "task_status": "succeed", "task_result": {"voices": [preset, another]}}])
    )
    seen = kling.presets()
    assert [(v.voice_id, v.name, v.preview_url) for v in seen] == [("p1", "Ada", "u"), ("p2", "Bob", None)]
    assert fake.last.path == "/v1/general/presets-voices"


def test_a_voice_is_never_trained_again(fake: FakeVendor, kling: Kling) -> None:
    with pytest.raises(ProviderBugError):
        kling.train(TASK, order())


ERRORS: list[tuple[str, int, int, type[VoiceError], str]] = [
    ("read", 401, 1000, CredentialsError, "KLING_API_KEY"),
    ("read", 401, 1001, CredentialsError, "carried no key"),
    ("read", 401, 1002, CredentialsError, "klingSecretKey"),
    ("read", 401, 1003, CredentialsError, "clock"),
    ("read", 401, 1004, CredentialsError, "clock"),
    ("create", 429, 1100, PermanentError, "console"),
    ("create", 429, 1101, PermanentError, "arrears"),
    ("create", 429, 1102, PermanentError, "pack"),
    ("create", 403, 1103, CredentialsError, "permission"),
    ("create", 400, 1200, PermanentError, "inputs"),
    ("create", 400, 1201, PermanentError, "inputs"),
    ("read", 400, 1201, PermanentError, "inputs"),
    ("read", 404, 1202, PermanentError, "klingBaseUrl"),
    ("read", 404, 1203, NotFoundError, "ID"),
    ("delete", 404, 1203, NotFoundError, "ID"),
    ("create", 404, 1203, PermanentError, "inputs"),
    ("list", 404, 1203, PermanentError, "klingBaseUrl"),
    ("create", 400, 1300, SampleRefusedError, "another"),
    ("create", 400, 1301, SampleRefusedError, "another"),
    ("create", 429, 1302, ThrottledError, "later"),
    ("create", 429, 1303, ThrottledError, "parallel"),
    ("create", 429, 1304, PermanentError, "whitelist"),
    ("read", 500, 5000, TemporaryError, "later"),
    ("read", 503, 5001, TemporaryError, "later"),
    ("read", 504, 5002, TemporaryError, "later"),
    ("create", 500, 5000, UnconfirmedError, "later"),
    ("create", 503, 5001, UnconfirmedError, "later"),
    ("create", 504, 5002, UnconfirmedError, "later"),
    ("delete", 500, 5000, UnconfirmedError, "later"),
]


def run(kling: Kling, operation: str) -> object:
    match operation:
        case "read":
            return kling._get(TASK)
        case "list":
            return kling.listing()
        case "create":
            return kling.create(order())
        case _:
            kling.delete(Observation(TASK, Status.READY, extras={"voiceId": VOICE}))
    return None


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("http_200", [False, True])
@pytest.mark.parametrize(("operation", "status", "code", "error", "advice"), ERRORS)
def test_errors(
    as_text: bool,
    http_200: bool,
    operation: str,
    status: int,
    code: int,
    error: type[VoiceError],
    advice: str,
    fake: FakeVendor,
    kling: Kling,
) -> None:
    body = {"code": str(code) if as_text else code, "message": f"wrong: {API_KEY}", "request_id": "req-1"}
    fake.answers(Answer(body, 200 if http_200 else status))
    with pytest.raises(error) as caught, limited(FakeClock().monotonic() + 60, print):
        run(kling, operation)
    told = str(caught.value)
    assert type(caught.value) is error
    assert told.startswith(f"Kling {operation}")
    assert f"wrong: [secret] (code {code}, request ID req-1)" in told
    assert advice in caught.value.advice
    assert_sent(fake, caught.value)


@pytest.mark.parametrize(
    ("operation", "message", "error"),
    [
        ("read", "Task not found by id/external id", NotFoundError),
        ("read", "任务不存在", NotFoundError),
        ("delete", "Voice id not found", NotFoundError),
        ("list", "page not found", PermanentError),
        ("create", "video not found", PermanentError),
        ("create", "video_id does not exist", PermanentError),
        ("create", "external_task_id already exists", HandleTakenError),
        ("create", "Duplicate external task id", HandleTakenError),
        ("create", "external_task_id must be unique", HandleTakenError),
        ("create", "自定义任务ID重复", HandleTakenError),
        ("create", "voice name already exists", PermanentError),
        ("create", "voice_url is invalid", PermanentError),
        ("create", "external_task_id is too long", PermanentError),
    ],
)
def test_1201_by_its_words(
    operation: str, message: str, error: type[VoiceError], fake: FakeVendor, kling: Kling
) -> None:
    fake.answers(Answer({"code": 1201, "message": message, "request_id": "req-1"}, 400))
    with pytest.raises(error) as caught:
        run(kling, operation)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"error": "x"}, CredentialsError),
        (403, {"code": 9999, "message": "x"}, CredentialsError),
        (404, {"error": "x"}, PermanentError),
        (429, {"code": 9999}, ThrottledError),
        (502, {"error": "x"}, TemporaryError),
        (418, {"code": 9999}, PermanentError),
        (200, {"code": 9999}, TemporaryError),
        (200, {"code": "E", "msg": "x"}, TemporaryError),
        (500, {"code": 0, "data": []}, TemporaryError),
    ],
)
def test_codes_that_are_not_in_the_table(
    status: int, body: Any, error: type[VoiceError], fake: FakeVendor, kling: Kling
) -> None:
    fake.answers(Answer(body, status))
    with pytest.raises(error) as caught:
        kling.listing()
    assert type(caught.value) is error


def test_retries(fake: FakeVendor, kling: Kling) -> None:
    fake.answers(Answer({"code": 1303, "message": "parallel task over"}, 429), envelope(running()))
    kling.create(order())
    assert len(fake.requests) == 2
    fake.answers(Answer({"code": 5001, "message": "busy"}, 503), envelope(task()))
    kling.observe([TASK])
    assert len(fake.requests) == 2


@pytest.mark.parametrize("data", [None, {}, {"task_id": ""}, []])
def test_a_create_whose_answer_cannot_be_read_is_unconfirmed(
    data: Any, fake: FakeVendor, kling: Kling
) -> None:
    fake.answers(envelope(data))
    with pytest.raises(UnconfirmedError):
        kling.create(order())
    assert len(fake.requests) == 1


def bearer_of(fake: FakeVendor) -> str:
    scheme, _, token = fake.last.headers["Authorization"].partition(" ")
    assert scheme == "Bearer"
    return token


def test_tokens_are_made_of_access_key_and_secret_key(fake: FakeVendor) -> None:
    clock = FakeClock(1_800_000_000.9)
    kling = connect(fake, clock, kling_access_key=ACCESS_KEY, kling_secret_key=SECRET_KEY)
    fake.answers(envelope([]))
    kling.listing()
    first = bearer_of(fake)
    assert jwt.get_unverified_header(first) == {"alg": "HS256", "typ": "JWT"}
    options: Any = {"verify_exp": False, "verify_nbf": False}
    claims = jwt.decode(first, SECRET_KEY, algorithms=["HS256"], options=options)
    assert claims == {"iss": ACCESS_KEY, "exp": 1_800_001_800, "nbf": 1_799_999_995}

    clock.advance(1400)
    kling.listing()
    assert bearer_of(fake) == first
    clock.advance(200)
    kling.listing()
    renewed = bearer_of(fake)
    assert jwt.decode(renewed, SECRET_KEY, algorithms=["HS256"], options=options)["exp"] == 1_800_003_400
    clock.advance(-90_000)  # it was put right
    kling.listing()
    assert bearer_of(fake) not in (first, renewed)


def test_a_token_is_valid_now(fake: FakeVendor) -> None:
    kling = connect(fake, SYSTEM, kling_access_key=ACCESS_KEY, kling_secret_key=SECRET_KEY)
    fake.answers(envelope([]))
    kling.listing()
    assert jwt.decode(bearer_of(fake), SECRET_KEY, algorithms=["HS256"])["iss"] == ACCESS_KEY


def test_a_short_secret_key_is_the_vendors_business(fake: FakeVendor) -> None:
    kling = connect(fake, kling_access_key=ACCESS_KEY, kling_secret_key="short")
    fake.answers(envelope([]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kling.listing()


def test_the_api_key_wins(fake: FakeVendor) -> None:
    kling = connect(
        fake, kling_access_key=ACCESS_KEY, kling_secret_key=SECRET_KEY, kling_api_key=f" {API_KEY}\n"
    )
    fake.answers(envelope([]))
    kling.listing()
    assert bearer_of(fake) == API_KEY


def test_a_token_that_the_vendor_repeats_is_not_shown(fake: FakeVendor) -> None:
    kling = connect(fake, kling_access_key=ACCESS_KEY, kling_secret_key=SECRET_KEY)
    fake.answers(envelope([]))
    kling.listing()
    token = bearer_of(fake)
    fake.answers(Answer({"code": 1002, "message": f"bad {token} of {SECRET_KEY}", "request_id": token}, 401))
    with pytest.raises(CredentialsError) as caught:
        kling.create(order())
    assert token not in str(caught.value)
    assert SECRET_KEY not in str(caught.value)
    assert "bad [secret] of [secret]" in str(caught.value)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "no key is configured"),
        ({"kling_access_key": "a"}, "klingSecretKey is missing"),
        ({"kling_secret_key": "a", "kling_api_key": " "}, "klingAccessKey is missing"),
    ],
)
def test_missing_credentials(config: Any, words: str) -> None:
    with pytest.raises(CredentialsError, match=words) as caught:
        Kling.require_credentials(KlingConfig(**config))
    told = str(caught.value)
    for name in ("klingApiKey", "KLING_API_KEY", "klingAccessKey", "KLING_ACCESS_KEY", "klingSecretKey"):
        assert name in told
    assert "pulumi config set --secret voiceclone:klingSecretKey" in told


def test_configuration() -> None:
    Kling.require_credentials(KlingConfig(kling_api_key="a"))
    Kling.require_credentials(KlingConfig(kling_access_key="a", kling_secret_key="b"))
    assert [field.alias for field in KlingConfig.model_fields.values()] == [
        "klingAccessKey",
        "klingSecretKey",
        "klingApiKey",
        "klingBaseUrl",
    ]
    account = Kling.connect(KlingConfig(), threading.Event()).account
    assert account == "https://api-beijing.klingai.com"


@pytest.mark.parametrize(
    ("inputs", "unknown", "wrong"),
    [
        ({}, (), False),
        ({"audioUrl": URL}, (), False),
        ({"audioUrl": URL, "videoId": ""}, (), False),
        ({"audioUrl": URL, "videoId": None}, (), False),
        ({"videoId": "1"}, (), False),
        ({"audioUrl": URL, "videoId": "1"}, (), True),
        ({"audioUrl": URL}, ("videoId",), True),
        ({}, ("videoId", "audioUrl"), True),
        ({}, ("videoId",), False),
    ],
)
def test_exactly_one_sample(inputs: Any, unknown: Any, wrong: bool) -> None:
    faults = Kling.cross_check(Given(inputs, frozenset(unknown)), KlingConfig())
    assert [fault.property for fault in faults] == (["audioUrl", "videoId"] if wrong else [])
    assert all("exactly one" in fault.reason for fault in faults)


@pytest.mark.parametrize(
    "inputs",
    [
        {"audioUrl": "https://a.b/c.ogg"},
        {"audioUrl": "https://a.b/c?file=c.mp3"},
        {"audioUrl": "ftp://a.b/c.mp3"},
        {"callbackUrl": "a.b/c"},
        {"externalTaskId": ""},
        {"name": "x" * 21},
        {"language": "zh"},
    ],
)
def test_inputs_that_cannot_be(inputs: Any) -> None:
    with pytest.raises(ValidationError):
        KlingInputs.model_validate(inputs)


@pytest.mark.parametrize("path", ["a.mp3", "A.WAV?x=1", "b.mp4", "c.mov#t=1"])
def test_urls_that_can_be(path: str) -> None:
    KlingInputs.model_validate(
        {"audioUrl": f"https://a.b/{path}", "name": "二十个字的名字二十个字的名字二十个字的名"}
    )


@pytest.mark.parametrize("voice_id", [".", ".."])
def test_an_id_that_is_a_path_is_not_sent(voice_id: str, fake: FakeVendor, kling: Kling) -> None:
    fake.answers(envelope([]))
    with pytest.raises(NotFoundError, match="there can be no voice"):
        kling._get(voice_id)
    assert fake.requests == []
