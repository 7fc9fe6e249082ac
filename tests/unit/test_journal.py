"""The journal: best effort, never in the way."""

from __future__ import annotations

import errno
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from voiceclone_provider.core import files
from voiceclone_provider.voice.journal import Entry, Journal
from voiceclone_provider.voice.pending import Pending
from voiceclone_provider.voice.state import VoiceState

ENTRY = Entry(
    account="coze memory",
    at=12.5,
    fingerprint="f",
    replacing=files.name("{}"),
    name=files.name("旁白-1"),
    handle="h",
    voice_id="v",
    training=Pending("f", "9/100", "Ready", 12.5, accepted=True),
    before=["a", "b"],
    refused="too much noise",
    retained=True,
)


def test_an_entry_comes_back_as_it_was_written(tmp_path: Path) -> None:
    Journal(tmp_path / "new" / "folder").write("urn", ENTRY)
    assert Journal(tmp_path / "new" / "folder").find("urn", ENTRY.account) == replace(ENTRY, urn="urn")


def test_entries_are_kept_apart_by_resource_and_account(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("urn", ENTRY)
    assert journal.find("another urn", ENTRY.account) is None
    assert journal.find("urn", "another account") is None


def test_a_voice_of_another_resource_is_known(tmp_path: Path) -> None:
    Journal(tmp_path).write("urn", ENTRY)
    journal = Journal(tmp_path)
    assert journal.is_of_another("another urn", ENTRY.account, "v")
    assert not journal.is_of_another("urn", ENTRY.account, "v")
    assert not journal.is_of_another("another urn", "another account", "v")
    assert not journal.is_of_another("another urn", ENTRY.account, "w")
    journal.write("urn", replace(ENTRY, left=True))
    assert not journal.is_of_another("another urn", ENTRY.account, "v")


def test_removing_is_final_and_may_be_repeated(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("urn", ENTRY)
    for _ in range(2):
        journal.remove("urn", ENTRY.account)
    assert journal.find("urn", ENTRY.account) is None
    assert not list(tmp_path.iterdir())


def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "intents"
    Journal(folder).write("urn", ENTRY)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"{", b"null", b"[]", b"5", b"\xff\xfe", b"{}", b'{"account": "coze memory"}']
)
def test_a_damaged_entry_is_none(tmp_path: Path, content: bytes) -> None:
    journal = Journal(tmp_path)
    journal.write("urn", ENTRY)
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert journal.find("urn", ENTRY.account) is None


def test_an_entry_of_another_version_still_counts(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("urn", ENTRY)
    (file,) = tmp_path.iterdir()
    kept = json.loads(file.read_text())
    del kept["retained"]
    file.write_text(json.dumps({**kept, "added_later": 1}))
    found = journal.find("urn", ENTRY.account)
    assert found is not None
    assert found.voice_id == "v"
    assert found.retained is False


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    journal = Journal(tmp_path / "file" / "folder")
    journal.write("urn", ENTRY)
    journal.remove("urn", ENTRY.account)
    assert journal.find("urn", ENTRY.account) is None


def test_it_lives_under_pulumi_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    Journal().write("urn", ENTRY)
    assert len(list((tmp_path / "voiceclone" / "intents").iterdir())) == 1
    monkeypatch.delenv("PULUMI_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    Journal().write("urn", ENTRY)
    assert len(list((tmp_path / "home" / ".pulumi" / "voiceclone" / "intents").iterdir())) == 1


def test_what_an_older_version_kept_in_clear_is_hashed(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    old = {"account": "coze memory", "at": 12.5, "fingerprint": "f", "place": "{}", "name": "旁白-1"}
    files.write(journal.path("urn", "coze memory"), old)
    entry = journal.find("urn", "coze memory")
    assert entry is not None
    assert (entry.replacing, entry.name) == (files.name("{}"), files.name("旁白-1"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"account": "coze memory", "at": "soon", "fingerprint": "f"}',
        b'{"account": "coze memory", "at": 1, "fingerprint": "f", "before": 5}',
        b'{"account": "coze memory", "at": 1, "fingerprint": "f", "voice_id": ["v"]}',
        b'{"account": "coze memory", "at": 1, "fingerprint": {"f": 1}}',
    ],
)
def test_a_file_that_holds_no_entry_is_named(tmp_path: Path, content: bytes) -> None:
    journal = Journal(tmp_path)
    path = journal.path("urn", "coze memory")
    assert journal.unreadable("urn", "coze memory") is None
    path.write_bytes(content)
    assert journal.find("urn", "coze memory") is None
    assert journal.unreadable("urn", "coze memory") == path
    assert Journal(tmp_path).follow("new urn", "coze memory", "v", ()) is False


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    Journal(tmp_path).write("urn", ENTRY)
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_no_file_can_hold_is_kept(tmp_path: Path) -> None:
    """Half of a surrogate pair, as broken names at vendors have it."""
    entry = replace(ENTRY, urn="urn", refused="\ud800")
    Journal(tmp_path).write("urn", entry)
    assert Journal(tmp_path).find("urn", ENTRY.account) == entry


def test_its_folders_are_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    Journal().write("urn", ENTRY)
    for folder in (tmp_path / "voiceclone", tmp_path / "voiceclone" / "intents"):
        assert folder.stat().st_mode & 0o077 == 0


SENT = Pending("g", "V1", "Ready", 100.0)


@pytest.mark.parametrize(
    ("training", "over", "state", "outstanding"),
    [
        (None, "f", VoiceState(trained_on="f"), False),
        (SENT, "f", VoiceState(trained_on="f"), True),
        (SENT, "f", VoiceState(trained_on="g"), False),
        (SENT, "f", VoiceState(trained_on="f", failed_on="g"), False),
        (SENT, "f", VoiceState(trained_on="h"), False),  # trained since, by a run elsewhere
        (SENT, "", VoiceState(), True),
        (SENT, "f", VoiceState(), False),
        (SENT, "f", VoiceState(trained_on="f", pending=replace(SENT, started_at=100.0)), False),
        (SENT, "f", VoiceState(trained_on="f", pending=replace(SENT, started_at=50.0)), False),
        (SENT, "f", VoiceState(trained_on="f", pending=Pending("h", "", "", 50.0)), True),
        (SENT, "f", VoiceState(trained_on="f", pending=Pending("h", "", "", 100.0)), False),
        (SENT, "f", VoiceState(trained_on="f", pending=Pending("h", "", "", 150.0)), False),
    ],
)
def test_a_training_is_outstanding_until_a_state_shows_it(
    training: Pending | None, over: str, state: VoiceState, outstanding: bool
) -> None:
    entry = replace(ENTRY, training=training, over=over)
    assert entry.outstanding(state) is outstanding
