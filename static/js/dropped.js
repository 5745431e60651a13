// A mistaken drop can be taken back for some seconds.
import { write } from "./ui/text.js";

const box = document.querySelector("[data-undo]");
const ends = Date.now() + Number(box.dataset.undo) * 1000;

const timer = setInterval(() => {
  const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
  write(box, "seconds", left);
  if (left > 0) return;
  clearInterval(timer);
  box.hidden = true;
}, 1000);
