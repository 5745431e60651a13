// The form of a guide: rows are added, moved and removed in place, and nothing is left unsaved unseen.
const form = document.querySelector("[data-guide-form]");
const isRow = (button) => button.dataset.rowVerb !== "add";
let added = 0;
let isChanged = false;

function number(list) {
  [...list.children].forEach((row, at) => { row.querySelector("[data-number]").textContent = at + 1; });
}

function setChanged(changed) {
  isChanged = changed;
  for (const [name, hidden] of [["saved", changed], ["changed", !changed]]) {
    for (const line of form.querySelectorAll(`[data-when-${name}]`)) line.hidden = hidden;
  }
}

// A new row gets a name that no other has: rows stand in the order in which they are sent.
function add(name) {
  const list = form.querySelector(`[data-rows-of="${CSS.escape(name)}"]`);
  const blank = form.querySelector(`[data-blank="${CSS.escape(name)}"]`);
  const markup = blank.innerHTML.replaceAll("ROW", `n${(added += 1)}`);
  list.insertAdjacentHTML("beforeend", markup);
  number(list);
  list.lastElementChild.querySelector("input, textarea").focus();
}

function move(row, verb) {
  const list = row.parentElement;
  if (verb === "up") row.previousElementSibling?.before(row);
  else if (verb === "down") row.nextElementSibling?.after(row);
  else {
    (row.nextElementSibling ?? row.previousElementSibling ?? list.parentElement.querySelector("[data-row-verb=add]"))
      ?.querySelector?.("input, textarea")?.focus();
    row.remove();
  }
  number(list);
}

form?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-row-verb]");
  if (!button) return;
  event.preventDefault();
  if (isRow(button)) {
    move(button.closest("[data-row]"), button.dataset.rowVerb);
    if (button.isConnected) button.focus();
  } else add(button.dataset.rows);
  setChanged(true);
});

form?.addEventListener("input", () => setChanged(true));
form?.addEventListener("submit", () => { isChanged = false; });

addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });

addEventListener("keydown", (event) => {
  if (event.code !== "KeyS" || !(event.ctrlKey || event.metaKey) || !form) return;
  event.preventDefault();
  form.requestSubmit();
});
