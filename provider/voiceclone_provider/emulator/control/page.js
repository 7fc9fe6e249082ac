// The emulator's page. It asks for the state again and again and changes only what is different, so that focus,
// open menus and playing audio stay. Whatever comes from outside becomes text, never markup.
"use strict";

const $ = (id) => document.getElementById(id);
const STATUSES = ["pending", "training", "ready", "failed", "locked", "expired", "reclaimed"];
const METHODS = ["GET", "POST", "PUT", "DELETE"];
const KIND_FIELDS = {
  status: ["code", "after"], html: ["code"], redirect: ["location"], endless: ["bytes"], slow: ["seconds"],
  stale: ["seconds"], "train-fail": ["code", "message", "after"],
};
const SAID_FOR = 6000; // milliseconds; what went wrong stays
let table, language, latest, fading, turns = 0;

// Words.

function t(key, values = {}) {
  return table.texts[key][language].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function translate(root) {
  for (const at of root.querySelectorAll("[data-text]")) at.textContent = t(at.dataset.text);
  for (const at of root.querySelectorAll("[data-label]")) at.ariaLabel = t(at.dataset.label);
}

const locale = () => (language === "zh" ? "zh-CN" : "en-GB");
const time = (seconds) => new Date(seconds * 1000).toLocaleTimeString(locale());
const date = (seconds, timeStyle = "short") =>
  new Date(seconds * 1000).toLocaleString(locale(), { dateStyle: "medium", timeStyle });
const title = (key) => table.vendors.find((vendor) => vendor.key === key)?.title ?? key ?? "";

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  $("language").value = language;
  translate(document);
  const names = new Intl.ListFormat(locale()).format(table.vendors.map((vendor) => vendor.title));
  $("intro").textContent = t("intro", { vendors: names });
  options($("vendor"), [["", t("all")], ...table.vendors.map(({ key, title }) => [key, title])]);
  options($("status"), [["", t("all")], ...STATUSES.map((status) => [status, t(`status.${status}`)])]);
}

// Elements.

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function options(select, pairs) {
  const chosen = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => element("option", { value, textContent: text })));
  if (pairs.some(([value]) => value === chosen)) select.value = chosen;
}

const words = (parts, between) => parts.filter((part) => part || part === 0).join(between);

function put(at, text) {
  if (at.textContent !== text) at.textContent = text;
}

/** One child for each item, in their order; one that stays is touched by `update` alone. */
function sync(parent, items, key, make, update = () => {}) {
  const wanted = new Set(items.map(key));
  const gone = [...parent.children].filter((child) => !wanted.has(child.dataset.key));
  const lost = gone.some((child) => child.contains(document.activeElement));
  for (const child of gone) child.remove();
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const name = key(item), child = known.get(name) ?? make(item);
    child.dataset.key = name;
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
    update(child, item);
  }
  if (lost) (parent.closest("details")?.querySelector("summary") ?? $("voices-title")).focus();
}

// The emulator.

async function call(method, path, doc) {
  let reply;
  try {
    reply = await fetch(`/_emulator/${path}`, { method, body: doc && JSON.stringify(doc) });
  } catch {
    throw new Error(t("unreachable"));
  }
  const told = await reply.json();
  if (!reply.ok) throw new Error(told.error);
  return told;
}

async function refresh() {
  const turn = ++turns;
  const asked = ["state?previews=1", "requests?last=25", "faults", "switches"];
  const [state, requests, faults, switches] = await Promise.all(asked.map((path) => call("GET", path)));
  if (turn !== turns) return; // a later one has been asked for
  latest = { state, requests, faults, switches };
  draw();
}

async function follow() {
  const began = performance.now();
  try {
    if (!document.hidden) await refresh();
    if ($("said").dataset.lost) hush();
  } catch (bad) {
    say(bad.message, true);
    $("said").dataset.lost = "1";
  }
  setTimeout(follow, Math.max(400, 4 * (performance.now() - began))); // many voices take longer
}

function say(text, bad = false) {
  put($("said").firstElementChild, text);
  $("said").ariaLive = bad ? "assertive" : "polite";
  $("said").className = bad ? "bad" : "";
  $("said").hidden = false;
  delete $("said").dataset.lost;
  clearTimeout(fading);
  if (!bad) fading = setTimeout(hush, SAID_FOR);
}

function hush() {
  $("said").hidden = true;
  delete $("said").dataset.lost;
}

/** Do it and say so; what goes wrong is said too, unless a dialog shows it. */
async function perform(action, voice, method, path, doc, quiet = false) {
  try {
    await call(method, path, doc);
    say(t("done", { action, voice }));
    await refresh();
  } catch (bad) {
    if (quiet) throw bad;
    say(t("wrong", { action, reason: bad.message }), true);
  }
}

// The dialog: `fields` makes its fields of the values so far, as one may depend on another.

function ask({ name, about = "", danger = false, fields = () => [], send }) {
  const form = $("dialog").querySelector("form"), opener = document.activeElement;
  const inputs = () => [...$("dialog-fields").querySelectorAll("input, select")];
  const values = () => Object.fromEntries(inputs().map((input) => [input.name, input.value]));
  const show = () => sync($("dialog-fields"), fields(values()), (field) => field.name + (field.kind ?? ""), label);
  put($("dialog-title"), [t(name), about].filter(Boolean).join(": "));
  put($("dialog-help"), t(`${name}.help`));
  put($("dialog-go"), t(name));
  put($("dialog-wrong"), "");
  $("dialog-go").className = danger ? "danger" : "";
  $("dialog-fields").replaceChildren();
  show();
  form.onchange = show;
  form.onsubmit = async (event) => {
    event.preventDefault();
    const filled = inputs().filter((input) => input.value !== "");
    $("dialog-go").disabled = true;
    try {
      await send(Object.fromEntries(filled.map((input) => [input.name, read(input)])));
      $("dialog").close();
      (opener.isConnected ? opener : $("voices-title")).focus();
    } catch (bad) {
      put($("dialog-wrong"), t("wrong", { action: t(name), reason: bad.message }));
    } finally {
      $("dialog-go").disabled = false;
    }
  };
  $("dialog").showModal();
  (inputs()[0] ?? $("dialog-cancel")).focus();
}

function label({ name, value = "", choices, type = "text", required = false }) {
  const input = choices
    ? element("select", { name })
    : element("input", { name, type, required, value, ...(type === "number" ? { step: "any" } : {}) });
  if (choices) options(input, choices);
  if (choices && value !== "") input.value = value;
  input.dataset.type = type;
  return element("label", {}, element("span", { textContent: t(`field.${name}`) }), input);
}

function read({ value, dataset: { type } }) {
  if (type === "bool") return value === "true";
  if (type === "number" || (type === "code" && /^-?\d+$/.test(value))) return Number(value);
  return value;
}

const yesOrNo = (name, value) => ({ name, type: "bool", value, choices: [["false", t("no")], ["true", t("yes")]] });
const number = (name, value) => ({ name, type: "number", value, required: true });
const same = (words) => words.map((word) => [word, word]);

// Voices.

const voices = () =>
  latest ? table.vendors.flatMap(({ key }) => latest.state[key].map((voice) => ({ ...voice, vendor: key }))) : [];

const ACTION_FIELDS = {
  retrain: () => [number("seconds", 0)],
  rename: (voice) => [{ name: "name", value: voice.name, required: true }],
  quota: (voice) => [number("left", voice.left)],
  fail: () => [{ name: "code", type: "code" }, { name: "message" }],
  delete: () => [],
};

function act(voice, verb) {
  const about = voice.name || voice.id, path = `voices/${voice.vendor}/${encodeURIComponent(voice.id)}`;
  const fields = ACTION_FIELDS[verb] && (() => ACTION_FIELDS[verb](voice));
  const send = (doc, quiet) => verb === "delete"
    ? perform(t(verb), about, "DELETE", path, undefined, quiet)
    : perform(t(verb), about, "POST", `${path}/${verb}`, doc, quiet);
  if (fields) ask({ name: verb, about, danger: verb === "delete", fields, send: (doc) => send(doc, true) });
  else send();
}

function makeCard() {
  const card = $("card").content.firstElementChild.cloneNode(true);
  translate(card);
  return card;
}

function drawCard(card, voice) {
  card.voice = voice;
  card.dataset.voice = voice.id;
  const show = (field, text) => {
    const at = card.querySelector(`[data-show=${field}]`);
    put(at, text);
    (at.closest("dl > div") ?? at).hidden = text === "";
  };
  const { error, progress, left } = voice, last = voice.history.at(-1);
  const done = { done: voice.trainings, left };
  show("vendor", title(voice.vendor));
  show("name", voice.name || t("unnamed"));
  show("status", t(`status.${voice.status}`));
  card.querySelector(".status").className = `status ${voice.status}`;
  show("id", voice.id);
  show("trainings", t(left === null ? "trainings.done" : "trainings.left", done));
  show("latest", last ? when(last) : "");
  show("expires", voice.expires_at ? date(voice.expires_at) : "");
  show("reason", error ? words([error.code, error.message], ": ") || t("reason.none") : "");
  card.querySelector(".running").hidden = !progress;
  if (progress) drawProgress(card.querySelector("progress"), progress, show);
  drawPreview(card.querySelector("audio"), voice);
  const button = (verb) => element("button", {
    type: "button",
    className: verb === "delete" ? "danger" : "",
    onclick: () => act(card.voice, verb),
  });
  sync(card.querySelector(".buttons"), voice.actions, (verb) => verb, button, (made, verb) => {
    put(made, t(verb));
    made.title = t(`${verb}.help`);
  });
}

function when({ at, finished_at: end }) {
  const time = date(at, "medium");
  return end === null ? time : t("latest.took", { time, seconds: (end - at).toFixed(1) });
}

function drawProgress(bar, { share, seconds_left: left }, show) {
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
  show("remaining", left === null ? t("never") : t("seconds-left", { seconds: Math.ceil(left) }));
}

/** A preview's URL is signed anew at each look: it is changed for another recording, or before it expires. */
function drawPreview(audio, { preview_url: url, name, id }) {
  audio.hidden = !url;
  audio.ariaLabel = t("preview", { voice: name || id });
  if (!url) return audio.removeAttribute("src");
  const old = audio.src ? new URL(audio.src) : null;
  const ends = Number(old?.searchParams.get("x-expires")) * 1000;
  if (old?.pathname !== new URL(url).pathname || (audio.paused && ends < Date.now() + 60000)) audio.src = url;
}

function fits(voice) {
  const wanted = $("wanted").value.trim().toLowerCase();
  const words = [voice.name, voice.id, voice.voice_id, voice.external_task_id].join("\n").toLowerCase();
  return (!$("vendor").value || voice.vendor === $("vendor").value)
    && (!$("status").value || voice.status === $("status").value) && words.includes(wanted);
}

// All of it.

function draw() {
  if (!latest) return;
  const { state, requests, faults, switches } = latest;
  const all = voices(), shown = all.filter(fits);
  sync($("voices"), shown, (voice) => `${voice.vendor}/${voice.id}`, makeCard, drawCard);
  put($("count"), all.length ? t("count", { shown: shown.length, all: all.length }) : "");
  $("filter").hidden = $("empty").hidden = true;
  $(all.length ? "filter" : "empty").hidden = false;
  $("none").hidden = !all.length || shown.length > 0;
  const slots = table.vendors.filter((vendor) => vendor.slots).map((vendor) => vendor.title).join(", ");
  put($("slots"), t("slots", { vendor: slots, count: state.slots.length }));

  const changed = Object.entries(switches).filter(([name, value]) => value !== table.switches[name].default);
  const on = faults.length + changed.length;
  put($("on"), on ? t("misbehaviour.on", { count: on }) : "");
  sync($("faults"), faults, (fault) => String(fault.id), rowWithButton, (row, fault) => {
    const scope = [title(fault.vendor), fault.method, fault.path, fault.action, fault.voice, fault.code, fault.message];
    const hits = t(fault.times === null ? "fault.for-ever" : "fault.hits", fault);
    drawRow(row, [fault.kind, ...scope, hits], () =>
      perform(t("off"), fault.kind, "DELETE", `faults/${fault.id}`));
  });
  sync($("switches"), changed, ([name]) => name, rowWithButton, (row, [name, value]) => {
    const normal = table.switches[name].default;
    drawRow(row, [`${name} = ${value}`, t("switch.default", { value: normal })], () =>
      perform(t("off"), name, "POST", "switches", { [name]: normal }));
  });
  $("no-faults").hidden = faults.length > 0;
  $("no-switches").hidden = changed.length > 0;

  const body = $("requests").tBodies[0], rows = requests.map((one) => JSON.stringify(one)).reverse();
  sync(body, rows, (row) => row, () => element("tr"), (row, text) => drawRequest(row, JSON.parse(text)));
  $("requests").hidden = requests.length === 0;
  $("no-requests").hidden = requests.length > 0;
}

const rowWithButton = () => element("li", {}, element("span"), element("button", { type: "button" }));

function drawRow(row, parts, off) {
  const [text, button] = row.children;
  put(text, words(parts, " · "));
  put(button, t("off"));
  button.onclick = off;
}

function drawRequest(row, one) {
  const cells = [time(one.at), title(one.vendor), `${one.method} ${one.action}`, one.path, one.voice,
    one.status || t("no-reply"), one.code, one.fault];
  cells.forEach((text, at) => put(row.cells[at] ?? row.insertCell(), String(text ?? "")));
  row.cells[5].className = one.status === 0 || one.status >= 400 ? "bad" : "";
}

// What is set from the page.

function buy() {
  const sellers = table.vendors.filter((vendor) => vendor.sells);
  ask({
    name: "buy",
    fields: (values) => {
      const { key, services } = sellers.find((vendor) => vendor.key === values.vendor) ?? sellers[0];
      const kinds = { name: "service", kind: key, choices: [["", t("any")], ...same(services)] };
      const vendor = { name: "vendor", choices: sellers.map((one) => [one.key, one.title]) };
      return [vendor, number("count", 1), ...(services.length ? [kinds] : [])];
    },
    send: (doc) => perform(t("buy"), title(doc.vendor), "POST", "slots", doc, true),
  });
}

function reset() {
  const send = () => perform(t("reset"), location.host, "POST", "reset", undefined, true);
  ask({ name: "reset", danger: true, send });
}

function addFault() {
  const extra = {
    code: { name: "code", type: "code", value: "" }, message: { name: "message" }, location: { name: "location" },
    bytes: { name: "bytes", type: "number" }, seconds: { name: "seconds", type: "number" },
    after: yesOrNo("after", "false"),
  };
  ask({
    name: "fault-add",
    fields: ({ kind = table.kinds[0] }) => [
      { name: "kind", choices: same(table.kinds) },
      ...(KIND_FIELDS[kind] ?? []).map((field) => ({ ...extra[field], kind })),
      { name: "vendor", choices: [["", t("any")], ...table.vendors.map((one) => [one.key, one.title])] },
      { name: "method", choices: [["", t("any")], ...same(METHODS)] },
      { name: "path" }, { name: "voice" }, number("times", 1),
    ],
    send: (doc) => perform(t("fault-add"), doc.kind, "POST", "faults", doc, true),
  });
}

function setSwitch() {
  const names = Object.keys(table.switches).sort();
  ask({
    name: "switch-set",
    fields: ({ switch: name = names[0] }) => {
      const { default: normal, words } = table.switches[name], value = String(latest.switches[name]);
      const field = words ? { name: "value", value, choices: same(words) }
        : typeof normal === "boolean" ? yesOrNo("value", value)
        : typeof normal === "number" ? number("value", value) : { name: "value", value };
      return [{ name: "switch", choices: same(names) }, { ...field, kind: name }];
    },
    send: (doc) => perform(t("switch-set"), doc.switch, "POST", "switches", { [doc.switch]: doc.value ?? "" }, true),
  });
}

/** The two lines that a user runs first. */
function command() {
  const { hostname, port, protocol } = location, tls = protocol === "https:";
  const host = ["127.0.0.1", "localhost"].includes(hostname) ? "" : ` --host ${hostname.replace(/[[\]]/g, "")}`;
  const where = `${host} --port ${port || (tls ? 443 : 80)}${tls ? " --tls-cert CERT" : ""}`;
  return `eval "$(python -m voiceclone_provider.emulator --env${where})"\npulumi up`;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(command());
    say(t("copied"));
  } catch { // not on this machine, or not allowed: it is selected, for the person to copy
    getSelection().selectAllChildren($("command"));
  }
}

async function start() {
  table = await call("GET", "page.json");
  const chinese = (navigator.languages.find((one) => /^(zh|en)\b/.test(one)) ?? "en").startsWith("zh");
  speak(localStorage.getItem("language") ?? (chinese ? "zh" : "en"));
  put($("command"), command());
  $("language").onchange = (event) => {
    localStorage.setItem("language", event.target.value);
    speak(event.target.value);
    draw();
  };
  for (const id of ["wanted", "vendor", "status"]) $(id).oninput = draw;
  $("show-all").onclick = () => {
    for (const id of ["wanted", "vendor", "status"]) $(id).value = "";
    draw();
    $("wanted").focus();
  };
  $("copy").onclick = copy;
  $("buy").onclick = buy;
  $("reset").onclick = reset;
  $("fault-add").onclick = addFault;
  $("switch-set").onclick = setSwitch;
  $("dialog-cancel").onclick = () => $("dialog").close();
  $("said").lastElementChild.onclick = hush;
  document.onvisibilitychange = () => document.hidden || refresh().catch(() => {});
  await follow();
}

start();
