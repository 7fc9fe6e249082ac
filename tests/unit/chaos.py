"""What may go wrong in one `up` of the tests that do things in any order."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from stack import Stack

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
