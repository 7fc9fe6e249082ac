import pulumi
import pulumi_voiceclone as voiceclone

narrator = voiceclone.volcengine.Voice("narrator",
    audio=pulumi.FileAsset("./narrator.wav"),
    language=voiceclone.volcengine.Language.CHINESE)
now = voiceclone.volcengine.get_voice_output(voice_id=narrator.voice_id)
pulumi.export("expiresAt", now.expires_at)
