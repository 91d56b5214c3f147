// The side panel: three tabs, and whether it is open.

import { arrowKeys, byId } from "/static/dom.js";
import { get } from "/static/net.js";
import * as news from "/static/news.js";
import * as troubles from "/static/troubles.js";

const EVERY = 3000; // milliseconds between two looks at the newsroom
const WIDE = matchMedia("(min-width: 75rem)");
const names = ["news", "troubles", "calls"];
let chosen = "news", back = null;

function choose(name) {
  chosen = name;
  for (const it of names) {
    byId(it).hidden = it !== name;
    byId(`tab-${it}`).setAttribute("aria-selected", String(it === name));
    byId(`tab-${it}`).tabIndex = it === name ? 0 : -1;
  }
  look();
}

const isOpen = () => document.body.dataset.desk === "open";

function toggle(open, focus = false) {
  document.body.dataset.desk = open ? "open" : "closed";
  document.querySelectorAll(".desk-toggle").forEach((it) => it.setAttribute("aria-expanded", String(open)));
  if (focus && open) byId(`tab-${chosen}`).focus();
  if (focus && !open) (back ?? byId("text")).focus();
  if (open) look();
}

async function look() {
  if (!isOpen() || document.hidden || chosen === "calls" || byId("desk").hidden) return;
  const found = await get("/desk");
  if (found) show(found);
}

export function show(found) {
  news.render(found);
  troubles.render(found);
}

export const changed = troubles.changed;

// Without a desk behind it the panel stays shut; with one it is open where there is room.
export function offer(there) {
  if (byId("desk").hidden === !there) return;
  byId("desk").hidden = !there;
  document.querySelectorAll(".desk-toggle").forEach((it) => { it.hidden = !there; });
  toggle(there && WIDE.matches);
}

export function begin() {
  names.forEach((name) => byId(`tab-${name}`).addEventListener("click", () => choose(name)));
  arrowKeys(byId("desk-tabs"), (tab) => { tab.click(); tab.focus(); });
  document.querySelectorAll(".desk-toggle").forEach((it) => it.addEventListener("click", () => {
    back = it;
    toggle(!isOpen(), true);
  }));
  byId("desk-back").addEventListener("click", () => toggle(false, true));
  byId("desk").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !WIDE.matches) toggle(false, true);
  });
  WIDE.addEventListener("change", () => toggle(WIDE.matches && !byId("desk").hidden));
  news.begin(show);
  troubles.begin(show);
  setInterval(look, EVERY);
}
