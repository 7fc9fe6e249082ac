"""Makes the speech samples in examples/voices with espeak-ng and ffmpeg.

Every voice has two takes, so that a changed sample can be shown: the second has other words,
another pitch and another pace. With the same versions of both tools the files come out byte for
byte the same.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "voices"
SAMPLE_RATE = 24_000


@dataclass(frozen=True)
class Sample:
    """One file: who says what, how high (0-99) and how fast (words a minute)."""

    file: str
    voice: str
    pitch: int
    speed: int
    text: str


SAMPLES = (
    Sample(
        "narrator-zh.wav", "cmn", 42, 165,
        "从前有一座山，山脚下住着一位会讲故事的老人。每到傍晚，孩子们就围坐在他身边。",
    ),
    Sample(
        "narrator-zh-take2.wav", "cmn", 55, 172,
        "今天的故事从一只小船开始。它没有帆，也没有桨，却总能在天亮以前把旅人送回家。",
    ),
    Sample(
        "host-en.mp3", "en-us", 45, 150,
        "Good morning, and welcome to the show. My name is not important, but my voice is. "
        "Over the next hour we will talk about rivers, railways, "
        "and the people who keep both of them running on time.",
    ),
    Sample(
        "host-en-take2.mp3", "en-us", 58, 160,
        "Good evening, and thank you for staying with us. Tonight we answer your letters about gardens, "
        "old radios, and the best way to explain a long journey to somebody who has never left home.",
    ),
    Sample(
        "guide-zh.mp3", "cmn", 60, 160,
        "欢迎来到城市博物馆。请沿着左手边的走廊慢慢向前，您会先看到一百年前的街道。",
    ),
    Sample(
        "guide-zh-take2.mp3", "cmn", 48, 168,
        "各位朋友，下一间展厅里陈列的是古老的地图。请注意看图上那条弯弯的海岸线。",
    ),
    Sample(
        "announcer-en.wav", "en-gb", 38, 145,
        "The next train to the harbour leaves from platform four in six minutes. "
        "Please keep your luggage with you, mind the gap when you step aboard, and hold the rail.",
    ),
    Sample(
        "announcer-en-take2.wav", "en-gb", 52, 140,
        "The last ferry to the islands is now boarding at pier two. "
        "Passengers with bicycles are asked to wait by the blue gate until they are called, "
        "one lane at a time.",
    ),
)  # fmt: skip


def make(sample: Sample, speak: str, encode: str) -> None:
    """Speaks one sample and encodes it, without time stamps or tool versions in the file."""
    codec = "pcm_s16le" if sample.file.endswith(".wav") else "libmp3lame -b:a 40k"
    with tempfile.TemporaryDirectory() as folder:
        raw, done = Path(folder) / "speech.wav", Path(folder) / sample.file
        sound = f"-v {sample.voice} -p {sample.pitch} -s {sample.speed} -w".split()
        subprocess.run([speak, *sound, str(raw), sample.text], check=True)
        quiet = ["-loglevel", "error", "-nostdin"]
        form = f"-map_metadata -1 -ac 1 -ar {SAMPLE_RATE} -flags +bitexact -fflags +bitexact -c:a {codec}"
        subprocess.run([encode, *quiet, "-i", str(raw), *form.split(), str(done)], check=True)
        shutil.copyfile(done, FOLDER / sample.file)


def main() -> int:
    """Makes all samples, or says which tool is missing."""
    speak, encode = shutil.which("espeak-ng"), shutil.which("ffmpeg")
    if speak is None or encode is None:
        print("The samples need espeak-ng and ffmpeg: apt-get install espeak-ng ffmpeg", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        try:
            make(sample, speak, encode)
        except subprocess.CalledProcessError as fault:
            print(f"{sample.file}: {fault.cmd[0]} failed (status {fault.returncode}).", file=sys.stderr)
            return 1
        print(f"{sample.file}: {(FOLDER / sample.file).stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
