// The catalog's list: rows by key, a slash to search, switches that keep the place on the page.
import "../vendor/htmx.js";
import "./ui/data_table.js";
import { onKey } from "./ui/keys.js";

onKey(({ code, shiftKey }) => {
  if (code !== "Slash" || shiftKey) return false;
  document.getElementById("q").select();
  return true;
});
