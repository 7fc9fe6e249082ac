"""The script that writes comments and the issue, against both forges."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .forges import GitHub, GitLab, Thread, serving
from .pipelines import EXAMPLE

SCRIPT = EXAMPLE / "scripts" / "report.py"
DRIFT = "<!-- voiceclone-drift -->\n\n**1 deleted in 1 stack.**\n"
PLAN = "<!-- voiceclone plan of voices/production -->\n### Voices\n"


@pytest.fixture(params=[GitHub, GitLab])
def forge(request: pytest.FixtureRequest) -> Iterator[GitHub | GitLab]:
    fake: GitHub | GitLab = request.param()
    with serving(fake):
        yield fake


def report(forge: GitHub | GitLab, folder: Path, *words: str, **files: str) -> str:
    (folder / "out").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "out" / f"{name}.md").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **forge.environment, **forge.secret},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_somebody_else_wrote_is_never_changed(forge: GitHub | GitLab, tmp_path: Path) -> None:
    """Anybody can begin a text as the reports begin, and change it back afterwards."""
    forge.requests[7] = request = Thread(7)
    forge.add_comment(request, PLAN + "No training at all.")
    for number in (1, 2):
        report(forge, tmp_path, "comment", "7", plan=f"{PLAN}{number}")
    assert list(request.comments.values()) == [PLAN + "No training at all.", f"{PLAN}2"]
    theirs = forge.add_issue("Ours", DRIFT, ("voice-drift",))
    assert "There is nothing" in report(forge, tmp_path, "issue", "0", drift=DRIFT)
    assert "was opened" in report(forge, tmp_path, "issue", "7", drift=DRIFT)
    assert "says this already" in report(forge, tmp_path, "issue", "7", drift=DRIFT)
    assert "is closed" in report(forge, tmp_path, "issue", "0", drift=DRIFT)
    assert (theirs.title, theirs.body, theirs.closed, theirs.comments) == ("Ours", DRIFT, False, {})


def test_a_report_that_a_forge_would_refuse_is_cut(forge: GitHub | GitLab, tmp_path: Path) -> None:
    forge.requests[7] = request = Thread(7)
    report(forge, tmp_path, "comment", "7", plan=PLAN + "- a line\n" * 9000)
    (text,) = request.comments.values()
    assert len(text) <= 65_536
    assert text.startswith(PLAN)
    assert "- a line\n\nThis is not all" in text
