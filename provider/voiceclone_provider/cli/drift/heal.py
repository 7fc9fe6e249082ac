"""Carries a plan out, and says what is left to report."""

from __future__ import annotations

from dataclasses import replace

from ...core.errors import PermanentError
from ..stacks import failed
from .detect import Looked
from .finding import Finding, Kind
from .plan import Plan


def heal(looked: Looked, plan: Plan) -> str:
    """Do what the plan says, and nothing else: what drifted since stays as it is until the next run. Returns
    why it failed; empty where it did not. A deployment that came between is not undone: the program here may
    be an older one."""
    assert looked.stack is not None  # noqa: S101 - it was planned
    try:
        if looked.stack.state() != looked.state:
            return "another run has updated the stack since it was looked at. Run drift again"
        looked.stack.api.up(refresh=True, target=list(plan.targets), color="never")
    except PermanentError as error:
        return str(error)
    except Exception as error:  # whatever it is, the other stacks go on
        return str(failed(error))
    return ""


def left(before: Looked, after: Looked, trouble: str) -> list[Finding]:
    """What is to be reported after healing: what a look afterwards found and, where a resource that was gone
    did not come back, that finding still. A refresh cannot show it again: it is not in the state any more."""
    if after.state is None:
        return after.findings
    lost = [
        finding
        for finding in before.findings
        if finding.kind is Kind.DELETED and finding.urn not in after.state.managed
    ]
    again_gone = {finding.urn for finding in lost}
    found = [item for item in after.findings if not (item.kind is Kind.MISSING and item.urn in again_gone)]
    advice = f"Healing failed: {trouble}" if trouble else "Healing did not bring it back."
    again = "Run `pulumi up`, for a refresh does not show it any more."
    return [*found, *(replace(finding, advice=f"{advice} {again}") for finding in lost)]
