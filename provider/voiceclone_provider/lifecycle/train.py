"""Get a voice that exists trained as its inputs say: the heart of create and update.

From here on the vendor knows the voice, so no outcome may lose its ID: every fault leaves as
`NotReadyError` with the state to go on from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..account.poller import WaitTimeoutError
from ..core.errors import (
    About,
    CancelledError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from ..core.pace import noted
from ..core.times import duration
from ..vendors.base import Observation, Status
from ..voice.pending import INVISIBLE_TRAINING, Pending, Phase
from ..voice.state import VoiceState, with_code
from .check import has_sample
from .operation import NotReadyError, Operation

_ALREADY_FAILED = "this sample already failed: "

_ADVICE = {
    Status.TRAINING: "`pulumi up` waits for it.",
    Status.PENDING: "`pulumi up` trains it on the sample that the program declares.",
    Status.FAILED: "Change the sample, then run `pulumi up`.",
    Status.EXPIRED: "Renew it in the vendor's console, or declare another voice.",
}


def train(operation: Operation, voice_id: str, seen: Observation, before: VoiceState) -> VoiceState:
    """Wait for a training on the operation's fingerprint if one runs, start it if none did.

    Costs a training only when the voice is neither trained nor in training on the fingerprint.
    """
    run = _Run(operation, voice_id, seen, before)
    try:
        if run.end_pending() == operation.fingerprint:
            run.require_success()
        declared = has_sample(operation.facts, operation.inputs)
        if run.seen.status.usable and (run.state.trained_on == operation.fingerprint or not declared):
            return run.state
        refuse_repeat(operation, voice_id, run.state)
        if not declared and run.seen.status is Status.FAILED:
            raise unusable(run.about, run.state)
        refuse_untrainable(operation, voice_id, run.seen)
        run.train()
        run.require_success()
        return run.state
    except VoiceError as error:
        raise NotReadyError(voice_id, run.state, error) from None
    except Exception as error:  # whatever it is, the voice exists
        bug = VoiceError(
            f"unexpected {type(error).__name__}: {error}",
            advice="The voice's ID is kept. This is a bug in the voiceclone provider: please report it.",
            **operation.about("train", voice_id),
        )
        raise NotReadyError(voice_id, run.state, bug) from error


def keep(operation: Operation, voice_id: str, seen: Observation, before: VoiceState) -> VoiceState:
    """The state of an imported voice, which stays as it is; a training that somebody else started is waited
    for. Sends nothing."""
    run = _Run(operation, voice_id, seen, before)
    try:
        run.end_pending()
        if not run.seen.status.usable:
            raise unusable(run.about, run.state)
    except VoiceError as error:
        raise NotReadyError(voice_id, run.state, error) from None
    return run.state


def unusable(about: About, state: VoiceState) -> VoiceError:
    """The error of a voice that exists and cannot be used."""
    words = f"the voice is {str(state.status).lower()}"
    if state.last_error:
        words += f": {state.last_error}"
    return PermanentError(words, advice=_ADVICE.get(state.status or Status.READY, ""), **about)


def refuse_repeat(operation: Operation, voice_id: str, state: VoiceState) -> None:
    """Raise when the vendor has refused this very training before: it would cost and change nothing."""
    if state.failed_on == operation.fingerprint:
        why = state.last_error or "the vendor gave no reason"
        raise SampleRefusedError(
            # What an earlier refusal wrote down says so already.
            f"{_ALREADY_FAILED}{why.removeprefix(_ALREADY_FAILED)}",
            advice="It is not sent again. Change the sample, or change retrainTriggers to try the same one.",
            **operation.about("train", voice_id),
        )


def refuse_failed(operation: Operation, seen: Observation) -> None:
    """Raise when the voice shows that it failed, and is known to be of this very training."""
    if seen.status is Status.FAILED and not seen.gone:
        why = with_code(seen.error, seen.error_code)
        refuse_repeat(operation, seen.voice_id, VoiceState(failed_on=operation.fingerprint, last_error=why))


def refuse_untrainable(operation: Operation, voice_id: str, seen: Observation) -> None:
    """Raise when the vendor would not train this voice again, before a training is spent on trying."""
    about = operation.about("train", voice_id)
    if not operation.facts.retrains:
        raise PermanentError(
            "the voice was trained on another sample and cannot be trained again",
            advice="Its ID is kept: run `pulumi up` again to replace it.",
            **about,
        )
    if seen.status is Status.LOCKED:
        raise PermanentError(
            "the voice is locked and cannot be trained again",
            advice="Go back to the sample it was trained on, or leave the sample out to keep the voice as it "
            "is, or declare another voice.",
            **about,
        )
    if seen.status is Status.EXPIRED:
        raise PermanentError(
            "the voice is expired: its term, or the account's credit, has run out",
            advice="Renew it in the vendor's console, or declare another voice.",
            **about,
        )
    left = seen.available_trainings
    if left is not None and left <= 0 and seen.status is not Status.PENDING:
        raise PermanentError(
            "no trainings are left for this voice (0 available)",
            advice="Go back to the sample it was trained on, or declare another voice.",
            **about,
        )


class _Run:
    """One voice on its way; `state` is at every moment what must be kept if the run ends there."""

    def __init__(self, operation: Operation, voice_id: str, seen: Observation, before: VoiceState) -> None:
        self.operation = operation
        self.voice_id = voice_id
        self.vendor = operation.vendor
        self.about = operation.about("train", voice_id)
        self.state = before.resumed(operation.now())
        self._observe(seen)

    def _observe(self, seen: Observation) -> Phase | None:
        self.seen = seen
        self.state, result = self.state.observed(
            self.vendor, seen, self.operation.inputs, self.operation.now()
        )
        return result

    def end_pending(self) -> str | None:
        """A training that was sent before must be over before another is sent.

        Returns what it was on; `None` when there was none, or when it turns out never to have begun.
        """
        pending = self.state.pending
        if pending is None:
            if self.seen.status is Status.TRAINING:
                self._wait_for_other_training()
            return None
        try:
            self._wait(pending)
        except UnconfirmedError as error:
            self._give_up(pending, error)
            return None
        return pending.fingerprint

    def _give_up(self, pending: Pending, error: UnconfirmedError) -> None:
        """A training that shows no effect. A voice that was never trained, or whose trainings are counted,
        proves that it did not happen. Elsewhere it may have come and gone between two runs: that is an error
        once, and then the voice may be on anything. So is one that the vendor accepted."""
        counts = self.vendor.trainings_between(pending.base_version, self.seen.version) is not None
        certain = counts or self.seen.status is Status.PENDING
        if (pending.accepted or not certain) and not pending.unconfirmed:
            self.state = self.state.unconfirmed()
            raise error
        self.state = self.state.without_effect(self.seen, certain=certain)

    def train(self) -> None:
        """Send the sample and wait."""
        operation = self.operation
        operation.order()  # the sample is loaded before anything is written down
        pending = Pending(operation.fingerprint, self.seen.version, str(self.seen.status), operation.now())

        def sending() -> None:
            nonlocal pending
            pending = replace(pending, started_at=operation.now())
            operation.write_training(self.voice_id, pending)
            self.state = self.state.sending(pending)

        sending()
        operation.reporter.status("sending the sample")
        lost: UnconfirmedError | None = None
        try:
            with noted(sending):
                self.vendor.train(self.voice_id, operation.order())
        except UnconfirmedError as error:
            lost = error.with_traceback(None)  # which holds the sample
            pending = replace(pending, lost_at=operation.now())
            operation.write_training(self.voice_id, pending)
            self.state = self.state.sending(pending)
            operation.reporter.status(f"no clear answer ({error.message}): checking whether the vendor acted")
        except VoiceError as error:
            operation.training_not_sent(self.voice_id)
            self.state = self.state.not_sent()
            if isinstance(error, SampleRefusedError):
                self.state = self.state.refused(pending.fingerprint, error)
            raise
        else:
            pending = replace(pending, accepted=True)
            operation.write_training(self.voice_id, pending)
            self.state = self.state.accepted(pending)
        operation.account.wrote()
        try:
            self._wait(pending)
        except UnconfirmedError as error:
            self.state = self.state.unconfirmed()
            if lost is not None:  # what the vendor, or what is before it, did answer
                error.message += f" ({lost.message})"
                error.code, error.request_id = lost.code, lost.request_id
            raise

    def require_success(self) -> None:
        """Raise unless the voice is now trained on what was asked for."""
        if self.state.trained_on == self.operation.fingerprint:
            return
        if self.state.failed_on == self.operation.fingerprint:
            raise SampleRefusedError(
                f"the training failed: {self.state.last_error}",
                advice="It is not sent again by itself. Change the sample, or change retrainTriggers to try "
                "the same one, then run `pulumi up`.",
                **self.about,
            )
        raise PermanentError(
            "somebody else trained the voice at the same time",
            advice="Run `pulumi up` again to train it on the declared sample.",
            **self.about,
        )

    def _wait(self, pending: Pending) -> None:
        """Until the training is over. One that was not confirmed must show itself in time."""
        facts = self.vendor.facts
        window = facts.settle if facts.shows_training else max(facts.settle, INVISIBLE_TRAINING)
        missing_since: float | None = None

        def judge(seen: Observation | None) -> bool | None:
            nonlocal missing_since
            now = self.operation.now()
            if seen is None or seen.gone:
                missing_since = missing_since or now
                if now - missing_since > facts.settle and self.vendor.is_gone(self.voice_id):
                    raise _deleted(self.about)
            else:
                missing_since = None
            if seen is None:
                return None
            known = self.state.pending
            result = self._observe(seen)
            if self.state.pending is not None and self.state.pending != known:  # it was seen: it did begin
                self.operation.write_training(self.voice_id, self.state.pending)
            if result not in (Phase.NOT_SEEN, Phase.RUNNING):
                return True
            sent = self.state.pending
            untrained = result is Phase.NOT_SEEN and seen.status is Status.PENDING
            if sent and (untrained or not sent.accepted) and now - sent.latest > window:
                raise _unconfirmed(self.about, accepted=sent.accepted)
            return None

        before = self.operation.began_at - pending.started_at
        sent = f"begun {duration(before)} before this run, " if before >= 1.0 else ""

        def report(trouble: str) -> None:
            text = f"training, {sent}usually {facts.usual}"
            self.operation.reporter.status(f"{text}; {trouble}" if trouble else text)

        self._poll(judge, report, pending.started_at)

    def _wait_for_other_training(self) -> None:
        """Somebody else is training the voice: a request now would be refused, or spoil theirs."""
        self.operation.reporter.status("waiting for a training that was started elsewhere")

        def judge(seen: Observation | None) -> bool | None:
            if seen is None or seen.status is Status.TRAINING:
                return None
            self._observe(seen)
            return True

        self._poll(judge, lambda trouble: None, self.operation.now())

    def _poll(
        self, judge: Callable[[Observation | None], bool | None], report: Callable[[str], None], since: float
    ) -> None:
        operation = self.operation
        operation.drop_sample()
        try:
            operation.account.poller.wait(self.voice_id, judge, operation.training_deadline, report)
        except WaitTimeoutError as timeout:
            trouble = f"; the vendor cannot be read: {timeout.trouble}" if timeout.trouble else ""
            raise TemporaryError(
                f"the training is not over after {duration(operation.now() - since)}{trouble}",
                advice="The voice's ID is kept: run `pulumi up` again to go on waiting, "
                "or allow more time with customTimeouts.",
                **self.about,
            ) from None
        except CancelledError:
            raise CancelledError(
                "stopped while the voice is in training",
                advice="Nothing is lost: the next `pulumi up` goes on waiting for it.",
                **self.about,
            ) from None


def _deleted(about: About) -> NotFoundError:
    return NotFoundError(
        "the voice was deleted while it was in training",
        advice="Run `pulumi refresh`, then `pulumi up` makes a new one.",
        **about,
    )


def _unconfirmed(about: About, *, accepted: bool) -> UnconfirmedError:
    what = "the vendor accepted the sample" if accepted else "the answer to the sample was lost"
    return UnconfirmedError(
        f"{what}, and the voice shows no training: it may or may not have begun",
        advice="Nothing was sent twice. Listen to the voice in the vendor's console. `pulumi up` looks "
        "again, and trains it on the declared sample unless the vendor shows that it is.",
        **about,
    )
