// The station's notices, one at a time: the next comes after eight seconds or with a swipe. Who
// swiped or put the focus there reads in peace: it turns no more by itself. Nor does it for who
// wants no motion.
import { write } from "./text.js";

const TURN = 8_000;
const SWIPE = 40; // px
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class NoticeStrip {
  #at = 0;
  #from = null;
  #isSwiped = false;
  #isRead = false;

  constructor(place) {
    this.place = place;
    this.ahead = Date.now() - Date.parse(place.dataset.now); // of the server's clock
    place.addEventListener("pointerdown", ({ clientX }) => { this.#from = clientX; });
    place.addEventListener("pointerup", (event) => this.#swipe(event));
    place.addEventListener("click", (event) => { if (this.#isSwiped) event.preventDefault(); }, true);
    place.addEventListener("focusin", () => { this.#isRead = true; });
    setInterval(() => { if (!this.#isRead && !still.matches) this.#turn(1); }, TURN);
    setInterval(() => this.show(), 1000);
    this.show();
  }

  /** Show what the page says now, where notices changed since it was read. */
  async renew(screen) {
    if (String(screen) === this.place.dataset.screen) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-notice-place]");
    if (!fresh) return;
    this.place.dataset.screen = fresh.dataset.screen;
    this.place.replaceChildren(...fresh.childNodes);
    this.show();
  }

  show() {
    const now = Date.now() - this.ahead;
    const all = [...this.place.querySelectorAll("[data-notice]")];
    const standing = all.filter(({ dataset: { starts, ends } }) => (
      Date.parse(starts) <= now && (!ends || Date.parse(ends) > now)
    ));
    const shown = standing[this.#at % standing.length];
    for (const notice of all) {
      const state = notice === shown ? "shown" : standing.includes(notice) ? "waiting" : "away";
      if (notice.dataset.notice !== state) notice.dataset.notice = state;
    }
    const strip = this.place.querySelector(".notice-strip");
    if (!strip) return;
    strip.hidden = !shown;
    strip.querySelector(".notice-strip-count").hidden = standing.length < 2;
    write(strip, "place", standing.indexOf(shown) + 1);
    write(strip, "total", standing.length);
  }

  #turn(step) {
    const many = this.place.querySelectorAll('[data-notice]:not([data-notice="away"])').length || 1;
    this.#at = (this.#at + step + many) % many;
    this.show();
  }

  #swipe({ clientX }) {
    const way = clientX - (this.#from ?? clientX);
    this.#isSwiped = Math.abs(way) > SWIPE;
    if (!this.#isSwiped) return;
    this.#isRead = true;
    this.#turn(way < 0 ? 1 : -1);
  }
}
