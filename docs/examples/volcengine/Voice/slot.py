import pulumi
import pulumi_voiceclone as voiceclone

narrator = voiceclone.volcengine.Voice("narrator",
    speaker_id="S_Nf3x9K2p1",
    audio=pulumi.FileAsset("./narrator.wav"),
    language=voiceclone.volcengine.Language.CHINESE)
pulumi.export("narratorVoiceId", narrator.voice_id)
pulumi.export("trainingsLeft", narrator.available_trainings)
