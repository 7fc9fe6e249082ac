import pulumi
import pulumi_voiceclone as voiceclone

guide = voiceclone.qiniu.Voice("guide", audio_url="https://samples.example.com/guide.mp3")
now = voiceclone.qiniu.get_voice_output(voice_id=guide.voice_id)
pulumi.export("lastError", now.last_error)
