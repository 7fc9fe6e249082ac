import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const host = new voiceclone.coze.Voice("host", {
    name: "host",
    audio: new pulumi.asset.FileAsset("./host.mp3"),
    language: voiceclone.coze.Language.English,
});
const hostNow = voiceclone.coze.getVoiceOutput({
    voiceId: host.voiceId,
});
export const hostVoiceId = host.voiceId;
export const hostPreviewUrl = hostNow.previewUrl;
