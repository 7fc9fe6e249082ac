"""Refresh: everything in the state is read again (pkg/resource/deploy/deployment_executor.go)."""

from __future__ import annotations

from .executor import FAULTS, Deployment
from .options import Options
from .reading import Refresh
from .resources import State


def refresh(deployment: Deployment) -> bool:
    """Read the resources again, and look at the state as it then is; whether all could be read.

    One that cannot be read does not stop the others, and stays as it was.
    """
    steps: dict[State, Refresh] = {}
    for state in deployment.resources:
        if not _included(deployment.options, state):
            continue
        try:
            deployment.ensure_provider(state.provider)
        except FAULTS as fault:
            deployment.error(f"could not load provider for resource {state.urn}: {fault}")
            return False
        steps[state] = Refresh(state, state)
    keep_on, deployment.options.continue_on_error = deployment.options.continue_on_error, True
    deployment.wait([deployment.start([step]) for step in steps.values()])
    deployment.options.continue_on_error = keep_on
    deployment.errored_steps.clear()
    rebuild(deployment, {state: step.new for state, step in steps.items()})
    return not deployment.failed and not deployment.canceled.is_set()


def _included(options: Options, state: State) -> bool:
    """Whether a resource is read; what is, may take what depends on it with it."""
    if options.excludes:
        return not options.excludes.names(state.urn)
    if state.urn in options.targets:
        return True
    if options.target_dependents and any(map(options.targets.names, state.needs())):
        options.targets.add(state.urn)
        return True
    return False


def rebuild(deployment: Deployment, refreshed: dict[State, State | None]) -> None:
    """Put what was read into the state in place of what was there; what is gone is no longer depended on."""
    resources: list[State] = []
    present: set[str] = set()
    parents: dict[str, str] = {}
    for old in deployment.resources:
        state = refreshed.get(old, old)
        if state is None:
            continue
        state.dependencies = [urn for urn in state.dependencies if urn in present]
        kept = {
            name: [urn for urn in urns if urn in present]
            for name, urns in state.property_dependencies.items()
        }
        if any(state.property_dependencies.values()):
            state.property_dependencies = {name: urns for name, urns in kept.items() if urns}
        else:
            state.property_dependencies = {}
        if state.deleted_with not in present:
            state.deleted_with = ""
        state.replace_with = [urn for urn in state.replace_with if urn in present]
        present.add(state.urn)
        resources.append(state)
    for state in resources:
        if state.parent not in present:
            state.parent = parents.get(state.parent, "")
        parents[state.urn] = state.parent
    deployment.resources[:] = resources
    deployment.rebase()
