import pulumi
import pulumi_voiceclone as voiceclone

announcer = voiceclone.volcengine.Voice("announcer",
    custom_speaker_id="shop-announcer-2030",
    audio=pulumi.FileAsset("./announcer.wav"),
    language=voiceclone.volcengine.Language.ENGLISH,
    demo_text="Doors open at nine.")
pulumi.export("announcerVoiceId", announcer.voice_id)
