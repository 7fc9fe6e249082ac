import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const narrator = new voiceclone.coze.Voice("narrator", {
    name: "narrator",
    audio: new pulumi.asset.FileAsset("./narrator.wav"),
    language: voiceclone.coze.Language.Chinese,
    previewText: "欢迎光临。",
    retrainTriggers: ["studio-take-1"],
    deletionPolicy: voiceclone.DeletionPolicy.Fail,
}, {
    protect: true,
});
export const narratorVoiceId = narrator.voiceId;
