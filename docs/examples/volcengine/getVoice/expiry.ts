import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const narrator = new voiceclone.volcengine.Voice("narrator", {
    audio: new pulumi.asset.FileAsset("./narrator.wav"),
    language: voiceclone.volcengine.Language.Chinese,
});
const now = voiceclone.volcengine.getVoiceOutput({
    voiceId: narrator.voiceId,
});
export const expiresAt = now.expiresAt;
