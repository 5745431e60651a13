// How the slip does, on the kiosk's page with a fresh number: asked until it is printed or not.
// Without a slip the number stays on the screen for longer.
const AGAIN = 700;
const LONGER = 90;

const box = document.querySelector("[data-slip]");

async function look() {
  const answer = await fetch(box.dataset.slip).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const slip = page.querySelector(".slip");
  if (box.firstElementChild?.dataset.state !== slip.dataset.state) box.replaceChildren(slip);
  if (slip.dataset.state === "queued") setTimeout(look, AGAIN);
  if (slip.dataset.state === "failed") {
    document.dispatchEvent(new CustomEvent("countdown", { detail: LONGER }));
  }
}

look();
