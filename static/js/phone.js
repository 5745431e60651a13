// One number on a phone: the state of the page is the state of the ticket.
import { Bell } from "./bell.js";
import { follow } from "./live.js";
import { timeOf } from "./ui/clock.js";
import "./ui/dialog.js";
import { showLane } from "./ui/lane.js";
import { showLink } from "./ui/live.js";
import { write } from "./ui/text.js";
import { showFigures } from "./ui/ticket_figures.js";

const page = document.querySelector("[data-ticket]");
const { zone } = page.dataset;
const over = new Set(["serving", "finished", "no_show", "cancelled", "expired"]);

const NEAR = 3;
const titles = document.querySelector("[data-titles]");
const icon = document.querySelector("link[rel=icon]");
const plain = { title: document.title, icon: icon.href };
const bell = new Bell(page, `bell ${page.dataset.ticket}`);
let wasNear = true; // whoever opens the page when they are near already sees it

// Each call and each recall makes itself felt once.
function announce({ state, calls, counter, ahead }) {
  const isNear = state === "waiting" && ahead !== null && ahead <= NEAR;
  const isElsewhere = String(counter ?? "") !== page.dataset.counter;
  if (state === "called" && (isElsewhere || calls > Number(page.dataset.calls))) bell.ring(3);
  else if (isNear && !wasNear) bell.ring(1);
  page.dataset.calls = calls;
  page.dataset.counter = counter ?? "";
  wasNear = isNear || state !== "waiting";
  page.querySelector("[data-near]").hidden = !isNear;
  bell.wait(!over.has(state));
}

// What the visitor may do now. A number that is kept for a time falls while the page looks on.
let falls;
function showWishes({ may_postpone, postpones_left, may_rejoin, kept_until, at }) {
  page.dataset.postpone = may_postpone ? "may" : "";
  page.dataset.rejoin = may_rejoin ? "may" : "";
  write(page, "postpones-left", postpones_left);
  write(page, "kept-until", kept_until ? timeOf(new Date(kept_until), zone) : "");
  page.querySelector("[data-kept]").hidden = !kept_until;
  clearTimeout(falls);
  if (may_rejoin && kept_until) {
    falls = setTimeout(() => (page.dataset.rejoin = ""), new Date(kept_until) - new Date(at));
  }
}

// Who was sent on waits for another queue than the number's, or for one counter.
function showWhere(ticket) {
  const { number, queue, for_counter: counter } = ticket;
  page.dataset.sent = counter ? "counter" : queue === number[0] ? "" : "queue";
  write(page, "for-counter", counter ?? "");
  write(page, "queue", queue);
  write(page, "queue-name", ticket[`queue_name_${document.documentElement.lang.slice(0, 2)}`]);
}

// Of several services each queue is a step; where the steps themselves change, the page comes anew.
function showSteps({ steps, queue }) {
  const shown = [...page.querySelectorAll("[data-step]")];
  if (shown.map((step) => step.dataset.step).join() !== steps.map((step) => step.queue).join()) {
    location.reload();
    return;
  }
  for (const [place, step] of steps.entries()) {
    shown[place].dataset.is = step.is_done ? "done" : step.queue === queue ? "now" : "next";
  }
  write(page, "steps-done", steps.filter((step) => step.is_done).length);
}

// What stands in the browser's tab and in the list of open pages.
function showTitle({ state, ahead, counter }) {
  const kind = state === "waiting" && ahead === 0 ? "next" : state;
  const words = titles.querySelector(`[data-title="${kind}"]`);
  if (words) {
    write(titles, "ahead", ahead ?? "");
    write(titles, "counter", counter ?? "");
  }
  document.title = words?.textContent ?? plain.title;
  icon.href = state === "called" ? titles.dataset.calledMark : plain.icon;
  if (state === "called") navigator.setAppBadge?.().catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}

function show(ticket) {
  const isNew = page.dataset.state !== ticket.state;
  page.dataset.state = ticket.state;
  page.dataset.outcome = ticket.outcome ?? "done";
  write(page, "number", ticket.number);
  write(page, "counter", ticket.counter ?? "");
  write(page, "last-called", ticket.last_called ?? "");
  write(page, "at", timeOf(new Date(ticket.at), zone));
  page.querySelector("[data-last-called]").hidden = !ticket.last_called;
  showWishes(ticket);
  showWhere(ticket);
  showSteps(ticket);
  showFigures(page.querySelector("[data-figures]"), ticket);
  showLane(page.querySelector("[data-lane]"), ticket.ahead ?? 0);
  document.querySelector("[data-turn]").hidden = ticket.state !== "called";
  for (const name of page.querySelectorAll("[data-counter-name]")) {
    name.hidden = Number(name.dataset.counterName) !== ticket.counter;
  }
  if (isNew && over.has(ticket.state)) document.getElementById("leave").close();
  if (isNew) scrollTo({ top: 0 });
  announce(ticket);
  showTitle(ticket);
}

follow(`ticket:${page.dataset.ticket}`, {
  snapshot: show,
  link: (state, lastAt) => showLink(state, lastAt, zone),
});
