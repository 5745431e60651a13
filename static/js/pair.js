// Ask now and then whether the staff have confirmed this device.

const page = document.querySelector("[data-pairing]");

async function ask() {
  const answer = await fetch(page.dataset.pairing).catch(() => null);
  if (!answer?.ok) return;
  const { state, url } = await answer.json();
  if (state === "confirmed") location.replace(url);
  if (state !== "expired") return;
  page.dataset.state = "expired";
  clearInterval(timer);
}

const timer = setInterval(ask, 2000);
