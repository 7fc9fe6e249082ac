"""States that were written when `trainedVersion` was the counter alone: a refresh leaves them as they are."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_clock import FakeClock
from fake_vendor import FakeVendor
from volcengine_face import AK, APP, ID, SK, STATUS, TOKEN, page, slot, status

from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.core.values import Asset, Properties
from voiceclone_provider.lifecycle import Lifecycle
from voiceclone_provider.vendors.volcengine.models import VolcengineConfig
from voiceclone_provider.voice.journal import Journal

URN = "urn:pulumi:test::voices::voiceclone:volcengine:Voice::narrator"
INPUTS: Properties = {
    "audio": Asset(hash="1c5ffc575ffe64bf0ba8a2c99e265d4f8535d026af3c25bf0a1e9754d74c9019", path="zh.wav"),
    "deletionPolicy": "retain",
    "language": "zh",
    "modelType": "ICL_1_0",
    "speakerId": ID,
}
# As recorded of a voice after three trainings, but for what the vendor says of it.
STATE: Properties = {
    **INPUTS,
    "account": APP,
    "changedAt": "2025-10-25T14:00:17Z",
    "cluster": "volcano_icl",
    "createdAt": "2025-10-25T14:00:17Z",
    "ownershipId": "1535e2b1389ed5fb",
    "previewUrl": "https://example.com/an-older-preview.wav",
    "status": "Ready",
    "trainedOn": "3b9aecef1ab16273a8e900e93c467d25551c0d58b9fa86644aa65091a5eaea3d",
    "trainedVersion": "V3",
    "voiceId": ID,
}
LISTED: Properties = {
    "availableTrainings": 7,
    "instanceNo": "S2S_Model_storage_g-e_W094e4FDP1aq",
    "alias": "小茧",
    "expiresAt": "2026-10-25T15:59:59Z",
    "resourceId": "seed-icl-1.0",
}
KEY_PAIR = {"volcengineAccessKey": AK, "volcengineSecretKey": SK}


def listed(version: str) -> dict[str, Any]:
    return page(slot(Version=version, AvailableTrainingTimes=7, CreateTime=1761400999000))


def told(version: str) -> dict[str, Any]:
    return status(version=version, create_time=1761400999000)


ACCESSES = {
    "with the key pair": (KEY_PAIR, STATE | LISTED, listed, "/"),
    "without the key pair": ({}, STATE, told, STATUS),
}


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


@pytest.mark.parametrize(("keys", "state", "answer", "path"), ACCESSES.values(), ids=ACCESSES)
@pytest.mark.parametrize(("version", "trained_on"), [("V3", STATE["trainedOn"]), ("V4", "external")])
def test_a_counter_alone_is_compared_with_the_counter(
    fake: FakeVendor,
    tmp_path: Path,
    keys: dict[str, str],
    state: Properties,
    answer: Any,
    path: str,
    version: str,
    trained_on: str,
) -> None:
    """Times and trainings left, which such a state does not hold, show nothing by themselves."""
    given = {"volcengineAppId": APP, "volcengineAccessToken": TOKEN}
    given |= {"volcengineBaseUrl": fake.url, "volcengineConsoleUrl": fake.url, **keys}
    config = ProviderConfig({"volcengine": VolcengineConfig.model_validate(given)})
    process = Lifecycle(config, Journal(tmp_path / "journal"), FakeClock())
    fake.answers(answer(version))
    found = process.read("volcengine", URN, ID, copy.deepcopy(state), copy.deepcopy(INPUTS))
    assert found is not None
    assert [request.path for request in fake.requests] == [path]
    assert found.inputs == INPUTS
    assert found.state["trainedOn"] == trained_on
    changed = process.diff("volcengine", URN, ID, found.state, INPUTS, INPUTS).changes
    if version == "V3":
        assert found.state == state
        assert changed == {}
    else:
        assert found.state["trainedVersion"].startswith("V4/")
        assert changed.keys() == {"trainedOn"}
