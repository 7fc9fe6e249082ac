"""After every green `up` state and vendor agree, and no voice that the program names was ever deleted.

`make test` runs 25 sequences of 12 steps; VOICECLONE_SEQUENCES says how many else.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from engine.emulator import Emulator
from engine.stack import SAMPLES
from standin import Outcome, Targets

from .machine import Machine

SEQUENCES = int(os.environ.get("VOICECLONE_SEQUENCES", "25"))
STEPS = 12
GOOD = {"one": "announcer-en.wav", "two": "announcer-en-take2.wav"}
BAD = "none.wav"

CHANGES = st.one_of(
    st.tuples(st.just("sample"), st.sampled_from(["one", "two", "bad"])),
    st.tuples(st.just("name"), st.sampled_from(["", "narrator", "host"])),
    st.tuples(st.just("language"), st.sampled_from(["zh", "en"])),
    st.tuples(st.sampled_from(["alias", "nothing"]), st.just("")),
)
HOW = st.sampled_from(["plain", "plain", "plain", "replace", "taint", "refresh"])
FAULTS = st.one_of(
    st.just(("none", 0)),
    st.just(("sibling", 0)),
    st.just(("refused", 0)),
    st.tuples(st.just("kill"), st.integers(1, 30)),
    st.tuples(st.just("crash"), st.integers(1, 8)),
    st.tuples(st.just("ctrl-c"), st.integers(1, 8)),
)
ANY_STEP = st.one_of(
    st.tuples(st.just("up"), CHANGES, HOW, FAULTS),
    st.tuples(st.just("up"), CHANGES, HOW, FAULTS),
    st.tuples(st.just("up"), CHANGES, HOW, FAULTS),
    st.tuples(st.sampled_from(["refresh", "destroy", "elsewhere"])),
)


def sha256(sample: str) -> str:
    return hashlib.sha256((SAMPLES / GOOD[sample]).read_bytes()).hexdigest()


@dataclass
class Story:
    """One stack through its sequence: what the program says, and what was ever said of voices."""

    key: str
    machine: Machine
    emulator: Emulator
    sample: str = "one"
    name: str = ""
    language: str = "zh"
    urn_names: list[str] = field(default_factory=lambda: ["voice"])
    said: str = ""
    excused: set[str] = field(default_factory=set)

    # -- the program ---------------------------------------------------------------------------------------

    def change(self, what: str, value: str) -> None:
        if what == "alias":
            self.urn_names.append(f"voice{len(self.urn_names)}")
        elif what != "nothing":
            setattr(self, what, value)

    def program(self, *, sibling: bool) -> dict[str, Any]:
        *former, resource = self.urn_names
        file = GOOD.get(self.sample, BAD)
        properties = {"audioUrl": self.emulator.sample_url(file)}
        if self.name:
            properties["name"] = self.name
        if self.key == "qiniu":
            properties["language"] = self.language
        aliases = [{"name": name} for name in former]
        resources: dict[str, Any] = {
            resource: {
                "type": f"voiceclone:{self.key}:Voice",
                "properties": properties,
                "options": {"aliases": aliases},
            }
        }
        if sibling:
            audio = {"fn::fileAsset": str(SAMPLES / "host-en.mp3")}
            resources["sibling"] = {
                "type": "voiceclone:coze:Voice",
                "properties": {"name": "sibling", "audio": audio, "language": "en"},
                "options": {"dependsOn": [f"${{{resource}}}"]},
            }
        return {"resources": resources}

    # -- what there is -------------------------------------------------------------------------------------

    def states(self, *, live: bool = True) -> list[Any]:
        found = [s for s in self.machine.engine.snapshot().resources if s.type.startswith("voiceclone:")]
        return [state for state in found if not (live and state.delete)]

    def voices(self) -> dict[str, dict[str, Any]]:
        """What exists at the vendor; a task that failed is no voice of Kling's."""
        voices = self.emulator.voices(self.key)
        return {v["id"]: v for v in voices if self.key != "kling" or v["status"] != "failed"}

    # -- commands ------------------------------------------------------------------------------------------

    def up(self, how: str, fault: tuple[str, int]) -> Outcome:
        kind, number = fault
        engine, options = self.machine.engine, dict[str, Any]()
        urns = [state.urn for state in self.states()]
        if how == "replace" and urns:
            options["replace"] = Targets(urns)
        elif how == "taint" and urns:
            engine.taint(urns[0])
        elif how == "refresh":
            options["refresh"] = True
        if kind == "sibling":
            self.emulator.fault("coze", "status", code=403, body='{"code": 4101, "msg": "no"}', times=0)
        if kind == "refused":
            for method, path in (("DELETE", "/v1/voice-clones"), ("POST", "/v1/general/delete-voices")):
                no = {"code": 403, "body": '{"code": 403, "msg": "a paid voice", "message": "no"}'}
                self.emulator.fault(self.key, "status", method=method, path=path, times=0, **no)
        with self.machine.fault(kind, number):
            outcome = engine.up(self.program(sibling=kind == "sibling"), **options)
        self.emulator.no_faults()
        self.heard(outcome)
        return outcome

    def heard(self, outcome: Outcome) -> None:
        self.said += "".join(f"{line.severity}: {line.text}\n" for line in outcome.lines if not line.status)
        event("succeeded" if outcome.succeeded else "failed")

    def step(self, what: str, *details: Any) -> None:
        before = {s.id for s in self.states() if s.outputs.get("status") == "Ready"}
        before &= self.voices().keys()
        if what == "up":
            change, how, fault = details
            self.change(*change)
            outcome = self.up(how, fault)
            if outcome.succeeded:
                self.agree()
        elif what == "refresh":
            self.heard(self.machine.engine.refresh())
        elif what == "destroy":
            outcome = self.machine.engine.destroy()
            self.heard(outcome)
            if outcome.succeeded:
                assert self.states(live=False) == []
                assert self.unnamed() == set()
            return
        elif what == "elsewhere":
            self.excused |= self.voices().keys() - {state.id for state in self.states(live=False)}
            self.machine.new_home()
        self.lives(before)

    # -- what must hold ------------------------------------------------------------------------------------

    def lives(self, before: set[str]) -> None:
        """What the state has as a live and ready voice, the vendor has as well."""
        voices = self.voices()
        for state in self.states():
            if state.outputs.get("status") == "Ready" and state.id in before:
                assert state.id in voices, f"{state.id} is in the state and was deleted"

    def unnamed(self) -> set[str]:
        """The voices that no state has and of which nobody was told."""
        states = {state.id for state in self.states(live=False)}
        left = self.voices().keys() - states - self.excused
        return {voice for voice in left if voice not in self.said and not self.machine.remembers(voice)}

    def agree(self) -> None:
        """An `up` was green."""
        (state,) = (s for s in self.states() if "sibling" not in s.urn)
        voices = self.voices()
        assert state.urn.endswith(f"::{self.urn_names[-1]}")
        assert not state.init_errors
        assert state.id in voices, "the voice of the program is gone"
        voice = voices[state.id]
        assert (state.outputs["status"], voice["status"]) == ("Ready", "ready")
        if not self.guessed:
            assert self.sample != "bad"
            assert voice["audio_sha256"] == sha256(self.sample)
        assert not any(s.delete for s in self.states(live=False)), "nothing waits to be deleted"
        assert self.unnamed() == set(), "nothing is left over"
        looked = self.machine.engine.refresh(preview=True)
        assert looked.succeeded, looked.told("error")
        assert not looked.changed, "a refresh finds what the update left"

    @property
    def guessed(self) -> bool:
        """Whether the voice was found by its name, which says nothing of its sample (the user was told)."""
        return any(f"found {state.id} by this resource" in self.said for state in self.states())

    def end(self) -> None:
        """What was interrupted goes on by itself, and everything can be destroyed."""
        if self.sample == "bad":
            self.sample = "two"
        for _ in range(4):
            if self.up("plain", ("none", 0)).succeeded:
                break
        else:
            pytest.fail(f"no update succeeds any more:\n{self.said[-3000:]}")
        self.agree()
        outcome = self.up("plain", ("none", 0))
        assert outcome.succeeded
        assert not outcome.changed
        outcome = self.machine.engine.destroy()
        assert outcome.succeeded, outcome.told("error")
        self.heard(outcome)
        assert self.unnamed() == set()


@pytest.mark.parametrize("key", ["kling", "qiniu"])
@pytest.mark.timeout(7200)
@settings(
    max_examples=(SEQUENCES + 1) // 2,
    deadline=None,
    derandomize="VOICECLONE_SEQUENCES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
    print_blob=True,
)
@given(steps=st.lists(ANY_STEP, min_size=STEPS, max_size=STEPS))
def test_any_sequence(emulator: Emulator, key: str, steps: list[tuple[Any, ...]]) -> None:
    emulator.reset()
    with pytest.MonkeyPatch.context() as monkeypatch, tempfile.TemporaryDirectory() as folder:
        machine = Machine(Path(folder), monkeypatch, emulator.environment)
        story = Story(key, machine, emulator)
        try:
            for step in steps:
                story.step(*step)
            story.end()
        except BaseException:
            note(story.said[-6000:])
            raise
        finally:
            machine.engine.close()
