// What stands around the messages of the open chat: its name, its topics, its menu, and what keeps one from writing.

import { arrowKeys, avatar, button, byId, count, element } from "/static/dom.js";
import { post } from "/static/net.js";
import { current, here, place, present, speaker, state, thread } from "/static/state.js";

const menu = byId("menu"), topics = byId("topics"), banner = byId("banner");
let connection = "connecting …";

export function connected(words) {
  connection = words;
  header();
}

export function header() {
  const chat = current();
  if (!chat) return;
  byId("title").textContent = chat.title;
  byId("avatar").replaceWith(Object.assign(avatar(chat.title, chat.id, chat.type === "private"), { id: "avatar" }));
  const words = connection || (state.typing.has(here()) ? "typing …" : subtitle(chat));
  if (byId("state").textContent !== words) byId("state").textContent = words;
  byId("state").classList.toggle("typing", !connection && state.typing.has(here()));
}

function subtitle(chat) {
  if (chat.type === "private") return present(chat) ? `bot · with ${chat.speakers[0].name}` : "blocked";
  const people = count(chat.members, chat.type === "channel" ? "subscriber" : "member");
  const bot = present(chat) ? `, ${state.bot.name} is ${chat.bot === "administrator" ? "an administrator" : "one of them"}`
    : `, ${state.bot.name} is not here`;
  return people + bot;
}

// Topics

export function tabs() {
  const chat = current();
  topics.hidden = !chat.forum;
  if (!chat.forum) return;
  const focused = topics.contains(document.activeElement);
  const all = [{ id: 0, name: "General", closed: false }, ...chat.topics];
  topics.replaceChildren(...all.map((topic) => {
    const chosen = topic.id === thread(), waiting = state.unread.get(place(chat.id, topic.id));
    const node = element("button", { type: "button", tabIndex: chosen ? 0 : -1,
      onclick: () => { location.hash = `#/${chat.id}/${topic.id}`; },
      attributes: { role: "tab", "aria-selected": String(chosen), "aria-controls": "log" } },
    topic.name, topic.closed ? element("small", {}, "closed") : null,
    waiting ? element("span", { className: "badge" }, String(waiting)) : null);
    return node;
  }));
  if (focused) topics.querySelector("[aria-selected=true]").focus();
}

arrowKeys(topics, (tab) => tab.click());

// The menu, and the bar in place of the field

const set = (status) => () => { menu.open = false; post("/chat/bot", { chat: state.chat, status }); };

function choices(chat) {
  const bot = state.bot.name;
  if (chat.type === "private") {
    return present(chat) ? [[`Block ${bot}`, set("kicked")]] : [[`Unblock ${bot}`, set("member")]];
  }
  const found = [];
  if (!present(chat)) {
    if (chat.type !== "channel") found.push([`Add ${bot} as a member`, set("member")]);
    found.push([`Add ${bot} as an administrator`, set("administrator")]);
  } else {
    if (chat.type !== "channel" && chat.bot === "member") found.push([`Make ${bot} an administrator`, set("administrator")]);
    if (chat.type !== "channel" && chat.bot === "administrator") found.push([`Make ${bot} a plain member`, set("member")]);
    found.push([`Remove ${bot}`, set("kicked")]);
  }
  return found;
}

function topicChoices(chat) {
  if (!chat.forum) return [];
  const open = chat.topics.find((it) => it.id === thread());
  const close = open && (() => {
    menu.open = false;
    post("/chat/topic", { chat: chat.id, topic: open.id, closed: !open.closed });
  });
  const found = [["New topic …", () => { menu.open = false; byId("new-topic").showModal(); }]];
  if (open) found.push([`${open.closed ? "Open" : "Close"} “${open.name}”${open.closed ? " again" : ""}`, close]);
  return found;
}

export function actions() {
  const chat = current();
  byId("menu-items").replaceChildren(
    ...[...choices(chat), ...topicChoices(chat)].map(([words, act]) => button(words, act)));
  const closed = chat.topics.find((it) => it.id === thread())?.closed && !speaker(chat).admin;
  const blocked = chat.type === "private" && !present(chat);
  byId("composer").hidden = blocked || closed;
  banner.hidden = present(chat) && !closed;
  const words = closed ? "This topic is closed: only administrators write here."
    : blocked ? `${chat.speakers[0].name} has blocked ${state.bot.name}.`
      : `${state.bot.name} is not in this ${chat.type === "channel" ? "channel" : "group"}.`;
  const offered = present(chat) ? [] : choices(chat);
  banner.replaceChildren(element("span", {}, words),
    element("span", { className: "buttons" }, ...offered.map(([label, act]) => button(label, act))));
}

export function render() {
  header();
  tabs();
  actions();
}

menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
byId("new-topic").addEventListener("close", async ({ target }) => {
  const name = byId("topic-name").value.trim(), chat = state.chat;
  byId("topic-name").value = "";
  if (target.returnValue !== "ok" || !name) return;
  const answer = await post("/chat/topic", { chat, topic: 0, name });
  if (answer) location.hash = `#/${chat}/${answer.topic}`;
});
