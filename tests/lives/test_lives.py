"""A voice lives the same life on either side of every contradiction between the vendors' pages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from emulator.contradictions import CONTRADICTIONS, Contradiction, Value
from faults.bench import Bench, Kept

from .accesses import ACCESSES, Access
from .life import Life

EVERY = bool(os.environ.get("VOICECLONE_ALL_FAULTS"))
"""`make faults` tries each side alone with each kind of credentials; `make test` some together, with one kind
that meets them, and the side that the emulator takes by itself with all."""

TOGETHER = 3
"""How many sides are tried in one life otherwise: of different contradictions, which do not meet."""

NEEDED = {"volcengine_resource_filter": {"speakerId": "S_emulator01"}}
"""What a program must say on one side only: there, no free slot can be told to be of the model's service."""


def lives() -> Iterator[tuple[Access, Contradiction]]:
    for access in ACCESSES:
        yield access, Contradiction("defaults", {}, access.vendor)
        if EVERY:
            yield from ((access, side) for side in CONTRADICTIONS if side.vendor == access.vendor)
        else:
            yield from (
                (access, side) for side in together([s for s in CONTRADICTIONS if usual(s) is access])
            )


def usual(side: Contradiction) -> Access:
    """The first kind of credentials whose requests meet the side."""
    newer = any(name.startswith("volcengine_v3_") for name in side.switches)
    return next(each for each in ACCESSES if (each.vendor, each.newer) == (side.vendor, newer))


def meet(one: Contradiction, other: Contradiction) -> bool:
    return bool(one.switches.keys() & other.switches.keys())


def together(sides: list[Contradiction]) -> list[Contradiction]:
    """Each side once, in fewer lives. Neighbours in the list are of one matter, and go to different lives."""
    groups: list[list[Contradiction]] = [[] for _ in range(-(-len(sides) // TOGETHER))]
    for number, side in enumerate(sides):
        turn = number % len(groups)
        apart = [g for g in (*groups[turn:], *groups[:turn]) if not any(meet(side, other) for other in g)]
        if apart:
            min(apart, key=len).append(side)
        else:
            groups.append([side])
    return [
        Contradiction(
            " + ".join(side.name for side in group),
            {name: value for side in group for name, value in side.switches.items()},
            group[0].vendor,
        )
        for group in groups
    ]


LIVES = list(lives())


@pytest.fixture(scope="module")
def access(request: pytest.FixtureRequest) -> Access:
    found: Access = request.param
    return found


@pytest.fixture(scope="module")
def begun(access: Access, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, Kept]]:
    """A bench, and how it was at first."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = Bench(tmp_path_factory.mktemp("lives"), monkeypatch, environment=access.environment)
        yield made, made.kept()
        made.close()


@pytest.mark.parametrize(
    ("access", "side"),
    LIVES,
    ids=[f"{access.vendor}, {access.name}: {side.name}" for access, side in LIVES],
    indirect=["access"],
)
def test_life(begun: tuple[Bench, Kept], access: Access, side: Contradiction) -> None:
    bench, first = begun
    bench.forget()
    bench.back(first)
    for name, value in side.switches.items():
        bench.side.switch(name, value)
    for name in side.switches.keys() & NEEDED.keys():
        access = replace(access, inputs=access.inputs or NEEDED[name])
    Life(bench, access).lives(
        shows_others=shows_others(access, side.switches), keeps_paid="qiniu_paid" in side.switches
    )


def shows_others(access: Access, switches: Mapping[str, Value]) -> bool:
    """Whether `Version` or `CreateTime` is there and moves. Trainings left alone prove nothing: that number
    may be brought up to date late."""
    listed = not (access.without or "customSpeakerId" in access.inputs)
    if switches.get("volcengine_status_bare") and not listed and not access.newer:
        return False
    counts = switches.get("volcengine_version", "counts") not in ("stays", "absent")
    timed = switches.get("volcengine_create_time", "training") == "training"
    return timed or (counts and (listed or not access.newer))
