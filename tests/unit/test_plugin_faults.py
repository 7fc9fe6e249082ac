"""Faults as the engine is told them, and many calls at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from plugin_face import SCHEMA, URN, VERBS, Face, FakeEngine, code, fault, init_failed, serving_engine, text

from voiceclone_provider.core.errors import (
    CancelledError,
    CredentialsError,
    InitFailedError,
    NotFoundError,
    PermanentError,
    ProviderBugError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from voiceclone_provider.core.ports import Created
from voiceclone_provider.plugin import codec
from voiceclone_provider.plugin.protos import engine_pb2
from voiceclone_provider.plugin.protos import provider_pb2 as pb


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


# -- faults --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["Create", "Read", "Update"])
def test_a_voice_that_is_not_ready_is_kept(face: Face, verb: str) -> None:
    cause = PermanentError(
        "the training failed", vendor="Coze", voice="voice-1", code="4200", advice="再试一次。"
    )
    inputs = {"text": "hush"} if verb == "Read" else None
    face.lifecycle.answers[verb.lower()] = InitFailedError(
        "voice-1", {"text": "hush", "status": "Failed", "big": "x" * 20_000}, cause, inputs
    )
    field = {"Create": "properties", "Read": "properties", "Update": "news"}[verb]
    request = VERBS[verb].__class__()
    request.CopyFrom(VERBS[verb])
    getattr(request, field).CopyFrom(codec.encode({"text": "hush"}, {"text"}))
    error = fault(getattr(face.stub, verb), request)
    details = init_failed(error)
    assert code(error) is grpc.StatusCode.UNKNOWN
    assert text(error) == str(cause)
    assert details.id == "voice-1"
    assert list(details.reasons) == [str(cause)]
    state, secrets = codec.decode(details.properties)
    assert (state["status"], secrets) == ("Failed", {"text"})
    assert details.HasField("inputs") == (verb == "Read")
    if verb == "Read":
        assert codec.decode(details.inputs) == (inputs, {"text"})


@pytest.mark.parametrize("verb", ["Create", "Read", "Update"])
def test_words_of_a_vendor_do_not_tell_a_secret(face: Face, verb: str) -> None:
    cause = PermanentError("the training failed: no hush there")
    state = {"text": "hush", "status": "Failed", "lastError": "no hush there"}
    face.lifecycle.answers[verb.lower()] = InitFailedError("voice-1", state, cause, state)
    field = {"Create": "properties", "Read": "properties", "Update": "olds"}[verb]
    request = VERBS[verb].__class__()
    request.CopyFrom(VERBS[verb])
    getattr(request, field).CopyFrom(codec.encode({"text": "hush"}, {"text"}))
    error = fault(getattr(face.stub, verb), request)
    details = init_failed(error)
    assert text(error) == details.reasons[0] == "the training failed: no [secret] there."
    assert codec.decode(details.properties)[0]["lastError"] == "no [secret] there"
    face.lifecycle.answers[verb.lower()] = cause
    assert text(fault(getattr(face.stub, verb), request)) == "the training failed: no [secret] there."


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (PermanentError, grpc.StatusCode.FAILED_PRECONDITION),
        (CredentialsError, grpc.StatusCode.UNAUTHENTICATED),
        (NotFoundError, grpc.StatusCode.NOT_FOUND),
        (TemporaryError, grpc.StatusCode.UNAVAILABLE),
        (UnconfirmedError, grpc.StatusCode.ABORTED),
        (CancelledError, grpc.StatusCode.CANCELLED),
    ],
)
def test_faults_carry_their_text_alone(
    face: Face, verb: str, kind: type[VoiceError], expected: grpc.StatusCode
) -> None:
    raised = kind("额度用完", vendor="Coze", operation="train", code="702", advice="Buy more.")
    face.lifecycle.answers[verb.lower()] = raised
    error = fault(getattr(face.stub, verb), VERBS[verb])
    assert (code(error), text(error)) == (expected, "Coze train: 额度用完 (code 702). Buy more.")


@pytest.mark.parametrize("verb", VERBS)
def test_our_own_mistakes_are_told_without_what_they_quote(
    face: Face, engine: tuple[FakeEngine, str], verb: str
) -> None:
    face.lifecycle.answers[verb.lower()] = KeyError("a-token-perhaps")
    error = fault(getattr(face.stub, verb), VERBS[verb])
    assert code(error) is grpc.StatusCode.INTERNAL
    assert text(error).startswith("Unexpected KeyError in plugin_face.py:")
    assert "bug in the voiceclone provider: please report" in text(error)
    (line,) = engine[0].lines
    assert line.severity == engine_pb2.DEBUG
    assert "plugin_face.py" in line.message
    assert "a-token-perhaps" not in line.message + text(error)


def test_a_bug_the_core_found_itself(face: Face) -> None:
    face.lifecycle.answers["create"] = ProviderBugError("The state holds no ID")
    error = fault(face.stub.Create, VERBS["Create"])
    assert text(error).startswith("The state holds no ID. This is a bug in")


def test_faults_of_the_configuration(face: Face) -> None:
    face.core.checked = CredentialsError("odd")
    assert text(fault(face.stub.CheckConfig, pb.CheckRequest())) == "odd."


# -- many at once, and cancel --------------------------------------------------------------------------------


def test_sixteen_creates_run_side_by_side(face: Face) -> None:
    together = threading.Barrier(16, timeout=10)

    def create(_vendor: str, urn: str, *_: Any, **__: Any) -> Created:
        together.wait()
        return Created(urn.rpartition("::")[2], {})

    face.lifecycle.answers["create"] = create
    requests = [pb.CreateRequest(urn=f"{URN}-{number}") for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(face.stub.Create, requests))
    assert [answer.id for answer in answers] == [f"narrator-{number}" for number in range(16)]


def test_cancel_is_answered_at_once_while_64_creates_wait(face: Face) -> None:
    waiting = threading.Semaphore(0)

    def create(*_: Any, **__: Any) -> Created:
        waiting.release()
        assert face.lifecycle.cancelled.wait(10)
        raise InitFailedError("voice-1", {}, CancelledError("stopped"))

    face.lifecycle.answers["create"] = create
    futures = [face.stub.Create.future(VERBS["Create"]) for _ in range(64)]
    for _ in futures:
        assert waiting.acquire(timeout=10)
    start = time.monotonic()
    face.stub.Cancel(Empty())
    assert time.monotonic() - start < 0.5
    for future in futures:
        assert init_failed(future.exception()).id == "voice-1"


def test_cancel_twice_and_before_configure(schema: Path) -> None:
    face = Face(None, schema)
    face.stub.Cancel(Empty())
    assert face.lifecycle.cancels == 0
    face.configure()
    # That was for an earlier run.
    assert face.lifecycle.cancels == 0
    face.stub.Cancel(Empty())
    face.stub.Cancel(Empty())
    assert face.lifecycle.cancels == 2
    face.close()


def test_cancel_during_configure_is_not_lost(schema: Path) -> None:
    face = Face(None, schema)
    face.core.during_configure = lambda: face.stub.Cancel(Empty())
    face.configure()
    assert face.lifecycle.cancels == 1
    face.close()
