// A list to pick from by keyboard: typing narrows it down, arrows move the mark, Enter presses it.
// In a dialog of few choices a figure presses the choice that bears it.

const picksOf = (dialog) => [...dialog.querySelectorAll("[data-picks] .pick")].filter((pick) => !pick.closest("[hidden]"));

function mark(dialog, chosen) {
  for (const pick of dialog.querySelectorAll(".pick")) pick.toggleAttribute("data-marked", pick === chosen);
  chosen?.scrollIntoView({ block: "nearest" });
}

function narrow(dialog, typed) {
  const wanted = typed.trim().toLowerCase();
  for (const row of dialog.querySelectorAll("[data-picks]:not([data-fetched]) li, #people-list li")) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }
  mark(dialog, picksOf(dialog)[0]);
}

document.addEventListener("opening", ({ target }) => {
  const field = target.querySelector("[data-pick-field]");
  if (!field) return;
  field.value = "";
  narrow(target, "");
});

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-pick-field]")) narrow(target.closest("dialog"), target.value);
  if (target.matches("[data-own-reason]")) {
    target.closest("form").querySelector("[data-own-go]").value = target.value;
  }
});

document.addEventListener("htmx:after:swap", () => {
  const dialog = document.querySelector("dialog[open]:has([data-fetched])");
  if (dialog) narrow(dialog, dialog.querySelector("[data-pick-field]").value);
});

document.addEventListener("keydown", (event) => {
  const dialog = event.target.closest?.("dialog[open]");
  if (!dialog || event.isComposing) return;
  if (event.target.matches("[data-pick-field]")) steer(dialog, event);
  else if (event.target.matches("[data-own-reason]") && event.key === "Enter") {
    event.preventDefault();
    dialog.querySelector("[data-own-go]").click();
  } else if (!event.target.matches("input, select") && !event.repeat) {
    dialog.querySelector(`[data-figure="${CSS.escape(event.key)}"]`)?.click();
  }
});

function steer(dialog, event) {
  const picks = picksOf(dialog);
  const place = picks.findIndex((pick) => pick.hasAttribute("data-marked"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(dialog, picks[(place + step + picks.length) % picks.length]);
  else if (event.key === "Enter") picks[place]?.click();
  else return;
  event.preventDefault();
}
