import pulumi
import pulumi_voiceclone as voiceclone

concierge = voiceclone.qiniu.Voice("concierge",
    name="concierge",
    audio_url="https://samples.example.com/concierge.mp3",
    language=voiceclone.qiniu.Language.JAPANESE,
    tier=voiceclone.qiniu.Tier.PRO,
    deletion_policy=voiceclone.DeletionPolicy.RETAIN)
pulumi.export("conciergeVoiceId", concierge.voice_id)
