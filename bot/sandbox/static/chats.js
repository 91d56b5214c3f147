// The list of the chats: who, the last words, when, and how many are unread.

import { avatar, byId, clockTime, element } from "/static/dom.js";
import { last, state, unread } from "/static/state.js";

const list = byId("chat-list");

function preview(chat) {
  if ([...state.typing.keys()].some((where) => where.startsWith(`${chat.id}/`))) {
    return element("span", { className: "typing" }, "typing …");
  }
  const message = last(chat.id);
  if (!message) return element("span", {}, "No messages yet");
  const words = message.service || message.text || message.file?.name || "";
  const who = message.service || chat.type !== "supergroup" ? "" : `${message.name}: `;
  return element("span", {}, who + words.replace(/\s+/g, " ").slice(0, 120));
}

function entry(chat) {
  const message = last(chat.id), waiting = unread(chat.id);
  const node = element("a", { href: `#/${chat.id}`, className: "chat" },
    avatar(chat.title, chat.id, chat.type === "private"),
    element("span", { className: "top" }, element("b", {}, chat.title),
      element("small", {}, message ? clockTime(message.time) : "")),
    element("small", { className: "about" }, chat.about),
    element("span", { className: "bottom" }, preview(chat),
      waiting ? element("span", { className: "badge" }, String(waiting),
        element("span", { className: "hidden" }, " unread")) : null));
  if (chat.id === state.chat) node.setAttribute("aria-current", "page");
  return element("li", {}, node);
}

export function render() {
  const waiting = [...state.unread.values()].reduce((sum, number) => sum + number, 0);
  document.title = `${waiting ? `(${waiting}) ` : ""}${state.bot.name} sandbox`;
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(...[...state.chats.values()].map(entry));
  if (focused) list.querySelector(`[href="${focused}"]`)?.focus();
}
