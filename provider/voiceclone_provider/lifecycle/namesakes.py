"""A create whose chosen name another voice of the account has already.

A run that was killed on a machine that is gone leaves no state and no journal. Its voice has the chosen name
and no other mark, as may anybody's: it is never taken, and no second one is made before the user has decided.
"""

from __future__ import annotations

from collections.abc import Collection

from ..core.errors import PermanentError
from ..core.times import age, unix
from ..vendors.base import Observation
from ..voice.fingerprint import fingerprint
from .operation import Operation

_LOOK_AGAIN = 1.0


def replaces_its_equal(operation: Operation) -> bool:
    """Whether the engine already has a voice with the mark that this create would look for: a replacement of
    something by its equal must not take over what it replaces."""
    olds = operation.registry.former_inputs(operation.urn)
    if olds is None:
        return False
    if operation.facts.recovery.resends:
        return fingerprint(type(operation.vendor), olds) == operation.fingerprint
    return olds.get("name") == operation.inputs.get("name")


def may_meet_namesakes(operation: Operation) -> bool:
    """Whether a create of this resource must look for them."""
    chooses = operation.facts.recovery.same_name_input
    return bool(chooses) and not operation.inputs.get(chooses or "") and not operation.order().auto_named


def refuse_namesakes(
    operation: Operation, namesakes: list[Observation], reported: Collection[str] = ()
) -> None:
    """Raise where voices with the chosen name may be lost ones of this resource; not for those that the user
    was told of in this run already."""
    if not may_meet_namesakes(operation):
        return
    others = [voice for voice in namesakes if voice.voice_id not in reported]
    found = _unexplained(operation, others)
    if found:  # another resource that has one of them may not have been asked about yet
        operation.account.pause(_LOOK_AGAIN)
        found = _unexplained(operation, others)
    if not found:
        return
    allowing = operation.facts.recovery.same_name_input
    found.sort(key=lambda voice: voice.created_at or "", reverse=True)
    shown = "; ".join(_described(voice, operation.now()) for voice in found)
    what = "a voice" if len(found) == 1 else f"{len(found)} voices"
    raise PermanentError(
        f"the account has {what} with this name already, and no stack that is known here has it: {shown}",
        advice=f"{_way_on(operation, found)} To make another with the same name, set {allowing} to true.",
        **operation.about("create", str(operation.inputs.get("name"))),
    )


def _unexplained(operation: Operation, namesakes: list[Observation]) -> list[Observation]:
    """Those that neither a state nor the journal accounts for."""
    registry, key = operation.registry, operation.facts.key
    entry = operation.earlier
    known = {entry.voice_id, *entry.before} if entry is not None else set()
    left = [
        voice
        for voice in namesakes
        if not voice.gone
        and voice.voice_id not in known
        and not registry.was_made(key, voice.voice_id)
        and not registry.was_deleted(key, voice.voice_id)
        and not registry.is_in_a_state(key, voice.voice_id)
        and not operation.journal.is_of_another(operation.urn, operation.account.name, voice.voice_id)
    ]
    if len(left) == 1 and _replaces_one_of(operation, namesakes, left):
        return []
    return left


def _replaces_one_of(
    operation: Operation, namesakes: Collection[Observation], left: Collection[Observation]
) -> bool:
    """Whether one voice that is left must be the one that is replaced: the engine names no ID for a forced
    replacement (`pulumi up --replace`)."""
    if not replaces_its_equal(operation):
        return False
    known = {voice.voice_id for voice in namesakes} - {voice.voice_id for voice in left}
    registry, key = operation.registry, operation.facts.key
    return not any(operation.urn in registry.urns(key, voice_id) for voice_id in known)


def _described(voice: Observation, now: float) -> str:
    created = unix(voice.created_at)
    known = [] if created is None else [age(now - created)]
    return f"{voice.voice_id} ({', '.join([*known, str(voice.status)])})"


def _way_on(operation: Operation, found: list[Observation]) -> str:
    if operation.registry.former_inputs(operation.urn) is not None:
        return "If an interrupted run made it to replace this resource's voice, delete it at the vendor."
    voice_id = found[0].voice_id if len(found) == 1 else "<ID>"
    resource = operation.urn.rsplit("::", 1)[-1]
    return (
        f"If an interrupted run made it for this resource, run "
        f"`pulumi import voiceclone:{operation.facts.key}:Voice {resource} {voice_id}`."
    )
