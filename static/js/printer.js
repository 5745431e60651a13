// A printer's page: how its slips do is asked while one is being printed.
import "../vendor/htmx.js";
