"""The server as the engine calls it: a real channel, a recording lifecycle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from plugin_face import SCHEMA, URN, VERBS, Face, FakeEngine, code, fault, serving_engine, text

from voiceclone_provider import __version__
from voiceclone_provider.core.ports import Change, Checked, Created, Difference, Fault, Found
from voiceclone_provider.core.values import UNKNOWN, Asset
from voiceclone_provider.lifecycle.functions import Answer, Listed
from voiceclone_provider.plugin import codec
from voiceclone_provider.plugin.protos import engine_pb2, plugin_pb2
from voiceclone_provider.plugin.protos import provider_pb2 as pb

ASSET = Asset(hash="ab" * 32, path="voices/a.wav")


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    file = tmp_path / "schema.json"
    file.write_text(SCHEMA)
    return file


@pytest.fixture
def engine() -> Iterator[tuple[FakeEngine, str]]:
    with serving_engine() as served:
        yield served


@pytest.fixture
def face(schema: Path, engine: tuple[FakeEngine, str]) -> Iterator[Face]:
    face = Face(engine[1], schema)
    face.configure()
    yield face
    face.close()


# -- the plugin itself ---------------------------------------------------------------------------------------


def test_handshake_agrees_with_configure(face: Face) -> None:
    shaken = face.stub.Handshake(pb.ProviderHandshakeRequest())
    configured = face.stub.Configure(pb.ConfigureRequest())
    assert (shaken.accept_secrets, shaken.accept_resources, shaken.accept_outputs) == (True, False, False)
    assert (configured.acceptSecrets, configured.acceptResources, configured.acceptOutputs) == (
        True,
        False,
        False,
    )
    assert configured.supportsPreview


@pytest.mark.parametrize("how", ["handshake", "attach"])
def test_the_engine_may_tell_its_address_later(
    schema: Path, engine: tuple[FakeEngine, str], how: str
) -> None:
    face = Face(None, schema)
    if how == "attach":
        face.stub.Attach(plugin_pb2.PluginAttach(address=engine[1]))
    else:
        face.stub.Handshake(pb.ProviderHandshakeRequest(engine_address=engine[1]))
    face.configure()

    def delete(*_: Any, reporter: Any, **__: Any) -> None:
        reporter.warning("it stays at the vendor")

    face.lifecycle.answers["delete"] = delete
    face.stub.Delete(VERBS["Delete"])
    face.close()
    assert [(line.message, line.urn) for line in engine[0].lines] == [("it stays at the vendor", URN)]


def test_plugin_info_and_schema(face: Face) -> None:
    assert face.stub.GetPluginInfo(Empty()).version == __version__
    assert face.stub.GetSchema(pb.GetSchemaRequest()).schema == SCHEMA


@pytest.mark.parametrize("call", ["Call", "Construct", "Parameterize", "GetMapping", "GetMappings"])
def test_what_it_does_not_do_is_unimplemented(face: Face, call: str) -> None:
    request = getattr(pb, f"{call}Request")()
    assert code(fault(getattr(face.stub, call), request)) is grpc.StatusCode.UNIMPLEMENTED


def test_an_unknown_function_is_told(face: Face) -> None:
    error = fault(face.stub.Invoke, pb.InvokeRequest(tok="voiceclone:coze:getMusic"))
    assert text(error) == (
        "voiceclone has no function voiceclone:coze:getMusic; it has voiceclone:coze:getVoice."
    )


@pytest.mark.parametrize("token", ["voiceclone:coze:getVoice", "voiceclone:coze/getVoice:getVoice"])
def test_a_function_is_asked(face: Face, token: str) -> None:
    face.lifecycle.answers["invoke"] = Answer({"voiceId": "1", "status": UNKNOWN})
    reply = face.stub.Invoke(pb.InvokeRequest(tok=token, args=codec.encode({"voiceId": "1", "x": UNKNOWN})))
    assert face.last == ("invoke", ("coze", "getVoice", {"voiceId": "1", "x": UNKNOWN}), {})
    assert codec.decode(getattr(reply, "return")) == ({"voiceId": "1", "status": UNKNOWN}, set())
    assert list(reply.failures) == []


@pytest.mark.parametrize(("limit", "ids"), [(0, ["1", "2"]), (1, ["1"]), (5, ["1", "2"])])
def test_voices_are_listed(face: Face, limit: int, ids: list[str]) -> None:
    face.lifecycle.answers["listed"] = [Listed("1", "host"), Listed("2", "2")]
    found = list(face.stub.List(pb.ListRequest(token="voiceclone:coze:Voice", limit=limit)))
    assert face.last == ("listed", ("coze",), {})
    assert [response.result.id for response in found] == ids
    assert found[0].result.name == "host"


def test_a_list_of_a_type_that_there_is_not_is_told(face: Face) -> None:
    error = fault(
        lambda request: list(face.stub.List(request)), pb.ListRequest(token="voiceclone:acme:Voice")
    )
    assert text(error).startswith("voiceclone has no resource type voiceclone:acme:Voice")


def test_what_a_secret_was_used_to_find_is_secret(face: Face) -> None:
    face.lifecycle.answers["invoke"] = Answer({"voiceId": "1", "status": "Ready"})
    arguments = codec.encode({"voiceId": "1"}, {"voiceId"})
    reply = face.stub.Invoke(pb.InvokeRequest(tok="voiceclone:coze:getVoice", args=arguments))
    assert codec.decode(getattr(reply, "return"))[1] == {"voiceId", "status"}


def test_faults_of_arguments_are_failures_and_tell_no_secret(face: Face) -> None:
    faults = [Fault("voiceId", "voiceId is 's3cret'"), Fault("status", "status is wrong")]
    face.lifecycle.answers["invoke"] = Answer({}, faults)
    arguments = codec.encode({"voiceId": "s3cret"}, {"voiceId"})
    reply = face.stub.Invoke(pb.InvokeRequest(tok="voiceclone:coze:getVoice", args=arguments))
    assert [failure.reason.partition(" ")[0] for failure in reply.failures] == ["voiceId", "status"]
    assert "s3cret" not in str(reply)


# -- types ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("types", "vendor"),
    [
        ("voiceclone:coze:Voice", "coze"),
        ("voiceclone:kling:Voice", "kling"),
        ("voiceclone:coze/voice:Voice", "coze"),
        ("my:module:Studio$my:other:Room$voiceclone:coze:Voice", "coze"),
        ("voiceclone:kling:Voice$voiceclone:coze:Voice", "coze"),
    ],
)
def test_the_type_names_the_vendor(face: Face, types: str, vendor: str) -> None:
    face.stub.Check(pb.CheckRequest(urn=f"urn:pulumi:dev::shop::{types}::a::strange$name:x"))
    assert face.last[1][0] == vendor


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_type_is_told(face: Face, verb: str) -> None:
    request = type(VERBS[verb])(urn="urn:pulumi:dev::shop::voiceclone:acme:Voice::x")
    error = fault(getattr(face.stub, verb), request)
    assert text(error) == (
        "voiceclone has no resource type voiceclone:acme:Voice; "
        "it has voiceclone:coze:Voice, voiceclone:kling:Voice."
    )


# -- configuration -------------------------------------------------------------------------------------------


def test_check_config_marks_secrets(face: Face) -> None:
    news = codec.encode({"cozeToken": "t", "cozeBaseUrl": "http://x", "__internal": {"a": 1}})
    answer = face.stub.CheckConfig(pb.CheckRequest(news=news))
    properties, secrets = codec.decode(answer.inputs)
    assert properties == {"cozeToken": "t", "cozeBaseUrl": "http://x", "__internal": {"a": 1}}
    assert secrets == {"cozeToken"}


def test_a_fault_in_a_secret_does_not_name_its_property(face: Face) -> None:
    """The engine would print its value."""
    face.core.checked = Checked({}, [Fault("cozeToken", "has a space"), Fault("cozeBaseUrl", "is no URL")])
    failures = face.stub.CheckConfig(pb.CheckRequest(news=codec.encode({"cozeToken": "a b"}))).failures
    assert [(failure.property, failure.reason) for failure in failures] == [
        ("", "cozeToken is invalid; its value is secret, so the reason is not shown"),
        ("cozeBaseUrl", "is no URL"),
    ]


@pytest.mark.parametrize(
    ("olds", "news", "kinds"),
    [
        ({"cozeToken": "a"}, {"cozeToken": "a"}, {}),
        ({"cozeToken": "a"}, {"cozeToken": "b"}, {"cozeToken": pb.PropertyDiff.UPDATE}),
        ({}, {"cozeBaseUrl": "b"}, {"cozeBaseUrl": pb.PropertyDiff.ADD}),
        ({"cozeBaseUrl": "b"}, {}, {"cozeBaseUrl": pb.PropertyDiff.DELETE}),
        ({"cozeToken": "a"}, {"cozeToken": UNKNOWN}, {"cozeToken": pb.PropertyDiff.UPDATE}),
        ({"__internal": {}}, {"__internal": {"a": 1}}, {}),
    ],
)
@pytest.mark.parametrize("field", ["old_inputs", "olds"])
def test_changed_configuration_never_replaces(
    face: Face, olds: dict[str, Any], news: dict[str, Any], kinds: dict[str, int], field: str
) -> None:
    before: dict[str, Any] = {field: codec.encode(olds)}
    answer = face.stub.DiffConfig(pb.DiffRequest(news=codec.encode(news), **before))
    assert answer.changes == (pb.DiffResponse.DIFF_SOME if kinds else pb.DiffResponse.DIFF_NONE)
    assert not answer.replaces
    assert {name: diff.kind for name, diff in answer.detailedDiff.items()} == kinds


def test_configure_hands_over_plain_values(face: Face) -> None:
    args = codec.encode({"cozeToken": "t", "__internal": {}}, {"cozeToken"})
    face.stub.Configure(pb.ConfigureRequest(args=args))
    assert face.core.configured[-1] == {"cozeToken": "t"}


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_before_configure_are_refused_in_words(schema: Path, verb: str) -> None:
    face = Face(None, schema)
    error = fault(getattr(face.stub, verb), VERBS[verb])
    face.close()
    assert text(error) == "the provider has not been configured yet."


# -- the verbs -----------------------------------------------------------------------------------------------


def test_check(face: Face) -> None:
    face.lifecycle.answers["check"] = Checked(
        {"name": "n", "text": "hush", "audio": ASSET, "deletionPolicy": "retain"},
        [Fault("audio", "too long"), Fault("text", "too short"), Fault("", "both are wrong")],
    )
    news = {"text": "hush", "audio": ASSET, "triggers": [UNKNOWN, 1.0]}
    answer = face.stub.Check(pb.CheckRequest(urn=URN, news=codec.encode(news, {"text"})))
    assert face.last == ("check", ("coze", URN, None, news), {})
    assert codec.decode(answer.inputs) == (face.lifecycle.answers["check"].inputs, {"text"})
    assert [(failure.property, failure.reason) for failure in answer.failures] == [
        ("audio", "too long"),
        ("", "text is invalid; its value is secret, so the reason is not shown"),
        ("", "both are wrong"),
    ]


def test_check_sees_old_inputs(face: Face) -> None:
    face.stub.Check(pb.CheckRequest(urn=URN, olds=codec.encode({"name": "n"}), news=codec.encode({})))
    assert face.last[1] == ("coze", URN, {"name": "n"}, {})


def test_diff_without_changes(face: Face) -> None:
    request = pb.DiffRequest(
        urn=URN,
        id="voice-1",
        olds=codec.encode({"voiceId": "voice-1"}),
        old_inputs=codec.encode({"text": "hush"}, {"text"}),
        news=codec.encode({"text": "hush"}, {"text"}),
    )
    answer = face.stub.Diff(request)
    arguments = ("coze", URN, "voice-1", {"voiceId": "voice-1"}, {"text": "hush"}, {"text": "hush"})
    method, (*given, reporter), more = face.last
    assert (method, tuple(given), more) == ("diff", arguments, {})
    assert reporter.redact("hush") == "[secret]"
    assert answer.changes == pb.DiffResponse.DIFF_NONE
    assert not answer.detailedDiff


def test_diff_with_changes_of_every_kind(face: Face) -> None:
    changes = {change.value: change for change in Change}
    face.lifecycle.answers["diff"] = Difference(changes, frozenset({"update"}), ("voiceId",))
    answer = face.stub.Diff(VERBS["Diff"])
    assert face.last[1][4] is None
    assert answer.changes == pb.DiffResponse.DIFF_SOME
    assert answer.hasDetailedDiff
    assert not answer.deleteBeforeReplace
    assert list(answer.stables) == ["voiceId"]
    assert sorted(answer.replaces) == ["add-replace", "delete-replace", "update-replace"]
    assert sorted(answer.diffs) == sorted(changes)
    assert {name: (diff.kind, diff.inputDiff) for name, diff in answer.detailedDiff.items()} == {
        name: (getattr(pb.PropertyDiff, change.name), name != "update") for name, change in changes.items()
    }


def test_create(face: Face, engine: tuple[FakeEngine, str]) -> None:
    def create(vendor: str, urn: str, inputs: dict[str, Any], *, reporter: Any, **_: Any) -> Created:
        reporter.warning("too short")
        return Created("voice-1", inputs | {"voiceId": "voice-1"})

    face.lifecycle.answers["create"] = create
    inputs = {"audio": ASSET, "text": "hush", "n": 3}
    answer = face.stub.Create(
        pb.CreateRequest(urn=URN, properties=codec.encode(inputs, {"text"}), timeout=9.5)
    )
    _, arguments, options = face.last
    assert arguments == ("coze", URN, inputs)
    assert (options["timeout"], options["preview"]) == (9.5, False)
    assert answer.id == "voice-1"
    assert codec.decode(answer.properties) == (inputs | {"voiceId": "voice-1"}, {"text"})
    assert [(line.message, line.urn, line.severity) for line in engine[0].lines] == [
        ("too short", URN, engine_pb2.WARNING)
    ]


def test_create_at_preview(face: Face) -> None:
    face.lifecycle.answers["create"] = Created("", {"voiceId": UNKNOWN})
    answer = face.stub.Create(pb.CreateRequest(urn=URN, preview=True))
    assert (face.last[2]["preview"], face.last[2]["timeout"]) == (True, 0.0)
    assert answer.id == ""
    assert answer.properties["voiceId"] == codec.UNKNOWN_SENTINEL


def test_read(face: Face) -> None:
    face.lifecycle.answers["read"] = Found("voice-2", {"text": "new", "status": "Ready"}, {"text": "new"})
    request = pb.ReadRequest(
        urn=URN,
        id="voice-1",
        properties=codec.encode({"status": "Training", "text": "hush"}, {"text"}),
        inputs=codec.encode({"text": "hush"}, {"text"}),
    )
    answer = face.stub.Read(request)
    state = {"status": "Training", "text": "hush"}
    assert face.last[1] == ("coze", URN, "voice-1", state, {"text": "hush"})
    assert face.last[2].pop("reporter").redact("hush") == "[secret]"
    assert face.last[2] == {"importing": False}
    assert answer.id == "voice-2"
    assert codec.decode(answer.properties) == ({"text": "new", "status": "Ready"}, {"text"})
    assert codec.decode(answer.inputs) == ({"text": "new"}, {"text"})


@pytest.mark.parametrize("sent", [{}, {"properties": codec.encode({}), "inputs": codec.encode({})}])
def test_read_for_an_import(face: Face, sent: dict[str, Any]) -> None:
    answer = face.stub.Read(pb.ReadRequest(urn=URN, id="voice-1", **sent))
    assert face.last[1] == ("coze", URN, "voice-1", None, None)
    # Empty is not the same as unset: the engine takes unset inputs for "cannot be imported".
    assert answer.HasField("properties")
    assert answer.HasField("inputs")


def test_read_of_what_is_gone(face: Face) -> None:
    face.lifecycle.answers["read"] = None
    answer = face.stub.Read(VERBS["Read"])
    assert answer == pb.ReadResponse()
    assert not answer.HasField("properties")


def test_update(face: Face) -> None:
    face.lifecycle.answers["update"] = {"text": "new", "status": UNKNOWN}
    request = pb.UpdateRequest(
        urn=URN,
        id="voice-1",
        olds=codec.encode({"text": "old"}, {"text"}),
        old_inputs=codec.encode({"text": "old"}),
        news=codec.encode({"text": "new"}, {"text"}),
        timeout=60,
        preview=True,
    )
    answer = face.stub.Update(request)
    _, arguments, options = face.last
    assert arguments == ("coze", URN, "voice-1", {"text": "old"}, {"text": "old"}, {"text": "new"})
    assert (options["timeout"], options["preview"]) == (60, True)
    assert codec.decode(answer.properties) == ({"text": "new", "status": UNKNOWN}, {"text"})


def test_what_is_no_longer_secret_is_stored_in_the_clear(face: Face) -> None:
    face.lifecycle.answers["update"] = {"text": "t"}
    olds, news = codec.encode({"text": "t"}, {"text"}), codec.encode({"text": "t"})
    answer = face.stub.Update(pb.UpdateRequest(urn=URN, id="voice-1", olds=olds, news=news))
    assert codec.decode(answer.properties) == ({"text": "t"}, set())


@pytest.mark.parametrize("old_inputs", [None, {"text": "t"}])
def test_delete(face: Face, old_inputs: dict[str, Any] | None) -> None:
    request = pb.DeleteRequest(
        urn=URN,
        id="voice-1",
        properties=codec.encode({"voiceId": "voice-1"}),
        old_inputs=None if old_inputs is None else codec.encode(old_inputs),
        timeout=5,
    )
    face.stub.Delete(request)
    assert face.last[1] == ("coze", URN, "voice-1", {"voiceId": "voice-1"}, old_inputs)
    assert face.last[2]["timeout"] == 5
