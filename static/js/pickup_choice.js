// The choice stands above as a sentence, and changes with each touch.
import { write } from "./ui/text.js";

const form = document.querySelector("[data-choice]");

function show() {
  const chosen = form.querySelector("input[name=slot]:checked");
  const isAgreed = form.querySelector("[data-consent]").checked;
  form.dataset.agreed = isAgreed ? "yes" : "no";
  if (!chosen) return;
  write(document, "time", chosen.dataset.time);
  write(document, "start", chosen.dataset.start);
}

form?.addEventListener("change", show);
if (form) show();
