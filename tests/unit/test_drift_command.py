"""Drift: what events mean, what is refused, and what is written of it.

`data/drift-events.json` has what the real CLI told, on both faces, of a refresh and of a preview with one:
four voices that were changed or deleted, one of them with a secret input, and Qiniu's, which could not be
read in the refresh.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from command_line import run
from memory_vendor import World
from pulumi.automation.events import EngineEvent, OpType
from stack import account

from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.cli import git
from voiceclone_provider.cli.drift.detect import Limits, Looked, found, look, untracked
from voiceclone_provider.cli.drift.events import Events, Step, of_plan, of_refresh
from voiceclone_provider.cli.drift.finding import Finding, Kind, exit_code
from voiceclone_provider.cli.drift.heal import heal, left
from voiceclone_provider.cli.drift.missing import missing
from voiceclone_provider.cli.drift.plan import Allowed, Plan, _undeployed, judged, planned, within
from voiceclone_provider.cli.drift.report import FORMATS, MARKER, Healing, Report, as_table, write
from voiceclone_provider.cli.stacks import Stack, State
from voiceclone_provider.core.errors import CannotListError, TemporaryError
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.vendors.models import Status, VendorConfig

DATA = Path(__file__).parents[1] / "data" / "drift-events.json"
LIMITS = Limits(days=30, trainings=1, now=1795323900)  # when it was recorded
FACES = pytest.mark.parametrize("face", ["plugin", "dynamic"])
SECRET_TEXT = "[secret]"


@cache
def recorded() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return data


def events(name: str) -> list[EngineEvent]:
    return [EngineEvent.from_json(event) for event in recorded()[name]]


def looked(face: str, told: list[EngineEvent] | None = None, limits: Limits = LIMITS) -> Looked:
    stack = Looked("shop/dev", Path("shop"), state=State.parse(recorded()[f"{face}-state"]))
    stack.findings = found(stack, events(f"{face}-refresh") if told is None else told, "it failed", limits)
    return stack


def steps(face: str) -> Events:
    return of_plan(events(f"{face}-plan"))


@FACES
def test_a_refresh_shows_what_changed_what_is_gone_and_what_could_not_be_read(face: str) -> None:
    by_name = {finding.name: finding for finding in looked(face).findings}
    kinds = {name: finding.kind for name, finding in by_name.items()}
    assert kinds == {
        "coze": Kind.CHANGED,
        "hidden": Kind.CHANGED,
        "volcengine": Kind.CHANGED,
        "kling": Kind.DELETED,
        "qiniu": Kind.UNREADABLE,
        "same": Kind.UNREADABLE,
    }
    for name, differences in (
        ("coze", [("trainedOn", "external")]),
        ("hidden", [("name", "theirs")]),
        ("volcengine", [("status", "Locked")]),
    ):
        assert [(each.property, each.now) for each in by_name[name].differences] == differences
    coze = by_name["coze"]
    assert (coze.trainings, by_name["volcengine"].trainings, by_name["kling"].trainings) == (1, 0, 1)
    assert (coze.vendor, coze.type, coze.stack) == ("coze", "voiceclone:coze:Voice", "shop/dev")
    assert coze.since.startswith("2026-")
    assert coze.voice
    assert "HTTP 401" in by_name["same"].message
    assert "at most" in by_name["hidden"].advice
    assert exit_code(by_name.values()) == 1


@FACES
def test_what_no_event_tells_of_is_unreadable(face: str) -> None:
    """A plugin that does not start: nothing is taken for unchanged."""
    stack = looked(face, [])
    assert {finding.kind for finding in stack.findings} == {Kind.UNREADABLE}
    assert len(stack.findings) == 6
    assert stack.findings[0].message == "it failed"


@FACES
def test_a_refresh_that_fails_after_all_was_read_is_not_clean(face: str) -> None:
    told = [event for event in events(f"{face}-refresh") if event.res_outputs_event is not None]
    read = {event.res_outputs_event.metadata.urn for event in told if event.res_outputs_event}
    resources = [item for item in recorded()[f"{face}-state"]["resources"] if item["urn"] in read]
    for kept in (resources, []):
        stack = Looked("shop/dev", Path("shop"), state=State.parse({"resources": kept}))
        assert Kind.UNREADABLE not in {item.kind for item in found(stack, told, "", LIMITS)}
        last = found(stack, told, "a policy pack could not be loaded", LIMITS)[-1]
        assert (last.kind, last.message) == (Kind.UNREADABLE, "a policy pack could not be loaded")


@FACES
def test_what_an_earlier_refresh_noted_is_found_still(face: str) -> None:
    """A heal that failed halfway: the state has the stranger's training by now, so a refresh is silent."""
    told = recorded()[f"{face}-refresh"]
    later = []
    for event in json.loads(json.dumps(told)):
        metadata = event.get("resOutputsEvent", {}).get("metadata")
        if metadata and metadata["urn"].endswith("::coze"):
            metadata.update(op="same", old=metadata["new"], diffs=None, detailedDiff=None)
            later = [EngineEvent.from_json(event)]
    finding = next(item for item in looked(face, later).findings if item.name == "coze")
    assert (finding.kind, finding.trainings) == (Kind.CHANGED, 1)
    assert "Noted before" in finding.message


@FACES
def test_terms_and_trainings_that_end_are_found(face: str) -> None:
    soon = looked(face, limits=replace(LIMITS, days=400))
    assert [item.name for item in soon.findings if item.kind is Kind.EXPIRES_SOON] == ["volcengine"]
    few = looked(face, limits=replace(LIMITS, trainings=8))
    low = {item.name for item in few.findings if item.kind is Kind.TRAININGS_LOW}
    assert low == {"coze"}, "not the locked one, which cannot be trained, nor those that could not be read"
    assert not any(item.kind.healable for item in few.findings if item.kind is Kind.TRAININGS_LOW)


@FACES
def test_a_plan_counts_trainings(face: str) -> None:
    plan = planned(steps(face), ["wanted"])
    assert plan.steps == (
        ("coze", "update", 1),
        ("hidden", "update", 1),  # at most: its secret text may be another one
        ("kling", "create", 1),
        ("qiniu", "update", 0),
        ("volcengine", "update", 0),
    )
    assert plan.trainings == 3
    assert plan.targets[0] == "wanted"
    assert len(plan.targets) == 6
    assert all(
        urn.endswith(("::coze", "::hidden", "::kling", "::qiniu", "::volcengine")) for urn in plan.targets[1:]
    )


def step(op: OpType, **more: Any) -> Step:
    return Step(op, "urn:pulumi:dev::shop::voiceclone:kling:Voice::speaker", "voiceclone:kling:Voice", **more)


@pytest.mark.parametrize(
    ("changes", "undeployed"),
    [
        (step(OpType.CREATE), True),
        (step(OpType.DELETE), True),
        (step(OpType.REPLACE, inputs={"a": 1}, old_inputs={"a": 1}), True),
        (step(OpType.UPDATE, inputs={"a": 1}, old_inputs={"a": 2}, diffs=("a",)), True),
        (step(OpType.UPDATE, inputs={"a": 1}, old_inputs={"a": 1}, diffs=("trainedOn",)), False),
        (step(OpType.UPDATE, inputs={"a": SECRET_TEXT}, old_inputs={"a": SECRET_TEXT}, diffs=("a",)), True),
        (
            step(OpType.UPDATE, inputs={"a": SECRET_TEXT}, old_inputs={"a": SECRET_TEXT}, diffs=("status",)),
            False,
        ),
        (step(OpType.UPDATE, inputs={"a": SECRET_TEXT}, old_inputs={"a": SECRET_TEXT}), True),
        (Step(OpType.UPDATE, "urn", "pulumi:providers:voiceclone", inputs={"a": 1}), False),
    ],
)
def test_a_program_with_changes_that_are_not_deployed_is_told_from_noted_drift(
    changes: Step, undeployed: bool
) -> None:
    assert bool(_undeployed(Events({}, (changes,), {}))) is undeployed


def test_what_exists_is_neither_replaced_nor_deleted_unless_allowed() -> None:
    replacing = [step(OpType.CREATE_REPLACEMENT), step(OpType.REPLACE), step(OpType.DELETE_REPLACED)]
    deleting = [step(OpType.DELETE)]
    made = Plan(("urn",))
    none, both = Allowed(1), Allowed(1, replacing=True, deleting=True)
    assert "--allow-replace" in judged(made, replacing, none).refused
    assert "speaker" in judged(made, replacing, none).refused
    assert "--allow-delete" in judged(made, deleting, none).refused
    assert "--allow-delete" in judged(made, deleting, Allowed(1, replacing=True)).refused
    assert not judged(made, [*replacing, *deleting], both).refused
    assert not judged(made, [step(OpType.CREATE), step(OpType.UPDATE)], none).refused


def test_trainings_are_counted_over_all_stacks() -> None:
    plans = {
        "a": Plan(trainings=1),
        "b": Plan(trainings=1),
        "c": Plan(),
        "d": Plan(trainings=9, refused="no"),
    }
    limited = within(plans, Allowed(1))
    assert [bool(plan.refused) for plan in limited.values()] == [True, True, False, True]
    assert "needs 2 trainings" in limited["a"].refused
    assert "--max-trainings 2" in limited["b"].refused
    assert limited["d"].refused == "no"
    assert within(plans, Allowed(2)) == plans


def test_a_deleted_voice_that_did_not_come_back_is_reported_still() -> None:
    before = looked("plugin")
    gone = [item for item in before.findings if item.kind is Kind.DELETED]
    state = recorded()["plugin-state"]
    without = [item for item in state["resources"] if not item["urn"].endswith("::kling")]
    after = Looked("shop/dev", Path("shop"), state=State.parse({"resources": without}))
    (kept,) = left(before, after, "no slot is free.")
    assert (kept.kind, kept.urn) == (Kind.DELETED, gone[0].urn)
    assert "no slot is free" in kept.advice
    assert left(before, looked("plugin", []), "") == looked("plugin", []).findings


def test_what_the_program_declares_and_the_stack_lacks_is_missing() -> None:
    """A heal was killed between: the voice is out of the state, and no refresh shows it any more."""
    state = recorded()["plugin-state"]
    without = [item for item in state["resources"] if not item["urn"].endswith("::kling")]
    plan_events = [event for event in recorded()["plugin-plan"] if "refresh" not in json.dumps(event)]

    class Api:
        name = "dev"
        broken = False

        def preview(self, *, on_event: Any, **_: object) -> None:
            if self.broken:
                raise RuntimeError
            for event in plan_events:
                on_event(EngineEvent.from_json(event))

    project: Any = SimpleNamespace(folder=Path(), name="shop")
    api: Any = Api()
    stack = Looked("shop/dev", Path(), Stack(project, api), State.parse({"resources": without}))
    (finding,) = missing(stack)
    assert (finding.kind, finding.name, finding.vendor, finding.trainings) == (
        Kind.MISSING,
        "kling",
        "kling",
        1,
    )
    assert finding.advice == "`pulumi up -s dev` makes it: 1 training."
    assert not finding.kind.healable
    api.broken = True
    assert [item.kind for item in missing(stack)] == [Kind.UNREADABLE]
    assert missing(Looked("shop/dev", Path())) == []
    # After a heal that failed, it is told once.
    before = looked("plugin")
    stack.findings = [finding]
    assert [item.kind for item in left(before, stack, "no slot")] == [Kind.DELETED]


def test_a_deployment_since_the_look_is_not_undone() -> None:
    """The program here may be older than the one that another machine has deployed since."""
    deployment = recorded()["plugin-state"]
    updated: list[list[str]] = []

    class Api:
        def export_stack(self) -> SimpleNamespace:
            return SimpleNamespace(deployment=deployment)

        def up(self, *, target: list[str], **_: object) -> None:
            updated.append(target)

    project: Any = SimpleNamespace(folder=Path(), name="shop")
    api: Any = Api()
    stack = Looked("shop/dev", Path(), Stack(project, api), State.parse(deployment))
    assert heal(stack, Plan(("urn",))) == ""
    assert updated == [["urn"]]
    deployment = json.loads(json.dumps(deployment))
    next(item for item in deployment["resources"] if item["urn"].endswith("::coze"))["outputs"]["x"] = "new"
    assert "another run has updated the stack" in heal(stack, Plan(("urn",)))
    assert updated == [["urn"]]


# -- what is in no stack -----------------------------------------------------------------------------------


def accounts(monkeypatch: pytest.MonkeyPatch, key: str) -> tuple[World, Looked]:
    world = account(monkeypatch, key)
    config = ProviderConfig({key: VendorConfig()})
    monkeypatch.setattr("voiceclone_provider.cli.accounts.VENDORS", {key: VENDORS[key]})
    return world, Looked("shop/dev", Path(), state=State.parse(None), configs=[config])


def test_voices_in_no_stack_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world, stack = accounts(monkeypatch, "coze")
    for voice in ("kept", "lost", "known"):
        world.trained(voice_id=voice, name=voice)
    kind = "voiceclone:coze:Voice"
    kept = {"urn": f"urn:pulumi:dev::shop::{kind}::kept", "type": kind, "id": "kept", "delete": True}
    stack.state = State.parse({"resources": [kept]})
    seen, findings = untracked([stack, replace(stack, label="shop/prod")], frozenset({"known"}))
    assert [(each.voices, each.note) for each in seen] == [(3, "")]
    assert [(item.kind, item.voice, item.stack) for item in findings] == [(Kind.UNTRACKED, "lost", "")]
    assert "pulumi import voiceclone:coze:Voice NAME lost" in findings[0].advice
    assert "--known lost" in findings[0].advice


def test_a_voice_that_a_run_may_be_making_is_not_to_be_deleted_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, stack = accounts(monkeypatch, "coze")
    world.trained(voice_id="new", name="new").status = Status.TRAINING
    stack.state = State.parse({"resources": []})
    _, (finding,) = untracked([stack], frozenset())
    assert finding.advice.startswith("If no run is making it now, delete it")


def test_empty_slots_are_counted_and_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    world, stack = accounts(monkeypatch, "volcengine")
    world.trained(voice_id="S_lost")
    (seen,), findings = untracked([stack], frozenset())
    assert [item.voice for item in findings] == ["S_lost"]
    assert (seen.voices, seen.empty > 0) == (1, True)


def test_what_cannot_be_listed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world, stack = accounts(monkeypatch, "coze")
    world.raises["list"].append(TemporaryError("the vendor is down"))
    _, findings = untracked([stack], frozenset())
    assert [(item.kind, item.vendor) for item in findings] == [(Kind.UNREADABLE, "coze")]
    world.raises["list"].append(CannotListError("not with these"))
    (seen,), findings = untracked([stack], frozenset())
    assert (seen.note, findings) == ("not with these", [])


def test_nothing_is_untracked_while_a_stack_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    world, stack = accounts(monkeypatch, "coze")
    world.trained(voice_id="lost")
    blind = Looked("shop/prod", Path())
    (seen,), findings = untracked([stack, blind], frozenset())
    assert not findings
    assert "shop/prod cannot be read" in seen.note


# -- what is written ---------------------------------------------------------------------------------------


def report(**more: Any) -> Report:
    return Report([looked("plugin")], **more)


def test_exit_codes() -> None:
    def code(*kinds: Kind) -> int:
        return exit_code(Finding(kind, "what", "do") for kind in kinds)

    assert code() == 0
    for kind in Kind:
        assert code(kind) == (1 if kind is Kind.UNREADABLE else 7)
    assert code(Kind.CHANGED, Kind.UNREADABLE) == 1
    clean = Report([], healing={"a": Healing(Plan())})
    assert clean.exit_code == 0
    assert Report([], healing={"a": Healing(Plan(refused="no"))}).exit_code == 7
    assert Report([], healing={"a": Healing(Plan(), "locked")}).exit_code == 7


def test_the_same_findings_are_the_same_text() -> None:
    first, second = report(started=1.0, ended=2.0), report(started=3.0, ended=4.0)
    for name in ("markdown", "junit"):
        assert FORMATS[name](first) == FORMATS[name](second)
    numbered = [
        Report([], more=[Finding(Kind.UNREADABLE, f"down (code 7, request ID {number}).", "wait")])
        for number in (1, 2)
    ]
    assert len({FORMATS["markdown"](each) for each in numbered}) == 1
    assert "(code 7)" in FORMATS["markdown"](numbered[0])
    told = list(reversed(events("plugin-refresh")))
    other = Report([looked("plugin", told)], started=5.0)
    assert FORMATS["markdown"](other) == FORMATS["markdown"](first)
    assert as_table(other) == as_table(first)


def test_markdown_is_found_again_and_calls_nobody() -> None:
    finding = Finding(Kind.UNTRACKED, "It is @all's <b>.", "Say `--known a_b` to *it*.", name="@all | `x`")
    text = FORMATS["markdown"](Report([], more=[finding]))
    assert text.startswith(MARKER + "\n")
    assert "`@all \\| 'x'`" in text
    assert "<b>" not in text
    assert "@all's" not in text
    assert "`--known a_b`" in text


def test_backquotes_of_others_open_no_markup() -> None:
    """CommonMark pairs backquotes by their number in a row."""
    text = FORMATS["markdown"](Report([], more=[Finding(Kind.UNTRACKED, "` @all `` x ```", "Do.")]))
    assert "@all" not in text or "` @all `" in text
    assert "``" not in text


def test_a_name_with_lines_is_one_line_of_the_table() -> None:
    """A line that begins with `::` is a command to GitHub's runner."""
    finding = Finding(Kind.UNTRACKED, "It is theirs.", "Do.", name="a\n::error::b", vendor="coze")
    assert not any(line.startswith("::") for line in as_table(Report([], more=[finding])).splitlines())


def test_json_is_as_documented() -> None:
    healing = {"shop/dev": Healing(Plan(("urn",), (("coze", "update", 1),), 1))}
    written = json.loads(FORMATS["json"](report(commit="abc", started=0.0, ended=1.0, healing=healing)))
    assert (written["version"], written["commit"], written["exitCode"]) == (1, "abc", 1)
    assert written["started"] == "1970-01-01T00:00:00Z"
    assert written["stacks"] == [{"stack": "shop/dev", "project": "shop", "voices": 6, "readable": True}]
    assert [item["kind"] for item in written["findings"]] == sorted(
        (item["kind"] for item in written["findings"]), key=[str(kind) for kind in Kind].index
    )
    assert written["healing"][0]["steps"] == [{"resource": "coze", "operation": "update", "trainings": 1}]
    kling = next(item for item in written["findings"] if item["resource"] == "kling")
    assert kling["kind"] == "deleted"
    assert kling["urn"].endswith("::kling")


def test_nothing_secret_is_written() -> None:
    for text in (as_table(report()), *(form(report()) for form in FORMATS.values())):
        assert "nobody may read this" not in text
        assert "ciphertext" not in text


def test_junit_has_a_case_for_each_resource() -> None:
    root = ElementTree.fromstring(FORMATS["junit"](report()))  # noqa: S314 - our own
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("6", "4", "2")
    stray = Finding(Kind.UNTRACKED, "lost\x00", "import it", vendor="coze", voice="7")
    other = ElementTree.fromstring(FORMATS["junit"](Report([], more=[stray])))  # noqa: S314
    assert other[0].get("name") == "accounts"


def test_metrics_name_every_kind_of_every_stack(tmp_path: Path) -> None:
    file = tmp_path / "drift.prom"
    file.write_text("old")
    write(FORMATS["prometheus"](report(ended=12.9)), str(file))
    lines = file.read_text().splitlines()
    assert 'voiceclone_drift_findings{stack="shop/dev",kind="changed"} 3' in lines
    assert 'voiceclone_drift_findings{stack="",kind="untracked"} 0' in lines
    assert "voiceclone_drift_last_run_timestamp_seconds 12" in lines
    assert len([line for line in lines if line.startswith("voiceclone_drift_findings{")]) == 2 * len(Kind)
    assert [item.name for item in tmp_path.iterdir()] == ["drift.prom"]


def test_a_long_report_is_cut() -> None:
    many = [Finding(Kind.UNTRACKED, "lost", "import it", vendor="coze", voice=f"{n:05}") for n in range(5000)]
    text = FORMATS["markdown"](Report([], more=many))
    assert len(text) < 65536
    assert "4900 more" in text
    assert "and 4995 more: import it" in text


# -- the program, and wrong usage --------------------------------------------------------------------------


def test_only_the_commit_that_is_meant_is_healed(tmp_path: Path) -> None:
    def do(*words: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        done = subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)
        return done.stdout.decode().strip()

    project = tmp_path / "project"
    project.mkdir()
    assert git.head(project) == ""
    assert "no git repository" in git.refusal(project, "abcdef0")
    do("init", "-q")
    (project / "Pulumi.yaml").write_text("name: shop\n")
    do("add", "-A")
    do("commit", "-q", "-m", "one")
    commit = do("rev-parse", "HEAD")
    assert git.head(project) == commit
    assert git.refusal(project, commit) == ""
    assert git.refusal(project, commit[:10].upper()) == ""
    assert "not at" in git.refusal(project, "0" * 40)
    assert "not at" in git.refusal(project, commit[:3]), "too short to name a commit"
    (tmp_path / "beside").write_text("")
    assert git.refusal(project, commit) == ""
    (project / "more").write_text("")
    assert "more" in git.refusal(project, commit)


@pytest.mark.parametrize(
    "words",
    [
        ["nowhere"],
        [],
        ["--json", "-", "--markdown", "-"],
        ["--commit", "abcdef0"],
        ["--allow-delete"],
        ["--parallel", "0"],
        ["--known-file", "nowhere"],
        ["--heal", "--commit", ""],
        ["--commit", ""],
        ["--heal", "--commit", "main"],
    ],
)
def test_wrong_usage(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("drift", *words) == 2


def test_without_the_cli_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: yaml\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run("drift") == 1
    out, err = capsys.readouterr()
    assert "the Pulumi CLI is not found" in out
    assert "Traceback" not in out + err


def test_a_stack_that_two_folders_have_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Pulumi.yaml").write_text("name: shop\nruntime: yaml\n")
    cli = tmp_path / "pulumi"
    cli.write_text("#!/bin/sh\necho v3.260.0\n")
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    assert run("drift", "a:dev", "b:dev") == 2
    assert "both have a stack shop/dev" in capsys.readouterr().err


def test_a_fault_of_the_automation_api_is_a_finding_of_its_stack() -> None:
    class Broken:
        name = "dev"

        def export_stack(self) -> None:
            raise RuntimeError("summary event never found")

    project: Any = SimpleNamespace(folder=Path(), name="shop")
    api: Any = Broken()
    (finding,) = look(Stack(project, api), LIMITS, run_program=False, configured=True).findings
    assert (finding.kind, finding.stack) == (Kind.UNREADABLE, "shop/dev")
    assert "RuntimeError" in finding.message


def test_known_voices_are_read_from_a_file(tmp_path: Path) -> None:
    from voiceclone_provider.cli.drift.command import _ids

    file = tmp_path / "known"
    file.write_text("# ours by hand\n123  # the demo's\n\n456\n")
    assert _ids(file) == {"123", "456"}


def test_a_refresh_of_what_waits_to_be_deleted_is_not_the_resources_own() -> None:
    told = json.loads(json.dumps(recorded()["plugin-refresh"]))
    for event in told:
        metadata = event.get("resOutputsEvent", {}).get("metadata")
        if metadata and metadata["urn"].endswith("::coze"):
            metadata["old"]["delete"] = True
    assert not any(
        urn.endswith("::coze") for urn in of_refresh([EngineEvent.from_json(e) for e in told]).refreshed
    )
