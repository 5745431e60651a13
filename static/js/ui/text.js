// Fill the figures that stand inside the page's own words.

export function write(root, name, text) {
  for (const place of root.querySelectorAll(`[data-fill="${name}"]`)) {
    const next = String(text);
    if (place.textContent === next) continue;
    place.textContent = next;
    place.classList.remove("is-changed");
    void place.offsetWidth; // so that the cross-fade starts again
    place.classList.add("is-changed");
  }
}
