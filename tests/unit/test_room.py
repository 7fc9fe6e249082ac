"""How many samples are in memory at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from voiceclone_provider.core.errors import CancelledError
from voiceclone_provider.core.room import Room

NEVER = threading.Event()


def test_no_more_than_there_are_places() -> None:
    room, lock = Room(3), threading.Lock()
    inside, most = 0, 0
    full = threading.Event()

    def use(_: int) -> None:
        nonlocal inside, most
        room.enter(NEVER)
        room.enter(NEVER)  # the same place
        with lock:
            inside += 1
            most = max(most, inside)
            if inside == 3:
                full.set()
        full.wait(30)
        with lock:
            inside -= 1
        room.leave()
        room.leave()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(use, range(64)))
    assert most == 3


def test_ctrl_c_ends_the_wait_for_a_place() -> None:
    room, stop = Room(1), threading.Event()
    room.enter(NEVER)
    stop.set()
    with ThreadPoolExecutor(1) as pool, pytest.raises(CancelledError):
        pool.submit(room.enter, stop).result(30)
