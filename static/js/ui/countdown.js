// The page goes home by itself; a touch starts the time again, and "countdown" sets a longer one.
import { write } from "./text.js";

const box = document.querySelector("[data-countdown]");

function start() {
  let total = Number(box.dataset.countdown);
  const bar = box.querySelector("progress");
  let ends = Date.now() + total * 1000;

  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    write(box, "seconds", left);
    bar.value = left;
    if (left > 0) return;
    clearInterval(timer);
    document.querySelector("[data-end]").requestSubmit();
  }, 1000);

  document.addEventListener("countdown", ({ detail }) => {
    total = bar.max = detail;
    ends = Date.now() + total * 1000;
  });
  for (const sign of ["pointerdown", "keydown"]) {
    document.addEventListener(sign, () => { ends = Date.now() + total * 1000; });
  }
}

if (box) start();
