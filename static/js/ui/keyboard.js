// Keys that type into one field; the field hears "input" as from any other keyboard.
import { Keyboard } from "../../vendor/simple-keyboard.js";
import { candidates, prepared } from "./candidates.js";

const LAST = "{mode} {space} {search}";
const LAYOUT = {
  letters: ["q w e r t y u i o p", "a s d f g h j k l", "{clear} z x c v b n m {erase}", `{figures} ${LAST}`],
  figures: ["1 2 3 4 5", "6 7 8 9 0", "{clear} - / . {erase}", `{letters} ${LAST}`],
};
const HOLD_MS = 450;
const REPEAT_MS = 90;

export async function openKeyboard(keyboard) {
  const field = document.getElementById(keyboard.dataset.keyboard);
  const bar = keyboard.querySelector("[data-candidates]");
  const more = keyboard.querySelector("[data-more]");
  const keys = keyboard.querySelector(".keyboard-keys");
  let words = [];
  let holding;

  function replace(text, from, to) {
    const { value } = field;
    if (field.maxLength > 0 && value.length - (to - from) + text.length > field.maxLength) return;
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus({ preventScroll: true });
    // A long question is read at its end, where one types.
    field.scrollLeft = field.scrollWidth;
  }

  function type(text) {
    replace(text, field.selectionStart, field.selectionEnd);
  }

  function erase() {
    const { selectionStart: from, selectionEnd: to } = field;
    replace("", from === to ? Math.max(0, from - 1) : from, to);
  }

  /** The letters before the caret that are not a word yet. */
  function begun() {
    if (keyboard.dataset.mode !== "zh") return "";
    return field.value.slice(0, field.selectionStart).match(/[a-z']+$/i)?.[0] ?? "";
  }

  function choose(word) {
    const to = field.selectionStart;
    replace(word, to - begun().length, to);
  }

  function offer() {
    const found = candidates(words, begun());
    bar.replaceChildren(...found.map((word) => {
      const key = document.createElement("button");
      Object.assign(key, { type: "button", className: "keyboard-word", textContent: word, lang: "zh-Hans" });
      key.addEventListener("click", () => choose(word));
      return key;
    }));
    bar.scrollTop = 0;
    more.hidden = bar.scrollHeight <= bar.clientHeight + 1;
  }

  function turn() {
    const isLast = bar.scrollTop + bar.clientHeight >= bar.scrollHeight - 1;
    bar.scrollTop = isLast ? 0 : bar.scrollTop + bar.clientHeight;
  }

  function space() {
    const first = begun() && bar.firstElementChild?.textContent;
    if (first) choose(first);
    else type(" ");
  }

  const verbs = {
    "{erase}": erase,
    "{clear}": () => replace("", 0, field.value.length),
    "{space}": space,
    "{search}": () => field.form.requestSubmit(),
    "{figures}": () => board.setOptions({ layoutName: "figures" }),
    "{letters}": () => board.setOptions({ layoutName: "letters" }),
    "{mode}": () => {
      keyboard.dataset.mode = keyboard.dataset.mode === "zh" ? "en" : "zh";
      offer();
    },
  };

  function stopHolding() {
    clearInterval(holding);
    clearTimeout(holding);
  }

  const labels = keyboard.querySelector("[data-labels]").content.querySelectorAll("[data-key]");
  const board = new Keyboard(keys, {
    layout: LAYOUT,
    layoutName: "letters",
    theme: "keyboard-keys",
    display: Object.fromEntries([...labels].map((label) => [label.dataset.key, label.innerHTML])),
    mergeDisplay: true,
    useButtonTag: true,
    disableButtonHold: true, // a hand that rests on a letter means it once
    disableCaretPositioning: true,
    physicalKeyboardHighlight: false,
    preventMouseDownDefault: true,
    onKeyPress(key) {
      (verbs[key] ?? (() => type(key)))();
      stopHolding();
      if (key === "{erase}") holding = setTimeout(() => { holding = setInterval(erase, REPEAT_MS); }, HOLD_MS);
    },
    onKeyReleased: stopHolding,
  });

  // The field keeps the focus and its caret while words are touched.
  keyboard.addEventListener("pointerdown", (event) => event.preventDefault());
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, stopHolding);
  more.addEventListener("click", turn);
  field.addEventListener("input", offer);

  const answer = await fetch(keyboard.dataset.words).catch(() => null);
  if (!answer?.ok) return;
  words = prepared((await answer.json()).words);
  offer();
}
