// What can go wrong, as switches: the bot blocked, Telegram's answers, feeds.

import { byId, element } from "/static/dom.js";
import { post } from "/static/net.js";
import { present, state } from "/static/state.js";

let show = () => {}, latest = null;

function flick(id, label, about, on, act) {
  const input = element("input", { type: "checkbox", id, checked: on, attributes: { role: "switch" } });
  if (about) input.setAttribute("aria-describedby", `${id}-about`);
  input.addEventListener("change", () => act(input.checked));
  return element("li", {}, element("label", { htmlFor: id }, label), input,
    about ? element("small", { id: `${id}-about` }, about) : null);
}

function keepFocus(list, children) {
  const id = list.contains(document.activeElement) ? document.activeElement.id : "";
  list.replaceChildren(...children);
  if (id) byId(id)?.focus();
}

async function act(path, body) {
  const found = await post(path, body);
  show(found ?? latest); // after a refusal the switch goes back
}

function blocked() {
  const chat = [...state.chats.values()].find((it) => it.type === "private");
  const name = chat.speakers[0].name;
  return flick("switch-block", `${name} blocks ${state.bot.name}`, "The bot is told at once, and its messages are refused with 403.",
    !present(chat), (on) => post("/chat/bot", { chat: chat.id, status: on ? "kicked" : "member" }));
}

export function render(found) {
  latest = found;
  keepFocus(byId("trouble-list"), [blocked(), ...found.troubles.map((it) =>
    flick(`switch-${it.name}`, it.label, it.about, it.on, (on) => act("/desk/trouble", { name: it.name, on })))]);
  keepFocus(byId("feed-list"), found.feeds.map((feed) =>
    flick(`switch-feed-${feed.id}`, feed.title, "", feed.down, (down) => act("/desk/feed", { feed: feed.id, down }))));
  const wrong = document.querySelectorAll(".switches input:checked").length;
  byId("tab-troubles").textContent = wrong ? `Troubles (${wrong})` : "Troubles";
}

// Who is in a chat changed: perhaps the bot was blocked from the chat's own menu.
export function changed() {
  if (latest) render(latest);
}

export function begin(then) {
  show = then;
}
