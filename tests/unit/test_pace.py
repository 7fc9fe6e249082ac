"""The rate of requests, learned from refusals; and the end of all waiting."""

from __future__ import annotations

import threading

import pytest
from fake_clock import FakeClock
from fake_vendor import Answer, FakeVendor

from voiceclone_provider.core.call import LONGEST_RETRY_AFTER, Call, Reply
from voiceclone_provider.core.errors import CancelledError, NotFoundError, TemporaryError, ThrottledError
from voiceclone_provider.core.http import Http
from voiceclone_provider.core.pace import LONGEST_INTERVAL, PATIENCE, Pace, limited, noted

NEVER = threading.Event()


def through(pace: Pace, clock: FakeClock, rate: float, requests: int) -> int:
    """Requests at a vendor that takes `rate` a second; how many were refused."""
    refused, taken, window = 0, 0, clock.monotonic()
    while requests:
        sent = pace.turn(True, NEVER)
        assert sent is not None
        if clock.monotonic() - window >= 1.0:
            window, taken = clock.monotonic(), 0
        if taken < rate:
            taken, requests = taken + 1, requests - 1
            pace.answered(True)
        else:
            refused += 1
            pace.refused(sent, None)
        clock.advance(0.01)  # what a request takes
    return refused


def test_nothing_is_held_back_until_something_is_refused() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    for _ in range(100):
        pace.turn(True, NEVER)
        pace.answered(True)
    assert clock.pauses == []


@pytest.mark.parametrize("rate", [1, 5, 20])
def test_the_vendors_rate_is_found(rate: int) -> None:
    clock = FakeClock()
    began = clock.monotonic()
    refused = through(Pace(clock), clock, rate, 300)
    assert clock.monotonic() - began < 2.0 * 300 / rate + 2 * LONGEST_INTERVAL
    assert refused < 100


def test_refusals_that_were_under_way_count_once() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    sent = [pace.turn(True, NEVER) for _ in range(50)]
    clock.advance(0.05)
    for moment in sent:
        assert moment is not None
        pace.refused(moment, None)
    began = clock.monotonic()
    pace.turn(True, NEVER)
    assert clock.monotonic() - began < 1.0


def test_what_the_vendor_asks_for_holds_for_all() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    sent = pace.turn(False, NEVER)
    assert sent is not None
    pace.refused(sent, 7.0)
    assert (pace.turn(True, NEVER) or 0.0) - sent >= 7.0


def test_a_read_goes_before_the_changes_that_wait() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    sent = pace.turn(True, NEVER)
    assert sent is not None
    pace.refused(sent, 60.0)
    order: list[str] = []
    ready = threading.Barrier(2)

    def change() -> None:
        ready.wait()
        pace.turn(True, NEVER)
        order.append("change")

    pace._reads_waiting += 1
    waiting = threading.Thread(target=change)
    waiting.start()
    ready.wait()
    pace.turn(False, NEVER)
    order.append("read")
    pace._reads_waiting -= 1
    waiting.join(10)
    assert order == ["read", "change"]


def test_stop_ends_the_wait() -> None:
    pace, stop = Pace(FakeClock()), threading.Event()
    stop.set()
    sent = pace.turn(True, stop)
    assert sent is not None
    pace.refused(sent, 60.0)
    assert pace.turn(True, stop) is None


SLOW_DOWN = Answer({"code": 9}, 429)
FINE = Answer({"code": 0})


def understand(reply: Reply) -> str:
    if reply.status == 429:
        raise ThrottledError("slow down")
    if reply.status == 503:
        raise TemporaryError("down", retry_after=reply.retry_after)
    return "fine"


def account(fake: FakeVendor, clock: FakeClock, stop: threading.Event = NEVER) -> tuple[Http, Call, Call]:
    http = Http("Vendor", lambda request: request, (), stop, clock)
    read = Call("GET", fake.url, "read")
    return http, read, Call("POST", fake.url, "create", changes=True, json={})


@pytest.mark.parametrize("changes", [False, True])
def test_a_refusal_for_the_rate_is_sent_again_for_as_long_as_it_is_worth_it(changes: bool) -> None:
    clock = FakeClock()
    with FakeVendor() as fake:
        http, read, change = account(fake, clock)
        fake.answers(*[SLOW_DOWN] * 20, FINE)
        assert http.call(change if changes else read, understand) == "fine"
        fake.answers(SLOW_DOWN)
        began = clock.monotonic()
        with pytest.raises(ThrottledError, match="slow down"):
            http.call(change if changes else read, understand)
        waited = clock.monotonic() - began
    assert PATIENCE[changes] <= waited < PATIENCE[changes] + 2 * LONGEST_INTERVAL


@pytest.mark.parametrize("status", [429, 503])
def test_nothing_is_sent_again_after_the_time_is_out(status: int) -> None:
    clock = FakeClock()
    with FakeVendor() as fake:
        http, read, _ = account(fake, clock)
        fake.answers(Answer({"code": 9}, status, {"Retry-After": "3600"}))
        began = clock.monotonic()
        with pytest.raises(TemporaryError), limited(began + 10.0, print):
            http.call(read, understand)
        assert clock.monotonic() == began
        assert len(fake.requests) == 1
        with pytest.raises(TemporaryError), limited(began + 2 * LONGEST_RETRY_AFTER - 1.0, print):
            http.call(read, understand)
        assert clock.monotonic() == began + LONGEST_RETRY_AFTER
        assert len(fake.requests) == (2 if status == 429 else 3)


def test_what_is_waited_for_is_said() -> None:
    clock, said = FakeClock(), list[str]()
    with FakeVendor() as fake:
        http, read, _ = account(fake, clock)
        fake.answers(SLOW_DOWN, FINE)
        with limited(clock.monotonic() + 10.0, said.append):
            http.call(read, understand)
    assert said == ["waiting to send the request again: slow down"]


def test_ctrl_c_ends_the_wait_for_a_turn() -> None:
    stop = threading.Event()
    with FakeVendor() as fake:
        http, read, _ = account(fake, FakeClock(), stop)

        def refuse(reply: Reply) -> str:
            stop.set()
            return understand(reply)

        fake.answers(SLOW_DOWN)
        with pytest.raises(CancelledError):
            http.call(read, refuse)
        assert len(fake.requests) == 1


@pytest.mark.parametrize("refused", [0, 3])
def test_a_change_that_waited_says_when_it_is_sent(refused: int) -> None:
    clock, moments = FakeClock(), list[float]()
    with FakeVendor() as fake:
        http, read, change = account(fake, clock)
        fake.answers(*[Answer({"code": 9}, 429, {"Retry-After": "20"})] * refused, FINE)
        with noted(lambda: moments.append(clock.monotonic())):
            http.call(change, understand)
        assert moments == [moments[0] + 20 * number for number in range(refused)] if refused else not moments
        if moments:
            assert moments[-1] == clock.monotonic()
        with noted(lambda: moments.append(0.0)):
            http.call(read, understand)
    assert 0.0 not in moments


def test_a_change_is_not_sent_after_the_time_is_out() -> None:
    clock = FakeClock()
    with FakeVendor() as fake:
        http, read, change = account(fake, clock)
        fake.answers(FINE)
        with limited(clock.monotonic() - 1.0, print):
            with pytest.raises(ThrottledError, match="the time is out"):
                http.call(change, understand)
            assert http.call(read, understand) == "fine"
    assert len(fake.requests) == 1


def test_an_answer_that_is_an_error_is_an_answer() -> None:
    clock = FakeClock()
    with FakeVendor() as fake:
        http, read, _ = account(fake, clock)
        fake.answers(SLOW_DOWN, FINE)
        http.call(read, understand)
        slowed = http._pace._interval

        def missing(reply: Reply) -> str:
            raise NotFoundError("no such voice")

        for _ in range(20):
            with pytest.raises(NotFoundError):
                http.call(read, missing)
        assert http._pace._interval < slowed / 2
