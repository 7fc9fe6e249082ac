import pulumi
import pulumi_voiceclone as voiceclone

named = voiceclone.qiniu.get_voices_output(name="guide",
    status="Ready")
pulumi.export("previewUrl", named.voices[0].preview_url)
