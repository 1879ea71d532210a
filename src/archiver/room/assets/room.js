// What the pages do besides, where scripts run: nothing here is needed to read.
// j and k go to the next and previous change, the arrows to the revisions beside; all of it can be switched off.
"use strict";
(() => {
  const KEY = "room-keys";
  const off = () => { try { return localStorage.getItem(KEY) === "off"; } catch { return false; } };
  const typing = (at) => at.closest("input, select, textarea, button, summary, [contenteditable]") !== null;
  const hunks = [...document.querySelectorAll(".hunk[id]")];
  let at = -1;

  const go = (step) => {
    if (!hunks.length) return;
    const here = hunks.findIndex((one) => "#" + one.id === location.hash);
    at = Math.min(hunks.length - 1, Math.max(0, (here < 0 ? at : here) + step));
    location.hash = hunks[at].id;
  };

  document.addEventListener("keydown", (event) => {
    if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const beside = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (beside && !event.shiftKey) {
      const link = document.querySelector(`main a[rel="${beside}"]`);
      if (link) link.click();
    }
  });

  for (const box of document.querySelectorAll("[data-keys]")) {
    box.hidden = false;
    const input = box.querySelector("input");
    input.checked = !off();
    input.addEventListener("change", () => {
      try { localStorage.setItem(KEY, input.checked ? "on" : "off"); } catch { /* no storage: on, this time */ }
    });
  }

  // Browsers have a clipboard over TLS and on this machine only: elsewhere the button stays hidden.
  for (const button of navigator.clipboard ? document.querySelectorAll("button[data-copy]") : []) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent.trim();
      await navigator.clipboard.writeText(text);
      button.textContent = button.dataset.done;
    });
  }
})();
