import pulumi
import pulumi_voiceclone as voiceclone

named = voiceclone.kling.get_voices_output(name="announcer",
    status="Ready")
pulumi.export("previewUrl", named.voices[0].preview_url)
