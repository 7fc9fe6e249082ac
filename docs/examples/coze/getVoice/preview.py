import pulumi
import pulumi_voiceclone as voiceclone

host = voiceclone.coze.Voice("host",
    audio=pulumi.FileAsset("./host.mp3"),
    language=voiceclone.coze.Language.ENGLISH)
now = voiceclone.coze.get_voice_output(voice_id=host.voice_id)
pulumi.export("previewUrl", now.preview_url)
