"""Any sequence of commands, faults and things that others do, beside a simple model of what may be paid for.

The model knows what the program wishes, what others did to the voice, and how often a run said that it cannot
know what became of a request. No sample may be trained more often than that explains, and quiet runs must end
with one voice on what is declared. VOICECLONE_MACHINE_RUNS says how many sequences of 50 steps are tried, and
VOICECLONE_SHRINK has the one that fails shortened, which takes minutes.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

import pytest
from chaos import FAULTS, arm, disarm
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from memory_vendor import FLAVOURS, Voice
from stack import Killed, Stack, account

from voiceclone_provider.core.errors import VoiceError

RUNS = int(os.environ.get("VOICECLONE_MACHINE_RUNS", "100"))
STEPS = 50
STRANGER = "a stranger's"
LATE = st.tuples(st.just("lose"), st.sampled_from(["create", "train"]), st.just("late"))
NAMES_COST = ("coze", "kling")
"""Vendors at which another name is another training or voice."""

settled = precondition(lambda self: self.settled)


class Life(RuleBasedStateMachine):
    """One resource at one vendor.

    Attributes:
        wish: what the last run declared, as far as it costs; `None` where anything costs anew.
        allowed: by sample, how many trainings are explained since `paid`, when all was well.
        doubts: how many runs since then said that they cannot know.
        settled: whether the last command was an `up` that succeeded.
        elsewhere: whether others trained or deleted the voice since, which an `up` alone does not see.
    """

    key: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.folder = tempfile.TemporaryDirectory()
        self.world = account(self.patch, self.key)
        self.stack = Stack(self.key, self.world, Path(self.folder.name))
        self.wish: Any = None
        self.allowed: Counter[str] = Counter()
        self.paid: Counter[str] = Counter()
        self.doubts = self.serial = 0
        self.settled = self.elsewhere = False
        self.said: list[str] = []
        make = self.world.make
        self.patch.setattr(self.world, "make", lambda **given: make(**{"left": 10_000, **given}))
        for slot in self.world.voices.values():
            slot.left = 10_000
        for number in range(4, 60) if self.key == "volcengine" else ():
            self.world.make(voice_id=f"S_{number}")
        self.stranger = self.world.trained(STRANGER, voice_id="S_99" if self.key == "volcengine" else "other")
        self.stranger.name = "narrator"

    def teardown(self) -> None:
        self.patch.undo()
        self.folder.cleanup()

    # -- commands ------------------------------------------------------------------------------------------

    @rule(
        sample=st.sampled_from(["one", "two", "three"]),
        fault=FAULTS | LATE,
        name=st.sampled_from([None, None, "narrator", "host"]),
        again=st.booleans(),
        saved=st.sampled_from([True, True, True, False]),
    )
    def up(self, sample: str, fault: Any, name: str | None, again: bool, saved: bool) -> None:
        program = self.declared(sample, name, again=again)
        arm(self.stack, sample, fault)
        self.attempt(sample, program, saved=saved)
        disarm(self.stack)

    @precondition(lambda self: self.stack.voice_id)
    @rule()
    def refresh(self) -> None:
        self.refreshed()

    @precondition(lambda self: self.stack.voice_id)
    @rule()
    def destroy(self) -> None:
        self.wish, self.settled = None, False
        try:
            self.stack.destroy()
        except VoiceError as error:
            self.said.append(str(error))
        self.listen()

    @precondition(lambda self: not self.stack.voice_id and not self.stack.remembered)
    @rule()
    def adopt(self) -> None:
        """An import of somebody's voice, and the `up` that declares it: neither costs anything."""
        self.serial += 1
        sample = f"theirs{self.serial}"
        made = {"voice_id": f"S_import{self.serial}"} if self.key == "volcengine" else {}
        theirs = self.world.trained(self.stack.heard(sample), name="narrator", **made)
        if self.stack.adopt(theirs.voice_id):
            program = {"name": "narrator"} if FLAVOURS[self.key].facts.name_limit is not None else {}
            self.wish = self.wished(sample, program)
            self.allowed[self.stack.heard(sample)] += 1  # theirs
            self.attempt(sample, program)

    # -- what others do ------------------------------------------------------------------------------------

    @settled
    @rule()
    def somebody_trains_it(self) -> None:
        if FLAVOURS[self.key].facts.retrains and not self.voice.gone:
            self.world.retrain_elsewhere(self.stack.voice_id)
            self.wish, self.elsewhere = None, True

    @settled
    @rule()
    def somebody_renames_it(self) -> None:
        if FLAVOURS[self.key].facts.name_limit is not None:
            self.voice.name = "renamed"
            self.wish = None if self.key in NAMES_COST else self.wish

    @settled
    @rule()
    def somebody_deletes_it(self) -> None:
        self.voice.gone = True
        self.wish, self.elsewhere = None, True

    @rule(seconds=st.sampled_from([1.0, 20.0, 7200.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.advance(seconds)
        if seconds > 3600.0:
            self.trainings_end()

    @rule()
    def trainings_end(self) -> None:
        for _ in range(self.world.looks + 1):
            self.world.shown("elapse")

    # -- what must hold ------------------------------------------------------------------------------------

    @invariant()
    def nobody_elses_voice_is_touched(self) -> None:
        stranger = self.stranger
        assert (stranger.samples, stranger.gone, stranger.name) == ([STRANGER], False, "narrator")

    @invariant()
    def nothing_is_paid_twice(self) -> None:
        extra = self.trainings() - self.paid - self.allowed
        assert sum(extra.values()) <= self.doubts, f"too many trainings: {extra}, {self.said}"

    @rule()
    def quiet(self) -> None:
        """Nothing goes wrong any more."""
        self.world.clock.advance(3600.0)
        self.trainings_end()
        self.refreshed()
        self.serial += 1
        sample = f"quiet{self.serial}"
        program = self.declared(sample, None, again=False)
        trouble = [self.attempt(sample, program)]
        while trouble[-1] and len(trouble) < 4:
            trouble.append(self.attempt(sample, program))
        assert not trouble[-1], f"it never ends: {trouble}"
        assert (self.stack.state["status"], self.voice.samples[-1]) == ("Ready", self.stack.heard(sample))
        assert self.voice.samples.count(self.stack.heard(sample)) == 1
        said = " ".join(self.said)
        ours = {self.stack.voice_id, self.stranger.voice_id}
        left = [v.voice_id for v in self.world.living if self.counts(v) and v.voice_id not in ours]
        assert all(each in said for each in left), f"{left} left over, and nobody was told: {self.said}"
        self.world.sent.clear()
        self.stack.up(sample, preview=False, **program)
        assert self.world.changes == []

    # -- the model -----------------------------------------------------------------------------------------

    def declared(self, sample: str, name: str | None, *, again: bool) -> dict[str, Any]:
        """A program besides its sample."""
        self.serial += again
        program: dict[str, Any] = {"retrainTriggers": [str(self.serial)]} if again else {}
        if name and FLAVOURS[self.key].facts.name_limit is not None:
            program["name"] = name
            if name == self.stranger.name and FLAVOURS[self.key].facts.recovery.same_name_input:
                program["allowSameName"] = True
        return program

    def wished(self, sample: str, program: dict[str, Any]) -> Any:
        name = program.get("name") if self.key in NAMES_COST else None
        return sample, name, program.get("retrainTriggers")

    def attempt(self, sample: str, program: dict[str, Any], *, saved: bool = True) -> str:
        """An `up`; what it ended with. Another wish than before explains one training."""
        wish = self.wished(sample, program)
        self.allowed[self.stack.heard(sample)] += wish != self.wish
        self.wish = wish
        kept, error = self.stack.checkpoint(), ""
        self.stack.unsaves = not saved
        try:
            self.stack.up(sample, preview=False, **program)
        except (VoiceError, Killed) as bad:
            error = str(bad) or type(bad).__name__
            self.said.append(error)
            self.doubts += "may or may not" in error
        self.listen()
        killed = self.stack.journal.dead
        if killed or not saved:
            self.stack.restore(kept)
        self.stack.unsaves = False
        self.settled = not (error or killed or not saved)
        if self.settled:
            self.well(sample)
        note(f"{self.key}: {error or 'well'}")
        return error

    def well(self, sample: str) -> None:
        """An `up` succeeded: the voice is on what is declared, unless others meddled unseen."""
        right = not self.voice.gone and self.voice.samples[-1] == self.stack.heard(sample)
        assert right or self.elsewhere
        if right:
            self.paid, self.allowed, self.doubts, self.elsewhere = self.trainings(), Counter(), 0, False

    def refreshed(self) -> None:
        try:
            self.stack.refresh() if self.stack.voice_id else None
        except VoiceError as error:
            self.said.append(str(error))
        self.settled = False

    def listen(self) -> None:
        self.said += [*self.stack.log.warnings, *self.stack.log.lines]

    def trainings(self) -> Counter[str]:
        """By sample, those that succeeded and those under way."""
        voices = self.world.voices.values()
        paid = Counter(sample for voice in voices for sample in [*voice.samples, voice.training or STRANGER])
        del paid[STRANGER]
        return paid

    @property
    def voice(self) -> Voice:
        return self.world.voices[self.stack.voice_id]

    def counts(self, voice: Voice) -> bool:
        """A slot is there before it is trained, and a failed task is no voice."""
        if self.key == "volcengine":
            return bool(voice.samples)
        return bool(voice.samples or voice.training) or self.key == "qiniu"


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("key", FLAVOURS)
def test_any_life(key: str) -> None:
    machine: Any = type(f"Life{key.title()}", (Life,), {"key": key})
    shrink = [Phase.shrink] if "VOICECLONE_SHRINK" in os.environ else []
    machine.TestCase.settings = settings(
        max_examples=max(1, RUNS // len(FLAVOURS)),
        stateful_step_count=STEPS,
        deadline=None,
        derandomize="VOICECLONE_MACHINE_RUNS" not in os.environ,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, *shrink],
        database=None,
    )
    machine.TestCase("runTest").runTest()
