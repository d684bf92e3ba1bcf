// The switch between light and dark: it shows itself where scripts run, and remembers the choice where it may.
(() => {
  const root = document.documentElement;
  const button = document.querySelector("button.look");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.look ? root.dataset.look === "dark" : system.matches);
  const show = () => {
    button.textContent = isDark() ? "\u2600 Light" : "\u263e Dark";
    button.setAttribute("aria-label", isDark() ? "Switch to the light look" : "Switch to the dark look");
  };
  const remembered = (look) => {
    // A page from disk may have no place to remember anything.
    try {
      if (look) localStorage.setItem("linger-look", look);
      return localStorage.getItem("linger-look");
    } catch {
      return null;
    }
  };
  if (!root.dataset.look && ["light", "dark"].includes(remembered())) root.dataset.look = remembered();
  button.addEventListener("click", () => {
    root.dataset.look = isDark() ? "light" : "dark";
    remembered(root.dataset.look);
    show();
  });
  system.addEventListener("change", show);
  button.hidden = false;
  show();
})();
