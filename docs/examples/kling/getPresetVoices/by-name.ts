import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const presets = voiceclone.kling.getPresetVoicesOutput({
    name: "阳光少年",
});
export const previewUrl = presets.apply(presets => presets.voices?.[0]?.previewUrl);
