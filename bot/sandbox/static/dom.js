// What every part of the page needs: elements, notices, times, names.

// 24 hours whatever the browser's language: so the bot writes them too.
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const seconds = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium", hourCycle: "h23" });
const days = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const COLOURS = 7; // as many as talk.css has
let toasting = 0;

export const byId = (id) => document.getElementById(id);

export function element(tag, properties = {}, ...children) {
  const { attributes = {}, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((it) => it !== null));
  return node;
}

export const button = (text, onclick, properties = {}) =>
  element("button", { type: "button", onclick, ...properties }, text);

export function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg"), line = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export function avatar(name, id, bot = false) {
  const letters = name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();
  const node = element("span", { className: `avatar c${colour(id)}`, attributes: { "aria-hidden": "true" } });
  if (bot) node.classList.add("robot");
  node.append(bot ? icon("M3 7l4.5 11L12 9l4.5 9L21 7") : letters);
  return node;
}

export const colour = (id) => Math.abs(id) % COLOURS;

export const time = (epoch) => {
  const when = new Date(epoch * 1000);
  return element("time", { dateTime: when.toISOString(), title: full.format(when) }, clock.format(when));
};

export const clockTime = (epoch) => clock.format(new Date(epoch * 1000));

export const exactTime = (epoch) => seconds.format(new Date(epoch * 1000));

export const day = (epoch) => days.format(new Date(epoch * 1000));

export const webAddress = (href) => (/^https?:\/\//i.test(href ?? "") ? href : "");

export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

// A notice that goes away by itself; a screen reader says it too.
export function toast(text) {
  clearTimeout(toasting);
  byId("toast").textContent = text;
  toasting = setTimeout(() => { byId("toast").textContent = ""; }, Math.max(4000, text.length * 80));
}

// For screen readers only.
export function announce(words) {
  byId("announcer").textContent = words;
}

// One of several buttons in a row is reached by Tab, the others by arrow keys (WAI-ARIA: tabs).
export function arrowKeys(list, chosen) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const tabs = [...list.querySelectorAll("[role=tab]")], at = tabs.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    chosen(tabs[(at + step + tabs.length) % tabs.length]);
  });
}
