// Live data: one socket a page; whoever follows a topic hears of it.
//
//   follow(topic, { snapshot(data), changed(), link(state, lastAt) })
//
// `snapshot` gets what the topic shows, newer each time; `changed` is for staff topics, which
// carry no data. `link` tells how fresh that is: "live", "connecting" or "lost", and the time of
// the last sign of life. Connecting, reconnecting and becoming visible again all mean the same:
// watch, and the server answers with the present snapshot. Without a socket the page asks over
// plain HTTP, so that a proxy that knows no sockets only makes it slower.
import { io } from "../vendor/socket.io.js";

const ASK_EVERY = 10_000;
const LOST_AFTER = 10_000;
const REFRESH_EVERY = 30_000;

const topics = new Map();
const socket = io("/live", { transports: ["websocket"], reconnectionDelayMax: 4_000 });
let lastAt = new Date();
let state = "connecting";

export function follow(topic, listener) {
  const followed = topics.get(topic) ?? { version: -1, listeners: [] };
  followed.listeners.push(listener);
  topics.set(topic, followed);
  if (socket.connected) watch();
  listener.link?.(state, lastAt);
}

/** Fetch a part of the page now and then, too: times that it shows go on though nothing changes. */
export function keepFresh(refresh) {
  setInterval(() => document.hidden || refresh(), REFRESH_EVERY);
}

function watch() {
  socket.emit("watch", [...topics.keys()]);
}

function show({ topic, version, data }) {
  alive();
  const followed = topics.get(topic);
  if (!followed || version <= followed.version) return;
  followed.version = version;
  for (const listener of followed.listeners) {
    if (data) listener.snapshot?.(data);
    else listener.changed?.();
  }
}

function alive() {
  lastAt = new Date();
  tell("live");
}

function tell(next) {
  state = next;
  for (const { listeners } of topics.values()) {
    for (const listener of listeners) listener.link?.(state, lastAt);
  }
}

function grow() {
  if (socket.connected) return;
  tell(Date.now() - lastAt.getTime() < LOST_AFTER ? "connecting" : "lost");
}

async function ask() {
  if (socket.connected || document.hidden) return;
  for (const topic of topics.keys()) {
    const answer = await fetch(`/api/v1/live/${topic}`).catch(() => null);
    if (answer?.ok) show(await answer.json());
  }
}

socket.on("connect", watch);
socket.on("snapshot", show);
socket.on("disconnect", grow);
socket.io.on("ping", alive);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  if (socket.connected) watch();
  else ask();
});
setInterval(grow, 1_000);
setInterval(ask, ASK_EVERY);
