"""A chosen name that another voice has: the user decides, except where it is known whose that voice is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from memory_vendor import World
from stack import Fixture, Stack
from test_lifecycle_create import MAKING, trained_on

from voiceclone_provider.core.errors import PermanentError, UnconfirmedError
from voiceclone_provider.core.times import rfc3339
from voiceclone_provider.vendors import VENDORS

NAMED = ["coze", "qiniu"]
"""Vendors where a lost voice could only be known by its name."""

NAME = "narrator"
ANOTHER: dict[str, Any] = {"coze": {"spaceId": "7"}, "qiniu": {"language": "en"}}
"""What replaces a voice."""


def refused(stack: Stack, *samples: str, **program: Any) -> str:
    """What preview and `up` stop with."""
    sent = len(stack.world.changes)
    with pytest.raises(PermanentError) as previewed:
        stack.preview(*samples, **program)
    told = stack.interrupted(*samples, **program)
    assert isinstance(told, PermanentError)
    assert without_status(str(told)) == without_status(str(previewed.value))
    assert len(stack.world.changes) == sent
    return str(told)


def without_status(text: str) -> str:
    return re.sub(r"\((.* old, )?[A-Z][a-z]+\)", "", text)


def runner_vanishes(stack: Stack) -> None:
    """The machine is gone, and with it everything but the state."""
    stack.keeps_journal = False


def test_every_vendor_whose_voices_are_known_by_name_has_the_input() -> None:
    assert [key for key, vendor in VENDORS.items() if vendor.facts.recovery.same_name_input] == NAMED
    for key in NAMED:
        allowing = VENDORS[key].facts.recovery.same_name_input
        assert allowing in {field.alias for field in VENDORS[key].Inputs.model_fields.values()}


@pytest.mark.parametrize("point", ["observe", "train"])
@pytest.mark.parametrize("key", NAMED)
def test_a_voice_of_a_vanished_runner_is_not_made_twice(stack_at: Fixture, key: str, point: str) -> None:
    stack = stack_at(key)
    stack.world.on["create" if (key, point) == ("coze", "train") else point] = lambda: stack.kill()
    stack.killed("first", name=NAME)
    lost = stack.world.only.voice_id
    runner_vanishes(stack)
    told = refused(stack, "first", name=NAME)
    assert f"pulumi import voiceclone:{key}:Voice narrator {lost}" in told
    assert f"{lost} (" in told
    assert "allowSameName" in told

    stack.world.shown("elapse")
    assert stack.adopt(lost)
    stack.up("first", name=NAME)
    assert stack.voice_id == lost
    assert stack.world.changes == MAKING[key]
    assert trained_on(stack, "first")


@pytest.mark.parametrize("key", NAMED)
def test_another_voice_with_the_name_is_made_where_the_user_says_so(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    theirs = stack.world.trained(name=NAME)
    assert theirs.voice_id in refused(stack, "first", name=NAME)
    stack.up("first", name=NAME, allowSameName=True)
    assert stack.voice_id != theirs.voice_id
    difference = stack.up("first", name=NAME)
    assert difference is not None
    assert list(difference.changes) == ["allowSameName"]
    assert stack.world.changes == MAKING[key]


@pytest.mark.parametrize("key", NAMED)
def test_all_candidates_are_told_the_youngest_first(stack_at: Fixture, key: str, world_times: Any) -> None:
    stack = stack_at(key)
    old, new = stack.world.trained(name=NAME), stack.world.trained(name=NAME)
    now = stack.world.clock.now()
    world_times(stack, {old.voice_id: now - 3 * 86400, new.voice_id: now - 300})
    told = refused(stack, "first", name=NAME)
    assert f"{new.voice_id} (5 min old, Ready); {old.voice_id} (3 days old, Ready)" in told
    assert "2 voices" in told
    assert "narrator <ID>" in told


@pytest.mark.parametrize("key", NAMED)
def test_automatic_names_and_other_names_are_free(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.trained(name="narrator-2")
    stack.up("first", name=NAME)
    other = Stack(key, stack.world, stack.folder, name="host")
    other.up("second")
    assert other.state["name"].startswith("host-")


@pytest.mark.parametrize("key", NAMED)
def test_a_name_that_another_stack_known_here_has_is_free(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first", name=NAME)
    other = Stack(key, stack.world, stack.folder, name="host", stack="prod")
    other.up("second", name=NAME)
    assert other.voice_id != stack.voice_id


@pytest.mark.parametrize("key", NAMED)
def test_a_name_is_free_that_a_killed_run_of_another_resource_goes_on_with(
    stack_at: Fixture, key: str
) -> None:
    stack = stack_at(key)
    stack.world.on["observe"] = lambda: stack.kill()
    stack.killed("first", name=NAME)
    lost = stack.world.only.voice_id
    other = Stack(key, stack.world, stack.folder, name="host")
    other.up("second", name=NAME)
    stack.up("first", name=NAME)
    assert (stack.voice_id, stack.world.count("create")) == (lost, 2)


@pytest.mark.parametrize("key", NAMED)
def test_a_replacement_is_not_stopped_by_what_it_replaces(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first", name=NAME)
    former = stack.voice_id
    runner_vanishes(stack)
    stack.up("first", name=NAME, **ANOTHER[key])
    assert stack.voice_id != former


@pytest.mark.parametrize("key", NAMED)
def test_a_forced_replacement_is_not_stopped_although_no_id_is_known(stack_at: Fixture, key: str) -> None:
    """For `pulumi up --replace` the engine does not ask what has changed."""
    stack = stack_at(key)
    stack.up("first", name=NAME)
    former = stack.voice_id
    runner_vanishes(stack)
    for preview in (True, False):
        stack.start()
        program = {**stack.sample("first"), "name": NAME}
        stack.checked(program, stack.inputs)
        stack._replace(stack.checked(program, None), preview=preview)
    assert stack.voice_id != former


@pytest.mark.parametrize("key", NAMED)
def test_a_lost_replacement_of_a_vanished_runner_is_not_made_twice(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first", name=NAME)
    former = stack.voice_id
    stack.world.on["observe"] = lambda: stack.kill()
    stack.killed("first", name=NAME, **ANOTHER[key])
    (lost,) = (voice.voice_id for voice in stack.world.living if voice.voice_id != former)
    runner_vanishes(stack)
    told = refused(stack, "first", name=NAME, **ANOTHER[key])
    assert lost in told
    assert former not in told
    assert "pulumi import" not in told  # the state has this resource
    stack.up("first", name=NAME, allowSameName=True, **ANOTHER[key])
    assert stack.voice_id not in (former, lost)


@pytest.mark.parametrize("key", NAMED)
def test_what_the_journal_knows_stops_nothing(stack_at: Fixture, key: str) -> None:
    """A voice that an earlier run was told of, and one that was left at the vendor on purpose."""
    stack = stack_at(key)
    stack.unsaved("first", name=NAME)
    stack.preview("first", name=NAME)
    stack.up("first", name=NAME)
    kept = stack.voice_id
    stack.up("first", name=NAME, deletionPolicy="retain")
    stack.destroy()
    stack.up("first", name=NAME, deletionPolicy="retain")
    assert stack.voice_id == kept
    assert stack.world.changes == MAKING[key]


def test_a_voice_that_was_told_of_once_does_not_stop_the_next_run(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.world.lose["create"].append("before")
    assert isinstance(stack.interrupted("first", name=NAME), UnconfirmedError)
    stack.world.clock.advance(7200.0)
    stack.world.trained(name=NAME)
    assert isinstance(stack.interrupted("first", name=NAME), UnconfirmedError)
    stack.up("first", name=NAME)
    assert stack.world.count("create") == 2


def test_previews_of_many_voices_share_a_listing(stack_at: Fixture) -> None:
    stack = stack_at("coze")
    stack.world.trained(name="other")
    for number in range(5):
        name = f"host-{number}"
        urn = f"urn:pulumi:dev::project::voiceclone:coze:Voice::{name}"
        news = stack.process.check("coze", urn, None, {**stack.sample("first"), "name": name}).inputs
        stack.process.create("coze", urn, news, timeout=9, preview=True, reporter=stack.log)
    assert stack.world.count("list") == 1


@pytest.fixture
def world_times(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gives voices a time of their creation (Unix seconds by ID)."""

    def give(stack: Stack, times: dict[str, float]) -> None:
        see = stack.vendor.see
        monkeypatch.setattr(
            stack.vendor,
            "see",
            lambda self, voice: replace(see(self, voice), created_at=rfc3339(times[voice.voice_id])),
        )

    return give


def test_a_bought_voice_is_trained_whatever_names_there_are(stack_at: Fixture) -> None:
    world: World = (stack := stack_at("coze")).world
    world.trained(name=NAME)
    bought = world.make(voice_id="bought")
    stack.up("first", name=NAME, voiceId=bought.voice_id)
    assert stack.voice_id == bought.voice_id
