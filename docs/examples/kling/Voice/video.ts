import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const actor = new voiceclone.kling.Voice("actor", {
    name: "actor",
    videoId: "840134426335252561",
    callbackUrl: "https://hooks.example.com/voices",
});
export const actorVoiceId = actor.voiceId;
