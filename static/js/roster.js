// Shifts, and who signed up: each part that follows them is fetched again when one changes.
import htmx from "../vendor/htmx.js";
import { follow, keepFresh } from "./live.js";
import { showLink } from "./ui/live.js";

const parts = () => document.querySelectorAll("[data-shifts]");
const refresh = () => parts().forEach((part) => htmx.trigger(part, "refresh"));
const { shifts, zone } = parts()[0].dataset;

follow(shifts, {
  snapshot: refresh,
  link: (state, lastAt) => showLink(state, lastAt, zone),
});

keepFresh(refresh);
