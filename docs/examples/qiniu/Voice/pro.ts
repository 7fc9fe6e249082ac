import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const concierge = new voiceclone.qiniu.Voice("concierge", {
    name: "concierge",
    audioUrl: "https://samples.example.com/concierge.mp3",
    language: voiceclone.qiniu.Language.Japanese,
    tier: voiceclone.qiniu.Tier.Pro,
    deletionPolicy: voiceclone.DeletionPolicy.Retain,
});
export const conciergeVoiceId = concierge.voiceId;
