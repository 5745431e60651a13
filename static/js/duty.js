// A volunteer on duty: the list follows what others bring and collect, until the shift ends.
import { follow } from "./live.js";
import "./ui/dialog.js";
import { showLink } from "./ui/live.js";

const RENEW_EVERY = 60_000;
const page = document.querySelector("[data-duty]");
const part = page.querySelector("[data-live-part]");
const { station } = document.querySelector("[data-station]").dataset;
const { duty, now, zone, changes, ends } = page.dataset;
let isSending = false;

async function renew() {
  if (document.hidden || isSending) return;
  const answer = await fetch(now).catch(() => null);
  if (!answer?.ok || isSending) return;
  if (answer.status === 204) {
    location.reload();
    return;
  }
  const open = new Map([...part.querySelectorAll("details")].map((d) => [d.dataset.batch, d.open]));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const batch of fresh.querySelectorAll("details")) {
    if (open.has(batch.dataset.batch)) batch.open = open.get(batch.dataset.batch);
  }
  part.replaceChildren(...fresh.body.childNodes);
}

document.addEventListener("submit", () => (isSending = true));
addEventListener("pageshow", () => (isSending = false));

follow(`pickups:${station}`, {
  snapshot: renew,
  link: (state, lastAt) => showLink(state, lastAt, zone),
});
follow(`volunteer:${duty}`, {
  snapshot: (told) => {
    if (told.changes > Number(changes)) location.reload();
  },
});
setInterval(renew, RENEW_EVERY);
setInterval(() => {
  if (Date.now() >= Date.parse(ends)) location.reload();
}, RENEW_EVERY / 4);
