"""Samples: what is inside, what every vendor refuses, and how a remote one is fetched."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import time
import wave
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import pytest
from fake_vendor import Answer, FakeVendor
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceclone_provider.core import audio, content
from voiceclone_provider.core.audio import PCM_RATE, Probe
from voiceclone_provider.core.content import MAX_BYTES
from voiceclone_provider.core.errors import CancelledError, PermanentError, TemporaryError
from voiceclone_provider.core.values import Asset
from voiceclone_provider.dynamic import wire


def wav(seconds: float = 1.0, rate: int = PCM_RATE, channels: int = 1) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * channels * int(seconds * rate)))
    return buffer.getvalue()


def encoded(container: str, codec: str, seconds: float = 2.0, rate: int = 48_000) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=rate, layout="mono")
        for start in range(0, int(seconds * rate), 1024):
            frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
            frame.planes[0].update(bytes(2048))
            frame.sample_rate, frame.pts = rate, start
            for packet in stream.encode(frame):
                file.mux(packet)
        for packet in stream.encode(None):
            file.mux(packet)
    return buffer.getvalue()


ENCODED: dict[str, Callable[[], bytes]] = {
    "mp3": lambda: encoded("mp3", "mp3"),
    "ogg": lambda: encoded("ogg", "libopus"),
    "m4a": lambda: encoded("ipod", "aac"),
    "aac": lambda: encoded("adts", "aac"),
}


@pytest.fixture(scope="module")
def samples() -> dict[str, bytes]:
    return {"wav": wav(2.0), **{name: make() for name, make in ENCODED.items()}, "pcm": bytes(96_000)}


@pytest.fixture
def fake() -> Iterator[FakeVendor]:
    content._fetch.cache_clear()
    with FakeVendor() as vendor:
        yield vendor
    content._fetch.cache_clear()


@pytest.mark.parametrize("name", audio.FORMATS)
def test_every_container_is_known_by_its_content(
    name: str, samples: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / f"sample.{name.upper()}"
    path.write_bytes(samples[name])
    probe = audio.probe_file(str(path))
    assert probe.size == len(samples[name])
    assert probe.container == (None if name == "pcm" else name)
    assert probe.extension == name
    assert audio.faults(probe, None) == []
    assert audio.faults(probe, name) == []
    assert audio.declared_format(probe, None) == name
    if name in ("wav", "mp3", "ogg", "m4a"):
        assert probe.duration == pytest.approx(2.0, abs=0.15)
        assert probe.channels == 1
    sample, again = audio.load(Asset(path=str(path)), None)
    assert again == probe
    assert (sample.data, sample.format, sample.filename) == (samples[name], name, path.name)


@pytest.mark.parametrize("name", ["wav", "mp3", "ogg", "m4a", "aac"])
def test_content_counts_where_the_extension_says_nothing(name: str, samples: dict[str, bytes]) -> None:
    for file in ("voice", "voice.bin"):
        probe = audio.probe_bytes(samples[name], file)
        assert audio.faults(probe, None) == []
        assert audio.declared_format(probe, None) == name


def test_ten_minutes_in_the_smallest_packets_have_a_length(samples: dict[str, bytes]) -> None:
    _, head, comment, *_ = samples["ogg"].split(b"OggS")
    serial, packets = head[10:14], 60_000  # of 10 ms, each in a page of its own

    def page(number: int) -> bytes:
        last = 4 if number == packets else 0
        return bytes([0, last]) + (480 * number).to_bytes(8, "little") + serial + bytes(8) + b"\1\1x"

    pages = [head, comment, *map(page, range(1, packets + 1))]
    probe = audio.probe_bytes(b"".join(b"OggS" + content for content in pages), "a.ogg")
    assert probe.duration == pytest.approx(600, abs=0.15)


def test_a_sample_that_keeps_the_parser_busy_is_left_to_the_vendor(
    samples: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "_MOST_READS", 3)
    probe = audio.probe_bytes(samples["ogg"], "a.ogg")
    assert probe == Probe(len(samples["ogg"]), "ogg", "ogg")
    assert audio.faults(probe, None) == []


def test_tags_are_passed_over(samples: dict[str, bytes]) -> None:
    many = b"TIT2\0\0\0\1\0\0\0" * 180_000
    size = bytes(len(many) >> shift & 0x7F for shift in (21, 14, 7, 0))
    probe = audio.probe_bytes(b"ID3\x03\0\0" + size + many + samples["mp3"], "a.mp3")
    assert probe.duration == pytest.approx(2.0, abs=0.15)


def test_an_mp3_without_tags_is_known(samples: dict[str, bytes]) -> None:
    assert samples["mp3"][:3] == b"ID3"
    size = sum(byte << shift for byte, shift in zip(samples["mp3"][6:10], (21, 14, 7, 0), strict=True))
    probe = audio.probe_bytes(samples["mp3"][10 + size :], "a.mp3")
    assert probe.container == "mp3"
    assert audio.probe_bytes(samples["mp3"][: 10 + size] + samples["aac"], "a.aac").container == "aac"


@pytest.mark.parametrize("name", ["wav", "mp3", "ogg", "m4a", "aac"])
def test_the_wrong_container_names_both(name: str, samples: dict[str, bytes]) -> None:
    other = "mp3" if name != "mp3" else "wav"
    probe = audio.probe_bytes(samples[name], f"a.{other}")
    (by_extension,) = audio.faults(probe, None)
    assert by_extension.startswith(f"is a {name} file, but the extension .{other} says {other}")
    probe = audio.probe_bytes(samples[name], f"a.{name}")
    (by_input,) = audio.faults(probe, other)
    assert f"but audioFormat says {other}" in by_input


def test_what_is_no_audio(samples: dict[str, bytes]) -> None:
    text = b"# Not audio\n"
    assert (
        "no audio file that is known, but the extension .wav"
        in audio.faults(audio.probe_bytes(text, "a.wav"), None)[0]
    )
    for name, said in (("a.txt", "has the extension .txt and"), ("a", "has no extension and")):
        (fault,) = audio.faults(audio.probe_bytes(text, name), None)
        assert fault.startswith(said)
        assert "wav, mp3, ogg, m4a, aac, pcm" in fault


def test_an_empty_file() -> None:
    (fault,) = audio.faults(audio.probe_bytes(b"", "a.wav"), None)
    assert fault.startswith("is an empty file")


def test_ten_megabytes_are_binary_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.pcm"
    path.write_bytes(bytes(MAX_BYTES))
    assert audio.faults(audio.probe_file(str(path)), None) == []
    audio.load(Asset(path=str(path)), None)
    path.write_bytes(bytes(MAX_BYTES + 123))
    (fault,) = audio.faults(audio.probe_file(str(path)), None)
    assert "10,485,883 bytes" in fault
    assert "10,485,760 bytes (10 MB)" in fault
    with pytest.raises(PermanentError, match="larger than the limit of 10,485,760 bytes"):
        audio.load(Asset(path=str(path)), None)


def test_a_file_that_changes_is_probed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(1.0))
    assert audio.probe_file(str(path)).duration == pytest.approx(1.0)
    path.write_bytes(wav(3.0))
    assert audio.probe_file(str(path)).duration == pytest.approx(3.0)


@pytest.mark.parametrize("name", ["missing.wav", "."])
def test_a_file_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    for use in (lambda path: audio.probe_file(path), lambda path: audio.load(Asset(path=path), None)):
        with pytest.raises(PermanentError, match="cannot read"):
            use(str(tmp_path / name))


@pytest.mark.parametrize(
    "start", [b"\xff\xff", b"\xff\xff\x9c\xff", b"\xff\xff\x05\x00", b"\xff\xe0\x10\x00"]
)
def test_raw_pcm_may_begin_with_any_sample(start: bytes) -> None:
    assert audio.faults(audio.probe_bytes(start.ljust(1000, b"\0"), "a.pcm"), None) == []


def test_raw_pcm_is_of_whole_samples() -> None:
    (fault,) = audio.faults(audio.probe_bytes(bytes(1001), "a.pcm"), None)
    assert "16-bit" in fault


@pytest.mark.parametrize(
    ("rate", "channels", "words"),
    [
        (PCM_RATE, 1, []),
        (16_000, 1, ["16,000 Hz", "24,000 Hz"]),
        (PCM_RATE, 2, ["2 channels", "mono"]),
        (44_100, 2, ["44,100 Hz", "2 channels"]),
    ],
)
def test_pcm_in_a_container_is_told_in_full(rate: int, channels: int, words: list[str]) -> None:
    told = audio.faults(audio.probe_bytes(wav(1.0, rate, channels), "a.wav"), "pcm")
    text = "; ".join(told)
    assert "pcm means raw samples without a header" in text
    assert all(word in text for word in words)
    assert audio.faults(audio.probe_bytes(wav(1.0, rate, channels), "a.wav"), None) == []


@pytest.mark.parametrize(
    ("seconds", "word"), [(9.9, "short"), (10.0, ""), (30.0, ""), (30.5, "long"), (None, "")]
)
def test_length_advice(seconds: float | None, word: str) -> None:
    told = audio.length_advice(Probe(1, "wav", "wav", seconds), 10, 30)
    assert bool(told) == bool(word)
    assert all(word in text and f"{seconds:.1f} s" in text and "10 to 30 s" in text for text in told)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["wav", *ENCODED]),
    cut=st.integers(0, 4000),
    at=st.integers(0, 400),
    junk=st.binary(max_size=12),
)
def test_no_damage_breaks_the_probe(kind: str, cut: int, at: int, junk: bytes) -> None:
    data = bytearray(_whole(kind)[:cut])
    data[at : at + len(junk)] = junk
    probe = audio.probe_bytes(bytes(data), f"a.{kind}")
    assert probe.size == len(data)
    audio.faults(probe, None)


_made: dict[str, bytes] = {}


def _whole(kind: str) -> bytes:
    if kind not in _made:
        _made[kind] = wav(2.0) if kind == "wav" else ENCODED[kind]()
    return _made[kind]


def test_the_content_must_be_what_was_planned(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav())
    planned = Asset(hash=hashlib.sha256(wav()).hexdigest(), path=str(path))
    assert audio.load(planned, None)[0].data == wav()
    path.write_bytes(wav(2.0))
    with pytest.raises(PermanentError, match="changed while the deployment was running"):
        audio.load(planned, None)


@pytest.mark.parametrize("asset", [Asset(hash="x"), Asset(text="hello")])
def test_an_asset_without_a_file(asset: Asset) -> None:
    with pytest.raises(PermanentError, match="no content"):
        audio.load(asset, None)


def test_a_remote_sample_is_fetched_once(
    fake: FakeVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    hold = threading.Event()
    fake.answers(Answer(wav(), hold=hold))
    uri = f"{fake.url}/voices/narrator.wav?sign=1"
    with ThreadPoolExecutor(4) as pool:
        loading = [pool.submit(audio.load, Asset(uri=uri), None) for _ in range(4)]
        time.sleep(0.05)
        hold.set()
        for load in loading:
            sample, _ = load.result()
            assert (sample.data, sample.format, sample.filename) == (wav(), "wav", "narrator.wav")
    assert len(fake.requests) == 1
    assert "Authorization" not in fake.last.headers


def test_credentials_in_the_uri_are_used_and_not_shown(fake: FakeVendor) -> None:
    fake.answers(Answer(wav()), Answer(b"", 403))
    uri = fake.url.replace("//", "//me:secret@") + "/a.wav"
    audio.load(Asset(uri=uri), None)
    assert fake.last.headers["Authorization"].startswith("Basic ")
    with pytest.raises(PermanentError, match="HTTP 403") as caught:
        audio.load(Asset(uri=uri + "?again"), None)
    assert "secret" not in str(caught.value)


def test_a_remote_sample_that_changed(fake: FakeVendor) -> None:
    fake.answers(Answer(wav()))
    with pytest.raises(PermanentError, match="changed while the deployment"):
        audio.load(Asset(hash="0" * 64, uri=f"{fake.url}/a.wav"), None)


def test_a_remote_sample_is_read_up_to_the_limit(fake: FakeVendor) -> None:
    fake.answers(Answer(bytes(MAX_BYTES + 500_000)))
    assert len(content.fetch(f"{fake.url}/a.pcm")) == MAX_BYTES + 1
    with pytest.raises(PermanentError, match="larger than the limit"):
        audio.load(Asset(uri=f"{fake.url}/a.pcm"), None)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"", 404), PermanentError),
        (Answer(b"", 503), TemporaryError),
        (Answer(b"", 429), TemporaryError),
        (Answer(wav(), broken="before"), TemporaryError),
        (Answer(wav(), broken="after"), TemporaryError),
        (Answer(wav(), declared=10_000_000), TemporaryError),
    ],
)
def test_a_failed_fetch_is_told_without_the_query_and_not_kept(
    answer: Answer, error: type[Exception], fake: FakeVendor
) -> None:
    fake.answers(answer, Answer(wav()))
    uri = f"{fake.url}/a.wav?sign=private"
    with pytest.raises(error, match=r"cannot fetch http://127\.0\.0\.1:\d+/a\.wav") as caught:
        content.fetch(uri)
    assert "private" not in str(caught.value)
    assert content.fetch(uri) == wav()


def test_a_sample_that_does_not_come(fake: FakeVendor) -> None:
    hold = threading.Event()
    fake.answers(Answer(wav(), hold=hold))
    with pytest.raises(TemporaryError, match="no end in time"):
        content.fetch(f"{fake.url}/a.wav", seconds=0.0)
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledError):
        content.fetch(f"{fake.url}/b.wav", stop)
    hold.set()


def test_a_redirect_gets_no_credentials(
    fake: FakeVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither those of the URI, which are for another host, nor those of the user's `.netrc`."""
    (tmp_path / "netrc").write_text("machine localhost login me password mine\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    there = fake.url.replace("127.0.0.1", "localhost")
    fake.answers(Answer(b"", 302, {"Location": f"{there}/b.wav"}), Answer(wav()))
    assert content.fetch(fake.url.replace("//", "//user:word@") + "/a.wav") == wav()
    first, second = fake.requests
    assert first.headers["Authorization"].startswith("Basic ")
    assert "Authorization" not in second.headers


def test_a_redirect_to_an_insecure_url_is_not_followed() -> None:
    secure = "https://samples.example/a.wav?sign=private"
    with pytest.raises(PermanentError, match="redirects from https to http") as caught:
        content._redirected(secure, "http://samples.example/a.wav")
    assert "private" not in str(caught.value)
    assert content._redirected(secure, "/b.wav") == "https://samples.example/b.wav"


def test_redirects_end_and_their_bodies_are_not_read(fake: FakeVendor) -> None:
    fake.answers(Answer(b"endless", 302, {"Location": "/again"}, declared=10**12))
    with pytest.raises(PermanentError, match="again and again"):
        content.fetch(f"{fake.url}/a.wav")
    assert len(fake.requests) == 10


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_never_ends_is_not_read(kind: str, tmp_path: Path) -> None:
    path = "/dev/zero"
    if kind == "pipe":
        path = str(tmp_path / "a.wav")
        os.mkfifo(path)
    for use in (audio.probe_file, content.read):
        with pytest.raises(PermanentError, match="not a regular file"):
            use(path)
    assert wire.hashed(Asset(path=path)) == Asset(path=path)


def test_other_kinds_of_uri(tmp_path: Path) -> None:
    path = tmp_path / "with space.wav"
    path.write_bytes(wav())
    content._fetch.cache_clear()
    assert audio.load(Asset(uri=path.as_uri()), None)[0].data == wav()
    with pytest.raises(PermanentError, match="cannot read"):
        content.fetch((tmp_path / "missing.wav").as_uri())
    with pytest.raises(PermanentError, match="only http, https and file"):
        content.fetch("s3://bucket/a.wav")
