// Pages of a station that show its queues: home, guide, choice of a queue.
import { follow } from "./live.js";
import "./ui/dialog.js";
import { showLink } from "./ui/live.js";
import { write } from "./ui/text.js";
import { NoticeStrip } from "./ui/notice_strip.js";
import { showWait } from "./ui/wait_range.js";

const { station } = document.querySelector("[data-station]").dataset;
const zone = document.querySelector("[data-clock]")?.dataset.clock;

function showQueues({ queues }) {
  for (const line of queues) {
    for (const place of document.querySelectorAll(`[data-queue="${CSS.escape(line.letter)}"]`)) {
      write(place, "waiting", line.waiting);
      showWait(place, line);
      if ("disabled" in place) place.disabled = line.is_open === false;
    }
  }
}

const place = document.querySelector("[data-notice-place]");
const notices = place && new NoticeStrip(place);

const codes = document.querySelectorAll("[data-refresh]");

// The code for phones changes, so that only who stands here can use it.
async function refreshCodes() {
  const answer = await fetch(codes[0].dataset.refresh).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const code of codes) code.replaceChildren(page.querySelector("svg").cloneNode(true));
}

if (document.querySelector("[data-queue], [data-notice-place]")) {
  follow(`board:${station}`, {
    snapshot(board) {
      showQueues(board);
      notices?.renew(board.screen);
    },
    link: (state, lastAt) => showLink(state, lastAt, zone),
  });
}

if (codes.length) setInterval(refreshCodes, 30_000);
