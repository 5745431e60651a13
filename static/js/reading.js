// Who reads of a service that was withdrawn meanwhile is told so, and shown what is close to it.
const { reading } = document.documentElement.dataset;
const EVERY = 20_000;

async function look() {
  if (document.hidden) return;
  const answer = await fetch(`/api/v1/services/${encodeURIComponent(reading)}`, { method: "HEAD" }).catch(() => null);
  if (answer?.status === 404) location.reload();
}

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
