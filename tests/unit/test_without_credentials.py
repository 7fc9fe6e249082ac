"""A preview without credentials: it plans what it can, and one warning says what it cannot."""

from __future__ import annotations

import pytest
from memory_vendor import FLAVOURS, KEYS_REFUSED
from stack import Fixture, Stack

from voiceclone_provider.core.errors import CredentialsError, PermanentError
from voiceclone_provider.core.values import UNKNOWN


@pytest.fixture
def bare_stack(stack_at: Fixture, monkeypatch: pytest.MonkeyPatch) -> Fixture:
    """Takes the credentials from a stack that has a voice."""

    def make(key: str) -> Stack:
        stack = stack_at(key)
        stack.up("first")
        stack.world.sent.clear()

        def lacks(config: object) -> None:
            raise KEYS_REFUSED

        monkeypatch.setattr(stack.vendor, "require_credentials", lacks)
        return stack

    return make


@pytest.mark.parametrize("key", FLAVOURS)
def test_changes_and_new_voices_are_planned_with_one_warning(bare_stack: Fixture, key: str) -> None:
    stack = bare_stack(key)
    planned = stack.preview("second")
    assert planned is not None
    assert planned["status"] is UNKNOWN
    assert (planned["voiceId"] is UNKNOWN) == (key == "kling")

    urn = f"{stack.urn}-2"
    for _ in range(2):
        news = stack.process.check(key, urn, None, stack.sample("first")).inputs
        created = stack.process.create(key, urn, news, timeout=0, preview=True, reporter=stack.log)
        assert created.voice_id == ""
        assert created.state["status"] is UNKNOWN
    (told,) = [line for line in stack.log.warnings if str(KEYS_REFUSED) in line]
    assert "is unknown" in told
    assert stack.world.sent == []


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_change_that_trains_nothing_keeps_its_outputs(bare_stack: Fixture, key: str) -> None:
    stack = bare_stack(key)
    planned = stack.preview("first", deletionPolicy="retain" if key == "volcengine" else "fail")
    assert planned is None or planned["status"] == "Ready"


@pytest.mark.parametrize("key", FLAVOURS)
def test_an_up_stops(bare_stack: Fixture, key: str) -> None:
    stack = bare_stack(key)
    assert isinstance(stack.interrupted("second"), CredentialsError)
    assert stack.world.sent == []


def test_other_faults_still_stop_a_preview(bare_stack: Fixture) -> None:
    stack = bare_stack("coze")
    news = stack.process.check("coze", "urn", None, {"name": "host"}).inputs
    with pytest.raises(PermanentError, match="audio is required"):
        stack.process.create("coze", "urn", news, timeout=0, preview=True, reporter=stack.log)


def test_credentials_that_are_refused_stop_a_preview(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.world.raises["list"].append(KEYS_REFUSED)
    with pytest.raises(CredentialsError):
        stack.preview("first", name="host")
