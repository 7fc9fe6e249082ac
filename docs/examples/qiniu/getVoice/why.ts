import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const guide = new voiceclone.qiniu.Voice("guide", {audioUrl: "https://samples.example.com/guide.mp3"});
const now = voiceclone.qiniu.getVoiceOutput({
    voiceId: guide.voiceId,
});
export const lastError = now.lastError;
