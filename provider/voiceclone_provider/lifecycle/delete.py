"""Delete: the vendor's call where it has one, and a loud farewell where it has not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..account.account import Account
from ..account.poller import WaitTimeoutError
from ..core.errors import (
    About,
    CancelledError,
    CredentialsError,
    NotFoundError,
    PermanentError,
    RefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
    contradictory,
)
from ..core.ports import Reporter
from ..core.times import duration
from ..core.values import Properties
from ..vendors.base import Facts, Observation, Status
from ..vendors.models import DeletionPolicy
from ..voice.fingerprint import replacing_key
from ..voice.journal import Entry, Journal
from ..voice.state import VoiceState
from .check import default_policy

_GROWTH = 1.25
_RETAIN = "Set deletionPolicy to retain to take it out of the stack and keep it there."


def deletion_policy(facts: Facts, state: VoiceState, inputs: Properties | None = None) -> DeletionPolicy:
    """What a deletion does: as declared or, without that, as the vendor allows."""
    given = (inputs or {}).get("deletionPolicy") or state.shown.get("deletionPolicy")
    return DeletionPolicy(given) if given else default_policy(facts)


def left_over(voice: str, title: str) -> str:
    """What to say of a voice that no stack has and nobody deletes."""
    return f"{voice} still exists at {title} and is in no stack: run `pulumi import`, or delete it"


@dataclass(frozen=True)
class Deletion:
    """One deletion of one voice."""

    account: Account
    journal: Journal
    urn: str
    voice_id: str
    state: VoiceState
    policy: DeletionPolicy
    reporter: Reporter

    def run(self, timeout: float) -> bool:
        """Delete the voice, or forget it, as the policy and the vendor allow. Returns whether it is deleted.

        A voice that is proved gone is deleted, with a warning. Raises `PermanentError` where the voice
        cannot be deleted and may not be forgotten.
        """
        facts, clock = self.account.vendor.facts, self.account.clock
        until = clock.monotonic() + (timeout if timeout > 0 else facts.timeout)
        if not facts.deletes:
            self._forget(f"{facts.title} has no delete endpoint")
            return False
        if self.policy is DeletionPolicy.RETAIN:
            self._forget("deletionPolicy is retain")
            return False
        if not self._other_entry():
            self.journal.remove(self.urn, self.account.name)
        seen = self.account.now(self.voice_id)
        if seen is not None and seen.status is Status.TRAINING and not seen.extras.get("voiceId", True):
            seen = self._wait_for_end(until)
        if seen is None or seen.gone:
            if not self.account.vendor.is_gone(self.voice_id):
                raise contradictory(self._about)
            self.account.refuse_another(self.state, seen, self._about)
            self._was_gone()
            return True
        self.account.saw(self.state)
        try:
            if not self._send(seen):
                self._wait_until_gone(seen, until)
        except CancelledError as error:
            error.advice = "The voice stays in the stack; the next run goes on with the deletion."
            raise
        except RefusedError as error:
            error.advice = _RETAIN
            raise
        return True

    def clear(self, why: str, timeout: float) -> bool:
        """Delete a voice that no state has or will have, if the policy allows. Says what became of it, and
        returns whether it is deleted."""
        voice, trouble = f"{self.voice_id}, {why},", ""
        if self.account.vendor.facts.deletes and self.policy is DeletionPolicy.DELETE:
            try:
                self.run(timeout)
            except VoiceError as error:
                trouble = f" ({error})"
            else:
                self.reporter.info(f"{voice} was deleted")
                return True
        self.reporter.warning(left_over(voice, self.account.vendor.facts.title) + trouble)
        return False

    @property
    def _about(self) -> About:
        return {"vendor": self.account.vendor.facts.title, "operation": "delete", "voice": self.voice_id}

    def _was_gone(self) -> None:
        self.reporter.warning(f"{self.voice_id} was already gone at {self.account.vendor.facts.title}")

    def _forget(self, why: str) -> None:
        """Take the voice out of the stack only, and remember it, so that a later create can take it back."""
        vendor = self.account.vendor
        title = vendor.facts.title
        if self.policy is not DeletionPolicy.RETAIN:
            raise PermanentError(f"the voice cannot be deleted: {why}", advice=_RETAIN, **self._about)
        self.reporter.warning(
            f"{self.voice_id} still exists at {title} ({vendor.account}): {why}. "
            "It is only taken out of the stack, and may go on costing money."
        )
        entry = self._memory()
        if entry is not None and not self._other_entry():
            self.journal.write(self.urn, entry)

    def _other_entry(self) -> bool:
        """Whether the journal knows of another voice, whose ID the engine may not have: this one's
        replacement."""
        entry = self.journal.find(self.urn, self.account.name)
        return entry is not None and not entry.refused and entry.voice_id != self.voice_id

    def _memory(self) -> Entry | None:
        """What a later create must know of the voice; nothing of an imported one, which stays as it is."""
        declared = {name: value for name, value in self.state.shown.items() if name != "voiceId"}
        entry = Entry(
            account=self.account.name,
            at=self.account.clock.now(),
            fingerprint="",
            replacing=replacing_key(self.account.vendor.facts, declared),
            voice_id=self.voice_id,
            credential=self.account.credential,
            left=True,
        )
        state = self.state
        if state.pending is not None:
            training = state.pending
            return replace(entry, at=training.started_at, fingerprint=training.fingerprint, training=training)
        if state.trained_on:
            version = state.trained_version or ""
            return replace(entry, fingerprint=state.trained_on, trained_version=version, retained=True)
        return replace(entry, fingerprint=state.failed_on) if state.failed_on else None

    def _wait_for_end(self, until: float) -> Observation:
        """A voice whose training makes its ID cannot be deleted before."""

        def judge(seen: Observation | None) -> Observation | None:
            return None if seen is None or seen.status is Status.TRAINING else seen

        def report(trouble: str) -> None:
            self.reporter.status("waiting for the training to end before deleting")

        try:
            return self.account.poller.wait(self.voice_id, judge, until, report)
        except WaitTimeoutError:
            raise TemporaryError(
                "the voice is still in training and cannot be deleted before that ends",
                advice="Run the command again later.",
                **self._about,
            ) from None

    def _send(self, seen: Observation) -> bool:
        """Whether the deletion is over. It may be sent twice: the second finds nothing to delete."""
        over = True
        for last in (False, True):
            try:
                over = self.account.vendor.delete(seen)
            except NotFoundError:
                self._was_gone()
            except UnconfirmedError:
                self.account.wrote()
                if self.account.vendor.is_gone(self.voice_id):
                    return True
                if last:
                    raise
                continue
            break
        self.account.wrote()
        return over

    def _wait_until_gone(self, seen: Observation, until: float) -> None:
        """The vendor took the deletion: wait for the proof that the voice is gone.

        The deletion is sent again, more and more rarely. It may have failed since; and where reads go on to
        show the voice, only the answer to another deletion says that there is none.
        """
        account, facts = self.account, self.account.vendor.facts
        began, trouble = account.clock.monotonic(), ""
        step, patience = facts.poll[0], facts.settle
        again = began + patience
        while True:
            now = account.clock.monotonic()
            resend = again <= now < until
            if resend:
                patience *= 2
                again = now + patience
            try:
                if account.is_gone(self.voice_id) or (resend and account.vendor.delete(seen)):
                    return
                trouble = ""
            except NotFoundError:
                return
            except (CancelledError, CredentialsError):
                raise
            except VoiceError as error:  # the first answer holds
                trouble = f" ({error})"
            if now >= until:
                waited = f"after {duration(now - began)}{trouble}"
                raise TemporaryError(
                    f"the vendor took the deletion, and the voice is not gone {waited}",
                    advice="It stays in the stack. Run `pulumi up` or `pulumi destroy` again, which goes on "
                    "with the deletion, or allow more time with customTimeouts.",
                    **self._about,
                )
            self.reporter.status(f"waiting for the vendor to delete the voice{trouble}")
            account.pause(min(step, until - now))
            step = min(step * _GROWTH, facts.poll[1])
