// A file that is being read: the page asks every second how far it is.
import "../vendor/htmx.js";
