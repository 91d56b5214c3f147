// The sandbox's chat: what happens comes as Server-Sent Events, what the reader does goes out as POST.

import { draw, element } from "/page_draw.js";

const byId = (id) => document.getElementById(id);
const log = byId("log"), field = byId("text"), send = byId("send"), list = byId("suggestions"), menu = byId("menu");
const TYPING_SHOWN = 5000, PRESS_SHOWN = 10000, NEAR_BOTTOM = 80;
const shown = new Map(); // message id → { node, source }
let commands = [], active = -1, typing = 0, toasting = 0, stuck = true; // stuck to the newest message

function put(message) {
  const source = JSON.stringify(message), old = shown.get(message.id);
  if (old?.source === source) return;
  const node = draw(message, say, press), focused = old?.node.contains(document.activeElement);
  const label = document.activeElement?.textContent;
  if (old) {
    old.node.replaceWith(node);
  } else {
    node.classList.add("arriving");
    const after = [...log.querySelectorAll(".message")].find((it) => Number(it.dataset.id) > message.id);
    log.insertBefore(node, after ?? null);
  }
  shown.set(message.id, { node, source });
  if (focused) ([...node.querySelectorAll("button, a")].find((it) => it.textContent === label) ?? field).focus();
}

function drop(id) {
  const old = shown.get(id);
  if (old?.node.contains(document.activeElement)) field.focus();
  old?.node.remove();
  shown.delete(id);
}

// Bubbles that follow each other from one side hang together.
function group() {
  const nodes = [...log.querySelectorAll(".message")];
  const side = (node) => node?.classList.contains("mine");
  nodes.forEach((node, at) => {
    node.classList.toggle("first", at === 0 || side(nodes[at - 1]) !== side(node));
    node.classList.toggle("last", at === nodes.length - 1 || side(nodes[at + 1]) !== side(node));
  });
  const empty = log.querySelector(".empty");
  if (!nodes.length && !empty) log.append(element("p", { className: "empty" }, "No messages yet. Write /start."));
  if (nodes.length) empty?.remove();
}

function change(how, mine = false) {
  const before = shown.size;
  how();
  group();
  if (stuck || mine) toBottom();
  else if (shown.size > before) byId("latest").hidden = false;
}

function toBottom() {
  stuck = true;
  log.scrollTop = log.scrollHeight;
  byId("latest").hidden = true;
}

function onScroll() {
  stuck = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM;
  if (stuck) byId("latest").hidden = true;
}

// What is said and pressed

async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (answer.ok) return true;
    toast((await answer.json()).error);
  } catch {
    toast("The sandbox does not answer. Is it still running?");
  }
  return false;
}

async function say(text) {
  return await post("/chat/say", { text });
}

async function press(id, data, node) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  setTimeout(() => node.removeAttribute("aria-busy"), PRESS_SHOWN);
  if (!await post("/chat/press", { message: id, data })) node.removeAttribute("aria-busy");
}

function toast(text) {
  clearTimeout(toasting);
  byId("toast").textContent = text;
  toasting = setTimeout(() => { byId("toast").textContent = ""; }, Math.max(4000, text.length * 80));
}

function answered({ message, text, alert }) {
  shown.get(message)?.node.querySelectorAll("[aria-busy]").forEach((it) => it.removeAttribute("aria-busy"));
  if (!text) return;
  if (!alert) return toast(text);
  byId("alert-text").textContent = text;
  if (!byId("alert").open) byId("alert").showModal();
}

function state(words) {
  if (byId("state").textContent !== words) byId("state").textContent = words;
}

function announce(words) {
  byId("announcer").textContent = words;
}

function isTyping() {
  state("typing …");
  clearTimeout(typing);
  typing = setTimeout(() => state("online"), TYPING_SHOWN);
}

// Suggestions of commands

function choices() {
  const start = /^\/(\w*)$/.exec(field.value);
  return start ? commands.filter((it) => it.command.startsWith(start[1].toLowerCase())) : [];
}

function suggest(found = choices(), at = -1) {
  active = Math.min(at, found.length - 1);
  list.replaceChildren(...found.map((it, index) => {
    const node = element("li", { id: `suggestion-${index}` },
      element("b", {}, `/${it.command}`), element("span", {}, it.description));
    node.setAttribute("role", "option");
    node.setAttribute("aria-selected", String(index === active));
    node.addEventListener("mousedown", (event) => event.preventDefault());
    node.addEventListener("click", () => complete(it));
    return node;
  }));
  if (list.hidden && found.length) announce(`${found.length} commands, arrow keys to choose`);
  list.hidden = !found.length;
  menu.setAttribute("aria-expanded", String(!list.hidden));
  if (active < 0) field.removeAttribute("aria-activedescendant");
  else field.setAttribute("aria-activedescendant", `suggestion-${active}`);
  list.children[active]?.scrollIntoView({ block: "nearest" });
}

function complete(command) {
  field.value = `/${command.command} `;
  field.focus();
  typed();
}

function typed() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
  send.disabled = !field.value.trim();
  suggest();
}

function onKey(event) {
  if (event.isComposing) return;
  const found = list.hidden ? [] : (choices().length ? choices() : commands);
  if (found.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const step = event.key === "ArrowDown" ? 1 : -1;
    suggest(found, active < 0 && step < 0 ? found.length - 1 : (active + step + found.length) % found.length);
  } else if (found.length && event.key === "Escape") {
    suggest([]);
  } else if (found.length && (event.key === "Tab" && !event.shiftKey || event.key === "Enter" && active >= 0)) {
    complete(found[Math.max(active, 0)]);
  } else if (event.key === "Enter" && !event.shiftKey) {
    byId("composer").requestSubmit();
  } else {
    return;
  }
  event.preventDefault();
}

async function submit(event) {
  event.preventDefault();
  const text = field.value;
  if (!text.trim()) return;
  field.value = "";
  typed();
  if (!await say(text) && !field.value) {
    field.value = text;
    typed();
  }
}

// What comes in

function begin({ bot, commands: offered, messages }) {
  commands = offered;
  byId("bot").textContent = bot;
  document.title = `${bot} sandbox`;
  state("online");
  log.setAttribute("aria-busy", "true");
  const first = !shown.size;
  change(() => {
    const standing = new Set(messages.map((message) => message.id));
    [...shown.keys()].filter((id) => !standing.has(id)).forEach(drop);
    messages.forEach(put);
  }, first);
  if (first) log.querySelectorAll(".arriving").forEach((node) => node.classList.remove("arriving"));
  log.setAttribute("aria-busy", "false");
}

function listen() {
  const events = new EventSource("/chat/events");
  const on = (name, then) => events.addEventListener(name, (event) => then(JSON.parse(event.data)));
  on("history", begin);
  on("message", (message) => {
    if (!message.mine) {
      clearTimeout(typing);
      state("online");
    }
    change(() => put(message), message.mine && !shown.has(message.id));
  });
  on("deleted", (id) => change(() => drop(id)));
  on("answer", answered);
  on("typing", isTyping);
  on("commands", (offered) => { commands = offered; });
  events.addEventListener("error", () => {
    clearTimeout(typing);
    state(events.readyState === EventSource.CLOSED ? "not connected: reload the page" : "reconnecting …");
    announce(byId("state").textContent);
  });
}

field.addEventListener("input", typed);
field.addEventListener("keydown", onKey);
field.addEventListener("blur", () => setTimeout(() => document.activeElement !== menu && suggest([])));
menu.addEventListener("click", () => { suggest(list.hidden ? commands : []); field.focus(); });
byId("composer").addEventListener("submit", submit);
byId("latest").addEventListener("click", () => { toBottom(); field.focus(); });
log.addEventListener("scroll", onScroll);
new ResizeObserver(() => stuck && toBottom()).observe(log);
if (!matchMedia("(pointer: coarse)").matches) field.focus();
typed();
listen();
