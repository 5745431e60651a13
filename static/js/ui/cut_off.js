// A kiosk that lost the network stays on the page it shows: behind a link there would be the
// browser's own page, and nobody here could leave it. Whoever touches something reads what to do;
// an ended visit is ended as soon as the network is back.

const ASK_EVERY = 10_000;
const PATIENCE = 8_000;

const dialog = document.getElementById("cut-off");
let isCut = false;
let isEnding = false;

async function ask() {
  const signal = AbortSignal.timeout?.(PATIENCE);
  const answer = await fetch("/healthz", { cache: "no-store", signal }).catch(() => null);
  isCut = !answer;
  if (isCut) return;
  if (dialog.open) dialog.close();
  if (isEnding) document.querySelector("[data-end]").requestSubmit();
}

function hold(event) {
  if (!isCut) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!dialog.open) dialog.showModal();
  ask();
}

if (dialog) {
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href]")) hold(event);
  }, true);
  document.addEventListener("submit", (event) => {
    isEnding = isCut && event.target.matches("[data-end]");
    hold(event);
  }, true);
  for (const change of ["offline", "online"]) addEventListener(change, ask);
  setInterval(ask, ASK_EVERY);
}
