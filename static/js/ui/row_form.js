// The button of a row's form wakes up once something in its row was changed.

for (const form of document.querySelectorAll("[data-row-form]")) {
  const button = form.querySelector("button");
  const fields = [...form.elements].filter((field) => field.name && field.type !== "hidden");
  const isChanged = (field) => (field.type === "checkbox"
    ? field.checked !== field.defaultChecked
    : field.options
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.value !== field.defaultValue);
  const look = () => { button.disabled = !fields.some(isChanged); };
  for (const field of fields) field.addEventListener("input", look);
  look();
}
