// The voice's page: listen to one piece, or to a whole call as the board speaks it.
import { sentencesOf, Voice } from "./voice.js";

const voice = new Voice();

document.addEventListener("click", ({ target }) => {
  const key = target.closest("[data-listen]");
  if (key) new Audio(key.dataset.listen).play().catch(() => {});
});

const form = document.querySelector("[data-try]");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { number, counter } = form.elements;
  const answer = await fetch(form.dataset.try).catch(() => null);
  if (!answer?.ok) return;
  const screen = await answer.json();
  voice.stop();
  await voice.say(sentencesOf({ number: number.value, counter: counter.value }, screen.voice, form.dataset.pieces));
});
