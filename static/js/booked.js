// The kiosk's page with a fresh appointment: it counts down to the start.
import "./ui/countdown.js";
