"""Delete: the vendor's call where it has one, a loud farewell where it has not."""

from __future__ import annotations

import pytest
from memory_vendor import FLAVOURS, KEYS_REFUSED
from stack import Fixture, Stack

from voiceclone_provider.core.errors import (
    CancelledError,
    CredentialsError,
    InitFailedError,
    PermanentError,
    RefusedError,
    TemporaryError,
    UnconfirmedError,
)

DELETING = ["qiniu", "kling"]
KEEPING = ["volcengine", "coze"]


@pytest.mark.parametrize("key", DELETING)
def test_a_voice_is_deleted(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.destroy()
    assert stack.world.living == []
    assert stack.world.count("delete") == 1
    assert stack.log.warnings == []


@pytest.mark.parametrize("key", KEEPING)
def test_a_voice_that_cannot_be_deleted_is_forgotten_loudly(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    voice = stack.voice_id
    stack.destroy()
    (warning,) = stack.log.warnings
    for part in (voice, stack.vendor.facts.title, "memory", "still exists", "no delete endpoint"):
        assert part in warning
    assert not stack.world.voices[voice].gone


@pytest.mark.parametrize("key", KEEPING)
def test_the_policy_fail_stops_where_nothing_can_be_deleted(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first", deletionPolicy="fail")
    with pytest.raises(PermanentError, match="deletionPolicy to retain") as caught:
        stack.destroy()
    assert str(caught.value).count(stack.vendor.facts.title) == 2


@pytest.mark.parametrize("key", DELETING)
def test_the_policy_retain_calls_nothing(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first", deletionPolicy="retain")
    stack.world.sent.clear()
    stack.destroy()
    assert stack.world.sent == []
    assert "still exists" in stack.log.warnings[0]


@pytest.mark.parametrize("policy", ["delete", "fail"])
def test_a_paid_place_stops_the_deletion(stack_at: Fixture, policy: str) -> None:
    stack = stack_at("qiniu")
    stack.up("first", deletionPolicy=policy)
    stack.world.paid.add(stack.voice_id)
    with pytest.raises(RefusedError, match="Set deletionPolicy to retain"):
        stack.destroy()
    stack.up("first", deletionPolicy="retain")
    stack.destroy()
    assert len(stack.world.living) == 1


@pytest.mark.parametrize("key", DELETING)
def test_a_voice_that_is_gone_already_is_deleted_with_a_warning(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.only.gone = True
    stack.destroy()
    assert "already gone" in stack.log.warnings[0]
    assert stack.world.count("delete") == 0


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("key", DELETING)
def test_a_deletion_whose_reply_is_lost_is_looked_for_first(stack_at: Fixture, key: str, when: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.lose["delete"].append(when)
    stack.destroy()
    assert stack.world.living == []
    assert stack.world.count("delete") == (1 if when == "after" else 2)


@pytest.mark.parametrize("key", DELETING)
def test_a_deletion_that_never_shows_is_unconfirmed(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.lose["delete"] += ["before", "before"]
    with pytest.raises(UnconfirmedError):
        stack.destroy()
    assert stack.voice_id


@pytest.mark.parametrize("key", DELETING)
def test_a_deletion_that_the_vendor_only_took_is_waited_for(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    stack.world.leaves = 6
    stack.destroy()
    assert stack.world.living == []
    assert stack.world.count("delete") == 1
    assert stack.log.warnings == []
    assert "waiting for the vendor to delete the voice" in stack.log.live


def test_a_deletion_that_takes_too_long_is_gone_on_with(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    voice, began = stack.voice_id, stack.world.clock.now()
    stack.world.leaves, stack.timeout = 10_000, 100.0
    with pytest.raises(TemporaryError, match=r"not gone after 1m40s.*pulumi destroy") as caught:
        stack.destroy()
    assert stack.world.clock.now() - began == pytest.approx(100.0)
    assert stack.voice_id == voice
    assert voice in str(caught.value)
    stack.world.voices[voice].leaving = 5
    stack.destroy()
    assert stack.world.living == []


def test_a_deletion_is_waited_for_as_long_as_the_vendors_changes_take(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    began = stack.world.clock.now()
    stack.world.leaves, stack.timeout = 10_000, 0.0
    with pytest.raises(TemporaryError, match="not gone after 10m00s"):
        stack.destroy()
    assert stack.world.clock.now() - began == pytest.approx(600.0)


def test_where_reads_go_on_to_show_the_voice_another_deletion_proves_that_it_is_gone(
    stack_at: Fixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = stack_at("kling")
    stack.up("first")
    stack.world.leaves = 1
    monkeypatch.setattr(stack.vendor, "is_gone", lambda self, voice_id, listed=None: False)
    stack.world.on["delete"] = lambda: setattr(stack.world.only, "gone", True)
    stack.destroy()
    assert stack.world.count("delete") == 2
    assert stack.log.warnings == []


def test_a_fault_while_a_deletion_is_waited_for_ends_nothing(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    stack.world.leaves = 30
    stack.world.raises["is_gone"] += [TemporaryError("the vendor is down")] * 3
    # A vendor may refuse to delete a voice a second time in words that nobody knows.
    stack.world.on["delete"] = lambda: stack.world.raises["delete"].append(PermanentError("voice is locked"))
    stack.destroy()
    assert stack.world.living == []
    assert any("the vendor is down" in line for line in stack.log.live)


def test_a_deletion_is_not_waited_for_with_a_key_that_is_refused(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    stack.world.leaves = 10_000
    stack.world.raises["is_gone"].append(KEYS_REFUSED)
    with pytest.raises(CredentialsError):
        stack.destroy()


def test_ctrl_c_ends_the_wait_for_a_deletion(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    stack.world.leaves = 10_000
    stack.world.on["is_gone"] = lambda: stack.process.cancel()
    with pytest.raises(CancelledError, match="the next run goes on"):
        stack.destroy()
    assert stack.voice_id


def test_a_deletion_that_failed_keeps_the_voice(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    stack.world.raises["delete"].append(PermanentError("the vendor's deletion task failed"))
    with pytest.raises(PermanentError, match="task failed"):
        stack.destroy()
    assert stack.voice_id
    assert stack.world.count("delete") == 1


def test_a_deletion_whose_reply_is_lost_and_that_takes_its_time_is_waited_for(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first")
    stack.world.leaves = 6
    stack.world.lose["delete"].append("after")
    stack.destroy()
    assert stack.world.living == []
    assert stack.world.count("delete") == 2


def test_a_voice_in_training_is_deleted_when_it_has_its_id(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.world.endless, stack.timeout = True, 0.05
    assert isinstance(stack.interrupted("first"), InitFailedError)
    with pytest.raises(TemporaryError, match="still in training"):
        stack.destroy()
    stack.world.endless, stack.timeout = False, 3.0
    stack.destroy()
    assert stack.world.living == []
    assert "waiting for the training to end before deleting" in stack.log.live or stack.log.live == []


def test_a_voice_that_failed_after_its_time_was_out_can_be_deleted(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.world.bad.add(stack.heard("noisy"))
    stack.world.endless, stack.timeout = True, 0.05
    stack.interrupted("noisy")
    stack.world.endless, stack.timeout = False, 3.0
    stack.interrupted("noisy")
    assert stack.state["status"] == "Failed"
    stack.destroy()
    assert stack.world.living == []


@pytest.mark.parametrize("key", DELETING)
def test_answers_that_contradict_each_other_delete_nothing(
    stack_at: Fixture, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = stack_at(key)
    stack.up("first")
    monkeypatch.setattr(stack.vendor, "observe", lambda self, voice_ids: {})
    with pytest.raises(TemporaryError, match="contradict"):
        stack.destroy()
    assert stack.world.count("delete") == 0


@pytest.mark.parametrize("key", [*KEEPING, "kling", "qiniu"])
def test_a_retained_voice_is_taken_back_at_no_cost(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first", deletionPolicy="retain")
    voice = stack.voice_id
    stack.destroy()
    stack.world.sent.clear()
    stack.up("first", deletionPolicy="retain")
    assert stack.voice_id == voice
    assert stack.world.changes == []


@pytest.mark.parametrize("key", [*KEEPING, "qiniu"])
def test_a_retained_voice_is_trained_again_when_the_sample_changed(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first", deletionPolicy="retain")
    stack.destroy()
    stack.world.sent.clear()
    stack.up("second", deletionPolicy="retain")
    assert stack.world.changes == ["train"]


def test_a_retained_voice_that_cannot_be_trained_is_left_alone_when_the_sample_changed(
    stack_at: Fixture,
) -> None:
    stack = stack_at("kling")
    stack.up("first", deletionPolicy="retain")
    stack.destroy()
    stack.up("second", deletionPolicy="retain")
    assert stack.world.changes == ["create", "create"]
    assert len(stack.world.living) == 2


@pytest.mark.parametrize("key", KEEPING)
def test_a_retained_voice_that_a_stranger_trained_is_trained_again(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    voice = stack.world.voices[stack.voice_id]
    stack.destroy()
    stack.world.retrain_elsewhere(voice.voice_id)
    stack.up("first")
    assert stack.voice_id == voice.voice_id
    assert voice.samples[-1] == stack.heard("first")


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_voice_whose_creation_failed_can_be_destroyed(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.bad.add(stack.heard("noisy"))
    stack.interrupted("noisy")
    stack.destroy()
    assert not stack.voice_id


@pytest.mark.parametrize("key", KEEPING)
@pytest.mark.parametrize("fault", ["bad", "endless"])
def test_a_voice_that_was_kept_untrained_is_trained_on_what_is_declared_then(
    stack_at: Fixture, key: str, fault: str
) -> None:
    stack = stack_at(key)
    if fault == "bad":
        stack.world.bad.add(stack.heard("first"))
    else:
        stack.world.endless, stack.timeout = True, 0.03
    stack.interrupted("first")
    kept = stack.voice_id
    stack.destroy()
    stack.world.endless, stack.timeout = False, 3.0
    stack.up("second")
    assert stack.voice_id == kept
    assert stack.world.voices[kept].samples[-1] == stack.heard("second")


def test_a_failed_voice_with_our_mark_is_not_taken_to_have_failed_on_this_sample(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.keeps_journal = False
    stack.world.bad.add(stack.heard("first"))
    stack.interrupted("first")
    stack.destroy()
    stack.up("second")
    assert stack.world.changes == ["create", "train"]


@pytest.mark.parametrize("key", DELETING)
def test_an_imported_voice_is_deleted_where_nothing_says_otherwise(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    assert stack.adopt(voice.voice_id)
    assert stack.inputs is not None
    assert stack.inputs["deletionPolicy"] == "delete"
    stack.destroy()
    assert voice.gone


@pytest.mark.parametrize("key", FLAVOURS)
def test_an_imported_voice_is_kept_by_the_policy_of_its_state(stack_at: Fixture, key: str) -> None:
    """Also where the engine has no inputs."""
    stack = stack_at(key)
    voice = stack.world.trained(name="theirs")
    assert stack.adopt(voice.voice_id)
    stack.up(deletionPolicy="retain")
    stack.inputs = None
    stack.destroy()
    assert not voice.gone
    assert stack.world.changes == []
    assert stack.remembered == 0, "nobody knows what it was trained on"


@pytest.mark.parametrize("key", FLAVOURS)
def test_an_imported_voice_is_kept_where_another_stack_has_it(stack_at: Fixture, key: str) -> None:
    first = stack_at(key)
    first.up("first")
    second = Stack(key, first.world, first.folder, name="host", stack="another")
    assert second.adopt(first.voice_id)
    voice = first.world.voices[first.voice_id]
    second.destroy()
    assert not voice.gone
    assert first.urn in second.log.warnings[-1]
    first.destroy()
    assert voice.gone is first.vendor.facts.deletes


@pytest.mark.parametrize("key", DELETING)
def test_a_voice_that_was_imported_twice_is_deleted_with_the_last(stack_at: Fixture, key: str) -> None:
    first = stack_at(key)
    voice = first.world.trained(name="theirs")
    assert first.adopt(voice.voice_id)
    second = Stack(key, first.world, first.folder, name="host", stack="another")
    assert second.adopt(voice.voice_id)
    for stack in (first, second):
        stack.up()
    first.destroy()
    assert not voice.gone
    second.destroy()
    assert voice.gone


@pytest.mark.parametrize("key", DELETING)
def test_an_import_of_a_preview_protects_a_voice_for_an_hour_only(stack_at: Fixture, key: str) -> None:
    first = stack_at(key)
    first.up("first")
    voice = first.world.voices[first.voice_id]
    assert Stack(key, first.world, first.folder, name="host", stack="another").adopt(first.voice_id)
    first.world.clock.advance(2 * 3600.0)
    first.destroy()
    assert voice.gone


@pytest.mark.parametrize("policy", ["delete", "retain"])
def test_a_deletion_leaves_what_is_known_of_the_replacement(stack_at: Fixture, policy: str) -> None:
    """A run that was killed made the replacement, and no state has it."""
    stack = stack_at("kling")
    stack.up("first", deletionPolicy=policy)
    stack.world.on["observe"] = lambda: stack.kill()
    stack.killed("second", deletionPolicy=policy)
    (replacement,) = [voice for voice in stack.world.living if voice.voice_id != stack.voice_id]
    stack.destroy()
    stack.up("second", deletionPolicy=policy)
    assert stack.voice_id == replacement.voice_id
    assert stack.log.warnings == []
    assert stack.world.count("create") == 2


def test_a_voice_is_retained_although_its_replacement_was_refused(stack_at: Fixture) -> None:
    stack = stack_at("kling")
    stack.up("first", deletionPolicy="retain")
    stack.world.refused.add(stack.heard("noisy"))
    stack.interrupted("noisy", deletionPolicy="retain")
    kept = stack.voice_id
    stack.destroy()
    stack.up("first", deletionPolicy="retain")
    assert stack.voice_id == kept
    assert stack.log.warnings == []


@pytest.mark.parametrize("key", DELETING)
def test_the_policy_of_the_inputs_wins_over_that_of_the_outputs(stack_at: Fixture, key: str) -> None:
    """After an update that failed they differ."""
    stack = stack_at(key)
    stack.up("first", deletionPolicy="retain")
    stack.state["deletionPolicy"] = "delete"
    stack.destroy()
    assert len(stack.world.living) == 1


@pytest.mark.parametrize("key", ["volcengine", "coze", "qiniu"])
def test_an_update_gives_an_ownership_id_to_a_state_without(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    del stack.state["ownershipId"]
    stack.up("second")
    assert stack.state["ownershipId"]


@pytest.mark.parametrize("timeout", [100.0, 200.0])
def test_a_deletion_waits_for_a_training_as_long_as_its_own_time_out(
    stack_at: Fixture, timeout: float
) -> None:
    stack = stack_at("kling")
    stack.world.endless, stack.timeout = True, 10.0
    stack.interrupted("first")
    began, stack.timeout = stack.world.clock.now(), timeout
    with pytest.raises(TemporaryError, match="still in training"):
        stack.destroy()
    assert timeout <= stack.world.clock.now() - began < timeout + 30.0


def test_a_voice_in_training_that_has_its_id_is_deleted_at_once(stack_at: Fixture) -> None:
    stack = stack_at("qiniu")
    stack.up("first")
    stack.world.endless, stack.timeout = True, 1.0
    stack.interrupted("second")
    began = stack.world.clock.now()
    stack.timeout = 1000.0
    stack.destroy()
    assert stack.world.living == []
    assert stack.world.clock.now() == began


@pytest.mark.parametrize("key", KEEPING)
def test_a_retained_voice_whose_sample_was_refused_is_taken_back(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.bad.add(stack.heard("noisy"))
    stack.interrupted("noisy", deletionPolicy="retain")
    voice = stack.voice_id
    assert stack.state["failedOn"]
    stack.destroy()
    stack.up("clean", deletionPolicy="retain")
    assert stack.voice_id == voice


@pytest.mark.parametrize("key", KEEPING)
def test_a_voice_that_was_retained_in_training_is_gone_on_with(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.endless, stack.timeout = True, 10.0
    stack.interrupted("first")
    voice = stack.voice_id
    stack.destroy()
    stack.world.endless, stack.timeout = False, 1e6
    stack.up("first")
    assert stack.voice_id == voice
    assert stack.world.only_trained.samples == [stack.heard("first")]
