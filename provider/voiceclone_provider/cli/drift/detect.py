"""Looks at stacks and accounts for findings. Reads only: no stack's state and no vendor is changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pulumi.automation.events import EngineEvent, OpType

from ...account.config import ProviderConfig
from ...core.errors import CannotListError, PermanentError, VoiceError
from ...dynamic import keys
from ...vendors import VENDORS
from ...vendors.base import Status
from ...vendors.facts import Facts, Observation
from ..accounts import Listing, configurations, listings
from ..stacks import Stack, State, Voice, failed, short_name, vendor_of
from . import voices
from .events import Events, Step, of_refresh
from .finding import About, Finding, Kind

_DAY: Final = 86400.0


@dataclass(frozen=True)
class Limits:
    """What is soon, and what is low.

    Arguments:
        days: before the end of a voice's term from which it is a finding.
        trainings: a voice with no more than these is a finding.
        now: Unix seconds.
    """

    days: float
    trainings: int
    now: float


@dataclass
class Looked:
    """A stack that was looked at.

    Arguments:
        stack: `None` where it could not even be found.
        state: `None` where it could not be read.
        configs: of the stack's providers; for the listings.
        declared: what a preview without a refresh told; `None` where none was made.
    """

    label: str
    folder: Path
    stack: Stack | None = None
    state: State | None = None
    configs: Sequence[ProviderConfig] = ()
    declared: Events | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def voices(self) -> list[Voice]:
        """Those that the stack manages."""
        every = self.state.voices if self.state else ()
        return [voice for voice in every if not (voice.delete or voice.external)]

    @property
    def resources(self) -> list[tuple[str, str]]:
        """URN and name of all that a refresh reads."""
        return [(urn, short_name(urn)) for urn in (self.state.managed if self.state else ())]

    @property
    def healable(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind.healable]


def look(stack: Stack, limits: Limits, *, run_program: bool, configured: bool) -> Looked:
    """A stack by a refresh that changes nothing. With `configured`, its providers' configuration too."""
    looked = Looked(stack.label, stack.project.folder, stack)
    events: list[EngineEvent] = []
    trouble = ""
    try:
        looked.state = stack.state()
        if configured:
            looked.configs = configurations(stack.config(), looked.state.providers.values())
        stack.api.preview_refresh(on_event=events.append, color="never", run_program=run_program or None)
    except PermanentError as error:
        trouble = str(error)
    except Exception as error:  # whatever it is, the other stacks go on
        trouble = str(failed(error))
    if looked.state is None or (trouble and not events):
        looked.findings = [unreadable(stack.label, trouble)]
    else:
        looked.findings = found(looked, events, trouble, limits)
    return looked


def unreadable(label: str, trouble: str) -> Finding:
    """Of a whole stack."""
    return Finding(
        Kind.UNREADABLE, trouble, "Nothing is known of this stack: mend this, and run drift again.", label
    )


def found(looked: Looked, events: Sequence[EngineEvent], trouble: str, limits: Limits) -> list[Finding]:
    """What a refresh told of a stack whose state is known. `trouble`: why it failed as a whole, if it did."""
    assert looked.state is not None  # noqa: S101 - the caller's part
    told = of_refresh(events)
    accounts = {voice.urn: voice for voice in looked.state.voices if not voice.delete}
    general = told.errors.get("", "") or trouble or "the refresh did not say anything of it"
    findings: list[Finding] = []
    for urn, kind in looked.state.managed.items():
        vendor, voice = vendor_of(kind) or "", accounts.get(urn)
        about: About = {
            "stack": looked.label,
            "urn": urn,
            "name": short_name(urn),
            "type": keys.plugin_type(vendor) if vendor else kind,
            "vendor": vendor,
            "account": voice.account if voice else "",
            "voice": voice.id if voice else "",
        }
        step = told.refreshed.get(urn)
        if step is None:
            why = told.errors.get(urn, general)
            findings.append(
                Finding(
                    Kind.UNREADABLE, why, "Nothing is known of it: mend this, and run drift again.", **about
                )
            )
        else:
            findings += _of(step, about, looked, limits)
    if trouble and not any(finding.kind is Kind.UNREADABLE for finding in findings):
        findings.append(unreadable(looked.label, told.errors.get("", "") or trouble))
    return findings


def _of(step: Step, about: About, looked: Looked, limits: Limits) -> Iterable[Finding]:
    """The findings of a resource that was read."""
    vendor = about["vendor"]
    facts = VENDORS[vendor].facts if vendor else None
    up = f"`{command(looked, 'up --refresh')}`"
    if step.gone:
        what = "The voice does not exist at the vendor any more." if facts else "It does not exist any more."
        again = f"{up} makes it again"
        advice = f"{again}: {price(facts, step)}." if facts else f"{again}."
        yield Finding(Kind.DELETED, what, advice, trainings=int(facts is not None), **about)
        return
    differs = step.op is OpType.UPDATE
    differences = voices.changed(step) if differs else voices.unhealed(step)
    if differs or differences:
        trains = voices.healing_trains(step)
        names = ", ".join(item.property for item in differences)
        what = (
            f"Changed outside Pulumi: {names}." if differs else f"Noted before, and not healed yet: {names}."
        )
        cost = "one training" if trains else "no training"
        if trains and voices.hides(step.inputs):
            cost = "one training at most"
        yield Finding(
            Kind.CHANGED,
            what if names else "Changed outside Pulumi.",
            f"{up} heals it: {cost}." if facts else f"{up} heals it.",
            differences=differences,
            since=_since(step),
            trainings=int(trains),
            **about,
        )
    if facts:
        yield from _ending(step, about, limits)


def _ending(step: Step, about: About, limits: Limits) -> Iterable[Finding]:
    state = voices.state_of(step.outputs)
    left = state.seconds_left(limits.now)
    if left is not None and left <= limits.days * _DAY:
        ends = state.shown["expiresAt"]
        what = f"The term ends at {ends}." if left > 0 else f"The term ended at {ends}."
        yield Finding(Kind.EXPIRES_SOON, what, "Renew it in the vendor's console.", **about)
    trainings = state.shown.get("availableTrainings")
    if (
        isinstance(trainings, int | float)
        and trainings <= limits.trainings
        and state.status is not Status.LOCKED
    ):
        count = f"{int(trainings)} training{'' if trainings == 1 else 's'}"
        what = f"{count} left." if trainings else "No trainings are left."
        advice = "Buy more in the vendor's console before the sample has to change."
        yield Finding(Kind.TRAININGS_LOW, what, advice, **about)


def price(facts: Facts, step: Step) -> str:
    """What a new voice in the place of one that is gone takes."""
    recovery = facts.recovery
    chosen = next(
        (name for name in (recovery.slot_input, recovery.handle_input) if name and step.old_inputs.get(name)),
        "",
    )
    if chosen:
        return f"one training, where {chosen} can be used again"
    if recovery.slot_input and "customSpeakerId" not in step.old_inputs:
        return "one training, in another free slot"
    if not facts.retrains:
        return "it is billed as a new voice, with a new ID"
    return "one training, and a new ID"


def _since(step: Step) -> str:
    """The vendor's own time of the last training, where the change moved it."""
    before, now = step.old_outputs.get("updatedAt"), step.outputs.get("updatedAt")
    return now if isinstance(now, str) and now != before else ""


def command(looked: Looked, words: str) -> str:
    """A command line for a stack, as it is to be typed where `drift` was."""
    name = looked.stack.api.name if looked.stack else ""
    where = "" if looked.folder == Path() else f" -C {looked.folder}"
    return f"pulumi {words} -s {name}{where}"


# -- accounts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """An account that was listed.

    Arguments:
        voices: how many it has, slots that were never trained left out.
        empty: how many such slots.
        note: why its voices are not compared with the stacks', if they are not.
    """

    vendor: str
    account: str
    voices: int = 0
    empty: int = 0
    note: str = ""


def untracked(stacks: Sequence[Looked], known: frozenset[str]) -> tuple[list[Seen], list[Finding]]:
    """What the accounts of these stacks have, and which voices none of the stacks has."""
    blind = [looked.label for looked in stacks if looked.state is None]
    note = f"not compared, because {', '.join(blind)} cannot be read" if blind else ""
    tracked = {(voice.vendor, voice.id) for looked in stacks if looked.state for voice in looked.state.voices}
    seen, findings = [], {}
    for listing in listings(config for looked in stacks for config in looked.configs):
        account, lost = _compared(listing, tracked, known, note)
        seen.append(account)
        findings.update({(item.vendor, item.account, item.voice): item for item in lost})
    return seen, list(findings.values())


def _compared(
    listing: Listing, tracked: Collection[tuple[str, str]], known: frozenset[str], note: str
) -> tuple[Seen, list[Finding]]:
    vendor, account = listing.vendor, listing.account
    if isinstance(listing.error, CannotListError):
        return Seen(vendor, account, note=listing.error.message), []
    if listing.error is not None:
        return Seen(vendor, account, note="not listed"), [_unlisted(listing.error, vendor, account)]
    slots = VENDORS[vendor].facts.recovery.slot_input is not None
    voices = [voice for voice in listing.voices if not (slots and voice.status is Status.PENDING)]
    lost = [
        _lost(voice, vendor, account)
        for voice in voices
        if (vendor, voice.voice_id) not in tracked and not known & names(voice)
    ]
    return Seen(vendor, account, len(voices), len(listing.voices) - len(voices), note), [] if note else lost


def names(voice: Observation) -> set[str]:
    """The IDs by which people know a voice."""
    return {voice.voice_id, str(voice.extras.get("voiceId", voice.voice_id))}


def _unlisted(error: VoiceError, vendor: str, account: str) -> Finding:
    advice = "Which voices are in no stack is not known: mend this, or say --no-untracked."
    return Finding(Kind.UNREADABLE, str(error), advice, vendor=vendor, account=account)


def _lost(voice: Observation, vendor: str, account: str) -> Finding:
    label = voice.name or str(voice.extras.get("alias") or "")
    what = "The account has this voice, and no stack given here has it."
    kept = f"delete it in the vendor's console, or say --known {voice.voice_id}"
    imported = f"`pulumi import {keys.plugin_type(vendor)} NAME {voice.voice_id}`"
    return Finding(
        Kind.UNTRACKED,
        what,
        f"Run {imported}, {kept}." if voice.status.usable else f"If no run is making it now, {kept}.",
        name=label,
        type=keys.plugin_type(vendor),
        vendor=vendor,
        account=account,
        voice=voice.voice_id,
        since=voice.created_at or "",
    )
