"""What `--target`, `--exclude` and `--replace` leave of a plan (pkg/resource/deploy/step_generator.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .options import Options, Targets
from .replacing import PlanError, dependents
from .resources import ROOT_TYPE, State, split_reference
from .steps import Registration, Same, Step

if TYPE_CHECKING:
    from .planner import Planner


class Targeting:
    """Which resources take part in a deployment."""

    def __init__(self, planner: Planner, options: Options) -> None:
        self._planner = planner
        self._options = options
        self._targets = options.targets.copy()
        self._skipped: set[str] = set()

    def includes(self, state: State) -> bool:
        """Whether a resource takes part; providers and the stack always do."""
        if state.is_provider or state.type == ROOT_TYPE:
            return True
        if self._options.targets:
            return self._targeted(state)
        return not self._options.excludes.names(state.urn)

    def _targeted(self, state: State) -> bool:
        if self._options.targets.names(state.urn):
            return True
        return self._options.target_dependents and any(map(self._targets.names, state.needs_all()))

    def note(self, state: State) -> None:
        """A resource takes part, so what depends on it may."""
        if self._options.targets and self._targeted(state):
            self._targets.add(state.urn)

    # -- what does not take part ---------------------------------------------------------------------------

    def left_alone(self, registration: Registration, old: State | None, new: State) -> list[Step]:
        planner = self._planner
        if old is None:
            planner.sames.add(new.urn)
            self._skipped.add(new.urn)
            return [Same(new.copy(), new, registration, skipped=True)]
        if old.provider and planner.deployment.registry.get(old.provider) is None:
            raise PlanError(
                f"provider {old.provider} for resource {old.urn} has not been registered yet, this is due to "
                "a change of providers mixed with --target. Change your program back to the old ones",
                new.urn,
            )
        planner.sames.add(new.urn)
        return self._carried(old, registration)

    def _carried(self, old: State, registration: Registration | None) -> list[Step]:
        """Keep a resource as it is, after what it depends on: the program may no longer have that."""
        planner = self._planner
        if old.delete:
            return []
        planner.urns.add(old.urn)
        planner.sames.add(old.urn)
        steps: list[Step] = []
        for urn in old.needs_all():
            if urn in planner.registered() or planner.operated(urn):
                continue
            other = planner.deployment.olds.get(urn)
            if other is None:
                raise PlanError(
                    f"dependency {urn} of untargeted resource {old.urn} has no old state", old.urn
                )
            steps += self._carried(other, None)
        return [*steps, Same(old, old.copy(id=""), registration, untargeted=True)]

    # -- checks --------------------------------------------------------------------------------------------

    def validated(self, steps: list[Step]) -> list[Step]:
        """The steps, if none of them needs a resource that would have to be made first and was not named."""
        if not self._options.targets and not self._options.replace:
            return steps
        for step in steps:
            if step.new is None or (isinstance(step, Same) and step.skipped):
                continue
            for urn in step.new.needs_all():
                if urn not in self._skipped:
                    continue
                text = (
                    f"Resource '{step.new.urn}' depends on '{urn}' which was not specified in --target list."
                )
                self._planner.deployment.error(text, step.new.urn)
                self._planner.errored = True
                if not self._options.preview:
                    raise PlanError("untargeted create", step.new.urn, told=True)
                self._skipped.discard(urn)
        return steps

    def needs_skipped(self, state: State) -> bool:
        return not self._skipped.isdisjoint(state.needs_all())

    def unknown(self, targets: Targets) -> bool:
        """Tell of resources that were named and that there are none of; whether there are such."""
        deployment = self._planner.deployment
        known = {state.urn for state in deployment.resources} | self._planner.urns
        unknown = [urn for urn in targets.literals() if urn not in known]
        for urn in unknown:
            deployment.error(f"Target '{urn}' could not be found in the stack.")
        return bool(unknown)

    # -- deletions -----------------------------------------------------------------------------------------

    def deletable(self) -> set[str] | None:
        """URNs that may be deleted; None if all may."""
        if self._options.targets:
            return self._deletable_targets()
        if self._options.excludes:
            return self._deletable_others()
        return None

    def _deletable_targets(self) -> set[str]:
        """The named resources, and what cannot stay without them."""
        deployment = self._planner.deployment
        roots = [state for state in deployment.resources if self._options.targets.names(state.urn)]
        found: set[str] = set()
        for root in roots:
            group = [root, *deployment.graph.depending_on(root, children=True)]
            for state in group:
                found |= {state.urn, *(other.urn for other in dependents(self._planner, state))}
        return found

    def _deletable_others(self) -> set[str]:
        """All but the excluded resources and what these depend on."""
        deployment = self._planner.deployment
        kept = {state for state in deployment.resources if self._options.excludes.names(state.urn)}
        for state in list(kept):
            kept |= deployment.graph.all_dependencies_of(state)
        urns = {state.urn for state in kept} & deployment.olds.keys()
        return {state.urn for state in deployment.resources} - urns


def provider_of(state: State) -> str:
    return split_reference(state.provider)[0] if state.provider else ""
