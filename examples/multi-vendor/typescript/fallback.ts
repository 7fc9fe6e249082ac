// Speech from the first vendor that can give it. Needs neither Pulumi nor the SDK.

/**
 * Speaks with one vendor: gets a voice ID and a text, returns the audio, throws if it cannot.
 *
 * It must end by itself, so give its requests a time-out. What it throws becomes the reason that is told: keep secrets
 * out of it.
 */
export type Speaker = (voiceId: string, text: string) => Promise<Uint8Array>;

/** What Pulumi stores for the ID of a failed voice when a Python program runs with `--continue-on-error`. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Vendors that did not speak, in the order in which they were tried, each with the reason. */
export type Reasons = ReadonlyMap<string, string>;

export interface Speech {
    readonly audio: Uint8Array;
    readonly vendor: string;
    /** The vendors that were tried before. */
    readonly passedOver: Reasons;
}

/** No vendor spoke. */
export class NoSpeechError extends Error {
    constructor(readonly reasons: Reasons) {
        super(`no vendor spoke: ${[...reasons].map(([vendor, why]) => `${vendor}: ${why}`).join("; ")}`);
        this.name = "NoSpeechError";
    }
}

/**
 * The voice IDs by vendor, from what `pulumi stack output --json` prints.
 *
 * Throws where the text is something else, or the stack has no such output.
 */
export function readVoiceIds(outputs: string, name = "voiceIds"): Map<string, string> {
    let told: unknown;
    try {
        told = JSON.parse(outputs);
    } catch (error) {
        throw new Error(`this is not what 'pulumi stack output --json' prints: ${messageOf(error)}`);
    }
    if (!isObject(told) || !(name in told)) {
        throw new Error(`the stack has no output '${name}': run 'pulumi up' first, or give the output's name`);
    }
    const ids = told[name];
    if (!isObject(ids)) {
        throw new Error(`the output '${name}' is not a map of vendors to voice IDs`);
    }
    const found = new Map<string, string>();
    for (const [vendor, voiceId] of Object.entries(ids)) {
        if (typeof voiceId !== "string") {
            throw new Error(`the output '${name}' is not a map of vendors to voice IDs`);
        }
        if (voiceId !== UNKNOWN) {
            found.set(vendor, voiceId);
        }
    }
    return found;
}

/**
 * Speaks with the first vendor of `order` that has a voice and returns audio.
 *
 * Throws NoSpeechError where no vendor spoke, and another error where `order` is empty or has a vendor without a
 * speaker. The latter is checked before any vendor is asked: it should not come out on the day that the vendor is
 * needed.
 */
export async function speak(
    text: string,
    voiceIds: ReadonlyMap<string, string>,
    order: readonly string[],
    speakers: ReadonlyMap<string, Speaker>,
): Promise<Speech> {
    if (order.length === 0) {
        throw new Error("the order of vendors is empty");
    }
    const missing = order.filter(vendor => !speakers.has(vendor));
    if (missing.length > 0) {
        throw new Error(`no function speaks with ${missing.join(", ")}`);
    }
    const reasons = new Map<string, string>();
    for (const vendor of order) {
        const voiceId = voiceIds.get(vendor);
        const speaker = speakers.get(vendor);
        if (!voiceId || !speaker) {
            reasons.set(vendor, "the stack has no voice there");
            continue;
        }
        try {
            const audio = await speaker(voiceId, text);
            if (audio.length > 0) {
                return { audio, vendor, passedOver: reasons };
            }
            reasons.set(vendor, "it returned no audio");
        } catch (error) {
            reasons.set(vendor, messageOf(error)); // whatever a vendor's client throws: the next vendor may speak
        }
    }
    throw new NoSpeechError(reasons);
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function messageOf(error: unknown): string {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
