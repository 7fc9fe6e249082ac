"""Whether a resource has to be replaced, and which others with it (pkg/resource/deploy/step_generator.go)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .answers import Difference
from .paths import contains, parse
from .reading import difference
from .registry import visible
from .resources import Goal, State, split_reference
from .values import UNKNOWN, Properties, changed_keys

if TYPE_CHECKING:
    from .planner import Planner

_INIT_ERROR: Final = "#initerror"


class PlanError(Exception):
    """No steps can be found for a resource; `told` if the user knows of it already."""

    def __init__(self, text: str, urn: str = "", *, told: bool = False) -> None:
        super().__init__(text)
        self.urn = urn
        self.told = told


def compare(planner: Planner, goal: Goal, urn: str, old: State, new: State) -> Difference:
    """What makes a resource differ from what is wanted."""
    if planner.to_be_replaced(urn, old):
        return Difference(True, ["id"])
    if not planner.replaces.isdisjoint(new.replace_with):
        return Difference(True, ["replaceWith"])
    if new.deleted_with in planner.replaces:
        return Difference(True, ["deletedWith"])
    if _provider_changed(planner, old, new):
        return Difference(True, ["provider"])
    if not new.custom:
        keys = changed_keys(old.inputs, new.inputs)
        return Difference(bool(keys), keys=keys)
    if new.is_provider:
        return planner.deployment.registry.diff(urn, old, old.inputs, new.inputs)
    provider = planner.deployment.provider(new)
    preview = planner.deployment.preview
    diff = difference(
        provider, urn, old.id, old.inputs, old.outputs or {}, new.inputs, goal.ignore_changes, preview
    )
    if diff is None:
        planner.deployment.warn(
            "The provider for this resource has inputs that are not known during preview.\nThis preview may "
            "not correctly represent the changes that will be applied during an update.",
            urn,
        )
        return Difference(True)
    return diff


def _provider_changed(planner: Planner, old: State, new: State) -> bool:
    """Whether another provider cannot manage what the old one made: the new one is asked."""
    if old.provider == new.provider:
        return False
    if not old.provider or not new.provider:
        return True
    before, after = split_reference(old.provider)[0], split_reference(new.provider)[0]
    if planner.aliased.get(before) == after:
        return False
    provider = planner.deployment.registry.get(new.provider)
    assert provider is not None, "a resource's provider is registered before it"
    old_resource, new_resource = planner.deployment.olds[before], planner.providers[after]
    diff = provider.diff_config(
        after, visible(old_resource.inputs), old_resource.outputs or {}, visible(new_resource.inputs)
    )
    return bool(diff.replaces)


def with_replace_on_changes(diff: Difference, replace_on_changes: list[str], init_errors: bool) -> Difference:
    """The difference, in which a change of certain properties is a replacement."""
    if not diff.changes and not init_errors:
        return diff
    paths = [parse(text) for text in replace_on_changes]
    replaces = set(diff.replaces)
    replaces |= {key for key in diff.keys if any(contains(path, parse(key)) for path in paths)}
    changes = diff.changes
    if init_errors and any(contains(path, [_INIT_ERROR]) for path in paths):
        replaces.add(_INIT_ERROR)
        changes = True
    return Difference(changes, sorted(replaces), diff.keys, diff.detailed, diff.delete_before_replace)


@dataclass
class _Dependents:
    """The search for resources that a replaced resource takes with it."""

    planner: Planner
    urns: set[str]
    found: list[State] = field(default_factory=list)

    def consider(self, state: State) -> None:
        if self._must_go(state):
            self.found.append(state)
            self.urns.add(state.urn)

    def _must_go(self, state: State) -> bool:
        if not state.custom or state.external:
            return False
        deployment = self.planner.deployment
        if state.provider and split_reference(state.provider)[0] in self.urns:
            deployment.ensure_provider(state.provider)
            return True
        if state.deleted_with and state.deleted_with in self.urns:
            return True
        unknown = {
            name for name, urns in state.property_dependencies.items() if not self.urns.isdisjoint(urns)
        }
        if unknown.isdisjoint(state.inputs):
            return False
        news = {name: UNKNOWN if name in unknown else value for name, value in state.inputs.items()}
        diff = self._diff(state, news)
        return bool(with_replace_on_changes(diff, state.replace_on_changes, False).replaces)

    def _diff(self, state: State, news: Properties) -> Difference:
        deployment = self.planner.deployment
        if state.is_provider:
            deployment.registry.same(state, checked=False)
            return deployment.registry.diff(state.urn, state, state.inputs, news)
        deployment.ensure_provider(state.provider)
        provider = deployment.provider(state)
        # Unknown values are sent although this need not be a preview.
        diff = difference(
            provider,
            state.urn,
            state.id,
            state.inputs,
            state.outputs or {},
            news,
            state.ignore_changes,
            True,
        )
        return diff or Difference(False)


def dependents(planner: Planner, root: State) -> list[State]:
    """What has to be deleted before `root` is, because it will be replaced with it."""
    deployment = planner.deployment
    search = _Dependents(planner, {root.urn})
    # Whatever the program has registered by now cannot depend on what it registers only now.
    for state in deployment.graph.depending_on(root, planner.registered()):
        search.consider(state)
    cascading = [
        state
        for state in {**deployment.olds, **deployment.news}.values()
        if root.urn in state.replace_with or state.deleted_with == root.urn
    ]
    return search.found + cascading
