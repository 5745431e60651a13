// The window: verbs by key, the fragment fetched again when the queues change.
import htmx from "../vendor/htmx.js";
import { follow, keepFresh } from "./live.js";
import { showLink } from "./ui/live.js";
import { onKey } from "./ui/keys.js";
import { ahead, setClock, tick } from "./ui/timer.js";
import "./ui/clock.js";
import "./ui/dialog.js";
import "./ui/picks.js";
import { ringForNew } from "./ui/messages.js";

const GUARD = 400;

const page = () => document.getElementById("window");
let link = { state: "connecting", lastAt: null };
let busy = null;
let isOld = false;
let lastVerb = 0;

const isLost = () => link.state === "lost";

// What the browser knows and the server does not, put into a fragment that just came.
function settle() {
  setClock(page().dataset.now);
  tick();
  showLinkHere();
  forgetRegret();
  ringForNew(page());
}

// What can no longer be taken back is no longer offered.
function forgetRegret() {
  const regret = document.getElementById("regret");
  if (regret && Date.now() - ahead() > Date.parse(regret.dataset.until)) regret.hidden = true;
}

// The rota has something new to say at a moment that the page knows.
function lookAgain() {
  const { lookAt } = page().dataset;
  if (!lookAt || document.hidden || Date.now() - ahead() < Date.parse(lookAt)) return;
  delete page().dataset.lookAt;
  refresh();
}

// A dialog's verb is for the ticket that was at the counter when it opened.
document.addEventListener("opening", ({ target }) => {
  const { key, current } = page().dataset;
  for (const field of target.querySelectorAll("[data-fill-key]")) field.value = key;
  for (const field of target.querySelectorAll("[data-fill-current]")) field.value = current;
  for (const field of target.querySelectorAll("[name=text], [data-own-reason]")) field.value = "";
  for (const list of target.querySelectorAll("[data-fetched]")) {
    list.replaceChildren();
    htmx.trigger(list, "opened");
  }
});

function showLinkHere() {
  showLink(link.state, link.lastAt, page().dataset.zone);
  const said = document.getElementById("lost");
  if (said) said.hidden = !isLost();
  for (const button of page().querySelectorAll(isLost() ? "[data-code]:enabled" : "[data-code][data-held]")) {
    button.disabled = isLost();
    button.toggleAttribute("data-held", isLost());
  }
}

function refresh() {
  if (busy) isOld = true;
  else htmx.trigger("#refresh", "refresh");
}

// A second press within the guard, or while the first is under way, does nothing.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-verb]")) return;
  if (busy || isLost() || Date.now() - lastVerb < GUARD) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  lastVerb = Date.now();
}, true);

const isVerb = ({ detail }) => detail.ctx?.sourceElement.matches?.("[data-verb]");

// What a verb's answer says stays until the next verb: only then may it be replaced.
const said = () => document.getElementById("said");

document.addEventListener("htmx:before:request", (event) => {
  const { detail } = event;
  if (!isVerb(event)) return;
  busy = detail.ctx.sourceElement;
  busy.closest("dialog")?.close();
  said().removeAttribute("hx-morph-skip");
});

document.addEventListener("htmx:after:swap", settle);

// A form that the answer took away cannot tell the page that its request is over.
new MutationObserver(() => {
  if (!busy || busy.isConnected) return;
  settle();
  finish(true);
}).observe(document.body, { childList: true, subtree: true });

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  if (isVerb(event)) finish(ctx.status === "swapped" && ctx.response.status < 400);
});

function finish(isAnswered) {
  busy = null;
  lastVerb = Date.now();
  said()?.setAttribute("hx-morph-skip", "");
  if (!isAnswered) document.getElementById("failed").hidden = false;
  if (isOld || !isAnswered) setTimeout(refresh);
  isOld = false;
}

onKey((event) => {
  if (event.code === "Slash" && event.shiftKey) {
    document.getElementById("keys").showModal();
    return true;
  }
  if (event.shiftKey) return false;
  const verb = page().querySelector(`[data-code="${CSS.escape(event.code)}"]`);
  if (verb && !event.repeat && !verb.closest("[hidden]")) verb.click();
  return Boolean(verb);
});

// What is sent says so itself, and the live page shows it.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches?.("[data-sends]")) ctx.sourceElement.closest("dialog").close();
});

follow(page().dataset.topic, {
  changed: refresh,
  link(state, lastAt) {
    link = { state, lastAt };
    showLinkHere();
  },
});

keepFresh(refresh);
setInterval(forgetRegret, 1000);
setInterval(lookAgain, 1000);
settle();
