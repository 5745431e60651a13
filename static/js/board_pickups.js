// What came last and can be collected, on the hall's screen: codes and places, and no more.
import { follow } from "./live.js";
import { write } from "./ui/text.js";

const strip = document.querySelector("[data-pickups]");
const rows = [...strip.querySelectorAll("[data-pickup-row]")];

follow(`pickups:${strip.dataset.pickups}`, {
  snapshot({ stored }) {
    const last = stored.slice(-rows.length).reverse();
    strip.hidden = last.length === 0;
    for (const [place, row] of rows.entries()) {
      const item = last[place];
      row.hidden = !item;
      write(row, "tag", item?.tag ?? "");
      write(row, "place", item?.place ?? "");
    }
  },
});
