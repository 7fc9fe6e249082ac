"""The rules, as plain functions: what a voice violates, in sentences for the person who reads the preview."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import consents

# The plugin's types, and those of `voiceclone_provider.dynamic`.
TYPE = re.compile(r"(?:voiceclone:|pulumi-python:dynamic/voiceclone/)(\w+):Voice")

# A delete cannot remove a voice there: the vendor has no endpoint for it.
WITHOUT_DELETE = ("volcengine", "coze")
WITHOUT_LANGUAGE = ("kling",)


@dataclass(frozen=True)
class Voice:
    """What the rules need of a resource.

    Arguments:
        props: its inputs. Reading one that is not known yet raises what `pulumi_policy` catches: the policy
            is then skipped at preview, with a warning, and runs in `up` before the voice is trained.
    """

    name: str
    vendor: str
    props: Mapping[str, Any]
    protect: bool = False


def vendor_of(resource_type: str) -> str | None:
    """The vendor of a voice; `None` for any other resource."""
    match = TYPE.fullmatch(resource_type)
    return match[1] if match else None


def sample_of(voice: Voice) -> tuple[str, str]:
    """What names a voice's sample in a consent record, and words for what that is."""
    audio = voice.props.get("audio")
    if audio is not None:
        kept = audio if isinstance(audio, Mapping) else vars(audio)  # the dynamic provider's, the plugin's
        place = kept.get("path") or kept.get("uri") or "a text"
        return str(kept["hash"]), f"the SHA-256 of {place}"
    for key, words in (("audioUrl", "its URL"), ("videoId", "its video ID")):
        if voice.props.get(key):
            return str(voice.props[key]), words
    return f"imported:{voice.name}", "a voice that was imported, without a sample"


def consent(voice: Voice, file: Path, today: date) -> list[str]:
    """A consent that covers this very sample: another sample, as for another training, needs its own."""
    sample, words = sample_of(voice)
    try:
        covering = consents.covering(consents.load(file), sample)
    except consents.ConsentsError as error:
        return [str(error)]
    if not covering:
        return [
            f"No consent covers the sample of this voice. Ask the speaker, then add to {file.name} a record "
            f"with {', '.join(consents.FIELDS)}, and under samples: {sample} ({words})."
        ]
    broken = {place: consents.faults(record, today) for place, record in covering}
    if not all(broken.values()):
        return []
    return [
        f"The consent for this sample, record {place} in {file.name}, does not hold: {', '.join(faults)}. "
        "Complete or renew it, or take the voice out of the program."
        for place, faults in broken.items()
    ]


def allowed_vendor(voice: Voice, vendors: Sequence[str]) -> list[str]:
    if voice.vendor in vendors:
        return []
    return [f"{voice.vendor} is not an allowed vendor. Move the voice to one of: {', '.join(vendors)}."]


def allowed_language(voice: Voice, languages: Sequence[str]) -> list[str]:
    """With a list, a voice has to declare its language: a default is the vendor's and may change."""
    if not languages or voice.vendor in WITHOUT_LANGUAGE:
        return []
    language, allowed = voice.props.get("language"), ", ".join(languages)
    if not language:
        return [f"The voice declares no language. Set language to one of: {allowed}."]
    return [] if language in languages else [f"{language} is not an allowed language. Allowed: {allowed}."]


def is_protected(voice: Voice, only_protect: bool) -> bool:
    """Whether no delete can remove the voice at its vendor. `retainOnDelete` is not shown to policies."""
    policy = voice.props.get("deletionPolicy")
    kept = policy == "retain" or (policy == "fail" and voice.vendor in WITHOUT_DELETE)
    return voice.protect or (kept and not only_protect)


def production(voice: Voice, stack: str, stacks: Iterable[str], only_protect: bool) -> list[str]:
    """`stacks` may have wildcards, as in `prod-*`."""
    if not any(fnmatchcase(stack, pattern) for pattern in stacks) or is_protected(voice, only_protect):
        return []
    other = "" if only_protect else ", or the property deletionPolicy: retain"
    return [f"{stack} is a production stack, and a delete would lose this voice. Set protect: true{other}."]


def training_cap(names: Sequence[str], maximum: int) -> list[str]:
    if len(names) <= maximum:
        return []
    return [
        f"This update would train {', '.join(sorted(names))}: {len(names)}, where {maximum} are allowed. "
        "Update fewer at a time with --target, or raise maximum in the policy's configuration."
    ]
