"""The library: an engine whose every command runs in this process.

    engine = Engine(folder, plugin=InProcess(lambda address: Server(address)))
    outcome = engine.up({"resources": {...}})

Each command is what one command of the real CLI is: plugins are started for it, told to cancel and ended
after it, and all that lasts from one to the next is what was saved.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .calls import Call, Hooks, Killed, Line
from .deployment import Snapshot, dump, load
from .engine_service import EngineService
from .executor import Deployment
from .goals import Schema
from .importing import Wanted, import_resources
from .options import Options
from .plugins import InProcess, Launcher, Process
from .program import Program
from .reading import Read, Refresh
from .refreshing import refresh
from .registry import Registry
from .resources import is_default_provider, package_of
from .runner import Runner
from .safety import Guard
from .secrets import Keeper, PlainKeeper
from .snapshots import SaveError, SnapshotManager
from .steps import Step, StepError
from .store import Store


@dataclass
class Told:
    """A line for the user."""

    severity: str
    text: str
    urn: str = ""
    status: bool = False


@dataclass
class Done:
    """A step that was done, or was planned in a preview."""

    op: str
    urn: str
    step: Step
    error: StepError | None = None


@dataclass
class Outcome:
    """How a command ended.

    Arguments:
        succeeded: what makes the real CLI exit with 0.
        killed: the engine was ended, by a hook or by a second Ctrl-C.
        refresh: the command was a refresh, and what it found counts as changes.
    """

    succeeded: bool = True
    killed: bool = False
    refresh: bool = False
    lines: list[Told] = field(default_factory=list)
    steps: list[Done] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    @property
    def changes(self) -> dict[str, int]:
        """How many resources were changed in which way, as the summary counts them."""
        counts: dict[str, int] = {}
        for done in self.steps:
            found = isinstance(done.step, Refresh) and self.refresh
            op = done.step.result if isinstance(done.step, Refresh) else done.op
            seen = isinstance(done.step, Read) and not done.step.differs
            if (
                done.error is None
                and (done.step.logical or found)
                and not (seen or is_default_provider(done.urn))
            ):
                counts[op] = counts.get(op, 0) + 1
        return counts

    @property
    def changed(self) -> bool:
        """What `--expect-no-changes` does not expect."""
        return not self.changes.keys() <= {"same", "read", "read-replacement", "discard"}

    def told(self, severity: str) -> list[str]:
        return [line.text for line in self.lines if line.severity == severity and not line.status]

    def methods(self, *names: str) -> list[str]:
        """The calls to resources, in order, as `Method name`."""
        calls = [call for call in self.calls if call.urn and (not names or call.method in names)]
        return [f"{call.method} {call.urn.rpartition('::')[2]}" for call in calls]


class Listener:
    """What a command tells while it runs; the display is one."""

    def line(self, told: Told) -> None: ...

    def begun(self, step: Step) -> None: ...

    def ended(self, done: Done) -> None: ...


class Engine:
    """One stack, and the commands on it.

    Arguments:
        folder: where the state lies; made if it is not there.
        plugin: how the `voiceclone` plugin is reached, or how each package's is.
        schema: the package's; without it a plugin is started and asked, as the real engine does whenever it
            runs a program.
        keeper: how secrets are kept; readable unless said otherwise.
        parallel: how many chains of steps may run at once.
    """

    def __init__(
        self,
        folder: Path,
        plugin: Launcher | Mapping[str, Launcher],
        *,
        schema: Mapping[str, Any] | None = None,
        project: str = "voices",
        stack: str = "test",
        config: Mapping[str, Any] | None = None,
        keeper: Keeper | None = None,
        store: Store | None = None,
        parallel: int = 16,
        guard: Guard | None = None,
        listener: Listener | None = None,
    ) -> None:
        self.project, self.stack = project, stack
        self.config = dict(config or {})
        self.store = store or Store(folder, project, stack)
        self.hooks = Hooks()
        self._launchers = plugin if isinstance(plugin, Mapping) else {"voiceclone": plugin}
        self._schema = Schema.of(schema) if schema is not None else None
        self._keeper: Keeper = keeper or PlainKeeper()
        self._parallel = parallel
        self._guard = guard or _guard(self._launchers)
        self._listener = listener or Listener()
        self._service = EngineService()
        self._run: _Run | None = None
        self._program_folder = folder
        if not self.store.exists:
            self.store.create()

    def close(self) -> None:
        self._service.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- commands ------------------------------------------------------------------------------------------

    def up(self, program: Program | Mapping[str, Any], **options: Any) -> Outcome:
        """`pulumi up --skip-preview`; `refresh=True` for `--refresh`."""
        return self._program(program, Options(parallel=self._parallel, **options))

    def preview(self, program: Program | Mapping[str, Any], **options: Any) -> Outcome:
        return self._program(program, Options(parallel=self._parallel, preview=True, **options))

    def refresh(self, **options: Any) -> Outcome:
        """`pulumi refresh --skip-preview`; `preview=True` for `--preview-only`."""

        def work(run: _Run) -> None:
            run.outcome.refresh = True
            if not run.missing_targets():
                refresh(run.deployment)

        return self._command(Options(parallel=self._parallel, **options), work)

    def destroy(self, **options: Any) -> Outcome:
        """`pulumi destroy --skip-preview`."""

        def destroy(run: _Run) -> None:
            if not run.missing_targets() and (not run.options.refresh or refresh(run.deployment)):
                run.deployment.delete()

        return self._command(Options(parallel=self._parallel, **options), destroy)

    def import_(self, *wanted: Wanted, **options: Any) -> Outcome:
        """`pulumi import --skip-preview`."""

        def work(run: _Run) -> None:
            import_resources(run.deployment, list(wanted), self.config)

        return self._command(Options(parallel=self._parallel, **options), work)

    def cancel(self) -> None:
        """Ctrl-C, in a command that runs in another thread; the second time it ends at once."""
        if self._run is not None:
            self._run.interrupt()

    # -- the state -----------------------------------------------------------------------------------------

    def export(self, keeper: Keeper | None = None) -> dict[str, Any]:
        """`pulumi stack export`; with secrets as `keeper` keeps them, if one is named."""
        return dump(self.snapshot(), keeper) if keeper is not None else self.store.load()

    def import_state(self, exported: Mapping[str, Any]) -> None:
        """`pulumi stack import`."""
        self.store.save(dump(load(exported, self._keeper), self._keeper))

    def snapshot(self) -> Snapshot:
        """The state, to look at."""
        return load(self.store.load(), self._keeper)

    def taint(self, urn: str) -> None:
        """`pulumi state taint`."""
        snapshot = self.snapshot()
        for state in snapshot.resources:
            state.taint = state.taint or (state.urn == urn and not state.delete)
        self.store.save(dump(snapshot, self._keeper))

    # -- how a command runs --------------------------------------------------------------------------------

    def _program(self, program: Program | Mapping[str, Any], options: Options) -> Outcome:
        if not isinstance(program, Program):
            program = Program.of({"name": self.project, **program}, self._program_folder)
        wanted: Program = program

        def work(run: _Run) -> None:
            if options.refresh and not refresh(run.deployment):
                return
            if run.deployment.planner.targeting.unknown(options.replace):
                return
            _warn_of_pending(run.deployment)
            schema = self._schema or run.schema(wanted)
            runner = Runner(run.deployment, wanted, self.config, schema)
            run.wake = runner.wake
            runner.run()
            runner.finish()

        return self._command(options, work)

    def _command(self, options: Options, work: Callable[[_Run], object]) -> Outcome:
        run = self._run = _Run(self, options)
        self._service.listener = run.heard
        try:
            work(run)
            run.end()
        except Killed:
            run.kill()
        finally:
            self._service.listener = lambda severity, text, urn, status: None
            self._run = None
        return run.outcome

    def begin(self, run: _Run) -> Deployment:
        """The deployment of a command."""
        snapshot = self.snapshot()
        snapshots = None
        if not run.options.preview:
            snapshots = SnapshotManager(snapshot, self._keeper, self.store.save, run.line)
        return Deployment(self.project, self.stack, snapshot, snapshots, run.registry, run, run.options)

    def registry(self, line: Line) -> Registry:
        return Registry(self._launchers, self._service.address, line, self._guard)

    @property
    def listener(self) -> Listener:
        return self._listener


class _Run:
    """One command under way."""

    def __init__(self, engine: Engine, options: Options) -> None:
        self.options = options
        self.outcome = Outcome()
        self.line = Line(engine.hooks, self.outcome.calls)
        self._listener = engine.listener
        self.wake: Callable[[], None] = lambda: None
        self.registry = engine.registry(self.line)
        self.deployment = engine.begin(self)

    # -- what is told --------------------------------------------------------------------------------------

    def heard(self, severity: str, text: str, urn: str, status: bool) -> None:
        told = Told(severity, text, urn, status)
        self.outcome.lines.append(told)
        self._listener.line(told)

    def tell(self, severity: str, text: str, urn: str = "") -> None:
        self.heard(severity, text, urn, False)

    def begun(self, step: Step) -> None:
        self._listener.begun(step)

    def ended(self, step: Step, error: StepError | None) -> None:
        done = Done(step.op, step.resource.urn, step, error)
        self.outcome.steps.append(done)
        if error is not None:
            self.tell("error", str(error), done.urn)
        self._listener.ended(done)

    # -- the end -------------------------------------------------------------------------------------------

    def schema(self, program: Program) -> Schema:
        """The schemas of the packages that a program uses, each from a plugin of its own."""
        packages = {package_of(str(declared.get("type", ""))) for declared in program.resources.values()}
        return Schema.joined([self.registry.start(package).schema() for package in sorted(packages)])

    def missing_targets(self) -> bool:
        """Tell of targets that are not in the state; whether there are such."""
        targeting = self.deployment.planner.targeting
        return targeting.unknown(self.options.targets) or targeting.unknown(self.options.excludes)

    def interrupt(self) -> None:
        """Ctrl-C. The second time, what is under way is ended, and what comes of it is not saved."""
        deployment = self.deployment
        self.outcome.succeeded = False
        if deployment.canceled.is_set():
            deployment.end_at_once()
            self.wake()
            self.registry.close()
            return
        deployment.cancel()
        self.wake()
        self.registry.cancel()

    def end(self) -> None:
        """Plugins end before the last save, if there is any left (pkg/backend/diy/backend.go)."""
        deployment = self.deployment
        deployment.close()
        deployment.raise_killed()
        if deployment.failed or deployment.planner.errored:
            self.outcome.succeeded = False
        self.registry.close()
        try:
            if deployment.snapshots is not None and not deployment.terminated.is_set():
                deployment.snapshots.close()
        except SaveError as error:
            self.tell("error", str(error))
            self.outcome.succeeded = False

    def kill(self) -> None:
        self.outcome.succeeded, self.outcome.killed = False, True
        if self.deployment.terminated.is_set():
            self.registry.close()
        self.line.killed.set()
        self.registry.abandon()
        self.deployment.close()


def _warn_of_pending(deployment: Deployment) -> None:
    """What became of an interrupted operation is for a person to find out."""
    pending = deployment.pending_operations
    if pending and not deployment.preview:
        lines = [
            f"  * {operation.resource.urn}, interrupted while {operation.type}\n" for operation in pending
        ]
        deployment.warn(
            f"Attempting to deploy or update resources with {len(pending)} pending operations from previous "
            f"deployment.\n{''.join(lines)}These resources are in an unknown state because the engine was "
            "interrupted while waiting for changes to these resources to complete. Look at the provider for "
            "what became of them. Then `pulumi refresh` clears them, and creations with "
            "--clear-pending-creates."
        )


def _guard(launchers: Mapping[str, Launcher]) -> Guard:
    """Providers are kept from what is real, whatever starts them."""
    for launcher in launchers.values():
        if isinstance(launcher, Process):
            return Guard(launcher.environment)
        if isinstance(launcher, InProcess):
            return Guard(os.environ, strict=not launcher.played)
    return Guard(os.environ)
