"""Read: what is at the vendor, gone only when proved, and import."""

from __future__ import annotations

from typing import Any

import pytest
from memory_vendor import FLAVOURS, KEYS_REFUSED
from stack import Fixture

from voiceclone_provider.core.errors import (
    CredentialsError,
    InitFailedError,
    PermanentError,
    TemporaryError,
    VoiceError,
)
from voiceclone_provider.vendors.base import Status

FAULTS: list[VoiceError] = [
    KEYS_REFUSED,
    TemporaryError("the vendor is down"),
    TemporaryError("too many requests", accepted=False),
    PermanentError("the account shows no voices at all"),
]


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_refresh_of_an_unchanged_voice_is_silent(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    before = (dict(stack.state), dict(stack.inputs or {}))
    for _ in range(2):
        assert stack.refresh()
    assert stack.inputs is not None
    assert stack.state.keys() == before[0].keys()
    changed = {name for name in before[0] if stack.state[name] != before[0][name]} - {"audio"}
    assert changed == set()
    assert stack.inputs.keys() == before[1].keys()
    assert not stack.failed
    stack.world.sent.clear()
    stack.up("first")
    assert stack.world.sent == []


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_voice_that_is_gone_is_dropped_and_made_anew(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    gone = stack.voice_id
    stack.world.voices[gone].gone = True
    assert not stack.refresh()
    stack.world.sent.clear()
    stack.up("first")
    assert stack.voice_id != gone


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("key", FLAVOURS)
def test_a_fault_is_never_taken_for_a_deletion(stack_at: Fixture, key: str, fault: VoiceError) -> None:
    stack = stack_at(key)
    stack.up("first")
    voice = stack.voice_id
    for operation in ("observe", "is_gone"):
        stack.world.voices[voice].gone = operation == "is_gone"
        stack.world.raises[operation].append(fault)
        with pytest.raises(type(fault)):
            stack.refresh()
        assert stack.voice_id == voice


@pytest.mark.parametrize("key", FLAVOURS)
def test_keys_that_are_missing_are_never_taken_for_a_deletion(
    stack_at: Fixture, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = stack_at(key)
    stack.up("first")

    def missing(config: object) -> None:
        raise CredentialsError("no key is configured")

    monkeypatch.setattr(stack.vendor, "require_credentials", missing)
    with pytest.raises(CredentialsError):
        stack.refresh()
    assert stack.voice_id


@pytest.mark.parametrize("key", FLAVOURS)
def test_another_account_is_never_taken_for_a_deletion(
    stack_at: Fixture, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.voices.clear()
    monkeypatch.setattr(stack.vendor, "account", "another")
    with pytest.raises(PermanentError, match="lives in memory"):
        stack.refresh()


@pytest.mark.parametrize("ready", [False, True])
@pytest.mark.parametrize("key", ["coze", "qiniu", "kling"])
def test_a_list_that_lags_behind_a_create_is_waited_for(stack_at: Fixture, key: str, ready: bool) -> None:
    """By another process on another machine, which knows what the state says alone."""
    stack = stack_at(key)
    stack.keeps_journal = False
    if ready:
        stack.up("first")
    else:
        stack.world.endless, stack.timeout = True, 0.02
        stack.interrupted("first")
    stack.world._before, stack.world.stale = {}, 3
    assert stack.refresh()
    assert stack.voice_id


@pytest.mark.parametrize("key", ["coze", "qiniu", "kling"])
def test_a_voice_that_is_deleted_just_after_its_create_is_found_gone(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.only.gone = True
    began = stack.world.clock.now()
    assert not stack.refresh()
    assert stack.world.clock.now() - began < stack.vendor.facts.settle + 2


@pytest.mark.parametrize("offset", [-1e6, 1e6])
def test_a_time_far_from_now_does_not_hold_a_refresh_up(stack_at: Fixture, offset: float) -> None:
    stack = stack_at("coze")
    stack.up("first")
    stack.world.only.gone = True
    stack.world.clock.advance(offset)
    began = stack.world.clock.now()
    assert not stack.refresh()
    assert stack.world.clock.now() - began < 1


OTHER = "a token of another account"


@pytest.mark.parametrize("command", ["refresh", "destroy"])
@pytest.mark.parametrize("key", ["coze", "qiniu", "kling"])
def test_a_credential_that_shows_none_of_the_voices_deletes_none(
    stack_at: Fixture, key: str, command: str
) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.clock.advance(1e6)
    stack.world.credential, stack.world.elsewhere = OTHER, True
    if (command, key) == ("destroy", "coze"):  # which has no deletion
        return
    with pytest.raises(PermanentError, match="may be of another account") as caught:
        stack.refresh() if command == "refresh" else stack.destroy()
    assert "pulumi state delete" in str(caught.value)
    assert stack.voice_id
    stack.world.credential, stack.world.elsewhere = "token", False
    assert stack.refresh()


@pytest.mark.parametrize("key", ["coze", "qiniu", "kling"])
def test_a_rotated_credential_of_the_same_account_finds_what_was_deleted(stack_at: Fixture, key: str) -> None:
    """Another voice of the stack, which the new credential shows, proves whose account it is."""
    stack = stack_at(key)
    stack.up("first")
    gone, gone_state, gone_inputs = stack.voice_id, stack.state, stack.inputs
    stack.voice_id, stack.state, stack.inputs, stack.name = "", {}, None, "other"
    stack.up("second")
    stack.world.clock.advance(1e6)
    stack.world.credential = OTHER
    stack.world.voices[gone].gone = True
    assert stack.refresh()
    found = stack.process.read(stack.key, stack.urn, gone, gone_state, gone_inputs)
    assert found is None


@pytest.mark.parametrize("key", ["coze", "qiniu"])
def test_a_voice_that_the_new_credential_trained_is_known_by_it(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.credential = OTHER
    stack.up("second")
    stack.world.clock.advance(1e6)
    stack.world.only.gone = True
    assert not stack.refresh()


@pytest.mark.parametrize("key", ["coze", "qiniu", "kling"])
def test_a_state_that_names_no_credential_is_not_emptied_by_one(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.clock.advance(1e6)
    stack.state.pop("credentials")
    stack.world.elsewhere = True
    with pytest.raises(PermanentError, match="may be of another account"):
        stack.refresh()


@pytest.mark.parametrize("key", ["volcengine", "coze"])
def test_a_stranger_s_training_is_told_and_healed_by_the_next_up(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.retrain_elsewhere(stack.voice_id)
    stack.world.sent.clear()
    assert stack.refresh()
    assert stack.state["trainedOn"] == "external"
    difference = stack.up("first")
    assert difference is not None
    assert set(difference.changes) == {"trainedOn"}
    assert stack.world.changes == ["train"]
    assert stack.world.voices[stack.voice_id].samples[-1] == stack.heard("first")
    assert stack.state["trainedOn"] != "external"


def test_a_renamed_voice_is_named_back_where_that_is_free(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stack.up("first", name="mine")
    stack.world.only.name = "theirs"
    stack.refresh()
    assert stack.inputs is not None
    assert stack.inputs["name"] == stack.state["name"] == "theirs"
    stack.world.sent.clear()
    stack.up("first", name="mine")
    assert stack.world.changes == ["rename"]
    assert stack.world.only.name == "mine"


def test_a_voice_with_an_automatic_name_gets_it_back(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stack.up("first")
    ours = stack.world.only.name
    stack.world.only.name = "theirs"
    stack.refresh()
    assert stack.state["name"] == "theirs"
    stack.up("first")
    assert stack.world.only.name == stack.state["name"] == ours


@pytest.mark.parametrize("key", ["qiniu"])
def test_a_failed_voice_that_is_ready_again_was_trained_by_somebody(stack_at: Fixture, key: str) -> None:
    """Also where nobody counts."""
    stack = stack_at(key)
    stack.up("first")
    voice = stack.world.voices[stack.voice_id]
    voice.status, voice.error = Status.FAILED, "theirs was bad"
    stack.refresh()
    stack.world.retrain_elsewhere(stack.voice_id)
    stack.refresh()
    assert stack.state["trainedOn"] == "external"


@pytest.mark.parametrize(("key", "drift"), [("coze", "name"), ("volcengine", "status")])
def test_what_nobody_can_change_back_is_shown_until_an_update_has_told_it(
    stack_at: Fixture, key: str, drift: str
) -> None:
    """A name that only a training would change back, and a lock."""
    stack = stack_at(key)
    program: dict[str, Any] = {"name": "mine"} if key == "coze" else {}
    stack.up("first", **program)
    voice = stack.world.voices[stack.voice_id]
    if drift == "name":
        voice.name = "theirs"
    else:
        voice.status, voice.left = Status.LOCKED, 0
    for _ in range(2):
        stack.refresh()
        assert (stack.state["drift"], stack.failed) == ([drift], False)
        assert stack.state[drift] in ("theirs", "Locked")
        assert stack.diff({**stack.sample("first"), **program}).outputs == {drift}
    assert stack.state["availableTrainings"] == voice.left
    stack.world.sent.clear()
    stack.preview("first", **program)
    assert stack.planned is not None
    assert "drift" not in stack.planned
    stack.up("first", **program)
    assert any("at the vendor" in line for line in stack.log.warnings)
    assert stack.world.changes == []
    for _ in range(2):
        assert "drift" not in stack.state
        assert stack.state[drift] in ("theirs", "Locked")
        assert stack.diff({**stack.sample("first"), **program}).changes == {}
        stack.refresh()


def test_what_was_changed_back_by_hand_is_no_drift_any_more(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.up("first", name="mine")
    stack.world.only.name = "theirs"
    stack.refresh()
    stack.world.only.name = "mine"
    stack.refresh()
    assert "drift" not in stack.state
    assert stack.diff({**stack.sample("first"), "name": "mine"}).changes == {}


@pytest.mark.parametrize("refreshed", ["then", "never"])
def test_a_training_of_a_stranger_that_was_seen_is_told_where_nobody_counts(
    stack_at: Fixture, refreshed: str
) -> None:
    stack = stack_at("qiniu")
    stack.up("first")
    stack.world.clock.advance(60.0)
    voice = stack.world.only
    voice.training, voice.status, voice.looks = "a stranger's", Status.TRAINING, 1
    stack.refresh()
    assert (stack.state["status"], stack.failed) == ("Training", True)
    if refreshed == "then":
        while stack.state["status"] == "Training":
            stack.refresh()
        assert stack.state["trainedOn"] == "external"
    stack.up("first")
    assert voice.samples[1:] == ["a stranger's", stack.heard("first")]
    assert stack.state["status"] == "Ready"
    stack.world.sent.clear()
    stack.up("first")
    assert stack.world.changes == []


@pytest.mark.parametrize(
    ("status", "usable"),
    [(Status.READY, True), (Status.EXPIRED, False), (Status.FAILED, False), (Status.TRAINING, False)],
)
def test_a_voice_that_is_not_ready_does_not_look_healthy(
    stack_at: Fixture, status: Status, usable: bool
) -> None:
    stack = stack_at("volcengine")
    stack.up("first")
    stack.world.voices[stack.voice_id].status = status
    assert stack.refresh()
    assert stack.failed is not usable
    assert stack.state["status"] == str(status)
    assert bool(stack.diff(stack.sample("first")).changes) is not usable


def test_a_slot_that_was_reset_is_gone(stack_at: Fixture) -> None:
    stack = stack_at("volcengine")
    stack.up("first")
    voice = stack.world.voices[stack.voice_id]
    voice.status, voice.trained = Status.PENDING, 0
    assert not stack.refresh()


@pytest.mark.parametrize("key", FLAVOURS)
def test_an_adopted_voice_stays_as_it_is_whatever_is_declared(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    assert stack.adopt(voice.voice_id)
    assert "trainedOn" not in stack.state
    assert stack.inputs is not None
    assert stack.inputs.get("name") == (None if key == "volcengine" else "theirs")
    assert stack.inputs["deletionPolicy"] == ("delete" if stack.vendor.facts.deletes else "retain")
    stack.up("first", retrainTriggers=["one"], deletionPolicy="fail")
    stack.up("first", retrainTriggers=["one"], deletionPolicy="fail")
    assert stack.world.changes == []
    assert voice.samples == ["a stranger's"]


@pytest.mark.parametrize("key", ["volcengine", "coze", "qiniu"])
def test_a_later_change_of_an_adopted_voice_counts(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    stack.adopt(voice.voice_id)
    stack.up("first")
    stack.up("second")
    assert stack.world.changes == ["train"]
    assert voice.samples == ["a stranger's", stack.heard("second")]
    assert stack.state["trainedOn"] not in (None, "external")


def test_a_later_change_of_an_adopted_voice_replaces_it_where_it_cannot_be_trained(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    voice = stack.world.trained(name="theirs")
    stack.adopt(voice.voice_id)
    stack.up("first")
    stack.up("second")
    assert stack.world.changes == ["create", "delete"]
    assert voice.gone


@pytest.mark.parametrize("key", ["volcengine", "coze"])
def test_a_stranger_s_training_of_an_adopted_voice_is_told(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    stack.adopt(voice.voice_id)
    stack.world.retrain_elsewhere(voice.voice_id)
    stack.refresh()
    assert stack.state["trainedOn"] == "external"
    stack.up()
    assert stack.world.changes == []


def test_an_adopted_voice_whose_name_is_not_known_yet_gets_none(stack_at: Fixture) -> None:
    """Kling tells it when the training is over; declared then, it is no reason for another voice."""
    stack = stack_at("kling")
    voice = stack.world.trained(name="")
    stack.adopt(voice.voice_id)
    stack.up()
    assert stack.inputs is not None
    assert "name" not in stack.inputs
    voice.name = "theirs"
    stack.up("first", name="theirs")
    assert stack.world.changes == []


@pytest.mark.parametrize("name", ["narrator", "announcer"])
@pytest.mark.parametrize("key", ["volcengine", "coze", "qiniu"])
def test_an_import_is_a_new_beginning(stack_at: Fixture, key: str, name: str) -> None:
    """Also of a voice that this machine has made, and that was taken out of the state since."""
    stack = stack_at(key)
    stack.up("first")
    voice, stack.name = stack.voice_id, name
    stack.world.sent.clear()
    assert stack.adopt(voice)
    assert "trainedOn" not in stack.state
    stack.up("second")
    stack.up("second")
    assert stack.world.changes == []
    stack.up("third")
    assert stack.world.changes == ["train"]


def test_what_an_adopted_voice_was_trained_with_is_not_guessed(stack_at: Fixture) -> None:
    stack = stack_at("volcengine")
    voice = stack.world.trained()
    stack.adopt(voice.voice_id)
    assert stack.inputs is not None
    assert "modelType" not in stack.inputs
    stack.up("first", modelType="DIT_STANDARD")
    assert stack.world.changes == []


@pytest.mark.parametrize("status", [Status.FAILED, Status.EXPIRED])
@pytest.mark.parametrize("key", FLAVOURS)
def test_an_adopted_voice_that_cannot_be_used_is_told_every_time(
    stack_at: Fixture, key: str, status: Status
) -> None:
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    stack.adopt(voice.voice_id)
    voice.status = status
    stack.refresh()
    for _ in range(2):
        with pytest.raises(InitFailedError, match=f"the voice is {str(status).lower()}"):
            stack.up()
    assert stack.world.changes == []


@pytest.mark.parametrize("key", FLAVOURS)
def test_an_adopted_voice_in_training_is_waited_for(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    stack.adopt(voice.voice_id)
    voice.status, voice.training = Status.TRAINING, "a stranger's"
    stack.refresh()
    stack.up()
    assert stack.state["status"] == "Ready"
    assert stack.world.changes == []


@pytest.mark.parametrize("key", FLAVOURS)
def test_there_is_nothing_to_adopt_where_there_is_no_voice(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    assert not stack.adopt("nobody")
    if key == "volcengine":
        assert not stack.adopt("S_1")  # a slot without a voice


@pytest.mark.parametrize("key", ["coze", "qiniu"])
def test_a_voice_that_was_never_trained_is_imported_and_then_trained(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    bought = stack.world.make(name="bought")
    assert stack.adopt(bought.voice_id)
    assert stack.state["status"] == "Pending"
    assert stack.refresh()
    with pytest.raises(InitFailedError, match=r"the voice is pending.*the sample that the program"):
        stack.up()
    assert stack.world.changes == []
    stack.up("first", name="bought")
    assert stack.world.changes == ["train"]
    assert bought.samples == [stack.heard("first")]
    assert (stack.voice_id, stack.state["status"]) == (bought.voice_id, "Ready")
    stack.world.sent.clear()
    stack.up("first", name="bought")
    assert stack.world.changes == []


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_training_of_somebody_else_on_an_imported_voice_is_left_to_them(
    stack_at: Fixture, key: str
) -> None:
    """A sample is declared, and taken for the one that the voice has."""
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    assert stack.adopt(voice.voice_id)
    voice.status, voice.training, voice.looks = Status.TRAINING, "theirs", 3
    stack.refresh()
    assert stack.state["status"] == "Training"
    stack.up("first")
    assert stack.state["status"] == "Ready"
    assert stack.world.changes == []
    assert voice.samples[-1] == "theirs"


@pytest.mark.parametrize("key", ["volcengine", "coze", "qiniu"])
def test_an_imported_voice_that_failed_is_trained_on_the_declared_sample(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    assert stack.adopt(voice.voice_id)
    voice.status = Status.FAILED
    stack.refresh()
    stack.up("first")
    assert stack.world.changes == ["train"]
    assert voice.samples[-1] == stack.heard("first")


def test_an_import_under_another_name_forgets_what_was_sent_under_the_first(stack_at: Fixture) -> None:
    """A training that a killed run sent belongs to the state that is no more."""
    stack = stack_at("volcengine")
    stack.up("first")
    stack.world.on["train"] = lambda: stack.kill()
    stack.killed("second")
    voice = stack.world.voices[stack.voice_id]
    stack.world.succeed(voice, stack.heard("second"))
    stack.name = "announcer"
    assert stack.adopt(voice.voice_id)
    stack.world.sent.clear()
    stack.up("third")
    assert stack.remembered == 0
    assert stack.world.changes == []


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_voice_that_a_listing_lacks_and_the_proof_shows_is_not_gone(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    voice = stack.world.voices[stack.voice_id]
    stack.world.clock.advance(3600.0)
    voice.gone = True  # as a listing that lags shows it
    stack.world.on["is_gone"] = lambda: setattr(voice, "gone", False)
    assert stack.refresh()
    assert stack.voice_id == voice.voice_id
    assert stack.state["status"] == "Ready"


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_voice_that_is_shown_needs_no_proof(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.sent.clear()
    assert stack.refresh()
    assert stack.world.count("is_gone") == 0


@pytest.mark.parametrize("key", FLAVOURS)
def test_an_import_fills_in_what_the_vendor_shows(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    assert stack.adopt(voice.voice_id)
    assert stack.inputs is not None
    assert stack.inputs.get("speakerId") == (voice.voice_id if key == "volcengine" else None)
    assert None not in stack.inputs.values()


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_voice_that_cannot_be_used_keeps_its_id(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.voices[stack.voice_id].status = Status.EXPIRED
    with pytest.raises(InitFailedError) as caught:
        stack.process.read(key, stack.urn, stack.voice_id, dict(stack.state), dict(stack.inputs or {}))
    assert caught.value.voice_id == stack.voice_id


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_voice_that_is_younger_than_a_shared_listing_can_be_imported(
    stack_at: Fixture, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Where a listing is taken for complete."""
    stack = stack_at(key)
    monkeypatch.setattr(stack.vendor, "beyond_listing", lambda self, voice_id, listed: listed)
    stack.world.trained(voice_id="older", name="older")
    stack.start()
    for _ in range(2):  # the second read begins the sharing
        stack.process.read(key, stack.urn, "older", None, None)
    stack.world.trained(voice_id="younger", name="younger")
    assert stack.process.read(key, stack.urn, "younger", None, None) is not None
