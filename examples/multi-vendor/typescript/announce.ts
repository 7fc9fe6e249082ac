// Speaks with the emulator's voices: pulumi stack output --json | npm run --silent announce VENDOR...
//
// The emulator does not synthesise speech. In its place a voice's preview is taken, which does not say the text; a
// program of yours has a function here that calls the vendor.

import { readFileSync, writeFileSync } from "fs";

import { readVoiceIds, speak, Speaker } from "./fallback";

const EMULATOR = process.env.EMULATOR ?? "http://127.0.0.1:8765";
const MILLISECONDS = 10_000;

interface EmulatedVoice {
    id: string;
    voice_id?: string;
    status: string;
    preview_url?: string;
}

async function get(url: string): Promise<Response> {
    const reply = await fetch(url, { signal: AbortSignal.timeout(MILLISECONDS) });
    if (!reply.ok) {
        throw new Error(`${reply.status} ${reply.statusText}`);
    }
    return reply;
}

function preview(vendor: string): Speaker {
    return async voiceId => {
        const state = await get(`${EMULATOR}/_emulator/state?previews=1`);
        const voices: EmulatedVoice[] = (await state.json())[vendor];
        const voice = voices.find(each => voiceId === each.id || voiceId === each.voice_id);
        if (voice === undefined) {
            throw new Error(`there is no voice ${voiceId}`);
        }
        if (voice.status !== "ready" || voice.preview_url === undefined) {
            throw new Error(`the voice ${voiceId} is ${voice.status}`);
        }
        return new Uint8Array(await (await get(voice.preview_url)).arrayBuffer());
    };
}

async function main(order: string[]): Promise<void> {
    const speakers = new Map(order.map(vendor => [vendor, preview(vendor)]));
    const speech = await speak("Good evening.", readVoiceIds(readFileSync(0, "utf-8")), order, speakers);
    for (const [vendor, reason] of speech.passedOver) {
        console.log(`${vendor} did not speak: ${reason}`);
    }
    writeFileSync("speech.wav", speech.audio);
    console.log(`${speech.vendor} spoke: ${speech.audio.length} bytes in speech.wav`);
}

main(process.argv.slice(2)).catch(error => {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
});
