// Keys that do things: matched by their place (event.code), so that an input method does not
// matter; off while somebody types or a dialog is open; a held key counts once.

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export function onKey(handle) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    if (isForTheFocused(event)) return;
    if (handle(event)) event.preventDefault();
  });
}

// Somebody walks with Tab: space and Enter belong to what they stand on.
function isForTheFocused({ code, target }) {
  return (code === "Space" || code === "Enter") && Boolean(target.matches?.(":is(a, button, summary, input):focus-visible"));
}
