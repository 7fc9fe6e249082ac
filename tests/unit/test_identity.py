"""Identity: what makes two trainings the same, and what tells our own voice from a stranger's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceclone_provider.core.values import UNKNOWN, Archive, Asset
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.vendors.coze.client import Coze
from voiceclone_provider.vendors.kling.client import Kling
from voiceclone_provider.vendors.qiniu.client import Qiniu
from voiceclone_provider.vendors.volcengine.client import Volcengine
from voiceclone_provider.voice.fingerprint import (
    auto_name,
    canonical,
    defaults,
    fingerprint,
    handle,
    replacing_key,
    stable_url,
)

URN = "urn:pulumi:dev::project::voiceclone:coze:Voice::narrator"
AUDIO = Asset(hash="a" * 64, path="narrator.wav")
SIGNATURES = [
    "X-Amz-Signature=5d",
    "x-amz-date=20260101T000000Z",
    "X-Tos-Expires=3600",
    "Expires=1767225600",
    "Signature=5d%2B",
    "OSSAccessKeyId=LTAI",
    "AWSAccessKeyId=AKIA",
    "e=1767225600",
    "token=5d:5d",
    "x-expires=1767225600",
    "x-signature=5d",
    "%58-Amz-Signature=5d",
]
# Anything that Pulumi's wire can carry.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_in_the_url_is_no_change(signature: str) -> None:
    url = "https://samples.example/a.wav"
    assert stable_url(f"{url}?{signature}") == url
    assert stable_url(f"{url}?version=2&{signature}") == stable_url(f"{url}?{signature}&version=2")


@pytest.mark.parametrize(
    "url",
    [
        "https://samples.example/b.wav",
        "https://samples.example/a.wav?version=2",
        "https://samples.example/a.wav?expires_in=1",
        "https://samples.example/a.wav?tokens=1",
        "https://other.example/a.wav",
        "http://samples.example/a.wav",
    ],
)
def test_everything_else_in_the_url_counts(url: str) -> None:
    assert stable_url(url) != stable_url("https://samples.example/a.wav")


def test_queries_that_are_not_utf8_stay_apart() -> None:
    first, second = (stable_url(f"https://samples.example/get?file={name}") for name in ("%CE%D2", "%C4%E3"))
    assert first != second


@given(st.text())
def test_any_text_has_a_stable_url(text: str) -> None:
    """Diff must not fail, whatever stands in an input."""
    once = stable_url(text)
    assert stable_url(once) == once


@pytest.mark.parametrize("url", ["http://[::1", "https://[bad]/a.wav?e=1"])
def test_what_is_no_url_is_compared_as_it_is(url: str) -> None:
    assert stable_url(url) == url


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (AUDIO, Asset(hash="a" * 64)),
        (AUDIO, Asset(hash="a" * 64, uri="https://samples.example/a.wav")),
        (Archive(hash="b"), Archive(hash="b")),
        (1, 1.0),
        ([1, {"a": 2.0}], (1, {"a": 2})),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)
def test_what_trains_the_same_is_the_same(first: Any, second: Any) -> None:
    assert canonical("", first) == canonical("", second)
    one, other = ({"audio": AUDIO, "retrainTriggers": [value]} for value in (first, second))
    assert fingerprint(Coze, one) == fingerprint(Coze, other)


@pytest.mark.parametrize(
    "change",
    [
        {"audio": Asset(hash="b" * 64)},
        {"text": "another text"},
        {"language": "en"},
        {"name": "another name"},
        {"previewText": "hello"},
        {"description": "warm"},
        {"retrainTriggers": ["again"]},
        {"retrainTriggers": [False]},
        {"retrainTriggers": [0]},
    ],
)
def test_everything_a_training_uses_counts(change: dict[str, Any]) -> None:
    inputs = {"audio": AUDIO, "name": "narrator", "text": "a text"}
    assert fingerprint(Coze, inputs) != fingerprint(Coze, {**inputs, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"deletionPolicy": "fail"},
        {"audioFormat": "wav"},
        {"spaceId": "1"},
        {"language": None},
        {"language": ""},
        {"retrainTriggers": []},
    ],
)
def test_nothing_else_counts(change: dict[str, Any]) -> None:
    inputs = {"audio": AUDIO, "name": "narrator"}
    assert fingerprint(Coze, inputs) == fingerprint(Coze, {**inputs, **change})


def test_an_input_at_its_default_does_not_count() -> None:
    """So that a later version may add an input with a default, and nobody pays a training for it."""
    assert defaults(Volcengine) == {"modelType": "ICL_1_0"}
    same = fingerprint(Volcengine, {"audio": AUDIO, "modelType": "ICL_1_0"})
    assert fingerprint(Volcengine, {"audio": AUDIO}) == same
    assert fingerprint(Volcengine, {"audio": AUDIO, "modelType": "ICL_2_0"}) != same


@pytest.mark.parametrize(
    "inputs",
    [{"audio": UNKNOWN}, {"audio": AUDIO, "retrainTriggers": [UNKNOWN]}, {"audio": AUDIO, "text": UNKNOWN}],
)
def test_what_is_not_known_has_no_fingerprint(inputs: dict[str, Any]) -> None:
    assert fingerprint(Coze, inputs) is None


def test_an_unknown_value_that_trains_nothing_does_not_hide_the_fingerprint() -> None:
    assert fingerprint(Coze, {"audio": AUDIO, "spaceId": UNKNOWN}) == fingerprint(Coze, {"audio": AUDIO})


@given(st.dictionaries(st.sampled_from(Coze.facts.training_inputs), VALUES))
def test_a_fingerprint_depends_on_values_and_not_on_their_order(inputs: dict[str, Any]) -> None:
    told = fingerprint(Coze, inputs)
    assert told is not None
    assert len(told) == 64
    assert fingerprint(Coze, dict(reversed(inputs.items()))) == told


@given(st.text(max_size=60), st.sampled_from(list(VENDORS.values())))
def test_an_automatic_name_fits_and_is_the_same_in_every_run(name: str, vendor: Any) -> None:
    facts = vendor.facts
    made = auto_name(facts, f"urn:pulumi:dev::project::t::{name}", {})
    assert made == auto_name(facts, f"urn:pulumi:dev::project::t::{name}", {})
    if facts.name_limit is None:
        assert made is None
        return
    assert made is not None
    size = len(made.encode()) if facts.name_unit == "bytes" else len(made)
    assert 9 <= size <= facts.name_limit
    vendor.Inputs.model_validate({"name": made})


def test_an_automatic_name_tells_stacks_and_places_apart() -> None:
    names = {
        auto_name(Coze.facts, URN, {}),
        auto_name(Coze.facts, URN.replace("dev", "prod"), {}),
        auto_name(Coze.facts, URN, {"spaceId": "1"}),
        auto_name(Coze.facts, URN, {"spaceId": "2"}),
    }
    assert len(names) == 4
    assert all(str(name).startswith("narrator-") for name in names)


def test_an_automatic_name_does_not_follow_what_can_change_in_place() -> None:
    assert auto_name(Coze.facts, URN, {"audio": AUDIO, "name": "x"}) == auto_name(Coze.facts, URN, {})
    assert auto_name(Coze.facts, URN, {"spaceId": UNKNOWN}) == auto_name(Coze.facts, URN, {})


def test_a_place_changes_with_what_needs_another_voice_only() -> None:
    assert replacing_key(Qiniu.facts, {"language": "zh"}) != replacing_key(Qiniu.facts, {"language": "en"})
    assert replacing_key(Qiniu.facts, {"language": "zh", "name": "a", "audioUrl": "b"}) == replacing_key(
        Qiniu.facts, {"language": "zh"}
    )
    assert replacing_key(Kling.facts, {"name": "a"}) == replacing_key(Kling.facts, {})


def test_a_handle_is_the_same_in_every_run_and_nowhere_else() -> None:
    known = handle(URN, "f", 1)
    assert known == handle(URN, "f", 1)
    assert len({known, handle(URN, "f", 2), handle(URN, "g", 1), handle(URN + "2", "f", 1)}) == 4


def test_what_states_and_vendors_keep_stays_the_same_from_version_to_version() -> None:
    """Names and task IDs at the vendors, fingerprints in states, hashes in the journal: computed otherwise, a
    voice that exists would not be found, or trained again."""
    urn = "urn:pulumi:dev::project::voiceclone:coze:Voice::旁白"
    assert auto_name(Coze.facts, urn, {"spaceId": "空间"}) == "旁白-a98eda62"
    assert auto_name(Qiniu.facts, urn, {"tier": "x", "language": "zh"}) == "旁白-afd82c9f"
    long = f"urn:pulumi:dev::project::voiceclone:kling:Voice::a::b{'旁' * 30}"
    assert auto_name(Kling.facts, long, {"audioUrl": "https://a.b/c.wav"}) == f"b{'旁' * 10}-e6bbd3b9"
    assert replacing_key(Coze.facts, {"spaceId": "空间"}) == "63bb6601498f716fc4b45932b5182e85"
    assert handle(urn, "f", 2) == "voiceclone-e5bf1a9586c8cd61f6e4fae12611ec79"
    inputs = {"text": "你好", "spaceId": "1", "retrainTriggers": [1.0, {"b": 2, "a": 1}]}
    assert fingerprint(Coze, inputs) == "95e99564a077cdb023456057c8abe53da0fb0c43726eef2ca09762b12c0f9717"


def test_a_name_that_is_cut_within_a_letter_loses_the_letter() -> None:
    name = auto_name(Coze.facts, f"urn:pulumi:dev::project::t::{'旁' * 60}", {})
    assert name is not None
    assert name.startswith("旁" * 39 + "-")
    assert len(name.encode()) == 126
