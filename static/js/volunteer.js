// A volunteer's page: it is shown anew when something of theirs changed, and reminds before a shift.
import { follow } from "./live.js";
import "./ui/dialog.js";

const LOOK_EVERY = 10_000;
const page = document.querySelector("[data-volunteer]");
const { volunteer, changes, starts, since, reminds } = page.dataset;
const opened = Date.now();

follow(`volunteer:${volunteer}`, {
  snapshot: (told) => {
    if (told.changes > Number(changes) && !document.querySelector("dialog[open], details[open]")) {
      location.reload();
    }
  },
  link: (state) => {
    page.querySelector("[data-stale]").hidden = state !== "lost";
  },
});

function look() {
  const now = Date.now();
  const isNear = now >= Date.parse(reminds) && now < Date.parse(starts);
  const reminder = page.querySelector("[data-reminder]");
  if (isNear && reminder.hidden) navigator.vibrate?.([400, 200, 400]);
  reminder.hidden = !isNear;
  // From here on the page offers to check in.
  if (opened < Date.parse(since) && now >= Date.parse(since)) location.reload();
}

if (starts) setInterval(look, LOOK_EVERY);
