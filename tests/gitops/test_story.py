"""The whole story of examples/gitops, with real git, the real CLI and the emulator.

A request changes a sample, its comment says so, the merge trains, somebody deletes a voice, the schedule
reports it, a heal brings it back.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.browser import Page, look, shown
from engine.emulator import Emulator

from .forges import GitHub as FakeGitHub
from .forges import GitLab as FakeGitLab
from .forges import Thread, serving
from .pipelines import EXAMPLE, GitHub, GitLab, Repository, path_with

SAMPLES = EXAMPLE.parent / "voices"


FORGES: dict[str, type[FakeGitHub | FakeGitLab]] = {"github": FakeGitHub, "gitlab": FakeGitLab}


@pytest.fixture
def forge(request: pytest.FixtureRequest) -> Iterator[FakeGitHub | FakeGitLab]:
    fake = FORGES[request.param]()
    with serving(fake):
        yield fake


@pytest.fixture
def pipelines(
    forge: FakeGitHub | FakeGitLab, tmp_path: Path, cli: Path, emulator: Emulator
) -> GitHub | GitLab:
    state = tmp_path / "state"
    state.mkdir()
    base = {
        "PATH": path_with(Path(sys.executable).parent, cli.parent),
        "LANG": "C.UTF-8",
        "LOCK_SECONDS": "1",
        # The vendors are on the emulator; no secret of the team's.
        **{name: value for name, value in emulator.environment.items() if value.startswith("http")},
    }
    keys = {name: value for name, value in emulator.environment.items() if not value.startswith("http")}
    secrets = {
        **keys,
        **forge.secret,
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": "words",
    }
    kind = GitHub if isinstance(forge, FakeGitHub) else GitLab
    return kind(Repository(tmp_path), base, secrets, forge.environment)


def host(emulator: Emulator) -> dict[str, Any]:
    (found,) = (voice for voice in emulator.voices("coze") if voice["name"] == "host")
    return found


def hear(browser: str, folder: Path, voice_id: str, commit: str) -> None:
    """The published page plays the voice, and links the commit that declared it."""
    card = (
        f"[...document.querySelectorAll('#voices > li')].find(one => one.textContent.includes('{voice_id}'))"
    )

    async def listen(page: Page) -> None:
        await shown(page, f"{card} !== undefined", bool)
        await page(f"{card}.querySelector('audio').play()")
        await shown(page, f"{card}.querySelector('audio').currentTime", lambda at: at > 0)
        assert await page(f"{card}.querySelector('a[href$=\"{commit}\"]') !== null")
        assert page.errors == []

    look(browser, f"{folder.as_uri()}/index.html", listen)


EVERYWHERE = ["github", "gitlab"] if "VOICECLONE_ALL_FAULTS" in os.environ else ["github"]


@pytest.mark.long
@pytest.mark.parametrize("forge", EVERYWHERE, indirect=True)
def test_the_story(
    pipelines: GitHub | GitLab, forge: FakeGitHub | FakeGitLab, emulator: Emulator, browser: str
) -> None:
    repository = pipelines.repository
    made = pipelines.run("pulumi stack init production", repository.clone, pipelines.secrets)  # once, by hand
    assert made.code == 0, made.out
    repository.commit("The stack")
    repository.push()
    first, _ = pipelines.merged()
    assert first.code == 0, first.out
    assert [voice["trainings"] for vendor in ("volcengine", "coze") for voice in emulator.voices(vendor)] == [
        1,
        1,
        1,
    ]

    # A request changes a sample: one comment, kept up to date.
    repository.git("switch", "--quiet", "--create", "louder")
    shutil.copy(SAMPLES / "host-en-take2.mp3", repository.clone / "voices" / "host.mp3")
    commit = repository.commit("A better take of the host")
    repository.push()
    forge.requests[1] = request = Thread(1)
    for _ in range(3):
        forge.add_comment(request, "Looks good to me.")  # the plan's comment is on a later page
    for _ in range(2):
        planned, told = pipelines.request(commit, 1)
        assert (planned.code, told and told.code) == (0, 0), (planned.out, told)
    (plan,) = (text for text in request.comments.values() if "voiceclone plan" in text)
    assert "**1 training; 1 to change, 2 unchanged.**" in plan
    assert "| ✏️ change | `host` | Coze | `audio` | 1 |" in plan
    assert "`host`: this update uses one of 9 remaining trainings" in plan
    assert [line.partition(" ")[0] for line in forge.written] in (["POST", "PATCH"], ["POST", "PUT"])

    # The same from a fork, which has no secret.
    asked = emulator.requests()
    planned, _ = pipelines.request(commit, 2, fork=True)
    assert planned.code == 0, planned.out
    assert [one for one in emulator.requests() if one not in asked] == [], planned.out

    # A fault is told in the request, and the check is red.
    program = repository.clone / "Pulumi.yaml"
    good = program.read_text("utf-8")
    program.write_text(good.replace("language: en", "language: klingon"), "utf-8")
    wrong = repository.commit("In Klingon")
    repository.push()
    planned, told = pipelines.request(wrong, 1)
    assert (planned.code, told and told.code) == (1, 0)
    assert any("The preview failed" in text and "language" in text for text in request.comments.values())
    repository.git("reset", "--quiet", "--hard", commit)

    # The merge trains.
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--ff-only", commit)
    repository.push()
    merged, page = pipelines.merged()
    assert merged.code == 0, merged.out
    assert host(emulator)["trainings"] == 2
    assert (page / "index.html").exists()
    clean, _ = pipelines.scheduled()
    assert (clean.code, forge.issues) == (0, {}), clean.out

    # Somebody deletes a voice in the console.
    emulator.delete("coze", host(emulator)["id"])
    forge.add_issue("Another one", "of the team's", ("voice-drift",))
    for _ in range(2):
        found, reported = pipelines.scheduled()
        assert found.code == 7, found.out
    assert "says this already" in reported.out
    (issue,) = (one for one in forge.issues.values() if "voiceclone" in one.body)
    assert "`host`" in issue.body
    assert "deleted" in issue.body

    # A heal of another commit does nothing; that of this one brings it back.
    stale, _ = pipelines.scheduled(heal=True, commit="0" * 40)
    assert stale.code == 7, stale.out
    assert [one["name"] for one in emulator.voices("coze")] == ["guest"]
    healed, _ = pipelines.scheduled(heal=True, commit=repository.head)
    assert healed.code == 0, healed.out
    assert issue.closed
    voice = host(emulator)
    assert (voice["status"], voice["trainings"]) == ("ready", 1)
    clean, _ = pipelines.scheduled()
    assert clean.code == 0
    hear(browser, pipelines.published(), voice["id"], repository.head)

    assert pipelines.commands() <= pipelines.ran


@pytest.mark.parametrize("forge", ["gitlab"], indirect=True)
def test_the_same_on_gitlab(pipelines: GitLab, forge: FakeGitLab, emulator: Emulator) -> None:
    """Every command of its pipeline, once; `make faults` plays the whole story there."""
    repository = pipelines.repository
    pipelines.run("pulumi stack init production", repository.clone, pipelines.secrets)
    repository.commit("The stack")
    repository.push()
    forge.requests[1] = request = Thread(1)
    planned, told = pipelines.request(repository.head, 1)
    assert (planned.code, told and told.code) == (0, 0), planned.out
    assert "**3 trainings; 3 to create, 0 unchanged.**" in request.comments[100]
    merged, page = pipelines.merged()
    assert merged.code == 0, merged.out
    assert (page / "index.html").exists()
    emulator.delete("coze", host(emulator)["id"])
    found, _ = pipelines.scheduled()
    assert found.code == 7, found.out
    (issue,) = forge.issues.values()
    healed, _ = pipelines.scheduled(heal=True, commit=repository.head)
    assert (healed.code, issue.closed) == (0, True), healed.out
    assert pipelines.commands() <= pipelines.ran
