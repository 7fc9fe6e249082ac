"""The six verbs of a cloned voice, for any vendor: what both faces call.

One module a verb; this one parses states, writes them, and remembers what the engine shows. How a voice is
found or made is in `create`, how it gets its training in `train`. Imports `core`, `vendors`, `voice` and
`account`.
"""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from ..account.account import Account, Accounts
from ..account.config import ProviderConfig
from ..core import files
from ..core.clock import SYSTEM, Clock
from ..core.errors import (
    PermanentError,
    SampleRefusedError,
    UnconfirmedError,
    VoiceError,
)
from ..core.pace import limited
from ..core.ports import Checked, Created, Difference, Found, Reporter
from ..core.room import ROOM
from ..core.values import Properties, contains_unknown
from ..vendors import VENDORS
from ..vendors.base import Status
from ..vendors.models import DeletionPolicy
from ..voice.fingerprint import auto_name, fingerprint
from ..voice.journal import Journal
from ..voice.registry import Registry
from ..voice.state import VoiceState, planned
from . import functions
from .adjust import adjusted
from .check import check, missing_sample
from .create import Creation
from .delete import Deletion, deletion_policy, left_over
from .diff import diff, trains
from .expiry import Expiry
from .namesakes import replaces_its_equal
from .operation import NotReadyError, Operation
from .preview import planned_update, preview_create, preview_training, warn
from .read import find, present
from .recovery import Recovery
from .train import keep, refuse_repeat, train

P = ParamSpec("P")
T = TypeVar("T")


def _limited(verb: Callable[Concatenate[Lifecycle, P], T]) -> Callable[Concatenate[Lifecycle, P], T]:
    """The verb, whose requests are not sent again beyond its time-out, and whose sample is gone with it."""

    @functools.wraps(verb)
    def call(self: Lifecycle, /, *args: P.args, **kwargs: P.kwargs) -> T:
        timeout, reporter = cast(float, kwargs["timeout"]), cast(Reporter, kwargs["reporter"])
        until = self._clock.monotonic() + timeout if timeout > 0 else math.inf
        try:
            with limited(until, reporter.status):
                return verb(self, *args, **kwargs)
        finally:
            ROOM.leave()

    return call


class Lifecycle:
    """The voices of one provider instance.

    Every verb may raise the errors of `voiceclone_provider.core.errors`, and no other.
    """

    def __init__(self, config: ProviderConfig, journal: Journal | None = None, clock: Clock = SYSTEM) -> None:
        files.keep_in(config.general.journal)
        self._clock = clock
        self._cancelled = threading.Event()
        self._journal = journal or Journal()
        self._registry = Registry(self._journal.home / "owners", clock)
        self._config = config
        self._accounts = Accounts(config, self._cancelled, self._registry, clock)
        self._recovery = Recovery(self._journal, self._registry)
        self._expiry = Expiry(clock)

    def cancel(self) -> None:
        """End every wait; their voices are kept. Idempotent, and at once."""
        self._cancelled.set()

    def ended(self) -> None:
        """The engine ends its run in order, by itself or on Ctrl-C: what it was answered until now is in its
        state. (What it was answered after a first Ctrl-C may not be: a second one keeps it from being saved.)
        """
        if not self._cancelled.is_set():
            self._registry.ended()

    def warnings(self) -> list[str]:
        """What to say of the configuration before anything is done, one sentence each."""
        return self._config.warnings()

    def check(self, vendor: str, urn: str, olds: Properties | None, news: Properties) -> Checked:
        """Every fault at once, defaults and the automatic name. No network."""
        self._registry.declared(urn, olds)
        checked = check(VENDORS[vendor], urn, olds, news, self._config.of(vendor))
        chosen = checked.inputs.get(VENDORS[vendor].facts.recovery.voice_input or "")
        if isinstance(chosen, str):
            # No voice that takes any free slot may get this one.
            self._registry.hold_slot(vendor, chosen, urn)
        return checked

    def diff(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        outputs: Properties,
        old_inputs: Properties | None,
        news: Properties,
        reporter: Reporter | None = None,
    ) -> Difference:
        """What a change of inputs means, and whether an interrupted run left something to be settled. No
        network."""
        state = VoiceState.parse(outputs)
        self._expiry.warn(urn, voice_id, state, reporter)
        account = f"{vendor} {state.account}"
        self._registry.shown(vendor, voice_id, urn, state.ownership_id)
        self._recovery.engine_has(urn, account, voice_id, state)
        interrupted = False
        if not self._registry.was_read(urn):  # else the state may not be saved
            self._recovery.forget_saved(urn, account, voice_id, state)
            interrupted = self._recovery.unsettled(urn, account, voice_id, state)
        if not state.trained_on:
            self._registry.hold_slot(vendor, voice_id, urn)  # a slot that was never trained looks free
        difference = diff(VENDORS[vendor], voice_id, state, old_inputs, news, interrupted=interrupted)
        if not difference.replaces:
            self._registry.stays(vendor, voice_id, urn)
        return difference

    @_limited
    def create(
        self, vendor: str, urn: str, inputs: Properties, *, timeout: float, preview: bool, reporter: Reporter
    ) -> Created:
        """Make a voice and train it, or take back the one that an interrupted run made.

        At preview it reports what would go wrong, and changes nothing.
        """
        kind = VENDORS[vendor]
        if missing := missing_sample(kind.facts, inputs):
            raise PermanentError(missing.reason)
        wanted = fingerprint(kind, inputs)
        if preview and (wanted is None or any(contains_unknown(value) for value in inputs.values())):
            return Created("", planned(kind, inputs, None))
        warn(kind, inputs, reporter)
        if (account := self._accounts.at(vendor, reporter, preview=preview)) is None:
            return Created("", planned(kind, inputs, None))
        operation = self._operation(account, urn, inputs, wanted or "", timeout, reporter, creates=True)
        operation.refuse_unreadable()
        if refused := operation.earlier_refusal:
            refuse_repeat(operation, "", VoiceState(failed_on=operation.fingerprint, last_error=refused))
        if preview:
            preview_create(operation, may_claim=not operation.has_interrupted_voice)
            return Created("", planned(kind, inputs, None))
        creation = Creation(operation, may_adopt=not replaces_its_equal(operation))
        try:
            obtained = creation.obtain()
        except SampleRefusedError as error:
            creation.refused(error)
            raise
        except UnconfirmedError:
            raise  # the journal keeps what the next run must look for
        except VoiceError:
            creation.forget_unsent()
            raise
        voice_id = obtained.seen.voice_id
        try:
            state = train(operation, voice_id, obtained.seen, obtained.before)
            state = adjusted(account, voice_id, state, inputs)  # an interrupted run may have named it
        except NotReadyError as error:
            known = error.state
            if obtained.claimed and not (known.pending or known.failed_on or known.trained_on):
                operation.forget()  # nothing was sent, so the slot is as free as before
                raise error.cause from None
            if not kind.facts.retrains and known.status is Status.FAILED:
                # There is no voice, nor will there be one: what the stack has now must stay in its place.
                creation.failed(known)
                raise error.cause from None
            error.state = self._owned(account, voice_id, urn, known)
            raise error.for_engine() from None
        return Created(voice_id, self._owned(account, voice_id, urn, state).outputs())

    def read(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        outputs: Properties | None,
        inputs: Properties | None,
        *,
        importing: bool = False,
        reporter: Reporter | None = None,
    ) -> Found | None:
        """The voice as it is at the vendor; `None` only when it is proved gone.

        `importing`: the stack is about to have the voice; without a state, it may only want to look at it.
        Raises `InitFailedError`, with state and inputs, for a voice that exists and cannot be used.
        """
        account = self._accounts.get(vendor)
        state = None if outputs is None else VoiceState.parse(outputs)
        if state is not None:
            self._recovery.forget_saved(urn, account.name, voice_id, state)
            if state.ownership_id:  # without, it may be a mere look at another's voice
                self._registry.shown(vendor, voice_id, urn, state.ownership_id)
            self._registry.read(urn)

        def with_training(found_id: str, before: VoiceState) -> VoiceState:
            if state is None:
                return before
            return self._recovery.with_training(urn, account.name, found_id, before)

        declared = (inputs or {}).get("name")
        automatic = declared is not None and declared == auto_name(account.vendor.facts, urn, inputs or {})
        try:
            found = find(account, voice_id, state, inputs, with_training, keep_name=automatic)
        except NotReadyError as error:
            if importing:
                error.state = self._imported(account, error.voice_id, urn, error.state)
            raise error.for_engine() from None
        if found is None:
            if state is not None:
                self._registry.gone(vendor, voice_id)
            return None
        found_id, after, found_inputs = found
        self._expiry.warn(urn, found_id, after, reporter)
        if importing:
            after = self._imported(account, found_id, urn, after)
        return Found(found_id, after.outputs(), found_inputs)

    @_limited
    def update(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        outputs: Properties,
        old_inputs: Properties | None,
        news: Properties,
        *,
        timeout: float,
        preview: bool,
        reporter: Reporter,
    ) -> Properties:
        """Train the same voice on what `news` say, rename it, or only wait: whatever is missing.

        At preview it reports the training's cost, or why it cannot work, and changes nothing.
        """
        kind = VENDORS[vendor]
        wanted = fingerprint(kind, news)
        state = VoiceState.parse(outputs)
        if preview and (wanted is None or contains_unknown(news)):
            return planned(kind, news, state)
        if (account := self._accounts.at(vendor, reporter, preview=preview)) is None:
            return planned_update(kind, state, old_inputs, news)
        account.reserve(urn, voice_id)
        state = self._recovery.resumed(urn, account.name, voice_id, state)
        trained = trains(kind, state, old_inputs, news)
        known = state.known_training
        # An imported voice, or one whose sample is not declared, stays on what it was trained on.
        target = (wanted or "") if trained or known == wanted else (known or "")
        operation = self._operation(account, urn, news, target, timeout, reporter, over=state.trained_on)
        self._clear_leftover(operation, voice_id, deletion_policy(kind.facts, state, news), preview=preview)
        if not preview and not state.ownership_id:
            state = self._owned(account, voice_id, urn, state)
        if trained:
            warn(kind, news, reporter)
        for sentence in state.drift_reports(trains=trained):
            reporter.warning(sentence)
        seen = present(account, voice_id, reporter if preview else None)
        if preview:
            if seen is not None and trained:
                preview_training(operation, voice_id, seen, state)
            return planned_update(kind, state, old_inputs, news)
        assert seen is not None  # noqa: S101 - only a preview goes on without having seen the voice
        try:
            act = keep if not trained and known is None else train
            state = act(operation, voice_id, seen, state.reached_with(account.credential))
            return adjusted(account, voice_id, state, news).outputs()
        except NotReadyError as error:
            raise error.for_engine() from None

    @_limited
    def delete(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        outputs: Properties,
        old_inputs: Properties | None,
        *,
        timeout: float,
        reporter: Reporter,
    ) -> None:
        """Delete the voice at the vendor, or forget it, as `deletionPolicy` and the vendor allow."""
        kind = VENDORS[vendor]
        state = VoiceState.parse(outputs)
        for sentence in self._recovery.left_behind(urn):
            reporter.warning(sentence)
        users = self._registry.leave_to(vendor, voice_id, urn, state.ownership_id)
        if users:
            reporter.warning(
                f"{voice_id} is kept at {kind.facts.title}, because it is in use by {', '.join(users)}. "
                "If that is not so any more, delete it in the vendor's console."
            )
            return
        policy = deletion_policy(kind.facts, state, old_inputs)
        account = self._accounts.get(vendor)
        deletion = Deletion(account, self._journal, urn, voice_id, state, policy, reporter)
        if deletion.run(timeout):
            self._registry.deleted(vendor, voice_id)
        self._registry.release(vendor, voice_id, urn, state.ownership_id)

    def invoke(self, vendor: str, function: str, arguments: Properties) -> functions.Answer:
        """What a function of the package returns. Changes nothing."""
        asked = functions.functions(vendor)[function]
        return functions.call(lambda: self._accounts.get(vendor), asked, arguments)

    def listed(self, vendor: str) -> list[functions.Listed]:
        """The voices of the account that could be imported."""
        return functions.listed(self._accounts.get(vendor))

    # How the verbs do it.

    def _operation(
        self,
        account: Account,
        urn: str,
        inputs: Properties,
        wanted: str,
        timeout: float,
        reporter: Reporter,
        **more: Any,
    ) -> Operation:
        given = timeout if timeout > 0 else None
        return Operation(account, urn, inputs, wanted, given, reporter, self._journal, self._registry, **more)

    def _owned(self, account: Account, voice_id: str, urn: str, state: VoiceState) -> VoiceState:
        owned = self._registry.take(account.vendor.facts.key, voice_id, urn)
        return replace(state.reached_with(account.credential), ownership_id=owned)

    def _imported(self, account: Account, voice_id: str, urn: str, state: VoiceState) -> VoiceState:
        ownership_id = self._registry.take_imported(account.vendor.facts.key, voice_id, urn)
        self._recovery.imported(urn, account.name, voice_id, ownership_id)
        return replace(state.reached_with(account.credential), ownership_id=ownership_id)

    def _clear_leftover(
        self, operation: Operation, voice_id: str, policy: DeletionPolicy, *, preview: bool
    ) -> None:
        """Delete what an interrupted run made to replace this voice: the program went back to it."""
        account, urn, reporter = operation.account, operation.urn, operation.reporter
        entry = self._recovery.leftover(urn, account.name, voice_id)
        if entry is None:
            return
        entry = entry.resumed(operation.now())
        why = f"which an interrupted run created to replace {voice_id}"
        found, certain = Creation(operation, may_adopt=False).made_by(entry, wait=not preview)
        if not certain:
            reporter.warning(
                f"{', '.join(found) or 'a voice'} may be the voice that an interrupted run created to "
                f"replace {voice_id}: check {operation.title}, then run `pulumi import`, or delete it there"
            )
        elif preview and found:
            reporter.warning(left_over(f"{found[0]}, {why},", operation.title))
        elif not preview:
            for left in found:
                deletion = Deletion(account, self._journal, urn, left, VoiceState(), policy, reporter)
                if deletion.clear(why, operation.training_deadline - account.clock.monotonic()):
                    self._registry.deleted(operation.facts.key, left)
        if not preview:
            self._recovery.forget(urn, entry)
