// The overview fetches itself again when the station changes, and every half minute.
import htmx from "../vendor/htmx.js";
import { follow, keepFresh } from "./live.js";
import { ringForNew } from "./ui/messages.js";
import { showLink } from "./ui/live.js";

const part = document.getElementById("overview");
document.addEventListener("htmx:after:swap", () => ringForNew(part));
ringForNew(part);
const refresh = () => htmx.trigger("#overview", "refresh");

follow(part.dataset.topic, {
  changed: refresh,
  link: (state, lastAt) => showLink(state, lastAt, part.dataset.zone),
});

keepFresh(refresh);
