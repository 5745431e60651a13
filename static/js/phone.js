// One number on a phone: the state of the page is the state of the ticket.
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

// Each call and each recall makes itself felt once.
function announce(calls) {
  if (calls <= Number(page.dataset.calls)) return;
  page.dataset.calls = calls;
  navigator.vibrate?.([400, 200, 400, 200, 400]);
}

function show(ticket) {
  const isNew = page.dataset.state !== ticket.state;
  page.dataset.state = ticket.state;
  write(page, "number", ticket.number);
  write(page, "counter", ticket.counter ?? "");
  write(page, "last-called", ticket.last_called ?? "");
  write(page, "at", timeOf(new Date(ticket.at), zone));
  page.querySelector("[data-last-called]").hidden = !ticket.last_called;
  showFigures(page.querySelector("[data-figures]"), ticket);
  showLane(page.querySelector("[data-lane]"), ticket.ahead ?? 0);
  document.querySelector("[data-turn]").hidden = ticket.state !== "called";
  for (const name of page.querySelectorAll("[data-counter-name]")) {
    name.hidden = Number(name.dataset.counterName) !== ticket.counter;
  }
  if (isNew && over.has(ticket.state)) document.getElementById("leave").close();
  if (isNew) scrollTo({ top: 0 });
  if (ticket.state === "called") announce(ticket.calls);
}

follow(`ticket:${page.dataset.ticket}`, {
  snapshot: show,
  link: (state, lastAt) => showLink(state, lastAt, zone),
});
