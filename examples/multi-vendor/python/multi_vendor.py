"""A component: one voice on several vendors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pulumi
from pulumi_voiceclone import coze, kling, qiniu, volcengine

from vendor_limits import VENDORS, refusals

Voice = volcengine.Voice | coze.Voice | qiniu.Voice | kling.Voice

# They take a URL, and fetch the sample themselves.
FETCHING = ("qiniu", "kling")


class MultiVendorVoice(pulumi.ComponentResource):
    """One voice on each chosen vendor, made from one sample.

    A vendor's voice depends on no other's: adding or removing a vendor changes nothing at the rest.

    `protect` in `opts` is for all voices. Left out, those that keep their ID for life are protected. Kling's
    is not: there another sample makes another voice, and the former one is deleted.

    Arguments:
        voice_name: what the vendors call the voice; Volcengine has no names.
        sample_file: the sample, for Volcengine and Coze. Its content also tells when the voices at Qiniu and
            Kling must be trained again.
        sample_url: the same file where Qiniu and Kling can fetch it. Upload a changed sample before you run
            `pulumi up`.
        language: the language spoken in the sample, such as `en`.
        vendors: `volcengine`, `coze`, `qiniu` and `kling`, or some of them.

    Raises:
        pulumi.RunError: a vendor would refuse an argument, or one is missing; names all of them.
    """

    voices: Mapping[str, Voice]
    """The voices, by vendor."""

    voice_ids: Mapping[str, pulumi.Output[str]]
    """The voices' IDs, by vendor."""

    def __init__(
        self,
        name: str,
        *,
        voice_name: str,
        sample_file: str,
        sample_url: pulumi.Input[str] | None = None,
        language: str,
        vendors: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        faults = refusals(voice_name, language, vendors)
        faults += [
            f"{vendor} fetches the sample itself: give sample_url"
            for vendor in FETCHING
            if vendor in vendors and not sample_url
        ]
        if not Path(sample_file).is_file():
            faults.append(f"there is no sample {sample_file!r}")
        if faults:
            raise pulumi.RunError("\n".join(f"{name}: {fault}" for fault in faults))

        super().__init__("examples:voices:MultiVendorVoice", name, None, opts)

        sample = pulumi.FileAsset(sample_file)
        # Behind an unchanged URL there may be a new sample.
        triggers = [hashlib.sha256(Path(sample_file).read_bytes()).hexdigest()]
        left_out = opts is None or opts.protect is None
        changing = pulumi.ResourceOptions(parent=self)
        lasting = pulumi.ResourceOptions(parent=self, protect=True if left_out else None)
        make: dict[str, Callable[[], Voice]] = {
            "volcengine": lambda: volcengine.Voice(
                f"{name}-volcengine", audio=sample, language=language, opts=lasting
            ),
            "coze": lambda: coze.Voice(
                f"{name}-coze", name=voice_name, audio=sample, language=language, opts=lasting
            ),
            "qiniu": lambda: qiniu.Voice(
                f"{name}-qiniu",
                name=voice_name,
                audio_url=sample_url,
                language=language,
                retrain_triggers=triggers,
                opts=lasting,
            ),
            "kling": lambda: kling.Voice(
                f"{name}-kling",
                name=voice_name,
                audio_url=sample_url,
                retrain_triggers=triggers,
                opts=changing,
            ),
        }
        self.voices = {vendor: make[vendor]() for vendor in VENDORS if vendor in vendors}
        self.voice_ids = {vendor: voice.voice_id for vendor, voice in self.voices.items()}
        self.register_outputs({"voiceIds": self.voice_ids})
