"""Four cloned voices, one on each vendor."""

import pulumi
import pulumi_voiceclone as voiceclone
from pulumi_voiceclone import coze, kling, qiniu, volcengine

config = pulumi.Config()

# Without speaker_id the provider takes a free slot of those you bought.
narrator = volcengine.Voice(
    "narrator",
    audio=pulumi.FileAsset("../voices/narrator-zh.wav"),
    audio_format=voiceclone.AudioFormat.WAV,
    language=volcengine.Language.CHINESE,
    model_type=volcengine.ModelType.ICL_2_0,
)

host = coze.Voice(
    "host",
    name="host",
    audio=pulumi.FileAsset("../voices/host-en.mp3"),
    language="en",  # a plain text does as well
    deletion_policy=voiceclone.DeletionPolicy.RETAIN,
)

guide = qiniu.Voice(
    "guide",
    name="guide",
    audio_url=config.require("guideAudioUrl"),
    language=qiniu.Language.CHINESE,
    tier=qiniu.Tier.FREE,
)

announcer = kling.Voice(
    "announcer",
    name="announcer",
    audio_url=config.require("announcerAudioUrl"),
    opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="20m")),
)

# Whoever made them, as they are after this update.
ready = coze.get_voices_output(
    status=voiceclone.Status.READY,
    model_type=coze.ModelType.BIG,
    opts=pulumi.InvokeOutputOptions(depends_on=[host]),
)

pulumi.export("narratorVoiceId", narrator.voice_id)
pulumi.export("hostVoiceId", host.voice_id)
pulumi.export("guideVoiceId", guide.voice_id)
pulumi.export("announcerVoiceId", announcer.voice_id)
pulumi.export("readyAtCoze", ready.voices.apply(lambda voices: [voice.name for voice in voices]))
# A fresh one.
pulumi.export("hostPreviewUrl", coze.get_voice_output(voice_id=host.voice_id).preview_url)
