// Results change while one types: the same page is fetched, and its list put in place.

const PAUSE_MS = 120;
// Whoever waits longer is told that something happens.
const PATIENCE_MS = 300;
// A question that stood so long was meant.
const SETTLED_MS = 2_000;

const form = document.querySelector("[data-search]");
const field = form.elements.q;
const { searched, token } = document.querySelector("[data-searched]").dataset;
let asked = 0;
let pause;
let settled = { question: field.value.trim(), since: Date.now() };

/** Tell the station what was asked, without anything about who asked. */
function tell(opened = "") {
  const { question, since } = settled;
  settled = { question: "", since: Date.now() };
  if (!question || (!opened && Date.now() - since < SETTLED_MS)) return;
  const words = new FormData();
  words.append("q", question);
  words.append("opened", opened);
  words.append("csrf_token", token);
  navigator.sendBeacon(searched, words);
}

function showWaiting(isWaiting) {
  document.querySelector("[data-waits]").hidden = !isWaiting;
  document.querySelector("[data-hint]").hidden = isWaiting;
  document.getElementById("found").setAttribute("aria-busy", isWaiting);
}

async function find() {
  const turn = ++asked;
  const impatience = setTimeout(() => showWaiting(turn === asked), PATIENCE_MS);
  try {
    await findIn(turn);
  } finally {
    clearTimeout(impatience);
    if (turn === asked) showWaiting(false);
  }
}

async function findIn(turn) {
  const address = new URL(form.action);
  address.search = new URLSearchParams({ q: field.value.trim() });
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("found");
  if (turn !== asked || !found) return;
  document.getElementById("found").replaceChildren(...found.childNodes);
  history.replaceState(null, "", address);
  settled = { question: field.value.trim(), since: Date.now() };
}

function findSoon(after) {
  clearTimeout(pause);
  tell();
  pause = setTimeout(find, after);
}

field.addEventListener("input", (event) => {
  // A Chinese input method is still choosing.
  if (!event.isComposing) findSoon(PAUSE_MS);
});
field.addEventListener("compositionend", () => findSoon(0));
document.getElementById("found").addEventListener("click", ({ target }) => {
  const { code } = target.closest("[data-code]")?.dataset ?? {};
  if (code) tell(code);
});
addEventListener("pagehide", () => tell());
form.addEventListener("submit", () => setTimeout(showWaiting, PATIENCE_MS, true));
addEventListener("pageshow", () => showWaiting(false));
field.setSelectionRange(field.value.length, field.value.length);

const keyboard = document.querySelector("[data-keyboard]");
if (keyboard) {
  const { openKeyboard } = await import("./ui/keyboard.js");
  await openKeyboard(keyboard);
}
