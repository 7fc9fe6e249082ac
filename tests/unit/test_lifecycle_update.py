"""Update: the same voice is trained again, renamed or only waited for, whatever is missing."""

from __future__ import annotations

from typing import Any

import pytest
from memory_vendor import FLAVOURS, KEYS_REFUSED
from stack import Fixture
from test_lifecycle_create import trained_on

from voiceclone_provider.core.errors import (
    CancelledError,
    InitFailedError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from voiceclone_provider.core.pace import limit
from voiceclone_provider.core.values import UNKNOWN
from voiceclone_provider.vendors.base import Budget, Status

RETRAINING = ["volcengine", "coze", "qiniu"]


@pytest.mark.parametrize("key", RETRAINING)
def test_a_changed_sample_trains_the_same_voice_again(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    before = dict(stack.state, voice=stack.voice_id)
    stack.world.sent.clear()
    difference = stack.up("second")
    assert difference is not None
    assert difference.replaces == []
    assert stack.world.changes == ["train"]
    assert stack.voice_id == before["voice"]
    assert trained_on(stack, "first", "second")
    assert stack.state["trainedOn"] != before["trainedOn"]
    assert stack.state["previewUrl"] != before["previewUrl"]
    assert stack.state["voiceId"] == before["voiceId"]


def test_a_changed_sample_replaces_where_the_vendor_cannot_train_again(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    old = stack.voice_id
    difference = stack.up("second")
    assert difference is not None
    assert difference.replaces == ["audioUrl"]
    assert stack.world.changes == ["create", "create", "delete"]
    assert stack.world.voices[old].gone
    assert trained_on(stack, "second")


@pytest.mark.parametrize("change", [{"name": "another"}, {"retrainTriggers": ["again"]}])
def test_a_replacement_of_something_by_its_equal_does_not_adopt_what_it_replaces(
    stack_at: Fixture, change: dict[str, Any]
) -> None:
    stack = stack_at("kling")
    stack.up("first")
    old = stack.voice_id
    stack.up("first", **change)
    assert stack.voice_id != old
    assert stack.world.changes == ["create", "create", "delete"]
    assert [voice.voice_id for voice in stack.world.living] == [stack.voice_id]


def test_a_replacement_whose_reply_was_lost_is_found_by_the_next_run(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    stack.world.on["create"] = lambda: stack.kill()
    stack.killed("first", name="another")
    stack.up("first", name="another")
    assert stack.world.changes == ["create", "create", "delete"]
    assert len(stack.world.living) == 1


@pytest.mark.parametrize("key", RETRAINING)
def test_preview_of_a_retraining_keeps_the_id_and_tells_no_more(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    planned = stack.preview("second")
    assert planned is not None
    assert planned["voiceId"] == stack.voice_id
    assert planned["createdAt" if "createdAt" in stack.state else "account"] is not UNKNOWN
    assert {planned[name] for name in ("status", "trainedOn", "trainedVersion", "previewUrl")} == {UNKNOWN}
    assert stack.world.changes == []


@pytest.mark.parametrize("key", RETRAINING)
def test_preview_with_an_unknown_sample_asks_nobody(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    planned = stack.preview(**{stack.vendor.facts.sample_inputs[0]: UNKNOWN})
    assert planned is not None
    assert planned["voiceId"] == stack.voice_id
    assert stack.world.sent == []


@pytest.mark.parametrize("key", ["volcengine", "coze"])
@pytest.mark.parametrize(
    ("left", "told"),
    [
        (9, "this update uses one of 9 remaining trainings"),
        (2, "this update uses one of 2 remaining trainings"),
        (1, "this update uses the last remaining training"),
    ],
)
def test_preview_tells_the_budget(stack_at: Fixture, key: str, left: int, told: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.voices[stack.voice_id].left = left
    stack.preview("second")
    assert any(told in line for line in stack.log.warnings)


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (8, "this update uses one of 8 remaining trainings of the quota"),
        (1, "this update uses the last remaining training of the quota"),
        (0, "this update needs a training, and none is left of the quota: buy more"),
    ],
)
def test_preview_tells_what_the_account_has_left_for_all_voices(
    stack_at: Fixture, left: int, told: str
) -> None:
    stack = stack_at("qiniu")
    stack.world.budget = Budget(left, "the quota")
    stack.preview("first")
    assert [told in line for line in stack.log.warnings] == [True]
    stack.up("first")
    stack.preview("second")
    assert [told in line for line in stack.log.warnings] == [True]
    stack.preview("first", name="another")
    assert stack.log.warnings == [], "a rename uses nothing up"


@pytest.mark.parametrize("trouble", [None, KEYS_REFUSED, PermanentError("no"), TemporaryError("down")])
def test_no_preview_fails_for_want_of_a_quota(stack_at: Fixture, trouble: VoiceError | None) -> None:
    stack = stack_at("qiniu")
    stack.world.budget = trouble
    stack.preview("first")
    assert stack.log.warnings == []
    stack.up("first")
    stack.preview("second")
    assert any("remaining trainings unknown" in line for line in stack.log.warnings)


def test_ctrl_c_ends_a_preview_that_reads_quotas(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stack.world.budget = CancelledError("stopped")
    with pytest.raises(CancelledError):
        stack.preview("first")


def test_a_preview_does_not_wait_long_for_quotas(stack_at: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = stack_at("qiniu")
    given: list[float] = []

    def budget(self: object, inputs: object, seen: object) -> None:
        given.append(limit.until - stack.world.clock.monotonic())

    monkeypatch.setattr(stack.vendor, "budget", budget)
    stack.preview("first")
    stack.timeout = 2.0
    stack.preview("first")
    assert given == [5.0, 2.0]


@pytest.mark.parametrize(("policy", "told"), [("delete", True), ("fail", True), ("retain", False)])
def test_a_preview_of_a_replacement_says_that_the_former_voice_is_lost(
    stack_at: Fixture, policy: str, told: bool
) -> None:
    stack = stack_at("qiniu")
    stack.preview("first", language="zh", deletionPolicy=policy)
    assert stack.log.warnings == []
    stack.up("first", language="zh", deletionPolicy=policy)
    stack.preview("first", language="en", deletionPolicy="delete")
    assert any("Qiniu cannot restore" in line for line in stack.log.warnings) is told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"left": 0}, "no trainings are left"),
        ({"status": Status.LOCKED}, "locked"),
        ({"status": Status.EXPIRED}, "expired"),
    ],
)
@pytest.mark.parametrize("preview", [True, False])
def test_a_voice_that_cannot_be_trained_is_told_before_anything_is_sent(
    stack_at: Fixture, change: dict[str, object], told: str, preview: bool
) -> None:
    stack = stack_at("volcengine")
    stack.up("first")
    stack.world.sent.clear()
    for name, value in change.items():
        setattr(stack.world.voices[stack.voice_id], name, value)
    with pytest.raises((PermanentError, InitFailedError), match=told):
        stack.up("second", preview=preview)
    assert stack.world.changes == []
    if told == "locked":  # going back to what it was trained on is no change
        stack.refresh()
        assert stack.state["status"] == "Locked"
        stack.up("first")
        assert stack.world.changes == []


@pytest.mark.parametrize("key", RETRAINING)
def test_an_old_success_seen_right_after_the_upload_does_not_count(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.looks = 0
    stack.world.on["train"] = lambda: setattr(stack.world, "stale", 3)
    stack.up("second")
    assert trained_on(stack, "first", "second")
    assert stack.state["status"] == "Ready"
    if key != "qiniu":
        assert stack.state["trainedVersion"] == {"volcengine": "V2/8/1002@console", "coze": "8/1002"}[key]


@pytest.mark.parametrize("key", RETRAINING)
def test_a_failed_retraining_is_not_sent_again_and_another_sample_is(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    stack.world.bad.add(stack.heard("noisy"))
    told = stack.interrupted("noisy")
    assert isinstance(told, InitFailedError)
    assert isinstance(told.cause, SampleRefusedError)
    for preview in (True, False):
        with pytest.raises((InitFailedError, SampleRefusedError), match="already failed: too much noise"):
            stack.up("noisy", preview=preview)
    assert stack.world.changes == ["train"]
    stack.up("third")
    assert stack.world.changes == ["train", "train"]
    assert trained_on(stack, "first", "third")
    assert {"failedOn", "lastError", "pendingTraining"} & stack.state.keys() == set()


@pytest.mark.parametrize("key", RETRAINING)
def test_an_old_failure_seen_right_after_the_upload_does_not_count(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.bad.add(stack.heard("noisy"))
    stack.interrupted("noisy")
    stack.world.on["train"] = lambda: setattr(stack.world, "stale", 3)
    stack.up("third", preview=False)
    assert trained_on(stack, "first", "third")


@pytest.mark.parametrize("key", RETRAINING)
def test_going_back_after_a_failure_trains_the_old_sample_where_the_voice_is_broken(
    stack_at: Fixture, key: str
) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.bad.add(stack.heard("noisy"))
    stack.interrupted("noisy")
    stack.up("first")
    assert stack.state["status"] == "Ready"
    assert trained_on(stack, "first", "first")


@pytest.mark.parametrize("key", RETRAINING)
def test_a_sample_that_changed_while_the_first_still_trains_waits_its_turn(
    stack_at: Fixture, key: str
) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    stack.world.endless, stack.timeout = True, 0.05
    stack.interrupted("second")
    stack.world.endless, stack.timeout = False, 3.0
    stack.up("third")
    assert stack.world.changes == ["train", "train"]
    assert trained_on(stack, "first", "second", "third")


@pytest.mark.parametrize("key", RETRAINING)
def test_going_back_while_the_other_sample_still_trains_ends_on_the_declared_one(
    stack_at: Fixture, key: str
) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.endless, stack.timeout = True, 0.05
    stack.interrupted("second")
    stack.world.endless, stack.timeout = False, 3.0
    stack.up("first")
    assert trained_on(stack, "first", "second", "first")


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("key", RETRAINING)
def test_a_training_that_ends_after_the_time_out_is_ours(stack_at: Fixture, key: str, ended: bool) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    stack.world.endless, stack.timeout = True, 0.05
    stack.interrupted("second")
    stack.world.endless, stack.timeout = False, 3.0
    stack.world.clock.advance(3600.0)
    if ended:
        stack.world.succeed(stack.world.voices[stack.voice_id], stack.heard("second"))
    for _ in range(4):
        stack.refresh()
    assert stack.state["status"] == "Ready"
    assert stack.state["trainedOn"] != "external"
    stack.world.sent.clear()
    stack.up("second")
    assert stack.world.changes == []
    assert trained_on(stack, "first", "second")


@pytest.mark.parametrize("key", ["volcengine", "coze"])
def test_a_stranger_who_trains_at_the_same_time_is_noticed(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    voice = stack.world.voices[stack.voice_id]
    stack.world.on["train"] = lambda: stack.world.trained_beside(stack.voice_id)
    if key == "volcengine":
        assert "somebody else trained the voice at the same time" in str(stack.interrupted("second"))
        assert stack.state["trainedOn"] == "external"
    else:  # where a training cannot be seen, the first that ends is taken for ours
        stack.up("second", preview=False)
        for _ in range(4):
            stack.refresh()
        assert stack.state["trainedOn"] == "external"
    stack.up("second")
    assert voice.samples == [stack.heard("first"), "a stranger's", *[stack.heard("second")] * 2]
    assert len(stack.state["trainedOn"]) == 64


def test_a_stranger_in_training_is_waited_for(stack_at: Fixture) -> None:
    stack = stack_at("volcengine")
    stack.up("first")
    voice = stack.world.voices[stack.voice_id]
    voice.status, voice.training, voice.looks = Status.TRAINING, "a stranger's", 3
    stack.up("second")
    assert voice.samples == [stack.heard("first"), "a stranger's", stack.heard("second")]


@pytest.mark.parametrize("key", RETRAINING)
def test_a_reply_lost_before_the_effect_is_sent_again_by_the_next_run_only(
    stack_at: Fixture, key: str
) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    stack.world.lose["train"].append("before")
    told = stack.interrupted("second")
    assert isinstance(told, InitFailedError)
    assert isinstance(told.cause, UnconfirmedError)
    assert stack.world.changes == ["train"]
    stack.up("second")
    assert stack.world.changes == ["train", "train"]
    assert trained_on(stack, "first", "second")


@pytest.mark.parametrize("key", RETRAINING)
def test_a_reply_lost_after_the_effect_is_one_training(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    stack.world.lose["train"].append("after")
    stack.up("second")
    assert stack.world.changes == ["train"]
    assert trained_on(stack, "first", "second")


@pytest.mark.parametrize("key", RETRAINING)
def test_a_training_that_begins_after_the_gateway_gave_up_is_waited_for(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    stack.world.lose["train"].append("late")
    stack.up("second", preview=False)
    assert stack.world.changes == ["train"]
    assert trained_on(stack, "first", "second")


@pytest.mark.parametrize("key", RETRAINING)
def test_a_vendor_that_did_not_take_the_sample_leaves_the_old_training(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    trained = stack.state["trainedOn"]
    stack.world.raises["train"].append(TemporaryError("too many requests", accepted=False))
    told = stack.interrupted("second")
    assert isinstance(told, InitFailedError)
    assert stack.state["trainedOn"] == trained
    assert stack.state["status"] == "Ready"
    assert "pendingTraining" not in stack.state
    stack.up("second")
    assert trained_on(stack, "first", "second")


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_free_input_calls_nothing_that_changes_anything(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    stack.up("first", deletionPolicy="fail")
    assert stack.world.changes == []
    assert stack.state["deletionPolicy"] == "fail"
    assert stack.inputs is not None
    assert stack.inputs["deletionPolicy"] == "fail"


def test_a_new_name_is_a_rename_where_that_is_free(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stack.up("first")
    stack.world.sent.clear()
    planned = stack.preview("first", name="new")
    assert planned is not None
    assert planned["name"] == "new"
    assert planned["status"] == "Ready"
    stack.up("first", name="new")
    assert stack.world.changes == ["rename"]
    assert stack.world.only.name == stack.state["name"] == "new"


def test_a_new_name_beside_a_new_sample_goes_with_the_training(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stack.up("first")
    stack.world.sent.clear()
    stack.up("second", name="new")
    assert stack.world.changes == ["train"]
    assert stack.world.only.name == stack.state["name"] == "new"


def test_a_new_name_is_a_training_where_there_is_no_other_way(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.up("first")
    stack.world.sent.clear()
    stack.up("first", name="new")
    assert stack.world.changes == ["train"]
    assert stack.world.only.name == "new"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_rename_whose_reply_is_lost_is_sent_once_more(stack_at: Fixture, when: str) -> None:
    stack = stack_at("qiniu")
    stack.up("first")
    stack.world.lose["rename"].append(when)
    stack.up("first", name="new")
    assert stack.world.count("rename") == 2
    assert stack.world.only.name == "new"


def test_a_rename_that_fails_for_good_keeps_what_is_known(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stack.up("first")
    stack.world.lose["rename"] += ["before", "before"]
    stack.interrupted("first", name="new")
    assert stack.failed
    assert stack.state["status"] == "Ready"
    stack.up("first", name="new")
    assert stack.world.only.name == "new"
    assert stack.world.count("train") == 1


@pytest.mark.parametrize("key", RETRAINING)
def test_a_voice_that_is_gone_stops_the_update(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.voices[stack.voice_id].gone = True
    for preview in (True, False):
        with pytest.raises(NotFoundError, match="pulumi refresh"):
            stack.up("second", preview=preview)
    assert stack.world.count("train") == (0 if key == "coze" else 1)


@pytest.mark.parametrize("key", RETRAINING)
def test_a_list_that_lacks_a_voice_is_no_proof_that_it_is_gone(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    voice = stack.world.voices[stack.voice_id]
    voice.gone = True  # as an old listing shows it, and the next call does not
    stack.world.on["is_gone"] = lambda: setattr(voice, "gone", False)
    with pytest.raises(TemporaryError, match="contradict each other"):
        stack.up("second", preview=False)
    stack.up("second")
    assert voice.samples == [stack.heard("first"), stack.heard("second")]


@pytest.mark.parametrize("key", RETRAINING)
def test_a_sample_that_is_not_declared_any_more_leaves_the_voice_alone(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    stack.up()
    stack.up(deletionPolicy="fail")
    assert stack.world.changes == []
    assert stack.state["deletionPolicy"] == "fail"


@pytest.mark.parametrize("key", ["volcengine", "coze"])
def test_a_stranger_may_train_a_voice_whose_sample_is_not_declared(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.up()
    stack.world.retrain_elsewhere(stack.voice_id)
    stack.world.sent.clear()
    stack.up(deletionPolicy="fail")
    assert stack.world.changes == []
    assert not stack.failed
    assert stack.state["trainedOn"] == "external"


@pytest.mark.parametrize("key", RETRAINING)
def test_preview_goes_on_where_the_vendor_is_down(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.raises["observe"].append(TemporaryError("the vendor is down"))
    assert stack.preview("second") is not None
    assert any("could not look" in line for line in stack.log.warnings)


@pytest.mark.parametrize("key", RETRAINING)
def test_an_update_where_the_vendor_is_down_changes_nothing(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    before = dict(stack.state)
    stack.world.raises["observe"].append(TemporaryError("the vendor is down"))
    assert isinstance(stack.interrupted("second"), TemporaryError)
    assert stack.state == before
    assert not stack.failed


@pytest.mark.parametrize("key", RETRAINING)
def test_a_state_of_an_older_version_is_gone_on_with(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    odd: dict[str, Any]
    for odd in (
        {"pendingTraining": None},
        {"pendingTraining": {}},
        {"pendingTraining": "odd"},
        {"pendingTraining": {"fingerprint": "x", "startedAt": None}},
        {"trainedVersion": None},
        {"status": None},
        {"lastError": 5, "failedOn": None},
    ):
        stack.state = {**stack.state, **odd}
        stack.start()
        stack.diff(stack.sample("first"))
        assert stack.refresh()
        stack.up("first")
        assert stack.state["status"] == "Ready"


def test_a_voice_deleted_while_it_is_in_training_ends_the_wait(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stack.world.endless, stack.timeout = True, 60.0
    stack.world.on["train"] = lambda: setattr(stack.world.only, "gone", True)
    error = stack.interrupted("first")
    assert "deleted while it was in training" in str(error)
    assert stack.world.changes == ["create", "train"]


@pytest.mark.parametrize("key", RETRAINING)
def test_a_failed_training_is_reported_although_its_sample_is_not_declared_any_more(
    stack_at: Fixture, key: str
) -> None:
    """The voice stays on what it was trained on: there is no other sample to train it on."""
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    stack.world.bad.add(stack.heard("noisy"))
    stack.world.endless, stack.timeout = True, 0.05
    stack.interrupted("noisy")
    stack.world.endless, stack.timeout = False, 3.0
    stopped = stack.interrupted()
    assert isinstance(stopped, InitFailedError)
    assert isinstance(stopped.cause, SampleRefusedError)
    assert "too much noise" in str(stopped)
    again = stack.interrupted()
    assert isinstance(again, InitFailedError)
    assert "the voice is failed: too much noise" in str(again)
    assert stack.world.changes == ["train"]


@pytest.mark.parametrize("key", RETRAINING)
def test_a_list_that_lags_ends_no_wait(stack_at: Fixture, key: str) -> None:
    """A voice that is missing for a moment, twice, was not deleted; a settle time lies between."""
    stack = stack_at(key)
    stack.up("first")
    world, voice = stack.world, stack.world.voices[stack.voice_id]
    world.endless, stack.timeout = True, 600.0
    hidden = [True, False, True, False]

    def flicker() -> None:
        voice.gone = hidden.pop(0)
        world.clock.advance(0.0 if voice.gone else 60.0)
        world.endless = bool(hidden)
        if hidden:
            world.on["observe"] = flicker

    world.on["train"] = lambda: world.on.update(observe=flicker)
    stack.up("second", preview=False)
    assert hidden == []
    assert trained_on(stack, "first", "second")


def test_a_training_that_cannot_be_seen_is_looked_for_longer(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.up("first")
    world = stack.world
    world.lose["train"].append("after")
    world.endless, began = True, world.clock.now()

    def look() -> None:
        world.endless = world.clock.now() - began < 60.0
        if world.endless:
            world.on["observe"] = look

    world.on["train"] = lambda: world.on.update(observe=look)
    stack.up("second", preview=False)
    assert world.count("train") == 1
    assert trained_on(stack, "first", "second")


@pytest.mark.parametrize(("key", "at_most"), [("volcengine", 30.0), ("qiniu", 40.0), ("coze", 130.0)])
def test_a_lost_training_is_looked_for_as_long_as_it_could_be_invisible(
    stack_at: Fixture, key: str, at_most: float
) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.lose["train"].append("before")
    began = stack.world.clock.now()
    stopped = stack.interrupted("second")
    assert isinstance(stopped, InitFailedError)
    assert isinstance(stopped.cause, UnconfirmedError)
    assert stack.vendor.facts.settle < stack.world.clock.now() - began < at_most


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("key", ["volcengine"])
def test_an_accepted_training_that_never_shows_is_an_error_once_and_sent_again_then(
    stack_at: Fixture, monkeypatch: pytest.MonkeyPatch, key: str, killed: bool
) -> None:
    stack = stack_at(key)
    began = stack.world.clock.now()
    with monkeypatch.context() as broken:
        broken.setattr(stack.vendor, "begin", lambda *given: None)
        if killed:
            stack.world.on["observe"] = lambda: stack.kill()
            stack.killed("first")
        stopped = stack.interrupted("first")
    assert isinstance(stopped, InitFailedError)
    assert isinstance(stopped.cause, UnconfirmedError)
    assert stack.world.clock.now() - began < 60.0
    assert stack.world.count("train") == 1
    planned = stack.preview("first")
    assert planned is not None
    assert any("this update uses" in line for line in stack.log.warnings)
    stack.up("first")
    assert stack.world.count("train") == 2
    assert trained_on(stack, "first")


@pytest.mark.parametrize("key", ["volcengine", "qiniu"])
def test_an_accepted_training_that_shows_late_is_found_by_the_next_run(
    stack_at: Fixture, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    stack = stack_at(key)
    stack.timeout = 600.0  # Qiniu waits for as long
    with monkeypatch.context() as broken:
        broken.setattr(stack.vendor, "begin", lambda *given: None)
        stack.interrupted("first")
    stack.world.succeed(stack.world.voices[stack.voice_id], stack.heard("first"))
    stack.up("first")
    assert stack.world.count("train") == 1
    assert trained_on(stack, "first")
