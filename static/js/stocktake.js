// A scanner types a label and presses Enter; the field is ready for the next one.
import { onKey } from "./ui/keys.js";

const field = document.querySelector("[data-scan]");
const isMidway = location.hash || document.querySelector('[role="alert"]');
if (!isMidway) field.focus({ preventScroll: true });

onKey(({ code, shiftKey }) => {
  if (code !== "Slash" || shiftKey) return false;
  field.select();
  return true;
});
