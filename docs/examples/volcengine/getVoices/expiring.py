import pulumi
import pulumi_voiceclone as voiceclone

expiring = voiceclone.volcengine.get_voices_output(expires_before="2030-01-31T00:00:00Z")
pulumi.export("firstExpiresAt", expiring.voices[0].expires_at)
