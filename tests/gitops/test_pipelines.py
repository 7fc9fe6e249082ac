"""The example's pipeline files, judged by actionlint and by rules of our own; `make lint` judges them too."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

import pulumi_cli

from .pipelines import EXAMPLE

ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
WORKFLOWS = sorted((EXAMPLE / ".github" / "workflows").glob("*.yml"))
VARIANT = EXAMPLE / "variants" / "esc"


def test_actionlint(tmp_path: Path) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go: the workflows were not looked at by actionlint")
    shutil.copytree(EXAMPLE, tmp_path / "repository")
    shutil.copy(VARIANT / "deploy.yml", tmp_path / "repository" / ".github" / "workflows" / "esc.yml")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path / "repository", check=True)
    built = subprocess.run(
        [go, "run", ACTIONLINT, "-version"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    if built.returncode:
        pytest.skip("actionlint could not be had from Go's module proxy")

    def judged() -> subprocess.CompletedProcess[str]:
        command = [go, "run", ACTIONLINT, "-no-color"]
        return subprocess.run(
            command, cwd=tmp_path / "repository", capture_output=True, text=True, check=False
        )

    assert (judged().returncode, judged().stdout) == (0, "")
    broken = tmp_path / "repository" / ".github" / "workflows" / "deploy.yml"
    broken.write_text(broken.read_text("utf-8").replace("runs-on", "run-on"), "utf-8")
    assert "run-on" in judged().stdout


def test_actions_are_pinned_by_digest() -> None:
    files = [*WORKFLOWS, VARIANT / "deploy.yml", *(EXAMPLE / ".github" / "actions").rglob("*.yml")]
    used = [line for file in files for line in file.read_text("utf-8").splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert re.search(r"uses: (\./|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)", line), line


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_permissions_are_least(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text("utf-8"))
    assert workflow["permissions"] == {}
    writing = {"pull-requests", "issues", "pages", "id-token"}
    for name, job in workflow["jobs"].items():
        given = {scope for scope, access in job["permissions"].items() if access == "write"}
        assert given <= writing
        programs = [
            step for step in job.get("steps", ()) if re.search(r"scripts/(plan|deploy|check)", str(step))
        ]
        if programs:  # what runs the program has no token that writes
            assert given == set(), name
        for step in job.get("steps", ()):
            assert "${{" not in step.get("run", ""), "an expression in a script can be code"


def test_a_scheduled_check_never_replaces_a_waiting_deployment() -> None:
    """GitHub keeps one waiting run of a concurrency group, the latest."""
    groups = {file.stem: yaml.safe_load(file.read_text("utf-8"))["concurrency"] for file in WORKFLOWS}
    names = [group["group"] for group in groups.values()]
    assert len(set(names)) == len(names)
    cancelling = {name for name, group in groups.items() if group["cancel-in-progress"]}
    assert cancelling == {"preview"}


def test_the_installed_cli_is_the_released_one() -> None:
    text = (EXAMPLE / "scripts" / "install").read_text("utf-8")
    pinned = dict(re.findall(r"\[([\w-]+)\]=([0-9a-f]{64})", text))
    assert pinned.items() <= pulumi_cli.DIGESTS.items()
    assert f"PULUMI_VERSION={pulumi_cli.PINNED}\n" in (EXAMPLE / "scripts" / "common.sh").read_text("utf-8")


def test_another_archive_is_refused(tmp_path: Path) -> None:
    """As `scripts/install` meets it on a machine without Pulumi."""
    work = tmp_path / "work"
    shutil.copytree(EXAMPLE, work)
    name = f"pulumi-v{pulumi_cli.PINNED}-{pulumi_cli.platform_name()}.tar.gz"
    release = tmp_path / f"v{pulumi_cli.PINNED}"
    release.mkdir()
    (release / name).write_bytes(b"something else")
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PULUMI_DOWNLOADS": tmp_path.as_uri()}
    ended = subprocess.run(
        [str(work / "scripts" / "install")], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert "is not the released one" in ended.stderr
    assert not (work / ".tools").exists()


def deployed(folder: Path, *answers: str, failing: int = 0) -> tuple[int, list[str]]:
    """`scripts/deploy` with a CLI that says these, one for each update; its exit code, and what it ran.
    `failing`: the number of the plan that fails."""
    shutil.copytree(EXAMPLE / "scripts", folder / "scripts")
    tools = folder / "tools"
    tools.mkdir()
    for number, answer in enumerate(answers, 1):
        (folder / f"answer{number}").write_text(answer, "utf-8")
    pulumi = (
        f'echo up >> {folder}/ran\nnumber=$(grep -c up {folder}/ran)\ncat {folder}/answer"$number"\n'
        f"! grep -q error: {folder}/answer$number\n"
    )
    planned = f"echo plan >> {folder}/ran\ntest $(grep -c plan {folder}/ran) != {failing}\n"
    for name, body in {"pulumi": pulumi, "python": planned}.items():
        (tools / name).write_text(f"#!/bin/bash\n{body}")
        (tools / name).chmod(0o755)
    done = subprocess.run(
        ["bash", str(folder / "scripts" / "deploy")],
        env={"PATH": f"{tools}:/usr/bin:/bin", "COMMIT": "0" * 40, "LOCK_SECONDS": "0"},
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.returncode, (folder / "ran").read_text().split()


def test_a_locked_stack_is_waited_for_and_planned_again(tmp_path: Path) -> None:
    for place, words in enumerate(
        (
            "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end",
            "error: [409] Conflict: Another update is currently in progress.",
        )
    ):
        ran = deployed(tmp_path / str(place), f"Updating (production):\n{words}\n", "done\n")
        assert ran == (0, ["plan", "up", "plan", "up"])
        # While the other update creates a voice, a plan may stop at that voice's name.
        ran = deployed(tmp_path / f"{place}b", f"{words}\n", "done\n", failing=2)
        assert ran == (0, ["plan", "up", "plan", "plan", "up"])
    assert deployed(tmp_path / "never", "done\n", failing=1) == (1, ["plan"])


def test_an_update_that_began_is_not_repeated(tmp_path: Path) -> None:
    """It may have trained. The words are a vendor's."""
    said = "Diagnostics:\n  coze:Voice (host):\n    error: the stack is currently locked by a console\n"
    assert deployed(tmp_path, f"{said}\nerror: update failed\n", "done\n") == (1, ["plan", "up"])


def test_without_git_nothing_is_healed(tmp_path: Path) -> None:
    """A checkout of another owner, which git refuses: nobody knows whether the program is the one meant."""
    shutil.copytree(EXAMPLE / "scripts", tmp_path / "scripts")
    (tmp_path / "python").write_text(f"#!/bin/bash\ntouch {tmp_path}/ran\n")
    (tmp_path / "python").chmod(0o755)
    done = subprocess.run(
        ["bash", str(tmp_path / "scripts" / "heal")],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "GIT_DIR": str(tmp_path / "none")},
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode not in (0, 7)
    assert not (tmp_path / "ran").exists()
