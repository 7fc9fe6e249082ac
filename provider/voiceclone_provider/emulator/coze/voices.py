"""How Coze's list shows a voice. Times are whole seconds, and during a retrain nothing in it moves."""

from __future__ import annotations

from typing import Any

from ..core.voices import Voice
from ..core.wire import Incoming, Json
from ..core.world import World

LANGUAGES = {
    "zh": "中文",
    "en": "英语",
    "ja": "日语",
    "es": "西班牙语",
    "id": "印度尼西亚语",
    "pt": "葡萄牙语",
}


def _system(number: str, name: str, language: str, model: str, **more: Any) -> Json:
    return {
        "voice_id": number,
        "name": name,
        "is_system_voice": True,
        "language_code": language,
        "language_name": LANGUAGES[language],
        "preview_text": "你好，很高兴认识你" if language == "zh" else "Hello, nice to meet you",
        "preview_audio": "",
        "available_training_times": 0,
        "create_time": 1729686510,
        "update_time": 1729686510,
        "model_type": model,
        "model_name": "大模型语音" if model == "big" else "小模型语音",
        "state": "cloned",
        **more,
    }


_EMOTIONS = [
    {"emotion": "happy", "display_name": "开心", "emotion_scale_interval": {"min": 1, "max": 5, "default": 4}}
]
SYSTEM = [
    _system("7426720361733046281", "邻家女孩", "zh", "big"),
    _system("7426720361733177353", "温暖阿虎", "zh", "big", support_emotions=_EMOTIONS),
    _system("7426725529589596187", "Brian", "en", "big"),
    _system("7426725529681657907", "通用女声", "zh", "small"),
]


def listed_state(voice: Voice, at: float) -> str:
    """`init` until the first training has succeeded; a retrain does not show in it."""
    return "cloned" if voice.successes(at) else "init"


def listed(world: World, incoming: Incoming, voice: Voice, at: float) -> Json:
    heard = voice.successes(at)
    finished = voice.finished(at)
    moved = finished[-1].finishes_at if finished else None
    language = str(voice.extra.get("language", "zh"))
    # A training counts in the list when it is over, not when it starts.
    running = 1 if voice.training(at) else 0
    left = voice.left(at, int(world.switches.number("trainings_per_voice"))) + running
    state: Json = {"state": listed_state(voice, at)} if world.switches.on("coze_state_shown") else {}
    return {
        "voice_id": voice.id,
        "name": voice.name(at),
        "is_system_voice": False,
        "language_code": language,
        "language_name": LANGUAGES.get(language, language),
        "preview_text": str(voice.extra.get("preview_text", "")),
        "preview_audio": world.preview(incoming.origin, voice, heard[-1]) if heard else "",
        "available_training_times": left,
        "create_time": int(voice.created_at),
        "update_time": int(moved or voice.created_at),
        "model_type": "big",
        "model_name": "复刻大模型",
        **state,
    }
