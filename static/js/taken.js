// The kiosk's page with a fresh number: it counts down, and the figures stay true meanwhile.
import { follow } from "./live.js";
import "./ui/countdown.js";
import { showFigures } from "./ui/ticket_figures.js";

const { ticket } = document.querySelector("[data-ticket]").dataset;
const figures = document.querySelector("[data-figures]");

follow(`ticket:${ticket}`, { snapshot: (data) => showFigures(figures, data) });
