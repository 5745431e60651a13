// A button with data-opens="<id>" opens a dialog; one with data-closes closes the one it stands in.
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  const closer = target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
});
