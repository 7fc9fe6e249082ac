"""The example's pipelines, run as their forges would: every step in a fresh clone, in an empty home."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXAMPLE = Path(__file__).parents[2] / "examples" / "gitops"
Env = dict[str, str]


@dataclass(frozen=True)
class Ended:
    code: int
    out: str


@dataclass
class Repository:
    """The team's repository: a bare one as the forge has it, and somebody's clone."""

    folder: Path

    def __post_init__(self) -> None:
        self.origin = self.folder / "origin.git"
        self.clone = self.folder / "desk"
        shutil.copytree(
            EXAMPLE, self.clone, ignore=shutil.ignore_patterns("out", "public", ".tools", ".venv")
        )
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("Voices")
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        self.git("remote", "add", "origin", str(self.origin))
        self.push()

    def git(self, *words: str) -> str:
        identity = ("-c", "user.name=Team", "-c", "user.email=team@voices.example")
        return subprocess.run(
            ["git", *identity, *words], cwd=self.clone, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.head

    def push(self) -> None:
        self.git("push", "--quiet", "origin", "HEAD")

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")


@dataclass
class Pipelines:
    """What both forges' pipelines have in common.

    Arguments:
        base: variables of the runner's image, PATH above all.
        secrets: what the team stored.
        runner: variables that the forge's runner sets.
        ran: every command that a step ran.
    """

    repository: Repository
    base: Env
    secrets: Env
    runner: Env
    ran: set[str] = field(default_factory=set)
    machines: int = 0

    def machine(self, commit: str) -> Path:
        """A clone of a commit, on a machine that has nothing else."""
        self.machines += 1
        folder = self.repository.folder / f"machine{self.machines}"
        (folder / "home").mkdir(parents=True)
        subprocess.run(
            ["git", "clone", "--quiet", str(self.repository.origin), "work"], cwd=folder, check=True
        )
        subprocess.run(["git", "checkout", "--quiet", commit], cwd=folder / "work", check=True)
        return folder / "work"

    def run(self, command: str, machine: Path, env: Env) -> Ended:
        self.ran.add(command.strip())
        home = machine.parent / "home"
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
            cwd=machine,
            env={**self.base, **self.runner, "HOME": str(home), "PULUMI_HOME": str(home / "pulumi"), **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )
        for secret in self.secrets.values():
            assert len(secret) < 8 or secret.startswith(("file:", "http:")) or secret not in ended.stdout
        return Ended(ended.returncode, ended.stdout)

    def kept(self, machine: Path, paths: Iterable[str], other: Path) -> None:
        """Hand artifacts over to another machine."""
        for pattern in paths:
            for file in machine.glob(pattern):
                (other / "out").mkdir(exist_ok=True)
                shutil.copy(file, other / "out")


class GitHub(Pipelines):
    """https://docs.github.com/actions/reference/workflow-syntax-for-github-actions"""

    def steps(self, file: str, job: str) -> dict[str, dict[str, Any]]:
        workflow = yaml.safe_load((EXAMPLE / ".github" / "workflows" / f"{file}.yml").read_text("utf-8"))
        return {step["name"]: step for step in workflow["jobs"][job]["steps"] if "run" in step}

    def step(self, file: str, job: str, name: str, machine: Path, values: Mapping[str, str]) -> Ended:
        step = self.steps(file, job)[name]
        env = {key: self._value(str(text), values) for key, text in step.get("env", {}).items()}
        files = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary"}
        return self.run(
            step["run"], machine, {**{k: str(machine.parent / v) for k, v in files.items()}, **env}
        )

    def prepared(self, commit: str) -> Path:
        machine = self.machine(commit)
        action = yaml.safe_load((EXAMPLE / ".github" / "actions" / "setup" / "action.yml").read_text("utf-8"))
        for step in action["runs"]["steps"]:
            if "run" in step:
                assert self.run(step["run"], machine, {}).code == 0
        return machine

    def _value(self, text: str, values: Mapping[str, str]) -> str:
        """The expressions that the example uses; any other fails the test."""

        def found(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name.startswith("secrets."):
                return "" if values.get("fork") else self.secrets.get(name.removeprefix("secrets."), "")
            return values[name]

        return re.sub(r"\$\{\{(.*?)\}\}", found, text)

    # -- what happens --------------------------------------------------------------------------------------

    def request(self, commit: str, number: int, *, fork: bool = False) -> tuple[Ended, Ended | None]:
        values = {
            "fork": "yes" if fork else "",
            "github.event.pull_request.number": str(number),
            "github.token": self.runner_token,
        }
        machine = self.prepared(commit)
        planned = self.step("preview", "plan", "plan", machine, values)
        assert self.step("preview", "plan", "summary", machine, values).code == 0
        assert (machine.parent / "summary").read_text("utf-8") == (machine / "out" / "plan.md").read_text(
            "utf-8"
        )
        if fork:
            return planned, None
        other = self.prepared("main")
        self.kept(machine, ["out/plan.md"], other)
        return planned, self.step("preview", "comment", "comment", other, values)

    def merged(self) -> tuple[Ended, Path]:
        machine = self.prepared("main")
        ended = self.step("deploy", "deploy", "deploy", machine, {})
        return ended, self.published() if ended.code == 0 else machine

    def published(self) -> Path:
        machine = self.prepared("main")
        listened = self.step("catalogue", "make", "catalogue", machine, {})
        assert listened.code == 0, listened.out
        return machine / "public"

    def scheduled(self, *, heal: bool = False, commit: str = "") -> tuple[Ended, Ended]:
        values = {
            "inputs.heal": str(heal).lower() if heal else "",
            "inputs.max_trainings": "1" if heal else "",
            "inputs.commit": commit,
            "github.token": self.runner_token,
        }
        machine = self.prepared("main")
        checked = self.step("drift", "check", "check", machine, values)
        output = dict(
            line.partition("=")[::2] for line in (machine.parent / "output").read_text("utf-8").splitlines()
        )
        values["needs.check.outputs.code"] = output["code"]
        other = self.prepared("main")
        self.kept(machine, ["out/drift.*"], other)
        told = self.step("drift", "report", "issue", other, values)
        assert told.code == 0, told.out
        verdict = self.step("drift", "report", "verdict", other, values)
        assert (verdict.code == 0) == (output["code"] in ("0", "7"))
        return Ended(int(output["code"]), checked.out), told

    @property
    def runner_token(self) -> str:
        return self.secrets["GITHUB_TOKEN"]

    def commands(self) -> set[str]:
        """Every command in the workflows."""
        found = set()
        for file in (EXAMPLE / ".github" / "workflows").glob("*.yml"):
            workflow = yaml.safe_load(file.read_text("utf-8"))
            for job in workflow["jobs"].values():
                found |= {step["run"].strip() for step in job.get("steps", ()) if "run" in step}
        action = yaml.safe_load((EXAMPLE / ".github" / "actions" / "setup" / "action.yml").read_text("utf-8"))
        return found | {step["run"].strip() for step in action["runs"]["steps"] if "run" in step}


class GitLab(Pipelines):
    """https://docs.gitlab.com/ci/yaml/"""

    def job(self, name: str, machine: Path, variables: Env, *, fork: bool = False) -> Ended:
        whole = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text("utf-8"))
        lines = [*whole["default"]["before_script"], *whole[name]["script"]]
        self.ran |= {line.strip() for line in lines}
        secrets = {} if fork else self.secrets
        return self.run("\n".join(lines), machine, {**secrets, **variables})

    def request(self, commit: str, number: int, *, fork: bool = False) -> tuple[Ended, Ended | None]:
        machine = self.machine(commit)
        planned = self.job("plan", machine, {}, fork=fork)
        if fork:
            return planned, None
        other = self.machine(commit)
        self.kept(machine, ["out/plan.md"], other)
        return planned, self.job("comment", other, {"CI_MERGE_REQUEST_IID": str(number)})

    def merged(self) -> tuple[Ended, Path]:
        machine = self.machine("main")
        ended = self.job("deploy", machine, {})
        return ended, self.published() if ended.code == 0 else machine

    def published(self) -> Path:
        machine = self.machine("main")
        assert self.job("catalogue", machine, {}).code == 0
        return machine / "public"

    def scheduled(self, *, heal: bool = False, commit: str = "") -> tuple[Ended, Ended]:
        variables = {"HEAL": "true", "MAX_TRAININGS": "1", "COMMIT": commit} if heal else {}
        machine = self.machine("main")
        ended = self.job("drift", machine, variables)
        code = re.findall(r"^code (\d+)$", ended.out, re.M)
        return Ended(int(code[-1]), ended.out), ended

    def commands(self) -> set[str]:
        whole = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text("utf-8"))
        jobs = [item for item in whole.values() if isinstance(item, dict)]
        return {
            line.strip() for job in jobs for part in ("script", "before_script") for line in job.get(part, ())
        }


def path_with(*folders: Path) -> str:
    return os.pathsep.join([*map(str, folders), "/usr/local/bin", "/usr/bin", "/bin"])
