// Cells are one stop for Tab; arrows walk them as they lie on the page, Home and End to the ends.

const cells = () => [...document.querySelectorAll("[data-cells] [data-cell]")];

const middle = (cell) => {
  const box = cell.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

// The nearest cell of the next row up or down.
function across(all, from, step) {
  const at = middle(from);
  const beyond = all.map((cell) => ({ cell, ...middle(cell) })).filter(({ y }) => (y - at.y) * step > 4);
  const row = Math.min(...beyond.map(({ y }) => (y - at.y) * step));
  const near = beyond.filter(({ y }) => (y - at.y) * step < row + 4);
  near.sort((a, b) => Math.abs(a.x - at.x) - Math.abs(b.x - at.x));
  return near[0]?.cell;
}

const STEPS = {
  ArrowRight: (all, at) => all[all.indexOf(at) + 1],
  ArrowLeft: (all, at) => all[all.indexOf(at) - 1],
  ArrowDown: (all, at) => across(all, at, 1),
  ArrowUp: (all, at) => across(all, at, -1),
  Home: (all) => all[0],
  End: (all) => all.at(-1),
};

function rove(chosen) {
  for (const cell of cells()) cell.tabIndex = cell === chosen ? 0 : -1;
}

export function walkCells() {
  let last = null;
  const start = () => rove(cells().find((cell) => cell.dataset.cell === last) ?? cells()[0]);
  document.addEventListener("htmx:after:swap", start);
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches("[data-cells] [data-cell]")) return;
    last = target.dataset.cell;
    rove(target);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-cells] [data-cell]")) return;
    const next = STEPS[event.key]?.(cells(), event.target);
    if (!next) return;
    next.focus();
    event.preventDefault();
  });
  start();
}
