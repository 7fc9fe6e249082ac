import pulumi
import pulumi_voiceclone as voiceclone

actor = voiceclone.kling.Voice("actor",
    name="actor",
    video_id="840134426335252561",
    callback_url="https://hooks.example.com/voices")
pulumi.export("actorVoiceId", actor.voice_id)
