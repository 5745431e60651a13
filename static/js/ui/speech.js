// Reads a part of the page aloud, where the browser has a voice for the page's language.

const keys = document.querySelectorAll("[data-speak]");
const lang = document.documentElement.lang.slice(0, 2);

function voice() {
  return speechSynthesis.getVoices().find((one) => one.lang.toLowerCase().startsWith(lang));
}

function offer() {
  for (const key of keys) key.hidden = !voice();
}

function quiet() {
  speechSynthesis.cancel();
  for (const key of keys) key.setAttribute("aria-pressed", "false");
}

function read(key) {
  const said = new SpeechSynthesisUtterance(document.querySelector(key.dataset.speak).innerText);
  said.voice = voice();
  said.lang = said.voice.lang;
  said.onend = quiet;
  quiet();
  key.setAttribute("aria-pressed", "true");
  speechSynthesis.speak(said);
}

if ("speechSynthesis" in window && keys.length) {
  speechSynthesis.addEventListener?.("voiceschanged", offer);
  offer();
  for (const key of keys) {
    key.addEventListener("click", () => {
      if (key.getAttribute("aria-pressed") === "true") quiet();
      else read(key);
    });
  }
  addEventListener("pagehide", quiet);
}
