// The station's notices on its board: those whose time it is, one after the other where there is
// room for one, all of them where there is a list.

const TURN = 10_000;
const LONG = 40; // characters; more are set smaller

export class Notices {
  #all = [];
  #at = 0;
  #turnedAt = Date.now();
  #isCrowded = false;
  #shown = "";
  #ahead = 0; // of the server's clock

  constructor(root) {
    this.root = root;
    this.line = root.querySelector("[data-notice]");
    this.list = root.querySelector("[data-notices]");
    this.row = root.querySelector("[data-notice-row]");
  }

  use(notices, at) {
    this.#all = notices;
    this.#ahead = Date.now() - Date.parse(at);
    this.tick();
  }

  tick() {
    const now = Date.now() - this.#ahead;
    const standing = this.#all.filter(({ starts_at: starts, ends_at: ends }) => (
      Date.parse(starts) <= now && (!ends || Date.parse(ends) > now)
    ));
    if (Date.now() - this.#turnedAt >= TURN) {
      this.#at += 1;
      this.#turnedAt = Date.now();
    }
    this.root.dataset.standing = standing.length ? "some" : "none";
    if (standing.length) {
      const notice = standing[this.#at % standing.length];
      this.line.classList.toggle("is-long", notice.zh.length > LONG);
      this.#fill(this.line, notice);
    }
    this.#showList(standing);
  }

  // Those that find room; where some do not, the next turn begins with the next one.
  #showList(standing) {
    const state = JSON.stringify([standing, this.list.clientHeight, this.#isCrowded && this.#at]);
    if (this.#shown === state) return;
    const first = this.#isCrowded ? this.#at % standing.length : 0;
    const inTurn = [...standing.slice(first), ...standing.slice(0, first)];
    this.list.replaceChildren(...inTurn.map((notice) => {
      const row = this.row.content.cloneNode(true);
      this.#fill(row, notice);
      return row;
    }));
    this.#isCrowded = false;
    while (this.list.scrollHeight > this.list.clientHeight + 1 && this.list.children.length > 1) {
      this.list.lastElementChild.remove();
      this.#isCrowded = true;
    }
    this.#shown = JSON.stringify([standing, this.list.clientHeight, this.#isCrowded && this.#at]);
  }

  #fill(place, notice) {
    for (const language of ["zh", "en"]) {
      const words = place.querySelector(`[data-notice-${language}]`);
      if (words.textContent !== notice[language]) words.textContent = notice[language];
    }
  }
}
