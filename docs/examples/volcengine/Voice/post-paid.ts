import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const announcer = new voiceclone.volcengine.Voice("announcer", {
    customSpeakerId: "shop-announcer-2030",
    audio: new pulumi.asset.FileAsset("./announcer.wav"),
    language: voiceclone.volcengine.Language.English,
    demoText: "Doors open at nine.",
});
export const announcerVoiceId = announcer.voiceId;
