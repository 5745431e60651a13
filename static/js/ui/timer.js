// Counts the time since a moment; the mark runs along the scale of twice the usual time.

// The browser's clock may be wrong: the page says what time it is at the station.
let lead = 0;

export function setClock(now) {
  lead = Date.now() - Date.parse(now);
}

/** How many milliseconds the browser's clock is ahead of the station's. */
export const ahead = () => lead;

function figure(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const rest = `${two(minutes % 60)}:${two(seconds % 60)}`;
  return minutes < 60 ? rest : `${Math.floor(minutes / 60)}:${rest}`;
}

export function tick() {
  for (const timer of document.querySelectorAll("[data-timer]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - lead - Date.parse(timer.dataset.since)) / 1000));
    timer.querySelector("[data-timer-figure]").textContent = figure(seconds);
    if (!timer.dataset.usual) continue;
    const share = seconds / 60 / timer.dataset.usual;
    timer.querySelector("[data-timer-now]").setAttribute("x", Math.min(98.5, share * 50).toFixed(1));
    timer.toggleAttribute("data-is-long", share > 1.3);
  }
}

setInterval(tick, 1000);
