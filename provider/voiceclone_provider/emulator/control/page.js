const vendors = document.body.dataset.vendors.split(" "), slotVendors = document.body.dataset.slotVendors;
const cell = (row, text, name) => { const td = row.insertCell(); td.textContent = text ?? ""; if (name) td.className = name; return td };
let drawn = "";
async function act(method, path) { await fetch("/_emulator/voices/" + path, { method }); await draw() }
async function draw() {
  const state = await (await fetch("/_emulator/state?previews=1")).json();
  const requests = await (await fetch("/_emulator/requests?last=25")).json();
  document.getElementById("slots").textContent = state.slots.length + " " + slotVendors + " slots are free.";
  const key = JSON.stringify(vendors.map(v => state[v].map(x => [x.id, x.name, x.status, x.trainings, x.left])));
  if (key !== drawn) {  // playing audio is not interrupted while nothing changes
    drawn = key;
    const body = document.querySelector("#voices tbody"); body.replaceChildren();
    for (const vendor of vendors) for (const voice of state[vendor]) {
      const row = body.insertRow(); row.dataset.voice = voice.id;
      cell(row, vendor); cell(row, voice.id); cell(row, voice.name); cell(row, voice.status, voice.status);
      cell(row, voice.trainings); cell(row, voice.left);
      const sound = cell(row, "");
      if (voice.preview_url) { const audio = document.createElement("audio"); audio.controls = true; audio.preload = "none"; audio.src = voice.preview_url; sound.append(audio) }
      const buttons = cell(row, "");
      for (const [word, method, path] of [["Fail", "POST", "/fail"], ["Delete", "DELETE", ""]]) {
        const button = document.createElement("button"); button.textContent = word; button.dataset.act = word.toLowerCase();
        button.onclick = () => act(method, vendor + "/" + encodeURIComponent(voice.id) + path); buttons.append(button, " ");
      }
    }
  }
  const body = document.querySelector("#requests tbody"); body.replaceChildren();
  for (const one of requests.reverse()) {
    const row = body.insertRow();
    cell(row, new Date(one.at * 1000).toLocaleTimeString()); cell(row, one.vendor); cell(row, one.method + " " + one.action);
    cell(row, one.path); cell(row, one.voice); cell(row, one.status || "no reply"); cell(row, one.code);
  }
}
draw(); setInterval(draw, 1000);
