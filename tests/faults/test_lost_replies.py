"""The one request that costs money meets a fault: never a second voice, never a second training.

The first `up` may fail, if it says so cleanly; the next one must end with one ready voice that was trained
once a sample. `make faults` runs every pair; `make test` leaves out the pairs whose fate cannot be told for
a while, because the provider then waits before it gives up.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from engine.emulator import Emulator
from engine.stack import Stack
from engine.voices import ALL, Vendor


@dataclass(frozen=True)
class Fault:
    kind: str
    details: dict[str, Any] = field(default_factory=dict)
    slow: bool = False


FAULTS = {
    "reset after the effect": Fault("reset-after"),
    "answer cut short": Fault("truncate"),
    "too many requests": Fault("status", {"code": 429, "headers": {"Retry-After": "1"}, "body": "{}"}),
    "reset before the effect": Fault("reset-before", slow=True),
    "server error": Fault("status", {"code": 500, "body": "{}"}, slow=True),
    "a gateway's page": Fault("html", slow=True),
}

EVERY_FAULT = bool(os.environ.get("VOICECLONE_ALL_FAULTS"))
# A vendor that takes handles refuses a second create with the same, so there nothing has to be waited for.
CASES = [
    pytest.param(vendor, fault, change, id=f"{vendor.key}-{change}-{name}")
    for vendor, (name, fault), change in product(ALL, FAULTS.items(), ("create", "retrain"))
    if EVERY_FAULT or not fault.slow or (vendor.takes_handles and (change == "create" or not vendor.keeps_id))
]


@pytest.mark.parametrize(("vendor", "fault", "change"), CASES)
def test_a_voice_and_a_training_are_paid_once(
    stack: Stack, emulator: Emulator, vendor: Vendor, fault: Fault, change: str
) -> None:
    take = 1
    if change == "retrain":
        stack.program({"voice": vendor.resource(emulator)})
        stack.up()
        take = 2
    method, path = vendor.costly.get(change) or vendor.costly["create"]
    emulator.fault(vendor.key, fault.kind, method=method, path=path, times=1, **fault.details)
    stack.program({"voice": vendor.resource(emulator, take=take)})
    first = stack.run("up", "--yes", "--skip-preview")
    if first.code:
        assert first.told("error")
        assert "Traceback" not in first.text
        emulator.no_faults()
        stack.up()

    assert stack.output("status") == "Ready"
    assert emulator.voice(vendor.key)["trainings"] == (2 if change == "retrain" and vendor.keeps_id else 1)
    stack.nothing_to_do()
