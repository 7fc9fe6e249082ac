"""What healing a stack would do, and why it is refused. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pulumi import automation
from pulumi.automation.events import EngineEvent, OpType

from ..stacks import failed, short_name
from .detect import Looked, command
from .events import Events, Step, of_plan
from .voices import hides


@dataclass(frozen=True)
class Allowed:
    """What a heal may do.

    Arguments:
        trainings: at most, in all stacks together.
        replacing: whether a resource that still exists may be replaced.
        deleting: whether one may be deleted.
    """

    trainings: int
    replacing: bool = False
    deleting: bool = False


@dataclass(frozen=True)
class Plan:
    """What would be done to a stack.

    Arguments:
        targets: URNs that the update is limited to.
        steps: one line each: resource, what is done, and how many trainings it takes at most.
        trainings: of all steps.
        refused: why it is not done; empty where it may be.
    """

    targets: tuple[str, ...] = ()
    steps: tuple[tuple[str, str, int], ...] = ()
    trainings: int = 0
    refused: str = ""


def plan(looked: Looked, allowed: Allowed) -> Plan:
    """For a stack with something to heal."""
    assert looked.stack is not None and looked.state is not None  # noqa: S101, PT018 - it was read
    if looked.state.pending:
        kind, urn = looked.state.pending[0]
        again = f"Run `{command(looked, 'up')}` and see to it."
        return Plan(refused=f"an earlier run was interrupted while {kind} {short_name(urn)}. {again}")
    wanted = [finding.urn for finding in looked.healable]
    try:
        undeployed = _undeployed(looked.declared or preview(looked.stack.api))
        if undeployed:
            return Plan(
                refused="the program has changes that are not deployed, and healing would deploy them: "
                f"{_names(undeployed)}. Run `{command(looked, 'up')}` first."
            )
        events = preview(looked.stack.api, refresh=True, target=wanted, target_dependents=True)
    except Exception as error:  # whatever it is, the other stacks go on
        return Plan(refused=f"what healing would do cannot be previewed: {failed(error)}")
    return judged(planned(events, wanted), events.steps, allowed)


def preview(api: automation.Stack, **options: object) -> Events:
    """Raises what the Automation API raises."""
    events: list[EngineEvent] = []
    api.preview(on_event=events.append, color="never", **options)  # type: ignore[arg-type]
    return of_plan(events)


def _undeployed(events: Events) -> list[Step]:
    """What an update without a refresh would do because the program says so. A resource that is declared as
    the state has it differs because of what a refresh noted there."""
    return [
        step
        for step in events.steps
        if not (step.op is OpType.UPDATE and (step.is_provider or _declared_alike(step)))
    ]


def _declared_alike(step: Step) -> bool:
    """Whether the program declares what the state has. What is secret cannot be compared, so the provider
    must have said that it is something else that differs."""
    if hides(step.inputs):
        return bool(step.diffs) and not step.inputs.keys() & set(step.diffs)
    return step.inputs == step.old_inputs


def planned(events: Events, wanted: Sequence[str]) -> Plan:
    """A plan by the events of its preview."""
    lines = {(short_name(step.urn), _word(step.op), step.trainings) for step in events.steps if _shown(step)}
    trainings: dict[str, int] = {}
    for step in events.steps:
        trainings[step.urn] = max(step.trainings, trainings.get(step.urn, 0))
    return Plan(
        targets=tuple(dict.fromkeys([*wanted, *(step.urn for step in events.steps if not step.is_provider)])),
        steps=tuple(sorted(lines)),
        trainings=sum(trainings.values()),
    )


def judged(made: Plan, steps: Iterable[Step], allowed: Allowed) -> Plan:
    """The plan, refused where it deletes or replaces more than is allowed. A resource that somebody deleted
    is made anew: that is no replacement."""
    replaced = [step for step in steps if step.replaces]
    deleted = [step for step in steps if step.op is OpType.DELETE]
    if replaced and not allowed.replacing:
        return replace(
            made,
            refused=f"it would replace {_names(replaced)}, which still exists. Say --allow-replace to do it.",
        )
    if deleted and not allowed.deleting:
        return replace(made, refused=f"it would delete {_names(deleted)}. Say --allow-delete to do it.")
    return made


def within(plans: Mapping[str, Plan], allowed: Allowed) -> dict[str, Plan]:
    """The plans of all stacks, those that train refused where they need too many trainings together."""
    needed = sum(plan.trainings for plan in plans.values() if not plan.refused)
    if needed <= allowed.trainings:
        return dict(plans)
    needs = f"{needed} training{'' if needed == 1 else 's'}"
    why = (
        f"healing needs {needs} in all stacks together, and --max-trainings allows {allowed.trainings}. Say "
        f"--max-trainings {needed} to do it."
    )
    return {
        label: replace(plan, refused=why) if plan.trainings and not plan.refused else plan
        for label, plan in plans.items()
    }


def _names(steps: Iterable[Step]) -> str:
    return ", ".join(sorted({short_name(step.urn) for step in steps}))


def _shown(step: Step) -> bool:
    """A replacement is three steps of the engine's, of which one is told."""
    return not step.is_provider and step.op not in (OpType.REPLACE, OpType.DELETE_REPLACED)


def _word(op: OpType) -> str:
    return "replace" if op is OpType.CREATE_REPLACEMENT else str(op.value)
