import pulumi
import pulumi_voiceclone as voiceclone

announcer = voiceclone.kling.Voice("announcer",
    name="announcer",
    audio_url="https://samples.example.com/announcer.mp3")
pulumi.export("announcerVoiceId", announcer.voice_id)
