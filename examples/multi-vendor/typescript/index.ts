// One voice on the vendors that the configuration names.

import * as pulumi from "@pulumi/pulumi";
import { MultiVendorVoice } from "./multiVendorVoice";

const config = new pulumi.Config();

const announcer = new MultiVendorVoice("announcer", {
    voiceName: "announcer",
    sampleFile: config.require("sampleFile"),
    sampleUrl: config.require("sampleUrl"),
    language: "en",
    vendors: config.requireObject("vendors"),
});

export const voiceIds = announcer.voiceIds;
