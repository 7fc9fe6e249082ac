import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "@voiceclone/pulumi";

const expiring = voiceclone.volcengine.getVoicesOutput({
    expiresBefore: "2030-01-31T00:00:00Z",
});
export const firstExpiresAt = expiring.apply(expiring => expiring.voices?.[0]?.expiresAt);
