// Keys that type into one field; the field hears "input" as from any other keyboard.

const keyboard = document.querySelector("[data-keyboard]");

if (keyboard) {
  const field = document.getElementById(keyboard.dataset.keyboard);

  function type(text) {
    const { value, selectionStart: from, selectionEnd: to } = field;
    if (field.maxLength > 0 && value.length - (to - from) + text.length > field.maxLength) return;
    field.setRangeText(text, from, to, "end");
  }

  function erase() {
    const { selectionStart: from, selectionEnd: to } = field;
    field.setRangeText("", from === to ? Math.max(0, from - 1) : from, to, "end");
  }

  // The field keeps the focus and its caret while keys are touched.
  keyboard.addEventListener("pointerdown", (event) => event.preventDefault());
  keyboard.addEventListener("click", ({ target }) => {
    const key = target.closest("button");
    if (!key) return;
    if (key.dataset.key) type(key.dataset.key);
    else if ("erase" in key.dataset) erase();
    else field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (document.activeElement === document.body) field.focus();
  });
}
