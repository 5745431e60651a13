// Rings and buzzes for whoever waits, once they have touched the key: browsers make no sound and no
// move for a page that nobody has touched. While it is on, the phone's screen stays on. Every part
// is used only where the browser has it; the one inside WeChat on an iPhone knows no vibration.
import { CHIME_SECONDS, chime } from "./chime.js";

const BUZZ = [400, 200, 400];
const AGAIN_MS = 2_000;
const Sound = window.AudioContext ?? window.webkitAudioContext;

export class Bell {
  #context;
  #lock;
  #timers = [];
  #isWaiting = true;

  constructor(root, memory) {
    this.place = root.querySelector("[data-bell]");
    this.memory = memory;
    if (!Sound && !navigator.vibrate) return;
    this.place.dataset.bell = "off";
    root.querySelector("[data-bell-key]").addEventListener("click", () => this.#turnOn(true));
    document.addEventListener("visibilitychange", () => this.#stayAwake());
    document.addEventListener("pointerdown", () => this.hush());
    // Who had it on and reloaded has it on again with their next touch, wherever that is.
    if (sessionStorage.getItem(memory)) {
      document.addEventListener("click", () => this.#turnOn(false), { once: true });
    }
  }

  get isOn() {
    return this.place.dataset.bell === "on";
  }

  #turnOn(isAsked) {
    if (this.isOn) return;
    if (Sound) {
      this.#context = new Sound();
      this.#context.resume?.();
    }
    this.place.dataset.bell = "on";
    sessionStorage.setItem(this.memory, "on");
    if (isAsked) this.ring(1); // so that they know how it sounds
    this.#stayAwake();
  }

  /** Ring and buzz this many times. */
  ring(times) {
    if (!this.isOn) return;
    this.hush();
    for (let time = 0; time < times; time += 1) {
      this.#timers.push(setTimeout(() => this.#ringOnce(), time * AGAIN_MS));
    }
  }

  #ringOnce() {
    navigator.vibrate?.(BUZZ);
    if (!this.#context) return;
    this.#context.resume?.(); // a call on the phone, or a locked screen, had paused it
    chime(this.#context, this.#context.destination, this.#context.currentTime + CHIME_SECONDS / 20);
  }

  /** Stop what is still to ring. */
  hush() {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }

  /** While somebody waits or is called the screen stays on; then it falls silent and may go dark. */
  wait(isWaiting) {
    this.#isWaiting = isWaiting;
    if (!isWaiting) this.hush();
    this.#stayAwake();
  }

  // The browser takes the lock back whenever the page is hidden.
  async #stayAwake() {
    const isNeeded = this.isOn && this.#isWaiting && !document.hidden;
    if (isNeeded === Boolean(this.#lock && !this.#lock.released)) return;
    if (isNeeded) this.#lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
    else await this.#lock.release().catch(() => {});
  }
}
