// A checklist: what is ticked is kept on this phone, and nowhere else.
import { write } from "./ui/text.js";

const list = document.querySelector("[data-checklist]");
const name = `checklist:${list.dataset.checklist}`;
const boxes = [...list.querySelectorAll("[data-tick]")];
const more = document.querySelector("[data-with-script]");
const share = document.querySelector("[data-share]");

function kept() {
  try {
    return new Set(JSON.parse(localStorage.getItem(name) ?? "[]"));
  } catch {
    return new Set();
  }
}

function keep() {
  const ticked = boxes.filter((box) => box.checked).map((box) => box.dataset.tick);
  try {
    localStorage.setItem(name, JSON.stringify(ticked));
  } catch {
    // A browser that keeps nothing: the boxes work until the page is closed.
  }
  show();
}

function show() {
  const ready = boxes.filter((box) => box.checked).length;
  write(list, "ready", ready);
  const words = list.querySelector("[data-ready]");
  if (words) words.hidden = ready === 0;
}

function restore() {
  const ticked = kept();
  for (const box of boxes) box.checked = ticked.has(box.dataset.tick);
  show();
}

for (const box of boxes) box.addEventListener("change", keep);
addEventListener("pageshow", restore);
restore();

more.hidden = false;
share.hidden = !navigator.share;
share.addEventListener("click", () => {
  const { origin, pathname } = location;
  navigator.share({ title: document.title, url: origin + pathname }).catch(() => {});
});
document.querySelector("[data-print]").addEventListener("click", () => print());
