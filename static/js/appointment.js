// One appointment on a phone: which pieces show, and a reminder before it begins.
import { Bell } from "./bell.js";
import "./ui/dialog.js";

const ASK_EVERY = 20_000;
const LOOK_EVERY = 5_000;
const REMIND_MS = 15 * 60_000;
const page = document.querySelector("[data-appointment]");
const { appointment, revision, at } = page.dataset;
const [starts, since, until] = [at, page.dataset.from, page.dataset.until].map(Date.parse);
const waits = ["booked", "now", "late"];
const bell = new Bell(page, `bell ${appointment}`);
const reminded = `reminded ${appointment} ${at}`;
let ahead = 0; // by how much the server's clock is ahead of this one

function stateNow(now) {
  if (now > until) return "missed";
  if (now > starts) return "late";
  return now >= since ? "now" : "booked";
}

function look() {
  if (!waits.includes(page.dataset.state)) return;
  const now = Date.now() + ahead;
  const state = stateNow(now);
  page.dataset.state = state;
  for (const part of page.querySelectorAll("[data-state-is]")) {
    part.hidden = !part.dataset.stateIs.split(" ").includes(state);
  }
  const isNear = now < starts && now >= starts - REMIND_MS;
  page.querySelector("[data-reminder]").hidden = !isNear;
  if (isNear && bell.isOn && !sessionStorage.getItem(reminded)) {
    sessionStorage.setItem(reminded, "yes");
    bell.ring(3);
  }
  bell.wait(state !== "missed");
}

async function ask() {
  if (document.hidden) return;
  const answer = await fetch(`/api/v1/appointments/${appointment}`).catch(() => null);
  page.querySelector("[data-stale]").hidden = Boolean(answer?.ok);
  if (!answer?.ok) return;
  ahead = Date.parse(answer.headers.get("Date")) - Date.now();
  const told = await answer.json();
  const isOver = !["booked", "late", "missed"].includes(told.state);
  const isNews = String(told.revision) !== revision || (isOver && told.state !== page.dataset.state);
  if (isNews) location.reload();
  else look();
}

document.addEventListener("visibilitychange", ask);
setInterval(ask, ASK_EVERY);
setInterval(look, LOOK_EVERY);
look();
