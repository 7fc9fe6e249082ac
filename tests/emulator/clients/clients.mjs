// What the vendors' own JavaScript clients get from the emulator, as JSON: node clients.mjs ORIGIN SAMPLE
import fs from "node:fs";
import { CozeAPI } from "@coze/api";
import openapi from "@volcengine/openapi";

const [origin, sample] = process.argv.slice(2);

async function coze() {
  const client = new CozeAPI({ token: "emulator-token", baseURL: origin });
  const made = await client.audio.voices.clone({
    voice_name: "narrator",
    file: fs.createReadStream(sample),
    audio_format: "wav",
    language: "zh",
  });
  const listed = await client.audio.voices.list({ filter_system_voice: true, voice_state: "all", page_size: 5 });
  let refused = null;
  try {
    await new CozeAPI({ token: "wrong", baseURL: origin }).audio.voices.list({});
  } catch (error) {
    refused = error.code;
  }
  return { made: made.voice_id, listed: listed.voice_list.map((voice) => voice.voice_id), refused };
}

async function volcengine(secretKey) {
  const query = { Action: "BatchListMegaTTSTrainStatus", Version: "2023-11-07" };
  const request = {
    region: "cn-north-1",
    method: "POST",
    pathname: "/",
    params: query,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ AppID: "emulator-app" }),
  };
  new openapi.Signer(request, "speech_saas_prod").addAuthorization({ accessKeyId: "emulator-ak", secretKey });
  const reply = await fetch(`${origin}/?${new URLSearchParams(query)}`, request);
  const doc = await reply.json();
  return { status: reply.status, total: doc.Result?.TotalCount, error: doc.ResponseMetadata.Error?.Code };
}

console.log(
  JSON.stringify({ coze: await coze(), signed: await volcengine("emulator-sk"), unsigned: await volcengine("wrong") }),
);
