// Where a kiosk's page goes on below its edge, a button says so and goes there.

const ENOUGH = 24; // px that may be missing without anybody missing them
const STEP = 0.75; // of what is visible

const button = document.querySelector("[data-more-below]");
const panes = [...document.querySelectorAll(".frame-main, .frame-touch, .guide-panel")];

function isCutOff(pane) {
  if (!["auto", "scroll"].includes(getComputedStyle(pane).overflowY)) return false;
  return pane.scrollHeight - pane.clientHeight - pane.scrollTop > ENOUGH;
}

function show() {
  const pane = panes.find(isCutOff);
  button.hidden = !pane;
  if (pane && button.parentElement !== pane) pane.append(button);
}

button?.addEventListener("click", () => {
  const pane = button.parentElement;
  pane.scrollBy({ top: pane.clientHeight * STEP });
});

if (button) {
  const sizes = new ResizeObserver(show);
  for (const pane of panes) {
    pane.addEventListener("scroll", show, { passive: true });
    sizes.observe(pane);
    for (const part of pane.children) sizes.observe(part);
  }
}
