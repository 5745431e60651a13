// Keys that do things: matched by their place (event.code), so that an input method does not
// matter; off while somebody types or a dialog is open; a held key counts once.

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

let isWalking = false;
document.addEventListener("keydown", ({ code }) => { if (code === "Tab") isWalking = true; }, true);
document.addEventListener("pointerdown", () => { isWalking = false; }, true);

export function onKey(handle) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    if (isForTheFocused(event)) return;
    if (handle(event)) event.preventDefault();
  });
}

// Who walks with Tab presses what they stand on; who clicked means the page's own key.
function isForTheFocused({ code, target }) {
  return code === "Space" && isWalking && Boolean(target.matches?.("a, button, summary, input"));
}
