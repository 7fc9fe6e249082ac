import pulumi
import pulumi_voiceclone as voiceclone

guide = voiceclone.qiniu.Voice("guide",
    name="guide",
    audio_url="https://samples.example.com/guide.mp3",
    language=voiceclone.qiniu.Language.CHINESE)
pulumi.export("guideVoiceId", guide.voice_id)
