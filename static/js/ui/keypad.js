// A keypad types into its field, and sends the form once so many digits stand there.
for (const pad of document.querySelectorAll("[data-keypad]")) {
  const field = pad.querySelector("input");
  const wanted = Number(pad.dataset.submitAt ?? 0);

  const write = (text) => {
    field.value = text;
    if (wanted && text.length === wanted) field.form.requestSubmit();
  };

  pad.addEventListener("click", ({ target }) => {
    const key = target.closest("button");
    if (!key) return;
    if (key.dataset.digit) write(field.value + key.dataset.digit);
    else if ("erase" in key.dataset) write(field.value.slice(0, -1));
    else write("");
  });
}
