// Suggestions of commands while one types: a list box that the field controls.

import { announce, byId, element } from "/static/dom.js";
import { current, speaker } from "/static/state.js";

const field = byId("text"), list = byId("suggestions"), menu = byId("commands");
let active = -1, offered = [];

const commands = () => (current() ? speaker().commands : []);

function fitting() {
  const start = /^\/(\w*)$/.exec(field.value);
  return start ? commands().filter((it) => it.command.startsWith(start[1].toLowerCase())) : [];
}

export function suggest(found = fitting(), at = -1) {
  offered = found;
  active = Math.min(at, found.length - 1);
  list.replaceChildren(...found.map(option));
  if (list.hidden && found.length) announce(`${found.length} commands, arrow keys to choose`);
  list.hidden = !found.length;
  menu.setAttribute("aria-expanded", String(!list.hidden));
  if (active < 0) field.removeAttribute("aria-activedescendant");
  else field.setAttribute("aria-activedescendant", `suggestion-${active}`);
  list.children[active]?.scrollIntoView({ block: "nearest" });
}

function option(it, index) {
  const node = element("li", { id: `suggestion-${index}`, onclick: () => complete(it),
    attributes: { role: "option", "aria-selected": String(index === active) } },
  element("b", {}, `/${it.command}`), element("span", {}, it.description));
  node.addEventListener("mousedown", (event) => event.preventDefault());
  return node;
}

function complete(command) {
  field.value = `/${command.command} `;
  field.focus();
  field.dispatchEvent(new Event("input"));
}

// Whether the key was for the list.
export function onKey(event) {
  if (list.hidden) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1, most = offered.length;
    suggest(offered, active < 0 && step < 0 ? most - 1 : (active + step + most) % most);
  } else if (event.key === "Escape") {
    suggest([]);
  } else if ((event.key === "Tab" && !event.shiftKey) || (event.key === "Enter" && active >= 0)) {
    complete(offered[Math.max(active, 0)]);
  } else {
    return false;
  }
  return true;
}

menu.addEventListener("click", () => { suggest(list.hidden ? commands() : []); field.focus(); });
field.addEventListener("blur", () => setTimeout(() => document.activeElement !== menu && suggest([])));
