// The calls of the Bot API, newest first: a line each, and the whole below it.

import { byId, element, exactTime } from "/static/dom.js";

const KEPT = 200;
const list = byId("call-list"), filter = byId("filter");

const fits = (node) => !filter.value || node.dataset.line.includes(filter.value.toLowerCase());

function row(call) {
  const status = call.status === 200 ? "ok" : call.status === 0 ? "lost" : "refused";
  const line = element("summary", {}, element("time", {}, exactTime(call.time)), element("b", {}, call.method),
    element("span", { className: status }, call.status === 200 ? "" : String(call.status || "—"), " ", call.result),
    element("small", {}, call.brief));
  const node = element("li", {}, element("details", {}, line,
    element("pre", { tabIndex: 0, attributes: { "aria-label": "Parameters and answer" } },
      `${call.parameters}\n→ ${call.answer}`)));
  node.dataset.line = `${call.method} ${call.brief} ${call.status} ${call.result}`.toLowerCase();
  node.hidden = !fits(node);
  return node;
}

export function add(call) {
  list.querySelector(".empty")?.remove();
  list.prepend(row(call));
  while (list.children.length > KEPT) list.lastElementChild.remove();
}

function empty() {
  list.replaceChildren(element("li", { className: "empty" }, "No calls yet."));
}

export function begin(calls) {
  empty();
  calls.forEach(add);
}

filter.addEventListener("input", () => [...list.children].forEach((it) => { if (it.dataset.line) it.hidden = !fits(it); }));
byId("clear-calls").addEventListener("click", empty);
