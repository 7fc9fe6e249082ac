// A component: one voice on several vendors.

import { createHash } from "crypto";
import { existsSync, readFileSync } from "fs";

import * as pulumi from "@pulumi/pulumi";
import { coze, kling, qiniu, volcengine } from "@voiceclone/pulumi";

import { refusals, Vendor, VENDORS } from "./vendorLimits";

export type Voice = volcengine.Voice | coze.Voice | qiniu.Voice | kling.Voice;

// They take a URL, and fetch the sample themselves.
const FETCHING: readonly Vendor[] = ["qiniu", "kling"];

export interface MultiVendorVoiceArgs {
    /** What the vendors call the voice; Volcengine has no names. */
    voiceName: string;
    /**
     * The sample, for Volcengine and Coze. Its content also tells when the voices at Qiniu and Kling must be
     * trained again.
     */
    sampleFile: string;
    /** The same file where Qiniu and Kling can fetch it. Upload a changed sample before `pulumi up`. */
    sampleUrl?: pulumi.Input<string>;
    /** The language spoken in the sample, such as `en`. */
    language: string;
    /** All vendors or some of them. */
    vendors: readonly Vendor[];
}

/**
 * One voice on each chosen vendor, made from one sample.
 *
 * A vendor's voice depends on no other's: adding or removing a vendor changes nothing at the rest.
 *
 * `protect` in the options is for all voices. Left out, those that keep their ID for life are protected. Kling's is
 * not: there another sample makes another voice, and the former one is deleted.
 *
 * Throws pulumi.RunError where a vendor would refuse an argument, or one is missing; it names all of them.
 */
export class MultiVendorVoice extends pulumi.ComponentResource {
    /** The voices, by vendor. */
    readonly voices: Readonly<Partial<Record<Vendor, Voice>>>;
    /** The voices' IDs, by vendor. */
    readonly voiceIds: Readonly<Partial<Record<Vendor, pulumi.Output<string>>>>;

    constructor(name: string, args: MultiVendorVoiceArgs, opts?: pulumi.ComponentResourceOptions) {
        const { voiceName, sampleFile, sampleUrl, language, vendors } = args;
        const faults = refusals(voiceName, language, vendors);
        for (const vendor of FETCHING) {
            if (vendors.includes(vendor) && !sampleUrl) {
                faults.push(`${vendor} fetches the sample itself: give sampleUrl`);
            }
        }
        if (!existsSync(sampleFile)) {
            faults.push(`there is no sample '${sampleFile}'`);
        }
        if (faults.length > 0) {
            throw new pulumi.RunError(faults.map(fault => `${name}: ${fault}`).join("\n"));
        }

        super("examples:voices:MultiVendorVoice", name, {}, opts);

        const audio = new pulumi.asset.FileAsset(sampleFile);
        // Behind an unchanged URL there may be a new sample.
        const retrainTriggers = [createHash("sha256").update(readFileSync(sampleFile)).digest("hex")];
        const changing: pulumi.CustomResourceOptions = { parent: this };
        const lasting = opts?.protect === undefined ? { parent: this, protect: true } : changing;
        const make: Record<Vendor, () => Voice> = {
            volcengine: () => new volcengine.Voice(`${name}-volcengine`, { audio, language }, lasting),
            coze: () => new coze.Voice(`${name}-coze`, { name: voiceName, audio, language }, lasting),
            qiniu: () =>
                new qiniu.Voice(
                    `${name}-qiniu`,
                    { name: voiceName, audioUrl: sampleUrl, language, retrainTriggers },
                    lasting,
                ),
            kling: () =>
                new kling.Voice(
                    `${name}-kling`,
                    { name: voiceName, audioUrl: sampleUrl, retrainTriggers },
                    changing,
                ),
        };
        const voices: Partial<Record<Vendor, Voice>> = {};
        const voiceIds: Partial<Record<Vendor, pulumi.Output<string>>> = {};
        for (const vendor of VENDORS.filter(known => vendors.includes(known))) {
            const voice = make[vendor]();
            voices[vendor] = voice;
            voiceIds[vendor] = voice.voiceId;
        }
        this.voices = voices;
        this.voiceIds = voiceIds;
        this.registerOutputs({ voiceIds });
    }
}
