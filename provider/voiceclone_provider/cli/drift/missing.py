"""What a program declares and its stack does not have. Reads only; runs the program.

A refresh cannot show it: a voice is taken out of the state before it is made again, so a heal that failed or
was killed between leaves nothing to refresh.
"""

from __future__ import annotations

from pulumi.automation.events import OpType

from ...dynamic import keys
from ..stacks import failed, short_name, vendor_of
from .detect import Looked, command
from .finding import Finding, Kind
from .plan import preview


def missing(looked: Looked) -> list[Finding]:
    """For a stack whose state was read; nothing for another."""
    if looked.stack is None or looked.state is None:
        return []
    up = f"`{command(looked, 'up')}`"
    try:
        events = looked.declared = preview(looked.stack.api)
    except Exception as error:  # whatever it is, the other stacks go on
        what = f"What the program declares cannot be previewed: {failed(error)}"
        return [Finding(Kind.UNREADABLE, what, "Mend this, and run drift again.", looked.label)]
    found = []
    for step in events.steps:
        if (
            step.op is not OpType.CREATE
            or step.type.startswith("pulumi:")
            or step.urn in looked.state.managed
        ):
            continue
        vendor = vendor_of(step.type) or ""
        cost = f": {step.trainings or 'no'} training" if vendor else ""
        found.append(
            Finding(
                Kind.MISSING,
                "The program declares it, and the stack does not have it.",
                f"{up} makes it{cost}.",
                stack=looked.label,
                urn=step.urn,
                name=short_name(step.urn),
                type=keys.plugin_type(vendor) if vendor else step.type,
                vendor=vendor,
                trainings=step.trainings,
            )
        )
    return found
