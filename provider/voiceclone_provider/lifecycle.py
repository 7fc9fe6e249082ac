"""The six verbs of a cloned voice, for any vendor: what both faces call.

check and diff are pure and live in `checking` and `changes`. Here is what touches a vendor, in the
order of a voice's life: create, read, update, delete. How a voice is found or made is `maker`'s, how it
gets its training is `trainer`'s, what a state says is `states`'.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from . import changes, checking, functions, previews
from .accounts import Account, Accounts
from .config import ProviderConfig
from .deletion import Deletion, deletion_policy
from .errors import (
    About,
    CancelledError,
    InitFailedError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
    contradictory,
)
from .finding import find
from .identity import auto_name, fingerprint, place
from .journal import Entry, Journal
from .maker import Maker
from .orders import orders
from .ports import Checked, Created, Difference, Found, Reporter
from .reservations import Reservations
from .states import planned, told
from .trainer import Task, accept, bring, refuse_repeat
from .training import Pending
from .values import Properties, contains_unknown
from .vendors import VENDORS
from .vendors.base import Observation, Status, Vendor


class Lifecycle:
    """The voices of one provider instance.

    Every verb may raise the errors of `voiceclone_provider.errors`, and no other.
    """

    def __init__(self, config: ProviderConfig, journal: Journal | None = None) -> None:
        self._cancelled = threading.Event()
        self._journal = journal or Journal()
        self._accounts = Accounts(config, self._cancelled, Reservations(self._journal.home / "slots"))
        self._held: dict[str, Properties] = {}
        self._voices: dict[str, tuple[str, str]] = {}
        self._read: set[str] = set()
        self._adopted: set[tuple[str, str]] = set()

    def cancel(self) -> None:
        """End every wait; their voices are kept. Idempotent, and at once."""
        self._cancelled.set()

    def check(self, vendor: str, urn: str, olds: Properties | None, news: Properties) -> Checked:
        """Every fault at once, defaults and the automatic name. No network."""
        if olds:
            self._held[urn] = olds
        checked = checking.check(VENDORS[vendor], urn, olds, news)
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
        """What a change of inputs means. Pure."""
        account = f"{vendor} {state.get('account')}"
        self._engine_has(vendor, urn, account, voice_id, state)
        if urn not in self._read:
            self._forget_saved(urn, account, voice_id, state)
        if not state.get("trainedOn"):
            self._accounts.hold(vendor, urn, voice_id)  # a place that was never trained looks free
        return changes.diff(VENDORS[vendor], voice_id, state, old_inputs, news)

    def create(
        self, vendor: str, urn: str, inputs: Properties, *, timeout: float, preview: bool, reporter: Reporter
    ) -> Created:
        """Make a voice and train it, or take back the one that an interrupted run made.

        At preview it tells what would go wrong, and changes nothing.
        """
        kind = VENDORS[vendor]
        missing = checking.missing_sample(kind.facts, inputs)
        if missing:
            raise PermanentError(missing.reason)
        wanted = fingerprint(kind, inputs)
        if preview and (wanted is None or any(contains_unknown(value) for value in inputs.values())):
            return Created("", planned(kind, inputs, None))
        account = self._accounts.get(vendor)
        task = self._task(account, urn, inputs, wanted or "", timeout, reporter)
        previews.advise(kind, inputs, reporter)
        self._refuse_known_refusal(account, urn, task)
        if preview:
            entry = self._journal.find(urn, account.name)
            known = entry is not None and entry.voice_id and entry.voice_id not in self._held_ids(vendor)
            previews.create(task, urn, may_claim=not known)
            return Created("", planned(kind, inputs, None))
        maker = Maker(
            task,
            urn,
            orders(account.vendor, urn, inputs, task.fingerprint),
            self._journal,
            may_adopt=not self._holds_same(kind, urn, inputs, task.fingerprint),
            held=lambda: self._held_ids(vendor),
            pause=self._pause,
        )
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
        if obtained.adopted:
            self._adopted.add((vendor, voice_id))
        try:
            state = bring(maker.noting(task), voice_id, obtained.seen, obtained.before)
        except InitFailedError as error:
            if obtained.claimed and not error.state.keys() & {"pendingTraining", "failedOn", "trainedOn"}:
                maker.forget()  # nothing was sent, so the place is as free as before
                raise error.cause from None
            raise
        return Created(voice_id, state)

    def read(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        state: Properties | None,
        inputs: Properties | None,
        *,
        timeout: float,
        reporter: Reporter,
    ) -> Found | None:
        """The voice as it is at the vendor; `None` only when it is proved gone.

        Raises `InitFailedError`, with state and inputs, for a voice that exists and cannot be used.
        """
        account = self._accounts.get(vendor)
        if state is not None:
            self._forget_saved(urn, account.name, voice_id, state)
            self._read.add(urn)  # a diff from here on may show a state that is not saved

        def known(found_id: str, before: Properties) -> Properties:
            if state is not None:
                return self._with_interrupted(account, urn, found_id, before)
            entry = self._journal.find(urn, account.name)
            if entry is not None and entry.voice_id == found_id:
                self._journal.remove(urn, account.name)  # an import is a new beginning
            return before

        declared = (inputs or {}).get("name")
        automatic = declared is not None and declared == auto_name(account.vendor.facts, urn, inputs or {})
        return find(account, voice_id, state, inputs, known, keep_name=automatic)

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
        self._engine_has(vendor, urn, account.name, voice_id, state)
        self._forget_saved(urn, account.name, voice_id, state)
        state = self._with_interrupted(account, urn, voice_id, state)
        trains = self._trains(kind, state, old_inputs, news)
        known = changes.known_training(state)
        # An adopted voice, or one whose sample is not declared, stays on what it was trained on.
        target = (wanted or "") if trains or known == wanted else (known or "")
        task = self._task(account, urn, news, target, timeout, reporter)
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
            task = replace(task, noted=self._noting(account, urn, news, state, task.fingerprint))
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
        voice = (vendor, voice_id)
        others = [other for other, held in self._voices.items() if held == voice and other != urn]
        if voice in self._adopted or others:
            user = others[0].rpartition("::")[2] if others else "the new resource"
            reporter.warning(f"{voice_id} is kept at {kind.facts.title}: {user} uses the same voice")
            return
        deletion = Deletion(
            account=self._accounts.get(vendor),
            journal=self._journal,
            urn=urn,
            voice_id=voice_id,
            state=state,
            policy=deletion_policy(kind.facts, state, old_inputs),
            reporter=reporter,
        )
        deletion.run(timeout)

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
            deadline=time.monotonic() + seconds,
            reporter=reporter,
            order=lambda: orders(account.vendor, urn, inputs, wanted)(1),
        )

    def _noting(
        self, account: Account, urn: str, inputs: Properties, state: Properties, wanted: str
    ) -> Callable[[str, Pending], None]:
        """Writes down a training that is about to be sent: a run that is killed leaves no state."""

        def note(voice_id: str, pending: Pending) -> None:
            entry = Entry(
                account=account.name,
                at=pending.started_at,
                fingerprint=wanted,
                place=place(account.vendor.facts, inputs),
                voice_id=voice_id,
                base_version=pending.base_version,
                base_status=pending.base_status,
                sent=True,
                accepted=pending.accepted,
                over=str(state.get("trainedOn") or ""),
            )
            self._journal.write(urn, entry)

        return note

    def _with_interrupted(self, account: Account, urn: str, voice_id: str, state: Properties) -> Properties:
        """The state, with the training that a killed run had sent."""
        entry = self._journal.find(urn, account.name)
        if entry is None or entry.voice_id != voice_id or not entry.outstanding(state):
            return state
        pending = Pending(entry.fingerprint, entry.base_version, entry.base_status, entry.at, entry.accepted)
        return {**state, "pendingTraining": pending.to_state()}

    def _engine_has(self, vendor: str, urn: str, account: str, voice_id: str, state: Properties) -> None:
        """Note which voice the engine has for a resource of the program. (A read may be a mere look at the
        voice of another.)"""
        self._voices[urn] = (vendor, voice_id)
        moved = self._journal.follow(urn, account, voice_id)
        if moved and changes.known_training(state) is None:
            self._journal.remove(urn, account)  # imported under another name: a new beginning

    def _forget_saved(self, urn: str, account: str, voice_id: str, state: Properties) -> None:
        """Where a saved state shows the result of what the journal remembers, the journal need not."""
        entry = self._journal.find(urn, account)
        if entry is not None and entry.voice_id == voice_id and not entry.outstanding(state):
            self._journal.remove(urn, account)

    def _held_ids(self, vendor: str) -> set[str]:
        """The voices that the engine has, as far as it has asked about them in this run."""
        return {voice_id for key, voice_id in list(self._voices.values()) if key == vendor}

    def _pause(self, seconds: float) -> None:
        if self._cancelled.wait(seconds):
            raise CancelledError("stopped while looking for the voice")

    def _holds_same(self, kind: type[Vendor[Any]], urn: str, inputs: Properties, wanted: str) -> bool:
        """Whether the engine already has a voice with the mark that this create would look for: a
        replacement of something by its equal must not adopt what it replaces."""
        olds = self._held.get(urn)
        if olds is None:
            return False
        if kind.facts.handle_is_unique:
            return fingerprint(kind, olds) == wanted
        return olds.get("name") == inputs.get("name")

    def _refuse_known_refusal(self, account: Account, urn: str, task: Task) -> None:
        entry = self._journal.find(urn, account.name)
        if entry is not None and entry.refused and entry.fingerprint == task.fingerprint:
            refuse_repeat(task, "", {"failedOn": task.fingerprint, "lastError": entry.refused})

    def _trains(
        self, kind: type[Vendor[Any]], state: Properties, old_inputs: Properties | None, news: Properties
    ) -> bool:
        olds = old_inputs if old_inputs is not None else {k: state[k] for k in news if k in state}
        if changes.training_changes(kind, state, olds, news):
            return True
        if not checking.has_sample(kind.facts, news) or changes.usable(state):
            return False
        # An adopted voice that somebody is training is left to them.
        return changes.known_training(state) is not None or state.get("status") != Status.TRAINING

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
