// A message that was not seen before rings once: browsers allow it after the first press on a page.
import { chime } from "../chime.js";

const Sound = window.AudioContext ?? window.webkitAudioContext;
const heard = new Set();
let context;

export function ringForNew(root) {
  const fresh = [...root.querySelectorAll("[data-message]")]
    .map((message) => message.dataset.message)
    .filter((id) => !heard.has(id));
  for (const id of fresh) heard.add(id);
  if (!fresh.length || !Sound) return;
  context ??= new Sound();
  context.resume?.();
  chime(context, context.destination, context.currentTime);
}
