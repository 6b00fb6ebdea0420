/**
 * The page's only script: shows a mark's numbers when it is pointed at, tapped or focused; arrow keys within charts of many
 * marks; opens what is folded for printing. The page is complete without it: all numbers are in tables as well.
 */
export const SCRIPT = `"use strict";
(() => {
  const tip = document.getElementById("tip");
  let shown = null;
  const hide = () => { tip.hidden = true; shown = null; };
  const show = (mark) => {
    shown = mark;
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const box = mark.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const left = box.left + box.width / 2 - tip.offsetWidth / 2;
    const above = box.top - tip.offsetHeight - 2;
    tip.style.left = Math.max(8, Math.min(room, left)) + "px";
    tip.style.top = (above < 4 ? box.bottom + 2 : above) + "px";
  };
  const markOf = (target) => target instanceof Element ? target.closest("[data-tip]") : null;
  const focused = () => markOf(document.activeElement);
  const settle = () => { const mark = focused(); if (mark) show(mark); else hide(); };
  document.addEventListener("pointerover", (event) => {
    if (tip.contains(event.target)) return;
    const mark = markOf(event.target);
    if (mark) show(mark); else if (shown) settle();
  });
  document.addEventListener("focusin", settle);
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", () => { if (shown) show(shown); }, { passive: true, capture: true });
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    const mark = focused();
    const chart = mark && mark.closest("[data-roving]");
    if (!chart || event.ctrlKey || event.altKey || event.metaKey) return;
    const marks = [...chart.querySelectorAll("[data-tip]")];
    const next = event.key === "Home" ? marks[0] : event.key === "End" ? marks[marks.length - 1]
      : steps[event.key] && marks[marks.indexOf(mark) + steps[event.key]];
    if (event.key in steps || next) event.preventDefault();
    if (!next) return;
    mark.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of folded) each.open = false; });
})();`
