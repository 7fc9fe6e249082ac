import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const announcer = new voiceclone.kling.Voice("announcer", {
    name: "announcer",
    audioUrl: "https://samples.example.com/announcer.mp3",
});
export const announcerVoiceId = announcer.voiceId;
