// A falling third, drawn by the browser itself: no file that could be missing.

const TONES = [[880, 0], [659.25, 0.32]]; // hertz, and when it begins
const FADES = 0.75;

export const CHIME_SECONDS = 1.1;

/** Chime at a moment of the context's clock; returns what sounds, so that it can be stopped. */
export function chime(context, output, at) {
  return TONES.map(([frequency, later]) => {
    const tone = context.createOscillator();
    const fade = context.createGain();
    tone.frequency.value = frequency;
    fade.gain.setValueAtTime(0.0001, at + later);
    fade.gain.exponentialRampToValueAtTime(0.6, at + later + 0.02);
    fade.gain.exponentialRampToValueAtTime(0.0001, at + later + FADES);
    tone.connect(fade);
    fade.connect(output);
    tone.start(at + later);
    tone.stop(at + later + FADES);
    return tone;
  });
}
