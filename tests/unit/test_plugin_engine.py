"""Lines to the engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from fake_clock import FakeClock
from plugin_face import URN, FakeEngine, serving_engine

from voiceclone_provider.plugin.engine import Engine, EngineReporter
from voiceclone_provider.plugin.protos import engine_pb2


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.005)


@pytest.fixture
def served() -> Iterator[tuple[FakeEngine, EngineReporter]]:
    with serving_engine() as (lines, address):
        engine = Engine(address)
        yield lines, EngineReporter(engine, URN, FakeClock())
        engine.close()


def test_status_lines_are_ephemeral_and_equal_ones_are_sent_once(
    served: tuple[FakeEngine, EngineReporter],
) -> None:
    engine, reporter = served

    def sent(message: str, count: int) -> bool:
        reporter.status(message)
        return len(engine.lines) == count

    eventually(lambda: sent("training", 1))
    eventually(lambda: sent("training; the vendor is down", 2))
    assert [(line.message, line.ephemeral, line.urn, line.severity) for line in engine.lines] == [
        ("training", True, URN, engine_pb2.INFO),
        ("training; the vendor is down", True, URN, engine_pb2.INFO),
    ]


def test_a_line_that_does_not_change_is_sent_every_30_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, sent = FakeClock(), []
    engine = Engine()
    monkeypatch.setattr(engine, "status", lambda message, urn: sent.append((clock.now(), message)))
    reporter, began = EngineReporter(engine, URN, clock), clock.now()
    for second in range(75):
        reporter.status("training" if second != 40 else "training; the vendor is down")
        clock.advance(1.0)
    assert [(at - began, message) for at, message in sent] == [
        (0.0, "training"),
        (30.0, "training"),
        (40.0, "training; the vendor is down"),
        (41.0, "training"),
        (71.0, "training"),
    ]


def test_permanent_lines_have_arrived_when_the_call_returns(
    served: tuple[FakeEngine, EngineReporter],
) -> None:
    engine, reporter = served
    reporter.info("a fact")
    reporter.warning("a warning")
    assert [(line.message, line.ephemeral, line.severity) for line in engine.lines] == [
        ("a fact", False, engine_pb2.INFO),
        ("a warning", False, engine_pb2.WARNING),
    ]


def test_a_slow_engine_holds_nobody_up(served: tuple[FakeEngine, EngineReporter]) -> None:
    engine, reporter = served
    engine.delay.clear()
    start = time.monotonic()
    for second in range(100):
        reporter.status(f"training {second}s")
    assert time.monotonic() - start < 1
    engine.delay.set()
    eventually(lambda: len(engine.lines) == 1)


@pytest.mark.parametrize("address", [None, "127.0.0.1:1", "no such address at all"])
def test_no_engine_is_no_fault(address: str | None) -> None:
    engine = Engine(address)
    reporter = EngineReporter(engine, URN)
    reporter.status("training")
    reporter.info("a fact")
    engine.close()
    reporter.status("still training")
    reporter.warning("a warning")
    engine.close()
