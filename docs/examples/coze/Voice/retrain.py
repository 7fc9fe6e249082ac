import pulumi
import pulumi_voiceclone as voiceclone

narrator = voiceclone.coze.Voice("narrator",
    name="narrator",
    audio=pulumi.FileAsset("./narrator.wav"),
    language=voiceclone.coze.Language.CHINESE,
    preview_text="欢迎光临。",
    retrain_triggers=["studio-take-1"],
    deletion_policy=voiceclone.DeletionPolicy.FAIL,
    opts = pulumi.ResourceOptions(protect=True))
pulumi.export("narratorVoiceId", narrator.voice_id)
