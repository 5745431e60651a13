// When the doors open again, said as today, tomorrow, or a date.
import { timeOf } from "./ui/clock.js";
import { write } from "./ui/text.js";

const DAY = 24 * 60 * 60_000;
// Figures as every language here writes them: 2026-11-24.
const dayOf = (moment, zone) => moment.toLocaleDateString("sv-SE", { timeZone: zone });

export function opensAt(place, at, zone) {
  const moment = new Date(at);
  const [today, tomorrow] = [0, DAY].map((ahead) => dayOf(new Date(Date.now() + ahead), zone));
  const day = at && dayOf(moment, zone);
  place.dataset.opens = !at ? "none" : day === today ? "today" : day === tomorrow ? "tomorrow" : "later";
  if (!at) return;
  const [, month, date] = day.split("-").map(Number);
  write(place, "opens", timeOf(moment, zone));
  write(place, "opens-month", month);
  write(place, "opens-day", date);
  write(place, "opens-day-en", `${date}/${month}`);
}
