"""What a deployment deletes at its end, and in which order (pkg/resource/deploy/step_generator.go).

Deleted is what the program no longer has, and what was replaced: in this deployment, or in an earlier one
that did not get that far. The order is by rounds. Within a round nothing depends on anything else in it, and
the real engine's order is random; here it is that of the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .replacing import PlanError
from .resources import State
from .steps import Delete, RemovePendingReplace, Same, Step

if TYPE_CHECKING:
    from .executor import Deployment


def deletions(deployment: Deployment) -> tuple[list[Step], list[Step]]:
    """Steps that keep what was not asked for, and steps that delete."""
    planner = deployment.planner
    allowed = planner.targeting.deletable()
    kept: list[Step] = []
    deleted: list[Step] = []
    for state in deployment.resources:
        if allowed is not None and state.urn not in allowed:
            if not planner.operated(state.urn):
                kept.append(Same(state, state.copy(id=""), untargeted=True))
            continue
        step = _deletion(deployment, state)
        if step is not None:
            deleted.append(step)
        if state.urn in planner.deletes and state.provider:
            deployment.ensure_provider(state.provider)
    _must_be_targets(deployment, deleted)
    return kept, deleted


def _deletion(deployment: Deployment, state: State) -> Step | None:
    planner = deployment.planner
    if state.delete:
        if state in planner.pending_deletes:
            return None
        planner.deletes.add(state.urn)
        return Delete(state, None, replacing=True, deleted=planner.deletes)
    if planner.operated(state.urn):
        return None
    planner.deletes.add(state.urn)
    if state.pending_replacement:
        return RemovePendingReplace(state, None)
    return Delete(state, None, deleted=planner.deletes)


def _must_be_targets(deployment: Deployment, steps: list[Step]) -> None:
    options = deployment.options
    unnamed = [step for step in steps if step.resource.urn not in options.targets]
    if not unnamed or options.target_dependents:
        return
    for step in unnamed:
        urn = step.resource.urn
        deployment.error(f"Resource '{urn}' will be destroyed but was not specified in --target list.", urn)
    deployment.planner.errored = True
    if not options.preview:
        raise PlanError("delete untargeted resource", told=True)


def rounds(deployment: Deployment, steps: list[Step]) -> list[list[Step]]:
    """The steps, so that a resource is deleted before what it depends on."""
    waiting = {step.resource: step for step in steps}
    found: list[list[Step]] = []
    while waiting:
        ready = [state for state in waiting if deployment.graph.dependencies_of(state).isdisjoint(waiting)]
        found.append([waiting[state] for state in ready])
        for state in ready:
            del waiting[state]
    return found[::-1]
