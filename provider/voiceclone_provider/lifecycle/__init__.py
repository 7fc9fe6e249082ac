"""The six verbs of a cloned voice, for any vendor: what both faces call.

check and diff are pure and live in `checking` and `changes`. Here is what touches a vendor, in the
order of a voice's life: create, read, update, delete. How a voice is found or made is `maker`'s, how it
gets its training is `trainer`'s, what a state says is `states`'.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..account.account import Account, Accounts
from ..account.config import ProviderConfig
from ..account.reservations import Reservations
from ..core.clock import SYSTEM, Clock
from ..core.errors import (
    About,
    InitFailedError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
    contradictory,
)
from ..core.ports import Checked, Created, Difference, Found, Reporter
from ..core.values import Properties, contains_unknown
from ..vendors import VENDORS
from ..vendors.base import Observation, Status, Vendor
from ..vendors.models import DeletionPolicy
from ..voice.fingerprint import auto_name, fingerprint
from ..voice.journal import Journal
from ..voice.ownership import OWNERSHIP_ID, Ownership
from ..voice.state import known_training, planned, told
from . import check, diff, functions
from . import preview as previews
from .create import Maker
from .delete import Deletion, deletion_policy, left_over
from .order import orders
from .read import find
from .recovery import Recovery
from .train import Task, accept, bring, refuse_repeat


class Lifecycle:
    """The voices of one provider instance.

    Every verb may raise the errors of `voiceclone_provider.errors`, and no other.
    """

    def __init__(self, config: ProviderConfig, journal: Journal | None = None, clock: Clock = SYSTEM) -> None:
        self._cancelled = threading.Event()
        self._journal = journal or Journal()
        self._accounts = Accounts(config, self._cancelled, Reservations(self._journal.home / "slots"), clock)
        self._ownership = Ownership(self._journal.home / "owners", clock)
        self._recovery = Recovery(self._journal, self._ownership)
        self._held: dict[str, Properties] = {}
        self._read: set[str] = set()

    def cancel(self) -> None:
        """End every wait; their voices are kept. Idempotent, and at once."""
        self._cancelled.set()

    def ended(self) -> None:
        """The engine ends its run in order, by itself or on Ctrl-C: what it was answered until now is in its
        state. (What it was answered after a first Ctrl-C may not be: a second one keeps it from being saved.)
        """
        if not self._cancelled.is_set():
            self._ownership.ended()

    def check(self, vendor: str, urn: str, olds: Properties | None, news: Properties) -> Checked:
        """Every fault at once, defaults and the automatic name. No network."""
        if olds:
            self._held[urn] = olds
        self._ownership.registered(urn, anew=olds is None)
        checked = check.check(VENDORS[vendor], urn, olds, news)
        chosen = checked.inputs.get(VENDORS[vendor].facts.id_input or "")
        if isinstance(chosen, str):
            self._accounts.hold(vendor, urn, chosen)  # no voice that takes any free place may get this one
        return checked

    def diff(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        state: Properties,
        old_inputs: Properties | None,
        news: Properties,
    ) -> Difference:
        """What a change of inputs means, and whether an interrupted run left something to be settled. No
        network."""
        account = f"{vendor} {state.get('account')}"
        self._ownership.shown(vendor, voice_id, urn, state.get(OWNERSHIP_ID))
        self._recovery.engine_has(urn, account, voice_id, state)
        interrupted = False
        if urn not in self._read:
            self._recovery.forget_saved(urn, account, voice_id, state)
            interrupted = self._recovery.unsettled(urn, account, voice_id, state)
        if not state.get("trainedOn"):
            self._accounts.hold(vendor, urn, voice_id)  # a place that was never trained looks free
        difference = diff.diff(VENDORS[vendor], voice_id, state, old_inputs, news, interrupted=interrupted)
        if not difference.replaces:
            self._ownership.stays(vendor, voice_id, urn)
        return difference

    def create(
        self, vendor: str, urn: str, inputs: Properties, *, timeout: float, preview: bool, reporter: Reporter
    ) -> Created:
        """Make a voice and train it, or take back the one that an interrupted run made.

        At preview it tells what would go wrong, and changes nothing.
        """
        kind = VENDORS[vendor]
        missing = check.missing_sample(kind.facts, inputs)
        if missing:
            raise PermanentError(missing.reason)
        wanted = fingerprint(kind, inputs)
        if preview and (wanted is None or any(contains_unknown(value) for value in inputs.values())):
            return Created("", planned(kind, inputs, None))
        account = self._accounts.get(vendor)
        task = self._task(account, urn, inputs, wanted or "", timeout, reporter)
        previews.advise(kind, inputs, reporter)
        refused = self._recovery.refusal(urn, account.name, task.fingerprint)
        if refused:
            refuse_repeat(task, "", {"failedOn": task.fingerprint, "lastError": refused})
        if preview:
            previews.create(task, urn, may_claim=not self._recovery.unsaved_voice(urn, account.name))
            return Created("", planned(kind, inputs, None))
        maker = self._maker(task, urn, may_adopt=not self._holds_same(kind, urn, inputs, task.fingerprint))
        try:
            obtained = maker.obtain()
        except SampleRefusedError as error:
            maker.refused(error)
            raise
        except UnconfirmedError:
            raise  # the journal keeps what the next run must look for
        except VoiceError:
            maker.forget_unsent()
            raise
        voice_id = obtained.seen.voice_id
        try:
            state = bring(maker.noting(task), voice_id, obtained.seen, obtained.before)
            state = self._rename(account, voice_id, state, inputs)  # an interrupted run may have named it
        except InitFailedError as error:
            if obtained.claimed and not error.state.keys() & {"pendingTraining", "failedOn", "trainedOn"}:
                maker.forget()  # nothing was sent, so the place is as free as before
                raise error.cause from None
            if not kind.facts.retrains and error.state.get("status") == Status.FAILED:
                # There is no voice, nor will there be one: what the stack has now must stay in its place.
                maker.failed(error.state)
                raise error.cause from None
            error.state[OWNERSHIP_ID] = self._ownership.take(vendor, voice_id, urn)
            raise
        return Created(voice_id, state | {OWNERSHIP_ID: self._ownership.take(vendor, voice_id, urn)})

    def read(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        state: Properties | None,
        inputs: Properties | None,
        *,
        importing: bool = False,
        timeout: float,
        reporter: Reporter,
    ) -> Found | None:
        """The voice as it is at the vendor; `None` only when it is proved gone.

        `importing`: the stack is about to have the voice; without a state, it may only want to look at it.
        Raises `InitFailedError`, with state and inputs, for a voice that exists and cannot be used.
        """
        account = self._accounts.get(vendor)
        if state is not None:
            self._recovery.forget_saved(urn, account.name, voice_id, state)
            if OWNERSHIP_ID in state:  # without, it may be a mere look at another's voice
                self._ownership.shown(vendor, voice_id, urn, state[OWNERSHIP_ID])
            self._read.add(urn)  # a diff from here on may show a state that is not saved

        def known(found_id: str, before: Properties) -> Properties:
            if state is None:
                return before
            return self._recovery.with_training(urn, account.name, found_id, before)

        declared = (inputs or {}).get("name")
        automatic = declared is not None and declared == auto_name(account.vendor.facts, urn, inputs or {})
        try:
            found = find(account, voice_id, state, inputs, known, keep_name=automatic)
        except InitFailedError as error:
            if importing:
                error.state |= self._imported(account, error.voice_id, urn)
            raise
        if found is None and state is not None:
            self._ownership.gone(vendor, voice_id)
        if found is not None and importing:
            found.state.update(self._imported(account, found.voice_id, urn))
        return found

    def update(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        state: Properties,
        old_inputs: Properties | None,
        news: Properties,
        *,
        timeout: float,
        preview: bool,
        reporter: Reporter,
    ) -> Properties:
        """Train the same voice on what `news` say, rename it, or only wait: whatever is missing.

        At preview it tells the training's cost, or why it cannot work, and changes nothing.
        """
        kind = VENDORS[vendor]
        wanted = fingerprint(kind, news)
        if preview and (wanted is None or any(contains_unknown(value) for value in news.values())):
            return planned(kind, news, state)
        account = self._accounts.get(vendor)
        account.reserve(urn, voice_id)
        self._recovery.engine_has(urn, account.name, voice_id, state)
        self._recovery.forget_saved(urn, account.name, voice_id, state)
        state = self._recovery.with_training(urn, account.name, voice_id, state)
        trains = diff.trains(kind, state, old_inputs, news)
        known = known_training(state)
        # An adopted voice, or one whose sample is not declared, stays on what it was trained on.
        target = (wanted or "") if trains or known == wanted else (known or "")
        task = self._task(account, urn, news, target, timeout, reporter)
        self._clear_leftover(task, urn, voice_id, deletion_policy(kind.facts, state, news), preview=preview)
        if not preview and not state.get(OWNERSHIP_ID):
            state = {**state, OWNERSHIP_ID: self._ownership.take(vendor, voice_id, urn)}
        if trains:
            previews.advise(kind, news, reporter)
        for sentence in told(state, trains=trains):
            reporter.warning(sentence)
        seen = self._present(account, voice_id, preview, reporter)
        if preview:
            if seen is not None and trains:
                previews.training(task, voice_id, seen, state)
            return planned(kind, news, state) if trains else self._renamed(kind, state, news)
        assert seen is not None  # noqa: S101 - only a preview goes on without having seen the voice
        if not trains and known is None:
            after = accept(task, voice_id, seen, state)
        else:
            task = replace(task, noted=self._recovery.noting(kind, account.name, urn, news, state))
            after = bring(task, voice_id, seen, state)
        return self._rename(account, voice_id, after, news)

    def delete(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        state: Properties,
        old_inputs: Properties | None,
        *,
        timeout: float,
        reporter: Reporter,
    ) -> None:
        """Delete the voice at the vendor, or forget it, as `deletionPolicy` and the vendor allow."""
        kind = VENDORS[vendor]
        own = state.get(OWNERSHIP_ID)
        users = self._ownership.leave_to(vendor, voice_id, urn, own)
        if users:
            reporter.warning(
                f"{voice_id} is kept at {kind.facts.title}, because it is in use by {', '.join(users)}. "
                "If that is not so any more, delete it in the vendor's console."
            )
            return
        policy = deletion_policy(kind.facts, state, old_inputs)
        Deletion(self._accounts.get(vendor), self._journal, urn, voice_id, state, policy, reporter).run(
            timeout
        )
        self._ownership.release(vendor, voice_id, urn, own)

    def invoke(self, vendor: str, function: str, arguments: Properties) -> functions.Answer:
        """What a function of the package gives. Changes nothing."""
        asked = functions.functions(vendor)[function]
        return functions.call(lambda: self._accounts.get(vendor), asked, arguments)

    def listed(self, vendor: str) -> list[functions.Listed]:
        """The voices of the account that could be imported."""
        return functions.listed(self._accounts.get(vendor))

    # How the verbs do it.

    def _task(
        self, account: Account, urn: str, inputs: Properties, wanted: str, timeout: float, reporter: Reporter
    ) -> Task:
        seconds = timeout if timeout > 0 else account.vendor.facts.timeout
        return Task(
            account=account,
            inputs=inputs,
            fingerprint=wanted,
            deadline=account.clock.monotonic() + seconds,
            reporter=reporter,
            order=lambda: orders(account.vendor, urn, inputs, wanted)(1),
        )

    def _imported(self, account: Account, voice_id: str, urn: str) -> Properties:
        ownership_id = self._ownership.take_imported(account.vendor.facts.key, voice_id, urn)
        self._recovery.imported(urn, account.name, voice_id, ownership_id)
        return {OWNERSHIP_ID: ownership_id}

    def _may_take(self, account: Account, urn: str) -> Callable[[str], bool]:
        return lambda voice_id: self._ownership.may_take(account.vendor.facts.key, voice_id, urn)

    def _clear_leftover(
        self, task: Task, urn: str, voice_id: str, policy: DeletionPolicy, *, preview: bool
    ) -> None:
        """Delete what an interrupted run made to replace this voice: the program went back to it."""
        account = task.account
        entry = self._recovery.leftover(urn, account.name, voice_id)
        if entry is None:
            return
        why = f"which an interrupted run made to replace {voice_id}"
        found, certain = self._maker(task, urn, may_adopt=False).made_by(entry, wait=not preview)
        if not certain:
            task.reporter.warning(
                f"{', '.join(found) or 'a voice'} may be what an interrupted run made to replace {voice_id}: "
                f"look at {task.title}, take it with `pulumi import`, or delete it there"
            )
        elif preview and found:
            task.reporter.warning(left_over(f"{found[0]}, {why},", task.title))
        elif not preview:
            for left in found:
                deletion = Deletion(account, self._journal, urn, left, {}, policy, task.reporter)
                deletion.clear(why, task.deadline - account.clock.monotonic())
        if not preview:
            self._recovery.forget(urn, entry)

    def _maker(self, task: Task, urn: str, *, may_adopt: bool) -> Maker:
        return Maker(
            task,
            urn,
            orders(task.account.vendor, urn, task.inputs, task.fingerprint),
            self._journal,
            may_adopt=may_adopt,
            may_take=self._may_take(task.account, urn),
        )

    def _holds_same(self, kind: type[Vendor[Any]], urn: str, inputs: Properties, wanted: str) -> bool:
        """Whether the engine already has a voice with the mark that this create would look for: a
        replacement of something by its equal must not adopt what it replaces."""
        olds = self._held.get(urn)
        if olds is None:
            return False
        if kind.facts.handle_is_unique:
            return fingerprint(kind, olds) == wanted
        return olds.get("name") == inputs.get("name")

    def _present(
        self, account: Account, voice_id: str, preview: bool, reporter: Reporter
    ) -> Observation | None:
        """The voice; a preview goes on without having seen it."""
        about: About = {"vendor": account.vendor.facts.title, "operation": "update", "voice": voice_id}
        try:
            seen = account.now(voice_id)
            if seen is not None and not seen.gone:
                return seen
            if not account.is_gone(voice_id):
                raise contradictory(about)
        except TemporaryError as error:
            if not preview:
                raise
            reporter.warning(f"could not look at the vendor: {error}")
            return None
        raise NotFoundError(
            "the voice does not exist at the vendor any more",
            advice="Run `pulumi refresh`, then `pulumi up` makes a new one.",
            **about,
        )

    def _renamed(self, kind: type[Vendor[Any]], state: Properties, news: Properties) -> Properties:
        known = {name: value for name, value in state.items() if name != "drift"}
        return {**known, **{name: value for name, value in news.items() if value is not None}}

    def _rename(self, account: Account, voice_id: str, state: Properties, news: Properties) -> Properties:
        wanted = news.get("name")
        if account.vendor.facts.rename != "call" or not wanted or state.get("name") == wanted:
            return state
        try:
            try:
                account.vendor.rename(voice_id, wanted)
            except UnconfirmedError:
                account.vendor.rename(voice_id, wanted)  # the same name twice is one rename, and free
        except VoiceError as error:
            raise InitFailedError(voice_id, state, error) from None
        account.wrote(voice_id)
        return {**state, "name": wanted}
