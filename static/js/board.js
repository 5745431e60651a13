// The hall's screen. Calls stand in line for the panel: each holds it for at least
// eight seconds, and several at once are shown in turn. Calls that were missed while
// the line was down are listed, never replayed.
import { follow } from "./live.js";
import { timeOf } from "./ui/clock.js";
import { write } from "./ui/text.js";
import { showWait } from "./ui/wait_range.js";

const HOLD = 8_000;
const LATE = 10_000;
const STALE = 60_000;

const board = document.querySelector("[data-board]");
const { zone } = board.dataset;
const panel = board.querySelector("[data-now]");
const rows = [...board.querySelectorAll("[data-call-row]")];
const waiting = [];
let seen = -1; // id of the newest call taken in
let shown; // the call on the panel
let heldUntil = 0;
let calls = [];
let isCatchingUp = true; // on load and after the line was down
let lastAt = new Date();
let isLinked = true;

function showCall(call) {
  shown = call;
  heldUntil = Date.now() + HOLD;
  write(panel, "number", call.number);
  write(panel, "counter", call.counter);
  board.dataset.call = "shown";
}

function showRecent() {
  const others = calls.filter((call) => call.id !== shown?.id && !waiting.some(({ id }) => id === call.id));
  const latest = [...new Map(others.reverse().map((call) => [call.number, call])).values()]
    .filter(({ number }) => number !== shown?.number)
    .sort((one, other) => other.id - one.id);
  rows.forEach((row, place) => {
    const call = latest[place];
    row.hidden = !call;
    if (!call) return;
    write(row, "number", call.number);
    write(row, "counter", call.counter);
  });
}

function showNext() {
  const next = waiting.find(({ number }) => number !== shown?.number);
  board.querySelector("[data-next]").hidden = !next;
  if (next) write(board, "next", next.number);
}

// The next call takes the panel once the present one has had its time.
function advance() {
  if (!waiting.length || Date.now() < heldUntil) return;
  showCall(waiting.shift());
  showRecent();
  showNext();
}

// Nothing to call: the panel says why.
function showQuiet({ is_open: isOpen, queues }) {
  const isAnyone = queues.some((line) => line.waiting > 0);
  board.dataset.quiet = !isOpen ? "closed" : isAnyone ? "waiting" : "empty";
  const isOver = !isOpen && Date.now() >= heldUntil;
  if ((!calls.length || isOver) && !waiting.length) board.dataset.call = "none";
}

function takeIn(snapshot) {
  calls = snapshot.calls;
  const fresh = calls.filter(({ id }) => id > seen).sort((one, other) => one.id - other.id);
  seen = Math.max(seen, ...calls.map(({ id }) => id));
  if (isCatchingUp) {
    waiting.length = 0;
    if (fresh.length) showCall(fresh.at(-1));
    isCatchingUp = false;
  } else {
    waiting.push(...fresh);
  }
  showQuiet(snapshot);
  advance();
  showRecent();
  showNext();
}

function showQueues(queues) {
  for (const line of queues) {
    const place = board.querySelector(`[data-queue="${CSS.escape(line.letter)}"]`);
    if (!place) return location.reload(); // a queue was opened: the page has no room for it yet
    write(place, "waiting", line.waiting);
    showWait(place, line);
  }
}

function showAge() {
  const age = isLinked ? 0 : Date.now() - lastAt.getTime();
  const isStale = age >= STALE;
  board.dataset.link = isStale ? "stale" : "live";
  board.querySelector("[data-band]").hidden = !isStale;
  board.querySelector("[data-age-is]").dataset.ageIs = age >= LATE ? "late" : "fresh";
  write(board, "last", timeOf(lastAt, zone));
  write(board, "minutes", Math.max(1, Math.floor(age / 60_000)));
  write(board, "as-of", timeOf(lastAt, zone, true));
  if (age >= LATE) isCatchingUp = true;
}

function snapshot(data) {
  lastAt = new Date();
  isLinked = true;
  takeIn(data);
  showQueues(data.queues);
  showAge();
}

takeIn(JSON.parse(board.dataset.snapshot));
setInterval(() => { advance(); showAge(); }, 1000);

follow(`board:${board.dataset.board}`, {
  snapshot,
  link(state, at) {
    isLinked = state === "live";
    if (at) lastAt = at;
  },
});
