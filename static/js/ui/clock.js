// Clocks run in the station's zone, whatever the device believes.

const formats = new Map();

export function timeOf(date, zone, hasSeconds = false) {
  const key = `${zone} ${hasSeconds}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone || undefined,
      ...(hasSeconds && { second: "2-digit" }),
    }));
  }
  return formats.get(key).format(date).replace(/^0(?=\d:)/, ""); // 9:05, as people write it
}

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const time = timeOf(new Date(), clock.dataset.clock);
    if (clock.textContent === time) continue;
    clock.textContent = time;
    clock.dateTime = time.padStart(5, "0");
  }
}

if (document.querySelector("[data-clock]")) setInterval(tick, 1000);
