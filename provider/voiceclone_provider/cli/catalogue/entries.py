"""What the page says of each voice: the state's words, and over them what the vendor shows now.

Nothing that the state marks secret is in it: `stacks.concealed` has put "[secret]" there, and a value that is
secret in the state is not taken from the vendor either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ...core.redaction import SHOWN
from ...vendors import VENDORS
from ...vendors.base import Observation
from ...voice.fingerprint import EXTERNAL
from ..stacks import Voice, short_name
from . import commits, words
from .commits import Commits
from .consents import Consent, Consents
from .sounds import Sound
from .words import Words

FORMAT = 1
"""Of `voices.json`: raised when something in it is renamed, removed or means something else."""


@dataclass(frozen=True)
class Source:
    """The stack that a voice is declared in."""

    project: str
    stack: str
    commits: Commits


@dataclass(frozen=True)
class Entry:
    """A voice and all that was found out about it.

    Arguments:
        seen: how the vendor shows it; `None` where it was not asked, or does not show it.
        preview, sample: a recording or, where there is none to hear, why.
        sample_note: what to know of a sample that can be heard.
    """

    source: Source
    voice: Voice
    preview: Sound | Words
    sample: Sound | Words
    sample_note: Words | None = None
    seen: Observation | None = None
    consents: Sequence[Consent] = ()

    @property
    def order(self) -> tuple[str, ...]:
        return (self.source.project, self.source.stack, self.voice.name, self.voice.urn)


def document(entries: Iterable[Entry], commit_url: str | None, *, with_consents: bool) -> dict[str, Any]:
    """The content of `voices.json`, which the page also has. `with_consents`: whether records were given."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    return {
        "format": FORMAT,
        "consents": with_consents,
        "voices": [_described(entry, commit_url) for entry in ordered],
    }


def sample_names(voice: Voice) -> list[str]:
    """By what a consent names the voice's sample. Empty where that is secret."""
    audio = voice.inputs.get("audio")
    if isinstance(audio, dict):
        audio = audio.get("hash")
    given = [audio, voice.inputs.get("audioUrl"), voice.inputs.get("videoId")]
    names = [name for name in given if isinstance(name, str) and name]
    return [name for name in names if name != SHOWN] if names else [f"imported:{voice.name}"]


def consents_for(voice: Voice, consents: Consents | None) -> list[Consent]:
    return [found for name in sample_names(voice) for found in consents.covering(name)] if consents else []


def _described(entry: Entry, commit_url: str | None) -> dict[str, Any]:
    voice, seen, source = entry.voice, entry.seen, entry.source
    status = _shown(voice, "status", str(seen.status) if seen else None)
    return {
        "anchor": f"voice-{hashlib.sha256(voice.urn.encode()).hexdigest()[:12]}",
        "urn": voice.urn,
        "project": source.project,
        "stack": source.stack,
        "resource": voice.name,
        "vendor": voice.vendor,
        "vendorTitle": VENDORS[voice.vendor].facts.title,
        "name": _text(voice.outputs.get("name")),
        "voiceId": _shown(voice, "voiceId", None) or _text(voice.id),
        "status": status,
        "statusNote": _status_note(voice, status),
        "lastError": _text(voice.outputs.get("lastError")),
        "availableTrainings": _shown(voice, "availableTrainings", seen.available_trainings if seen else None),
        "createdAt": _shown(voice, "createdAt", None),
        "expiresAt": _shown(voice, "expiresAt", seen.extras.get("expiresAt") if seen else None),
        "language": _text(voice.inputs.get("language") or voice.outputs.get("language")),
        "protected": voice.protect,
        "managed": not voice.external,
        "consents": list(entry.consents),
        "usedBy": [{"type": _type(urn), "name": short_name(urn)} for urn in sorted(set(voice.dependents))],
        "declaredIn": _commit(source.commits.declared, commit_url),
        "head": _commit(source.commits.head, commit_url),
        "uncommitted": source.commits.uncommitted,
        "preview": _sound(entry.preview, None),
        "sample": _sound(entry.sample, _trained_on(voice) or entry.sample_note),
    }


def _shown(voice: Voice, name: str, fresh: Any) -> Any:
    kept = voice.outputs.get(name)
    return kept if fresh is None or kept == SHOWN else fresh


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _status_note(voice: Voice, status: object) -> dict[str, str] | None:
    before = voice.outputs.get("status")
    return words.differs(str(before)).described() if before is not None and before != status else None


def _trained_on(voice: Voice) -> Words | None:
    trained_on = voice.outputs.get("trainedOn")
    if trained_on == EXTERNAL:
        return words.TRAINED_ELSEWHERE
    return words.NEVER_TRAINED_HERE if trained_on is None and voice.outputs.get("status") == "Ready" else None


def _type(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _commit(commit: str, template: str | None) -> dict[str, str | None] | None:
    return {"commit": commit, "url": commits.link(template, commit)} if commit else None


def _sound(sound: Sound | Words, note: Words | None) -> dict[str, Any]:
    if isinstance(sound, Words):
        return {"file": None, "note": sound.described()}
    return {**asdict(sound), "note": note.described() if note else None}
