"""Get the voice that a create is about: the one that an earlier run already paid for, or a new one.

Sending a create costs a voice, so it is sent only when nothing shows that it was sent before, and never
again after a lost reply before looking for what it did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..core.errors import (
    HandleTakenError,
    PermanentError,
    SampleRefusedError,
    UnconfirmedError,
    VoiceError,
    shortened,
)
from ..core.pace import noted
from ..vendors.base import Observation, Order, Status
from ..voice.fingerprint import EXTERNAL
from ..voice.journal import Entry
from ..voice.pending import Pending
from ..voice.state import VoiceState, with_code
from .check import has_sample
from .delete import left_over
from .namesakes import refuse_namesakes
from .operation import Operation
from .train import refuse_failed

_NEAR = 20
_MOST_HIDDEN = 1000
"""Handles that the vendor calls taken without showing what has them."""
_MOST_RESENDS = 3
_LOOK_AGAIN = 1.0
_LONG_AGO = 3600.0
"""Seconds after which a new voice without a mark is as likely to be somebody else's."""


@dataclass(frozen=True)
class Obtained:
    """A voice that exists, and what is known of its trainings, as a state would say it.

    `claimed`: it is a slot that was there before, and nothing was sent yet.
    """

    seen: Observation
    before: VoiceState = field(default_factory=VoiceState)
    claimed: bool = False


class Creation:
    """One create.

    Arguments:
        may_adopt: whether a voice that carries our mark may be taken. Not when the engine holds a
            voice with that very mark, which is about to be replaced.
    """

    def __init__(self, operation: Operation, *, may_adopt: bool) -> None:
        self._operation = operation
        self._may_adopt = may_adopt
        self._account = operation.account
        self._vendor = operation.vendor
        self._recovery = operation.facts.recovery
        self._warned = False
        self._reported: set[str] = set()
        self._uncertain = False  # whether a create was sent whose fate is not known

    def obtain(self) -> Obtained:
        """Raises `UnconfirmedError` when an earlier create may have made a voice that cannot be found."""
        self._operation.order()  # the sample is loaded before anything is locked
        known = self._from_journal()
        if known is not None:
            return known
        claimed = self._account.claim(self._operation.urn, self._operation.order())
        if claimed is not None:
            return Obtained(claimed, claimed=True)
        with self._account.creating(self._operation.order().hashed_name):
            for attempt in self._attempts():
                made = self._attempt(self._operation.order(attempt))
                if made is not None:
                    return made
        raise PermanentError(
            "the vendor takes no task ID of this resource",
            advice="Change retrainTriggers to begin anew.",
            **self._operation.about("create"),
        )

    def _attempts(self) -> Iterator[int]:
        """The numbers of the handles to try, lowest first. Each voice that is made uses up the next one. Of
        many, only the last are looked at one by one: an interrupted create is there."""
        yield from range(1, _NEAR + 1)
        used, free = _NEAR, 2 * _NEAR
        while self._is_used(free):
            used, free = free, 2 * free
        while free - used > 1:
            middle = (used + free) // 2
            used, free = (middle, free) if self._is_used(middle) else (used, middle)
        yield from range(max(used - _NEAR, _NEAR) + 1, used + _MOST_HIDDEN)

    def _is_used(self, attempt: int) -> bool:
        return bool(self._recovery.created_by(self._vendor, self._operation.order(attempt), frozenset()))

    def forget_unsent(self) -> None:
        """Nothing was made by this run. What an earlier run may have made stays to be looked for."""
        if self._operation.wrote and not self._uncertain and not self._operation.entry.voice_id:
            self._operation.forget()

    def refused(self, error: SampleRefusedError) -> None:
        """Nothing was made, because the vendor refuses the sample: not to be sent again."""
        self._write_refusal(with_code(error.message, error.code))

    def failed(self, state: VoiceState) -> None:
        """The voice's only training failed, so that it is none: the same sample is not to be sent again."""
        self._write_refusal(str(state.last_error), fingerprint=state.failed_on or "")

    def _write_refusal(self, why: str, **more: str) -> None:
        self._operation.write(refused=shortened(self._operation.reporter.redact(why)), **more)

    def _from_journal(self) -> Obtained | None:
        """The voice of an earlier run of ours whose ID the engine did not get, or does not have any more."""
        entry = self._operation.earlier
        if entry is None or entry.refused:
            return None
        self._refuse_another_account(entry)
        if entry.voice_id and not self._operation.may_take(entry.voice_id):
            if not entry.retained:
                self._warn_held(entry.voice_id)
            return None
        if not self._same_voice(entry):
            for left in () if entry.retained else self.made_by(entry, wait=True)[0]:
                self._reported.add(left)
                made = f"{left}, which an interrupted run created from other inputs,"
                self._operation.reporter.warning(left_over(made, self._operation.title))
            return None
        if not entry.voice_id:
            with self._account.creating(entry.name):
                return self._after_lost_reply(entry)
        seen = self._account.now(entry.voice_id)
        while seen is None and self._operation.now() - entry.at <= self._vendor.facts.settle:
            self._account.pause(_LOOK_AGAIN)
            seen = self._account.now(entry.voice_id)
        if seen is None or seen.gone:
            return None
        another = entry.fingerprint != self._operation.entry.fingerprint
        if entry.retained and another and not self._vendor.facts.retrains:
            return None
        self._account.reserve(self._operation.urn, entry.voice_id)
        self._operation.entry = replace(entry, retained=False, left=False)  # it is the stack's again
        if entry.retained:
            self._operation.reporter.info(f"reusing {entry.voice_id}, which an earlier deletion retained")
            foreign = self._vendor.trained_since(entry.trained_version, seen.version)
            trained_on = EXTERNAL if foreign else entry.fingerprint
            return Obtained(seen, VoiceState(trained_on=trained_on, trained_version=seen.version or None))
        self._operation.reporter.info(f"resuming {entry.voice_id}, which an earlier run started")
        return Obtained(seen, VoiceState(pending=entry.training))

    def _refuse_another_account(self, entry: Entry) -> None:
        """Raise `PermanentError` where an earlier run may have created a voice with credentials of another
        account: today's would not show it, and the voice would be forgotten."""
        account = self._account
        known = {entry.credential, account.credential}
        if len(known) == 1 or "" in known or entry.retained or entry.left:
            return
        if entry.voice_id:
            there = account.now(entry.voice_id) is not None
        elif self._recovery.resends:
            there = bool(self._recovery.created_by(self._vendor, self._order_as(entry), frozenset()))
        else:
            there = any(voice.voice_id in entry.before for voice in self._vendor.listing())
        if not there:
            made = f"created {entry.voice_id}" if entry.voice_id else "may have created a voice"
            raise PermanentError(
                f"an interrupted run {made} with other credentials, and today's do not show it",
                advice="Run `pulumi up` with those credentials. If the voice is not wanted, delete "
                f"{self._operation.journal.path(entry.urn, entry.account)} and run `pulumi up` again.",
                **self._operation.about("create"),
            )

    def _warn_held(self, voices: str) -> None:
        if not self._warned:
            self._operation.reporter.warning(
                f"{voices}, created by an earlier run for this resource, is assumed to be in a stack that "
                "replaces it now. If no stack has it, run `pulumi import`, or delete it at the vendor."
            )
        self._warned = True

    def _same_voice(self, entry: Entry) -> bool:
        """Whether the entry is about a voice that these inputs could go on with."""
        if entry.replacing == self._operation.entry.replacing:
            return True
        chosen = self._recovery.voice_input
        return bool(chosen and entry.voice_id and entry.voice_id == self._operation.inputs.get(chosen))

    def made_by(self, entry: Entry, *, wait: bool) -> tuple[list[str], bool]:
        """The voices that this entry is about, as far as they exist, and whether that is certain. Without an
        ID they have to be looked for, which only makes sense where there is time to `wait`; only a handle
        proves then that nobody else made them."""
        if entry.voice_id:
            seen = self._account.now(entry.voice_id)
            return ([entry.voice_id] if seen is not None and not seen.gone else []), True
        if not wait or not has_sample(self._vendor.facts, self._operation.inputs):
            return [], False
        order = self._order_as(entry)
        with self._account.creating(entry.name):
            found = self._wait_for_new(order, frozenset(entry.before), entry.at)
        return [voice.voice_id for voice in found], self._recovery.resends or not found

    def _order_as(self, entry: Entry) -> Order:
        order = self._operation.order()
        return replace(order, sent_name=entry.name, handle=entry.handle or order.handle)

    def _after_lost_reply(self, entry: Entry) -> Obtained | None:
        self._operation.reporter.status("looking for the voice that an interrupted run may have created")
        found = self._only(self._wait_for_new(self._order_as(entry), frozenset(entry.before), entry.at))
        if found is None:
            return None  # it shows no effect after all this time: it did not happen
        if not self._recovery.resends and self._operation.now() - entry.at > _LONG_AGO:
            # Told once. The next run takes them for others', and goes on.
            self._operation.journal.write(
                self._operation.urn, replace(entry, before=[*entry.before, found.voice_id])
            )
            raise self._unconfirmed(f"{found.voice_id} may be it, or somebody else's")
        self._operation.reporter.info(f"resuming {found.voice_id}, which an interrupted run created")
        return self._made(found, entry.fingerprint, entry.at)

    def _wait_for_new(self, order: Order, before: frozenset[str], at: float) -> list[Observation]:
        """What this order made; empty when it shows no effect although it would by now."""
        while True:
            found = self._new(order, before)
            if found or self._operation.now() - at > self._vendor.facts.settle:
                return found
            self._account.pause(_LOOK_AGAIN)

    def _attempt(self, order: Order) -> Obtained | None:
        """One handle: the voice that has it, or a new one; `None` when the handle is used up."""
        look = self._recovery.look(self._vendor, order)
        refuse_namesakes(self._operation, look.namesakes, self._reported)
        marked, before = look.marked, look.before
        living = self._living(marked)
        if self._recovery.resends:  # the handle says that it was this very training
            for voice in living:
                refuse_failed(self._operation, voice)
        if living and self._may_adopt:
            # Another resource that has the voice may not have been asked about yet.
            self._account.pause(_LOOK_AGAIN)
            free = [voice for voice in living if self._operation.may_take(voice.voice_id)]
            if len(free) == 1:
                return self._adopt(free[0])
            # One resource has one voice: of several, a stack replaces all but one, if not all.
            self._warn_held(_ids(living))
            before = self._recovery.look(self._vendor, order).before
        if marked and self._recovery.resends:
            if living:
                self._may_adopt = True  # the engine holds one voice only: any further one is left over
            return None
        return self._send(order, before)

    def _adopt(self, voice: Observation) -> Obtained:
        """A voice that carries our mark, and that no state has."""
        if voice.status is Status.FAILED:  # on what, nobody knows
            self._operation.write(voice_id=voice.voice_id, at=self._operation.now())
            return Obtained(voice)
        self._operation.reporter.warning(
            f"found {voice.voice_id} by this resource's automatic name or task ID: an earlier run created it."
            " It is assumed to be trained on this sample; change retrainTriggers if it is not."
        )
        return self._made(voice, self._operation.fingerprint, self._operation.now())

    def _send(self, order: Order, before: frozenset[str]) -> Obtained | None:
        if not order.handle_is_ours:
            there = self._recovery.created_by(self._vendor, order, frozenset())
            if there:
                raise self._handle_in_use(order, there)
        lost: UnconfirmedError | None = None
        for _ in range(_MOST_RESENDS):
            at = self._operation.now()
            handle = order.handle if order.handle == self._operation.reporter.redact(order.handle) else ""
            self._operation.write(at=at, name=order.hashed_name, handle=handle, before=sorted(before))
            self._operation.reporter.status("sending the sample")
            try:
                with noted(lambda: self._operation.write(at=self._operation.now())):
                    created = self._vendor.create(order)
            except HandleTakenError:
                return self._taken(order)
            except UnconfirmedError as error:
                lost, at = error, self._operation.now()
                self._operation.write(at=at)
                self._uncertain = True
                self._account.wrote()
                self._operation.reporter.status(
                    f"no clear answer ({error.message}): checking whether the vendor acted"
                )
                found = self._look(order, before, at)
                if found is not None:
                    return self._made(found, self._operation.fingerprint, at)
                if not self._recovery.resends:
                    raise self._unconfirmed(error.message, error) from None
            else:
                self._account.wrote()
                return self._made(created, self._operation.fingerprint, self._operation.entry.at)
        raise self._unconfirmed(lost.message if lost else "the vendor does not answer", lost)

    def _look(self, order: Order, before: frozenset[str], at: float) -> Observation | None:
        """What a create did whose reply was lost. Lists may lag behind a write, so look for a while."""
        at_once = self._recovery.resends
        return self._only(self._new(order, before) if at_once else self._wait_for_new(order, before, at))

    def _only(self, found: list[Observation]) -> Observation | None:
        """The one voice that was found, if there is one."""
        if len(found) > 1:
            raise self._unconfirmed(f"{len(found)} voices may be the one: {_ids(found)}")
        return found[0] if found else None

    def _new(self, order: Order, before: frozenset[str]) -> list[Observation]:
        """What this order may have made, but for what is known to be another's."""
        return [
            voice
            for voice in self._living(self._recovery.created_by(self._vendor, order, before))
            if self._free(voice.voice_id)
        ]

    def _living(self, voices: list[Observation]) -> list[Observation]:
        """Those that exist. Of a voice that we deleted, some vendors go on showing the task that made it."""
        registry, vendor = self._operation.registry, self._operation.facts.key
        return [
            voice for voice in voices if not voice.gone and not registry.was_deleted(vendor, voice.voice_id)
        ]

    def _free(self, voice_id: str) -> bool:
        operation = self._operation
        made = operation.registry.was_made(operation.facts.key, voice_id)
        of_another = operation.journal.is_of_another(operation.urn, self._account.name, voice_id)
        return not (made or of_another) and operation.may_take(voice_id)

    def _taken(self, order: Order) -> Obtained | None:
        """The vendor has seen this handle: a lost create of ours that shows late, or a deleted voice."""
        earlier = self._operation.earlier
        sent = self._uncertain or (earlier is not None and earlier.handle == order.handle)
        if not order.handle_is_ours and not self._uncertain:
            raise self._handle_in_use(order, self._recovery.created_by(self._vendor, order, frozenset()))
        # A handle that shows nothing, and that no run of ours is known to have sent, is a deleted voice's.
        until = self._operation.now() + (self._vendor.facts.settle if sent else 0.0)
        while True:
            found = self._recovery.created_by(self._vendor, order, frozenset())
            free = [voice for voice in self._living(found) if self._operation.may_take(voice.voice_id)]
            if free:
                return self._made(free[0], self._operation.fingerprint, self._operation.now())
            if found or self._operation.now() >= until:
                return None
            self._account.pause(_LOOK_AGAIN)

    def _made(self, voice: Observation, trained_on: str, at: float) -> Obtained:
        """A voice that exists now; one whose making is its training is in training."""
        self._operation.registry.made(self._operation.facts.key, voice.voice_id)
        if voice.status is Status.PENDING and not self._recovery.create_trains:
            self._operation.write(voice_id=voice.voice_id, at=at, fingerprint=trained_on)
            return Obtained(voice)
        training = Pending.of_new_voice(trained_on, at)
        self._operation.write_training(voice.voice_id, training)
        return Obtained(voice, VoiceState(pending=training))

    def _handle_in_use(self, order: Order, there: list[Observation]) -> PermanentError:
        about = self._operation.about("create", order.name)
        if all(voice.gone for voice in there):
            return PermanentError(
                "the ID that the inputs choose for the task was used by a voice that is deleted",
                advice="The vendor takes no ID twice: choose another.",
                **about,
            )
        return PermanentError(
            "the ID that the inputs choose for the task is in use already, maybe by somebody else's voice",
            advice="Choose another, or import the voice that has it with `pulumi import`.",
            **about,
        )

    def _unconfirmed(self, what: str, cause: VoiceError | None = None) -> UnconfirmedError:
        return UnconfirmedError(
            f"the voice may or may not have been created: {what}",
            code=cause.code if cause else "",
            request_id=cause.request_id if cause else "",
            advice="Nothing was sent twice. Look in the vendor's console; run `pulumi up` again, which looks "
            "first, or import a voice that is there with `pulumi import`.",
            **self._operation.about("create", self._operation.order().name),
        )


def _ids(voices: list[Observation]) -> str:
    return ", ".join(voice.voice_id for voice in voices)
