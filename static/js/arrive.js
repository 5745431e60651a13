// The kiosk's page to check in: its code stays fresh, and what a reader types goes to its field.
import "./home.js";

const field = document.getElementById("code");
document.addEventListener("keydown", () => field.focus());
