"""The library: commands in this process, hooks between any two things that the engine does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .calls import Call, Hooks, Killed
from .options import Targets
from .toys import Toys


class KillAt(Hooks):
    """Kills the engine at one of the points that it passes.

    Arguments:
        point: which, from 1; 0 never kills.
    """

    def __init__(self, point: int = 0) -> None:
        self.passed = 0
        self._point = point

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self._point:
            raise Killed

    def before_call(self, call: Call) -> None:
        self._pass()

    def after_call(self, call: Call) -> None:
        self._pass()

    def before_save(self, state: dict[str, Any]) -> None:
        self._pass()

    def after_save(self, state: dict[str, Any]) -> None:
        self._pass()


class Failing(Hooks):
    """Saves that fail.

    Arguments:
        saves: which, from 1.
    """

    def __init__(self, *saves: int) -> None:
        self._saves = saves
        self._count = 0

    def before_save(self, state: dict[str, Any]) -> None:
        self._count += 1
        if self._count in self._saves:
            raise OSError("no space left on device")


def test_the_calls_of_a_life(toys: Toys) -> None:
    made = toys.up(a={"v": "1"})
    assert made.methods() == ["CheckConfig default", "Configure default", "Check a", "Create a"]
    assert made.changes == {"create": 2}
    same = toys.up(a={"v": "1"})
    assert same.methods("Check", "Diff", "Update") == ["Check a", "Diff a"]
    assert not same.changed
    replaced = toys.up(a={"v": "2"})
    assert replaced.methods("Check", "Diff", "Create", "Delete") == [
        "Check a",
        "Diff a",
        "Check a",
        "Create a",
        "Delete a",
    ]
    assert toys.engine.destroy().methods("Delete") == ["Delete a"]
    assert toys.things == []
    assert toys.engine.snapshot().resources == []


def test_a_command_ends_with_cancel(toys: Toys) -> None:
    assert toys.up(a={"v": "1"}).calls[-1].method == "Cancel"
    assert toys.engine.refresh().calls[-1].method == "Cancel"


def test_a_create_whose_answer_is_lost_stays_pending(toys: Toys) -> None:
    class Lose(Hooks):
        def after_call(self, call: Call) -> None:
            if call.method == "Create":
                raise Killed

    lost = toys.up(Lose(), a={"v": "1"})
    assert lost.killed
    assert not lost.succeeded
    assert (toys.things, toys.state, toys.pending) == (["a-1"], [], ["creating a"])
    again = toys.up(a={"v": "1"})
    assert any("1 pending operations" in line for line in again.told("warning"))
    assert (toys.state, toys.pending) == (["a a-2"], ["creating a"])


def test_the_engine_can_be_killed_anywhere(new_toys: Callable[[], Toys]) -> None:
    """Whatever the point, the state is whole, and the next commands end where the program wants them."""

    def begin() -> Toys:
        toys = new_toys()
        toys.up(a={"v": "1"}, b={"v": "${a.serial}"}, c={"v": "1"})
        return toys

    wanted: dict[str, Any] = {"a": {"v": "2"}, "b": {"v": "${a.serial}"}, "d": {"v": "1", "w": "${b.id}"}}
    whole = KillAt()
    assert begin().up(whole, **wanted).succeeded
    assert whole.passed > 40
    for point in range(1, whole.passed + 1):
        toys = begin()
        assert toys.up(KillAt(point), **wanted).killed
        names = [line.split()[0] for line in toys.state if "deleting" not in line]
        assert len(names) == len(set(names)), point
        assert toys.up(**wanted).succeeded, point
        assert [line.split()[0] for line in toys.state] == ["a", "b", "d"], point
        assert toys.engine.destroy().succeeded, point
        known = {line.split()[1] for line in toys.state}
        assert not known, point


def test_a_save_that_fails_ends_the_deployment_and_a_later_one_makes_up_for_it(toys: Toys) -> None:
    # 1: the stack, 2: it is there, 3 and 4: the provider, 5: a is about to be made, 6: it is there
    failed = toys.up(Failing(6), a={"v": "1"}, b={"v": "${a.serial}"})
    assert not failed.succeeded
    assert not failed.killed
    assert failed.methods("Create", "Check") == ["Check a", "Create a"], "nothing new is begun"
    assert any("no space left on device" in line for line in failed.told("error"))
    assert failed.calls[-1].method == "Cancel", "plugins are told only when all is over"
    # What the failed save should have brought is brought by the one of the stack's outputs, at the end.
    assert (toys.state, toys.pending) == (["a a-1"], [])


def test_all_saves_fail(toys: Toys) -> None:
    failed = toys.up(Failing(*range(6, 99)), a={"v": "1"})
    assert not failed.succeeded
    assert (toys.things, toys.state, toys.pending) == (["a-1"], [], ["creating a"])


def test_replaced_resources_wait_until_a_deployment_gets_to_its_end(toys: Toys) -> None:
    toys.up(a={"v": "1"})
    assert not toys.up(a={"v": "2", "init": "create"}).succeeded
    assert toys.state == ["a a-2 unready", "a a-1 deleting"]
    assert not toys.up(a={"v": "3", "init": "create"}).succeeded
    assert toys.state == ["a a-3 unready", "a a-2 deleting unready", "a a-1 deleting"]
    failed = toys.up(a={"v": "3"}, b={"fail": "create"})
    assert failed.methods("Delete") == []
    assert len(toys.state) == 3
    done = toys.up(a={"v": "3"})
    assert done.methods("Update", "Delete") == ["Delete a", "Delete a"]
    assert (toys.state, toys.things) == (["a a-3"], ["a-3"])


def test_replace_and_taint_ask_for_no_diff(toys: Toys) -> None:
    toys.up(a={"v": "1"})
    urn = toys.engine.snapshot().resources[-1].urn
    program = {"resources": {"a": Toys.thing({"v": "1"})}}
    asked = toys.engine.up(program, replace=Targets([urn]))
    assert asked.methods("Check", "Diff", "Create", "Delete") == ["Check a", "Create a", "Delete a"]
    (check,) = [call for call in asked.calls if call.method == "Check"]
    assert not check.request.olds.fields
    toys.engine.taint(urn)
    tainted = toys.engine.up(program)
    assert tainted.methods("Check", "Diff", "Create", "Delete") == ["Check a", "Create a", "Delete a"]
    assert not toys.up(a={"v": "1"}).changed


def test_a_renamed_resource_is_the_same_one(toys: Toys) -> None:
    toys.up(a={"v": "1"})
    renamed = toys.up(b={"v": "1", "aliases": [{"name": "a"}]})
    assert renamed.methods("Check", "Diff", "Create", "Delete") == ["Check b", "Diff b"]
    assert toys.state == ["b a-1"]
    # What is replaced under a new name waits under it, too.
    toys.up(c={"v": "2", "aliases": [{"name": "b"}], "init": "create"})
    assert toys.state == ["c c-1 unready", "c a-1 deleting"]


def test_ctrl_c_lets_what_was_begun_end(toys: Toys) -> None:
    class Press(Hooks):
        def before_call(self, call: Call) -> None:
            if call.method == "Create":
                toys.engine.cancel()

    stopped = toys.up(Press(), a={"v": "1", "sleep": 60}, b={"v": "${a.serial}"})
    assert not stopped.succeeded
    assert toys.state == ["a a-1"], "it was saved"
    assert [call.method for call in stopped.calls].count("Cancel") == 2


def test_a_state_survives_a_program_that_it_does_not_know(toys: Toys, tmp_path: Path) -> None:
    """What the real engine wrote beside what is known here goes back as it was."""
    toys.up(a={"v": "1", "map": {"s": {"fn::secret": "x"}}})
    exported = toys.engine.export()
    resource = exported["deployment"]["resources"][-1]
    resource["sourcePosition"] = "project:///Pulumi.yaml#7"
    toys.engine.import_state(exported)
    toys.up(b={"v": "1"}, a={"v": "1", "map": {"s": {"fn::secret": "x"}}})
    kept = toys.engine.export()["deployment"]["resources"]
    assert {"a", "b"} <= {item["urn"].rpartition("::")[2] for item in kept}


@pytest.mark.parametrize("point", ["before", "after"])
def test_an_interrupted_save_leaves_the_old_state(
    toys: Toys, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    toys.up(a={"v": "1"})
    before = toys.engine.store.file.read_text()
    replace = Path.replace

    def broken(self: Path, target: Path) -> Path:
        if point == "after":
            replace(self, target)
        raise OSError("interrupted")

    monkeypatch.setattr(Path, "replace", broken)
    assert not toys.up(a={"v": "1", "w": "2"}).succeeded
    assert (toys.engine.store.file.read_text() == before) is (point == "before")
    monkeypatch.undo()
    assert toys.state == ["a a-1"]
