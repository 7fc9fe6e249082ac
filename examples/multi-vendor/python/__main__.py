"""One voice on the vendors that the configuration names."""

import pulumi

from multi_vendor import MultiVendorVoice

config = pulumi.Config()

announcer = MultiVendorVoice(
    "announcer",
    voice_name="announcer",
    sample_file=config.require("sampleFile"),
    sample_url=config.require("sampleUrl"),
    language="en",
    vendors=config.require_object("vendors"),
)

pulumi.export("voiceIds", announcer.voice_ids)
