"""The wire's values, to and from the core's."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct, Value
from hypothesis import given
from hypothesis import strategies as st

from voiceclone_provider.core.errors import PermanentError
from voiceclone_provider.core.values import UNKNOWN, Archive, Asset
from voiceclone_provider.plugin import codec

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def struct(properties: dict[str, Any]) -> Struct:
    return json_format.ParseDict(properties, Struct())


def decoded(value: Any) -> Any:
    return codec.decode(struct({"it": value}))[0]["it"]


def plain(message: Struct) -> dict[str, Any]:
    result: dict[str, Any] = json_format.MessageToDict(message)
    return result


texts = st.text().filter(lambda text: text != codec.UNKNOWN_SENTINEL)
names = st.text().filter(lambda text: text != codec.SIGNATURE)
assets = st.builds(Asset, hash=st.just(HASH), path=texts) | st.builds(Asset, hash=st.just(HASH), text=texts)
leaves = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.integers(-(2**53), 2**53)
    | texts
    | st.just(UNKNOWN)
    | assets
    | st.builds(Archive, hash=texts)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(names, values, max_size=5), st.data())
def test_round_trip(properties: dict[str, Any], data: st.DataObject) -> None:
    secrets = data.draw(st.sets(st.sampled_from(sorted(properties)))) if properties else set()
    message = Struct.FromString(codec.encode(properties, secrets).SerializeToString())
    assert codec.decode(message) == (properties, secrets)


def test_signatures_are_those_of_the_sdk() -> None:
    from pulumi.runtime import rpc

    ours = ("SIGNATURE", "SECRET", "ASSET", "ARCHIVE", "RESOURCE", "OUTPUT", "UNKNOWN_SENTINEL")
    theirs = ("sig_key", "secret_sig", "asset_sig", "archive_sig", "resource_sig", "output_value_sig")
    assert [getattr(codec, name) for name in ours] == [
        *(getattr(rpc, f"_special_{name}") for name in theirs),
        rpc.UNKNOWN,
    ]


def test_unknown_values_at_any_depth() -> None:
    assert decoded({"a": [codec.UNKNOWN_SENTINEL, 1]}) == {"a": [UNKNOWN, 1]}
    assert plain(codec.encode({"voiceId": UNKNOWN})) == {"voiceId": codec.UNKNOWN_SENTINEL}


def test_a_secret_anywhere_makes_its_property_secret() -> None:
    secret = {codec.SIGNATURE: codec.SECRET, "value": "hush"}
    properties, secrets = codec.decode(struct({"text": secret, "tags": ["a", {"b": secret}], "name": "n"}))
    assert properties == {"text": "hush", "tags": ["a", {"b": "hush"}], "name": "n"}
    assert secrets == {"text", "tags"}
    assert plain(codec.encode(properties, secrets))["text"] == secret


def test_secrets_that_are_not_there_are_not_made_up() -> None:
    assert plain(codec.encode({"name": "n"}, {"text"})) == {"name": "n"}


@pytest.mark.parametrize("place", ["path", "uri", "text"])
def test_assets(place: str) -> None:
    wire = {codec.SIGNATURE: codec.ASSET, "hash": HASH, place: "here"}
    assert decoded(wire) == Asset(hash=HASH, **{place: "here"})
    assert plain(codec.encode({"audio": decoded(wire)})) == {"audio": wire}


def test_an_asset_without_its_place_as_diff_sees_it() -> None:
    assert decoded({codec.SIGNATURE: codec.ASSET, "hash": HASH}) == Asset(hash=HASH)


def test_a_secret_asset() -> None:
    wire = {codec.SIGNATURE: codec.ASSET, "hash": HASH, "path": "a.wav"}
    properties, secrets = codec.decode(struct({"audio": {codec.SIGNATURE: codec.SECRET, "value": wire}}))
    assert properties == {"audio": Asset(hash=HASH, path="a.wav")}
    assert secrets == {"audio"}


def test_an_archive_of_assets() -> None:
    inner = {"a": {codec.SIGNATURE: codec.ASSET, "hash": HASH, "path": "a"}}
    assert decoded({codec.SIGNATURE: codec.ARCHIVE, "hash": "abc", "assets": inner}) == Archive(hash="abc")


@pytest.mark.parametrize(
    ("wire", "value", "secret"),
    [
        ({"value": "x", "secret": False, "dependencies": ["urn"]}, "x", False),
        ({"value": "x", "secret": True}, "x", True),
        ({"dependencies": []}, UNKNOWN, False),
        ({"secret": True}, UNKNOWN, True),
        ({"value": ["x", codec.UNKNOWN_SENTINEL]}, ["x", UNKNOWN], False),
    ],
)
def test_output_values(wire: dict[str, Any], value: object, secret: bool) -> None:
    properties, secrets = codec.decode(struct({"it": {codec.SIGNATURE: codec.OUTPUT, **wire}}))
    assert properties["it"] == value
    assert secrets == ({"it"} if secret else set())


def test_resource_references_stand_for_their_id() -> None:
    reference = {codec.SIGNATURE: codec.RESOURCE, "urn": "urn:x"}
    assert decoded(reference) == "urn:x"
    assert decoded(reference | {"id": "i-1"}) == "i-1"
    assert decoded(reference | {"id": codec.UNKNOWN_SENTINEL}) is UNKNOWN


def test_null_is_none_and_whole_numbers_equal_integers() -> None:
    assert decoded(None) is None
    assert decoded(3) == 3
    assert codec.decode(Struct(fields={"it": Value()}))[0] == {"it": None}


def test_a_signature_from_the_future_is_told() -> None:
    with pytest.raises(PermanentError, match="does not know"):
        decoded({codec.SIGNATURE: "something new"})


def test_what_no_property_can_hold_is_a_bug() -> None:
    with pytest.raises(TypeError, match="set"):
        codec.encode({"it": {1, 2}})
