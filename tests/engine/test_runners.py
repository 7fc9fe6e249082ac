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
"""The vendors where a voice with a chosen name has no other mark."""


@pytest.fixture
def stack_type(request: pytest.FixtureRequest) -> type[Stack]:
    """The plugin, unless a test asks for both faces."""
    return FACES[getattr(request, "param", "plugin")].stack


# `make faults` tries both.
FACES_TRIED = list(FACES) if os.environ.get("VOICECLONE_ALL_FAULTS") else ["plugin"]
BOTH_FACES = pytest.mark.parametrize("stack_type", FACES_TRIED, indirect=True)


def killed(stack: Stack, emulator: Emulator) -> None:
    """An `up` whose provider is killed in the trainings, on a runner that is gone then."""
    process = stack.start("up", "--yes", "--skip-preview")

    def in_training() -> bool:
        return all([v["status"] for v in emulator.voices(vendor.key)] == ["training"] for vendor in NAMED)

    eventually(in_training)
    for plugin in stack.plugins():
        os.kill(plugin, signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode != 0
    new_runner(stack)


def new_runner(stack: Stack) -> None:
    stack.home = stack.home.with_name(f"{stack.home.name}-next")
    stack.environment["PULUMI_HOME"] = str(stack.home)


def test_a_chosen_name_that_the_account_has_stops_preview_and_up(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    stack = new_stack(slow_emulator)
    declare(stack, slow_emulator, NAMED)
    killed(stack, slow_emulator)
    lost = {named.key: slow_emulator.voice(named.key)["id"] for named in NAMED}
    commands = {named.key: f"pulumi import {named.type} {named.key} {lost[named.key]}" for named in NAMED}

    def refused(told: list[str], named: Vendor) -> None:
        (line,) = [line for line in told if lost[named.key] in line]
        assert commands[named.key] in line
        assert "allowSameName" in line
        assert ("min old" in line) == (named.key == "coze")  # Qiniu shows no time

    told = stack.up_fails("--continue-on-error").told("error")
    for named in NAMED:
        refused(told, named)
    for named in NAMED:  # a preview ends at the first fault
        declare(stack, slow_emulator, [named])
        refused(stack.fails("preview").told("error"), named)

    slow_emulator.finish()
    for command in commands.values():
        stack.must(*command.split()[1:], "--yes", "--protect=false", "--generate-code=false")
    declare(stack, slow_emulator, NAMED)
    stack.up()
    for named in NAMED:
        assert is_ready(stack, slow_emulator, named, 1, 1) == lost[named.key]
    stack.nothing_to_do()


@BOTH_FACES
def test_a_second_voice_with_the_name_is_made_where_the_program_says_so(
    stack: Stack, emulator: Emulator
) -> None:
    declare(stack, emulator, NAMED)
    stack.up()
    stack.must("state", "delete", "--all", "--yes")
    new_runner(stack)
    told = stack.up_fails("--continue-on-error").told("error")
    assert len([line for line in told if "allowSameName" in line]) == len(NAMED)
    declare(stack, emulator, NAMED, changed={named.key: {"allowSameName": True} for named in NAMED})
    stack.up()
    assert {len(emulator.voices(named.key)) for named in NAMED} == {2}
    declare(stack, emulator, NAMED)
    stack.up()
    assert {len(emulator.voices(named.key)) for named in NAMED} == {2}


@BOTH_FACES
def test_a_shared_journal_finds_what_a_runner_that_is_gone_has_begun(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator, tmp_path: Path
) -> None:
    """A create, then a retraining of each: one voice, and each training paid once."""
    stack = new_stack(slow_emulator)
    stack.must("config", "set", "voiceclone:journal", str(tmp_path / "volume"))
    for take in (1, 2):
        declare(stack, slow_emulator, NAMED, take)
        killed(stack, slow_emulator)
        stack.up()
        for named in NAMED:
            is_ready(stack, slow_emulator, named, take, take)
        new_runner(stack)
        stack.nothing_to_do()
    assert len(slow_emulator.changing()) == sum(named.creating + named.retraining for named in NAMED)
    assert not (stack.home / "voiceclone" / "intents").exists()
