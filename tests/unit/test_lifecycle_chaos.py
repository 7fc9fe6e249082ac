"""Whatever happens in whatever order: the next quiet run ends with one voice, trained on what is declared."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from memory_vendor import FLAVOURS
from stack import Killed, Stack, account

from voiceclone_provider.core.errors import VoiceError

SAMPLES = ("one", "two", "three")
POINTS = ("list", "find", "create", "train", "observe")
FAULTS = (
    st.none()
    | st.tuples(st.just("lose"), st.sampled_from(["create", "train"]), st.sampled_from(["before", "after"]))
    | st.tuples(st.just("kill"), st.sampled_from(POINTS))
    | st.tuples(st.just("cancel"), st.sampled_from(POINTS))
    | st.tuples(st.just("endless"))
    | st.tuples(st.just("bad"))
    | st.tuples(st.just("refused"))
    | st.tuples(st.just("stale"), st.sampled_from(["create", "train"]), st.integers(1, 4))
)
SAVED = st.sampled_from([True, True, True, False])
STEPS = st.tuples(st.just("up"), st.sampled_from(SAMPLES), FAULTS, st.booleans(), SAVED) | st.tuples(
    st.sampled_from(["refresh", "ends", "pause", "destroy"])
)


def arm(stack: Stack, sample: str, fault: tuple[Any, ...] | None) -> None:
    world = stack.world
    match fault:
        case ("lose", operation, when):
            world.lose[operation].append(when)
        case ("kill", point):
            world.on[point] = lambda: stack.kill()
        case ("cancel", point):
            world.on[point] = lambda: stack.process.cancel()
        case ("endless",):
            world.endless, stack.timeout = True, 0.03
        case ("bad",):
            world.bad.add(stack.heard(sample))
        case ("refused",):
            world.refused.add(stack.heard(sample))
        case ("stale", operation, reads):
            world.on[operation] = lambda: setattr(world, "stale", reads)


def disarm(stack: Stack) -> None:
    world = stack.world
    world.lose.clear()
    world.raises.clear()
    world.on.clear()
    world.bad.clear()
    world.refused.clear()
    world.endless, world.stale, stack.timeout = False, 0, 3.0


def step(stack: Stack, what: tuple[Any, ...]) -> None:
    match what:
        case ("up", sample, fault, triggered, saved):
            arm(stack, sample, fault)
            kept = stack.checkpoint()
            more = {"retrainTriggers": ["again"]} if triggered else {}
            stack.unsaves = not saved
            try:
                stack.up(sample, preview=False, **more)
            except (VoiceError, Killed) as error:
                event(type(error).__name__)
            if stack.journal.dead or not saved:  # the engine was killed, or could not save
                stack.restore(kept)
            stack.unsaves = False
            disarm(stack)
        case ("refresh",) if stack.voice_id:
            try:
                stack.refresh()
            except VoiceError as error:
                event(type(error).__name__)
        case ("ends",):
            for _ in range(stack.world.looks + 1):
                stack.world.shown("elapse")
        case ("pause",):
            stack.world.clock.advance(3600.0)
        case ("destroy",) if stack.voice_id:
            stack.destroy()


@pytest.mark.parametrize("key", FLAVOURS)
@settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(steps=st.lists(STEPS, max_size=5))
def test_the_next_quiet_run_puts_everything_right(key: str, steps: list[tuple[Any, ...]]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, tempfile.TemporaryDirectory() as folder:
        stack = Stack(key, account(monkeypatch, key), Path(folder))
        for what in steps:
            step(stack, what)
        stack.world.clock.advance(3600.0)
        trouble: list[str] = []
        for _ in range(4):  # a run may stop to tell what happened; the next one goes on
            try:
                stack.up("final", preview=False)
                break
            except VoiceError as error:
                trouble.append(str(error))
        else:
            pytest.fail(f"it never ends: {trouble}")
        voice = stack.world.voices[stack.voice_id]
        assert stack.state["status"] == "Ready"
        assert voice.samples[-1] == stack.heard("final"), trouble
        assert [other.voice_id for other in stack.world.living if other.samples] == [stack.voice_id]
        assert voice.samples.count(stack.heard("final")) == 1
        stack.world.sent.clear()
        stack.up("final")
        assert stack.world.changes == []
