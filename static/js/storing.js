// The map of pickups fetches itself again when something changes; its cells are walked by arrows.
import htmx from "../vendor/htmx.js";
import { follow, keepFresh } from "./live.js";
import { walkCells } from "./ui/place_cell.js";
import { onKey } from "./ui/keys.js";
import { showLink } from "./ui/live.js";

const part = document.getElementById("pickups-live");
const card = () => document.getElementById("place-card");

// What somebody is about to fill in is not taken away from them.
function refresh() {
  htmx.trigger("#pickups-live", "refresh");
  const { place } = card().dataset;
  const isBusy = card().querySelector("details[open]") || card().contains(document.activeElement);
  if (place && !isBusy) htmx.trigger("#place-card", "refresh");
}

function markChosen() {
  const { place } = card().dataset;
  for (const cell of document.querySelectorAll("[data-cell]")) {
    if (cell.dataset.cell === place) cell.setAttribute("aria-current", "true");
    else cell.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:after:swap", markChosen);
markChosen();
walkCells();

onKey(({ code, shiftKey }) => {
  if (code !== "Slash" || shiftKey) return false;
  document.getElementById("code").select();
  return true;
});

follow(part.dataset.topic, {
  snapshot: refresh,
  link: (state, lastAt) => showLink(state, lastAt, part.dataset.zone),
});

follow(part.dataset.shifts, { snapshot: refresh });

keepFresh(refresh);
