// Nobody touches the kiosk: ask, count down, then end the visit for them.
import { write } from "./text.js";

const dialog = document.getElementById("idle");
const root = document.documentElement;
let asking;
let counting;

function seconds(name) {
  return Number(dialog.dataset[root.dataset.size === "big" ? `${name}Big` : name]);
}

// The home page of a fresh visit has nothing to clear: let it be.
function hasNothingToClear() {
  return Boolean(document.querySelector("[data-home]"))
    && root.lang.startsWith("zh") && !root.dataset.size && !root.dataset.reach;
}

function wait() {
  clearTimeout(asking);
  asking = setTimeout(ask, seconds("idle") * 1000);
}

function ask() {
  if (hasNothingToClear()) return wait();
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  const total = seconds("warn");
  const ends = Date.now() + total * 1000;
  dialog.querySelector("[data-ten]").hidden = true;
  show(total, total);
  dialog.showModal();
  dialog.querySelector("[data-stay]").focus();
  counting = setInterval(() => {
    const left = Math.ceil((ends - Date.now()) / 1000);
    if (left > 0) return show(left, total);
    clearInterval(counting);
    dialog.querySelector("[data-end]").requestSubmit();
  }, 1000);
}

function show(left, total) {
  write(dialog, "seconds", left);
  dialog.querySelector(".idle-left").style.setProperty("--left", String((left / total) * 100));
  if (left === 10) dialog.querySelector("[data-ten]").hidden = false;
}

function stay() {
  clearInterval(counting);
  if (dialog.open) dialog.close();
  wait();
}

if (dialog) {
  for (const sign of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(sign, () => dialog.open || wait(), { capture: true, passive: true });
  }
  dialog.addEventListener("close", stay);
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  wait();
}
