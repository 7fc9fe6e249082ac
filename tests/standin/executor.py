"""A deployment: registers what the program wants, does the steps, and deletes what is left over.

pkg/resource/deploy/deployment_executor.go and step_executor.go. The plan is made in one thread; chains of
steps run in others, as many at once as the user says. The first failure ends the deployment, which means:
what was not begun is not begun any more, and what was begun ends by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from .answers import Checked, Difference, ProviderError
from .calls import Killed
from .deleting import deletions, rounds
from .deployment import Snapshot
from .graph import Graph
from .options import Options
from .planner import Planner
from .plugins import PluginError
from .provider import Provider
from .registry import Registry
from .replacing import PlanError
from .resources import Operation, State, name_of
from .safety import UnsafeError
from .snapshots import SaveError, SnapshotManager
from .steps import ProtectedError, Step, StepError, applied
from .values import plain
from .wire import WireError

FAULTS = (ProviderError, PluginError, WireError, StepError, SaveError, UnsafeError)


class Events(Protocol):
    """What a deployment tells of itself."""

    def tell(self, severity: str, text: str, urn: str = "") -> None:
        """A line for the user: `warning` or `error`, or `info`."""

    def begun(self, step: Step) -> None: ...

    def ended(self, step: Step, error: StepError | None) -> None: ...


class Deployment:
    """One deployment.

    Arguments:
        snapshot: the state before.
        snapshots: saves; None in a preview.
    """

    def __init__(
        self,
        project: str,
        stack: str,
        snapshot: Snapshot,
        snapshots: SnapshotManager | None,
        registry: Registry,
        events: Events,
        options: Options,
    ) -> None:
        self.project, self.stack = project, stack
        self.options, self.preview = options, options.preview
        self.registry = registry
        self.events = events
        self.snapshots = snapshots
        self._snapshot = snapshot
        self.news: dict[str, State] = {}
        self.diffs: dict[str, Difference] = {}
        self.imported: set[State] = set()
        self.errored_steps: list[Step] = []
        self.failed = False
        self.canceled = threading.Event()
        """Nothing new is to be begun."""
        self.terminated = threading.Event()
        """Nothing is to be saved any more."""
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max(1, options.parallel))
        self._killed: BaseException | None = None
        self.rebase()
        self.planner = Planner(self)

    def rebase(self) -> None:
        """Look at the old state anew, because a refresh has changed it."""
        self.resources = self._snapshot.resources
        self.olds = {state.urn: state for state in self.resources if not state.delete}
        self.graph = Graph(self.resources)

    @property
    def pending_operations(self) -> list[Operation]:
        return self._snapshot.operations

    # -- for steps and planner -----------------------------------------------------------------------------

    def provider(self, state: State) -> Provider:
        self.ensure_provider(state.provider)
        return self.registry.using(state.provider, state.type)

    def ensure_provider(self, reference: str) -> None:
        """A provider that the program does not have is configured as the state says."""
        if not reference or self.registry.get(reference) is not None:
            return
        for state in self.resources:
            if state.is_provider and state.reference == reference:
                self.registry.same(state, checked=False)
                return
        raise StepError(f"could not find provider {reference}")

    def warn(self, text: str, urn: str = "") -> None:
        self.events.tell("warning", text, urn)

    def error(self, text: str, urn: str = "") -> None:
        self.failed = True
        self.events.tell("error", text, urn)

    def check_failed(self, state: State, checked: Checked) -> None:
        for name, reason in checked.failures:
            about = f"property {name} value {_shown(state, name)} " if name else ""
            resource = f"{state.type} resource '{name_of(state.urn)}'"
            self.error(f"{resource}: {about}has a problem: {reason}", state.urn)

    # -- steps ---------------------------------------------------------------------------------------------

    def start(self, chain: list[Step]) -> Future[None]:
        """Do steps, one after the other, in another thread."""
        return self._pool.submit(self._run, chain)

    def cancel(self) -> None:
        self.canceled.set()

    def end_at_once(self) -> None:
        """Nothing is waited for any more, and nothing saved."""
        self.terminated.set()
        self._killed = Killed()
        self.canceled.set()

    def wait(self, futures: Iterable[Future[None]]) -> None:
        for future in list(futures):
            future.result()
        self.raise_killed()

    def close(self) -> None:
        """Wait for what was begun."""
        self._pool.shutdown(wait=self._killed is None, cancel_futures=True)

    def raise_killed(self) -> None:
        if self._killed is not None:
            raise self._killed

    def _run(self, chain: list[Step]) -> None:
        try:
            for step in chain:
                if self.canceled.is_set() or not self.execute(step):
                    return
        except BaseException as error:  # to be raised where the deployment is waited for
            self._killed = error
            self.canceled.set()
            for step in chain:
                step.fail()
            if not isinstance(error, Killed):
                raise

    def execute(self, step: Step) -> bool:
        """Do a step; whether it succeeded."""
        self.events.begun(step)
        try:
            if self.snapshots is not None:
                step.begin(self.snapshots)
            error = applied(step, self)
            if step.new is not None and step.op != "replace":
                with self._lock:
                    self.news[step.new.urn] = step.new
            if self.terminated.is_set():
                return False
            self.events.ended(step, error)
            if self.snapshots is not None:
                step.end(self.snapshots, successful=error is None or error.partial)
        except SaveError as failure:
            self.error(f"post-step event returned an error: {failure}", step.resource.urn)
            self._failed(step, failure)
            return False
        if error is None:
            step.complete()
            return True
        self.failed = True
        self._failed(step, error)
        return False

    def _failed(self, step: Step, error: Exception) -> None:
        if self.options.continue_on_error or isinstance(error, ProtectedError):
            with self._lock:
                self.errored_steps.append(step)
        else:
            self.canceled.set()
        step.fail()

    # -- the end -------------------------------------------------------------------------------------------

    def delete(self) -> None:
        """Delete what the program does not have."""
        if not self.resources:
            return
        try:
            kept, deleted = deletions(self)
        except PlanError as error:
            self.plan_failed(error)
            return
        self.wait([self.start(kept)])
        spared: set[State] = set()
        seen: set[Step] = set()
        for group in rounds(self, deleted):
            for step in set(self.errored_steps) - seen:
                spared |= self._needed_by(step)
                seen.add(step)
            self.wait([self.start([step]) for step in group if step.resource not in spared])

    def _needed_by(self, step: Step) -> set[State]:
        """What stays because a resource could not be deleted."""
        states = [state for state in (step.old, step.new) if state is not None and state in self.graph]
        return set().union(*(self.graph.all_dependencies_of(state) for state in states))

    def plan_failed(self, error: PlanError) -> None:
        self.failed = True
        if not error.told:
            self.error(str(error), error.urn)

    def planned(self, plan: Callable[[], list[Step]], urn: str) -> list[Step] | None:
        """The steps of a plan; None if there is none, which ends the deployment."""
        try:
            return plan()
        except PlanError as error:
            self.plan_failed(error)
        except FAULTS as fault:
            self.error(str(fault), urn)
        self.canceled.set()
        return None


def _shown(state: State, name: str) -> str:
    value = state.inputs.get(name.partition(".")[0])
    bare = plain(value)
    return "[secret]" if bare is not value and value is not None and bare != value else f"{{{bare}}}"
