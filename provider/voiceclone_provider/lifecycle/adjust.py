"""What a call changes and no training: the name, and what else a vendor does to a voice that is ready."""

from __future__ import annotations

from collections.abc import Callable

from ..account.account import Account
from ..core.errors import UnconfirmedError, VoiceError
from ..core.values import Properties
from ..voice.state import VoiceState
from .operation import NotReadyError


def adjusted(account: Account, voice_id: str, state: VoiceState, inputs: Properties) -> VoiceState:
    """The state once the voice is as the inputs say. Raises `NotReadyError` where it does not get so."""
    vendor, wanted = account.vendor, inputs.get("name")
    try:
        if vendor.facts.rename == "call" and wanted and state.name != wanted:
            _twice(lambda: vendor.rename(voice_id, wanted))
            state = state.renamed(wanted)
            account.wrote()
        if vendor.adjust(voice_id, inputs):
            account.wrote()
    except VoiceError as error:
        raise NotReadyError(voice_id, state, error) from None
    return state


def _twice(change: Callable[[], None]) -> None:
    """The same name twice is one rename, and free."""
    try:
        change()
    except UnconfirmedError:
        change()
