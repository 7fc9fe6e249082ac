"""The download of the Pulumi CLI, without one."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest

import pulumi_cli

ARCHIVE = b"an archive"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was downloaded, on a machine and of a release whose archive is ARCHIVE."""
    urls: list[str] = []

    def answer(url: str, **_: Any) -> io.BytesIO:
        urls.append(url)
        return io.BytesIO(ARCHIVE)

    monkeypatch.setattr("urllib.request.urlopen", answer)
    monkeypatch.setattr(pulumi_cli, "unpack", lambda archive: Path("unpacked", archive.name))
    monkeypatch.setattr(pulumi_cli, "platform_name", lambda: "here-x64")
    monkeypatch.setattr(pulumi_cli, "DIGESTS", {"here-x64": hashlib.sha256(ARCHIVE).hexdigest()})
    return urls


def test_the_known_archive_is_taken(asked: list[str]) -> None:
    name = f"pulumi-v{pulumi_cli.PINNED}-here-x64.tar.gz"
    assert pulumi_cli.download() == Path("unpacked", name)
    assert asked == [f"{pulumi_cli.ORIGINS[0]}/{name}"]


def test_another_archive_is_refused(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi_cli, "DIGESTS", {"here-x64": hashlib.sha256(b"another").hexdigest()})
    with pytest.raises(pulumi_cli.UnusableError, match="does not have the checksum"):
        pulumi_cli.download()
    assert len(asked) == len(pulumi_cli.ORIGINS)


def test_nothing_is_fetched_for_another_platform(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi_cli, "DIGESTS", {})
    with pytest.raises(pulumi_cli.UnusableError, match="here-x64"):
        pulumi_cli.download()
    assert asked == []


def test_the_digests_are_whole() -> None:
    assert {*pulumi_cli.DIGESTS} == {"darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"}
    assert all(len(bytes.fromhex(digest)) == 32 for digest in pulumi_cli.DIGESTS.values())
