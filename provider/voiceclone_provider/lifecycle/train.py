"""Bring a voice that exists to the training that its inputs ask for: the heart of create and update.

From here on the vendor knows the voice, so no outcome may lose its ID: every fault leaves as
`InitFailedError` with the state to go on from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..account.account import Account
from ..account.poller import WaitTimeoutError
from ..core.errors import (
    About,
    CancelledError,
    InitFailedError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from ..core.ports import Reporter
from ..core.values import Properties
from ..vendors.base import Observation, Order, Status
from ..voice.fingerprint import EXTERNAL
from ..voice.pending import Pending, Phase
from ..voice.state import settle, with_code
from .check import has_sample

_INVISIBLE_TRAINING = 120.0
"""Seconds to look for the effect of a lost request where a voice does not show that it is in training."""

_ALREADY_FAILED = "this sample already failed: "


_ADVICE = {
    Status.TRAINING: "`pulumi up` waits for it.",
    Status.PENDING: "`pulumi up` trains it.",
    Status.FAILED: "Change the sample, then run `pulumi up`.",
    Status.EXPIRED: "Renew it in the vendor's console, or declare another voice.",
}


@dataclass(frozen=True)
class Task:
    """One create or update of one voice.

    Arguments:
        fingerprint: what the voice must be trained on.
        deadline: on the monotonic clock.
        order: makes the order; reads the sample, so only called when one is sent.
        noted: told of a training that is about to be sent, and again when the vendor took it (the journal,
            for a run that ends without leaving a state); `None` when it was not sent after all.
    """

    account: Account
    inputs: Properties
    fingerprint: str
    deadline: float
    reporter: Reporter
    order: Callable[[], Order]
    noted: Callable[[str, Pending | None], None] = lambda voice_id, pending: None

    @property
    def title(self) -> str:
        return self.account.vendor.facts.title


def bring(task: Task, voice_id: str, seen: Observation, before: Properties) -> Properties:
    """Wait for a training on this fingerprint if one runs, start it if none did; return the state.

    Costs a training only when the voice is neither trained nor in training on the fingerprint.
    """
    run = _Run(task, voice_id, seen, before)
    try:
        if run.end_pending() == task.fingerprint:
            run.require_success()
        if run.seen.status.usable:
            declared = has_sample(task.account.vendor.facts, task.inputs)
            if run.state.get("trainedOn") == task.fingerprint or not declared:
                return run.state
        refuse_repeat(task, voice_id, run.state)
        refuse_untrainable(task, voice_id, run.seen)
        run.train()
        run.require_success()
        return run.state
    except VoiceError as error:
        raise InitFailedError(voice_id, run.state, error) from None
    except Exception as error:  # whatever it is, the voice exists
        bug = VoiceError(
            f"unexpected {type(error).__name__}: {error}",
            vendor=task.title,
            operation="train",
            voice=voice_id,
            advice="The voice's ID is kept. This is a bug in the voiceclone provider: please report it.",
        )
        raise InitFailedError(voice_id, run.state, bug) from error


def accept(task: Task, voice_id: str, seen: Observation, before: Properties) -> Properties:
    """The state of an adopted voice as it is; one that somebody is training is waited for. Sends nothing.

    Raises `InitFailedError` for a voice that cannot be used.
    """
    run = _Run(task, voice_id, seen, before)
    try:
        run.end_pending()
        if not run.seen.status.usable:
            raise unusable(run.told, run.state)
    except VoiceError as error:
        raise InitFailedError(voice_id, run.state, error) from None
    return run.state


def unusable(about: About, state: Properties) -> VoiceError:
    """What to say of a voice that exists and cannot be used."""
    words = f"the voice is {str(state['status']).lower()}"
    if state.get("lastError"):
        words += f": {state['lastError']}"
    return PermanentError(words, advice=_ADVICE.get(Status(state["status"]), ""), **about)


def refuse_repeat(task: Task, voice_id: str, state: Properties) -> None:
    """Raise when the vendor has refused this very training before: it would cost and change nothing."""
    if state.get("failedOn") == task.fingerprint:
        why = str(state.get("lastError") or "the vendor gave no reason")
        raise SampleRefusedError(
            # What an earlier refusal wrote down says so already.
            f"{_ALREADY_FAILED}{why.removeprefix(_ALREADY_FAILED)}",
            vendor=task.title,
            operation="train",
            voice=voice_id,
            advice="It is not sent again. Change the sample, or change retrainTriggers to try the same one.",
        )


def refuse_failed(task: Task, seen: Observation) -> None:
    """Raise when the voice shows that it failed, and is known to be of this very training."""
    if seen.status is Status.FAILED and not seen.gone:
        why = with_code(seen.error, seen.error_code)
        refuse_repeat(task, seen.voice_id, {"failedOn": task.fingerprint, "lastError": why})


def refuse_untrainable(task: Task, voice_id: str, seen: Observation) -> None:
    """Raise when the vendor would not train this voice again, before a training is spent on trying."""
    told: About = {"vendor": task.title, "operation": "train", "voice": voice_id}
    if not task.account.vendor.facts.retrains:
        raise PermanentError(
            "the voice was trained on another sample and cannot be trained again",
            advice="Its ID is kept: run `pulumi up` again to replace it.",
            **told,
        )
    if seen.status is Status.LOCKED:
        raise PermanentError(
            "the voice is locked and can never be trained again",
            advice="Go back to the sample it was trained on, or leave the sample out to take the voice as it "
            "is, or declare another voice.",
            **told,
        )
    if seen.status is Status.EXPIRED:
        raise PermanentError(
            "the voice is expired: its term, or the account's credit, has run out",
            advice="Renew it in the vendor's console, or declare another voice.",
            **told,
        )
    if seen.available_trainings is not None and seen.available_trainings <= 0 and seen.version:
        raise PermanentError(
            "no trainings are left for this voice (0 available)",
            advice="Go back to the sample it was trained on, or declare another voice.",
            **told,
        )


class _Run:
    """One voice on its way; `state` is at every moment what must be kept if the run ends there."""

    def __init__(self, task: Task, voice_id: str, seen: Observation, before: Properties) -> None:
        self.task = task
        self.voice_id = voice_id
        self.vendor = task.account.vendor
        self.clock = task.account.clock
        self.told: About = {"vendor": task.title, "operation": "train", "voice": voice_id}
        self._account_for(seen, before)

    def _account_for(self, seen: Observation, before: Properties) -> Phase | None:
        self.seen = seen
        self.state, result = settle(self.vendor, seen, self.task.inputs, before, self.clock.now())
        return result

    def end_pending(self) -> str | None:
        """A training that was sent before must be over before another is sent.

        Returns what it was on; `None` when there was none, or when it turns out never to have begun.
        """
        pending = Pending.from_state(self.state)
        if pending is None:
            if self.seen.status is Status.TRAINING:
                self._wait_for_stranger()
            return None
        try:
            self._wait(pending)
        except UnconfirmedError as error:
            self._settle_unconfirmed(error)
            return None
        return pending.fingerprint

    def _settle_unconfirmed(self, error: UnconfirmedError) -> None:
        """A training that shows no effect. A voice that was never trained, or whose trainings are counted,
        proves that it did not happen. Elsewhere it may have come and gone between two runs: that is an error
        once, and then the voice may be on anything."""
        pending = Pending.from_state(self.state)
        assert pending is not None  # noqa: S101 - only a pending training can be unconfirmed
        counts = self.vendor.trainings_between(pending.base_version, self.seen.version) is not None
        if not counts and self.seen.status is not Status.PENDING:
            if not pending.unconfirmed:
                self._remember_unconfirmed()
                raise error
            self.state["trainedOn"] = EXTERNAL
            self.state.pop("trainedVersion", None)
        self.state.pop("pendingTraining", None)
        self.state["status"] = str(self.seen.status)

    def _remember_unconfirmed(self) -> None:
        pending = Pending.from_state(self.state)
        if pending is not None:
            self.state["pendingTraining"] = replace(pending, unconfirmed=True).to_state()

    def train(self) -> None:
        """Send the sample and wait."""
        pending = Pending(self.task.fingerprint, self.seen.version, str(self.seen.status), self.clock.now())
        order = self.task.order()
        self.task.noted(self.voice_id, pending)
        self.task.reporter.status("sending the sample")
        self.state["pendingTraining"] = pending.to_state()
        try:
            self.vendor.train(self.voice_id, order)
        except UnconfirmedError as error:
            self.task.reporter.status(f"no certain answer ({error.message}): looking for what it did")
        except VoiceError as error:
            self.task.noted(self.voice_id, None)
            self.state.pop("pendingTraining", None)
            if isinstance(error, SampleRefusedError):
                self.state.update(
                    failedOn=pending.fingerprint, lastError=with_code(error.message, error.code)
                )
            raise
        else:
            pending = replace(pending, accepted=True)
            self.task.noted(self.voice_id, pending)
            self.state.update(pendingTraining=pending.to_state(), status=str(Status.TRAINING))
        self.task.account.wrote(self.voice_id)
        try:
            self._wait(pending)
        except UnconfirmedError:
            self._remember_unconfirmed()
            raise

    def require_success(self) -> None:
        """Raise unless the voice is now trained on what was asked for."""
        if self.state.get("trainedOn") == self.task.fingerprint:
            return
        if self.state.get("failedOn") == self.task.fingerprint:
            raise SampleRefusedError(
                f"the training failed: {self.state.get('lastError')}",
                advice="The same sample is not sent again: change it, then run `pulumi up`.",
                **self.told,
            )
        raise PermanentError(
            "somebody else trained the voice at the same time",
            advice="Run `pulumi up` again to train it on the declared sample.",
            **self.told,
        )

    def _wait(self, pending: Pending) -> None:
        """Until the training is over. One that was not confirmed must show itself in time."""
        facts = self.vendor.facts
        window = facts.settle if facts.shows_training else max(facts.settle, _INVISIBLE_TRAINING)

        missing_since: float | None = None

        def judge(seen: Observation | None) -> bool | None:
            nonlocal missing_since
            if seen is None or seen.gone:
                missing_since = missing_since or self.clock.now()
                if self.clock.now() - missing_since > facts.settle and self.vendor.is_gone(self.voice_id):
                    raise _deleted(self.told)
            else:
                missing_since = None
            if seen is not None:
                result = self._account_for(seen, self.state)
                if result not in (Phase.NOT_SEEN, Phase.RUNNING):
                    return True
            now = Pending.from_state(self.state)
            if seen is not None and now and not now.accepted and self.clock.now() - now.started_at > window:
                raise _unconfirmed(self.told)
            return None

        def tell(trouble: str) -> None:
            elapsed = duration(max(self.clock.now() - pending.started_at, 0.0))
            text = f"training {elapsed}, usually {facts.usual}"
            self.task.reporter.status(f"{text}; {trouble}" if trouble else text)

        self._watch(judge, tell, pending.started_at)

    def _wait_for_stranger(self) -> None:
        """Somebody else is training the voice: a request now would be refused, or spoil theirs."""
        self.task.reporter.status("waiting for a training that was started elsewhere")

        def judge(seen: Observation | None) -> bool | None:
            if seen is None or seen.status is Status.TRAINING:
                return None
            self._account_for(seen, self.state)
            return True

        self._watch(judge, lambda trouble: None, self.clock.now())

    def _watch(
        self, judge: Callable[[Observation | None], bool | None], tell: Callable[[str], None], since: float
    ) -> None:
        try:
            self.task.account.poller.wait(self.voice_id, judge, self.task.deadline, tell)
        except WaitTimeoutError as timeout:
            trouble = f"; the vendor cannot be read: {timeout.trouble}" if timeout.trouble else ""
            raise TemporaryError(
                f"the training is not over after {duration(self.clock.now() - since)}{trouble}",
                advice="The voice's ID is kept: run `pulumi up` again to go on waiting, "
                "or allow more time with customTimeouts.",
                **self.told,
            ) from None
        except CancelledError:
            raise CancelledError(
                "stopped while the voice is in training",
                advice="Nothing is lost: the next `pulumi up` goes on waiting for it.",
                **self.told,
            ) from None


def _deleted(told: About) -> NotFoundError:
    return NotFoundError(
        "the voice was deleted while it was in training",
        advice="Run `pulumi refresh`, then `pulumi up` makes a new one.",
        **told,
    )


def _unconfirmed(told: About) -> UnconfirmedError:
    return UnconfirmedError(
        "the answer to the sample was lost, and the voice shows no training: it may or may not have begun",
        advice="Nothing was sent twice. Listen to the voice in the vendor's console. `pulumi up` looks "
        "again, and trains it on the declared sample unless the vendor shows that it is.",
        **told,
    )


def duration(seconds: float) -> str:
    """`72 s` as `1m12s`."""
    whole = round(seconds)
    return f"{whole // 60}m{whole % 60:02d}s" if whole >= 60 else f"{whole}s"
