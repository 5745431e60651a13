// How long one waits in a queue: a range, no wait where nobody waits, nothing where no figures
// are known, "not today" where it is closed.
import { write } from "./text.js";

export function rangeOf({ low_minutes: low, high_minutes: high }) {
  return low === high ? String(low) : `${low}–${high}`;
}

export function showWait(root, { waiting, wait, is_open: isOpen, is_promise: isPromise }) {
  for (const place of root.querySelectorAll("[data-wait]")) {
    place.dataset.is = isOpen === false ? "closed" : waiting === 0 ? "none" : wait ? "range" : "unknown";
    if (wait) write(place, "range", rangeOf(wait));
    for (const promise of place.querySelectorAll("[data-promise]")) promise.hidden = !isPromise;
  }
}
