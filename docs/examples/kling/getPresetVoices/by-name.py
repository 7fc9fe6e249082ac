import pulumi
import pulumi_voiceclone as voiceclone

presets = voiceclone.kling.get_preset_voices_output(name="阳光少年")
pulumi.export("previewUrl", presets.voices[0].preview_url)
