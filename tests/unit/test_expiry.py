"""A bought voice whose term ends soon: every run says so, once, at preview and at refresh."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from memory_vendor import Slots, Voice
from stack import Fixture

from voiceclone_provider.core.times import rfc3339
from voiceclone_provider.vendors.base import Observation

DAY = 86400.0


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the vendor says of every slot's term."""
    shown: dict[str, str] = {}
    see = Slots.see

    def seen(self: Slots, voice: Voice) -> Observation:
        found = see(self, voice)
        return replace(found, extras={**found.extras, **shown})

    monkeypatch.setattr(Slots, "see", seen)
    return shown


@pytest.mark.parametrize(
    ("days", "told"),
    [(31.0, ""), (29.5, "ends in 30 days"), (0.5, "ends in 1 day"), (-1.0, "has ended")],
)
def test_a_term_that_ends_soon_is_told(
    stack_at: Fixture, ends: dict[str, str], days: float, told: str
) -> None:
    stack = stack_at("volcengine")
    ends["expiresAt"] = rfc3339(stack.world.clock.now() + days * DAY)
    stack.up("first")
    stack.start()
    for _ in range(2):
        stack.process.diff(
            "volcengine", stack.urn, stack.voice_id, stack.state, stack.inputs, stack.inputs or {}, stack.log
        )
    found = stack.process.read(
        "volcengine", stack.urn, stack.voice_id, stack.state, stack.inputs, reporter=stack.log
    )
    assert found is not None
    wanted = [f"the term of {stack.voice_id} {told} ({ends['expiresAt']}): renew it in the vendor's console"]
    assert stack.log.warnings == (wanted if told else [])


@pytest.mark.parametrize("odd", [5, "soon", None, ""])
def test_a_term_that_is_no_time_says_nothing(stack_at: Fixture, odd: Any) -> None:
    stack = stack_at("volcengine")
    stack.up("first")
    stack.start()
    state = {**stack.state, "expiresAt": odd}
    stack.process.diff(
        "volcengine", stack.urn, stack.voice_id, state, stack.inputs, stack.inputs or {}, stack.log
    )
    assert stack.log.warnings == []
