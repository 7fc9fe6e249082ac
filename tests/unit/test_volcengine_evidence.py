"""What shows that a Volcengine slot was trained, under each of the shapes that the vendor's pages show."""

from __future__ import annotations

import pytest

from voiceclone_provider.vendors.base import Observation, Status
from voiceclone_provider.vendors.volcengine.client import Volcengine
from voiceclone_provider.vendors.volcengine.evidence import Evidence
from voiceclone_provider.voice.pending import INVISIBLE_TRAINING, Pending, Phase, phase

SETTLE = Volcengine.facts.settle


@pytest.mark.parametrize(
    ("base", "version", "trainings"),
    [
        # A slot that was never trained
        ("", "V1", 1),
        ("", "V2", 1),
        ("", "//100@console", 1),
        ("", "", None),
        ("/10/@console", "V1/9/100@console", 1),
        ("/10/@console", "V1/10/100@console", 1),
        ("/10/@console", "/10/@console", 0),
        ("/10/@console", "V2/8/100@console", 2),
        # The counter alone, as older states have it
        ("V1", "V1", 0),
        ("V1", "V2", 1),
        ("V9", "v10", 1),
        ("V1", "V3", 1),
        ("V2", "V1", 0),
        ("V1", "", None),
        ("V1", "new", None),
        ("1", "2", 1),
        # Any item is enough
        ("V1/9/100@console", "V2/9/100@console", 1),
        ("V1/9/100@console", "V1/8/100@console", 1),
        ("V1/9/100@console", "V1/9/200@console", 1),
        ("/9/@console", "/8/@console", 1),
        ("//100@voice", "//200@voice", 1),
        ("V1/9/100@console", "V1/9/100@console", 0),
        ("V1/9/100@console", "V1/15/100@console", 0),
        # Several, where two items agree
        ("V1/9/100@console", "V3/7/300@console", 2),
        ("V1/9/100@console", "V1/7/300@console", 1),
        ("/9/@console", "/6/@console", 1),
        ("V1/9/100@console", "V2/7/300@console", 1),
        ("V1/9/100@console", "V3/8/300@console", 1),
        # What two calls report is not compared, but for the counter
        ("V1//100@voice", "V1/9/200@console", 0),
        ("//100@voice", "/9/200@console", None),
        ("V1", "V1/9/200@console", 0),
    ],
)
def test_trainings_between(base: str, version: str, trainings: int | None) -> None:
    assert Volcengine.trainings_between(base, version) == trainings


@pytest.mark.parametrize(
    ("version", "now", "trained"),
    [
        ("V1", "V1/9/100@console", False),
        ("V1", "V2/9/100@console", True),
        ("V1/9/100@console", "V1/9/200@console", True),
        ("V1/9/100@console", "V2/9/100@console", True),
        # The number of trainings left may be brought up to date late.
        ("V1/10/100@console", "V1/9/100@console", False),
        ("V1/9/100@console", "V1//200@voice", False),
        ("", "V1/9/100@console", False),
    ],
)
def test_a_training_that_was_not_ours(version: str, now: str, trained: bool) -> None:
    assert Volcengine.trained_since(version, now) is trained


@pytest.mark.parametrize("written", ["", "V3", "V3/8/100@console", "/8/@console", "//100@voice"])
def test_evidence_is_written_as_it_is_read(written: str) -> None:
    assert str(Evidence.parse(written)) == written


@pytest.mark.parametrize("odd", ["x", "V", "V1/", "V1/9@console", "V1/a/b@c"])
def test_anything_else_says_nothing(odd: str) -> None:
    assert Evidence.parse(odd) == Evidence()


def sent(**more: bool) -> Pending:
    return Pending("f", "V1/9/100@console", str(Status.READY), 1000.0, accepted=True, **more)


@pytest.mark.parametrize(
    ("training", "version", "later", "wanted"),
    [
        # Nothing moves: it must have been seen, and no read may lag behind its beginning any more.
        (sent(), "V1/9/100@console", INVISIBLE_TRAINING, Phase.NOT_SEEN),
        (sent(), "V1/9/100@console", INVISIBLE_TRAINING + 1, Phase.READY),
        (sent(seen=True), "V1/9/100@console", SETTLE - 1, Phase.NOT_SEEN),
        (sent(seen=True), "V1/9/100@console", SETTLE + 1, Phase.READY),
        (sent(), "V1/9/200@console", 0.0, Phase.READY),
        # The number left may fall when a training begins.
        (sent(), "V1/8/100@console", SETTLE - 1, Phase.NOT_SEEN),
        (sent(), "V1/8/100@console", SETTLE + 1, Phase.READY),
        (sent(), "V3/8/200@console", 0.0, Phase.READY),
        (sent(), "V3/7/200@console", 0.0, Phase.FOREIGN),
    ],
)
def test_the_end_of_a_training(training: Pending, version: str, later: float, wanted: Phase) -> None:
    shown = Observation("S_1", Status.READY, version)
    assert phase(Volcengine, training, shown, 1000.0 + later) is wanted
