"""One account per vendor: its connection, its shared reads, and the poller of its trainings."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from ..core import files
from ..core.clock import SYSTEM, Clock
from ..core.errors import About, CancelledError, CredentialsError, PermanentError, VoiceError
from ..core.pace import limit, limited
from ..core.ports import Reporter
from ..core.values import Properties
from ..vendors import VENDORS
from ..vendors.base import Budget, Observation, Order, Vendor
from ..voice.registry import Registry
from ..voice.state import VoiceState
from .config import ProviderConfig
from .listings import Reads
from .poller import Poller

_WITNESS = 5.0
"""Seconds to wait for another voice of the stack to show that the credentials are of the same account."""
_STEP = 0.2
_SOON = 5.0
"""Seconds that a preview gives to what it can do without."""


class Account:
    """What all resources of one vendor account share in this process."""

    def __init__(
        self,
        vendor: Vendor[Any],
        cancelled: threading.Event,
        registry: Registry,
        clock: Clock = SYSTEM,
    ) -> None:
        self.vendor = vendor
        self.clock = clock
        self.cancelled = cancelled
        self.name = f"{vendor.facts.key} {vendor.account}"
        self.poller = Poller(self.observe, vendor.facts.poll, cancelled, clock)
        self._creating: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._registry = registry
        self._lock = threading.Lock()
        self._reads = Reads(vendor, clock)
        self._shared: set[str] = set()
        self.credential = ""
        if vendor.credential:
            self.credential = files.name(self.name, vendor.credential)[:16]

    def pause(self, seconds: float) -> None:
        """Let time pass. Raises `CancelledError` when the user stops meanwhile."""
        if self.clock.pause(seconds, self.cancelled):
            raise CancelledError("stopped while looking for the voice")

    def observe(self, voice_ids: Collection[str]) -> dict[str, Observation]:
        """These voices by a fresh call."""
        return self.vendor.observe(voice_ids)

    def now(self, voice_id: str) -> Observation | None:
        """One voice by a fresh call; `None` when it was not found, which is no proof that it is gone."""
        return self.observe([voice_id]).get(voice_id)

    def look(self, voice_id: str) -> Observation | None:
        """One voice, by a read that may be shared with others that are read at the same time."""
        return self._reads.look(voice_id)

    def listing(self) -> list[Observation]:
        """Every voice of the account, by a read that may be shared with others."""
        return self._reads.listing()

    def by_handle(self, handle: str) -> list[Observation]:
        """The voice that was made with this handle, by a fresh call."""
        return self.vendor.by_handle(handle)

    def is_gone(self, voice_id: str) -> bool:
        """Whether a voice that was just not found is proved gone, by a fresh call."""
        return self._reads.is_gone(voice_id)

    def saw(self, state: VoiceState) -> None:
        """A voice of this state is there: what reached it before reaches the account of today."""
        with self._lock:
            if state.account:  # else it is no state that was saved
                self._shared.update(state.credentials or ("",))

    def refuse_another(self, state: VoiceState, seen: Observation | None, about: About) -> None:
        """Raise `PermanentError` where a voice that seems gone lives in another account, or may: it was
        reached with other credentials, and today's show neither that it is gone nor another voice that was
        reached with them."""
        lived = state.account
        if lived and lived != self.vendor.account:
            raise PermanentError(
                f"the voice lives in {lived}, but the provider is configured for {self.vendor.account}",
                advice="Nothing was removed from the stack. Check the provider's configuration.",
                **about,
            )
        if seen is not None or not self.credential or self.credential in state.credentials:
            return
        until = self.clock.monotonic() + _WITNESS
        while not self._shared.intersection(state.credentials or ("",)):
            if self.clock.monotonic() >= until:
                raise PermanentError(
                    "the voice is not found, and the credentials are not those that it was last changed with:"
                    " they may be of another account",
                    advice="Nothing was removed from the stack. Check the credentials. If they are of the "
                    "same account and the voice was deleted there, run `pulumi state delete` for it.",
                    **about,
                )
            self.pause(_STEP)  # another voice of the stack may be about to be read

    def creating(self, name: str) -> threading.Lock:
        """Held while a voice is made. Two creates whose voices could be taken for each other after a lost
        reply must not overlap: those of one name or, where a new voice has none, all of the account."""
        with self._lock:
            return self._creating[self.vendor.facts.recovery.overlap(name)]

    def claim(self, urn: str, order: Order, *, preview: bool = False) -> Observation | None:
        """The buyer's slot for this resource; at preview it is kept from others of this process only. `None`
        where a voice has to be made."""
        if self.vendor.facts.recovery.voice_input is None:
            return None
        with self.creating(""):
            taken = self._registry.taken_slots(self.vendor.facts.key, urn)
            slot = self.vendor.claim(order, taken, reserve=not preview)
            if slot is not None:
                self._registry.give_slot(self.vendor.facts.key, slot.voice_id, urn)
        return slot

    def reserve(self, urn: str, voice_id: str) -> None:
        """Keep a slot of the buyer's for the resource that has it already. Raises `PermanentError` where
        another resource of this program took it, because it looked free."""
        if self.vendor.facts.recovery.slot_input is None:
            return
        with self.creating(""):
            owner = self._registry.hold_slot(self.vendor.facts.key, voice_id, urn)
        if owner != urn:
            raise PermanentError(
                "another resource of this program uses this slot, which was not trained yet",
                vendor=self.vendor.facts.title,
                operation="train",
                voice=voice_id,
                advice=f"Give each voice a slot of its own with {self.vendor.facts.recovery.slot_input}.",
            )

    def budget(self, inputs: Properties, seen: Observation | None, reporter: Reporter) -> Budget | None:
        """What the account has left for a training on these inputs, of this voice or a new one; `None` where
        nothing shows it soon. No preview fails for it."""
        soon = self.clock.monotonic() + _SOON
        try:
            with limited(min(soon, limit.until), reporter.status):
                return self.vendor.budget(inputs, seen)
        except CancelledError:
            raise
        except VoiceError:
            return None

    def wrote(self) -> None:
        """After every change of ours: shared listings are stale now."""
        self._reads.changed()


class Accounts:
    """The accounts of a provider, connected on first use: a vendor that is not used costs nothing."""

    def __init__(
        self,
        config: ProviderConfig,
        cancelled: threading.Event,
        registry: Registry,
        clock: Clock = SYSTEM,
    ) -> None:
        self._clock = clock
        self._registry = registry
        self._config = config
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._accounts: dict[str, Account] = {}
        self._told: set[str] = set()

    def get(self, key: str) -> Account:
        """The account of a vendor; raises `CredentialsError` when its keys are missing."""
        with self._lock:
            account = self._accounts.get(key)
            if account is None:
                vendor = VENDORS[key]
                config = self._config.of(key)
                vendor.require_credentials(config)
                account = self._accounts[key] = Account(
                    vendor.connect(config, self._cancelled, self._clock),
                    self._cancelled,
                    self._registry,
                    self._clock,
                )
            return account

    def at(self, key: str, reporter: Reporter, *, preview: bool) -> Account | None:
        """The account of a vendor. A preview can do without: `None` where keys are missing, which is told in
        one warning of the run."""
        try:
            return self.get(key)
        except CredentialsError as error:
            if not preview:
                raise
            with self._lock:
                told = key in self._told
                self._told.add(key)
            if not told:
                reporter.warning(without_vendor(error))
            return None


def without_vendor(error: CredentialsError) -> str:
    """What a preview says of keys that are missing."""
    return (
        f"{error} This preview does without the vendor: inputs are checked, and what only the vendor shows "
        "(free slots, names in use, trainings left) is unknown. `pulumi up` needs the credentials."
    )
