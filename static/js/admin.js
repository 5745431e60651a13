// What staff pages share: forms that send themselves, rows that are saved, secrets that are copied.
import "./ui/dialog.js";
import "./ui/row_form.js";

document.documentElement.dataset.scripted = "";

document.addEventListener("change", ({ target }) => {
  if (target.form?.matches("[data-auto]")) target.form.requestSubmit();
});

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-upper]")) target.value = target.value.toUpperCase();
});

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.querySelector('[data-when="before"]').hidden = true;
    button.querySelector('[data-when="after"]').hidden = false;
  });
}

document.addEventListener("click", ({ target }) => {
  const menu = document.querySelector("details.account[open]");
  if (menu && !menu.contains(target)) menu.open = false;
});
