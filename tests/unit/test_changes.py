"""Diff: what a change means. Pure, symmetric, never failing."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceclone_provider.core.ports import Change, Difference
from voiceclone_provider.core.values import UNKNOWN, Asset, Properties
from voiceclone_provider.lifecycle.diff import diff, trains
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.voice.fingerprint import fingerprint
from voiceclone_provider.voice.state import VoiceState

FIRST, SECOND = Asset(hash="a" * 64), Asset(hash="b" * 64)
BASE: dict[str, Properties] = {
    "volcengine": {"audio": FIRST, "modelType": "ICL_1_0", "deletionPolicy": "retain"},
    "coze": {"audio": FIRST, "name": "narrator", "deletionPolicy": "retain"},
    "qiniu": {"audioUrl": "https://s.example/a.wav", "name": "narrator", "deletionPolicy": "delete"},
    "kling": {"audioUrl": "https://s.example/a.wav", "name": "narrator", "deletionPolicy": "delete"},
}


def state_of(key: str, inputs: Properties, **more: Any) -> Properties:
    """A state of a voice that was trained on these inputs."""
    trained_on = fingerprint(VENDORS[key], inputs)
    return {**inputs, "voiceId": "v", "status": "Ready", "trainedOn": trained_on, "account": "a", **more}


def changed(
    key: str, olds: Properties | None, news: Properties, state: Properties | None = None, voice_id: str = "v"
) -> Difference:
    state = state_of(key, olds or {}) if state is None else state
    return diff(VENDORS[key], voice_id, VoiceState.parse(state), olds, news)


@pytest.mark.parametrize("key", VENDORS)
def test_nothing_changed_is_no_change(key: str) -> None:
    assert changed(key, BASE[key], copy.deepcopy(BASE[key])).changes == {}


U, R, A, D = Change.UPDATE, Change.UPDATE_REPLACE, Change.ADD, Change.DELETE
AR = Change.ADD_REPLACE
CHANGES: list[tuple[str, Properties, dict[str, Change]]] = [
    ("volcengine", {"audio": SECOND}, {"audio": U}),
    ("volcengine", {"text": "hello"}, {"text": A}),
    ("volcengine", {"modelType": "ICL_2_0"}, {"modelType": U}),
    ("volcengine", {"speakerId": "S_2"}, {"speakerId": AR}),
    ("volcengine", {"speakerId": UNKNOWN}, {"speakerId": AR}),
    ("volcengine", {"speakerId": "v"}, {}),
    ("volcengine", {"overwriteExisting": True}, {"overwriteExisting": A}),
    ("volcengine", {"audioFormat": "wav"}, {"audioFormat": A}),
    ("volcengine", {"audio": None}, {}),
    ("coze", {"audio": SECOND, "text": "hello"}, {"audio": U, "text": A}),
    ("coze", {"name": "guide"}, {"name": U}),
    ("coze", {"spaceId": "1"}, {"spaceId": AR}),
    ("coze", {"deletionPolicy": "fail"}, {"deletionPolicy": U}),
    ("coze", {"deletionPolicy": None}, {"deletionPolicy": D}),
    ("coze", {"retrainTriggers": [1]}, {"retrainTriggers": A}),
    ("coze", {"retrainTriggers": []}, {}),
    ("coze", {"audio": UNKNOWN}, {"audio": U}),
    ("qiniu", {"audioUrl": "https://s.example/b.wav"}, {"audioUrl": U}),
    ("qiniu", {"audioUrl": "https://s.example/a.wav?e=1&token=2"}, {}),
    ("qiniu", {"name": "guide"}, {"name": U}),
    ("qiniu", {"language": "en"}, {"language": AR}),
    ("qiniu", {"tier": "pro"}, {"tier": AR}),
    ("kling", {"audioUrl": "https://s.example/b.wav"}, {"audioUrl": R}),
    ("kling", {"audioUrl": "https://s.example/a.wav?X-Amz-Date=1"}, {}),
    ("kling", {"name": "guide"}, {"name": R}),
    ("kling", {"name": UNKNOWN}, {"name": R}),
    ("kling", {"callbackUrl": "https://c.example"}, {"callbackUrl": A}),
    ("kling", {"externalTaskId": "mine"}, {"externalTaskId": AR}),
    ("kling", {"audioUrl": None, "videoId": "1"}, {"audioUrl": Change.DELETE_REPLACE, "videoId": AR}),
]


@pytest.mark.parametrize(("key", "change", "wanted"), CHANGES)
def test_what_each_change_means(key: str, change: Properties, wanted: dict[str, Change]) -> None:
    news = {name: value for name, value in {**BASE[key], **change}.items() if value is not None}
    found = changed(key, BASE[key], news)
    assert found.changes == wanted
    assert found.outputs == frozenset()
    assert sorted(found.replaces) == sorted(name for name, kind in wanted.items() if kind.replaces)


@pytest.mark.parametrize("key", VENDORS)
def test_leaving_out_what_needs_another_voice_keeps_the_voice(key: str) -> None:
    facts = VENDORS[key].facts
    for name in facts.replacing_inputs:
        olds = {**BASE[key], name: "v"}
        news = {other: value for other, value in olds.items() if other != name}
        assert changed(key, olds, news).replaces == []


@pytest.mark.parametrize("declared", [{"tier": "free"}, {"modelId": "QN_ACV"}])
def test_declaring_what_the_vendor_took_anyway_replaces_nothing(declared: Properties) -> None:
    olds = {
        name: value for name, value in BASE["qiniu"].items() if name not in ("language", "tier", "modelId")
    }
    assert changed("qiniu", olds, {**olds, **declared}).replaces == []


@pytest.mark.parametrize("key", VENDORS)
def test_after_a_failed_update_the_state_counts_and_not_the_old_inputs(key: str) -> None:
    """New outputs stand beside old inputs."""
    sample = VENDORS[key].facts.sample_inputs[0]
    other = SECOND if sample == "audio" else "https://s.example/b.wav"
    news = {**BASE[key], sample: other}
    assert changed(key, BASE[key], news, state_of(key, news)).changes == {}
    back = changed(key, BASE[key], BASE[key], state_of(key, news))
    assert set(back.changes) == {"trainedOn"}
    assert back.outputs == {"trainedOn"}


@pytest.mark.parametrize("key", VENDORS)
def test_a_stranger_s_training_is_a_change(key: str) -> None:
    found = changed(key, BASE[key], BASE[key], state_of(key, BASE[key], trainedOn="external"))
    assert set(found.changes) == {"trainedOn"}


STATUSES = [("Ready", 0), ("Locked", 0), ("Pending", 1), ("Training", 1), ("Failed", 1), ("Expired", 1)]


@pytest.mark.parametrize("key", VENDORS)
@pytest.mark.parametrize(("status", "count"), [*STATUSES, ("Odd", 1)])
def test_a_status_that_cannot_be_used_is_a_change(key: str, status: str, count: int) -> None:
    found = changed(key, BASE[key], BASE[key], state_of(key, BASE[key], status=status))
    assert len(found.changes) == len(found.outputs) == count
    replaces = key == "kling" and status == "Failed"  # an update cannot change an ID
    assert found.replaces == (["status"] if replaces else [])


@pytest.mark.parametrize("key", VENDORS)
@pytest.mark.parametrize(
    "odd",
    [
        {"status": None},
        {"status": UNKNOWN},
        {"pendingTraining": None},
        {"pendingTraining": {}},
        {"pendingTraining": {"accepted": True}},
        {"pendingTraining": [1]},
        {"trainedVersion": 5},
        {"name": None},
    ],
)
def test_odd_state_changes_nothing_and_fails_nothing(key: str, odd: Properties) -> None:
    assert changed(key, BASE[key], BASE[key], state_of(key, BASE[key], **odd)).changes == {}


@pytest.mark.parametrize("key", VENDORS)
def test_an_empty_state_fails_nothing(key: str) -> None:
    changed(key, BASE[key], BASE[key], {})
    changed(key, None, BASE[key], {})
    assert changed(key, None, BASE[key], state_of(key, BASE[key])).changes == {}


def test_a_training_that_was_taken_counts_as_what_the_voice_is_trained_on() -> None:
    pending = {"fingerprint": "f", "accepted": True}
    assert VoiceState.parse({"trainedOn": "old", "pendingTraining": pending}).known_training == "f"
    assert (
        VoiceState.parse(
            {"trainedOn": "old", "pendingTraining": {**pending, "accepted": False}}
        ).known_training
        == "old"
    )
    assert VoiceState.parse({"failedOn": "f"}).known_training == "f"
    assert VoiceState.parse({"trainedOn": "old", "failedOn": "f"}).known_training == "old"
    assert VoiceState.parse({}).known_training is None


@pytest.mark.parametrize("key", VENDORS)
def test_a_property_newly_declared_on_an_adopted_voice_is_no_change(key: str) -> None:
    adopted = {"voiceId": "v", "status": "Ready", "account": "a"}
    news = {**BASE[key], "retrainTriggers": [1], "language": "zh", "spaceId": "1", "tier": "pro"}
    names = {field.alias or name for name, field in VENDORS[key].Inputs.model_fields.items()}
    news = {name: value for name, value in news.items() if name in names}
    kinds = changed(key, {}, news, adopted).changes
    assert set(kinds) == {"deletionPolicy"}  # which calls nobody


@pytest.mark.parametrize("key", VENDORS)
def test_a_later_change_of_an_adopted_voice_counts(key: str) -> None:
    adopted = {"voiceId": "v", "status": "Ready", "account": "a"}
    sample = VENDORS[key].facts.sample_inputs[0]
    other = SECOND if sample == "audio" else "https://s.example/b.wav"
    kinds = changed(key, BASE[key], {**BASE[key], sample: other}, adopted).changes
    assert kinds == {sample: R if key == "kling" else U}


@pytest.mark.parametrize("key", VENDORS)
def test_outputs_that_expire_or_count_are_never_compared(key: str) -> None:
    state = state_of(key, BASE[key], previewUrl="x", availableTrainings=0, updatedAt="y", lastError="z")
    assert changed(key, BASE[key], BASE[key], state).changes == {}


SOMETIMES: dict[str, st.SearchStrategy[Any]] = {
    "audio": st.sampled_from([FIRST, SECOND]),
    "audioUrl": st.sampled_from(
        ["https://s.example/a.wav", "https://s.example/a.wav?e=1", "https://s.example/b.wav"]
    ),
    "videoId": st.sampled_from(["1", "2"]),
    "name": st.sampled_from(["narrator", "guide"]),
    "text": st.sampled_from(["a", "b"]),
    "language": st.sampled_from(["zh", "en"]),
    "retrainTriggers": st.lists(st.integers(0, 1), max_size=2),
    "deletionPolicy": st.sampled_from(["retain", "fail"]),
    "spaceId": st.sampled_from(["1", "2"]),
    "tier": st.sampled_from(["free", "pro"]),
    "modelType": st.sampled_from(["ICL_1_0", "ICL_2_0"]),
    "callbackUrl": st.just("https://c.example"),
}
MIRRORED = {A: D, D: A, AR: Change.DELETE_REPLACE, Change.DELETE_REPLACE: AR, U: U, R: R}


@st.composite
def inputs_of(draw: st.DrawFn, key: str) -> Properties:
    names = {field.alias or name for name, field in VENDORS[key].Inputs.model_fields.items()}
    optional = {name: values for name, values in SOMETIMES.items() if name in names}
    return draw(st.fixed_dictionaries({}, optional=optional))


@given(st.data(), st.sampled_from(sorted(VENDORS)))
def test_diff_is_pure_and_symmetric(data: st.DataObject, key: str) -> None:
    """A refresh calls it with old and new swapped: what differs one way differs the other way.

    Only what is left out is no change by itself: a sample, or what would need another voice.
    """
    one, other = (data.draw(inputs_of(key)) for _ in range(2))
    there, back = changed(key, one, other), changed(key, other, one)
    kept = (copy.deepcopy(one), copy.deepcopy(other))
    assert changed(key, one, other) == there
    assert (one, other) == kept
    facts = VENDORS[key].facts
    sampled = all(any(name in inputs for name in facts.sample_inputs) for inputs in kept)
    for name in there.changes.keys() | back.changes.keys():
        if name in facts.training_inputs and not sampled:
            continue
        if name in facts.replacing_inputs and not (name in one and name in other):
            continue
        if name == "name" and not (name in one and name in other):
            continue
        assert MIRRORED[there.changes[name]] == back.changes[name], name


@given(st.data(), st.sampled_from(sorted(VENDORS)))
def test_diff_never_fails(data: st.DataObject, key: str) -> None:
    odd = st.none() | st.integers() | st.text(max_size=5) | st.just(UNKNOWN) | st.lists(st.none(), max_size=1)
    names = sorted({field.alias or name for name, field in VENDORS[key].Inputs.model_fields.items()})
    inputs = st.dictionaries(st.sampled_from(names), odd, max_size=5)
    states = st.dictionaries(
        st.sampled_from([*names, "status", "trainedOn", "trainedVersion", "failedOn", "pendingTraining"]),
        odd,
        max_size=5,
    )
    diff(
        VENDORS[key],
        "v",
        VoiceState.parse(data.draw(states)),
        data.draw(st.none() | inputs),
        data.draw(inputs),
    )


@pytest.mark.parametrize("key", VENDORS)
def test_without_old_inputs_the_outputs_stand_for_them(key: str) -> None:
    """The engine gives none after an import by an older version, or where a state was edited."""
    kind, state = VENDORS[key], VoiceState.parse(state_of(key, BASE[key]))
    sample = kind.facts.sample_inputs[0]
    other = {**BASE[key], sample: SECOND if sample == "audio" else "https://s.example/b.wav"}
    assert not trains(kind, state, None, BASE[key])
    assert trains(kind, state, None, other)
    imported = replace(state, trained_on=None)
    assert not trains(kind, imported, None, BASE[key])
    assert trains(kind, imported, None, other)
    assert diff(kind, "v", imported, None, BASE[key]).changes == {}


def test_a_name_that_the_state_does_not_know_is_that_of_the_inputs() -> None:
    state = state_of("qiniu", BASE["qiniu"])
    del state["name"]
    news = {**BASE["qiniu"], "name": "guide"}
    assert changed("qiniu", BASE["qiniu"], news, state).changes == {"name": U}
    assert changed("qiniu", BASE["qiniu"], BASE["qiniu"], state).changes == {}
