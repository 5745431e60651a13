// Big text and the lowered page: kept for this visit only, set before the first paint
// (hence a classic script that blocks), gone with 结束 or when nobody is there any more.
(() => {
  const root = document.documentElement;
  const names = ["size", "reach"];

  function apply() {
    for (const name of names) {
      const value = sessionStorage.getItem(name);
      if (value) root.dataset[name] = value;
      else delete root.dataset[name];
      for (const key of document.querySelectorAll(`[data-pref="${name}"]`)) {
        key.setAttribute("aria-pressed", String(value === key.dataset.on));
      }
    }
  }

  document.addEventListener("click", ({ target }) => {
    const key = target.closest("[data-pref]");
    if (!key) return;
    const { pref, on } = key.dataset;
    if (root.dataset[pref] === on) sessionStorage.removeItem(pref);
    else sessionStorage.setItem(pref, on);
    apply();
  });

  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-end]")) sessionStorage.clear();
  });

  document.addEventListener("DOMContentLoaded", apply);
  apply();
})();
