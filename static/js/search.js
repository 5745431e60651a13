// Results change while one types: the same page is fetched, and its list put in place.
import "./ui/keyboard.js";

const form = document.querySelector("[data-search]");
const field = form.elements.q;
let asked = 0;
let pause;

async function find() {
  const turn = ++asked;
  const address = new URL(form.action);
  address.search = new URLSearchParams({ q: field.value.trim() });
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("found");
  if (turn !== asked || !found) return;
  document.getElementById("found").replaceChildren(...found.childNodes);
  history.replaceState(null, "", address);
}

field.addEventListener("input", (event) => {
  if (event.isComposing) return; // a Chinese input method is still choosing
  clearTimeout(pause);
  pause = setTimeout(find, 120);
});
field.addEventListener("compositionend", () => { pause = setTimeout(find, 0); });
field.setSelectionRange(field.value.length, field.value.length);
