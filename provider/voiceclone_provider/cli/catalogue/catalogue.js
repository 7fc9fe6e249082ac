"use strict";

const TEXTS = {
  en: {
    title: "Voices", other: "中文", search: "Search", vendor: "Vendor", status: "Status", stack: "Stack", all: "All",
    count: (shown, all) => `${shown} of ${all} voices`,
    preview: "Preview", sample: "Sample", seconds: number => `${number} s`,
    previewOf: name => `Preview of ${name}`, sampleOf: name => `Sample of ${name}`,
    voiceId: "Voice ID", copy: "Copy", copied: "Copied", copyOf: name => `Copy the voice ID of ${name}`,
    trainings: "Trainings left", language: "Language", created: "Created", expires: "Expires", expired: "over",
    days: number => number === 1 ? "1 day left" : `${number} days left`,
    consent: "Consent", noConsent: "none on record", ended: "ended", notYet: "not yet", incomplete: "incomplete",
    until: "until", from: "from",
    protection: "Protected", yes: "yes", no: "no", readOnly: "This stack only reads it.",
    usedBy: "Used by", declared: "Last change", head: "Checked out", uncommitted: "with uncommitted changes",
    Ready: "Ready", Training: "Training", Pending: "Never trained", Failed: "Failed", Locked: "Locked",
    Expired: "Expired", unknown: "Unknown",
  },
  zh: {
    title: "音色", other: "English", search: "搜索", vendor: "厂商", status: "状态", stack: "栈", all: "全部",
    count: (shown, all) => `${all} 个音色中的 ${shown} 个`,
    preview: "试听", sample: "样本", seconds: number => `${number} 秒`,
    previewOf: name => `${name} 的试听`, sampleOf: name => `${name} 的样本`,
    voiceId: "音色 ID", copy: "复制", copied: "已复制", copyOf: name => `复制 ${name} 的音色 ID`,
    trainings: "剩余训练次数", language: "语言", created: "创建", expires: "到期", expired: "已到期",
    days: number => `还有 ${number} 天`,
    consent: "授权", noConsent: "无记录", ended: "已到期", notYet: "尚未生效", incomplete: "不完整",
    until: "至", from: "见",
    protection: "受保护", yes: "是", no: "否", readOnly: "此栈只读取它。",
    usedBy: "使用者", declared: "最近改动", head: "检出版本", uncommitted: "有未提交的改动",
    Ready: "可用", Training: "训练中", Pending: "未训练", Failed: "失败", Locked: "已锁定",
    Expired: "已过期", unknown: "未知",
  },
};
const LOOKS = { Ready: "good", Locked: "good", Training: "wait", Pending: "wait", Failed: "bad", Expired: "bad" };
const DAY = 24 * 60 * 60 * 1000;

const { voices, consents } = JSON.parse(document.getElementById("data").textContent);
const byId = id => document.getElementById(id);
let language = chosenLanguage();
let words = []; // of each voice, what is searched

// All texts go into the page by this, as text: no markup of theirs is ever read.
function make(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) made.setAttribute(name, value);
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

function text(key, ...values) {
  const found = TEXTS[language][key] ?? key;
  return typeof found === "function" ? found(...values) : found;
}

function chosenLanguage() {
  let kept = null;
  try { kept = localStorage.getItem("language"); } catch { /* a browser that keeps nothing */ }
  const wanted = [kept, ...navigator.languages].map(name => (name ?? "").slice(0, 2).toLowerCase());
  return wanted.find(name => name in TEXTS) ?? "en";
}

function stackOf(voice) { return `${voice.project}/${voice.stack}`; }
function titleOf(voice) { return voice.name ?? voice.resource; }
function statusOf(voice) { return voice.status in LOOKS ? voice.status : "unknown"; }

function day(moment) {
  const at = new Date(moment);
  if (isNaN(at)) return moment;
  return make("time", { datetime: moment }, at.toLocaleDateString(language, { dateStyle: "medium" }));
}

function sound(kind, recording, voice) {
  const length = recording.seconds ? ` (${text("seconds", recording.seconds)})` : "";
  const player = recording.file === null ? null : make("audio", {
    controls: "", preload: "none", src: recording.file, "aria-label": text(`${kind}Of`, titleOf(voice)),
  });
  const note = recording.note && make("p", { class: "note" }, recording.note[language]);
  return make("div", { class: "sound", "data-sound": kind }, make("h3", {}, text(kind) + length), player, note);
}

function consentList() {
  const today = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  return consent => {
    const { speaker, agreed, until, scope, document: signed, source } = consent;
    const state = !(speaker && agreed && until && scope && signed) ? "incomplete"
      : today < agreed ? "notYet" : today > until ? "ended" : "";
    const place = /^https?:\/\//.test(signed) ? make("a", { href: signed, rel: "noopener noreferrer" }, signed) : signed;
    return make("li", {}, `${speaker}, `, state ? make("strong", { class: "bad" }, `${text(state)}, `) : null,
      `${text("until")} ${until}: ${scope} (${text("from")} `, place, `, ${source})`);
  };
}

function commit(found) {
  if (!found) return null;
  const short = make("code", {}, found.commit.slice(0, 10));
  return found.url ? make("a", { href: found.url, rel: "noopener noreferrer" }, short) : short;
}

function expiry(voice) {
  if (!voice.expiresAt) return null;
  const left = Math.floor((new Date(voice.expiresAt) - Date.now()) / DAY);
  if (isNaN(left)) return [voice.expiresAt];
  const words = left < 0 ? text("expired") : text("days", left);
  return [day(voice.expiresAt), make("span", left < 30 ? { class: "bad" } : {}, ` (${words})`)];
}

function copier(voice) {
  const button = make("button", { type: "button", class: "copy", "aria-label": text("copyOf", titleOf(voice)) }, text("copy"));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(voice.voiceId);
    } catch { // no clipboard without https: select it, to be copied by hand
      getSelection().selectAllChildren(button.previousElementSibling);
      return;
    }
    button.textContent = byId("said").textContent = text("copied");
    setTimeout(() => { button.textContent = text("copy"); }, 2000);
  });
  return button;
}

function card(voice) {
  const rows = [
    ["voiceId", voice.voiceId && [make("div", { class: "id" }, make("code", {}, voice.voiceId), copier(voice))]],
    ["trainings", voice.availableTrainings !== null && [String(voice.availableTrainings)]],
    ["language", voice.language && [voice.language]],
    ["created", voice.createdAt && [day(voice.createdAt)]],
    ["expires", expiry(voice)],
    ["consent", consents && [voice.consents.length ? make("ul", {}, ...voice.consents.map(consentList()))
      : make("strong", { class: "bad" }, text("noConsent"))]],
    ["protection", [text(voice.protected ? "yes" : "no")]],
    ["usedBy", voice.usedBy.length && [make("ul", {}, ...voice.usedBy.map(user =>
      make("li", {}, `${user.name} `, make("code", {}, user.type))))]],
    ["declared", voice.declaredIn && [commit(voice.declaredIn), voice.uncommitted ? ` (${text("uncommitted")})` : ""]],
    ["head", voice.head && [commit(voice.head)]],
  ];
  const notes = [voice.lastError, voice.statusNote?.[language], voice.managed ? null : text("readOnly")];
  return make("li", { id: voice.anchor, "data-voice": voice.urn },
    make("div", { class: "head" }, make("h2", {}, titleOf(voice)),
      make("span", { class: `badge ${LOOKS[voice.status] ?? "bad"}` }, text(statusOf(voice)))),
    make("p", { class: "place" }, `${voice.vendorTitle} · ${stackOf(voice)} · ${voice.resource}`),
    ...notes.filter(Boolean).map(note => make("p", { class: "note" }, note)),
    sound("preview", voice.preview, voice), sound("sample", voice.sample, voice),
    make("dl", {}, ...rows.filter(([, values]) => values).flatMap(([key, values]) =>
      [make("dt", {}, text(key)), make("dd", {}, ...values)])));
}

function wordsOf(voice) {
  const users = voice.usedBy.map(user => user.name), speakers = voice.consents.map(consent => consent.speaker);
  return [titleOf(voice), voice.resource, voice.voiceId, voice.vendorTitle, stackOf(voice), voice.language,
    statusOf(voice), text(statusOf(voice)), ...users, ...speakers].join("\n").toLowerCase();
}

function choices(id, values, shown) {
  const list = byId(id), chosen = list.value;
  list.replaceChildren(make("option", { value: "" }, text("all")),
    ...[...new Set(values)].sort().map(value => make("option", { value }, shown(value))));
  list.value = chosen;
}

function filter() {
  const wanted = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [vendor, status, stack] = ["vendor", "status", "stack"].map(id => byId(id).value);
  let shown = 0;
  voices.forEach((voice, place) => {
    const fits = (!vendor || voice.vendor === vendor) && (!status || statusOf(voice) === status)
      && (!stack || stackOf(voice) === stack) && wanted.every(word => words[place].includes(word));
    byId("voices").children[place].hidden = !fits;
    shown += fits;
  });
  byId("count").textContent = text("count", shown, voices.length);
}

function show() {
  const titles = Object.fromEntries(voices.map(voice => [voice.vendor, voice.vendorTitle]));
  document.documentElement.lang = language === "zh" ? "zh-CN" : language;
  document.title = text("title");
  for (const marked of document.querySelectorAll("[data-text]")) marked.textContent = text(marked.dataset.text);
  byId("language").textContent = text("other");
  byId("language").lang = language === "zh" ? "en" : "zh-CN";
  choices("vendor", voices.map(voice => voice.vendor), key => titles[key]);
  choices("status", voices.map(statusOf), text);
  choices("stack", voices.map(stackOf), name => name);
  words = voices.map(wordsOf);
  byId("voices").replaceChildren(...voices.map(card));
  filter();
}

byId("filters").addEventListener("input", filter);
byId("filters").addEventListener("submit", event => event.preventDefault());
byId("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  try { localStorage.setItem("language", language); } catch { /* a browser that keeps nothing */ }
  show();
});
document.addEventListener("play", event => {
  for (const other of document.querySelectorAll("audio")) if (other !== event.target) other.pause();
}, true);
show();
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
