// A button with data-opens="<id>" opens a dialog; one with data-closes closes the one it stands in.
// The dialog hears "opening" first, so that a page can fill it.
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    dialog.dispatchEvent(new Event("opening", { bubbles: true }));
    dialog.showModal();
  }
  const closer = target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
});
