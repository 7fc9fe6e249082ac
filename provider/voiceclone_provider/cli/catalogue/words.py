"""Sentences that the page shows, in the languages that it speaks."""

from __future__ import annotations

from typing import Final, NamedTuple


class Words(NamedTuple):
    """One sentence. What a vendor or an operating system said in it stays as it was said."""

    en: str
    zh: str

    def described(self) -> dict[str, str]:
        """As the page's data has it."""
        return {"en": self.en, "zh": self.zh}


NOT_ASKED: Final = Words(
    "The page was made from the stack's state alone, without the vendor.",
    "本页仅由栈的状态生成，未询问厂商。",
)
NOT_THERE: Final = Words("The vendor does not show this voice.", "厂商没有显示此音色。")
NO_PREVIEW: Final = Words("The vendor has no preview of this voice.", "厂商没有此音色的试听。")
SECRET_PREVIEW: Final = Words("The state marks the preview secret.", "状态将试听标记为机密。")
TRAINED_ELSEWHERE: Final = Words(
    "The voice was last trained outside Pulumi, so not on the declared sample.",
    "此音色最近一次训练不是由 Pulumi 完成的，因此所用的不是声明的样本。",
)
NEVER_TRAINED_HERE: Final = Words(
    "The voice was imported: it is not known what it was trained on.",
    "此音色是导入的：不知道训练所用的样本。",
)
NO_SAMPLE: Final = Words("The program declares no sample.", "程序没有声明样本。")
SECRET_SAMPLE: Final = Words("The state marks the sample secret.", "状态将样本标记为机密。")
SAMPLES_LEFT_OUT: Final = Words("Samples were left out of this page.", "本页不含样本。")
SAMPLE_NOT_FETCHED: Final = Words("The sample is at a URL and was not fetched.", "样本在网址上，未下载。")
SAMPLE_WITHOUT_FILE: Final = Words("The sample is not in a file of this project.", "样本不是本项目中的文件。")
SAMPLE_NOT_HERE: Final = Words(
    "The sample's file was not found where the page was made.", "生成本页之处没有样本文件。"
)
SAMPLE_CHANGED: Final = Words(
    "The sample has changed since the last update, so it is not shown.",
    "样本自上次更新后已改变，因此不显示。",
)
SAMPLE_UNCHECKED: Final = Words(
    "What is at the URL now; the state has no hash to compare it with.",
    "这是网址上现在的内容；状态中没有可比对的哈希值。",
)
NO_AUDIO: Final = Words(
    "What was found is no audio that a browser plays.", "得到的内容不是浏览器能播放的音频。"
)
TOO_LARGE: Final = Words("The recording is larger than 10 MB.", "录音超过 10 MB。")
NOT_HTTP: Final = Words("Its URL is neither http nor https.", "其网址不是 http 或 https。")


def video(name: str) -> Words:
    return Words(f"The sample is the vendor's video {name}.", f"样本是厂商的视频 {name}。")


def unanswered(error: str) -> Words:
    """Why a vendor could not be asked."""
    return Words(f"The vendor could not be asked: {error}", f"无法询问厂商：{error}")


def unfetched(error: str) -> Words:
    """Why a recording is missing."""
    return Words(f"The recording could not be fetched: {error}.", f"无法下载录音：{error}。")


def differs(status: str) -> Words:
    return Words(
        f"The state says {status}; `pulumi refresh` takes over what the vendor shows.",
        f"状态中为 {status}；`pulumi refresh` 会更新为厂商所示。",
    )
