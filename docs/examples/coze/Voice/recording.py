import pulumi
import pulumi_voiceclone as voiceclone

host = voiceclone.coze.Voice("host",
    name="host",
    audio=pulumi.FileAsset("./host.mp3"),
    language=voiceclone.coze.Language.ENGLISH)
host_now = voiceclone.coze.get_voice_output(voice_id=host.voice_id)
pulumi.export("hostVoiceId", host.voice_id)
pulumi.export("hostPreviewUrl", host_now.preview_url)
