"""The command line of `drift`."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TypeVar

import click

from ...core.errors import PermanentError
from .. import git
from ..stacks import Place, Project, Stack
from ..stacks import command as find_cli
from .detect import Limits, Looked, look, unreadable, untracked
from .heal import heal, left
from .missing import missing
from .plan import Allowed, Plan, plan, within
from .report import FORMATS, Healing, Report, as_table, write

T = TypeVar("T")
R = TypeVar("R")


@click.command(
    epilog="Exit codes: 0 nothing was found, or all of it is healed; 7 something was found, or was not "
    "healed; 1 something could not be read, whatever else was found; 2 wrong usage.",
)
@click.argument("places", metavar="[PROJECT[:STACK]]...", nargs=-1)
@click.option("--all-stacks", is_flag=True, help="All stacks of a PROJECT that has no :STACK.")
@click.option(
    "--parallel", type=click.IntRange(1), default=4, show_default=True, help="How many stacks at once."
)
@click.option("--run-program", is_flag=True, help="Run the programs for their providers' configuration.")
@click.option(
    "--declared", is_flag=True, help="Find what programs declare and stacks lack, too; --heal always does."
)
@click.option("--json", "json_file", metavar="FILE", help="Write the findings as JSON; - is stdout.")
@click.option("--markdown", "markdown_file", metavar="FILE", help="Write them for an issue.")
@click.option("--junit", "junit_file", metavar="FILE", help="Write them as a test report.")
@click.option("--prometheus", "prometheus_file", metavar="FILE", help="Write their numbers as metrics.")
@click.option(
    "--expires-within",
    type=click.IntRange(0),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="A voice whose term ends within these is a finding.",
)
@click.option(
    "--trainings-left",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    metavar="N",
    help="A voice with no more trainings left than these is a finding.",
)
@click.option(
    "--untracked/--no-untracked",
    "lists",
    default=True,
    show_default=True,
    help="List the accounts for voices that no stack given here has.",
)
@click.option("--known", multiple=True, metavar="ID", help="An untracked voice that is no finding.")
@click.option(
    "--known-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The same, an ID a line; # begins a comment.",
)
@click.option("--heal", "heals", is_flag=True, help="Undo what was changed or deleted, by `up` of it alone.")
@click.option(
    "--max-trainings",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    metavar="N",
    help="Heal nothing that trains where all of it needs more than these.",
)
@click.option("--allow-replace", is_flag=True, help="Heal by replacing what still exists.")
@click.option("--allow-delete", is_flag=True, help="Heal by deleting what still exists.")
@click.option("--commit", metavar="SHA", help="Heal only where the projects are at this commit, unchanged.")
def command(
    places: tuple[str, ...],
    *,
    all_stacks: bool,
    parallel: int,
    run_program: bool,
    declared: bool,
    json_file: str | None,
    markdown_file: str | None,
    junit_file: str | None,
    prometheus_file: str | None,
    expires_within: int,
    trainings_left: int,
    lists: bool,
    known: tuple[str, ...],
    known_file: Path | None,
    heals: bool,
    max_trainings: int,
    allow_replace: bool,
    allow_delete: bool,
    commit: str | None,
) -> None:
    """Find what others did to the voices of stacks, and heal it.

    PROJECT is a folder with a Pulumi.yaml (default: this one). Without --heal nothing is changed, neither at
    a vendor nor in a stack.
    """
    files = dict(zip(FORMATS, (json_file, markdown_file, junit_file, prometheus_file), strict=True))
    if list(files.values()).count("-") > 1:
        raise click.UsageError("Only one of the files can be stdout (-).")
    if not heals and (allow_replace or allow_delete or commit is not None):
        raise click.UsageError("--allow-replace, --allow-delete and --commit belong to --heal.")
    if commit is not None and not re.fullmatch("[0-9a-fA-F]{7,64}", commit):
        raise click.UsageError("--commit takes 7 digits of a commit's hash, or more.")
    known_ids = frozenset(known) | _ids(known_file)
    given = list(dict.fromkeys(Place.parse(word) for word in places or (".",)))
    started = time.time()
    limits = Limits(expires_within, trainings_left, started)

    def looks(stack: Stack) -> Looked:
        looked = look(stack, limits, run_program=run_program, configured=lists)
        if declared or heals:
            looked.findings += missing(looked)
        return looked

    stacks, lost = _stacks(given, every=all_stacks)
    looked = [*lost, *_each(looks, stacks, parallel, "read")]
    accounts, strays = untracked(looked, known_ids) if lists else ([], [])
    healing = None
    if heals:
        allowed = Allowed(max_trainings, allow_replace, allow_delete)
        healing, looked = _healed(looked, allowed, commit, parallel, looks)
    report = Report(
        looked,
        accounts,
        strays,
        healing,
        commit=_commit(place.folder for place in given),
        started=started,
        ended=time.time(),
    )
    try:
        for name, file in files.items():
            if file is not None:
                write(FORMATS[name](report), file)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    if "-" not in files.values():
        print(as_table(report), end="")
    sys.exit(report.exit_code)


def _stacks(places: Sequence[Place], *, every: bool) -> tuple[list[Stack], list[Looked]]:
    """The stacks meant, each once, and the projects whose stacks cannot be found."""
    stacks: dict[str, Stack] = {}
    lost: list[Looked] = []
    cli = cache(find_cli)  # asks the CLI for its version; without one, every project is told so
    for place in places:
        try:
            project = Project(place.folder, cli())
            found = [project.stack(place.stack)] if place.stack else project.stacks(every=every)
        except PermanentError as error:
            lost.append(
                Looked(str(place.folder), place.folder, findings=[unreadable(str(place.folder), str(error))])
            )
        else:
            for stack in found:
                other = stacks.setdefault(stack.label, stack).project.folder
                if other.resolve() != place.folder.resolve():
                    raise click.UsageError(f"{other} and {place.folder} both have a stack {stack.label}.")
    return list(stacks.values()), lost


def _healed(
    looked: Sequence[Looked],
    allowed: Allowed,
    commit: str | None,
    parallel: int,
    looks: Callable[[Stack], Looked],
) -> tuple[dict[str, Healing], list[Looked]]:
    """What became of healing, and the stacks as they are afterwards."""
    ill = {each.label: each for each in looked if each.healable}

    def planned(each: Looked) -> Plan:
        refused = git.refusal(each.folder, commit) if commit else ""
        return Plan(refused=refused) if refused else plan(each, allowed)

    plans = within(dict(zip(ill, _each(planned, ill.values(), parallel, "planned"), strict=True)), allowed)

    def done(label: str) -> tuple[str, Looked]:
        before = ill[label]
        assert before.stack is not None  # noqa: S101 - it was planned
        trouble = heal(before, plans[label])
        after = looks(before.stack)
        after.findings = left(before, after, trouble)
        return trouble, after

    wanted = [label for label, each in plans.items() if not each.refused]
    outcomes = dict(zip(wanted, _each(done, wanted, parallel, "healed"), strict=True))
    healing = {
        label: Healing(each, outcomes[label][0] if label in outcomes else "") for label, each in plans.items()
    }
    return healing, [outcomes[each.label][1] if each.label in outcomes else each for each in looked]


def _each(act: Callable[[T], R], items: Iterable[T], parallel: int, verb: str) -> list[R]:
    """What it makes of each, in order, with progress for people."""
    items = list(items)
    done = 0

    def one(item: T) -> R:
        nonlocal done
        result = act(item)
        done += 1
        if sys.stderr.isatty():
            print(f"{done} of {len(items)} stacks {verb}", file=sys.stderr)
        return result

    with ThreadPoolExecutor(parallel) as threads:
        return list(threads.map(one, items))


def _ids(file: Path | None) -> frozenset[str]:
    if file is None:
        return frozenset()
    lines = (line.partition("#")[0].strip() for line in file.read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line)


def _commit(folders: Iterable[Path]) -> str:
    """The commit that all of these are at; empty where there is none."""
    commits = {git.head(folder) for folder in folders}
    return commits.pop() if len(commits) == 1 else ""
