// Four cloned voices, one on each vendor.

import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const config = new pulumi.Config();

// Without speakerId the provider takes a free slot of those you bought.
const narrator = new voiceclone.volcengine.Voice("narrator", {
    audio: new pulumi.asset.FileAsset("../voices/narrator-zh.wav"),
    audioFormat: voiceclone.AudioFormat.Wav,
    language: voiceclone.volcengine.Language.Chinese,
    modelType: voiceclone.volcengine.ModelType.Icl_2_0,
});

const host = new voiceclone.coze.Voice("host", {
    name: "host",
    audio: new pulumi.asset.FileAsset("../voices/host-en.mp3"),
    language: "en", // a plain text does as well
    deletionPolicy: voiceclone.DeletionPolicy.Retain,
});

const guide = new voiceclone.qiniu.Voice("guide", {
    name: "guide",
    audioUrl: config.require("guideAudioUrl"),
    language: voiceclone.qiniu.Language.Chinese,
    tier: voiceclone.qiniu.Tier.Free,
});

const announcer = new voiceclone.kling.Voice(
    "announcer",
    { name: "announcer", audioUrl: config.require("announcerAudioUrl") },
    { customTimeouts: { create: "20m" } },
);

// Whoever made them, as they are after this update.
const ready = voiceclone.coze.getVoicesOutput(
    { status: voiceclone.Status.Ready, modelType: voiceclone.coze.ModelType.Big },
    { dependsOn: [host] },
);

export const narratorVoiceId = narrator.voiceId;
export const hostVoiceId = host.voiceId;
export const guideVoiceId = guide.voiceId;
export const announcerVoiceId = announcer.voiceId;
export const readyAtCoze = ready.voices.apply(voices => voices.map(voice => voice.name));
export const hostPreviewUrl = voiceclone.coze.getVoiceOutput({ voiceId: host.voiceId }).previewUrl; // a fresh one
