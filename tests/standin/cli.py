"""The command line: the words of the real CLI's that demo and tests use."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from . import state_commands
from .answers import ProviderError
from .deployment import load
from .display import BANNER, Display
from .engine import Engine, Outcome
from .evaluation import EvaluationError
from .graph import protected
from .importing import Wanted
from .options import Targets
from .plugins import Launcher, PluginError
from .program import ProgramError
from .project import Project, UsageError, current
from .recording import Recorder
from .resources import ROOT_TYPE, State
from .safety import UnsafeError
from .secrets import SecretsError
from .store import StateError
from .values import plain

_FAULTS: Final = (
    UsageError,
    UnsafeError,
    SecretsError,
    StateError,
    ProgramError,
    EvaluationError,
    PluginError,
    ProviderError,
)
NO_CHANGES, TERMINATED = 7, 8


def main(words: list[str] | None = None, plugin: Launcher | None = None) -> int:
    """Run a command; its exit code. `plugin` takes the place of those that the program names."""
    arguments = parser().parse_args(words)
    # Output that is read by machines stays on stdout alone.
    print(BANNER, file=sys.stderr if getattr(arguments, "data", False) else sys.stdout, flush=True)
    try:
        project = current(stack=arguments.stack, plugin=plugin)
        code: int = arguments.run(project, arguments)
    except _FAULTS as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    return code


# -- deployments -------------------------------------------------------------------------------------------

_TARGETING: Final = ("targets", "target_dependents", "excludes", "continue_on_error")
_PROGRAM: Final = (*_TARGETING, "replace", "refresh")


@dataclass(frozen=True)
class _Command:
    """A command that deploys.

    Arguments:
        takes: options that the engine is given.
        do: calls the engine.
    """

    title: str
    noun: str
    takes: tuple[str, ...]
    do: Callable[[Engine, dict[str, Any]], Outcome]


def _up(project: Project, arguments: argparse.Namespace) -> int:
    def do(engine: Engine, options: dict[str, Any]) -> Outcome:
        return engine.up(project.program, **options)

    return _deploy(project, arguments, _Command("Updating", "update", _PROGRAM, do))


def _preview(project: Project, arguments: argparse.Namespace) -> int:
    def do(engine: Engine, options: dict[str, Any]) -> Outcome:
        return engine.up(project.program, **options)

    arguments.preview_only = True
    return _deploy(project, arguments, _Command("Previewing", "update", _PROGRAM, do))


def _refresh(project: Project, arguments: argparse.Namespace) -> int:
    if arguments.clear_pending_creates:
        state_commands.clear_pending_creates(project)
    command = _Command("Refreshing", "refresh", _TARGETING, lambda engine, options: engine.refresh(**options))
    return _deploy(project, arguments, command)


def _destroy(project: Project, arguments: argparse.Namespace) -> int:
    takes = (*_TARGETING, "refresh")
    if arguments.exclude_protected:
        resources = load(project.store.load(), project.keeper()).resources
        arguments.exclude += protected(resources)
        if arguments.exclude and len(arguments.exclude) == len(resources):
            print("There were no unprotected resources to destroy.")
            return 0
    command = _Command("Destroying", "destroy", takes, lambda engine, options: engine.destroy(**options))
    return _deploy(project, arguments, command)


def _import(project: Project, arguments: argparse.Namespace) -> int:
    protect = arguments.protect != "false"
    if arguments.file:
        declared = json.loads(Path(arguments.file).read_text("utf-8"))["resources"]
        wanted = [
            Wanted(item["type"], item["name"], item["id"], protect, list(item.get("properties") or ()))
            for item in declared
        ]
    elif len(arguments.resource) == 3:
        type_, name, identity = arguments.resource
        wanted = [Wanted(type_, name, identity, protect)]
    else:
        raise UsageError("import takes a type, a name and an ID, or --file")
    command = _Command("Importing", "import", (), lambda engine, options: engine.import_(*wanted, **options))
    code = _deploy(project, arguments, command)
    if code == 0 and arguments.out:
        _write_imported(project, wanted, Path(arguments.out))
    return code


def _write_imported(project: Project, wanted: list[Wanted], file: Path) -> None:
    """Declarations of what was imported, to be copied into a program."""
    snapshot = load(project.store.load(), project.keeper())
    names = {item.name for item in wanted}
    resources = {
        state.name: {"type": state.type, "properties": plain(state.inputs)}
        for state in snapshot.resources
        if state.name in names and not state.delete
    }
    text = yaml.safe_dump({"resources": resources}, sort_keys=False, allow_unicode=True)
    file.write_text(text, "utf-8")


def _deploy(project: Project, arguments: argparse.Namespace, command: _Command) -> int:
    """The preview, where it is not skipped, and the deployment."""
    only_preview = arguments.preview_only
    if not (only_preview or arguments.yes or arguments.skip_preview):
        raise UsageError(
            "--yes or --skip-preview must be passed in to proceed when running non-interactively"
        )
    if only_preview or not arguments.skip_preview:
        code = _once(project, arguments, command, preview=True)
        if only_preview or code not in (0, NO_CHANGES):
            return code
    with _locked(project):
        return _once(project, arguments, command, preview=False)


def _once(project: Project, arguments: argparse.Namespace, command: _Command, *, preview: bool) -> int:
    log = Path(arguments.event_log) if arguments.event_log else None
    display = Display(sys.stdout, events=log, quiet=arguments.suppress_progress)
    title = f"{'Previewing ' + command.noun if preview else command.title} ({project.stack})"
    display.headline(title, preview=preview)
    known = {
        "targets": Targets([*arguments.target, *arguments.target_replace]),
        "target_dependents": arguments.target_dependents,
        "excludes": Targets(arguments.exclude),
        "replace": Targets([*arguments.replace, *arguments.target_replace]),
        "continue_on_error": arguments.continue_on_error,
        "refresh": arguments.refresh,
    }
    options: dict[str, Any] = {name: known[name] for name in command.takes}
    with _engine(project, display, arguments) as engine, _interruptible(engine):
        outcome = command.do(engine, {**options, "preview": preview})
        stack = next((state for state in _resources(engine, outcome) if state.type == ROOT_TYPE), None)
    display.summary(outcome, stack, preview=preview)
    return _code(outcome, arguments, preview=preview)


def _code(outcome: Outcome, arguments: argparse.Namespace, *, preview: bool) -> int:
    if outcome.killed:
        return TERMINATED
    if not outcome.succeeded:
        return 1
    if arguments.expect_no_changes and outcome.changed:
        print(f"error: no changes were expected but changes {'were proposed' if preview else 'occurred'}")
        return NO_CHANGES
    return 0


def _resources(engine: Engine, outcome: Outcome) -> list[State]:
    """The latest that is known of the stack."""
    states = [done.step.new for done in reversed(outcome.steps) if done.step.new is not None]
    return [*states, *engine.snapshot().resources]


@contextlib.contextmanager
def _engine(project: Project, display: Display, arguments: argparse.Namespace) -> Iterator[Engine]:
    keeper = project.keeper()
    config = project.config(keeper)
    launchers = project.launchers(config)
    recorder = Recorder(os.environ.get("PULUMI_DEBUG_GRPC"))
    if not project.store.exists:
        raise UsageError(f"no stack named '{project.stack}' found")
    engine = Engine(
        project.store.file,
        launchers,
        project=project.name,
        stack=project.stack,
        config=config,
        keeper=keeper,
        store=project.store,
        parallel=arguments.parallel,
        listener=display,
    )
    engine.hooks = recorder
    with engine:
        yield engine


@contextlib.contextmanager
def _locked(project: Project) -> Iterator[None]:
    lock = project.store.lock()
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


@contextlib.contextmanager
def _interruptible(engine: Engine) -> Iterator[None]:
    """Ctrl-C once lets what was begun end; twice ends at once."""

    def interrupt(number: int, frame: object) -> None:
        print("^C received; cancelling. If you would like to terminate immediately, press ^C again.")
        threading.Thread(target=engine.cancel, daemon=True).start()

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# -- the command line --------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("-s", "--stack")
    shared.add_argument("--non-interactive", action="store_true")
    shared.add_argument("--color", default="never")
    shared.add_argument("--logtostderr", action="store_true")
    shared.add_argument("-v", type=int, default=0, dest="verbosity")
    whole = argparse.ArgumentParser(prog="standin", description=__doc__)
    commands = whole.add_subparsers(required=True, metavar="command")
    deploying = _deploying(shared)
    for name, run in {"up": _up, "preview": _preview, "destroy": _destroy}.items():
        commands.add_parser(name, parents=[deploying]).set_defaults(run=run)
    refresh = commands.add_parser("refresh", parents=[deploying])
    refresh.add_argument("--clear-pending-creates", action="store_true")
    refresh.set_defaults(run=_refresh)
    commands.choices["destroy"].add_argument("--exclude-protected", action="store_true")
    importing = commands.add_parser("import", parents=[deploying])
    importing.add_argument("--protect", nargs="?", const="true", default="true")
    importing.add_argument("--file", "-f")
    importing.add_argument("--out", "-o")
    importing.add_argument("--generate-code", default="true")
    importing.add_argument("resource", nargs="*", help="type, name and ID")
    importing.set_defaults(run=_import)
    state_commands.add(commands, shared)
    return whole


def _deploying(shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What all deployments take."""
    options = argparse.ArgumentParser(add_help=False, parents=[shared])
    for name in ("yes", "skip-preview", "preview-only", "expect-no-changes", "continue-on-error"):
        options.add_argument(f"--{name}", action="store_true")
    for name in ("refresh", "target-dependents", "suppress-progress"):
        options.add_argument(f"--{name}", action="store_true")
    for name in ("target", "replace", "target-replace", "exclude"):
        options.add_argument(f"--{name}", action="append", default=[])
    options.add_argument("--parallel", "-p", type=int, default=4 * (os.cpu_count() or 1))
    options.add_argument("--event-log")
    options.add_argument("--message", "-m")
    return options
