"""Read: what is at the vendor, gone only when proved, and import."""

from __future__ import annotations

import pytest
from memory_vendor import FLAVOURS, KEYS_REFUSED
from stack import Fixture

from voiceclone_provider.errors import CredentialsError, PermanentError, TemporaryError, VoiceError
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


@pytest.mark.parametrize("key", ["coze", "qiniu", "kling"])
def test_a_list_that_lags_behind_our_own_write_proves_nothing(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.endless, stack.timeout = True, 0.02
    stack.interrupted("first")
    stack.world._before, stack.world.stale = {}, 3
    with pytest.raises(TemporaryError, match="contradict each other"):
        stack.refresh()
    assert stack.voice_id


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


def test_a_renamed_voice_is_only_told_where_a_rename_costs_a_training(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.up("first", name="mine")
    stack.world.only.name = "theirs"
    stack.refresh()
    assert stack.state["name"] == "theirs"
    stack.world.sent.clear()
    stack.up("first", name="mine")
    assert stack.world.changes == []


@pytest.mark.parametrize(
    ("status", "usable"),
    [(Status.LOCKED, True), (Status.EXPIRED, False), (Status.FAILED, False), (Status.TRAINING, False)],
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


@pytest.mark.parametrize("key", FLAVOURS)
def test_there_is_nothing_to_adopt_where_there_is_no_voice(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    assert not stack.adopt("nobody")
    if key == "volcengine":
        assert not stack.adopt("S_1")  # a slot without a voice
