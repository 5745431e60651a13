// Pages of a station that show its queues: home, guide, choice of a queue.
import { follow } from "./live.js";
import { showLink } from "./ui/live.js";
import { write } from "./ui/text.js";
import { showWait } from "./ui/wait_range.js";

const { station } = document.querySelector("[data-station]").dataset;
const zone = document.querySelector("[data-clock]")?.dataset.clock;

function showQueues({ queues }) {
  for (const line of queues) {
    for (const place of document.querySelectorAll(`[data-queue="${CSS.escape(line.letter)}"]`)) {
      write(place, "waiting", line.waiting);
      showWait(place, line.waiting, line.wait);
    }
  }
}

// The code for phones changes, so that only who stands here can use it.
async function refreshCode(box) {
  const answer = await fetch(box.dataset.refresh, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  box.replaceChildren(...page.body.childNodes);
}

if (document.querySelector("[data-queue]")) {
  follow(`board:${station}`, {
    snapshot: showQueues,
    link: (state, lastAt) => showLink(state, lastAt, zone),
  });
}

const code = document.querySelector("[data-refresh]");
if (code) setInterval(() => refreshCode(code).catch(() => {}), 30_000);
