"""The steps that the engine's events tell of, of a refresh or a preview.

A refresh looks at every resource, whatever becomes of the others: each has an event with what it is now, or
an error of its own. What is secret is encrypted in events, and "[secret]" in what is made of them here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi.automation.events import EngineEvent, OpType, StepEventMetadata, StepEventStateMetadata

from ..plans import top_level, trainings
from ..stacks import concealed

_NOTHING: Final = frozenset({OpType.SAME, OpType.READ, OpType.REFRESH})
_REPLACING: Final = frozenset(
    {OpType.REPLACE, OpType.CREATE_REPLACEMENT, OpType.IMPORT_REPLACEMENT, OpType.DELETE_REPLACED}
)
_PROVIDERS: Final = "pulumi:providers:"


@dataclass(frozen=True)
class Step:
    """A resource before and after a step; what is not there is empty.

    Arguments:
        op: the engine's word: `same`, `update`, `create`, `delete`, `refresh`, …
        diffs: the properties that differ, where the provider said so.
        trainings: how many it takes, at most.
        gone: whether there is nothing after the step.
    """

    op: OpType
    urn: str
    type: str
    id: str = ""
    old_inputs: Mapping[str, Any] = field(default_factory=dict)
    old_outputs: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    diffs: tuple[str, ...] = ()
    trainings: int = 0
    gone: bool = False

    @property
    def replaces(self) -> bool:
        return self.op in _REPLACING

    @property
    def is_provider(self) -> bool:
        return self.type.startswith(_PROVIDERS)


@dataclass(frozen=True)
class Events:
    """What one command told.

    Arguments:
        refreshed: by URN, the resources that were read, also those that are as they were.
        steps: what is, or would be, done to resources; empty for a mere refresh.
        errors: by URN, why a resource's step failed; of several, the first. By "" what is of no resource.
    """

    refreshed: Mapping[str, Step]
    steps: tuple[Step, ...]
    errors: Mapping[str, str]


def of_refresh(events: Sequence[EngineEvent]) -> Events:
    """Of `refresh --preview-only`."""
    outcomes = [
        _step(metadata) for metadata in _outcomes(events) if not (metadata.old and metadata.old.delete)
    ]
    return Events({step.urn: step for step in outcomes}, (), _errors(events))


def of_plan(events: Sequence[EngineEvent]) -> Events:
    """Of `preview`, with or without a refresh before it."""
    outcomes = [_step(metadata) for metadata in _outcomes(events)]
    refreshed = {step.urn: step for step in outcomes if step.op is OpType.REFRESH}
    steps = {(step.urn, step.op): step for step in outcomes if step.op not in _NOTHING}
    for event in events:  # a deletion, and a step that failed, may have no outcome
        if event.resource_pre_event is not None:
            step = _step(event.resource_pre_event.metadata)
            if step.op not in _NOTHING:
                steps.setdefault((step.urn, step.op), step)
    return Events(refreshed, tuple(steps.values()), _errors(events))


def _outcomes(events: Iterable[EngineEvent]) -> Iterable[StepEventMetadata]:
    return (event.res_outputs_event.metadata for event in events if event.res_outputs_event is not None)


def _step(metadata: StepEventMetadata) -> Step:
    old, new = metadata.old, metadata.new
    return Step(
        op=OpType(metadata.op),
        urn=metadata.urn,
        type=metadata.type,
        id=state.id if (state := old or new) is not None else "",
        old_inputs=_part(old, "inputs"),
        old_outputs=_part(old, "outputs"),
        inputs=_part(new, "inputs"),
        outputs=_part(new, "outputs"),
        diffs=tuple(sorted(top_level(metadata.diffs))),
        trainings=trainings(metadata),
        gone=new is None,
    )


def _part(state: StepEventStateMetadata | None, part: str) -> Mapping[str, Any]:
    found = concealed((getattr(state, part) if state is not None else None) or {})
    assert isinstance(found, dict)  # noqa: S101 - for the type checker
    return found


def _errors(events: Iterable[EngineEvent]) -> dict[str, str]:
    found: dict[str, str] = {}
    for event in events:
        told = event.diagnostic_event
        if told is not None and told.severity == "error":
            found.setdefault(told.urn or "", _plain(told.message))
    return found


def _plain(message: str) -> str:
    """The sentence, without what the engine puts before it."""
    return " ".join(message.split()).removeprefix("Preview failed: ")
