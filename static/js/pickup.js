// One pickup on its owner's phone: what changes is shown anew, and the clock of its age goes on.
import { follow } from "./live.js";
import "./ui/dialog.js";
import { showLink } from "./ui/live.js";
import { write } from "./ui/text.js";

const LOOK_EVERY = 10_000;
const MINUTE = 60_000;
const page = document.querySelector("[data-pickup]");
const clock = document.querySelector("[data-food-clock]");
let ahead = 0; // by how much the server's clock is ahead of this one

const SEEN = ["state", "place", "stage", "consents", "has_proxy", "ahead", "point_is_on"];
const seen = JSON.stringify(JSON.parse(page.dataset.seen));

function grow() {
  if (!clock) return;
  const [since, until] = [clock.dataset.stored, clock.dataset.until].map(Date.parse);
  const age = Math.max(0, Date.now() + ahead - since);
  const isLong = until - since > 24 * 60 * MINUTE;
  write(clock, "age", Math.floor(age / (isLong ? 60 * MINUTE : MINUTE)));
  clock.querySelector("progress").value = Math.min(100, (age / (until - since)) * 100);
}

follow(`pickup:${page.dataset.pickup}`, {
  snapshot(data) {
    ahead = Date.parse(data.at) - Date.now();
    if (JSON.stringify(SEEN.map((name) => data[name])) !== seen) location.reload();
    grow();
  },
  link: (state, lastAt) => showLink(state, lastAt, page.dataset.zone),
});
setInterval(grow, LOOK_EVERY);
grow();
