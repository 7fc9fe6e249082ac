import pulumi
import pulumi_voiceclone as voiceclone

announcer = voiceclone.kling.Voice("announcer", audio_url="https://samples.example.com/announcer.mp3")
now = voiceclone.kling.get_voice_output(voice_id=announcer.id)
pulumi.export("previewUrl", now.preview_url)
