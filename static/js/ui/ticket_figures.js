// People ahead, minutes, and the clock times they come to.
import { timeOf } from "./clock.js";
import { write } from "./text.js";
import { rangeOf } from "./wait_range.js";

function later(at, minutes) {
  return new Date(new Date(at).getTime() + minutes * 60_000);
}

export function showFigures(box, { ahead, wait, at, is_promise: isPromise, reason }) {
  box.dataset.waitIs = ahead === 0 ? "next" : wait ? "range" : "unknown";
  write(box, "ahead", ahead ?? "–");
  if (!wait) return;
  write(box, "range", rangeOf(wait));
  write(box, "from", timeOf(later(at, wait.low_minutes), box.dataset.zone));
  write(box, "till", timeOf(later(at, wait.high_minutes), box.dataset.zone));
  box.querySelector("[data-clock-times]").hidden = false;
  box.querySelector("[data-promise]").hidden = !isPromise;
  for (const words of box.querySelectorAll("[data-reason]")) {
    words.hidden = words.dataset.reason !== reason;
  }
}
