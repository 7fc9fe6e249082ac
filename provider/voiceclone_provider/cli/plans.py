"""What an update would do, by the events of its preview, and how many trainings it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.automation import CommandError, EngineEvent, OpType, StepEventMetadata

from ..core.redaction import SHOWN
from ..core.values import Properties
from ..dynamic import wire
from ..lifecycle.check import has_sample
from ..lifecycle.diff import diff, trains
from ..plugin import codec
from ..vendors import VENDORS
from ..voice.state import VoiceState
from .stacks import Stack, concealed, failed, short_name, vendor_of

CREATE: Final = "create"
UPDATE: Final = "update"
REPLACE: Final = "replace"
DELETE: Final = "delete"

_KINDS: Final = {
    OpType.CREATE: CREATE,
    OpType.UPDATE: UPDATE,
    OpType.DELETE: DELETE,
    OpType.REPLACE: REPLACE,
    OpType.CREATE_REPLACEMENT: REPLACE,
    OpType.IMPORT: "import",
    OpType.READ: "read",
}
# The CLI's own, about every plugin that was installed with pip.
_NOISE: Final = re.compile(r"using pulumi-\S+ from \$PATH")


@dataclass(frozen=True)
class Change:
    """What becomes of one resource.

    Arguments:
        kind: "create", "update", "replace", "delete", "import" or "read".
        vendor: of a voice; `None` for other resources.
        properties: the inputs and outputs that make it necessary.
        trainings: that it needs, at most: an interrupted run's is gone on with and not paid again.
    """

    urn: str
    type: str
    kind: str
    vendor: str | None = None
    properties: Sequence[str] = ()
    trainings: int = 0

    @property
    def name(self) -> str:
        return short_name(self.urn)


@dataclass
class Plan:
    """What a preview said.

    Arguments:
        changes: by URN, in the order of the preview.
        warnings, errors: what was told, as (URN or empty, text).
        unchanged: the number of resources, stacks and providers not counted, that stay as they are.
    """

    changes: dict[str, Change] = field(default_factory=dict)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def trainings(self) -> int:
        return sum(change.trainings for change in self.changes.values())

    def hear(self, event: EngineEvent) -> None:
        """What the Automation API calls with each event of the engine."""
        told = event.diagnostic_event
        if told is not None and not _NOISE.match(told.message):
            heard = {"warning": self.warnings, "error": self.errors}.get(told.severity)
            line = (told.urn or "", " ".join(told.message.split()))
            if heard is not None and line not in heard:
                heard.append(line)
        step = event.resource_pre_event and event.resource_pre_event.metadata
        if step and not step.type.startswith("pulumi:"):
            self._add(step)

    def _add(self, step: StepEventMetadata) -> None:
        kind = _KINDS.get(step.op)
        if kind is None:
            self.unchanged += step.op is OpType.SAME
            return
        known = self.changes.get(step.urn)
        if kind == DELETE and known is not None:
            return  # the former one of a replacement
        properties = tuple(dict.fromkeys([*(step.detailed_diff or ()), *(step.diffs or ())]))
        self.changes[step.urn] = Change(
            urn=step.urn,
            type=step.type,
            kind=kind,
            vendor=vendor_of(step.type),
            properties=properties or (known.properties if known else ()),
            trainings=trainings(step),
        )


def preview(stack: Stack) -> Plan:
    """What `pulumi up` would do. A preview that fails has errors."""
    plan = Plan()
    try:
        stack.api.preview(on_event=plan.hear, color="never")
    except CommandError as error:
        if not plan.errors:
            plan.errors.append(("", str(failed(error))))
    return plan


def trainings(step: StepEventMetadata) -> int:
    """How many trainings a step needs, by the lifecycle's own rules; the most that it can be where an input
    that trains is secret, which no event shows, and where only the journal of an interrupted run explains an
    update."""
    vendor = VENDORS.get(vendor_of(step.type) or "")
    if vendor is None or step.new is None:
        return 0
    news = properties(step.new.inputs)
    if step.op in (OpType.CREATE, OpType.CREATE_REPLACEMENT, OpType.REPLACE):
        return int(has_sample(vendor.facts, news))
    if step.op is not OpType.UPDATE or step.old is None:
        return 0
    olds, state = properties(step.old.inputs), VoiceState.parse(properties(step.old.outputs))
    hidden = any(news.get(name) == SHOWN for name in vendor.facts.training_inputs)
    explained = diff(vendor, step.old.id, state, olds, news).changes
    unexplained = not (explained or step.old.init_errors) or not explained.keys() >= top_level(step.diffs)
    return int(hidden or unexplained or trains(vendor, state, olds, news))


def top_level(paths: Iterable[str] | None) -> set[str]:
    """The properties that these paths begin with."""
    return {re.split(r"[.\[]", path, maxsplit=1)[0] for path in paths or ()}


def properties(shown: Mapping[str, Any] | None) -> Properties:
    """The properties in an event, of either face, as the lifecycle has them; "[secret]" for secret ones,
    which events have encrypted."""
    plain = {name: concealed(value) for name, value in (shown or {}).items() if not name.startswith("__")}
    return wire.decode(codec.decode(ParseDict(plain, Struct()))[0])
