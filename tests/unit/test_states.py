"""State: what the vendor shows, laid over what is known; every training is accounted for."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_vendor import Handles, Memory, Named, Places, Slots, World

from voiceclone_provider.core.call import UPLOAD_TIMEOUT
from voiceclone_provider.core.errors import VoiceError
from voiceclone_provider.core.times import rfc3339
from voiceclone_provider.core.values import UNKNOWN, Asset, Properties
from voiceclone_provider.vendors.base import Observation, Status
from voiceclone_provider.vendors.models import VendorConfig
from voiceclone_provider.voice.pending import Pending, Phase
from voiceclone_provider.voice.state import VoiceState, planned, with_code

NOW = 1000.0
FLAVOURS: list[type[Memory]] = [Slots, Named, Places, Handles]
AUDIO = Asset(hash="a" * 64, path="a.wav")


def connected(flavour: type[Memory]) -> Memory:
    known: type[Memory] = type("Known", (flavour,), {"world": World()})
    return known.connect(VendorConfig(), threading.Event())


def seen(status: Status = Status.READY, version: str = "", **more: Any) -> Observation:
    return Observation("v", status, version, **more)


def settled(
    flavour: type[Memory],
    now: Observation,
    before: Properties,
    inputs: Properties | None = None,
    at: float = NOW,
) -> tuple[Properties, Phase | None]:
    state, result = VoiceState.parse(before).observed(connected(flavour), now, inputs or {}, at)
    return state.outputs(), result


def pending(base: str = "", status: str = "Pending", accepted: bool = True) -> Properties:
    return {"pendingTraining": Pending("f", base, status, NOW, accepted).to_json()}


def test_a_finished_training_is_ours() -> None:
    before = {
        **pending("V1", "Ready"),
        "trainedOn": "old",
        "trainedVersion": "V1",
        "failedOn": "x",
        "lastError": "y",
    }
    now = seen(version="V2", preview_url="new", available_trainings=8, updated_at="2026")
    state, result = settled(Slots, now, {**before, "previewUrl": "old", "availableTrainings": 9})
    assert result is Phase.READY
    assert state == {
        "voiceId": "v",
        "status": "Ready",
        "account": "memory",
        "trainedOn": "f",
        "trainedVersion": "V2",
        "previewUrl": "new",
        "availableTrainings": 8,
        "updatedAt": "2026",
        "changedAt": "1970-01-01T00:16:40Z",
    }


def test_a_failed_training_keeps_what_the_voice_was_trained_on_before() -> None:
    before = {**pending("V1", "Ready"), "trainedOn": "old", "trainedVersion": "V1"}
    now = seen(Status.FAILED, "V1", error="too much noise", error_code="1112")
    state, result = settled(Slots, now, before)
    assert result is Phase.FAILED
    assert state["trainedOn"] == "old"
    assert state["failedOn"] == "f"
    assert state["lastError"] == "too much noise (code 1112)"
    assert state["status"] == "Failed"
    assert "pendingTraining" not in state


def test_a_running_training_shows_as_training_although_the_voice_shows_ready() -> None:
    state, result = settled(Named, seen(version="9/100"), {**pending("9/100", "Ready"), "trainedOn": "old"})
    assert result is Phase.NOT_SEEN
    assert state["status"] == "Training"
    assert state["pendingTraining"]["fingerprint"] == "f"


def test_a_training_that_was_not_confirmed_does_not_show() -> None:
    before = {**pending("9/100", "Ready", accepted=False), "trainedOn": "old"}
    state, _ = settled(Named, seen(version="9/100"), before)
    assert state["status"] == "Ready"
    assert state["pendingTraining"]["accepted"] is False


def test_anything_beyond_our_own_training_is_a_stranger_s() -> None:
    now = seen(version="V3/7/30@console")
    state, result = settled(Slots, now, pending("V1/9/10@console", "Ready"))
    assert result is Phase.FOREIGN
    assert (state["trainedOn"], state["trainedVersion"]) == ("external", "V3/7/30@console")
    assert "pendingTraining" not in state


@pytest.mark.parametrize(
    ("flavour", "since", "now", "foreign"),
    [
        (Slots, "V1", "V1", False),
        (Slots, "V1", "V2", True),
        (Slots, "V2", "V1", False),
        (Named, "9/100", "9/100", False),
        (Named, "9/100", "8/200", True),
        (Named, "9/100", "10/200", False),
        (Places, "", "", False),
        (Handles, "", "", False),
    ],
)
def test_a_stranger_s_training_is_told_by_the_counter(
    flavour: type[Memory], since: str, now: str, foreign: bool
) -> None:
    before = {"trainedOn": "ours", "failedOn": "x", "previewUrl": "old", "trainedVersion": since}
    state, result = settled(flavour, seen(version=now, preview_url="new"), before)
    assert result is None
    assert state["trainedOn"] == ("external" if foreign else "ours")
    assert state["previewUrl"] == ("new" if foreign else "old")
    assert ("failedOn" in state) is not foreign


def test_a_stranger_s_training_that_still_runs_is_not_judged_yet() -> None:
    state, _ = settled(Slots, seen(Status.TRAINING, "V2"), {"trainedOn": "ours", "trainedVersion": "V1"})
    assert state["trainedOn"] == "ours"
    assert state["status"] == "Training"


def test_what_expires_or_counts_changes_with_a_training_only() -> None:
    before = {
        "trainedOn": "f",
        "trainedVersion": "V1",
        "previewUrl": "old",
        "availableTrainings": 9,
        "updatedAt": "1",
    }
    now = seen(version="V1", preview_url="new", available_trainings=8, updated_at="2")
    state, _ = settled(Slots, now, before)
    assert {name: state[name] for name in before} == before


def test_an_adopted_voice_is_watched_from_its_first_sight() -> None:
    state, _ = settled(Slots, seen(version="V4"), {})
    assert "trainedOn" not in state
    assert state["trainedVersion"] == "V4"
    later, _ = settled(Slots, seen(version="V5"), state)
    assert later["trainedOn"] == "external"


def test_when_the_voice_was_made_never_moves() -> None:
    """Some vendors move it with every training."""
    state, _ = settled(Slots, seen(created_at="2026"), {"createdAt": "2025", "trainedOn": "f"})
    assert state["createdAt"] == "2025"


def test_an_old_error_goes_when_the_voice_is_usable_again() -> None:
    before = {"trainedOn": "f", "failedOn": "g", "lastError": "noise"}
    state, _ = settled(Places, seen(), before)
    assert "lastError" not in state
    assert state["failedOn"] == "g"  # which is still not to be sent again


def test_inputs_stand_in_the_state_and_nulls_do_not() -> None:
    state, _ = settled(Slots, seen(), {}, {"audio": AUDIO, "text": None, "language": "zh"})
    assert state["audio"] == AUDIO
    assert state["language"] == "zh"
    assert "text" not in state


@pytest.mark.parametrize(
    ("flavour", "shown"), [(Slots, None), (Named, "theirs"), (Places, "theirs"), (Handles, "mine")]
)
def test_a_name_at_the_vendor_shows_where_it_can_be_changed(flavour: type[Memory], shown: str | None) -> None:
    inputs = {} if shown is None else {"name": "mine"}
    state, _ = settled(flavour, seen(name="theirs"), {"name": "mine"}, inputs)
    assert state.get("name") == shown


def test_a_vendor_s_own_outputs_follow_what_is_seen() -> None:
    now = seen(extras={"voiceId": "own", "taskId": "v", "ownedBy": None})
    state, _ = settled(Handles, now, {"voiceId": "old", "ownedBy": "me"})
    assert (state["voiceId"], state["taskId"]) == ("own", "v")
    assert "ownedBy" not in state


STATES = st.dictionaries(
    st.sampled_from(
        [
            "trainedOn",
            "trainedVersion",
            "failedOn",
            "lastError",
            "previewUrl",
            "availableTrainings",
            "createdAt",
        ]
    ),
    st.none() | st.text(max_size=6) | st.integers(0, 9),
)
TRAININGS = st.none() | st.builds(
    lambda base, status, accepted: Pending("f", base, status, NOW, accepted).to_json(),
    st.sampled_from(["", "V1", "V2"]),
    st.sampled_from([str(status) for status in Status]),
    st.booleans(),
)
SIGHTS = st.builds(
    lambda status, version, left: Observation("v", status, version, available_trainings=left),
    st.sampled_from(Status),
    st.sampled_from(["", "V1", "V2", "V3"]),
    st.none() | st.integers(0, 9),
)


@given(STATES, TRAININGS, SIGHTS, st.sampled_from([0.0, 40.0]))
def test_settling_twice_changes_nothing_more(
    before: Properties, training: Properties | None, now: Observation, later: float
) -> None:
    """So that a refresh of an unchanged voice is silent; and no state, however odd, fails it."""
    if training is not None:
        before = {**before, "pendingTraining": training}
    once, _ = settled(Slots, now, before, at=NOW + later)
    twice, _ = settled(Slots, now, once, at=NOW + later)
    assert twice == once
    assert {"voiceId", "status", "account"} <= once.keys()
    assert None not in once.values()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_plan_promises_inputs_and_nothing_else(flavour: type[Memory]) -> None:
    plan = planned(flavour, {"audio": AUDIO, "text": None}, None)
    assert plan["audio"] == AUDIO
    assert {value for name, value in plan.items() if name != "audio"} == {UNKNOWN}
    required = {"voiceId", "status", "account", "trainedOn"}
    assert required <= plan.keys()
    assert "pendingTraining" not in plan


def test_a_plan_of_an_update_keeps_what_no_training_changes() -> None:
    before = {
        "voiceId": "v",
        "account": "a",
        "createdAt": "c",
        "status": "Ready",
        "trainedOn": "f",
        **pending(),
    }
    plan = planned(Slots, {"audio": AUDIO}, VoiceState.parse(before))
    assert (plan["voiceId"], plan["account"], plan["createdAt"]) == ("v", "a", "c")
    assert plan["status"] is plan["trainedOn"] is UNKNOWN
    assert "pendingTraining" not in plan


@pytest.mark.parametrize(
    ("message", "code", "told"),
    [
        ("noise", "1112", "noise (code 1112)"),
        ("noise 1112", "1112", "noise 1112"),
        ("noise", "", "noise"),
        ("", "", "the vendor gives no reason"),
        ("", "1112", "the vendor gives no reason (code 1112)"),
    ],
)
def test_an_error_is_told_with_its_code(message: str, code: str, told: str) -> None:
    assert with_code(message, code) == told


@pytest.mark.parametrize(
    ("status", "shown", "kept"),
    [
        (Status.READY, "", None),
        (Status.LOCKED, "", None),
        (Status.READY, "theirs", None),
        (Status.FAILED, "", "ours"),
        (Status.FAILED, "theirs", "theirs"),
    ],
)
@pytest.mark.parametrize("waits", [True, False])
def test_the_error_of_a_voice_that_somebody_else_trained(
    status: Status, shown: str, kept: str | None, waits: bool
) -> None:
    trained = "V1/9/10@console"
    before = {"trainedOn": "f", "trainedVersion": trained, "failedOn": "g", "lastError": "ours"}
    if waits:
        before |= pending(trained, "Ready")
    state, result = settled(Slots, seen(status, "V3/7/30@console", error=shown), before)
    assert result is (Phase.FOREIGN if waits else None)
    assert state["trainedOn"] == "external"
    assert state.get("lastError") == kept
    assert "failedOn" not in state


@pytest.mark.parametrize(
    ("status", "error", "kept"),
    [
        (Status.READY, "", None),
        (Status.READY, "noise", None),
        (Status.FAILED, "", "ours"),
        (Status.EXPIRED, "", "ours"),
        (Status.FAILED, "noise", "noise (code 1112)"),
    ],
)
def test_the_error_of_a_voice_that_nobody_trained(status: Status, error: str, kept: str | None) -> None:
    before = {"trainedOn": "f", "trainedVersion": "V1", "failedOn": "g", "lastError": "ours"}
    now = seen(status, "V1", error=error, error_code="1112" if error else "")
    state, _ = settled(Slots, now, {**before, "status": "Failed"})
    assert state.get("lastError") == kept
    assert state["failedOn"] == "g"


@pytest.mark.parametrize("status", [Status.READY, Status.TRAINING, Status.PENDING])
def test_a_code_without_words_is_no_error_while_the_training_runs(status: Status) -> None:
    """Vendors keep the code of the last failure beside whatever comes then."""
    before = {**pending("V1", "Ready"), "trainedOn": "f", "trainedVersion": "V1"}
    state, result = settled(Slots, seen(status, "V1", error_code="1112"), before)
    assert result in (Phase.NOT_SEEN, Phase.RUNNING)
    assert "lastError" not in state


def test_a_code_without_words_is_the_reason_of_a_failure() -> None:
    state, result = settled(Slots, seen(Status.FAILED, "V1", error_code="1112"), pending("V1", "Ready"))
    assert result is Phase.FAILED
    assert "1112" in state["lastError"]


# Transitions

TRAINED = VoiceState(
    status=Status.READY,
    trained_on="f",
    trained_version="V1",
    changed_at="1970-01-01T00:10:00Z",
    pending=Pending("g", "V1", "Ready", NOW),
)


def test_a_training_without_effect_leaves_the_voice_as_it_was_or_unknown() -> None:
    certain = TRAINED.without_effect(seen(Status.LOCKED, "V1"), certain=True)
    assert (certain.pending, certain.status) == (None, Status.LOCKED)
    assert (certain.trained_on, certain.trained_version) == ("f", "V1")
    uncertain = TRAINED.without_effect(seen(), certain=False)
    assert uncertain.pending is None
    assert (uncertain.trained_on, uncertain.trained_version) == ("external", None)


def test_a_refused_sample_keeps_the_vendors_words() -> None:
    state = TRAINED.refused("g", VoiceError("too much noise", code="1112"))
    assert (state.failed_on, state.last_error) == ("g", "too much noise (code 1112)")
    assert state.trained_on == "f"


@pytest.mark.parametrize(("status", "expected"), [(Status.READY, ("g", None)), (Status.FAILED, ("f", "g"))])
def test_the_end_of_a_training_says_when_it_was_seen(
    status: Status, expected: tuple[str, str | None]
) -> None:
    sent = Pending("g", "V1", "Ready", 700.0, accepted=True, lost_at=800.0)
    before = replace(TRAINED, pending=sent)
    now = seen(status, "V2" if status is Status.READY else "")
    state, _ = before.observed(connected(Slots), replace(now, version=now.version or "V1"), {}, NOW)
    assert (state.trained_on, state.failed_on) == expected
    assert state.changed_at == "1970-01-01T00:16:40Z"


def test_the_latest_credentials_are_kept_once_each() -> None:
    state = VoiceState()
    for credential in ["a", "b", "", "a", *"cdefghi"]:
        state = state.reached_with(credential)
    assert state.credentials == ("b", "a", *"cdefghi")[-8:]


@pytest.mark.parametrize(
    ("at", "lately"),
    [(0.0, False), (985.0, True), (1014.0, True), (1016.0, False), (None, False)],
)
def test_a_change_was_lately_by_this_clock_or_one_that_is_a_little_off(
    at: float | None, lately: bool
) -> None:
    changed_at = None if at is None else rfc3339(at)
    assert VoiceState(changed_at=changed_at).changed_lately(NOW, 15.5) is lately
    assert VoiceState(changed_at="yesterday").changed_lately(NOW, 15.5) is False


@pytest.mark.parametrize("accepted", [False, True])
def test_a_later_run_waits_for_as_long_as_the_request_may_take(accepted: bool) -> None:
    pending = Pending("f", "", "Ready", NOW, accepted=accepted)
    assert pending.resumed(NOW + 5).latest == (NOW if accepted else NOW + UPLOAD_TIMEOUT)
    assert pending.resumed(NOW - 500).started_at == NOW - 500
    lost = replace(pending, lost_at=NOW + 100)
    assert lost.resumed(NOW + 300).latest == (NOW + 100 if accepted else NOW + UPLOAD_TIMEOUT)


@pytest.mark.parametrize(
    ("since", "now", "kept"),
    [
        ("/14/1000@v3", "V5/10/9000@console", "V5/10/9000@console"),
        ("V3", "/10/9000@v3", "/10/9000@v3"),
        # What can be compared stays as it was written.
        ("V3", "V3/8/9000@console", "V3"),
        ("V3", "V3//9000@voice", "V3"),
    ],
)
def test_a_voice_that_is_read_in_another_way_is_counted_anew(since: str, now: str, kept: str) -> None:
    """So that somebody else's next training is seen."""
    state, _ = settled(
        Slots, seen(version=now), {"trainedOn": "ours", "trainedVersion": since, "status": "Ready"}
    )
    assert (state["trainedOn"], state["trainedVersion"]) == ("ours", kept)
