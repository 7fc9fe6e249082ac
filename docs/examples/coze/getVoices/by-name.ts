import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const named = voiceclone.coze.getVoicesOutput({
    name: "host",
    status: "Ready",
});
export const previewUrl = named.apply(named => named.voices?.[0]?.previewUrl);
