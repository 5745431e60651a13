// The station's notices on its board: those whose time it is, one after the other where there is
// room for one, all of them where there is a list.

const TURN = 10_000;

export class Notices {
  #all = [];
  #at = 0;
  #turnedAt = Date.now();
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
    if (standing.length) this.#fill(this.line, standing[this.#at % standing.length]);
    this.#showList(standing);
  }

  #showList(standing) {
    const text = JSON.stringify(standing);
    if (!this.list || this.list.dataset.holds === text) return;
    this.list.dataset.holds = text;
    this.list.replaceChildren(...standing.map((notice) => {
      const row = this.row.content.cloneNode(true);
      this.#fill(row, notice);
      return row;
    }));
  }

  #fill(place, notice) {
    for (const language of ["zh", "en"]) {
      const words = place.querySelector(`[data-notice-${language}]`);
      if (words.textContent !== notice[language]) words.textContent = notice[language];
    }
  }
}
