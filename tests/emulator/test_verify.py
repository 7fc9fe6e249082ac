"""`verify` against the emulated vendors: the table shows the side that each takes, and nothing leaks."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from voiceclone_provider.cli.main import program
from voiceclone_provider.core.clock import Clock
from voiceclone_provider.emulator.registry import VENDORS

from .audio import spoken
from .client import Emulator

FILES = ("volcengine", "coze")
ALL = tuple(VENDORS)
CHANGES = {
    "volcengine": ["upload", "upload"],
    "coze": ["create", "train"],
    "qiniu": ["create", "train", "train", "delete"],
    "kling": ["create", "delete"],
}
READS = ("status", "BatchListMegaTTSTrainStatus")


class Quick(Clock):
    """Pauses are short, and count as long as they were meant."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead

    def now(self) -> float:
        return super().now() + self._ahead

    def pause(self, seconds: float, stop: threading.Event) -> bool:
        self._ahead += seconds
        return stop.wait(min(seconds, 0.005))


class Kit:
    """The command, and what it printed last."""

    def __init__(self, emulator: Emulator, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.emulator = emulator
        self.folder = folder
        self._capsys = capsys
        self.out = self.err = ""
        self.record = folder / "record.jsonl"

    def run(self, vendor: str, *arguments: str) -> int:
        words = ["verify", "--vendor", vendor, "--record", str(self.record), *arguments]
        with pytest.raises(SystemExit) as end:
            program.main(words, prog_name="voiceclone", obj=Quick())
        self.out, self.err = self._capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code

    def spend(self, vendor: str, *arguments: str) -> int:
        return self.run(vendor, "--spend", "--yes", *self.sample(vendor), *arguments)

    def sample(self, vendor: str) -> tuple[str, str]:
        if vendor in FILES:
            file = self.folder / "sample.wav"
            file.write_bytes(spoken())
            return "--sample", str(file)
        return "--sample-url", self.emulator.put_sample(
            "sample.wav", spoken()
        ) + "?signature=abcdef0123456789"

    def seen(self, about: str) -> str:
        """The last cell of the one row that begins with this."""
        (row,) = (line for line in self.out.splitlines() if line.startswith(f"| {about} |"))
        return row.removesuffix(" |").rpartition(" | ")[2]

    @property
    def exchanges(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.record.read_text("utf-8").splitlines()][1:]

    def changes(self, vendor: str) -> list[str]:
        """What was sent that changes something."""
        calls = [call["action"] for call in self.emulator.requests(vendor) if call["method"] != "GET"]
        return [action for action in calls if action not in READS]


@pytest.fixture
def kit(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Kit:
    for vendor in VENDORS.values():
        for name, value in vendor.environment(emulator.origin).items():
            monkeypatch.setenv(name, value)
    monkeypatch.delenv("KLING_API_KEY")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    return Kit(emulator, tmp_path, capsys)


@pytest.mark.parametrize("vendor", ALL)
def test_dry(kit: Kit, vendor: str) -> None:
    assert kit.run(vendor) == 0, kit.err
    assert "With --spend, the walk" in kit.err.splitlines()[0]
    assert kit.changes(vendor) == []
    assert "| contradiction | documented sides | seen here |" in kit.out


@pytest.mark.parametrize("vendor", ALL)
def test_spend(kit: Kit, vendor: str) -> None:
    assert kit.spend(vendor, "--probe-errors") == 0, kit.err
    assert kit.changes(vendor) == CHANGES[vendor]
    steps = {exchange["step"] for exchange in kit.exchanges}
    assert {"look", "create", "wrong credentials"} <= steps
    left = "Left at" in kit.err
    assert left is (vendor in FILES)
    if left:
        voice = next(voice["id"] for voice in kit.emulator.state()[vendor] if voice["status"] == "ready")
        assert f"voice {voice}, trainings sent: 2" in kit.err
        assert f"pulumi import voiceclone:{vendor}:Voice verify {voice}" in kit.err
    else:
        assert not [voice for voice in kit.emulator.state()[vendor] if voice["status"] == "ready"]


@pytest.mark.parametrize("vendor", ALL)
def test_every_row_is_seen(kit: Kit, vendor: str) -> None:
    """But for what only a training that failed can show, or a newer API."""
    if vendor == "volcengine":
        kit.emulator.upload("S_emulator01")
        kit.emulator.wait("volcengine", "S_emulator01")
    kit.spend(vendor, "--probe-errors")
    unseen = [line.split(" | ")[0][2:] for line in kit.out.splitlines() if line.endswith("| not seen |")]
    failed, newer = "`State` of a slot whose training failed", "`code` of a success at `/api/v3`"
    assert set(unseen) - {newer} == ({failed} if vendor == "volcengine" else set())


SIDES: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("volcengine", "`status` of a voice", "number", {"volcengine_status_strings": True}, "word"),
    ("volcengine", "creation time", "`create_time`", {"volcengine_creaet_time": True}, "`creaet_time`"),
    ("volcengine", "count in the list", "`TotalCount`", {"volcengine_given_names": True}, "`Total`"),
    (
        "volcengine",
        "whether a slot can be locked",
        "`IsActivable`",
        {"volcengine_given_names": True},
        "`IsActivatable`",
    ),
    ("volcengine", "a slot's resource", "`ModelType", {"volcengine_given_names": True}, "`ResourceID`"),
    (
        "coze",
        "the clone's reply",
        "`voice_id` alone",
        {"coze_clone_full_object": True},
        "`available_training",
    ),
    ("coze", "a wrong token", "HTTP 200", {"coze_auth_status": 401}, "HTTP 401"),
    (
        "qiniu",
        "status codes",
        "wrong credentials: HTTP 401, code `401`",
        {"qiniu_http_status": False},
        "wrong credentials: HTTP 200, code `401`",
    ),
    ("qiniu", "a deleted voice", "HTTP 404", {"qiniu_http_status": False}, "HTTP 200"),
    ("qiniu", "delete", "taken", {"qiniu_paid": True}, "refused: HTTP 403"),
    (
        "kling",
        "`pageSize`",
        "500 is taken; 501 is refused",
        {"kling_max_page_size": 1000},
        "500 is taken; 501 is t",
    ),
    ("kling", "a deleted voice's task", "gone", {"kling_keep_deleted": True}, "stays, without voices"),
    ("kling", "a deleted voice in the list", "gone", {"kling_keep_deleted": True}, "stays, without voices"),
]


@pytest.mark.parametrize(
    ("vendor", "about", "one", "switch", "other"), SIDES, ids=[f"{s[0]} {s[1]}" for s in SIDES]
)
def test_both_sides(kit: Kit, vendor: str, about: str, one: str, switch: dict[str, Any], other: str) -> None:
    kit.spend(vendor, "--probe-errors")
    assert kit.seen(about).startswith(one)
    kit.record.unlink()
    kit.emulator.switch(**switch)
    kit.spend(vendor, "--probe-errors")
    assert kit.seen(about).startswith(other)


def test_the_body_of_a_create_is_that_of_the_inputs(kit: Kit) -> None:
    kit.spend("qiniu", "--input", "language=zh", "--input", "tier=pro")
    assert kit.seen("body of the create") == "`language, tier` is taken"
    assert kit.seen("`language` before the training") == "`zh`"
    assert kit.seen("delete").startswith("refused")
    assert "The vendor keeps the voice" in kit.err
    assert "Left at Qiniu: voice " in kit.err


def test_a_form(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOLCENGINE_SPEECH_UPLOAD_ENCODING", "form")
    assert kit.spend("volcengine") == 0, kit.err
    assert kit.seen("upload").startswith("form")


def test_a_named_slot_without_the_console(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY"):
        monkeypatch.delenv(name)
    assert kit.spend("volcengine", "--speaker-id", "S_emulator07") == 0, kit.err
    assert "The voices are not listed" in kit.err
    assert "two trainings to slot S_emulator07" in kit.err
    assert kit.seen("`Version`") == "status: trained `V1`, retrained `V2`"
    assert kit.seen("count in the list") == "not seen"


def test_a_slot_that_holds_a_voice_is_trained_only_when_that_is_asked_for(kit: Kit) -> None:
    kit.emulator.upload("S_emulator03")
    kit.emulator.wait("volcengine", "S_emulator03")
    assert kit.spend("volcengine", "--speaker-id", "S_emulator03") == 1
    assert "already holds a trained voice" in kit.err
    assert kit.changes("volcengine") == ["upload"]
    kit.record.unlink()
    more = ["--speaker-id", "S_emulator03", "--input", "overwriteExisting=true"]
    assert kit.spend("volcengine", *more) == 0, kit.err
    assert kit.seen("`AvailableTrainingTimes`") == "before `9`, trained `8`, retrained `7`"
    assert kit.seen("`Resource-Id` of a status call, for a trained voice") != "not seen"


def test_a_dry_run_reads_a_voice_that_is_there(kit: Kit) -> None:
    made = kit.emulator.qiniu_voice()
    kit.emulator.wait("qiniu", made)
    assert kit.run("qiniu") == 0
    assert kit.exchanges[-1]["url"].endswith(made)
    assert kit.seen("`msg` of a success") == "present"
    assert "narrator" not in kit.record.read_text("utf-8")


# What is recorded.


@pytest.mark.parametrize("vendor", ALL)
def test_nothing_secret_is_recorded_or_printed(kit: Kit, vendor: str) -> None:
    kit.spend(vendor, "--probe-errors")
    told = kit.record.read_text("utf-8") + kit.out
    environment = VENDORS[vendor].environment(kit.emulator.origin)
    environment.pop("KLING_API_KEY", None)
    secret = [value for value in environment.values() if not value.startswith("http")]
    audio = base64.b64encode(spoken()).decode()
    for text in [*secret, "abcdef0123456789", audio[:64], audio[3000:3064], "Bearer", "eyJ", "HMAC-SHA256"]:
        assert text not in told
        assert base64.b64encode(text.encode()).decode().rstrip("=") not in told
    assert "authorization" not in told.lower()
    assert "credential=" not in told.lower()
    assert "expires=" not in told.lower()
    assert kit.record.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("vendor", FILES)
def test_audio_is_recorded_by_its_length_and_hash(kit: Kit, vendor: str) -> None:
    kit.spend(vendor)
    train = next(exchange for exchange in kit.exchanges if exchange["operation"] in ("create", "train"))
    digest = hashlib.sha256(spoken()).hexdigest()
    assert f"'bytes': {len(spoken())}, 'sha256': '{digest}'" in str(train["sent"])


def test_a_record_is_not_written_over(kit: Kit) -> None:
    kit.record.write_text("an earlier one")
    assert kit.spend("coze") == 2
    assert kit.record.read_text() == "an earlier one"
    assert kit.changes("coze") == []


# What goes wrong.


def only(kit: Kit, vendor: str) -> str:
    """The voice that was begun."""
    (voice,) = [voice for voice in kit.emulator.state()[vendor] if voice["trainings"]]
    return str(voice["id"])


@pytest.mark.parametrize("vendor", ALL)
def test_a_training_that_failed_names_the_voice(kit: Kit, vendor: str) -> None:
    kit.emulator.fault("train-fail", vendor=vendor, code=1112, message="too noisy", after=True)
    code = kit.spend(vendor)
    assert code == 1
    voice = only(kit, vendor)
    assert f"voice {voice}, trainings sent: 1" in kit.err
    assert f":Voice verify {voice}" in kit.err
    assert len(kit.changes(vendor)) == (2 if vendor == "qiniu" else 1)
    if vendor == "volcengine":
        assert kit.seen("`State` of a slot whose training failed") == "`Failed`"


@pytest.mark.parametrize("vendor", ALL)
def test_a_create_whose_answer_is_lost_is_found_and_not_sent_again(kit: Kit, vendor: str) -> None:
    path = "/api/v1/mega_tts/audio" if vendor == "volcengine" else "/v1/"
    kit.emulator.fault("reset-after", vendor=vendor, method="POST", path=path)
    assert kit.spend(vendor) == 1
    assert len(kit.changes(vendor)) == 1
    voice = max(kit.emulator.state()[vendor], key=lambda found: found["trainings"])
    assert f"Left at {VENDORS[vendor].title}: voice {voice['id']}" in kit.err


def test_a_create_that_was_refused_leaves_nothing(kit: Kit) -> None:
    kit.emulator.switch(coze_slots=1)
    kit.emulator.cloned()
    assert kit.spend("coze") == 1
    assert "Left at" not in kit.err
    assert "exchanges" in kit.out


def test_ctrl_c_names_the_voice(kit: Kit, tmp_path: Path) -> None:
    """In a process of its own, which a second Ctrl-C would end at once."""
    kit.emulator.switch(training_seconds=300.0)
    command = [sys.executable, "-m", "voiceclone_provider", "verify", "--vendor", "coze", "--spend", "--yes"]
    with subprocess.Popen(
        [*command, *kit.sample("coze")],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            while "is made" not in (line := process.stderr.readline()):
                assert line
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 1
    assert f"Left at Coze: voice {only(kit, 'coze')}, trainings sent: 1" in err
    assert "| contradiction |" in out
    assert kit.changes("coze") == ["create"]


# How it is asked.


@pytest.mark.parametrize(
    ("vendor", "arguments", "reason"),
    [
        ("coze", ["--spend", "--yes"], "--sample FILE"),
        ("kling", ["--spend", "--yes"], "--sample-url URL"),
        ("coze", ["--sample-url", "https://a.example/a.wav"], "takes a file"),
        ("qiniu", ["--sample", "a.wav"], "takes a URL"),
        ("qiniu", ["--speaker-id", "S_1"], "no slots"),
        ("coze", ["--input", "language"], "NAME=VALUE"),
    ],
)
def test_wrong_usage(kit: Kit, vendor: str, arguments: list[str], reason: str) -> None:
    assert kit.run(vendor, *arguments) == 2
    assert reason in kit.err
    assert not kit.record.exists()
    assert kit.emulator.requests(vendor) == []


def test_without_a_terminal_it_wants_yes(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kit.run("coze", "--spend", *kit.sample("coze")) == 2
    assert "--yes" in kit.err


@pytest.mark.parametrize(("answer", "sent"), [("yes\n", ["create", "train"]), ("no\n", []), ("", [])])
def test_on_a_terminal_it_asks(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, answer: str, sent: list[str]
) -> None:
    terminal = Terminal(answer)
    monkeypatch.setattr(sys, "stdin", terminal)
    assert kit.run("coze", "--spend", *kit.sample("coze")) == (0 if sent else 1)
    assert kit.changes("coze") == sent


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--input", "language=xx"], "language"),
        (["--input", "lang=zh"], "did you mean"),
        (["--sample", "/does/not/exist.wav"], "cannot read"),
    ],
)
def test_inputs_are_checked_before_anything_is_sent(kit: Kit, arguments: list[str], reason: str) -> None:
    assert kit.run("coze", *arguments) == 1
    assert reason in kit.err
    assert kit.emulator.requests("coze") == []


def test_missing_credentials_are_told(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COZE_API_TOKEN")
    assert kit.run("coze") == 1
    assert "COZE_API_TOKEN" in kit.err
