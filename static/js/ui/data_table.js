// Rows that are walked and chosen by keys: J and K walk, X chooses, Shift X up to here.
import { onKey } from "./keys.js";
import { write } from "./text.js";

const rows = () => [...document.querySelectorAll("[data-select-row]")];
let last = null;

function update() {
  const all = rows();
  const chosen = all.filter((box) => box.checked).length;
  const bar = document.querySelector("[data-bulk]");
  const head = document.querySelector("[data-select-all]");
  if (!bar || !head) return;
  bar.hidden = chosen === 0;
  write(bar, "chosen", chosen);
  head.checked = chosen > 0 && chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
}

function chooseNone() {
  for (const box of rows()) box.checked = false;
  update();
}

function chooseTo(box) {
  const all = rows();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  for (const between of all.slice(Math.max(from, 0), to + 1)) between.checked = true;
}

function walk(step) {
  const all = rows();
  const current = document.querySelector("tr[data-current]");
  const at = all.findIndex((box) => box.closest("tr") === current);
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)]?.closest("tr");
  current?.removeAttribute("data-current");
  next?.setAttribute("data-current", "");
  next?.scrollIntoView({ block: "nearest" });
  next?.querySelector("[data-select-row]").focus({ preventScroll: true });
}

function toggle(isRange) {
  const box = document.querySelector("tr[data-current] [data-select-row]");
  if (!box) return;
  if (isRange && last) chooseTo(box);
  else box.checked = !box.checked;
  last = box;
  update();
}

// Enter opens the row one stands on, where it leads somewhere.
function open() {
  const link = document.activeElement?.matches("[data-select-row]")
    && document.querySelector("tr[data-current] .row-open");
  if (link) link.click();
  return Boolean(link);
}

onKey(({ code, shiftKey }) => {
  if (code === "KeyJ") walk(1);
  else if (code === "KeyK") walk(-1);
  else if (code === "KeyX") toggle(shiftKey);
  else if (code === "Escape") chooseNone();
  else if (code === "Enter") return open();
  else return false;
  return true;
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-select-all]")) for (const box of rows()) box.checked = target.checked;
  else if (target.matches("[data-select-row]")) last = target;
  else return;
  update();
});

document.addEventListener("click", ({ target, shiftKey }) => {
  if (target.closest("[data-choose-none]")) chooseNone();
  else if (shiftKey && last && target.matches("[data-select-row]")) chooseTo(target);
});

document.addEventListener("htmx:after:swap", update);
update();
