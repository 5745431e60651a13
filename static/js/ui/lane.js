// The people ahead as figures.
import { write } from "./text.js";

export function showLane(lane, ahead) {
  for (const person of lane.querySelectorAll("[data-person]")) {
    person.hidden = Number(person.dataset.person) >= ahead;
  }
  lane.querySelector("[data-more]").hidden = ahead <= 6;
  write(lane, "more", ahead - 6);
}
