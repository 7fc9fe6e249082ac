"""Many clients at once: nothing lost, every counter right, and all of it there after a kill."""

from __future__ import annotations

import contextlib
import random
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from .audio import spoken
from .client import BEARER, Emulator, until
from .rules import OURS, rule
from .test_process import Process

WHERE = "docs/emulator.md"
CLIENTS, REQUESTS = 64, 2000


class Crowd:
    """Sixty-four clients that do what they like, and remember what was promised to them."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.local = threading.local()
        self.lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.trainings: Counter[tuple[str, str]] = Counter()
        self.names: dict[str, str] = {}
        self.made: dict[str, set[str]] = {vendor: set() for vendor in ("coze", "qiniu", "kling")}
        self.deleted: set[str] = set()
        self.sample = spoken(5.0)

    @property
    def emulator(self) -> Emulator:
        if not hasattr(self.local, "emulator"):
            self.local.emulator = Emulator(self.origin)
        return self.local.emulator  # type: ignore[no-any-return]

    def seen(self, reply: Any) -> Any:
        with self.lock:
            self.statuses[reply.status_code] += 1
        return reply

    def ask(self, number: int) -> None:
        rng = random.Random(number)
        getattr(self, rng.choice(["volcengine", "coze", "qiniu", "kling", "look", "look", "look", "odd"]))(
            rng
        )

    def volcengine(self, rng: random.Random) -> None:
        speaker = f"S_emulator{rng.randint(1, 40):02d}"
        doc = self.seen(self.emulator.upload(speaker, audio=self.sample)).json()
        if doc["BaseResp"]["StatusCode"] == 0:
            with self.lock:
                self.trainings["volcengine", speaker] += 1

    def coze(self, rng: random.Random) -> None:
        with self.lock:
            known = sorted(self.made["coze"])
        again = {"voice_id": rng.choice(known)} if known and rng.random() < 0.5 else {}
        doc = self.seen(self.emulator.clone(f"voice {rng.random()}", audio=self.sample, **again)).json()
        if doc["code"] == 0:
            with self.lock:
                self.made["coze"].add(doc["data"]["voice_id"])
                self.trainings["coze", doc["data"]["voice_id"]] += 1

    def qiniu(self, rng: random.Random) -> None:
        made = self.seen(self.emulator.qiniu("POST", body={"tier": "free"})).json()["data"]["id"]
        with self.lock:
            self.made["qiniu"].add(made)
        if rng.random() < 0.3:
            self.seen(self.emulator.qiniu("DELETE", f"/{made}"))
            with self.lock:
                self.deleted.add(made)
            return
        name = f"n{rng.randint(1, 10**6)}"
        body = {"name": name, "key": f"{self.origin}/_emulator/samples/load.wav"}
        assert self.seen(self.emulator.qiniu("PUT", f"/{made}", body)).status_code == 200
        with self.lock:
            self.names[made] = name
            self.trainings["qiniu", made] += 1

    def kling(self, rng: random.Random) -> None:
        external = f"task-{rng.randint(1, 300)}"
        url = f"{self.origin}/_emulator/samples/load.wav"
        body = {"voice_name": "a", "voice_url": url, "external_task_id": external}
        reply = self.seen(self.emulator.kling("POST", body=body))
        if reply.status_code == 200:
            made = reply.json()["data"]["task_id"]
            with self.lock:
                assert external not in self.names, "the same external_task_id was taken twice"
                self.names[external] = made
                self.made["kling"].add(made)
                self.trainings["kling", made] += 1

    def look(self, rng: random.Random) -> None:
        path = rng.choice(
            ["/v1/audio/voices?voice_state=all", "/v1/general/custom-voices", "/v1/voice-clones"]
        )
        self.seen(self.emulator.send("GET", path, headers=BEARER))

    def odd(self, rng: random.Random) -> None:
        self.seen(self.emulator.kling("GET", f"/{rng.random()}"))


@rule(
    "Control",
    "2,000 requests of 64 clients: no 5xx, no lost voice, every counter right, also after a kill",
    WHERE,
    OURS,
)
def test_crowd(tmp_path: Path) -> None:
    state = str(tmp_path / "emulator.db")
    first = Process("--state", state, "--training-seconds", "0.01")
    try:
        first.emulator.put_sample("load.wav", spoken(5.0))
        first.emulator.control("POST", "slots", {"count": 20})
        crowd = Crowd(first.emulator.origin)
        with ThreadPoolExecutor(CLIENTS) as pool:
            for done in [pool.submit(crowd.ask, number) for number in range(REQUESTS)]:
                done.result()
        assert set(crowd.statuses) <= {200, 400}
        agreed(crowd, first.emulator.state())
        recorded = len(first.emulator.requests())
        assert recorded == sum(crowd.statuses.values()) >= REQUESTS
    finally:
        first.end(signal.SIGKILL)
        first.running.communicate()
    again = Process("--state", state)
    try:
        agreed(crowd, again.emulator.state())
        assert len(again.emulator.requests()) == recorded
    finally:
        again.end(signal.SIGTERM)
        again.running.communicate()


def agreed(crowd: Crowd, state: dict[str, Any]) -> None:
    """What the emulator has is what the clients were promised."""
    for vendor, made in crowd.made.items():
        assert {voice["id"] for voice in state[vendor]} == made - crowd.deleted
    found = {
        (vendor, voice["id"]): voice["trainings"]
        for vendor in ("volcengine", "coze", "qiniu", "kling")
        for voice in state[vendor]
    }
    assert found == dict(crowd.trainings)
    assert max(found.values()) <= 10
    for voice in state["qiniu"]:
        assert voice["name"] == crowd.names[voice["id"]]
    for voice in state["kling"]:
        assert crowd.names[voice["external_task_id"]] == voice["id"]


@rule("Control", "A kill in the middle of everything loses nothing that was answered", WHERE, OURS)
def test_killed_crowd(tmp_path: Path) -> None:
    state = str(tmp_path / "emulator.db")
    first = Process("--state", state, "--training-seconds", "0.01")
    crowd = Crowd(first.emulator.origin)
    first.emulator.put_sample("load.wav", spoken(5.0))
    first.emulator.control("POST", "slots", {"count": 20})

    def ask(number: int) -> None:
        with contextlib.suppress(requests.RequestException):
            crowd.ask(number)

    with ThreadPoolExecutor(16) as pool:
        asked = [pool.submit(ask, number) for number in range(600)]
        until(lambda: sum(crowd.statuses.values()) > 200)
        first.end(signal.SIGKILL)
        for done in asked:
            done.result()
    first.running.communicate()
    again = Process("--state", state)
    try:
        kept = again.emulator.state()
        for vendor, made in crowd.made.items():
            assert made - crowd.deleted <= {voice["id"] for voice in kept[vendor]}
            assert not crowd.deleted & {voice["id"] for voice in kept[vendor]}
        for (vendor, name), trainings in crowd.trainings.items():
            # More may have been taken whose answers never arrived.
            voice = next(one for one in kept[vendor] if one["id"] == name)
            assert voice["trainings"] >= trainings
    finally:
        again.end(signal.SIGTERM)
        again.running.communicate()


@rule("Control", "Trainings run side by side", WHERE, OURS)
def test_side_by_side(emulator: Emulator) -> None:
    emulator.switch(training_seconds=1.0)
    samples = [spoken(5.0, seed) for seed in range(16)]

    def whole(number: int) -> None:
        one = Emulator(emulator.origin)
        speaker = f"S_emulator{number + 1:02d}"
        one.upload(speaker, audio=samples[number])
        one.wait("volcengine", speaker)

    started = time.monotonic()
    whole(0)
    alone = time.monotonic() - started
    emulator.control("POST", "reset")
    emulator.switch(training_seconds=1.0)
    started = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(whole, range(16)))
    assert time.monotonic() - started < alone * 4  # one after the other: sixteen times
