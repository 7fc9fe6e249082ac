"""What interrupted runs left for one resource: a training of its voice, or a voice that no state has.

The journal says what was sent, and the registry whether the engine got the answer.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from ..vendors import VENDORS
from ..voice.journal import Entry, Journal
from ..voice.registry import Registry
from ..voice.state import VoiceState


class Recovery:
    """The journal's entries, read beside states. `account` is an account's name."""

    def __init__(self, journal: Journal, registry: Registry) -> None:
        self._journal = journal
        self._registry = registry
        self._lock = threading.Lock()
        self._looked = False

    def engine_has(self, urn: str, account: str, voice_id: str, state: VoiceState) -> None:
        """What is known of this voice under a name that the resource had before, belongs to this one. An
        import is a new beginning."""
        others = self._registry.urns(vendor_of(account), voice_id) - {urn}
        moved = self._journal.follow(urn, account, voice_id, others)
        entry = self._journal.find(urn, account)
        imported = moved and state.known_training is None
        if imported or (entry and entry.imported and entry.imported == state.ownership_id):
            self._journal.remove(urn, account)

    def imported(self, urn: str, account: str, voice_id: str, ownership_id: str) -> None:
        """The stack is about to import the voice. It may be a preview, so nothing is forgotten yet."""
        entry = self._journal.find(urn, account)
        if entry is not None and entry.voice_id == voice_id:
            self._journal.write(urn, replace(entry, imported=ownership_id))

    def forget_saved(self, urn: str, account: str, voice_id: str, state: VoiceState) -> None:
        """Where a saved state shows the result of what the journal remembers, the journal need not."""
        entry = self._journal.find(urn, account)
        if entry is not None and entry.voice_id == voice_id and not entry.outstanding(state):
            self._journal.remove(urn, account)

    def with_training(self, urn: str, account: str, voice_id: str, state: VoiceState) -> VoiceState:
        """The state, with the training that a killed run had sent."""
        entry = self._journal.find(urn, account)
        if entry is None or entry.voice_id != voice_id or not entry.outstanding(state):
            return state
        return replace(state, pending=entry.training)

    def resumed(self, urn: str, account: str, voice_id: str, state: VoiceState) -> VoiceState:
        """The state that an update starts from, with the training that a killed run had sent."""
        self.engine_has(urn, account, voice_id, state)
        self.forget_saved(urn, account, voice_id, state)
        return self.with_training(urn, account, voice_id, state)

    def unsettled(self, urn: str, account: str, voice_id: str, state: VoiceState) -> bool:
        """Whether a run that was killed left a training of this voice, or another voice in its place."""
        entry = self._journal.find(urn, account)
        if entry is not None and entry.voice_id == voice_id:
            return entry.outstanding(state)
        return self.leftover(urn, account, voice_id) is not None

    def leftover(self, urn: str, account: str, voice_id: str) -> Entry | None:
        """The replacement of this voice that was sent, or is being trained, and never reached the engine."""
        entry = self._journal.find(urn, account)
        if entry is None or entry.voice_id == voice_id or entry.refused or entry.retained:
            return None
        lost = not entry.voice_id or self._may_take(entry, urn)
        return entry if lost else None

    def left_behind(self, urn: str) -> list[str]:
        """What to say when a `pulumi destroy` deletes this resource: what interrupted runs of its stack
        created, or may have. The engine does not ask about what it never saved, and what that is is not known
        here. One sentence each, once a process; none in a run that has a program."""
        with self._lock:
            if self._looked or self._registry.has_program():
                return []
            self._looked = True
        return [
            f"{entry.urn.rpartition('::')[2]}: an interrupted run "
            f"{f'created {entry.voice_id}' if entry.voice_id else 'may have created a voice'} at "
            f"{VENDORS[vendor_of(entry.account)].facts.title}. This command deletes it only if the stack's "
            "state has it: `python -m voiceclone_provider discover` lists what there is"
            for entry in self._journal.of_stack(urn)
            if entry.urn != urn
            and not (entry.refused or entry.retained or entry.left or entry.over)
            and (not entry.voice_id or self._may_take(entry, entry.urn))
        ]

    def forget(self, urn: str, entry: Entry) -> None:
        """What was left was reported."""
        self._journal.remove(urn, entry.account)
        if entry.voice_id:
            self._registry.gone(vendor_of(entry.account), entry.voice_id)

    def _may_take(self, entry: Entry, urn: str) -> bool:
        return self._registry.may_take(vendor_of(entry.account), entry.voice_id, urn)


def vendor_of(account: str) -> str:
    """Accounts are named after their vendor first."""
    return account.partition(" ")[0]
