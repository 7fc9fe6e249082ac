"""`pulumi import`: takes what exists into the state (pkg/resource/deploy/import.go)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .executor import Deployment
from .reading import Import
from .resources import ROOT_TYPE, Goal, State, make_urn, package_of, provider_type
from .steps import Create, Same, Step


@dataclass(frozen=True)
class Wanted:
    """A resource to import.

    Arguments:
        properties: the inputs to keep; all, if there are none.
    """

    type: str
    name: str
    id: str
    protect: bool = True
    properties: list[str] = field(default_factory=list)


def import_resources(deployment: Deployment, wanted: list[Wanted], config: Mapping[str, Any]) -> None:
    for state in list(deployment.resources):
        if not state.delete:
            _do(deployment, [Same(state, state.copy(id=""), untargeted=True)])
    stack = next((state for state in deployment.resources if state.type == ROOT_TYPE), None)
    if stack is None:
        goal = Goal(ROOT_TYPE, f"{deployment.project}-{deployment.stack}", custom=False)
        stack = State.wanted(deployment.planner.claim(goal), goal, [], None)
        _do(deployment, [Create(None, stack)])
    steps: list[Step] = []
    for item in wanted:
        step = _step(deployment, stack, item, config)
        if step is not None:
            steps.append(step)
    deployment.options.continue_on_error = True
    deployment.wait([deployment.start([step]) for step in steps])


def _step(deployment: Deployment, stack: State, item: Wanted, config: Mapping[str, Any]) -> Import | None:
    urn = make_urn(deployment.stack, deployment.project, "", item.type, item.name)
    old = deployment.olds.get(urn)
    if old is not None:
        if (old.import_id or old.id) != item.id:
            deployment.error(f"resource '{urn}' already exists", urn)
        return None
    provider = _provider(deployment, package_of(item.type), config)
    if provider is None:
        return None
    goal = Goal(
        item.type,
        item.name,
        parent=stack.urn,
        provider=provider.reference,
        protect=item.protect,
        import_id=item.id,
    )
    new = State.wanted(urn, goal, [], None)
    return Import(None, new, planned=True, seed=os.urandom(32), properties=item.properties)


def _provider(deployment: Deployment, package: str, config: Mapping[str, Any]) -> State | None:
    """The default provider, as the state has it or as the configuration says."""
    urn = make_urn(deployment.stack, deployment.project, "", provider_type(package), "default")
    known = deployment.news.get(urn) or deployment.olds.get(urn)
    if known is not None:
        deployment.ensure_provider(known.reference)
        return known
    prefix = f"{package}:"
    inputs = {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}
    goal = Goal(provider_type(package), "default", properties=inputs)
    state = State.wanted(urn, goal, [], None)
    checked = deployment.registry.check(urn, {}, inputs)
    if checked.failures:
        deployment.check_failed(state, checked)
        return None
    _do(deployment, [Create(None, state)])
    return state


def _do(deployment: Deployment, steps: list[Step]) -> None:
    deployment.wait([deployment.start(steps)])
