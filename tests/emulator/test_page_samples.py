"""The emulator's replies have all fields of the pages' samples, of the same types."""

from __future__ import annotations

from typing import Any

import pytest

from .client import BEARER, Emulator
from .contradictions import CONTRADICTIONS
from .page_samples import SAMPLES, Sample
from .rules import GIVEN, rule

GIVEN_SAMPLES = [one for one in SAMPLES if one.page == "given"]


def volcengine(emulator: Emulator, call: str) -> Any:
    reply = emulator.upload()
    emulator.wait("volcengine", "S_emulator01")
    if call == "list":
        return emulator.console({"State": "Success"})
    return reply if call == "upload" else emulator.status()


def coze(emulator: Emulator, call: str) -> Any:
    return emulator.clone()


def qiniu(emulator: Emulator, call: str) -> Any:
    if call == "create":
        return emulator.qiniu("POST", body={"model_id": "QN_ACV"})
    made = emulator.qiniu_voice()
    emulator.wait("qiniu", made)
    if call == "train":
        url = emulator.put_sample("a.wav", b"")
        return emulator.qiniu("PUT", f"/{made}", {"name": "a", "key": url})
    return emulator.qiniu("DELETE" if call == "delete" else "GET", "" if call == "list" else f"/{made}")


def kling(emulator: Emulator, call: str) -> Any:
    if call == "presets":
        return emulator.send("GET", "/v1/general/presets-voices", headers=BEARER)
    if call == "create":
        return emulator.kling_create(external_task_id="mine")
    voice = emulator.kling_voice(external_task_id="mine")
    if call == "delete":
        return emulator.kling_delete(voice["voice_id"])
    return emulator.kling("GET", f"/{voice['id']}" if call == "get" else "")


ASK = {"volcengine": volcengine, "coze": coze, "qiniu": qiniu, "kling": kling}


def fits(sample: Any, seen: Any, where: str = "reply") -> None:
    assert type(seen) is type(sample), where
    if isinstance(sample, dict):
        assert set(sample) <= set(seen), where
        for name, value in sample.items():
            fits(value, seen[name], f"{where}.{name}")
    elif isinstance(sample, list):
        assert seen, where
        for one in seen:
            fits(sample[0], one, f"{where}[]")


@pytest.mark.parametrize(
    "sample",
    [
        pytest.param(
            one,
            id=f"{one.vendor}-{one.call}",
            marks=rule(one.vendor.title(), f"{one.call}: all fields of the sample", "given page", GIVEN),
        )
        for one in GIVEN_SAMPLES
    ],
)
def test_given_sample(emulator: Emulator, sample: Sample) -> None:
    [whole] = [one.switches for one in CONTRADICTIONS if one.name == "given-page-as-a-whole"]
    emulator.switch(**whole)
    reply = ASK[sample.vendor](emulator, sample.call)
    assert reply.status_code == 200
    fits(sample.reply, reply.json())
