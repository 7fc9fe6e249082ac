"""What the tests of Volcengine's wire share: an account, orders, and the vendor's answers."""

from __future__ import annotations

import threading
from typing import Any

from fake_clock import FakeClock
from fake_vendor import FakeVendor

from voiceclone_provider.core.audio import Sample
from voiceclone_provider.vendors.base import Order
from voiceclone_provider.vendors.volcengine.client import Volcengine
from voiceclone_provider.vendors.volcengine.models import VolcengineConfig, VolcengineInputs

APP = "9476442538"
TOKEN = "volcengine-secret-token"
AK, SK = "AKLTexample", "c2VjcmV0LWtleQ=="
ID = "S_TR0rbVuI1"
UPLOAD, STATUS = "/api/v1/mega_tts/audio/upload", "/api/v1/mega_tts/status"
SAMPLE = Sample(b"RIFF\x00\r\n\xff--sound", "wav", "Grandma's voice.wav")
OK = {"BaseResp": {"StatusCode": 0, "StatusMessage": ""}, "speaker_id": ID}


def connect(fake: FakeVendor, **more: Any) -> Volcengine:
    given = {
        "volcengineAppId": APP,
        "volcengineAccessToken": f" {TOKEN}\n",
        "volcengineBaseUrl": fake.url + "/",
        "volcengineConsoleUrl": fake.url,
        **more,
    }
    return Volcengine.connect(VolcengineConfig.model_validate(given), threading.Event(), FakeClock())


def order(handle: str = "handle", **inputs: Any) -> Order:
    return Order(VolcengineInputs.model_validate(inputs), "narrator", True, handle, SAMPLE)


def status(told: Any = 2, code: Any = 0, message: str = "", **more: Any) -> dict[str, Any]:
    shape = {
        "BaseResp": {"StatusCode": code, "StatusMessage": message},
        "speaker_id": ID,
        "status": told,
        "version": "V1",
        "create_time": 1701055304000,
        "demo_audio": "https://example.com/demo.wav",
    }
    return {key: value for key, value in {**shape, **more}.items() if value is not None}


def slot(speaker_id: str = ID, state: str = "Success", **more: Any) -> dict[str, Any]:
    shape = {
        "SpeakerID": speaker_id,
        "State": state,
        "Version": "V1",
        "InstanceNO": "S2S_Model_storage_g-e_W094e4FDP1aq",
        "IsActivable": True,
        "DemoAudio": "https://example.com/demo.wav",
        "CreateTime": 1761400817000,
        "ExpireTime": 1792943999000,
        "Alias": "小茧",
        "AvailableTrainingTimes": 9,
        "ModelTypeDetails": [{"ModelType": 1, "ResourceID": "seed-icl-1.0"}],
    }
    return {key: value for key, value in {**shape, **more}.items() if value is not None}


def page(*statuses: Any, **more: Any) -> dict[str, Any]:
    metadata = {"RequestId": "2025req", "Action": "BatchListMegaTTSTrainStatus", "Version": "2023-11-07"}
    result = {"AppID": APP, "TotalCount": len(statuses), "Statuses": list(statuses), **more}
    return {"ResponseMetadata": metadata, "Result": {k: v for k, v in result.items() if v is not None}}
