"""The parts of the stand-in that can go wrong by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from .deployment import Snapshot, dump, load
from .evaluation import EvaluationError, Scope
from .goals import seconds
from .options import Targets
from .paths import contains, parse, reset
from .program import Program, ProgramError
from .resources import State, make_urn
from .secrets import PassphraseKeeper, PlainKeeper, SecretsError
from .store import StateError, Store
from .values import UNKNOWN, Asset, Secret, changed_keys, equal, plain
from .wire import Encoder, WireError, decode

# Written by `pulumi stack init` of 3.260.0, with the passphrase `x`.
REAL_SALT = "v1:fJJhlIf63HU=:v1:qf9aI/qRRhSt1LTH:UJw3Jz+/g1atp7RNgA2+2kwFc5BbIw=="

VALUES: dict[str, Any] = {
    "null": None,
    "bool": True,
    "number": 1,
    "float": 1.5,
    "list": [1, {"a": None}],
    "secret": Secret({"a": [1]}),
    "asset": Asset("00", path="a.wav"),
    "text": "语音",
}


# -- values ------------------------------------------------------------------------------------------------


def test_values_survive_the_wire() -> None:
    struct = Encoder(unknowns=True).struct({**VALUES, "unknown": UNKNOWN, "nested": [UNKNOWN]})
    back = decode(struct, unknowns=True)
    assert back is not None
    assert back == {**VALUES, "unknown": UNKNOWN, "nested": [UNKNOWN]}
    assert back["asset"].path == "a.wav"


def test_what_is_not_known_is_left_out_where_it_must_not_be() -> None:
    struct = Encoder().struct({"a": UNKNOWN, "b": [1, UNKNOWN], "c": {"d": UNKNOWN}})
    assert struct is not None
    assert MessageToDict(struct) == {"b": [1.0], "c": {}}
    with pytest.raises(WireError):
        decode(Encoder(unknowns=True).struct({"a": UNKNOWN}), unknowns=False)


def test_the_contents_of_assets_can_be_left_out() -> None:
    struct = Encoder(contents=False).struct({"a": Asset("00", text="words")})
    back = decode(struct, unknowns=False)
    assert back is not None
    assert back["a"].empty


def test_equality() -> None:
    assert equal({"a": [1, Secret(2.0)]}, {"a": [1.0, Secret(2)]})
    assert not equal(1, True)
    assert not equal({"a": None}, {})
    assert equal(Asset("00", path="here"), Asset("00", path="there"))
    assert changed_keys({"a": Secret(1), "b": 1}, {"a": 1, "c": 1}) == ["b", "c"]
    assert plain([Secret({"a": Secret(1)})]) == [{"a": 1}]


# -- the state ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keeper", [PlainKeeper(), PassphraseKeeper("x", REAL_SALT)], ids=["plain", "passphrase"]
)
def test_a_state_survives_being_saved(keeper: Any) -> None:
    state = State(make_urn("s", "p", "", "t:i:T", "n"), "t:i:T", id="1", inputs=VALUES, outputs=VALUES)
    exported = dump(Snapshot([state]), keeper)
    (back,) = load(exported, keeper).resources
    assert back.inputs == VALUES
    assert back.outputs == VALUES
    assert dump(Snapshot([back]), keeper)["deployment"]["resources"] == exported["deployment"]["resources"]


def test_secrets_as_the_real_passphrase_provider_keeps_them() -> None:
    keeper = PassphraseKeeper("x", REAL_SALT)
    keeper.check()
    assert keeper.decrypt(keeper.encrypt("words")) == "words"
    with pytest.raises(SecretsError, match="incorrect passphrase"):
        PassphraseKeeper("y", REAL_SALT).check()
    with pytest.raises(SecretsError):
        PassphraseKeeper("y", REAL_SALT).decrypt(keeper.encrypt("words"))


def test_two_commands_do_not_meet(tmp_path: Path) -> None:
    store = Store(tmp_path, "p", "s")
    store.create()
    store.lock()
    with pytest.raises(StateError, match="currently locked by 1 lock"):
        Store(tmp_path, "p", "s").lock()
    store.cancel()
    store.lock().unlink()


# -- programs ----------------------------------------------------------------------------------------------


def scope(preview: bool = False) -> Scope:
    found = Scope(Path(), preview, lambda token, arguments, options: {"token": token, **arguments})
    urn = make_urn("s", "p", "", "t:i:T", "voice")
    outputs = {"name": "n", "list": [{"a": 1}], "hidden": Secret({"b": 2}), "later": UNKNOWN}
    found.resources["voice"] = State(urn, "t:i:T", id="1", outputs=outputs)
    return found


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("${voice.name}", "n"),
        ("a ${voice.name}-${voice.id} $${x}", "a n-1 ${x}"),
        ("${voice.list[0].a}", 1),
        ('${voice["name"]}', "n"),
        ("${voice.hidden.b}", Secret(2)),
        ("x${voice.hidden.b}", Secret("x2")),
        ("${voice.later}", UNKNOWN),
        ("x${voice.later}", UNKNOWN),
        ("${voice.nothing}", None),
        ({"fn::toJSON": {"a": [1]}}, '{"a":[1]}'),
        ({"fn::join": [",", ["a", "${voice.name}"]]}, "a,n"),
        ({"fn::split": [",", "a,b"]}, ["a", "b"]),
        ({"fn::select": [1, ["a", "b"]]}, "b"),
        ({"fn::secret": "x"}, Secret("x")),
        ({"fn::toBase64": {"fn::secret": "x"}}, Secret("eA==")),
        ({"fn::invoke": {"function": "t:i:f", "arguments": {"v": "${voice.name}"}, "return": "v"}}, "n"),
        ({"fn::invoke": {"function": "t:i:f", "arguments": {"v": "${voice.later}"}}}, UNKNOWN),
        ({"a": ["${voice.name}"]}, {"a": ["n"]}),
    ],
)
def test_expressions(expression: Any, value: Any) -> None:
    assert scope().evaluate(expression).value == value


def test_a_value_knows_where_it_comes_from() -> None:
    found = scope().evaluate({"a": ["x-${voice.name}"], "b": 1})
    assert found.urns == {make_urn("s", "p", "", "t:i:T", "voice")}


@pytest.mark.parametrize(
    "expression",
    ["${nobody}", "${voice.name.x}", "${voice.list[7]}", {"fn::fileAsset": "nowhere.wav"}, {"fn::what": 1}],
)
def test_expressions_without_a_value(expression: Any) -> None:
    with pytest.raises(EvaluationError):
        scope().evaluate(expression)


def test_nodes_come_after_what_they_need() -> None:
    declared = {
        "resources": {"b": {"properties": {"x": "${a.id}"}}, "a": {"options": {"dependsOn": ["${v}"]}}},
        "variables": {"v": "1"},
    }
    assert [node.name for node in Program.of(declared, Path()).nodes()] == ["v", "a", "b"]


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"resources": {"a": {"x": "${b}"}, "b": {"x": "${a}"}}}, "circular"),
        ({"resources": {"a": {"x": "${b}"}}}, '"b" not found'),
    ],
)
def test_programs_that_cannot_be_run(declared: dict[str, Any], told: str) -> None:
    with pytest.raises(ProgramError, match=told):
        Program.of(declared, Path()).nodes()


def test_only_yaml_programs() -> None:
    with pytest.raises(ProgramError, match="only YAML"):
        Program.of({"runtime": {"name": "python"}}, Path())


# -- options -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "value"), [("45m", 2700), ("1h30m", 5400), ("1.5s", 1.5), ("100ms", 0.1)])
def test_durations(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "45", "m", "5 m"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(EvaluationError):
        seconds(text)


def test_paths() -> None:
    assert parse('a.b[0]["c.d"].*') == ["a", "b", 0, "c.d", "*"]
    assert contains(parse("a.*"), parse("a.b.c"))
    assert not contains(parse("a.b"), parse("a"))
    news: dict[str, Any] = {"a": {"x": 2, "y": 2}, "b": 2, "l": [2, 2]}
    for path in ("a.x", "b", "c", "l[1]", "gone.far"):
        reset(parse(path), {"a": {"x": 1}, "c": 1, "l": [1, 1]}, news)
    assert news == {"a": {"x": 1, "y": 2}, "c": 1, "l": [2, 1]}


def test_targets() -> None:
    urn = "urn:pulumi:s::p::t:i:T::n"
    assert urn in Targets()
    assert not Targets().names(urn)
    assert urn in Targets([urn])
    assert urn in Targets(["**::n"])
    assert urn not in Targets(["urn:pulumi:s::*::n"])
