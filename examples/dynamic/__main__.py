"""Four cloned voices, one on each vendor, without a plugin."""

import pulumi

from voiceclone_provider.dynamic import coze, kling, qiniu, volcengine

config = pulumi.Config()

# Without speaker_id the provider takes a free slot of those you bought.
narrator = volcengine.Voice("narrator", audio="../voices/narrator-zh.wav", language="zh")

host = coze.Voice(
    "host",
    name="host",
    audio=pulumi.FileAsset("../voices/host-en.mp3"),
    language=coze.Language.ENGLISH,
)

guide = qiniu.Voice("guide", name="guide", audio_url=config.require("guideAudioUrl"), language="zh")

announcer = kling.Voice(
    "announcer",
    pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="20m")),
    name="announcer",
    audio_url=config.require("announcerAudioUrl"),
)

pulumi.export("narratorVoiceId", narrator.voice_id)
pulumi.export("hostVoiceId", host.voice_id)
pulumi.export("guideVoiceId", guide.voice_id)
pulumi.export("announcerVoiceId", announcer.voice_id)
