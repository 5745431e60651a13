// The hall's screen. Each call and each recall holds the panel while it is spoken, at least eight
// seconds, and several at once take turns. Calls that were missed meanwhile are listed.
import { CallLine } from "./calls.js";
import { follow } from "./live.js";
import { Notices } from "./notices.js";
import { isQuiet } from "./quiet.js";
import { opensAt } from "./opens.js";
import { timeOf } from "./ui/clock.js";
import { write } from "./ui/text.js";
import { showWait } from "./ui/wait_range.js";
import { piecesOf, sentencesOf, Voice } from "./voice.js";

const HOLD = 8_000;
const LATE = 10_000;
const STALE = 60_000;
const ASLEEP = 15_000; // the page did not run: the machine slept, or the tab was hidden
const ASK_EVERY = 60_000;
const MANY = 2; // while as many wait, a call is said once in each language

const board = document.querySelector("[data-board]");
const { zone } = board.dataset;
const topic = `board:${board.dataset.board}`;
const panel = board.querySelector("[data-now]");
const rows = [...board.querySelectorAll("[data-call-row]")];
const notices = new Notices(board);
const voice = new Voice(showSound);
const memory = `announced ${location.pathname}${location.search}`;

const line = new CallLine(remembered());
let screen = JSON.parse(board.dataset.screen);
let shown; // the call on the panel
let calls = [];
let isOpen = true;
let isAnyone = false;
let isAnnouncing = false;
let lastAt = new Date();
let lastTick = Date.now();
let isLinked = true;
let isWaking = false;
let askedAt = Date.now();

// The board may be restarted in mid-call: what was announced before is not announced again.
function remembered() {
  try {
    return Number(localStorage.getItem(memory) ?? -1);
  } catch {
    return -1;
  }
}

function remember(id) {
  try {
    localStorage.setItem(memory, id);
  } catch { /* a browser that keeps nothing announces a call again after a restart */ }
}

function pause(milliseconds) {
  return new Promise((done) => { setTimeout(done, milliseconds); });
}

function wayTo(counter) {
  return screen.settings.ways[counter] ?? "none";
}

function showCall(call, state) {
  shown = call;
  write(panel, "number", call.number);
  write(panel, "counter", call.counter);
  panel.dataset.way = wayTo(call.counter);
  board.dataset.call = state;
}

function showRecent() {
  const later = new Set(line.waiting.map(({ id }) => id));
  const others = calls.filter(({ id, counter }) => counter !== null && id !== shown?.id && !later.has(id));
  const latest = [...new Map(others.reverse().map((call) => [call.number, call])).values()]
    .filter(({ number }) => number !== shown?.number)
    .sort((one, other) => other.id - one.id);
  rows.forEach((row, place) => {
    const call = latest[place];
    row.hidden = !call;
    if (!call) return;
    write(row, "number", call.number);
    write(row, "counter", call.counter);
    row.dataset.way = wayTo(call.counter);
  });
}

function showNext() {
  const next = line.waiting.find(({ number }) => number !== shown?.number);
  board.querySelector("[data-next]").hidden = !next;
  if (next) write(board, "next", next.number);
}

// Each waiting call takes the panel in turn.
async function announce() {
  if (isAnnouncing) return;
  isAnnouncing = true;
  for (let call = line.next(); call; call = line.next()) {
    showCall(call, "calling");
    showRecent();
    showNext();
    board.dataset.announcing = call.id;
    await Promise.all([pause(HOLD), speak(call)]);
    remember(call.id);
  }
  isAnnouncing = false;
  delete board.dataset.announcing;
  if (shown) board.dataset.call = "shown";
  showQuiet();
}

function minuteNow() {
  const [hours, minutes] = timeOf(new Date(), zone).split(":").map(Number);
  return hours * 60 + minutes;
}

function soundOf({ settings }) {
  if (settings.shows === "queues" || settings.volume === 0) return "off";
  return isQuiet(settings, minuteNow()) ? "quiet" : voice.state;
}

async function speak(call) {
  if (soundOf(screen) !== "on") return;
  const [first = [], ...others] = sentencesOf(call, screen.voice, board.dataset.voice);
  const again = line.waiting.length < MANY ? [first] : [];
  await voice.say([first, ...again, ...others], screen.settings.volume);
}

function showSound() {
  board.dataset.sound = soundOf(screen);
}

// Nothing to call: the panel says why.
function showQuiet() {
  board.dataset.quiet = !isOpen ? "closed" : isAnyone ? "waiting" : "empty";
  if (isAnnouncing || line.waiting.length) return;
  if (!calls.length || !isOpen) {
    shown = undefined;
    board.dataset.call = "none";
  }
}

function takeIn(snapshot) {
  calls = snapshot.calls;
  isOpen = snapshot.is_open;
  isAnyone = snapshot.queues.some((queue) => queue.waiting > 0);
  line.takeIn(calls, snapshot.at);
  const newest = calls.find(({ counter }) => counter !== null);
  if (newest && !isAnnouncing && !line.waiting.length && newest.id !== shown?.id) {
    showCall(newest, "shown");
  }
  announce();
  showQuiet();
  showRecent();
  showNext();
}

function showQueues(queues) {
  for (const queue of queues) {
    const place = board.querySelector(`[data-queue="${CSS.escape(queue.letter)}"]`);
    if (!place) return location.reload(); // a queue was opened: the page has no room for it yet
    write(place, "waiting", queue.waiting);
    showWait(place, queue);
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
}

function useScreen(next) {
  if (next.settings.shows !== board.dataset.shows) return location.reload();
  screen = next;
  board.dataset.ways = Object.keys(screen.settings.ways).length ? "some" : "none";
  if (shown) panel.dataset.way = wayTo(shown.counter);
  showRecent();
  opensAt(board.querySelector("[data-opens]"), screen.opens_at, zone);
  voice.prepare(piecesOf(screen.voice, board.dataset.voice));
  notices.use(screen.notices, screen.at);
  showSound();
}

async function askScreen() {
  askedAt = Date.now();
  const answer = await fetch(board.dataset.screenUrl).catch(() => null);
  if (answer?.ok) useScreen(await answer.json());
}

// What arrived during a sleep says nothing of how old it is: only a fresh snapshot does.
async function wakeUp() {
  isWaking = true;
  line.wakeUp();
  voice.stop();
  const answer = await fetch(`/api/v1/live/${topic}`).catch(() => null);
  const fresh = answer?.ok ? (await answer.json()).data : null;
  isWaking = false;
  if (fresh) use(fresh);
}

function noteSleep() {
  const slept = Date.now() - lastTick;
  lastTick = Date.now();
  if (slept > ASLEEP) wakeUp();
}

function use(snapshot) {
  lastAt = new Date();
  isLinked = true;
  takeIn(snapshot);
  showQueues(snapshot.queues);
  if (snapshot.screen !== screen.changes) askScreen();
  showAge();
}

function tick() {
  noteSleep();
  showAge();
  showSound();
  notices.tick();
  if (Date.now() - askedAt > ASK_EVERY) askScreen();
}

useScreen(screen);
takeIn(JSON.parse(board.dataset.snapshot));
setInterval(tick, 1000);

follow(topic, {
  snapshot(data) {
    noteSleep();
    if (!isWaking) use(data);
  },
  link(state, at) {
    isLinked = state === "live";
    if (at) lastAt = at;
  },
});
