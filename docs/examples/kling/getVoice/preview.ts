import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const announcer = new voiceclone.kling.Voice("announcer", {audioUrl: "https://samples.example.com/announcer.mp3"});
const now = voiceclone.kling.getVoiceOutput({
    voiceId: announcer.id,
});
export const previewUrl = now.previewUrl;
