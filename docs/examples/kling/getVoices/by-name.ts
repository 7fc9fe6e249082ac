import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const named = voiceclone.kling.getVoicesOutput({
    name: "announcer",
    status: "Ready",
});
export const previewUrl = named.apply(named => named.voices?.[0]?.previewUrl);
