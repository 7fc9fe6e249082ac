"""What a Kling account sees besides its own voices: the vendor's presets, and some videos made earlier."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.wire import Json

_SINCE = 1722769557708
_NAMES = """
阳光少年 懂事小弟 运动少年 青春少女 温柔小妹 元气少女 阳光男生 幽默小哥
文艺小哥 甜美邻家 温柔姐姐 职场女青 活泼男童 俏皮女童 稳重老爸 温柔妈妈
严肃上司 优雅贵妇 慈祥爷爷 唠叨爷爷 唠叨奶奶 和蔼奶奶 东北老铁 重庆小伙
四川妹子 潮汕大叔 台湾男生 西安掌柜 天津姐姐 新闻播报男 译制片男 撒娇女友
"""

PRESETS: list[Json] = [
    {
        "task_id": f"82980000000000{number:04d}",
        "task_status": "succeed",
        "task_status_msg": "",
        "task_result": {
            "voices": [
                {
                    "voice_id": f"82990000000000{number:04d}",
                    "voice_name": name,
                    "trial_url": "",
                    "owned_by": "kling",
                }
            ]
        },
        "created_at": _SINCE + number,
        "updated_at": _SINCE + number,
    }
    for number, name in enumerate(_NAMES.split(), start=1)
]
PRESET_IDS = {voice["voice_id"] for task in PRESETS for voice in task["task_result"]["voices"]}


@dataclass(frozen=True, slots=True)
class Video:
    kind: str
    sound: bool
    seconds: float

    def refusal(self) -> str | None:
        """Given page, note on `video_id`: V2.6 with sound, avatar, or lip-sync; 5 to 30 seconds."""
        if self.kind not in ("v2.6", "avatar", "lip-sync"):
            return "the video is not of V2.6, the avatar API or the lip-sync API"
        if not self.sound:
            return "the video was made without sound"
        if not 5 <= self.seconds <= 30:
            return "the video is not 5 to 30 seconds long"
        return None


VIDEOS = {
    "860000000000000001": Video("v2.6", True, 10),
    "860000000000000002": Video("avatar", True, 12),
    "860000000000000003": Video("lip-sync", True, 15),
    "860000000000000004": Video("v2.6", False, 10),
    "860000000000000005": Video("v1.6", True, 10),
    "860000000000000006": Video("avatar", True, 45),
}
