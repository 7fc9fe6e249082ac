"""Which steps bring a resource from what it is to what the program wants.

The structure is that of pkg/resource/deploy/step_generator.go: find the old resource, check the inputs, and
then one of four cases: the resource was deleted earlier in this deployment and is made again; it is not
there; others managed it until now; it is there and may differ.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .reading import Import, Read, without_ignored
from .replacing import PlanError, compare, dependents, with_replace_on_changes
from .resources import ROOT_TYPE, Alias, Goal, State, make_urn, name_of, qualified_type, type_of
from .steps import Create, Delete, Registration, Replace, Same, Step, Update
from .targeting import Targeting
from .values import Properties

if TYPE_CHECKING:
    from .answers import Checked, Difference
    from .executor import Deployment


class Planner:
    """The plan of one deployment, found as its program goes on."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.urns: set[str] = set()
        self.sames: set[str] = set()
        self.creates: set[str] = set()
        self.updates: set[str] = set()
        self.replaces: set[str] = set()
        self.deletes: set[str] = set()
        self.reads: set[str] = set()
        self.pending_deletes: set[State] = set()
        self.providers: dict[str, State] = {}
        self.aliased: dict[str, str] = {}
        """Old names, and what they became."""
        self.aliases: dict[str, str] = {}
        """New names, and what they were."""
        self.errored = False
        self.targeting = Targeting(self, deployment.options)

    # -- what was planned ----------------------------------------------------------------------------------

    def operated(self, urn: str) -> bool:
        """Whether a resource was met, under its name or a new one; deletions do not count."""
        urn = self.aliased.get(urn, urn)
        return any(urn in names for names in (self.sames, self.updates, self.replaces, self.reads))

    def registered(self) -> set[str]:
        sets = (self.reads, self.creates, self.sames, self.updates, self.deletes, self.replaces)
        return set().union(*sets)

    def to_be_replaced(self, urn: str, old: State | None) -> bool:
        """Whether the user wants another resource, by `--replace` or `state taint`."""
        return self.deployment.options.replace.names(urn) or bool(old and old.taint)

    # -- entry points --------------------------------------------------------------------------------------

    def generate(self, registration: Registration) -> list[Step]:
        """The steps for what the program registers."""
        goal = registration.goal
        urn = self.claim(goal)
        old, alias = self._old(urn, goal)
        new = State.wanted(urn, goal, [alias] if alias else [], old)
        if new.is_provider:
            self.providers.update({name: new for name in (urn, alias) if name})
        recreating = urn in self.deletes
        if self._is_import(goal, old):
            return self._import(registration, None if recreating else old, new)
        return self.targeting.validated(self._continue(registration, old, new, recreating))

    def imported(self, registration: Registration, old: State, alias: list[str]) -> list[Step]:
        """The steps for what the program registers, now that it is in the state."""
        new = State.wanted(old.urn, registration.goal, alias, old)
        return self.targeting.validated(self._continue(registration, old, new, False))

    def read(self, registration: Registration, id: str) -> list[Step]:  # noqa: A002
        """The step for what the program only wants to know of."""
        goal = registration.goal
        urn = self.claim(goal)
        old, alias = self._old(urn, goal)
        new = State(
            urn,
            goal.type,
            id=id,
            inputs=goal.properties,
            outputs={},
            parent=goal.parent,
            external=True,
            dependencies=list(goal.dependencies),
            provider=goal.provider,
            additional_secret_outputs=list(goal.additional_secret_outputs),
            aliases=[alias] if alias else [],
        )
        if old is not None and not old.external and old.id != id:
            self.replaces.add(urn)
            return [Read(old, new, registration, replacing=True), Replace(old, new)]
        self.reads.add(urn)
        return [Read(old, new, registration)]

    # -- names ---------------------------------------------------------------------------------------------

    def name(self, goal: Goal) -> str:
        """The URN of what is wanted."""
        root = not goal.parent or qualified_type(goal.parent) == ROOT_TYPE
        parent_type = "" if root else qualified_type(goal.parent)
        return make_urn(self.deployment.stack, self.deployment.project, parent_type, goal.type, goal.name)

    def claim(self, goal: Goal) -> str:
        """Its URN, which nothing else has in this deployment."""
        urn = self.name(goal)
        if urn in self.urns:
            raise PlanError(f"Duplicate resource URN '{urn}'; try giving it a unique name", urn)
        self.urns.add(urn)
        return urn

    def _old(self, urn: str, goal: Goal) -> tuple[State | None, str]:
        """The resource as the state knows it, and its name there if it had another."""
        if urn in self.aliased:
            raise PlanError(f"Duplicate resource alias: {urn} is claimed by {self.aliased[urn]}", urn)
        olds = self.deployment.olds
        if urn in olds:
            return olds[urn], ""
        for alias in self._aliases(goal):
            if alias in olds and alias != urn:
                if alias in self.urns or alias in self.aliased:
                    raise PlanError(f"Duplicate resource alias: {alias} is claimed twice", urn)
                self.aliased[alias], self.aliases[urn] = urn, alias
                self.deployment.registry.alias(urn, alias)
                return olds[alias], alias
        return None, ""

    def _aliases(self, goal: Goal) -> list[str]:
        found = [self._alias(goal, alias) for alias in goal.aliases]
        former = self.aliases.get(goal.parent)
        if former:
            for urn in [self._alias(goal, Alias()), *found]:
                name = name_of(urn)
                if name.startswith(name_of(goal.parent)):
                    name = name_of(former) + name.removeprefix(name_of(goal.parent))
                deployment = self.deployment
                found.append(
                    make_urn(deployment.stack, deployment.project, qualified_type(former), type_of(urn), name)
                )
        return list(dict.fromkeys(found))

    def _alias(self, goal: Goal, alias: Alias) -> str:
        if alias.urn:
            return alias.urn
        parent = self.aliases.get(alias.parent, alias.parent) or goal.parent
        if alias.no_parent or (parent and qualified_type(parent) == ROOT_TYPE):
            parent = ""
        return make_urn(
            alias.stack or self.deployment.stack,
            alias.project or self.deployment.project,
            qualified_type(parent) if parent else "",
            alias.type or goal.type,
            alias.name or goal.name,
        )

    # -- import --------------------------------------------------------------------------------------------

    def _is_import(self, goal: Goal, old: State | None) -> bool:
        if not goal.custom or not goal.import_id:
            return False
        return old is None or old.external or (old.import_id or old.id) != goal.import_id

    def _import(self, registration: Registration, old: State | None, new: State) -> list[Step]:
        step = Import(old, new, registration, seed=os.urandom(32))
        step.ignore_changes = registration.goal.ignore_changes
        return [step, Replace(old, new)] if old is not None else [step]

    # -- the four cases ------------------------------------------------------------------------------------

    def _continue(
        self, registration: Registration, old: State | None, new: State, recreating: bool
    ) -> list[Step]:
        goal, urn = registration.goal, new.urn
        targeted = self.targeting.includes(new)
        seed = os.urandom(32)
        if not targeted:
            return self.targeting.left_alone(registration, old, new)
        if new.custom:
            fresh = recreating or old is None or old.external or self.to_be_replaced(urn, old)
            if not fresh:
                assert old is not None
                new.inputs = without_ignored(new.inputs, old.inputs, goal.ignore_changes)
            olds = {} if fresh or old is None else old.inputs
            new.inputs = self._checked(new, olds, goal.properties if fresh else new.inputs, seed)
        self.targeting.note(new)
        if recreating:
            self.deletes.discard(urn)
            self.replaces.add(urn)
            return [Replace(old, new), Create(old, new, registration, "create-replacement")]
        if old is None:
            self.creates.add(urn)
            return [Create(None, new, registration)]
        if old.external:
            self.creates.add(urn)
            create = Create(old, new, registration, "create-replacement", pending_delete=True)
            return [create, Replace(old, new)]
        return self._from_diff(registration, old, new, seed)

    def _checked(self, new: State, olds: Properties, news: Properties, seed: bytes) -> Properties:
        checked: Checked
        if new.is_provider:
            checked = self.deployment.registry.check(new.urn, olds, news)
        else:
            provider = self.deployment.provider(new)
            checked = provider.check(new.urn, olds, news, seed, self.deployment.preview)
        if checked.failures:
            self.deployment.check_failed(new, checked)
            raise PlanError(f"resource {new.urn} is invalid", new.urn, told=True)
        return checked.inputs

    def _from_diff(self, registration: Registration, old: State, new: State, seed: bytes) -> list[Step]:
        goal, urn = registration.goal, new.urn
        diff = compare(self, goal, urn, old, new)
        diff = with_replace_on_changes(diff, goal.replace_on_changes, bool(old.init_errors))
        self.deployment.diffs[urn] = diff
        if (diff.replaces and diff.changes) or old.pending_replacement:
            return self._replace(registration, old, new, diff, seed)
        # A resource that was not finished is to be finished, even if nothing is to be changed.
        if diff.changes or old.init_errors:
            self.updates.add(urn)
            return [Update(old, new, registration, ignore_changes=goal.ignore_changes)]
        if registration.goal.import_id and old in self.deployment.imported:
            registration.complete(old)
            return []
        self.sames.add(urn)
        return [Same(old, new, registration)]

    # -- replacement ---------------------------------------------------------------------------------------

    def _replace(
        self, registration: Registration, old: State, new: State, diff: Difference, seed: bytes
    ) -> list[Step]:
        goal, urn = registration.goal, new.urn
        self._may_be_replaced(goal, old, new, diff)
        self.replaces.add(urn)
        if new.custom and not self.to_be_replaced(urn, old):
            # Defaults are not carried over from a resource that goes.
            new.inputs = self._checked(new, {}, goal.properties, seed)
        delete_first = goal.delete_before_replace
        if delete_first if delete_first is not None else diff.delete_before_replace:
            return self._delete_first(registration, old, new)
        create = Create(old, new, registration, "create-replacement", pending_delete=True)
        return [create, Replace(old, new)]

    def _may_be_replaced(self, goal: Goal, old: State, new: State, diff: Difference) -> None:
        if new.protect and old.protect:
            text = (
                f'unable to replace resource "{new.urn}"\nas it is currently marked for protection. To '
                "unprotect the resource, remove the `protect` flag from it in your Pulumi program and run "
                "`pulumi up`"
            )
            self.deployment.error(text, new.urn)
            self.errored = True
            if not self.deployment.preview:
                raise PlanError(text, new.urn, told=True)
        if goal.import_id:
            text = (
                "previously-imported resources that still specify an ID may not be replaced; please remove "
                f"the `import` declaration from your program; {', '.join(diff.replaces)}"
            )
            if not self.deployment.preview:
                raise PlanError(text, new.urn)
            self.deployment.warn(text, new.urn)

    def _delete_first(self, registration: Registration, old: State, new: State) -> list[Step]:
        """Delete the resource and what has to go with it, dependents first; then make it anew."""
        steps: list[Step] = []
        for state in reversed(dependents(self, old) if old in self.deployment.graph else []):
            if state in self.pending_deletes:
                continue
            if state.protect and not state.delete:
                text = (
                    f'unable to replace resource "{state.urn}" as part of replacing "{new.urn}" as it is '
                    "currently marked for protection"
                )
                self.deployment.error(text, new.urn)
                self.errored = True
                raise PlanError(text, new.urn, told=True)
            steps.append(
                Delete(
                    state,
                    None,
                    replacing=not state.delete,
                    pending_replacement=not state.delete,
                    deleted=self.deletes,
                )
            )
            self.deletes.add(state.urn)
            self.pending_deletes.add(state)
        self.deployment.ensure_provider(old.provider)
        if not old.pending_replacement:
            self.deletes.add(old.urn)
            steps.append(Delete(old, None, replacing=True, pending_replacement=True, deleted=self.deletes))
        return [*steps, Replace(old, new), Create(old, new, registration, "create-replacement")]
