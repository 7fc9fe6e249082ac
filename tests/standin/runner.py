"""Runs a program: registers its resources as soon as what they need is there.

What the real engine gets from the YAML language host (pkg/pulumiyaml/run.go of pulumi-yaml) and its resource
monitor (pkg/resource/deploy/source_eval.go, default_providers.go).
"""

from __future__ import annotations

import queue
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from .evaluation import Evaluated, EvaluationError, Scope
from .executor import FAULTS, Deployment
from .goals import Schema, goal_of
from .program import Node, Program, ProgramError
from .reading import Import
from .resources import ROOT_TYPE, Goal, State, package_of, provider_type
from .snapshots import SaveError
from .steps import Registration, Step
from .values import Properties, Secret, copied, equal, has_secret, secret

_WAKE = ("wake", None, None)


class Runner:
    """One run of a program.

    Arguments:
        config: the stack's configuration; keys of the program's own without its name.
        schema: what is secret in a resource type.
    """

    def __init__(
        self, deployment: Deployment, program: Program, config: Mapping[str, Any], schema: Schema
    ) -> None:
        self._deployment = deployment
        self._program = program
        self._config = config
        self._schema = schema
        self._events: queue.Queue[tuple[str, Any, Any]] = queue.Queue()
        self._under_way: set[str] = set()
        self._failed: set[str] = set()
        self._defaults: dict[str, str] = {}
        self._chains: list[Future[None]] = []
        self.stack: State | None = None
        self._scope = Scope(program.folder, deployment.preview, self._invoke, schema.outputs)

    def wake(self) -> None:
        """Look whether the deployment was cancelled."""
        self._events.put(_WAKE)

    def run(self) -> None:
        """Run it, up to where resources are deleted; afterwards `finish` it."""
        nodes = self._understood()
        while not self._deployment.canceled.is_set():
            nodes = self._begin_ready(nodes)
            if not self._under_way:
                break
            self._take(self._events.get())
        if not self._deployment.canceled.is_set() and not self._failed:
            self._deployment.wait(self._chains)
            self._deployment.planner.targeting.unknown(self._deployment.options.targets)
            self._deployment.delete()

    def _understood(self) -> list[Node]:
        """Its resources and variables, each after what it needs; none if there is a mistake in it."""
        problems = []
        try:
            nodes = self._program.nodes()
            problems = list(self._schema.problems(nodes))
            if not problems:
                self._register_stack()
                self._read_config()
                return nodes
        except (ProgramError, EvaluationError) as error:
            problems = [str(error)]
        for problem in problems:
            self._deployment.error(problem)
        self._deployment.cancel()
        return []

    def finish(self) -> None:
        """Wait for what was begun, and set the stack's outputs."""
        for chain in self._chains:
            chain.exception()
        self._deployment.raise_killed()
        try:
            outputs = {
                name: self._scope.evaluate(declared) for name, declared in self._program.outputs.items()
            }
        except EvaluationError as error:
            if not (self._deployment.failed or self._deployment.canceled.is_set()):
                self._deployment.error(str(error))
            return
        self._set_outputs({name: item.value for name, item in outputs.items()})

    # -- the stack -----------------------------------------------------------------------------------------

    def _register_stack(self) -> None:
        deployment = self._deployment
        name = f"{deployment.project}-{deployment.stack}"
        self.stack = self._register_now(Goal(ROOT_TYPE, name, custom=False))

    def _set_outputs(self, outputs: Properties) -> None:
        stack, deployment = self.stack, self._deployment
        if stack is None:
            return
        old = deployment.olds.get(stack.urn)
        before = (old.outputs or {}) if old is not None else {}
        if deployment.failed:
            outputs = {**copied(before), **outputs}
        stack.outputs = outputs
        if deployment.snapshots is None:
            return
        try:
            deployment.snapshots.outputs(changed=old is None or not equal(before, outputs))
        except SaveError as error:
            deployment.error(f"resource complete event returned an error: {error}", stack.urn)

    def _register_now(self, goal: Goal) -> State | None:
        """Register something of the engine's own, and wait for it."""
        found: list[State] = []
        registration = Registration(goal, lambda state: found.append(state) if state else None)
        planner = self._deployment.planner
        steps = self._deployment.planned(lambda: planner.generate(registration), planner.name(goal))
        if steps is None:
            return None
        self._deployment.wait([self._deployment.start(steps)])
        return found[0] if found else None

    # -- configuration -------------------------------------------------------------------------------------

    def _read_config(self) -> None:
        project = self._program.name
        self._scope.values["pulumi"] = Evaluated(
            {
                "cwd": str(self._program.folder),
                "project": project,
                "stack": self._deployment.stack,
                "organization": "organization",
                "rootDirectory": str(self._program.folder),
            }
        )
        for key, value in self._config.items():
            self._scope.values[key.removeprefix(f"{project}:")] = Evaluated(_typed(value))
        for name, declared in self._program.config.items():
            if name in self._scope.values:
                continue
            if not isinstance(declared, Mapping) or "default" not in declared:
                raise EvaluationError(f"missing required configuration variable '{project}:{name}'")
            value = self._scope.evaluate(declared["default"])
            self._scope.values[name] = Evaluated(secret(value.value)) if declared.get("secret") else value

    # -- resources and variables ---------------------------------------------------------------------------

    def _begin_ready(self, nodes: list[Node]) -> list[Node]:
        """Begin what needs nothing that is not there; the rest. What needs what failed is given up."""
        waiting: list[Node] = []
        for node in nodes:
            needs = self._program.needs(node)
            if self._deployment.canceled.is_set() or not self._failed.isdisjoint(needs):
                self._failed.add(node.name)
            elif self._under_way.isdisjoint(needs) and not any(other.name in needs for other in waiting):
                self._begin(node)
            else:
                waiting.append(node)
        return waiting

    def _begin(self, node: Node) -> None:
        try:
            if node.resource:
                self._register(node)
            else:
                self._scope.values[node.name] = self._scope.evaluate(node.declared)
        except (EvaluationError, *FAULTS) as error:
            self._deployment.error(str(error))
            self._fail(node.name)

    def _register(self, node: Node) -> None:
        reference = self._provider(node)
        if reference is None:
            self._fail(node.name)
            return
        goal, read = goal_of(node, self._scope, self._schema, self.stack, reference)
        self._under_way.add(node.name)
        registration = Registration(goal, lambda state: self._events.put((node.name, registration, state)))
        planner = self._deployment.planner
        plan = (
            (lambda: planner.read(registration, read)) if read else (lambda: planner.generate(registration))
        )
        self._start(self._deployment.planned(plan, planner.name(goal)), node.name)

    def _start(self, steps: list[Step] | None, name: str) -> None:
        if steps is None:
            self._fail(name)
            return
        for step in steps:
            if isinstance(step, Import):
                done = step.registration
                step.continue_ = lambda state, done=done: self._events.put((name, done, ("imported", state)))
        if steps:
            chain = self._deployment.start(steps)
            chain.add_done_callback(lambda _: self.wake())
            self._chains.append(chain)

    def _take(self, event: tuple[str, Any, Any]) -> None:
        name, registration, outcome = event
        if event is _WAKE:
            self._deployment.raise_killed()
        elif isinstance(outcome, tuple):
            state = outcome[1]
            self._deployment.imported.add(state)
            planner = self._deployment.planner
            plan = self._deployment.planned(lambda: planner.imported(registration, state, []), state.urn)
            self._start(plan, name)
        elif outcome is None:
            self._fail(name)
        else:
            self._under_way.discard(name)
            self._scope.resources[name] = outcome
            if registration.skipped:
                self._scope.skipped.add(outcome.urn)

    def _fail(self, name: str) -> None:
        self._failed.add(name)
        self._under_way.discard(name)
        self._scope.resources.pop(name, None)

    # -- providers -----------------------------------------------------------------------------------------

    def _provider(self, node: Node) -> str | None:
        """The reference of the provider that manages a resource; empty for a provider itself."""
        package = package_of(node.type)
        if node.type == provider_type(package):
            return ""
        if "provider" in node.options:
            return self._scope.resource(node.options["provider"]).reference
        declared = self._program.default_provider(package)
        if declared:
            return self._scope.resources[declared].reference
        return self._default(package)

    def _default(self, package: str) -> str | None:
        """The reference of the package's default provider, registered when it is first needed."""
        if package not in self._defaults:
            prefix = f"{package}:"
            inputs = {
                key.removeprefix(prefix): value
                for key, value in self._config.items()
                if key.startswith(prefix)
            }
            state = self._register_now(Goal(provider_type(package), "default", properties=inputs))
            if state is None:
                return None
            self._defaults[package] = state.reference
        return self._defaults[package]

    def _invoke(self, token: str, arguments: Properties, options: Mapping[str, Any]) -> Any:
        package = token.partition(":")[0]
        declared = options.get("provider") or self._program.default_provider(package)
        if declared:
            name = declared if "provider" not in options else None
            state = self._scope.resources[name] if name else self._scope.resource(declared)
            reference: str | None = state.reference
        else:
            reference = self._default(package)
        if reference is None:
            raise EvaluationError(f"there is no provider for {token}")
        provider = self._deployment.registry.using(reference, token)
        answer = provider.invoke(token, arguments, self._deployment.preview)
        if answer.failures:
            told = "; ".join(f"{reason} ({name})" for name, reason in answer.failures)
            raise EvaluationError(f"{token} was called with wrong arguments: {told}")
        result = answer.inputs
        # One secret among them makes all of the result secret (pulumi.Context.InvokePackageRaw).
        return secret(_bare(result)) if has_secret(result) else result


def _bare(result: Properties) -> Properties:
    return {name: value.value if isinstance(value, Secret) else value for name, value in result.items()}


def _typed(value: Any) -> Any:
    """Configuration is text; a program sees numbers and truth values where it looks like such."""
    if isinstance(value, Secret):
        return Secret(_typed(value.value))
    if not isinstance(value, str):
        return value
    if value in ("true", "false"):
        return value == "true"
    if len(value) > 1 and value.startswith("0") and not value.startswith("0."):
        return value
    for number in (int, float):
        try:
            return number(value)
        except ValueError:
            continue
    return value
