// How fresh the page is: the live component and the offline line.
import { write } from "./text.js";
import { timeOf } from "./clock.js";

export function showLink(state, lastAt, zone) {
  for (const place of document.querySelectorAll("[data-live]")) {
    if (place.dataset.state !== state) place.dataset.state = state;
    if (lastAt) write(place, "last", timeOf(lastAt, zone));
  }
  for (const line of document.querySelectorAll("[data-offline]")) {
    line.hidden = state !== "lost";
    if (lastAt) write(line, "last", timeOf(lastAt, zone));
  }
}
