import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const named = voiceclone.qiniu.getVoicesOutput({
    name: "guide",
    status: "Ready",
});
export const previewUrl = named.apply(named => named.voices?.[0]?.previewUrl);
