"""The life of one voice, with every training counted."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from engine.voices import VENDORS, sha256
from faults.bench import Bench
from faults.operations import ids_in_state, program
from faults.proxy import Client, Exchange, Proxy
from faults.vendors import Seen
from standin import Outcome, Wanted

from .accesses import Access

RESOURCE = "voice"


class Life:
    """One voice from beginning to end.

    Attributes:
        trainings: how many the vendor has counted so far.
        declared: what the program declares of the voice.
    """

    def __init__(self, bench: Bench, access: Access) -> None:
        self.bench = bench
        self.access = access
        self.vendor = VENDORS[access.vendor]
        self.trainings = 0
        self.take = 1
        self.declared: dict[str, Any] = {}

    def lives(self, *, shows_others: bool, keeps_paid: bool) -> None:
        """What the vendor's side decides:

        shows_others: whether it shows that somebody else trained a voice.
        keeps_paid: whether it refuses to delete a voice that was paid for.
        """
        vendor = self.vendor
        self.must(self.up(1))
        self.is_well(trained=1)
        first = self.id
        self.must(self.up(2))
        assert (self.id == first) is vendor.keeps_id
        self.is_well(trained=1)
        if vendor.rename:
            self.must(self.up(2, **vendor.rename))
            self.is_well(trained=0 if vendor.renaming == "call" else 1)
        self.until_well(self._without_a_reply(1))
        self.is_well(trained=1)
        self._fails()
        if vendor.elsewhere == "retrain":
            self._is_trained_elsewhere(shows_others=shows_others)
        self._is_imported()
        self._ends(keeps_paid=keeps_paid)

    # -- what the user does --------------------------------------------------------------------------------

    def up(self, take: int | None = None, **changed: Any) -> Outcome:
        self.take = take or self.take
        self.declared |= changed
        self.bench.clock.advance(5.0)
        return self.bench.run(lambda: self.bench.engine.up(self._program()))

    def must(self, outcome: Outcome) -> None:
        assert outcome.succeeded, self.said

    def until_well(self, outcome: Outcome) -> None:
        """The user may be asked once."""
        for _ in range(2):
            if not outcome.succeeded:
                outcome = self.up()
        self.must(outcome)

    def _program(self) -> dict[str, Any]:
        more = {**self.access.inputs, **self.declared}
        return program(self.vendor.resource(self.bench, self.take, **more))

    # -- how it must be ------------------------------------------------------------------------------------

    @property
    def said(self) -> str:
        return "\n".join(self.bench.said)

    @property
    def id(self) -> str:
        (found,) = ids_in_state(self.bench)
        return found

    def voices(self) -> list[Seen]:
        return self.bench.side.voices(self.vendor.key)

    def is_well(self, *, trained: int) -> None:
        """The voice is as declared, and `trained` trainings more were paid for. A refresh finds nothing, and
        another update sends nothing."""
        before, self.trainings = self.trainings, sum(voice.trainings for voice in self.voices())
        assert self.trainings - before == trained, self.said
        living = [voice for voice in self.voices() if not voice.deleted and voice.status != "failed"]
        assert [voice.id for voice in living] == [self.id], self.said
        wanted = ("ready", sha256(self.vendor, self.bench, self.take))
        assert (living[0].status, living[0].audio) == wanted, f"{living[0]}\n{self.said}"
        self.rests()

    def rests(self) -> None:
        """Nothing is found, and nothing is sent."""
        requests = self.bench.side.requests()
        refreshed = self.bench.run(lambda: self.bench.engine.refresh())
        self.must(refreshed)
        assert not refreshed.changed, f"a refresh finds {refreshed.changes}\n{self.said}"
        again = self.up()
        self.must(again)
        assert not again.changed, f"an update does {again.changes}\n{self.said}"
        assert self.bench.side.requests() == requests

    # -- what happens to it --------------------------------------------------------------------------------

    def _without_a_reply(self, take: int) -> Outcome:
        """A training that the vendor takes, and of which the answer never comes."""
        method, path = self.access.costly or self.vendor.costly.get("retrain", self.vendor.costly["create"])
        lost = False

        def meet(proxy: Proxy, exchange: Exchange, client: Client) -> None:
            nonlocal lost
            answer = proxy.forward(exchange)
            request = exchange.request
            if not lost and request.method == method and request.path.startswith(path):
                lost = True
                client.reset()
            else:
                client.send(answer.encoded())

        self.take = take
        outcome = self.bench.run(lambda: self.bench.engine.up(self._program()), meet=meet)
        assert lost, f"{method} {path} was not sent"
        return outcome

    def _fails(self) -> None:
        """A sample that fails is not sent again until the user says so."""
        fault = {"vendor": self.vendor.key, "kind": "train-fail", "code": 1112, "message": "too noisy"}
        self._control("POST", "faults", fault)
        assert not self.up(2).succeeded
        assert "too noisy" in self.said or "gives no reason" in self.said, self.said
        requests = self.bench.side.requests()
        assert not self.up().succeeded
        assert self.bench.side.requests() == requests, self.said
        self.trainings = sum(voice.trainings for voice in self.voices())
        self.must(self.up(retrainTriggers=["again"]))
        self.is_well(trained=1)

    def _is_trained_elsewhere(self, *, shows_others: bool) -> None:
        self.bench.clock.advance(60.0)
        self._control("POST", f"voices/{self.vendor.key}/{self.id}/retrain")
        self.bench.clock.advance(60.0)
        found = self.bench.run(lambda: self.bench.engine.refresh())
        self.must(found)
        assert found.changed is shows_others, self.said
        self.must(self.up())
        if not shows_others:
            self.trainings += 1
            self.must(self.up(retrainTriggers=["mine"]))
            self.is_well(trained=1)
        else:
            self.is_well(trained=2)

    def _is_imported(self) -> None:
        """Another stack takes the voice, as it is."""
        voice_id = self.id
        self.bench.forget()
        wanted = Wanted(self.vendor.type, RESOURCE, voice_id, protect=False)
        self.must(self.bench.run(lambda: self.bench.engine.import_(wanted)))
        assert self.id == voice_id
        self.must(self.up())
        self.is_well(trained=0)

    def _ends(self, *, keeps_paid: bool) -> None:
        if keeps_paid:
            assert not self.bench.run(lambda: self.bench.engine.destroy()).succeeded
            assert "Set deletionPolicy to retain" in self.said
            self.must(self.up(deletionPolicy="retain"))
        self.must(self.bench.run(lambda: self.bench.engine.destroy()))
        assert ids_in_state(self.bench) == []
        gone = all(voice.deleted for voice in self.voices() if voice.status == "ready")
        assert gone is (self.vendor.deletes and not keeps_paid)

    def _control(self, method: str, path: str, body: Any = None) -> None:
        data = json.dumps(body).encode() if body is not None else b""
        url = f"http://127.0.0.1:{self.bench.side.port}/_emulator/{path}"
        with urllib.request.urlopen(urllib.request.Request(url, data, method=method)) as answer:
            assert answer.status == 200
