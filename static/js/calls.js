// The line in which calls wait for the board: each is announced once, in the order they were made.
//
// A recall is a call with an id of its own. What was called more than FRESH ago while the board
// was off, asleep or cut off is listed and not announced: a voice that comes too late sends people
// to a counter where somebody else sits by now. Times are the server's.

const FRESH = 45_000;

export class CallLine {
  /** @param {number} announced id of the newest call that was announced before */
  constructor(announced = -1) {
    this.seen = announced;
    this.waiting = [];
  }

  /** Take in a snapshot's calls, newest first, made at or before `at` (ISO). */
  takeIn(calls, at) {
    const now = Date.parse(at);
    const newest = Math.max(-1, ...calls.map(({ id }) => id));
    if (calls.length && newest < this.seen) this.seen = -1; // another database: ids begin anew
    const fresh = calls.filter((call) => call.id > this.seen && call.counter !== null);
    for (const call of fresh.sort((one, other) => one.id - other.id)) {
      const age = now - Date.parse(call.at);
      if (age > FRESH) continue;
      this.#forgetOther(call);
      this.waiting.push({ ...call, madeAt: Date.now() - Math.max(0, age) });
    }
    this.seen = Math.max(this.seen, newest);
  }

  /** After a sleep: what has grown old meanwhile is no longer announced. */
  wakeUp() {
    this.waiting = this.waiting.filter(({ madeAt }) => Date.now() - madeAt <= FRESH);
  }

  next() {
    return this.waiting.shift();
  }

  // Called to one counter, then to another before it was announced: the first is no longer true.
  #forgetOther({ number, counter }) {
    this.waiting = this.waiting.filter((call) => call.number !== number || call.counter === counter);
  }
}
