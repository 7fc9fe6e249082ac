"""Pipelines: every run is a machine of its own, and the one before may have been killed halfway."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from .emulator import Emulator, eventually
from .faces import FACES
from .stack import Stack
from .voices import VENDORS, Vendor, declare, is_ready

NAMED = [VENDORS[key] for key in ("coze", "qiniu")]


@pytest.fixture(params=NAMED, ids=[vendor.key for vendor in NAMED])
def named(request: pytest.FixtureRequest) -> Vendor:
    """A vendor where a voice with a chosen name has no other mark."""
    found: Vendor = request.param
    return found


@pytest.fixture
def stack_type(request: pytest.FixtureRequest) -> type[Stack]:
    """The plugin, unless a test asks for both faces."""
    return FACES[getattr(request, "param", "plugin")].stack


# `make faults` tries both.
FACES_TRIED = list(FACES) if os.environ.get("VOICECLONE_ALL_FAULTS") else ["plugin"]
BOTH_FACES = pytest.mark.parametrize("stack_type", FACES_TRIED, indirect=True)


def killed(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    """An `up` whose provider is killed in the training, on a runner that is gone then."""
    process = stack.start("up", "--yes", "--skip-preview")
    eventually(lambda: [voice["status"] for voice in emulator.voices(vendor.key)] == ["training"])
    for plugin in stack.plugins():
        os.kill(plugin, signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode != 0
    new_runner(stack)


def new_runner(stack: Stack) -> None:
    stack.home = stack.home.with_name(f"{stack.home.name}-next")
    stack.environment["PULUMI_HOME"] = str(stack.home)


def test_a_chosen_name_that_the_account_has_stops_preview_and_up(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator, named: Vendor
) -> None:
    stack = new_stack(slow_emulator)
    declare(stack, slow_emulator, [named])
    killed(stack, slow_emulator, named)
    lost = slow_emulator.voice(named.key)["id"]
    command = f"pulumi import {named.type} {named.key} {lost}"
    for words in (["preview"], ["up", "--yes", "--skip-preview"]):
        (line,) = [line for line in stack.fails(*words).told("error") if lost in line]
        assert command in line
        assert "allowSameName" in line
        assert ("min old" in line) == (named.key == "coze")  # Qiniu shows no time

    eventually(lambda: slow_emulator.voice(named.key)["status"] == "ready")
    stack.must(*command.split()[1:], "--yes", "--protect=false", "--generate-code=false")
    stack.up()
    assert is_ready(stack, slow_emulator, named, 1, 1) == lost
    stack.nothing_to_do()


@BOTH_FACES
def test_a_second_voice_with_the_name_is_made_where_the_program_says_so(
    stack: Stack, emulator: Emulator, named: Vendor
) -> None:
    declare(stack, emulator, [named])
    stack.up()
    stack.must("state", "delete", stack.resource(named.key)["urn"], "--yes")
    new_runner(stack)
    stack.up_fails()
    declare(stack, emulator, [named], changed={named.key: {"allowSameName": True}})
    stack.up()
    assert len(emulator.voices(named.key)) == 2
    declare(stack, emulator, [named], take=1)
    stack.up()
    assert len(emulator.voices(named.key)) == 2


@BOTH_FACES
def test_a_shared_journal_finds_what_a_runner_that_is_gone_has_begun(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator, named: Vendor, tmp_path: Path
) -> None:
    """A create, then a retraining: one voice, and each training paid once."""
    stack = new_stack(slow_emulator)
    stack.must("config", "set", "voiceclone:journal", str(tmp_path / "volume"))
    for take in (1, 2):
        declare(stack, slow_emulator, [named], take)
        killed(stack, slow_emulator, named)
        stack.up()
        is_ready(stack, slow_emulator, named, take, take)
        new_runner(stack)
        stack.nothing_to_do()
    paid = (named.creating, named.retraining)
    assert len(slow_emulator.changing()) == sum(paid)
    assert not (stack.home / "voiceclone" / "intents").exists()
