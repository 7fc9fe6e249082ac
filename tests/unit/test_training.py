"""Waiting: when a training is over, and one poller for all that wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from fake_clock import FakeClock
from memory_vendor import Memory, Named, Places, Slots

from voiceclone_provider.account.poller import Poller, WaitTimeoutError
from voiceclone_provider.core.errors import (
    CancelledError,
    CredentialsError,
    PermanentError,
    TemporaryError,
    VoiceError,
)
from voiceclone_provider.vendors.base import Observation, Status
from voiceclone_provider.voice.pending import Pending, Phase, phase

READY, FAILED, TRAINING, PENDING, LOCKED = (
    Status.READY,
    Status.FAILED,
    Status.TRAINING,
    Status.PENDING,
    Status.LOCKED,
)
NOW = 1000.0


def pending(base: str = "", status: Status = PENDING, **more: Any) -> Pending:
    return Pending("f", base, str(status), NOW, **more)


def seen(status: Status, version: str = "", **more: Any) -> Observation:
    return Observation("v", status, version, **more)


TAKEN: dict[str, Any] = {"accepted": True}
COUNTED: list[tuple[Pending, Observation | None, Phase]] = [
    (pending(**TAKEN), None, Phase.NOT_SEEN),
    (pending(**TAKEN), seen(READY, "V1", gone=True), Phase.NOT_SEEN),
    (pending(**TAKEN), seen(PENDING), Phase.RUNNING),
    (pending(), seen(PENDING), Phase.NOT_SEEN),
    (pending(), seen(TRAINING), Phase.RUNNING),
    (pending(), seen(READY, "V1"), Phase.READY),
    (pending(), seen(LOCKED, "V1"), Phase.READY),
    (pending(), seen(READY, "V2"), Phase.READY),  # some slots begin with V1
    (pending(), seen(FAILED), Phase.FAILED),
    (pending("V3", READY, **TAKEN), seen(READY, "V3"), Phase.NOT_SEEN),
    (pending("V3", READY, **TAKEN), seen(READY, "V4"), Phase.READY),
    (pending("V3", READY, **TAKEN), seen(READY, "V5"), Phase.READY),  # some count by two
    (pending("V3/7/30@console", READY, **TAKEN), seen(READY, "V5/5/50@console"), Phase.FOREIGN),
    (pending("V3", READY, **TAKEN), seen(FAILED, "V3"), Phase.FAILED),
    (pending("V3", FAILED, **TAKEN), seen(FAILED, "V3"), Phase.NOT_SEEN),
    (pending("V3", FAILED, **TAKEN), seen(FAILED, "V4"), Phase.FAILED),
    (pending("V3", FAILED, seen=True), seen(FAILED, "V3"), Phase.FAILED),
    (pending("V3", READY, **TAKEN), seen(Status.EXPIRED, "V3"), Phase.NOT_SEEN),
]


@pytest.mark.parametrize(("training", "now", "wanted"), COUNTED)
def test_where_the_vendor_counts_the_counter_decides(
    training: Pending, now: Observation | None, wanted: Phase
) -> None:
    assert phase(Slots, training, now, NOW) is wanted


UNCOUNTED: list[tuple[Pending, Status, float, Phase]] = [
    (pending(**TAKEN), READY, 0, Phase.READY),
    (pending(), READY, 0, Phase.READY),
    (pending("", READY, **TAKEN), READY, 0, Phase.NOT_SEEN),
    (pending("", LOCKED, **TAKEN), READY, 0, Phase.NOT_SEEN),
    (pending("", READY, **TAKEN), READY, 40.0, Phase.READY),
    (pending("", READY), READY, 40.0, Phase.NOT_SEEN),
    (pending("", READY, seen=True), READY, 0, Phase.READY),
    (pending("", FAILED, **TAKEN), READY, 0, Phase.READY),
    (pending("", FAILED, **TAKEN), FAILED, 0, Phase.NOT_SEEN),
    (pending("", FAILED, **TAKEN), FAILED, 40.0, Phase.FAILED),
    (pending("", READY, **TAKEN), FAILED, 0, Phase.FAILED),
]


@pytest.mark.parametrize(("training", "status", "later", "wanted"), UNCOUNTED)
def test_where_it_does_not_an_old_outcome_seen_right_after_the_upload_does_not_count(
    training: Pending, status: Status, later: float, wanted: Phase
) -> None:
    assert phase(Places, training, seen(status), NOW + later) is wanted


@pytest.mark.parametrize(
    ("flavour", "wanted"), [(Slots, Phase.NOT_SEEN), (Places, Phase.RUNNING), (Named, Phase.RUNNING)]
)
def test_an_accepted_training_of_a_slot_must_show_in_time(flavour: type[Memory], wanted: Phase) -> None:
    """A voice that is made may wait for its training for longer."""
    for later, result in ((0.0, Phase.RUNNING), (15.0, Phase.RUNNING), (16.0, wanted)):
        assert phase(flavour, pending(**TAKEN), seen(PENDING), NOW + later) is result


@pytest.mark.parametrize(
    ("base", "version", "wanted"),
    [
        ("9/100", "9/100", Phase.NOT_SEEN),
        ("9/100", "8/100", Phase.READY),
        ("9/100", "8/200", Phase.READY),
        ("9/100", "9/200", Phase.READY),
        ("9/100", "7/200", Phase.FOREIGN),
        ("/100", "/200", Phase.READY),
    ],
)
def test_a_training_that_cannot_be_seen_is_told_by_what_it_used_up(
    base: str, version: str, wanted: Phase
) -> None:
    for later in (0.0, 1000.0):
        assert phase(Named, pending(base, READY, accepted=True), seen(READY, version), NOW + later) is wanted


def test_a_voice_seen_in_training_confirms_the_request() -> None:
    after = pending("V1", READY).after(seen(TRAINING))
    assert (after.accepted, after.seen) == (True, True)
    assert pending("V1", READY).after(seen(READY, "V1")) == pending("V1", READY)


def test_a_training_survives_the_state() -> None:
    training = pending("V1", READY, accepted=True, seen=True)
    assert Pending.parse(training.to_json()) == training


@pytest.mark.parametrize("odd", [None, {}, "x", 5, [], {"baseVersion": "V1"}])
def test_odd_state_is_no_training(odd: object) -> None:
    assert Pending.parse(odd) is None


def test_a_training_of_an_older_version_counts_as_taken() -> None:
    kept: dict[str, Any] = {"fingerprint": "f", "baseVersion": None, "startedAt": "odd"}
    assert Pending.parse(kept) == Pending("f", "", "", 0.0, accepted=True)


class Account:
    """Voices that become ready when the test says so."""

    def __init__(self, poll: tuple[float, float] = (1.0, 4.0)) -> None:
        self.clock = FakeClock()
        self.ready: set[str] = set()
        self.ticks: list[frozenset[str]] = []
        self.times: list[float] = []
        self.raises: list[Exception] = []
        self.on_tick: Callable[[int], None] = lambda number: None
        self.cancelled = threading.Event()
        self.poller = Poller(self.observe, poll, self.cancelled, self.clock)

    @property
    def gaps(self) -> list[float]:
        return [after - before for before, after in pairwise(self.times)]

    def observe(self, voice_ids: Collection[str]) -> dict[str, Observation]:
        self.ticks.append(frozenset(voice_ids))
        self.times.append(self.clock.monotonic())
        self.on_tick(len(self.ticks))
        if self.raises:
            raise self.raises.pop(0)
        return {key: Observation(key, READY if key in self.ready else TRAINING) for key in voice_ids}

    def wait(self, voice_id: str, seconds: float = 1e9, reports: list[str] | None = None) -> str:
        def judge(now: Observation | None) -> str | None:
            return now.voice_id if now is not None and now.status is READY else None

        report = (reports if reports is not None else []).append
        return self.poller.wait(voice_id, judge, self.clock.monotonic() + seconds, report)


@pytest.fixture
def account() -> Account:
    return Account()


def until(condition: Callable[[], Any]) -> None:
    """For what another thread does."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_all_who_wait_share_one_look(account: Account) -> None:
    names = [f"v{number}" for number in range(20)]
    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(account.wait, name) for name in names]
        until(lambda: account.ticks and len(account.ticks[-1]) == 20)
        account.ready.update(names)
        assert [future.result() for future in waiting] == names
    until(lambda: not account.poller._running)  # nobody waits: nobody is asked


def test_only_those_who_still_wait_are_asked_for(account: Account) -> None:
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(account.wait, name) for name in ("a", "b")]
        until(lambda: account.ticks and account.ticks[-1] == {"a", "b"})
        account.ready.add("a")
        assert waiting[0].result() == "a"
        until(lambda: account.ticks[-1] == {"b"})
        account.ready.add("b")
        assert waiting[1].result() == "b"


def test_a_poller_that_stopped_starts_again(account: Account) -> None:
    account.ready.add("a")
    for _ in range(3):
        assert account.wait("a") == "a"


def test_looks_grow_rarer_and_never_more_often_than_allowed(account: Account) -> None:
    with pytest.raises(WaitTimeoutError):
        account.wait("a", 60.0)
    assert account.gaps[0] == pytest.approx(1.25)
    assert account.gaps == sorted(account.gaps)
    assert account.gaps[-1] == pytest.approx(4.0)


def test_a_newcomer_does_not_wait_for_a_long_pause_to_end() -> None:
    account = Account((1.0, 1000.0))
    newcomer: list[float] = []

    def judge(now: Observation | None) -> bool:
        newcomer.append(account.clock.monotonic())
        return True

    came: list[float] = []

    def come(number: int) -> None:
        """Somebody comes just before the longest pause."""
        if number == 20:
            threads.submit(account.poller.wait, "b", judge, 1e18, lambda trouble: None)
            until(lambda: len(account.poller._waiters) == 2)
            came.append(account.clock.monotonic())

    account.on_tick = come
    with ThreadPoolExecutor(1) as threads, pytest.raises(WaitTimeoutError):
        account.wait("a", 3000.0)
    assert newcomer[0] - came[0] <= 1.0 + 1e-6


def test_many_newcomers_do_not_make_looks_more_frequent(account: Account) -> None:
    with ThreadPoolExecutor(30) as threads:
        waiting = [threads.submit(account.wait, f"v{number}") for number in range(30)]
        until(lambda: account.ticks and len(account.ticks[-1]) == 30)
        account.ready.update(f"v{number}" for number in range(30))
        for future in waiting:
            future.result()
    assert min(account.gaps) >= 1.0 - 1e-6


def test_a_time_out_says_why_nothing_was_seen(account: Account) -> None:
    account.raises = [TemporaryError("the vendor is down")] * 1000
    with pytest.raises(WaitTimeoutError) as caught:
        account.wait("a", 10.0)
    assert "the vendor is down" in caught.value.trouble


def test_a_vendor_that_is_down_is_asked_more_rarely_and_forgiven(account: Account) -> None:
    account.raises = [TemporaryError("the vendor is down")] * 8
    account.on_tick = lambda number: account.ready.add("a") if number == 12 else None
    assert account.wait("a") == "a"
    assert account.gaps[:3] == pytest.approx([2.0, 4.0, 8.0])
    assert account.gaps[7] == pytest.approx(30.0)
    assert account.gaps[-1] == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (CredentialsError("the key is refused"), CredentialsError),
        (PermanentError("odd"), PermanentError),
        (RuntimeError("a bug"), PermanentError),
    ],
)
def test_a_fault_that_stays_ends_every_wait(
    account: Account, error: Exception, wanted: type[VoiceError]
) -> None:
    account.raises = [error]
    with pytest.raises(wanted, match=str(error)):
        account.wait("a")


def test_a_fault_of_one_voice_is_its_own(account: Account) -> None:
    account.ready.add("b")

    def judge(now: Observation | None) -> str | None:
        raise PermanentError("only mine")

    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(account.wait, "b")
        with pytest.raises(PermanentError, match="only mine"):
            account.poller.wait("a", judge, 1e18, lambda trouble: None)
        assert other.result() == "b"


def test_ctrl_c_ends_every_wait(account: Account) -> None:
    with ThreadPoolExecutor(5) as threads:
        waiting = [threads.submit(account.wait, f"v{number}", 1e15) for number in range(5)]
        until(lambda: account.ticks and len(account.ticks[-1]) == 5)
        account.cancelled.set()
        for future in waiting:
            with pytest.raises(CancelledError):
                future.result()


def test_ctrl_c_ends_a_wait_on_the_machines_clock_at_once() -> None:
    cancelled = threading.Event()
    poller = Poller(lambda voice_ids: {}, (1000.0, 1000.0), cancelled)
    with ThreadPoolExecutor(1) as threads:
        deadline = time.monotonic() + 1000
        judge: Callable[[Observation | None], bool | None] = lambda seen: None  # noqa: E731
        waiting = threads.submit(poller.wait, "a", judge, deadline, lambda trouble: None)
        until(lambda: poller._running)
        cancelled.set()
        with pytest.raises(CancelledError):
            waiting.result(timeout=60)


def test_trouble_is_known_within_a_second(account: Account) -> None:
    reports: list[str] = []
    with pytest.raises(WaitTimeoutError):
        account.wait("a", 10.0, reports)
    assert 8 <= len(reports) <= 10
