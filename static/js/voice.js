// Speaks calls from pieces of sound, one after the other; before each call a chime.
//
// Nothing is said in a language of which a piece is missing: half a sentence misleads. Without any
// piece there is the chime; where the browser allows no sound before a touch, `state` says so.

import { CHIME_SECONDS, chime } from "./chime.js";

const PIECE_GAP = 0.02;
const SENTENCE_GAP = 0.5;
const MERCY_MS = 400; // what a clock may be late

export class Voice {
  #context = "AudioContext" in window ? new AudioContext() : null;
  #loud = this.#context?.createGain();
  #sounds = new Map();
  #playing = new Set();
  #stopped = () => {};

  /** @param {(state: "on" | "blocked" | "none") => void} tell */
  constructor(tell = () => {}) {
    this.tell = tell;
    if (!this.#context) return;
    this.#loud.connect(this.#context.destination);
    this.#context.addEventListener("statechange", () => tell(this.state));
    for (const touch of ["pointerdown", "keydown", "touchend"]) {
      document.addEventListener(touch, () => this.unlock(), { passive: true });
    }
    this.unlock();
  }

  get state() {
    if (!this.#context) return "none";
    return this.#context.state === "running" ? "on" : "blocked";
  }

  /** Ask the browser for sound; it gives it at once, or after a touch. */
  unlock() {
    if (this.#context?.state === "suspended") this.#context.resume().catch(() => {});
  }

  /** Fetch pieces before they are needed, so that the server may be away later. */
  prepare(urls) {
    for (const url of urls) this.#load(url);
  }

  /**
   * Chime, then speak the sentences, each a list of addresses; resolves when all was said.
   * @param {(string | undefined)[][]} sentences one with a missing piece is left out
   * @param {number} volume 0 to 100
   */
  async say(sentences, volume = 100) {
    if (this.state !== "on" || volume <= 0) return;
    const spoken = [];
    for (const sentence of sentences) {
      const sounds = await Promise.all(sentence.map((url) => (url ? this.#load(url) : null)));
      if (sounds.length && sounds.every(Boolean)) spoken.push(sounds);
    }
    if (this.state !== "on") return;
    this.#loud.gain.value = volume / 100;
    const start = this.#context.currentTime + 0.05;
    for (const tone of chime(this.#context, this.#loud, start)) this.#keep(tone);
    let at = start + CHIME_SECONDS;
    for (const sounds of spoken) {
      for (const sound of sounds) {
        this.#play(sound, at);
        at += sound.duration + PIECE_GAP;
      }
      at += SENTENCE_GAP;
    }
    await this.#wait((at - start) * 1000 + MERCY_MS);
  }

  /** Fall silent at once: what was being said is too old. */
  stop() {
    for (const source of this.#playing) source.stop();
    this.#playing.clear();
    this.#stopped();
  }

  // By the machine's own clock: where no loudspeaker is, the sound's clock stands still.
  #wait(milliseconds) {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      this.#stopped = () => { clearTimeout(timer); done(); };
    });
  }

  #load(url) {
    if (!this.#context) return null;
    if (!this.#sounds.has(url)) {
      const sound = fetch(url)
        .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(answer.status))))
        .then((bytes) => this.#context.decodeAudioData(bytes))
        .catch(() => { this.#sounds.delete(url); return null; });
      this.#sounds.set(url, sound);
    }
    return this.#sounds.get(url);
  }

  #play(sound, at) {
    const source = this.#context.createBufferSource();
    source.buffer = sound;
    source.connect(this.#loud);
    this.#keep(source);
    source.start(at);
  }

  #keep(source) {
    source.onended = () => this.#playing.delete(source);
    this.#playing.add(source);
  }
}

/** The sentences that call a number, one in each language: its pieces' addresses, in order. */
export function sentencesOf({ number, counter }, voice, base) {
  return voice.map(({ language, before, between, counters, pieces }) => {
    const names = [...before, ...number.toLowerCase(), ...between, ...(counters[counter] ?? [null])];
    return names.map((name) => (pieces[name] ? addressOf(base, language, name, pieces) : undefined));
  });
}

/** The addresses of all pieces that a board may need. */
export function piecesOf(voice, base) {
  return voice.flatMap(({ language, pieces }) => (
    Object.keys(pieces).map((name) => addressOf(base, language, name, pieces))
  ));
}

function addressOf(base, language, name, pieces) {
  return `${base}/${language}/${name}?v=${pieces[name]}`;
}
