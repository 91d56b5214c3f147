// The messages of the open chat: put in order, grouped by speaker and day, kept at the newest.

import { announce, byId, day, element } from "/static/dom.js";
import { draw } from "/static/message.js";
import { current, mine, shown } from "/static/state.js";

const NEAR_BOTTOM = 80; // pixels
const TOGETHER = 600; // seconds between two bubbles that hang together
const log = byId("log"), latest = byId("latest");
const nodes = new Map(); // id → { node, message, source }
let stuck = true; // to the newest message
let act = {};

export function begin(actions) {
  act = { ...actions, jump };
}

// All messages of the open chat anew.
export function show() {
  log.setAttribute("aria-busy", "true");
  nodes.clear();
  log.replaceChildren();
  log.dataset.kind = current().type; // in a private chat it is plain who speaks
  shown().forEach(add);
  group();
  toBottom();
  log.setAttribute("aria-busy", "false");
}

// The same after a lost connection: what is unchanged stays, with the focus and the place where one reads.
export function renew() {
  log.setAttribute("aria-busy", "true");
  const standing = new Map(shown().map((message) => [message.id, message]));
  [...nodes.keys()].filter((id) => !standing.has(id)).forEach(drop);
  standing.forEach((message) => put(message, false));
  log.setAttribute("aria-busy", "false");
}

export function put(message, arriving = true) {
  const before = nodes.size, old = nodes.get(message.id);
  if (old?.source === JSON.stringify(message)) return;
  add(message, arriving);
  group();
  if (stuck || (mine(message) && !old)) toBottom();
  else if (nodes.size > before) latest.hidden = false;
}

function add(message, arriving = false) {
  const node = draw(message, mine(message), act), old = nodes.get(message.id)?.node;
  const label = document.activeElement?.textContent, focused = old?.contains(document.activeElement);
  if (arriving && !old) node.classList.add("arriving");
  if (old) old.replaceWith(node);
  else log.insertBefore(node, following(message.id));
  nodes.set(message.id, { node, message, source: JSON.stringify(message) });
  if (focused) ([...node.querySelectorAll("button, a")].find((it) => it.textContent === label) ?? node).focus();
}

// Messages come in order but for the few that a slow answer overtook.
function following(id) {
  let at = log.lastElementChild;
  if (!at || Number(at.dataset.id) < id) return null;
  while (at.previousElementSibling && !(Number(at.previousElementSibling.dataset.id) < id)) at = at.previousElementSibling;
  return at;
}

export function drop(id) {
  const old = nodes.get(id);
  if (!old) return;
  if (old.node.contains(document.activeElement)) log.focus();
  old.node.remove();
  nodes.delete(id);
  group();
}

const together = (one, other) =>
  Boolean(one && other) && one.from === other.from && !one.service && !other.service &&
  Math.abs(one.time - other.time) < TOGETHER && day(one.time) === day(other.time);

// Bubbles that follow each other from one speaker hang together; a line stands between two days.
function group() {
  log.querySelectorAll(".day, .empty").forEach((it) => it.remove());
  const all = [...nodes.values()].sort((a, b) => a.message.id - b.message.id);
  all.forEach(({ node, message }, at) => {
    const before = all[at - 1]?.message, after = all[at + 1]?.message;
    node.classList.toggle("first", !together(before, message));
    node.classList.toggle("last", !together(message, after));
    if (!before || day(before.time) !== day(message.time)) {
      node.before(element("p", { className: "day" }, day(message.time)));
    }
  });
  if (!all.length) log.append(element("p", { className: "empty" }, emptyWords()));
}

function emptyWords() {
  return current()?.type === "private" ? "No messages yet. Write /start." : "No messages here yet.";
}

function jump(id) {
  const found = nodes.get(id)?.node;
  if (!found) return announce("That message was deleted.");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  found.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  found.focus({ preventScroll: true });
  found.classList.remove("flash");
  requestAnimationFrame(() => found.classList.add("flash"));
  return found;
}

export function answered(id) {
  nodes.get(id)?.node.querySelectorAll("[aria-busy]").forEach((it) => it.removeAttribute("aria-busy"));
}

export function toBottom() {
  stuck = true;
  log.scrollTop = log.scrollHeight;
  latest.hidden = true;
}

// Arrow keys go from message to message, R replies.
function onKey(event) {
  if (event.target !== log && !event.target.matches?.(".message")) return;
  const all = [...log.querySelectorAll(".message")], at = all.indexOf(event.target);
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step && all.length) {
    const to = at < 0 ? all.length - 1 : Math.min(Math.max(at + step, 0), all.length - 1);
    event.preventDefault();
    all[to].focus();
  } else if (event.key.toLowerCase() === "r" && at >= 0 && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    event.target.querySelector(".answer")?.click();
  }
}

log.addEventListener("scroll", () => {
  stuck = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM;
  if (stuck) latest.hidden = true;
});
log.addEventListener("keydown", onKey);
log.addEventListener("load", () => stuck && toBottom(), true); // a picture has its height only now
latest.addEventListener("click", () => { toBottom(); log.focus(); });
new ResizeObserver(() => stuck && toBottom()).observe(log);
