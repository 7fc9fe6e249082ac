import pulumi
import pulumi_voiceclone as voiceclone

named = voiceclone.coze.get_voices_output(name="host",
    status="Ready")
pulumi.export("previewUrl", named.voices[0].preview_url)
