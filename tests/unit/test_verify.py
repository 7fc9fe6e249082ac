"""The parts of `verify`: what is recorded, what is read from it, and a walk that meets a fault."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_line import options_of
from hypothesis import given
from hypothesis import strategies as st
from memory_vendor import FLAVOURS, World
from stack import account

from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.cli.verify import command, questions, record
from voiceclone_provider.cli.verify.questions import ABSENT, NOT_SEEN, PRESENT, Question, Subject
from voiceclone_provider.cli.verify.record import Exchange, Recorder, Step
from voiceclone_provider.cli.verify.subjects import SUBJECTS
from voiceclone_provider.cli.verify.walk import Walk
from voiceclone_provider.core.audio import Sample
from voiceclone_provider.core.call import Call, Reply
from voiceclone_provider.core.clock import SYSTEM
from voiceclone_provider.core.errors import (
    CancelledError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
)
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.vendors.base import Order, Status
from voiceclone_provider.vendors.models import VendorConfig

HIDDEN = "t0ken/with+signs="


def recorder(**more: Any) -> Recorder:
    return Recorder({HIDDEN, "app-4711"}, SYSTEM, **more)


def reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, headers or {}, body, "")


def noted(answer: Any, **call: Any) -> Exchange:
    call = {"method": "POST", "url": "https://api.example/v1/voices", "operation": "create", **call}
    taken = recorder(private={"name", "appid"}, kept=("verify-",), audio=b"short")
    taken.note(Call(**call), answer)
    return taken.exchanges[0]


# What is recorded.


@pytest.mark.parametrize(
    "text",
    [
        HIDDEN,
        f"Bearer {HIDDEN} is wrong",
        "t0ken%2Fwith%2Bsigns%3D",
        "t0ken%2fwith%2bsigns%3d",
        base64.b64encode(HIDDEN.encode()).decode(),
        "the application app-4711",
    ],
)
def test_secrets_are_replaced_in_every_form_and_place(text: str) -> None:
    exchange = noted(reply({"message": text, text: [{"deep": text}]}), json={"a": [text]})
    told = repr(exchange)
    assert told.count("[secret]") == 4
    for part in ("t0ken", "4711", base64.b64encode(HIDDEN.encode()).decode()[:12]):
        assert part not in told


def test_an_error_is_recorded_without_secrets() -> None:
    exchange = noted(UnconfirmedError(f"the connection broke: {HIDDEN}"))
    assert (exchange.status, exchange.error) == (None, "the connection broke: [secret]")


def test_only_known_headers_are_recorded() -> None:
    exchange = noted(
        reply({}, headers={"Content-Type": "application/json", "Set-Cookie": "a", "X-Tt-Logid": "2026"}),
        headers={"X-Api-Key": "key", "Authorization": "Bearer x", "Resource-Id": "seed"},
    )
    assert exchange.headers == {"Content-Type": "application/json", "X-Tt-Logid": "2026"}
    assert exchange.sent_headers == {"Resource-Id": "seed"}


def test_private_values_are_hidden_but_for_those_of_the_walk() -> None:
    body = {"voices": [{"name": "My mother", "AppID": 4712}, {"name": "verify-1"}, {"name": ""}]}
    shown = noted(reply(body)).body["voices"]
    assert shown == [{"name": "[private]", "AppID": "[private]"}, {"name": "verify-1"}, {"name": ""}]


def test_audio_is_replaced_by_length_and_hash() -> None:
    audio = bytes(range(256)) * 20
    exchange = noted(
        reply({"echo": base64.b64encode(audio).decode(), "text": "x" * 2001}),
        json={"a": base64.b64encode(audio).decode(), "b": base64.b64encode(b"short").decode()},
    )
    assert exchange.sent["a"]["bytes"] == len(audio)
    assert exchange.sent["b"]["bytes"] == 5
    assert exchange.body["echo"] == exchange.sent["a"]
    assert set(exchange.body["text"]) == {"bytes", "sha256"}
    form = noted(
        reply({}), form={"voice_name": "verify-1"}, files={"file": ("sample.wav", audio, "audio/wav")}
    )
    assert form.sent["file"] == {"file": "sample.wav", "type": "audio/wav", **exchange.sent["a"]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://cdn.example/a/b.wav?sig=1#x", "https://cdn.example/[removed].wav"),
        ("https://user:@cdn.example/b.mp3", "https://cdn.example/[removed].mp3"),
        ("https://cdn.example", "https://cdn.example"),
        (
            "cannot fetch https://cdn.example/b.wav?sig=1, sorry",
            "cannot fetch https://cdn.example/b.wav?[removed]",
        ),
    ],
)
def test_urls_lose_what_signs_them(text: str, shown: str) -> None:
    assert noted(reply({"url": text})).body["url"].startswith(shown)
    assert "sig=1" not in repr(noted(reply({"url": text})))


def test_a_url_of_the_users_gives_its_secrets() -> None:
    found = record.url_secrets("https://me:pa%40ss@h.example/private/a%20b.wav?e=12&token=0123456789")
    assert {"me", "pa@ss", "pa%40ss", "/private/a%20b.wav", "/private/a b.wav", "0123456789"} <= found
    assert "12" not in found


def test_the_credentials_of_all_vendors_and_what_fetches_the_sample_are_secret() -> None:
    environment = {
        "VOLCENGINE_SPEECH_APP_ID": "application",
        "VOLCENGINE_ACCESS_KEY": "public half",
        "COZE_API_TOKEN": " token ",
        "COZE_API_BASE": "https://coze.example",
    }
    environment |= dict.fromkeys(["KLING_SECRET_KEY"], "other half")
    config = ProviderConfig.load({}, environment)
    inputs = {"audioUrl": "https://h.example/a.wav?token=0123456789", "name": "verify-1"}
    found = {
        text
        for key in ("volcengine", "qiniu")
        for text in command._secrets(
            command.Task(VENDORS[key], Subject(), config, inputs, command.Options(key))
        )
    }
    assert {"application", "public half", "token", "other half", "0123456789"} <= found
    assert "https://coze.example" not in found


def test_a_line_that_cannot_be_written_stops_nothing() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    taken = recorder(file=Full())
    for _ in range(2):
        taken.note(Call("GET", "https://api.example/", "list"), reply({}))
    assert (len(taken.exchanges), taken.broken) == (2, "No space left on device")


def test_a_line_holds_the_whole_exchange() -> None:
    file = io.StringIO()
    taken = recorder(file=file)
    taken.note(Call("GET", "https://api.example/v1", "list", params={"n": "1"}), reply({"音": 1}, 404))
    line = json.loads(file.getvalue())
    assert (line["method"], line["url"], line["query"], line["status"]) == (
        "GET",
        "https://api.example/v1",
        {"n": "1"},
        404,
    )
    assert "音" in file.getvalue()
    assert line["step"] == "look"


# What is read from it.


def exchange(body: Any = None, **more: Any) -> Exchange:
    usual: dict[str, Any] = {
        "step": str(Step.LOOK),
        "operation": "read",
        "at": 0.0,
        "method": "GET",
        "url": "https://api.example/",
        "query": {},
        "sent_headers": {},
        "sent": None,
        "status": 200,
        "headers": {},
    }
    return Exchange(**{**usual, "body": body, **more})


def seen(vendor: str, about: str, *exchanges: Exchange) -> str:
    (question,) = [question for question in SUBJECTS[vendor].questions if question.about == about]
    return question.seen(exchanges)


def slot(step: Step, **shown: Any) -> Exchange:
    return exchange(
        {"Result": {"Statuses": [{"SpeakerID": "S_1", **shown}]}}, step=str(step), operation="list"
    )


UPLOAD = exchange(
    {"BaseResp": {"StatusCode": 0}},
    url="https://api.example/api/v1/mega_tts/audio/upload",
    sent={"speaker_id": "S_1"},
    step=str(Step.CREATE),
    operation="train",
)


@pytest.mark.parametrize(
    ("versions", "shown"),
    [
        (("", "V1", "V2"), "list: before empty, trained `V1`, retrained `V2`"),
        (("V1", "V1", "V1"), "list: before `V1`, trained `V1`, retrained `V1`"),
        ((None, "V1", None), "list: trained `V1`"),
    ],
)
def test_how_a_counter_moved(versions: Sequence[str | None], shown: str) -> None:
    steps = (Step.LOOK, Step.CREATE, Step.RETRAIN)
    slots = [slot(step, Version=version) for step, version in zip(steps, versions, strict=True)]
    assert seen("volcengine", "`Version`", *slots, UPLOAD) == shown
    assert seen("volcengine", "`Version`", *slots) == ""  # nothing was trained


def test_a_slot_that_was_never_trained() -> None:
    listed = slot(Step.LOOK, State="Unknown", Version="V1")
    url = "https://api.example/api/v3/tts/get_voice"
    asked = exchange({"code": 45001107}, url=url, status=400, sent={"speaker_id": "S_1"})
    assert "Version `V1`" in seen("volcengine", "a slot that was never trained, in the list", listed)
    alone = seen("volcengine", "a slot that was never trained, asked for alone", listed, asked)
    assert alone == "HTTP 400, code `45001107`, `status` absent"


def test_what_each_resource_shows() -> None:
    url, sent = "https://api.example/api/v1/mega_tts/status", {"speaker_id": "S_1"}
    one = exchange({"status": 0}, url=url, sent=sent, sent_headers={"Resource-Id": "seed-icl-1.0"})
    two = replace(one, body={"status": 2}, sent_headers={"Resource-Id": "seed-icl-2.0"})
    shown = seen("volcengine", "`Resource-Id` of a status call, for a trained voice", one, two)
    assert shown == "`seed-icl-1.0` shows `status` `0`; `seed-icl-2.0` shows `status` `2`"


def test_whether_the_newer_api_answers_with_a_code() -> None:
    made = exchange({"status": 1}, url="https://api.example/api/v3/tts/voice_clone")
    about = "`code` of a success at `/api/v3`"
    assert seen("volcengine", about, made) == ABSENT
    assert seen("volcengine", about, replace(made, body={"code": 0})) == "`0`"
    assert seen("volcengine", about, replace(made, body={"code": 45001001}, status=400)) == ""


@pytest.mark.parametrize(("times", "moved"), [((5, 5), "stays"), ((5, 9), "moves"), ((5,), "")])
def test_whether_a_time_moves(times: tuple[int, ...], moved: str) -> None:
    made = exchange({"code": 0, "data": {"voice_id": "7"}}, operation="create", step=str(Step.CREATE))
    lists = [
        exchange({"data": {"voice_list": [{"voice_id": "7", "update_time": time}]}}, step=str(step))
        for step, time in zip((Step.CREATE, Step.RETRAIN), times, strict=False)
    ]
    assert seen("coze", "`update_time` after a retraining", made, *lists) == moved


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("复刻音色-def12", "the last 5 of the ID"),
        ("复刻音色-QWERT", "5 characters that are not the end of the ID"),
        ("voice", "another form"),
    ],
)
def test_the_form_of_a_default_name(name: str, form: str) -> None:
    made = exchange(
        {"code": 0, "data": {"id": "abcdef12", "name": name, "state": "Init"}}, operation="create"
    )
    assert seen("qiniu", "default name, after `复刻音色-`", made) == form


def test_a_create_that_is_refused_shows_which_body_is_not_taken() -> None:
    refused = exchange({"code": 400}, status=400, operation="create", sent={"model_id": "QN_ACV"})
    assert seen("qiniu", "body of the create", refused) == "`model_id` is refused: HTTP 400, code `400`"


def test_a_deletion_that_is_not_over() -> None:
    answer = exchange({"code": 0, "data": {"task_status": "submitted"}}, operation="delete")
    assert seen("kling", "`task_status` of a deletion", answer) == "`submitted`"


def test_a_deletion_without_data() -> None:
    assert (
        seen("kling", "`task_status` of a deletion", exchange({"code": 0}, operation="delete")) == "`absent`"
    )


@pytest.mark.parametrize(("name", "shown"), [("verify-1", "the new one"), ("复刻音色-def12", "the old one")])
def test_the_name_in_a_trainings_reply(name: str, shown: str) -> None:
    trained = exchange({"code": 0, "data": {"name": name}}, operation="train", sent={"name": "verify-1"})
    assert seen("qiniu", "`name` in a training's reply", trained) == shown


def test_a_deleted_task_that_keeps_its_voice() -> None:
    task = {"task_id": "9", "task_status": "succeed", "task_result": {"voices": [{"status": "deleted"}]}}
    made = exchange({"code": 0, "data": {"task_id": "9"}}, operation="create", step=str(Step.CREATE))
    read = exchange({"code": 0, "data": task}, url="https://api.example/v1/x/9", step=str(Step.AFTER))
    shown = seen("kling", "a deleted voice's task", made, read)
    assert shown == "stays, with its voice, whose status is `deleted`"


def test_nothing_is_made_of_nothing() -> None:
    assert sum(len(subject.questions) for subject in SUBJECTS.values()) > 40
    for subject in SUBJECTS.values():
        assert {question.seen([]) for question in subject.questions} == {""}
        assert {question.seen([exchange(status=None, error="reset")]) for question in subject.questions} == {
            ""
        }


def test_a_table_is_one_line_a_row() -> None:
    def odd(_: object) -> str:
        raise KeyError("x")

    rows = [
        Question("a|b", ("one", "two"), lambda _: questions.code("x|`y`\nz")),
        Question("c", ("one",), lambda _: ""),
        Question("d", ("one",), odd),
    ]
    lines = questions.table(rows, []).splitlines()
    assert lines[2:] == [
        "| a\\|b | one; two | `x\\|'y' z` |",
        f"| c | one | {NOT_SEEN} |",
        "| d | one | an answer of an unknown shape (KeyError) |",
    ]


def test_presence_and_kinds() -> None:
    assert questions.presence([{"a": 1}, {}, {"a": None}], "a") == f"{PRESENT}; {ABSENT}"
    values: list[object] = [True, 1, 1.5, "1", {}, None]
    assert [questions.kind(value) for value in values] == [
        "boolean",
        "number",
        "number",
        "text",
        "object",
        "",
    ]


NAMES = (
    *("code", "data", "voices", "voice_list", "voice_id", "task_id", "task_status", "task_result", "state"),
    *(
        "Result",
        "Statuses",
        "SpeakerID",
        "State",
        "Version",
        "status",
        "BaseResp",
        "StatusCode",
        "id",
        "name",
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "init", "succeed", "Unknown", "S_1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
EXCHANGES = st.builds(
    exchange,
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5) | st.none(),
    step=st.sampled_from([str(step) for step in Step]),
    operation=st.sampled_from(["create", "train", "read", "list", "delete"]),
    url=st.sampled_from(
        [f"https://api.example{path}" for path in ("/x/mega_tts/status", "/x/voice_clone", "/S_1")]
    ),
    sent=st.none() | st.just({"speaker_id": "S_1"}),
    status=st.sampled_from([None, 200, 404]),
)


@given(st.lists(EXCHANGES, max_size=4))
def test_no_answer_breaks_a_row(exchanges: list[Exchange]) -> None:
    for subject in SUBJECTS.values():
        for question in subject.questions:
            assert "\n" not in question.seen(exchanges)


def test_the_page_tells_every_option() -> None:
    page = (Path(__file__).parents[2] / "docs" / "verify.md").read_text("utf-8")
    assert {option for option in options_of(command.command) if f"`{option}" not in page} == set()


# A walk that meets a fault.


class Way:
    """A walk at a vendor without a wire."""

    def __init__(self, world: World, key: str) -> None:
        self.world = world
        self.vendor = VENDORS[key]
        self.cancelled = threading.Event()
        self.said: list[str] = []
        self.connection = self.connect()
        self.recorder = Recorder((), world.clock)
        self.walk = Walk(self.connection, self.recorder, world.clock, self.cancelled, self.said.append)

    def connect(self) -> Any:
        return self.vendor.connect(VendorConfig(), self.cancelled, self.world.clock)

    def order(self) -> Order:
        takes_file = "audio" in self.vendor.facts.sample_inputs
        inputs = {} if takes_file else {"audioUrl": "https://h.example/a.wav"}
        sample = Sample(b"RIFF" + bytes(44) + b"sound", "wav", "a.wav") if takes_file else None
        handle = "voiceclone-" + "0" * 32
        model = self.vendor.Inputs.model_validate(inputs)
        return Order(inputs=model, name="verify-1", auto_named=False, handle=handle, sample=sample)

    def spend(self) -> None:
        self.walk.look()
        slots = self.vendor.facts.recovery.slot_input
        order = self.order()
        self.walk.spend(order, self.connection.claim(order, (), reserve=False) if slots else None)


@pytest.fixture(params=sorted(FLAVOURS))
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Way:
    return Way(account(monkeypatch, request.param), request.param)


def once(way: Way) -> str:
    """What costs first."""
    return "train" if way.vendor.facts.recovery.slot_input else "create"


def test_a_whole_walk(way: Way) -> None:
    way.spend()
    facts = way.vendor.facts
    changes = [change for change in way.world.changes if change != "create"]
    trained = ["train"] * (2 if facts.retrains else 0)
    if facts.recovery.create_trains and facts.retrains:
        trained = trained[1:]
    assert changes == trained + (["delete"] if facts.deletes else [])
    assert way.walk.left.anything is not facts.deletes


@pytest.mark.parametrize("lost", ["before", "after", "late"])
def test_a_lost_answer_ends_the_walk_and_the_voice_is_looked_for(way: Way, lost: str) -> None:
    way.world.lose[once(way)].append(lost)
    with pytest.raises(UnconfirmedError):
        way.spend()
    assert way.world.changes == [once(way)]
    left = way.walk.left
    assert left.anything
    if left.voice_id:
        return
    found = way.walk.search(way.connect(), way.order(), patient=True)
    assert found == ([] if lost == "before" else [way.world.only.voice_id])


@pytest.mark.parametrize("way", ["coze", "qiniu", "kling"], indirect=True)
def test_a_refusal_leaves_nothing(way: Way) -> None:
    way.world.raises["create"].append(SampleRefusedError("too much noise"))
    with pytest.raises(SampleRefusedError):
        way.spend()
    assert not way.walk.left.anything


def test_a_failed_training_leaves_the_voice(way: Way) -> None:
    order = way.order()
    way.world.bad.add(order.sample.data.decode("latin-1")[44:] if order.sample else order.inputs.audio_url)
    with pytest.raises((PermanentError, TemporaryError)):
        way.spend()
    assert way.walk.left.voice_id in way.world.voices
    assert way.walk.left.trainings == 1


def test_stopped_in_a_training_it_keeps_the_voice(way: Way) -> None:
    way.world.endless = True
    way.world.on[once(way)] = way.cancelled.set
    with pytest.raises(CancelledError):
        way.spend()
    assert way.walk.left.voice_id in way.world.voices


@pytest.mark.parametrize("way", ["volcengine", "qiniu", "kling"], indirect=True)
def test_a_training_without_an_end_ends_with_the_vendors_time(way: Way) -> None:
    way.world.endless = True
    with pytest.raises(TemporaryError, match="not over"):
        way.spend()
    assert way.walk.left.trainings == 1


def test_a_counter_that_does_not_move_does_not_hold_the_walk(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it moves is a question that the walk is there to answer."""
    monkeypatch.setattr(way.vendor, "trainings_between", classmethod(lambda cls, base, version: 0))
    way.spend()
    assert way.walk.left.anything is not way.vendor.facts.deletes


def test_a_read_that_fails_for_a_moment_does_not_end_the_walk(way: Way) -> None:
    way.world.on[once(way)] = lambda: way.world.raises["observe"].append(TemporaryError("busy"))
    way.spend()
    assert way.world.raises["observe"] == []


@pytest.mark.parametrize("way", ["qiniu"], indirect=True)
def test_a_voice_that_the_vendor_keeps_is_left(way: Way) -> None:
    way.world.on["create"] = lambda: way.world.paid.update(way.world.voices)
    way.spend()
    assert way.walk.left.anything
    assert "The vendor keeps the voice" in way.said[-1]


def test_a_look_reads_what_is_ready_and_what_never_was(way: Way) -> None:
    way.world.trained(voice_id="ready")
    way.world.make(voice_id="new", status=Status.PENDING)
    way.walk.look("named")
    assert way.world.changes == []
    assert {"ready", "new"} <= way.walk.before
    assert way.world.count("observe") >= 3
