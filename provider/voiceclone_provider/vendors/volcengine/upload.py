"""What a sample's upload carries in the voice API V1, in each of the two ways that the vendor documents."""

from __future__ import annotations

import base64
import json
from typing import Any

from ...core.errors import PermanentError
from ..base import Order
from ..samples import sample_of
from .models import LANGUAGE_NUMBERS, VolcengineInputs
from .wire import MODEL_NUMBERS

EXTRA_PARAMS = {
    "enableAudioDenoise": "enable_audio_denoise",
    "voiceCloneDenoiseModelId": "voice_clone_denoise_model_id",
    "voiceCloneEnableMss": "voice_clone_enable_mss",
    "enableCropByAsr": "enable_crop_by_asr",
}
"""The options of `extra_params` in V1: inputs by their Pulumi names, and the vendor's names."""

V3_ONLY = {"demoText": "demo_text", "disableVolumeNormalization": "disable_volume_normalization"}
OPTIONS = EXTRA_PARAMS | V3_ONLY
"""The same in V3. Three of the four that V1 has are on an older copy of the page alone; clients send them."""

FORM_LANGUAGES = ("zh", "en")
FORM_FORMATS = ("wav", "mp3", "ogg", "pcm")
"""上传音频训练, Form Data."""


def body(app_id: str, voice_id: str, order: Order) -> dict[str, Any]:
    """上传音频训练, as the vendor's current page has it: JSON."""
    inputs: VolcengineInputs = order.inputs
    sample = sample_of(order)
    item = {"audio_bytes": base64.b64encode(sample.data).decode(), "audio_format": sample.format}
    if inputs.text:
        item["text"] = inputs.text
    content: dict[str, Any] = {
        "appid": app_id,
        "speaker_id": voice_id,
        "audios": [item],
        "source": 2,
        "model_type": MODEL_NUMBERS[inputs.model_type],  # always: the vendor's default is an older model
    }
    if inputs.language:
        content["language"] = LANGUAGE_NUMBERS[inputs.language]
    extra = {key: getattr(inputs, key) for key in EXTRA_PARAMS.values() if getattr(inputs, key) is not None}
    if extra:
        content["extra_params"] = json.dumps(extra)  # a text that holds JSON
    return content


def fields(app_id: str, voice_id: str, order: Order) -> dict[str, str]:
    """上传音频训练, Form Data: everything but the file."""
    inputs: VolcengineInputs = order.inputs
    content = {
        "appid": app_id,
        "speaker_id": voice_id,
        "audio_format": sample_of(order).format,
        "model_type": MODEL_NUMBERS[inputs.model_type],
        "language": inputs.language,
        "gender": inputs.gender,
        "text": inputs.text,
    }
    return {name: str(value) for name, value in content.items() if value}


def refuse_format(order: Order) -> None:
    """Raise `PermanentError` where the form does not take the sample's container."""
    found = sample_of(order).format
    if found not in FORM_FORMATS:
        raise PermanentError(
            f"the sample is {found}, but volcengineUploadEncoding form takes {', '.join(FORM_FORMATS)} only",
            vendor="Volcengine",
            operation="train",
            advice="Store the recording as WAV, or set volcengineUploadEncoding to json.",
        )
