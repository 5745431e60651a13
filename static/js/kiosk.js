// What every page of a kiosk does by itself.
import "./ui/clock.js";
import "./ui/cut_off.js";
import "./ui/dialog.js";
import "./ui/idle.js";
import "./ui/more_below.js";
