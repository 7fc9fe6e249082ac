import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const guide = new voiceclone.qiniu.Voice("guide", {
    name: "guide",
    audioUrl: "https://samples.example.com/guide.mp3",
    language: voiceclone.qiniu.Language.Chinese,
});
export const guideVoiceId = guide.voiceId;
