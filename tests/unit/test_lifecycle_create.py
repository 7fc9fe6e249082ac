"""Create: one voice, one training, whatever happens to replies."""

from __future__ import annotations

import re
from typing import Any

import pytest
from memory_vendor import FLAVOURS
from stack import Fixture, Stack

from voiceclone_provider.core.errors import (
    CredentialsError,
    InitFailedError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
)
from voiceclone_provider.core.values import UNKNOWN

MAKING = {
    "volcengine": ["train"],
    "coze": ["create"],
    "qiniu": ["create", "train"],
    "kling": ["create"],
}
"""What making one trained voice costs."""


def trained_on(stack: Stack, *texts: str) -> bool:
    """Whether there is one trained voice, trained on these samples in this order and on no other."""
    voices = [voice for voice in stack.world.living if voice.samples]
    return len(voices) == 1 and voices[0].samples == [stack.heard(text) for text in texts]


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_create_makes_and_trains_one_voice(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    assert stack.world.changes == MAKING[key]
    assert trained_on(stack, "first")
    assert stack.state["status"] == "Ready"
    assert len(stack.state["trainedOn"]) == 64
    assert stack.state["account"] == "memory"
    assert stack.state["voiceId"] in (stack.voice_id, f"own-{stack.voice_id}")
    assert "pendingTraining" not in stack.state
    assert "lastError" not in stack.state


@pytest.mark.parametrize("key", FLAVOURS)
def test_nothing_changed_costs_no_call_at_all(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    difference = stack.up("first")
    assert difference is not None
    assert difference.changes == {}
    assert stack.world.sent == []


@pytest.mark.parametrize("key", FLAVOURS)
def test_preview_changes_nothing_and_promises_no_more_than_it_knows(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    planned = stack.preview("first", retrainTriggers=["one"])
    assert planned is not None
    assert stack.world.changes == []
    assert planned["retrainTriggers"] == ["one"]
    assert {planned[name] for name in ("voiceId", "status", "trainedOn", "account")} == {UNKNOWN}
    assert "pendingTraining" not in planned


@pytest.mark.parametrize("key", FLAVOURS)
def test_preview_with_an_unknown_sample_asks_nobody(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    sample = stack.vendor.facts.sample_inputs[0]
    planned = stack.preview(**{sample: UNKNOWN})
    assert planned is not None
    assert planned[sample] is UNKNOWN
    assert stack.world.sent == []


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("key", FLAVOURS)
def test_a_create_without_a_sample_is_refused_before_anything_is_sent(
    stack_at: Fixture, key: str, preview: bool
) -> None:
    stack = stack_at(key)
    with pytest.raises(PermanentError, match=f"{stack.vendor.facts.sample_inputs[0]}.* is required"):
        stack.up(preview=preview)
    assert stack.world.sent == []


LOST = [
    ("volcengine", "train", "before", ["train"]),
    ("volcengine", "train", "after", ["train"]),
    ("coze", "create", "after", ["create"]),
    ("qiniu", "create", "after", ["create", "train"]),
    ("qiniu", "train", "after", ["create", "train"]),
    ("qiniu", "train", "before", ["create", "train"]),
    ("kling", "create", "before", ["create", "create"]),
    ("kling", "create", "after", ["create"]),
]


@pytest.mark.parametrize(("key", "operation", "when", "sent"), LOST)
def test_after_a_lost_reply_the_next_run_has_one_voice_and_one_training(
    stack_at: Fixture, key: str, operation: str, when: str, sent: list[str]
) -> None:
    stack = stack_at(key)
    stack.world.lose[operation].append(when)
    if when == "after" or key == "kling":
        stack.up("first")  # within one run: what it did is found, or it is safe to send again
    else:
        told = stack.interrupted("first")
        assert isinstance(told, InitFailedError)
        assert isinstance(told.cause, UnconfirmedError)
        assert "looks again" in str(told)
        assert stack.world.changes == sent
        stack.up("first")
        sent = [*sent, operation]  # it provably did not happen
    assert stack.world.changes == sent
    assert trained_on(stack, "first")
    assert stack.state["status"] == "Ready"


@pytest.mark.parametrize(("key", "operation"), sorted({(key, operation) for key, operation, *_ in LOST}))
def test_an_effect_that_comes_after_the_gateway_gave_up_is_waited_for(
    stack_at: Fixture, key: str, operation: str
) -> None:
    stack = stack_at(key)
    stack.world.lose[operation].append("late")
    stack.up("first", preview=False)
    if key == "kling":  # the vendor refuses the second create, which then was the first
        assert set(stack.world.changes) == {"create"}
    else:
        assert stack.world.changes == MAKING[key]
    assert trained_on(stack, "first")


@pytest.mark.parametrize("key", ["coze", "qiniu"])
def test_a_create_that_shows_no_effect_is_unconfirmed_and_looked_for_by_the_next_run(
    stack_at: Fixture, key: str
) -> None:
    stack = stack_at(key)
    stack.world.lose["create"].append("before")
    told = stack.interrupted("first")
    assert isinstance(told, UnconfirmedError)
    assert "may or may not have been created" in str(told)
    assert stack.world.count("create") == 1
    assert not stack.voice_id
    stack.up("first")
    assert stack.world.count("create") == 2
    assert trained_on(stack, "first")


@pytest.mark.parametrize("key", ["coze", "qiniu"])
def test_a_lost_create_that_shows_late_is_found_by_the_next_run(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.lose["create"].append("after")
    stack.world.on["create"] = lambda: setattr(stack.world, "stale", 10_000)
    assert isinstance(stack.interrupted("first"), UnconfirmedError)
    stack.world.stale = 0
    stack.up("first")
    assert stack.world.count("create") == 1
    assert trained_on(stack, "first")


def test_without_a_journal_the_name_with_the_hash_finds_the_voice(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.keeps_journal = False
    stack.world.on["create"] = stack.kill
    stack.killed("first")
    stack.up("first")
    assert stack.world.count("create") == 1
    assert any("an earlier run created it" in line for line in stack.log.warnings)


def test_an_explicit_name_alone_is_no_mark_without_a_journal(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.keeps_journal = False
    stranger = stack.world.trained(name="narrator")
    stack.up("first", name="narrator", allowSameName=True)
    assert stack.world.count("create") == 1
    assert stack.voice_id != stranger.voice_id
    assert stranger.samples == ["a stranger's"]


def test_two_voices_with_our_mark_are_named_and_left(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    name = stack.checked(stack.sample("first"), None)["name"]
    for _ in range(2):
        stack.world.trained(name=name)
    stack.up("first", preview=False)
    assert "voice-1, voice-2" in stack.log.warnings[0]
    assert stack.world.changes == ["create"]
    assert stack.voice_id == "voice-3"


def test_a_second_voice_that_appears_after_a_lost_reply_is_not_guessed_at(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stack.world.lose["create"].append("after")

    def somebody_else_makes_one() -> None:
        stack.world.make(name="复刻音色-x")

    stack.world.on["create"] = somebody_else_makes_one
    told = stack.interrupted("first")
    assert isinstance(told, UnconfirmedError)
    assert "2 voices may be the one" in str(told)
    assert stack.world.changes == ["create"]


def test_a_voice_that_was_there_before_is_never_taken_for_the_new_one(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stranger = stack.world.make(name="复刻音色-x")
    stack.world.lose["create"].append("after")
    stack.up("first")
    assert stack.voice_id != stranger.voice_id
    assert stranger.samples == []


@pytest.mark.parametrize("key", ["volcengine", "coze", "qiniu"])
def test_a_failed_training_keeps_the_voice_and_is_not_sent_again(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.bad.add(stack.heard("noisy"))
    told = stack.interrupted("noisy")
    assert isinstance(told, InitFailedError)
    assert isinstance(told.cause, SampleRefusedError)
    assert "too much noise" in str(told)
    assert stack.voice_id
    assert stack.state["status"] == "Failed"
    assert stack.state["lastError"] == "too much noise"
    for preview in (True, False):
        with pytest.raises((InitFailedError, SampleRefusedError), match="already failed"):
            stack.up("noisy", preview=preview)
    assert stack.world.changes == MAKING[key]


@pytest.mark.parametrize("journal", [True, False])
def test_a_failed_training_that_leaves_no_voice_keeps_what_the_stack_has(
    stack_at: Fixture, journal: bool
) -> None:
    stack = stack_at("kling")
    stack.up("good")
    working = stack.checkpoint()
    stack.world.bad.add(stack.heard("noisy"))
    stack.keeps_journal = journal
    told = stack.interrupted("noisy")
    assert isinstance(told, SampleRefusedError)
    assert "the training failed: too much noise" in str(told)
    for preview in (True, False):
        with pytest.raises(SampleRefusedError, match="already failed: too much noise"):
            stack.up("noisy", preview=preview)
    assert stack.checkpoint() == working
    assert stack.world.changes == ["create", "create"]
    assert not stack.up("good").changes  # type: ignore[union-attr]
    stack.up("better")
    assert stack.world.changes == ["create", "create", "create", "delete"]


@pytest.mark.parametrize("key", FLAVOURS)
def test_another_sample_makes_up_for_a_failed_one(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.bad.add(stack.heard("noisy"))
    stack.interrupted("noisy")
    failed_id = stack.voice_id
    stack.up("clean")
    assert stack.state["status"] == "Ready"
    assert "lastError" not in stack.state
    assert "failedOn" not in stack.state
    if key == "kling":  # there is no voice that could be trained again
        assert failed_id == ""
        assert stack.world.changes == ["create", "create"]
    else:
        assert stack.voice_id == failed_id
        assert stack.world.changes == [*MAKING[key], "train"]
    assert trained_on(stack, "clean")


@pytest.mark.parametrize("key", FLAVOURS)
def test_retrain_triggers_allow_the_same_sample_again(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.bad.add(stack.heard("noisy"))
    stack.interrupted("noisy")
    stack.world.bad.clear()
    stack.up("noisy", retrainTriggers=["again"])
    assert stack.state["status"] == "Ready"


@pytest.mark.parametrize("key", ["coze", "kling"])
def test_a_sample_refused_at_once_made_nothing_and_is_not_sent_again(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.refused.add(stack.heard("noisy"))
    assert isinstance(stack.interrupted("noisy"), SampleRefusedError)
    assert not stack.voice_id
    for preview in (True, False):
        with pytest.raises(SampleRefusedError, match=r"already failed: too much noise \(code 1112\)"):
            stack.up("noisy", preview=preview)
    assert stack.world.changes == ["create"]
    stack.up("clean")
    assert stack.world.changes == ["create", "create"]


@pytest.mark.parametrize("key", ["volcengine", "qiniu"])
def test_a_sample_refused_at_once_in_a_place_keeps_the_place(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.refused.add(stack.heard("noisy"))
    assert isinstance(stack.interrupted("noisy"), InitFailedError)
    assert stack.voice_id
    assert stack.state["status"] == "Pending"
    with pytest.raises((InitFailedError, SampleRefusedError), match="already failed"):
        stack.up("noisy")
    place = stack.voice_id
    stack.up("clean")
    assert stack.voice_id == place
    assert stack.world.changes == [*MAKING[key], "train"]


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_time_out_keeps_the_voice_and_the_next_run_only_waits(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.endless, stack.timeout = True, 0.05
    told = stack.interrupted("first")
    assert isinstance(told, InitFailedError)
    assert isinstance(told.cause, TemporaryError)
    assert "customTimeouts" in str(told)
    assert stack.state["status"] == "Training"
    assert stack.state["pendingTraining"]["accepted"] is True
    stack.world.endless, stack.timeout = False, 3.0
    stack.up("first")
    assert stack.world.changes == MAKING[key]
    assert trained_on(stack, "first")
    assert "pendingTraining" not in stack.state


@pytest.mark.parametrize("key", FLAVOURS)
def test_no_keys_stop_before_anything_is_sent(
    stack_at: Fixture, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = stack_at(key)

    def missing(config: object) -> None:
        raise CredentialsError("no key is configured")

    monkeypatch.setattr(stack.vendor, "require_credentials", missing)
    with pytest.raises(CredentialsError):
        stack.up("first")
    assert stack.world.sent == []


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_vendor_that_cannot_be_read_does_not_lose_the_voice(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.timeout = 1.0
    stack.world.on["create" if key in ("coze", "kling") else "train"] = lambda: stack.world.raises[
        "observe"
    ].extend(TemporaryError("the vendor is down") for _ in range(1000))
    told = stack.interrupted("first")
    assert isinstance(told, InitFailedError)
    assert "cannot be read" in str(told)
    assert "the vendor is down" in str(told)
    stack.world.raises.clear()
    stack.timeout = 3.0
    stack.up("first")
    assert stack.world.changes == MAKING[key]


def test_a_slot_that_holds_a_voice_is_refused(stack_at: Fixture) -> None:
    stack = stack_at("volcengine")
    stack.world.trained(voice_id="S_9")
    for preview in (True, False):
        with pytest.raises(PermanentError, match="already holds a trained voice"):
            stack.up("first", speakerId="S_9", preview=preview)
    assert stack.world.changes == []


def test_overwriting_waits_for_the_new_training_and_not_for_the_old_success(stack_at: Fixture) -> None:
    stack = stack_at("volcengine")
    stack.world.trained(voice_id="S_9")
    stack.world.on["train"] = lambda: setattr(stack.world, "stale", 3)
    stack.up("first", speakerId="S_9", overwriteExisting=True)
    assert stack.world.voices["S_9"].samples == ["a stranger's", stack.heard("first")]
    assert stack.state["trainedVersion"] == "V2/8/1002@console"


def test_a_voice_that_was_bought_is_trained_in_place_of_a_new_one(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    bought = stack.world.make()
    stack.preview("first", voiceId=bought.voice_id)
    stack.up("first", voiceId=bought.voice_id)
    assert stack.world.changes == ["train"]
    assert stack.voice_id == stack.state["voiceId"] == bought.voice_id
    assert stack.up("first", voiceId=bought.voice_id) is not None
    stack.up("first")  # left out, it is whatever it is
    stack.up("first", voiceId=bought.voice_id)
    assert stack.world.changes == ["train"]
    stack.up("second", voiceId=bought.voice_id)
    assert stack.world.changes == ["train", "train"]
    another = stack.world.make()
    stack.up("second", voiceId=another.voice_id)
    assert (stack.voice_id, len(stack.world.living)) == (another.voice_id, 2)


@pytest.mark.parametrize("preview", [True, False])
def test_a_chosen_voice_that_is_trained_is_not_trained_over_unasked(stack_at: Fixture, preview: bool) -> None:
    stack = stack_at("coze")
    theirs = stack.world.trained()
    with pytest.raises(PermanentError, match="trained already"):
        stack.up("first", voiceId=theirs.voice_id, preview=preview)
    assert stack.world.changes == []
    stack.up("first", voiceId=theirs.voice_id, overwriteExisting=True)
    assert theirs.samples == ["a stranger's", stack.heard("first")]


def test_two_resources_do_not_get_one_bought_voice(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    bought = stack.world.make()
    stack.start().check("coze", stack.urn.replace("narrator", "host"), None, {"voiceId": bought.voice_id})
    news = stack.checked({**stack.sample("first"), "voiceId": bought.voice_id}, None)
    with pytest.raises(PermanentError, match="another resource"):
        stack._create(news, preview=False)
    assert stack.world.changes == []


def test_a_bought_voice_whose_sample_is_refused_is_as_free_as_before(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    bought = stack.world.make()
    stack.world.raises["train"].append(PermanentError("no credit"))
    with pytest.raises(PermanentError, match="no credit"):
        stack.up("first", voiceId=bought.voice_id, preview=False)
    assert not stack.voice_id
    assert stack.remembered == 0


def test_a_run_that_is_killed_while_it_trains_a_bought_voice_is_gone_on_with(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    bought = stack.world.make()
    stack.world.on["train"] = lambda: stack.kill()
    stack.killed("first", voiceId=bought.voice_id)
    stack.up("first", voiceId=bought.voice_id)
    assert stack.world.changes == ["train"]
    assert stack.voice_id == bought.voice_id


@pytest.mark.parametrize("declared", [True, False])
def test_a_retained_voice_that_was_chosen_is_taken_back(stack_at: Fixture, declared: bool) -> None:
    stack = stack_at("coze")
    bought = stack.world.make()
    stack.up("first", name="host", voiceId=bought.voice_id)
    stack.destroy()
    program: dict[str, Any] = {"voiceId": bought.voice_id} if declared else {}
    stack.up("first", name="host", **program)
    assert stack.voice_id == bought.voice_id
    assert stack.world.changes == ["train"]


@pytest.mark.parametrize(
    ("left", "told"), [(2, "one of 2 remaining trainings"), (0, "no trainings are left")]
)
def test_overwriting_tells_its_cost_at_preview(stack_at: Fixture, left: int, told: str) -> None:
    stack = stack_at("volcengine")
    stack.world.trained(voice_id="S_9").left = left
    refused = ""
    try:
        stack.preview("first", speakerId="S_9", overwriteExisting=True)
    except PermanentError as error:
        refused = str(error)
    assert bool(refused) is (left == 0)
    assert told in "\n".join([*stack.log.warnings, refused])


def test_a_chosen_task_id_of_a_deleted_voice_is_told_so(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.world.trained(handle="mine").gone = True
    with pytest.raises(PermanentError, match="a voice that is deleted"):
        stack.up("first", externalTaskId="mine", preview=False)
    assert stack.world.changes == []


def test_a_chosen_task_id_in_use_is_never_taken_over(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.world.trained(handle="mine")
    with pytest.raises(PermanentError, match="in use already"):
        stack.up("first", externalTaskId="mine", preview=False)
    assert stack.world.changes == []


def test_a_handle_of_a_deleted_voice_is_used_up_and_the_next_one_serves(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    stack.destroy()
    stack.up("first")
    assert stack.world.changes == ["create", "delete", "create"]
    handles = [voice.handle for voice in stack.world.voices.values()]
    assert len(set(handles)) == 2


def test_no_live_line_is_kept_and_progress_is_told(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.up("first")
    assert stack.log.lines == []
    assert "sending the sample" in stack.log.live


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_status_says_nothing_that_changes_with_time(stack_at: Fixture, key: str) -> None:
    """The engine shows for how long the operation runs; what a killed run began is older than that."""
    stack = stack_at(key)
    stack.world.looks = 60
    stack.world.on["observe" if key != "volcengine" else "train"] = lambda: stack.kill()
    stack.killed("first")
    stack.world.clock.advance(100.0)
    stack.up("first", preview=False)
    training = {line for line in stack.log.live if line.startswith("training")}
    (line,) = training
    assert re.fullmatch(r"training, begun 1m\d\ds before this run, usually .+", line)

    stack.up("second", preview=False)
    usual = f"training, usually {stack.vendor.facts.usual}"
    assert {line for line in stack.log.live if line.startswith("training")} == {usual}


def test_a_slot_that_another_resource_names_is_not_given_away(stack_at: Fixture) -> None:
    stack = stack_at("volcengine")
    stack.process.check("volcengine", f"{stack.urn}-other", None, {**stack.sample("x"), "speakerId": "S_1"})
    created = stack.process.create(
        "volcengine",
        stack.urn,
        stack.checked(stack.sample("first"), None),
        timeout=3,
        preview=False,
        reporter=stack.log,
    )
    assert created.voice_id == "S_2"


def test_a_preview_claims_no_other_slot_where_a_create_goes_on_with_one(stack_at: Fixture) -> None:
    """No slot is free any more, and none is needed."""
    stack = stack_at("volcengine")
    stack.world.on["observe"] = lambda: stack.kill()
    stack.killed("first")
    for voice in stack.world.living:
        if voice.training is None:
            stack.world.succeed(voice, "theirs")
    assert stack.preview("first") is not None
    stack.up("first")
    assert stack.world.changes == ["train"]
    assert stack.world.voices[stack.voice_id].samples == [stack.heard("first")]


def test_a_preview_claims_a_slot_where_a_state_has_the_one_in_the_journal(stack_at: Fixture) -> None:
    """What the create cannot go on with, the preview does not count on."""
    stack = stack_at("volcengine")
    stack.up("first")
    assert stack.remembered == 1
    stack.voice_id, stack.state, stack.inputs = "", {}, None  # `pulumi state delete`
    for voice in stack.world.living:
        if not voice.samples:
            stack.world.succeed(voice, "theirs")
    with pytest.raises(PermanentError, match="no free slot"):
        stack.preview("first")
    with pytest.raises(PermanentError, match="no free slot"):
        stack.up("first", preview=False)


def test_a_slot_that_nothing_was_sent_into_is_free_again(stack_at: Fixture) -> None:
    stack = stack_at("volcengine")
    stack.world.raises["train"].append(TemporaryError("too many requests", accepted=False))
    assert isinstance(stack.interrupted("first"), TemporaryError)
    assert (stack.voice_id, stack.remembered) == ("", 0)
    (slot,) = (call.voice for call in stack.world.sent if call.operation == "train")
    stack.world.retrain_elsewhere(slot)  # somebody else's by now
    stack.up("first")
    assert stack.voice_id != slot
    assert stack.world.voices[slot].samples == ["a stranger's"]


@pytest.mark.parametrize("key", ["coze", "qiniu", "kling"])
def test_a_create_that_was_not_sent_leaves_nothing_to_look_for(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.raises["create"].append(TemporaryError("too many requests", accepted=False))
    assert isinstance(stack.interrupted("first"), TemporaryError)
    assert stack.remembered == 0
    theirs = stack.world.make(name="narrator" if key == "coze" else "复刻音色-x")
    allowed = {} if key == "kling" else {"allowSameName": True}
    stack.up("first", name="narrator", **allowed)
    assert stack.voice_id != theirs.voice_id
    assert theirs.samples == []


def test_a_create_that_may_have_been_sent_is_looked_for_although_the_next_one_was_not(
    stack_at: Fixture,
) -> None:
    stack = stack_at("kling")
    stack.world.lose["create"].append("before")
    stack.world.on["create"] = lambda: stack.world.raises["create"].append(
        TemporaryError("too many requests", accepted=False)
    )
    assert isinstance(stack.interrupted("first"), TemporaryError)
    assert stack.remembered == 1


@pytest.mark.parametrize("key", ["coze", "qiniu"])
def test_a_run_that_sends_nothing_forgets_no_create_of_an_earlier_one(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.lose["create"].append("before")
    assert isinstance(stack.interrupted("first"), UnconfirmedError)
    stack.world.raises["list"].append(TemporaryError("the vendor is down"))
    assert isinstance(stack.interrupted("first"), TemporaryError)
    assert stack.remembered == 1


def test_a_slot_that_was_never_trained_is_trained_whatever_number_it_shows(stack_at: Fixture) -> None:
    """Some lists show no trainings where none was counted yet."""
    stack = stack_at("volcengine")
    stack.world.voices["S_1"].left = 0
    stack.up("first", speakerId="S_1")
    assert stack.world.voices["S_1"].samples == [stack.heard("first")]
