import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const narrator = new voiceclone.volcengine.Voice("narrator", {
    speakerId: "S_Nf3x9K2p1",
    audio: new pulumi.asset.FileAsset("./narrator.wav"),
    language: voiceclone.volcengine.Language.Chinese,
});
export const narratorVoiceId = narrator.voiceId;
export const trainingsLeft = narrator.availableTrainings;
